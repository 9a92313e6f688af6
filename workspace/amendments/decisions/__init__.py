"""What the committee decides: adoption whole or in part, brackets, its own edits, and undoing them."""
