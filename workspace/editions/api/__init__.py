"""Editions, what stands around them, corrigenda and approvals over JSON."""
