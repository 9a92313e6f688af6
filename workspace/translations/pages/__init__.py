"""The translators' pages."""
