"""Proposals that come by mail, in sentences: what they ask for, and in which paragraph."""
