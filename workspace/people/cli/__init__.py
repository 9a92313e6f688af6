"""People and rosters on the command line."""
