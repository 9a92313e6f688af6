"""The audit: scanning the log, comparing the database with it, and the findings."""

import hashlib
import sqlite3
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import UTC, datetime
from enum import StrEnum
from functools import lru_cache
from typing import Any, Protocol
from uuid import UUID

import msgspec
import sqlalchemy as sa
from msgspec import UNSET, Struct, field

from drafts.base.errors import BadNote
from drafts.base.transparency_log import GrowingTree, PublicKey, SignedNote, leaf_hash
from drafts.text.blocks import content_hash, folded_hash
from workspace.core.provided import METADATA
from workspace.core.storage import append_only, row_digests
from workspace.core.storage.db import Db
from workspace.core.storage.log import ImportedLogEntry, LogEntry
from workspace.history.checkpoints import origin
from workspace.history.models import LogNode, SignedCheckpoint
from workspace.history.signing_keys import KnownKey, known_keys
from workspace.web.i18n.marking import N_


class FindingKind(StrEnum):
    """The ways in which a history can have been tampered with."""

    ENTRY_ALTERED = "entry_altered"  # the words of an entry do not give its hash
    ENTRY_DIFFERS = "entry_differs"  # a column beside the words says something else
    ENTRY_UNREADABLE = "entry_unreadable"
    ENTRY_MISSING = "entry_missing"  # a gap in the sequence
    LOG_SHORTER = "log_shorter"  # than a checkpoint says
    LOG_REWRITTEN = "log_rewritten"  # the root is not that of a checkpoint
    CHECKPOINT_ALTERED = "checkpoint_altered"  # a stored one is not what its note says
    NODE_ALTERED = "node_altered"
    OTHER_LOG = "other_log"  # the outside checkpoint is of another log
    ROW_ALTERED = "row_altered"
    ROW_UNKNOWN = "row_unknown"  # the log knows of no such row
    ROW_MISSING = "row_missing"
    ROW_UNPROVED = "row_unproved"  # it came with a forum whose log cannot name it
    TEXT_ALTERED = "text_altered"  # words that do not give the hash beside them
    HEAD_DIFFERS = "head_differs"  # another text is in force than the log says
    TRIGGER_MISSING = "trigger_missing"


SENTENCES: Mapping[FindingKind, str] = {
    FindingKind.ENTRY_ALTERED: N_("Log entry %(sequence)s was altered."),
    FindingKind.ENTRY_DIFFERS: N_("Log entry %(sequence)s was altered (column “%(row)s”)."),
    FindingKind.ENTRY_UNREADABLE: N_("Log entry %(sequence)s was altered and cannot be read."),
    FindingKind.ENTRY_MISSING: N_("Log entry %(sequence)s is missing."),
    FindingKind.LOG_SHORTER: N_("The log was cut: a checkpoint has %(sequence)s entries."),
    FindingKind.LOG_REWRITTEN: N_("The log was rewritten: its first %(sequence)s entries differ from the checkpoint."),
    FindingKind.CHECKPOINT_ALTERED: N_("The stored checkpoint of %(sequence)s entries was altered."),
    FindingKind.NODE_ALTERED: N_("The stored node %(row)s of the log’s tree was altered."),
    FindingKind.OTHER_LOG: N_("The checkpoint is of another log, or its first entry was replaced: %(row)s."),
    FindingKind.ROW_ALTERED: N_("Row %(row)s of “%(table)s” was altered (log entry %(sequence)s)."),
    FindingKind.ROW_UNKNOWN: N_("Row %(row)s of “%(table)s” is not in the log."),
    FindingKind.ROW_UNPROVED: N_("Row %(row)s of “%(table)s”: not proved."),
    FindingKind.ROW_MISSING: N_("Row %(row)s of “%(table)s” is missing (log entry %(sequence)s)."),
    FindingKind.TEXT_ALTERED: N_("Row %(row)s of “%(table)s” does not match its hash."),
    FindingKind.HEAD_DIFFERS: N_("The text in force for %(row)s is not that of the log (last entry %(sequence)s)."),
    FindingKind.TRIGGER_MISSING: N_("The trigger %(row)s, which guards “%(table)s”, is missing."),
}


class AuditFinding(Struct, frozen=True):
    """One thing that is not as it was: what, in which table and row, and which entry of the log tells of it."""

    what: FindingKind
    table: str
    row: str = ""
    sequence: int | None = None

    @property
    def facts(self) -> Mapping[str, str | int]:
        return {"table": self.table, "row": self.row, "sequence": self.sequence or 0}


