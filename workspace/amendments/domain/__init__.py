"""Amendments as they are stored, who may do what with them, and how they are found."""
