"""Amendments as pages show them: plain values with safe HTML."""
