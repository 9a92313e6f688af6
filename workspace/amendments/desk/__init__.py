"""The committee's desk: what waits, what is marked on it, and what that would do."""
