"""Plain Markdown files compared, merged and checked from the command line, without a server."""
