"""The pages of a consultation: a session's report and its review, adopted texts, what came of it."""
