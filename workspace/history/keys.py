"""The folder of signing keys: outside the database and its backups, readable by its owner alone.

A file holds one private key. Which key signs, and which ones were in force when, is
told by the log (`workspace.history.signing`): a key that the log does not know signs nothing.
"""

import os
from pathlib import Path

from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from drafts.proofs import PublicKey
from workspace.core.errors import BadFile, NoKey

NAME = "declaration-workspace"  # under which checkpoints are signed
_FOR_ME, _MINE = 0o600, 0o700


class KeyFolder:
    """Private keys as files named after the hint of their public key."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def create(self) -> PublicKey:
        """Make a new key; raises `BadFile` where the folder cannot be written."""
        private = Ed25519PrivateKey.generate()
        public = _public(private)
        words = private.private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        )
        try:
            self.path.mkdir(mode=_MINE, parents=True, exist_ok=True)
            descriptor = os.open(self._file(public.hint.hex()), os.O_WRONLY | os.O_CREAT | os.O_EXCL, _FOR_ME)
            with os.fdopen(descriptor, "wb") as file:
                file.write(words)
                file.flush()
                os.fsync(file.fileno())
        except OSError as error:
            raise BadFile(source=str(self.path), reason="not_written") from error
        return public

    def has(self, hint: str) -> bool:
        return self._file(hint).is_file()

    def open(self, hint: str) -> Ed25519PrivateKey:
        """The private key; raises `NoKey` where it is not there, or is not the one it is named after."""
        try:
            private = serialization.load_pem_private_key(self._file(hint).read_bytes(), password=None)
        except (OSError, ValueError, TypeError) as error:
            raise NoKey(folder=str(self.path), reason="not_there") from error
        if not isinstance(private, Ed25519PrivateKey) or _public(private).hint.hex() != hint:
            raise NoKey(folder=str(self.path), reason="not_there")
        return private

    def is_open_to_others(self, hint: str) -> bool:
        """Whether somebody else on this machine may read the key."""
        return bool(self._file(hint).stat().st_mode & 0o077)

    def _file(self, hint: str) -> Path:
        return self.path / f"{hint}.pem"


def _public(private: Ed25519PrivateKey) -> PublicKey:
    return PublicKey(NAME, private.public_key().public_bytes_raw())