class KeyTrouble(StrEnum):
    """Why a signature does not count."""

    UNKNOWN = "unknown_key"
    NOT_IN_FORCE = "key_not_in_force"
    WRONG = "wrong_signature"


TROUBLES: Mapping[KeyTrouble, str] = {
    KeyTrouble.UNKNOWN: N_("The checkpoint of %(size)s entries is signed by an unknown key."),
    KeyTrouble.NOT_IN_FORCE: N_("The checkpoint of %(size)s entries is signed by the key %(key)s, not in force then."),
    KeyTrouble.WRONG: N_("The signature of the checkpoint of %(size)s entries by the key %(key)s is not valid."),
}


VERDICTS: Mapping[int, str] = {
    0: N_("Nothing was altered: a checkpoint from outside proves it."),
    1: N_("The history was altered."),
    2: N_("Nothing was altered, but a checkpoint’s key is not valid."),
    3: N_("Nothing was altered. To prove it, give a checkpoint from outside this machine."),
}


class CheckpointTrouble(Struct, frozen=True):
    """A checkpoint whose signature does not count."""

    why: KeyTrouble
    size: int
    key: str = ""


class AuditReport(Struct, frozen=True):
    """What an audit found. `outside` are the sizes of the checkpoints from outside that the log agrees with."""

    entries: int
    root: str
    rows: int
    findings: Sequence[AuditFinding]
    troubles: Sequence[CheckpointTrouble] = ()
    outside: Sequence[int] = ()
    unproved: Mapping[str, int] = {}  # rows by table that came with a forum and that its log does not name

    @property
    def exit_code(self) -> int:
        """0 good, 1 altered, 2 key trouble, 3 not provable: nothing from outside this machine vouches for it."""
        if self.findings:
            return 1
        if self.troubles:
            return 2
        return 0 if self.outside else 3


Progress = Callable[[str, int, int], None]  # what is looked at, how much is done, of how much
_SCANNED_AT_ONCE = 2_000
_IMPORTED = "forum.imported"
_TILE = 8
LoggedDigest = tuple[str | None, int]  # a digest (None: gone) and the entry that says so


class SaidOfTable(Protocol):
    """What the log says of the rows of a table; each is taken out when its row is looked at."""

    def pop(self, key: str, default: LoggedDigest, /) -> LoggedDigest: ...
    def items(self) -> Iterable[tuple[str, LoggedDigest]]: ...


class StoredDigests:
    """The last word of the log on every row, in a file that goes with it: the same memory for a log of any length."""

    def __init__(self) -> None:
        self._file = sqlite3.connect("")
        self._file.execute("CREATE TABLE logged (name, key, digest, sequence, PRIMARY KEY (name, key)) WITHOUT ROWID")

    def keep(self, said: Mapping[str, Mapping[str, LoggedDigest]]) -> None:
        """What later entries say counts instead of what earlier ones said."""
        rows = ((name, key, *word) for name, known in said.items() for key, word in known.items())
        self._file.executemany("INSERT OR REPLACE INTO logged VALUES (?, ?, ?, ?)", rows)

    def of(self, table: str) -> SaidOfTable:
        return _StoredOfTable(self._file, table)


class _StoredOfTable(Struct, frozen=True):
    file: sqlite3.Connection
    table: str

    def pop(self, key: str, default: LoggedDigest, /) -> LoggedDigest:
        statement = "DELETE FROM logged WHERE name = ? AND key = ? RETURNING digest, sequence"
        return next(iter(self.file.execute(statement, (self.table, key)).fetchall()), default)

    def items(self) -> Iterator[tuple[str, LoggedDigest]]:
        statement = "SELECT key, digest, sequence FROM logged WHERE name = ?"
        return ((key, (digest, sequence)) for key, digest, sequence in self.file.execute(statement, (self.table,)))


class LogScan(Struct):
    """What the log says: the digest of every row, the text in force everywhere, and its root at the sizes asked for."""

    size: int = 0
    root: bytes = b""
    roots: dict[int, bytes] = field(default_factory=dict)
    rows: dict[str, dict[str, LoggedDigest]] = field(default_factory=dict)  # of the entries read since they were stored
    heads: dict[tuple[str, str], LoggedDigest] = field(default_factory=dict)  # (block, language) -> text version
    findings: list[AuditFinding] = field(default_factory=list)

    imported: dict[str, int] = field(default_factory=dict)  # rows that came with a forum and that its log does not name


