"""Word files (Office Open XML): clean, with tracked changes and comments, in columns; and what came back in one."""
