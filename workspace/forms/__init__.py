"""Forms with a public address, and what came in by them."""
