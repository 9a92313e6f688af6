"""Accounts without HTTP: models, rules and services."""
