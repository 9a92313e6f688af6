"""Running it for others: maintenance, moving house, figures."""
