"""People, organisations and rosters over JSON."""
