"""Copies of files of SQLite, and what is in them as long as nothing else has been written."""

import os
import shutil
from collections.abc import Hashable
from pathlib import Path

import sqlalchemy as sa

EMPTY = "empty"
_CONTENTS: dict[str, Hashable] = {}
_NEVER = (0, 0)  # when the file was written last: whatever is written says another time


def put(source: Path, path: Path, contents: Hashable) -> None:
    """Copy a file to `path`."""
    shutil.copyfile(source, path)
    remember(path, contents)


def remember(path: Path, contents: Hashable) -> None:
    """Note what is in a file that nobody has open."""
    os.utime(path, ns=_NEVER)
    _CONTENTS[str(path)] = contents


def contents(url: sa.URL) -> Hashable | None:
    """What is in the file of a database; None where that is not known, or no longer."""
    path = Path(str(url.database))
    if (known := _CONTENTS.get(str(path))) is None or path.stat().st_mtime_ns:
        return None
    beside = _beside(path)
    return None if beside.exists() and beside.stat().st_size else known


def is_open(url: sa.URL) -> bool:
    """Whether somebody is connected to the file of a database."""
    return _beside(Path(str(url.database))).exists()


def _beside(path: Path) -> Path:
    """What is written before it is in the file itself, which SQLite removes when the last one leaves."""
    return path.with_name(f"{path.name}-wal")
