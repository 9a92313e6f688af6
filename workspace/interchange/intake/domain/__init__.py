"""Keeping, reading and filing what came in."""
