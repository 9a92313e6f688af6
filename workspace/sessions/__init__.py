"""Sessions: the sittings of a forum, and the documents that tell of them."""
