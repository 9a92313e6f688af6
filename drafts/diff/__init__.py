"""Two texts compared: hunks, the edits they consist of, and amendments made of them."""
