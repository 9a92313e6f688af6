"""Declarations: the versioned store of the text, where nothing is overwritten."""
