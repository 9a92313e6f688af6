"""Recommendations and themes over JSON."""
