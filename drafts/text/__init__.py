"""One text: blocks with permanent ids, their Markdown, tokens, numbers and roles."""
