"""What makes an edition verifiable: its bundle, its signature, and the replay of its text from the log."""
