"""Published editions as a static website: pages, a feed for each language, and search in the page; any host will do."""
