"""Translations: which text answers which, and what has gone stale."""