def scan_lines(lines: Iterable[str]) -> LogScan:
    """What the lines of a forum's log say of its rows and texts; those that cannot be read are left out."""
    scan = LogScan()
    for entry in filter(None, map(read_entry, lines)):
        _note_said(scan, entry, entry.get("sequence", 0))
    return scan


def scan_log(db: Db, said: StoredDigests, *, sizes: Iterable[int], progress: Progress) -> LogScan:
    """Follow the whole log; `said` keeps what it says of rows. What is wrong with the entries is in `findings`."""
    scan, tree, wanted = LogScan(), GrowingTree(), set(sizes)
    total = db.scalar(sa.select(sa.func.count()).select_from(LogEntry)) or 0
    nodes = {(node.level, node.position): node.hash for node in db.scalars(sa.select(LogNode))}
    for place, (sequence, *columns, words, stored) in enumerate(_raw_lines(db), start=1):
        if sequence != scan.size + 1:
            scan.findings += _gap(scan.size + 1, sequence)
        scan.size = sequence
        leaf = leaf_hash(words.encode())
        completed = tree.add(leaf)
        for height in range(_TILE, len(completed), _TILE):
            scan.findings += _node(nodes, height, tree.size - 1 >> height, completed[height])
        if tree.size in wanted:
            scan.roots[tree.size] = tree.root
        if leaf.hex() != stored or not _follow_plain(scan, sequence, columns, words):
            _follow(db, scan, sequence, leaf)
        if place % _SCANNED_AT_ONCE == 0 or place == total:
            said.keep(scan.rows)
            scan.rows = {}
            progress("log_entry", place, total)
    scan.root = tree.root
    scan.findings += [
        AuditFinding(FindingKind.NODE_ALTERED, "log_node", f"{level}/{position}") for level, position in sorted(nodes)
    ]
    return scan


_COLUMNS = "sequence, at, actor_id, kind, forum_id, declaration_id, entry, leaf_hash"


def _raw_lines(db: Db) -> Iterable[Sequence[Any]]:
    """The log as the driver gives it: to make moments and ids of its columns took longer than all the rest."""
    statement = f"SELECT {_COLUMNS} FROM log_entry ORDER BY sequence"  # noqa: S608  (nothing in it is anybody's)
    return db.connection().exec_driver_sql(statement, execution_options={"yield_per": _SCANNED_AT_ONCE})


class _Line(Struct):
    """An entry as nearly all are, so that only what is looked at is made of it."""

    sequence: Any = UNSET
    at: Any = UNSET
    actor: Any = UNSET
    kind: Any = UNSET
    forum: Any = UNSET
    declaration: Any = UNSET
    facts: msgspec.Raw = msgspec.Raw(b"null")
    rows: dict[str, dict[str, Any]] = {}
    states: dict[str, dict[str, Any]] = {}


_read_line = msgspec.json.Decoder(_Line).decode


def _follow_plain(scan: LogScan, sequence: int, columns: Sequence[Any], words: str) -> bool:
    """Whether an entry says what stands beside it, and moves no text; then what it says of rows is noted."""
    try:
        line = _read_line(words)
    except msgspec.MsgspecError:
        return False
    if '"heads":' in words or bytes(line.facts)[:1] != b"{":
        return False
    at, actor, kind, forum, declaration = columns
    said = line.sequence, line.at, line.actor, line.kind, line.forum, line.declaration
    actor = _id_text(actor) or ("operator" if line.actor == "operator" else None)
    if said != (sequence, _moment(at), actor, kind, _id_text(forum), _id_text(declaration)) or kind == _IMPORTED:
        return False
    for part in (line.rows, line.states):
        for table, digests in part.items():
            scan.rows.setdefault(table, {}).update((key, (digest, sequence)) for key, digest in digests.items())
    return True


def _moment(stored: str | datetime) -> str:
    """As an entry writes it."""
    if isinstance(stored, datetime):
        return stored.astimezone(UTC).isoformat()
    return f"{stored[:10]}T{stored[11:].removesuffix('.000000')}+00:00"


