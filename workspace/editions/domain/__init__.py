"""Editions, embargoes, overrides, corrigenda and what stands around a text: tables, rules and verbs."""
