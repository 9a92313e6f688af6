"""Editions: a published, frozen revision with its files and their hashes."""
