"""The doors a browser and a program come through: pages, errors, languages, security. No rules in here."""
