"""The log as one Merkle tree: checkpoints, audits, backups, and the erasure of a person."""
