"""Desk: pages that show several slices at once. No tables and no rules."""
