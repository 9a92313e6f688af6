"""Editions on the command line: publish, verify, override, export."""
