"""Permissions, encryption of secrets at rest, and bounded work on hostile bytes."""
