"""Secrets that have to be readable again, sealed at rest: who steals the database, or a backup of it, cannot use them.

The key is a file in the folder of keys, which is outside the database and its backups; it is made when
something is first sealed. What is sealed is bound to what it is about, so that it opens nowhere else. Without the
key, what was sealed is lost: second steps have to be set up anew (recovery codes go on working), links sent anew.
"""

import base64
import hmac
import os
import tempfile
from contextlib import suppress
from pathlib import Path
from threading import Lock
from uuid import UUID

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from workspace.core.errors import SecretsUnkept

FILE = "secrets.key"
MARK = "sealed:1:"
_KEY, _NONCE = 32, 12  # bytes
_MINE = 0o700
_HEX = 32  # digits of an id, and of its signature


class Sealer:
    """Seals and opens with the key of one folder. Nothing is read or made before it is needed."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._key = b""
        self._lock = Lock()

    def seal(self, words: str, *, about: str) -> str:
        """`words`, so that only `open` with the same `about` gives them back. Raises `SecretsUnkept`."""
        nonce = os.urandom(_NONCE)
        sealed = AESGCM(self._the_key(make=True)).encrypt(nonce, words.encode(), about.encode())
        return MARK + base64.urlsafe_b64encode(nonce + sealed).decode()

    def open(self, kept: str, *, about: str) -> str | None:
        """What was sealed; None where this is not the key, or it was about something else.

        What was kept before anything was sealed is given back as it is.
        """
        if not kept.startswith(MARK):
            return kept
        try:
            data = base64.urlsafe_b64decode(kept.removeprefix(MARK))
            return AESGCM(self._the_key(make=False)).decrypt(data[:_NONCE], data[_NONCE:], about.encode()).decode()
        except (InvalidTag, ValueError):  # also of the length of a key that is not there
            return None

    def address(self, id_: UUID, *, about: str) -> str:
        """A part of an address that opens what has this id: the same every time, and nobody else can make it."""
        made = hmac.new(self._the_key(make=True), f"address\n{about}\n{id_}".encode(), "sha256")
        return f"{id_.hex}{made.hexdigest()[:_HEX]}"

    def addressed(self, given: str, *, about: str) -> UUID | None:
        """The id in a part of an address that `address` made; None for any other."""
        try:
            id_ = UUID(given[:_HEX])
        except ValueError:
            return None
        return id_ if hmac.compare_digest(given.encode(), self.address(id_, about=about).encode()) else None

    def _the_key(self, *, make: bool) -> bytes:
        with self._lock:
            if not self._key:
                self._key = self._read() or (self._made() if make else b"")
            return self._key

    def _read(self) -> bytes:
        try:
            key = (self.folder / FILE).read_bytes()
        except FileNotFoundError:
            return b""
        except OSError as error:
            raise SecretsUnkept(folder=str(self.folder), reason="not_readable") from error
        if len(key) != _KEY:
            raise SecretsUnkept(folder=str(self.folder), reason="not_readable")
        return key

    def _made(self) -> bytes:
        """A new key, whole or not at all; where another process was a moment faster, its key."""
        try:
            self.folder.mkdir(mode=_MINE, parents=True, exist_ok=True)
            descriptor, name = tempfile.mkstemp(dir=self.folder, prefix=".")  # readable by its owner alone
            with os.fdopen(descriptor, "wb") as file:
                file.write(AESGCM.generate_key(_KEY * 8))
                file.flush()
                os.fsync(file.fileno())
            try:
                with suppress(FileExistsError):
                    os.link(name, self.folder / FILE)  # unlike a move, it replaces nothing
            finally:
                Path(name).unlink()
        except OSError as error:
            raise SecretsUnkept(folder=str(self.folder), reason="not_written") from error
        return self._read()
