"""The demonstration: an invented network of cities goes the whole way, from session notes to a published edition."""
