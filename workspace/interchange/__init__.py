"""Interchange: files in and out."""
