"""Sittings of a plenary or a committee: agenda, attendance, speakers and minutes."""
