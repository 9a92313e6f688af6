"""What every slice stands on: settings, database, errors, clock, permissions, facts, log. No web in here."""
