"""Translations: texts and their states, checks, reviews, tasks, signatures, queues and files."""
