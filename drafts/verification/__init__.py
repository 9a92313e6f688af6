"""Verifying a bundle offline, and comparing the files of an edition."""
