"""What every part of the engine stands on: errors, thresholds, lazily compiled expressions, the transparency log."""
