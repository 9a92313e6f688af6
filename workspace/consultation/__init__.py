"""Consultation: what rapporteurs and the secretariat do with what sessions gave, and what is promised afterwards."""
