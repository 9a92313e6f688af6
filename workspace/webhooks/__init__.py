"""Telling programs elsewhere what has happened: signed, tried again, and by ids alone."""
