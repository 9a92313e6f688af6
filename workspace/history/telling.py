"""Reading the log from its first entry to its last, once: is it whole, and what does it say there ought to be?"""

import json
from collections.abc import Callable, Iterable, Mapping
from typing import Any
from uuid import UUID

import msgspec
import sqlalchemy as sa
from msgspec import Struct, field

from drafts.proofs import Growing, leaf_hash
from workspace.core.db import Db
from workspace.core.log import ImportedLogEntry, LogEntry
from workspace.history.findings import Finding, What
from workspace.history.models import LogNode

Progress = Callable[[str, int, int], None]  # what is looked at, how much is done, of how much
_AT_ONCE = 2_000
_TILE = 8
Told = tuple[str | None, int]  # a digest (None: gone) and the entry that says so


class Telling(Struct):
    """What the log says: the digest of every row, the text in force everywhere, and its root at the sizes asked for."""

    size: int = 0
    root: bytes = b""
    roots: dict[int, bytes] = field(default_factory=dict)
    rows: dict[str, dict[str, Told]] = field(default_factory=dict)
    heads: dict[tuple[str, str], Told] = field(default_factory=dict)  # (block, language) -> text version
    findings: list[Finding] = field(default_factory=list)


def read_log(db: Db, *, sizes: Iterable[int], progress: Progress) -> Telling:
    """Follow the whole log. What is wrong with the entries themselves is in `findings`."""
    told, tree, wanted = Telling(), Growing(), set(sizes)
    total = db.scalar(sa.select(sa.func.count()).select_from(LogEntry)) or 0
    nodes = {(node.level, node.position): node.hash for node in db.scalars(sa.select(LogNode))}
    statement = sa.select(LogEntry.__table__).order_by(LogEntry.__table__.c.sequence)
    for place, row in enumerate(db.execute(statement, execution_options={"yield_per": _AT_ONCE}), start=1):
        told.findings += _gap(told.size + 1, row.sequence)
        told.size = row.sequence
        for height, node in enumerate(tree.add(leaf_hash(row.entry.encode()))):
            told.findings += _node(nodes, height, tree.size - 1 >> height, node)
        if tree.size in wanted:
            told.roots[tree.size] = tree.root
        told.findings += _check(row)
        _follow(db, told, row)
        if place % _AT_ONCE == 0 or place == total:
            progress("log_entry", place, total)
    told.root = tree.root
    told.findings += [
        Finding(What.NODE_ALTERED, "log_node", f"{level}/{position}") for level, position in sorted(nodes)
    ]
    return told


def _gap(expected: int, found: int) -> list[Finding]:
    return [
        Finding(What.ENTRY_MISSING, "log_entry", str(sequence), sequence)
        for sequence in range(expected, min(found, expected + 20))
    ]


def _node(nodes: dict[tuple[int, int], str], height: int, position: int, node: bytes) -> list[Finding]:
    level, rest = divmod(height, _TILE)
    if rest or not level:
        return []
    kept = nodes.pop((level, position), None)
    same = kept is None or kept == node.hex()
    return [] if same else [Finding(What.NODE_ALTERED, "log_node", f"{level}/{position}")]


def _check(row: Any) -> list[Finding]:
    """Whether the words of an entry give its hash, and the columns beside them say the same."""
    if leaf_hash(row.entry.encode()).hex() != row.leaf_hash:
        return [Finding(What.ENTRY_ALTERED, "log_entry", str(row.sequence), row.sequence)]
    entry = _read(row.entry)
    if entry is None:
        return [Finding(What.ENTRY_UNREADABLE, "log_entry", str(row.sequence), row.sequence)]
    columns = {
        "sequence": row.sequence,
        "at": row.at.isoformat(),
        "kind": row.kind,
        "forum": str(row.forum_id) if row.forum_id else None,
        "declaration": str(row.declaration_id) if row.declaration_id else None,
    }
    found = [name for name, value in columns.items() if entry.get(name) != value]
    if entry.get("actor") != (str(row.actor_id) if row.actor_id else entry.get("actor")) or (
        row.actor_id is None and entry.get("actor") not in {None, "operator"}
    ):
        found.append("actor")
    return [Finding(What.ENTRY_DIFFERS, "log_entry", name, row.sequence) for name in found]


def _read(entry: str) -> Mapping[str, Any] | None:
    try:
        found = msgspec.json.decode(entry)
    except msgspec.MsgspecError:
        return None
    return found if isinstance(found, dict) and isinstance(found.get("facts"), dict) else None


def _follow(db: Db, told: Telling, row: Any) -> None:
    entry = _read(row.entry)
    if entry is None:
        return
    for part in ("rows", "states"):
        for table, digests in entry.get(part, {}).items():
            known = told.rows.setdefault(table, {})
            known.update({key: (digest, row.sequence) for key, digest in digests.items()})
    if entry.get("kind") == "forum.imported" and row.forum_id:
        for line in _imported(db, row.forum_id):
            _move_heads(told, json.loads(line)["facts"], row.sequence)
    _move_heads(told, entry["facts"], row.sequence)


def _move_heads(told: Telling, facts: Mapping[str, Any], sequence: int) -> None:
    for move in facts.get("heads", ()):
        told.heads[str(UUID(move["block"])), move["language"]] = move["to"]["id"], sequence


def _imported(db: Db, forum_id: UUID) -> Iterable[str]:
    statement = sa.select(ImportedLogEntry.entry).where(ImportedLogEntry.forum_id == forum_id)
    return db.scalars(statement.order_by(ImportedLogEntry.position))
