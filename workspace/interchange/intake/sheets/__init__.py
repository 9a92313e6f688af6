"""Spreadsheets: what the committee works with out as tables, and amendments in from a table that was filled in."""
