"""People: the network and its forums, organisations, persons, and the mandates between them."""
