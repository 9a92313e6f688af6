"""The audit: does the database hold what its log says, and is the log the one that an outside checkpoint vouches for?

It reads the tables as they are, whichever slice made them: the log names every row that matters
by its digest. What was changed, added or taken away past the program does not agree with the log; whoever
changes the log as well does not agree with the checkpoint that somebody else has kept.
"""

import hashlib
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

import sqlalchemy as sa

from drafts.blocks import content_hash, folded_hash
from drafts.errors import BadNote
from drafts.proofs import Note, PublicKey
from workspace.core import append_only, commitments
from workspace.core.db import Db
from workspace.core.provided import METADATA
from workspace.history.checkpoints import origin
from workspace.history.findings import Finding, KeyTrouble, Report, Trouble, What
from workspace.history.models import SignedCheckpoint
from workspace.history.signing import KnownKey, keys
from workspace.history.telling import Progress, Telling, Told, read_log

_AT_ONCE = 1_000


def audit(
    db: Db,
    *,
    outside: Sequence[Note] = (),
    trusted: Sequence[PublicKey] | None = None,
    progress: Progress = lambda *_: None,
) -> Report:
    """Look at everything in one consistent view of the database.

    `outside` are checkpoints that were kept somewhere else; only with one of them can it be proved
    that the log was not rewritten as a whole. `trusted` are public keys from outside; without them, those
    that the log names are believed.
    """
    stored = list(db.scalars(sa.select(SignedCheckpoint).order_by(SignedCheckpoint.size)))
    sizes = [checkpoint.size for checkpoint in stored] + [note.checkpoint.size for note in outside]
    told = read_log(db, sizes=sizes, progress=progress)
    findings, troubles, known = list(told.findings), list[Trouble](), _known_keys(db)
    for checkpoint in stored:
        findings += _stored(checkpoint, told)
    for note in outside:
        findings += _outside(note, told, origin(db))
    for note in (*_notes(stored), *outside):
        troubles += _signatures(note, known, trusted)
    rows = 0
    for table in _tables():
        found, count = _rows(db, table, told.rows.get(table.name, {}), progress)
        findings, rows = findings + found, rows + count
    findings += _heads(db, told)
    findings += _triggers(db)
    agreed = [note.checkpoint.size for note in outside if told.roots.get(note.checkpoint.size) == note.checkpoint.root]
    return Report(told.size, told.root.hex(), rows, tuple(dict.fromkeys(findings)), tuple(troubles), tuple(agreed))


def _known_keys(db: Db) -> list[KnownKey]:
    """The keys that the log names; none where somebody has made those entries unreadable."""
    try:
        return keys(db)
    except (BadNote, KeyError, ValueError):
        return []


def _stored(checkpoint: SignedCheckpoint, told: Telling) -> list[Finding]:
    note = next(_notes([checkpoint]), None)
    if note is None or (note.checkpoint.size, note.checkpoint.root.hex()) != (checkpoint.size, checkpoint.root):
        return [Finding(What.CHECKPOINT_ALTERED, "checkpoint", str(checkpoint.size), checkpoint.size)]
    return _compared(note, told)


def _outside(note: Note, told: Telling, here: str) -> list[Finding]:
    if note.checkpoint.origin != here:
        return [Finding(What.OTHER_LOG, "log_entry", note.checkpoint.origin)]
    return _compared(note, told)


def _compared(note: Note, told: Telling) -> list[Finding]:
    size = note.checkpoint.size
    if size not in told.roots and size:
        return [Finding(What.LOG_SHORTER, "log_entry", str(size), size)]
    same = told.roots.get(size) == note.checkpoint.root
    return [] if same else [Finding(What.LOG_REWRITTEN, "log_entry", str(size), size)]


def _notes(stored: Iterable[SignedCheckpoint]) -> Iterator[Note]:
    for checkpoint in stored:
        try:
            yield Note.read(checkpoint.note)
        except BadNote:
            continue


def _signatures(note: Note, known: Sequence[KnownKey], trusted: Sequence[PublicKey] | None) -> list[Trouble]:
    size = note.checkpoint.size
    believed = [key.public for key in known] if trusted is None else list(trusted)
    named = [key for key in believed if any(key.hint == one.hint for one in note.signatures)]
    if not named:
        return [Trouble(KeyTrouble.UNKNOWN, size)]
    signed = note.signed_by(named)
    if not signed:
        return [Trouble(KeyTrouble.WRONG, size, named[0].hint.hex())]
    in_force = [key for key in known if key.public in signed and key.signs(size)]
    is_known = any(key.public in signed for key in known)
    return [] if in_force or not is_known else [Trouble(KeyTrouble.NOT_IN_FORCE, size, signed[0].hint.hex())]


def _tables() -> list[sa.Table]:
    """The tables that the log speaks of, with every slice's models at hand."""
    tables = METADATA.get().tables
    return [tables[name] for name in (*commitments.LASTING, *commitments.MOVING) if name in tables]


def _rows(db: Db, table: sa.Table, told: dict[str, Told], progress: Progress) -> tuple[list[Finding], int]:
    """Every row against its digest in the log, both ways."""
    findings, count, seen = list[Finding](), 0, set[str]()
    for key, rows in _groups(db, table):
        count, digest = count + len(rows), commitments.digest(commitments.words(table, row) for row in rows)
        findings += [one for row in rows for one in _content(table, row)]
        expected, sequence = told.get(key, (None, 0))
        seen.add(key)
        if expected is None:
            findings.append(Finding(What.ROW_UNKNOWN, str(table.name), key))
        elif expected != digest:
            findings.append(Finding(What.ROW_ALTERED, str(table.name), key, sequence))
    findings += [
        Finding(What.ROW_MISSING, str(table.name), key, sequence)
        for key, (digest, sequence) in told.items()
        if digest is not None and key not in seen
    ]
    progress(table.name, count, count)
    return findings, count


def _groups(db: Db, table: sa.Table) -> Iterator[tuple[str, list[Any]]]:
    """The rows of a table under the keys that the log knows them by; only one group is held at a time."""
    group = commitments.GROUPED.get(table.name)
    order = [table.c[group]] if group else list(table.primary_key)
    result = db.execute(sa.select(table).order_by(*order), execution_options={"yield_per": _AT_ONCE})
    key, rows = "", list[Any]()
    for row in map(dict, result.mappings()):
        found = commitments.key_of(table, row)
        if rows and found != key:
            yield key, rows
            rows = []
        key = found
        rows.append(row)
    if rows:
        yield key, rows


def _content(table: sa.Table, row: Any) -> list[Finding]:
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
    return [] if same else [Finding(What.TEXT_ALTERED, str(table.name), name)]


def _heads(db: Db, told: Telling) -> list[Finding]:
    """The text in force everywhere, against the last move that the log tells of."""
    table = METADATA.get().tables["head"]
    here = {
        (str(row.block_id), str(row.language.value)): str(row.text_version_id) for row in db.execute(sa.select(table))
    }
    return [
        Finding(What.HEAD_DIFFERS, "head", f"{block}/{language}", told.heads.get((block, language), ("", 0))[1])
        for block, language in sorted(here.keys() | told.heads.keys())
        if here.get((block, language)) != told.heads.get((block, language), (None, 0))[0]
    ]


def _triggers(db: Db) -> list[Finding]:
    missing = append_only.missing(db.connection())
    return [Finding(What.TRIGGER_MISSING, name.split("_of_", 1)[1], name) for name in sorted(missing)]
