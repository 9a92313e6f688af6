"""Amendments as JSON."""
