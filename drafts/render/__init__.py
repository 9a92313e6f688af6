"""Documents and diffs as safe HTML fragments."""
