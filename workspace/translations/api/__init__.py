"""Translations as JSON."""
