"""The pages of sessions: their programme and each of them."""
