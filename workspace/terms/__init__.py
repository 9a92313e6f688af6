"""The glossary and the translation memory of a forum."""
