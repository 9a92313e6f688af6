"""The pages of people, organisations, rosters and forums."""
