"""The pages that show several slices at once: the draft, its history, comparisons, the log, home."""
