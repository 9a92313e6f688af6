"""Who is here, what just changed, and who is at work on which paragraph."""
