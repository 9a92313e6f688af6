"""What refusals say to people, in three languages."""
