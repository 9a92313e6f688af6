"""The interface languages: messages, their catalogues, and the language of the command line."""
