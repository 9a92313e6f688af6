"""Amendments: proposals on a named revision, and what the committee decided."""