def _gap(expected: int, found: int) -> list[AuditFinding]:
    return [
        AuditFinding(FindingKind.ENTRY_MISSING, "log_entry", str(sequence), sequence)
        for sequence in range(expected, min(found, expected + 20))
    ]


def _node(nodes: dict[tuple[int, int], str], height: int, position: int, node: bytes) -> list[AuditFinding]:
    level = height // _TILE
    kept = nodes.pop((level, position), None)
    same = kept is None or kept == node.hex()
    return [] if same else [AuditFinding(FindingKind.NODE_ALTERED, "log_node", f"{level}/{position}")]


def _check(row: Any, leaf: bytes, entry: Mapping[str, Any] | None) -> list[AuditFinding]:
    """Whether the words of an entry give its hash, and the columns beside them say the same."""
    if leaf.hex() != row.leaf_hash:
        return [AuditFinding(FindingKind.ENTRY_ALTERED, "log_entry", str(row.sequence), row.sequence)]
    if entry is None:
        return [AuditFinding(FindingKind.ENTRY_UNREADABLE, "log_entry", str(row.sequence), row.sequence)]
    actor = _id_text(row.actor_id)
    columns = {
        "sequence": row.sequence,
        "at": row.at.isoformat(),
        "kind": row.kind,
        "forum": _id_text(row.forum_id),
        "declaration": _id_text(row.declaration_id),
        "actor": "operator" if actor is None and entry.get("actor") == "operator" else actor,
    }
    if columns.items() <= entry.items():
        return []
    found = [name for name, value in columns.items() if entry.get(name) != value]
    return [AuditFinding(FindingKind.ENTRY_DIFFERS, "log_entry", name, row.sequence) for name in found]


@lru_cache(4_096)
def _id_text(stored: UUID | str | None) -> str | None:
    return str(UUID(stored) if isinstance(stored, str) else stored) if stored else None


def read_entry(entry: str) -> Mapping[str, Any] | None:
    """What an entry says; None where it cannot be read."""
    try:
        found = msgspec.json.decode(entry)
    except msgspec.MsgspecError:
        return None
    return found if isinstance(found, dict) and isinstance(found.get("facts"), dict) else None


def _follow(db: Db, scan: LogScan, sequence: int, leaf: bytes) -> None:
    row = db.execute(sa.select(LogEntry.__table__).where(LogEntry.sequence == sequence)).one()
    entry = read_entry(row.entry)
    scan.findings += _check(row, leaf, entry)
    if entry is None:
        return
    if entry.get("kind") == _IMPORTED and row.forum_id:
        before = scan_lines(_imported(db, row.forum_id))
        scan.heads.update({place: (version, row.sequence) for place, (version, _) in before.heads.items()})
        scan.findings += _altered_when_imported(entry, before)
        for table, count in entry["facts"].get("unproved", {}).items():
            scan.imported[table] = scan.imported.get(table, 0) + count
    _note_said(scan, entry, row.sequence)


def _note_said(scan: LogScan, entry: Mapping[str, Any], sequence: int) -> None:
    for part in ("rows", "states"):
        for table, digests in entry.get(part, {}).items():
            known = scan.rows.setdefault(table, {})
            known.update({key: (digest, sequence) for key, digest in digests.items()})
    for move in entry["facts"].get("heads", ()):
        place = str(UUID(move["block"])), move["language"]
        scan.heads[place] = move["to"]["id"] if move["to"] else None, sequence


def _altered_when_imported(entry: Mapping[str, Any], before: LogScan) -> list[AuditFinding]:
    """Rows that came otherwise than their log says: as the import found, or by digests where it did not look."""
    if "unproved" in entry["facts"]:
        return msgspec.convert(entry["facts"].get("altered", ()), list[AuditFinding])
    came = {**entry.get("rows", {}), **entry.get("states", {})}
    return [
        AuditFinding(FindingKind.ROW_ALTERED, table, key, sequence)
        for table, known in before.rows.items()
        if table != ImportedLogEntry.__tablename__
        for key, (digest, sequence) in known.items()
        if digest is not None and came.get(table, {}).get(key, digest) != digest
    ]


def _imported(db: Db, forum_id: UUID) -> Iterable[str]:
    statement = sa.select(ImportedLogEntry.entry).where(ImportedLogEntry.forum_id == forum_id)
    return db.scalars(statement.order_by(ImportedLogEntry.position))


