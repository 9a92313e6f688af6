"""Texts in several languages: alignment, similarity, staleness and the translation memory."""
