"""Comments: threads on a paragraph of a revision."""