_AUDITED_AT_ONCE = 1_000


def audit(
    db: Db,
    *,
    outside: Sequence[SignedNote] = (),
    trusted: Sequence[PublicKey] | None = None,
    progress: Progress = lambda *_: None,
) -> AuditReport:
    """Look at everything in one consistent view of the database.

    `outside` are checkpoints that were kept somewhere else; only with one of them can it be proved
    that the log was not rewritten as a whole. `trusted` are public keys from outside; without them, those
    that the log names are believed.
    """
    stored = list(db.scalars(sa.select(SignedCheckpoint).order_by(SignedCheckpoint.size)))
    sizes = [checkpoint.size for checkpoint in stored] + [note.checkpoint.size for note in outside]
    said = StoredDigests()
    scan = scan_log(db, said, sizes=sizes, progress=progress)
    findings, troubles, known = list(scan.findings), list[CheckpointTrouble](), _known_keys(db)
    for checkpoint in stored:
        findings += _stored(checkpoint, scan)
    for note in outside:
        findings += _outside(note, scan, origin(db))
    for note in (*_notes(stored), *outside):
        troubles += _signatures(note, known, trusted)
    rows = 0
    for table in _tables():
        found, count = _rows(db, table, said.of(table.name), progress)
        findings, rows = findings + found, rows + count
    head = METADATA.get().tables["head"]
    findings += compared_heads(map(dict, db.execute(sa.select(head)).mappings()), scan)
    findings += _triggers(db)
    agreed = [note.checkpoint.size for note in outside if scan.roots.get(note.checkpoint.size) == note.checkpoint.root]
    return AuditReport(
        scan.size, scan.root.hex(), rows, tuple(dict.fromkeys(findings)), tuple(troubles), tuple(agreed), scan.imported
    )


def audit_forum(db: Db, forum_id: UUID) -> list[AuditFinding]:
    """What an audit finds of the rows that a forum's log names: of what came with it, and of what happened here."""
    here = sa.select(LogEntry.entry).where(LogEntry.forum_id == forum_id)
    named = scan_lines([*_imported(db, forum_id), *db.scalars(here)]).rows
    return [finding for finding in audit(db).findings if finding.row in named.get(finding.table, ())]


def _known_keys(db: Db) -> list[KnownKey]:
    """The keys that the log names; none where somebody has made those entries unreadable."""
    try:
        return known_keys(db)
    except (BadNote, KeyError, ValueError):
        return []


def _stored(checkpoint: SignedCheckpoint, scan: LogScan) -> list[AuditFinding]:
    note = next(_notes([checkpoint]), None)
    if note is None or (note.checkpoint.size, note.checkpoint.root.hex()) != (checkpoint.size, checkpoint.root):
        return [AuditFinding(FindingKind.CHECKPOINT_ALTERED, "checkpoint", str(checkpoint.size), checkpoint.size)]
    return _compared(note, scan)


def _outside(note: SignedNote, scan: LogScan, here: str) -> list[AuditFinding]:
    if note.checkpoint.origin != here:
        return [AuditFinding(FindingKind.OTHER_LOG, "log_entry", note.checkpoint.origin)]
    return _compared(note, scan)


def _compared(note: SignedNote, scan: LogScan) -> list[AuditFinding]:
    size = note.checkpoint.size
    if size not in scan.roots and size:
        return [AuditFinding(FindingKind.LOG_SHORTER, "log_entry", str(size), size)]
    same = scan.roots.get(size) == note.checkpoint.root
    return [] if same else [AuditFinding(FindingKind.LOG_REWRITTEN, "log_entry", str(size), size)]


def _notes(stored: Iterable[SignedCheckpoint]) -> Iterator[SignedNote]:
    for checkpoint in stored:
        try:
            yield SignedNote.read(checkpoint.note)
        except BadNote:
            continue


def _signatures(
    note: SignedNote, known: Sequence[KnownKey], trusted: Sequence[PublicKey] | None
) -> list[CheckpointTrouble]:
    size = note.checkpoint.size
    believed = [key.public for key in known] if trusted is None else list(trusted)
    named = [key for key in believed if any(key.hint == signature.hint for signature in note.signatures)]
    if not named:
        return [CheckpointTrouble(KeyTrouble.UNKNOWN, size)]
    signed = note.signed_by(named)
    if not signed:
        return [CheckpointTrouble(KeyTrouble.WRONG, size, named[0].hint.hex())]
    in_force = [key for key in known if key.public in signed and key.signs(size)]
    is_known = any(key.public in signed for key in known)
    return [] if in_force or not is_known else [CheckpointTrouble(KeyTrouble.NOT_IN_FORCE, size, signed[0].hint.hex())]


