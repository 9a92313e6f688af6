"""What a backup looks like: a ZIP of one file for each table, and a manifest of their hashes.

A table's file has one JSON value on each line: first its columns with their portable types, then each
row as a list. So a backup of one kind of database can be restored on the other, and read without this program.
"""

import base64
import hashlib
import zipfile
import zlib
from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import date, datetime
from pathlib import Path
from typing import Any, Final, Literal
from uuid import UUID

import msgspec
import sqlalchemy as sa

from workspace.core.errors import BadFile
from workspace.core.storage.db import TrilingualText, UtcDateTime, portable

FORMAT: Final = "declaration-workspace.backup"
MANIFEST: Final = "manifest.json"
_LONGEST_LINE = 256_000_000  # bytes: one row, at most

_WORDS: Mapping[type[sa.types.TypeEngine[Any]], str] = {  # the first that fits
    sa.Uuid: "uuid",
    UtcDateTime: "moment",
    sa.DateTime: "moment",
    sa.Date: "day",
    sa.LargeBinary: "bytes",
    TrilingualText: "json",
    sa.JSON: "json",
    sa.Boolean: "boolean",
    sa.Integer: "integer",
    sa.Float: "number",
    sa.Enum: "text",
    sa.String: "text",
}
_TYPES: Mapping[str, sa.types.TypeEngine[Any]] = {
    "uuid": sa.Uuid(),
    "moment": UtcDateTime(),
    "day": sa.Date(),
    "bytes": sa.LargeBinary(),
    "json": sa.JSON(none_as_null=True),
    "boolean": sa.Boolean(),
    "integer": sa.BigInteger(),
    "number": sa.Float(),
    "text": sa.Text(),
}
_READERS: Mapping[str, Callable[[Any], Any]] = {
    "uuid": UUID,
    "moment": datetime.fromisoformat,
    "day": date.fromisoformat,
    "bytes": lambda value: base64.b64decode(value, validate=True),
}


class TableFacts(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What the manifest says of one table's file."""

    name: str
    rows: int
    sha256: str


class BackupManifest(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What a backup says of itself. Tables stand in the order in which they can be filled."""

    format: Literal["declaration-workspace.backup"]
    version: Literal[1]
    made_at: datetime
    program: str
    schema: str
    log_size: int
    log_root: str
    tables: list[TableFacts]

    @property
    def rows(self) -> int:
        return sum(table.rows for table in self.tables)


def write_table(archive: zipfile.ZipFile, table: sa.Table, rows: Iterable[sa.Row[Any]]) -> TableFacts:
    """Write one table's file."""
    hashed, count = hashlib.sha256(), -1
    header = [
        [str(column.name), next(word for kind, word in _WORDS.items() if isinstance(column.type, kind))]
        for column in table.columns
    ]
    with archive.open(_member(table.name), "w", force_zip64=True) as file:
        for line in _lines(header, rows):
            file.write(line)
            hashed.update(line)
            count += 1
    return TableFacts(str(table.name), count, hashed.hexdigest())


def read_manifest(archive: zipfile.ZipFile, source: str) -> BackupManifest:
    """Raises `BadFile` for what is not a backup."""
    try:
        return msgspec.json.decode(archive.read(MANIFEST), type=BackupManifest)
    except (KeyError, msgspec.MsgspecError, zipfile.BadZipFile) as error:
        raise BadFile(source=source, reason="not_a_backup") from error


def ensure_whole(archive: zipfile.ZipFile, manifest: BackupManifest, source: str) -> None:
    """Read every file and compare it with the manifest; raises `BadFile`, naming the table."""
    for table in manifest.tables:
        hashed, count = hashlib.sha256(), -1
        try:
            with archive.open(_member(table.name)) as file:
                while line := file.readline(_LONGEST_LINE):
                    hashed.update(line)
                    count += 1
        except (KeyError, OSError, EOFError, zipfile.BadZipFile, zlib.error) as error:
            raise BadFile(source=source, reason="damaged", table=table.name) from error
        if (hashed.hexdigest(), count) != (table.sha256, table.rows):
            raise BadFile(source=source, reason="damaged", table=table.name)


def read_table(archive: zipfile.ZipFile, name: str) -> tuple[sa.TableClause, Iterator[dict[str, Any]]]:
    """The table as the archive has it, and its rows, ready to be inserted."""
    file = archive.open(_member(name))
    header: list[tuple[str, str]] = msgspec.json.decode(file.readline(_LONGEST_LINE), type=list[tuple[str, str]])
    table = sa.table(name, *(sa.column(column, _TYPES[word]) for column, word in header))
    return table, (_row(header, line) for line in file)


def open_archive(path: Path) -> zipfile.ZipFile:
    """Raises `BadFile`."""
    try:
        return zipfile.ZipFile(path)
    except FileNotFoundError as error:
        raise BadFile(source=str(path), reason="not_there") from error
    except (OSError, zipfile.BadZipFile) as error:
        raise BadFile(source=str(path), reason="not_a_backup") from error


def _lines(header: object, rows: Iterable[sa.Row[Any]]) -> Iterator[bytes]:
    encode = msgspec.json.Encoder().encode
    yield encode(header) + b"\n"
    for row in rows:
        yield encode([portable(value) for value in row]) + b"\n"


def _row(header: list[tuple[str, str]], line: bytes) -> dict[str, Any]:
    values = msgspec.json.decode(line)
    return {
        column: value if value is None or word not in _READERS else _READERS[word](value)
        for (column, word), value in zip(header, values, strict=True)
    }


def _member(table: str) -> str:
    return f"tables/{table}.jsonl"
