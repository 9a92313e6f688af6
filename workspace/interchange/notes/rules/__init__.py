"""The tables of cues, and proper names."""
