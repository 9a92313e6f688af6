"""The store: database, schema, the log with its digests, and the small tables that every process shares."""
