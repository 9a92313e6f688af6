"""What the translators' pages show: the overview of the languages, and the editor."""
