"""Requests for the approval of a second person."""
