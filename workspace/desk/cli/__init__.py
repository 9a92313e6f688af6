"""Tables that several slices make together, on the command line."""
