"""Recommendations: what sessions hand to the drafters, word for word, with its source line."""