def _tables() -> list[sa.Table]:
    """The tables that the log speaks of, with every slice's models at hand."""
    tables = METADATA.get().tables
    return [
        tables[name] for name in (*row_digests.APPEND_ONLY_DIGESTED, *row_digests.MUTABLE_DIGESTED) if name in tables
    ]


def _rows(db: Db, table: sa.Table, digests: SaidOfTable, progress: Progress) -> tuple[list[AuditFinding], int]:
    """Every row against its digest in the log, both ways."""
    findings, count = compared_rows(table, _groups(db, table), digests)
    progress(table.name, count, count)
    return findings, count


def compared_rows(
    table: sa.Table, groups: Iterable[tuple[str, list[Any]]], digests: SaidOfTable
) -> tuple[list[AuditFinding], int]:
    """What differs between rows, under the keys that a log knows them by, and what it says of them; and their count."""
    findings, count = list[AuditFinding](), 0
    for key, rows in groups:
        count, digest = count + len(rows), row_digests.digest(row_digests.row_bytes(table, row) for row in rows)
        findings += [audit_finding for row in rows for audit_finding in content_findings(table, row)]
        expected, sequence = digests.pop(key, (None, 0))
        if expected is None:
            findings.append(AuditFinding(FindingKind.ROW_UNKNOWN, str(table.name), key))
        elif expected != digest:
            findings.append(AuditFinding(FindingKind.ROW_ALTERED, str(table.name), key, sequence))
    findings += [
        AuditFinding(FindingKind.ROW_MISSING, str(table.name), key, sequence)
        for key, (digest, sequence) in digests.items()
        if digest is not None
    ]
    return findings, count


def _groups(db: Db, table: sa.Table) -> Iterator[tuple[str, list[Any]]]:
    """The rows of a table under the keys that the log knows them by; only one group is held at a time."""
    group = row_digests.GROUPED.get(table.name)
    order = [table.c[group]] if group else list(table.primary_key)
    result = db.execute(sa.select(table).order_by(*order), execution_options={"yield_per": _AUDITED_AT_ONCE})
    key, rows = "", list[Any]()
    for row in map(dict, result.mappings()):
        found = row_digests.key_of(table, row)
        if rows and found != key:
            yield key, rows
            rows = []
        key = found
        rows.append(row)
    if rows:
        yield key, rows


def content_findings(table: sa.Table, row: Any) -> list[AuditFinding]:
    """Content beside which its hash stands."""
    if table.name == "text_version":
        same = (row["content_hash"], row["folded_hash"]) == (content_hash(row["content"]), folded_hash(row["content"]))
    elif table.name == "edition_file":
        same = row["sha256"] == hashlib.sha256(row["content"]).hexdigest()
    elif table.name == "source_document":
        same = row["sha256"] == hashlib.sha256(row["text"].encode()).hexdigest() and (
            row["original"] is None or row["original_sha256"] == hashlib.sha256(row["original"]).hexdigest()
        )
    else:
        return []
    name = "/".join(str(row[column.name]) for column in table.primary_key)
    return [] if same else [AuditFinding(FindingKind.TEXT_ALTERED, str(table.name), name)]


def compared_heads(rows: Iterable[Mapping[str, Any]], scan: LogScan) -> list[AuditFinding]:
    """Where other texts are in force than a log says."""
    here = {(str(row["block_id"]), str(row["language"].value)): str(row["text_version_id"]) for row in rows}
    return [
        AuditFinding(
            FindingKind.HEAD_DIFFERS, "head", f"{block}/{language}", scan.heads.get((block, language), ("", 0))[1]
        )
        for block, language in sorted(here.keys() | scan.heads.keys())
        if here.get((block, language)) != scan.heads.get((block, language), (None, 0))[0]
    ]


def _triggers(db: Db) -> list[AuditFinding]:
    missing = append_only.missing(db.connection())
    return [AuditFinding(FindingKind.TRIGGER_MISSING, name.split("_of_", 1)[1], name) for name in sorted(missing)]
