"""An insider with the database in hand changes something, and the audit names it."""

import json
from datetime import datetime, timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa
from alembic.script import ScriptDirectory

from drafts.base.transparency_log import GrowingTree, SignedNote
from drafts.text.blocks import content_hash, folded_hash
from tests.workspace.history import rooms
from workspace.core.storage import row_digests, schema
from workspace.core.storage.db import Model, Store, Trilingual
from workspace.core.storage.log import leaf_hash
from workspace.core.storage.row_digests import canonical_json
from workspace.history.audit import FindingKind, KeyTrouble


def table(name):
    return Model.metadata.tables[name]


def first(connection, name):
    rows = sa.select(table(name)).order_by(*table(name).primary_key)
    return connection.execute(rows.limit(1)).mappings().one()


def change(name, /, **values):
    """Change the first row of a table."""

    def act(connection):
        row, of = first(connection, name), table(name)
        where = sa.and_(*(column == row[column.name] for column in of.primary_key))
        connection.execute(sa.update(of).where(where).values(**values))

    return act


def drop(name, *where):
    def act(connection):
        of, row = table(name), first(connection, name)
        which = where or [column == row[column.name] for column in of.primary_key]
        connection.execute(sa.delete(of).where(*which))

    return act


def double(name, **values):
    """Add a row like the first one, under another key."""

    def act(connection):
        connection.execute(sa.insert(table(name)).values({**first(connection, name), **values}))

    return act


def rewrite_words(connection):
    """New words with the hashes that belong to them."""
    words = "Towns shall share nothing."
    change("text_version", content=words, content_hash=content_hash(words), folded_hash=folded_hash(words))(connection)


def rewrite_entry(connection):
    """Another entry in the place of one, with the hash that belongs to it."""
    _put(connection, 3, actor="operator", at="2020-01-01T00:00:00+00:00")


def rewrite_everything(connection):
    """Other words, the entry that names them, and every checkpoint: all of it consistent, but for the copy outside."""
    rewrite_words(connection)
    row = first(connection, "text_version")
    digest = row_digests.digest([row_digests.row_bytes(table("text_version"), row)])
    entries = connection.execute(sa.select(table("log_entry")).order_by(table("log_entry").c.sequence)).mappings().all()
    for entry in entries:
        words = json.loads(entry["entry"])
        told = words.get("rows", {}).get("text_version", {})
        if str(row["id"]) in told:
            told[str(row["id"])] = digest
            _put(connection, entry["sequence"], rows=words["rows"])
    drop("checkpoint", sa.true())(connection)


def move_head(connection):
    head = first(connection, "head")
    texts = table("text_version")
    other = connection.scalar(sa.select(texts.c.id).where(texts.c.id != head["text_version_id"]).limit(1))
    change("head", text_version_id=other)(connection)


def cut_off(connection):
    entries = table("log_entry")
    last = connection.scalar(sa.select(sa.func.max(entries.c.sequence)))
    connection.execute(sa.delete(entries).where(entries.c.sequence > last - 4))


def append_entry(connection):
    entries = table("log_entry")
    last = connection.execute(sa.select(entries).order_by(entries.c.sequence.desc()).limit(1)).mappings().one()
    connection.execute(sa.insert(entries).values({**last, "sequence": last["sequence"] + 1}))


def other_order(connection):
    places = table("revision_block")
    rows = connection.execute(sa.select(places).order_by(places.c.position.desc()).limit(1)).mappings().one()
    where = sa.and_(places.c.revision_id == rows["revision_id"], places.c.block_id == rows["block_id"])
    connection.execute(sa.update(places).where(where).values(position=99))


def _put(connection, sequence, **changed):
    entries = table("log_entry")
    words = json.loads(connection.scalar(sa.select(entries.c.entry).where(entries.c.sequence == sequence)))
    written = canonical_json({**words, **changed})
    connection.execute(
        sa.update(entries)
        .where(entries.c.sequence == sequence)
        .values(entry=written.decode(), leaf_hash=leaf_hash(written))
    )


KINDS = [
    (
        "other words",
        change("text_version", content="Towns keep it."),
        {FindingKind.TEXT_ALTERED, FindingKind.ROW_ALTERED},
    ),
    ("other words with their own hashes", rewrite_words, {FindingKind.ROW_ALTERED}),
    ("an entry changed in place", change("log_entry", entry="{}"), {FindingKind.ENTRY_ALTERED}),
    ("an entry put in the place of another", rewrite_entry, {FindingKind.LOG_REWRITTEN}),
    ("another date beside an entry", change("log_entry", kind="forum.closed"), {FindingKind.ENTRY_DIFFERS}),
    ("an entry taken out", drop("log_entry", table("log_entry").c.sequence == 5), {FindingKind.ENTRY_MISSING}),
    ("the last entries cut off", cut_off, {FindingKind.LOG_SHORTER}),
    ("an entry added", append_entry, {FindingKind.ENTRY_DIFFERS}),
    ("another text put in force", move_head, {FindingKind.HEAD_DIFFERS}),
    (
        "a revision that never was",
        double("revision", id=sa.Uuid().python_type(int=7), number=99, parent_id=None),
        {FindingKind.ROW_UNKNOWN},
    ),
    ("paragraphs in another order", other_order, {FindingKind.ROW_ALTERED}),
    ("another verdict", change("decision", verdict="reject"), {FindingKind.ROW_ALTERED}),
    ("another reason", change("decision", reason="Because."), {FindingKind.ROW_ALTERED}),
    ("an amendment that was not adopted", change("amendment", disposition="rejected"), {FindingKind.ROW_ALTERED}),
    ("another proposer’s reason", change("amendment", reason="Mine."), {FindingKind.ROW_ALTERED}),
    ("another phase", change("declaration", phase="P"), {FindingKind.ROW_ALTERED}),
    (
        "another file in an edition",
        change("edition_file", content=b"other"),
        {FindingKind.TEXT_ALTERED, FindingKind.ROW_ALTERED},
    ),
    ("an edition of another day", change("edition", manifest_sha256="0" * 64), {FindingKind.ROW_ALTERED}),
    ("a translation that answers nothing", drop("edge"), {FindingKind.ROW_MISSING}),
    ("a recommendation that nobody made", change("recommendation", text="Pay more."), {FindingKind.ROW_ALTERED}),
    ("a role that nobody gave", change("mandate", role="admin"), {FindingKind.ROW_ALTERED}),
    ("a checkpoint with another root", change("checkpoint", root="0" * 64), {FindingKind.CHECKPOINT_ALTERED}),
    ("a whole history rewritten", rewrite_everything, {FindingKind.LOG_REWRITTEN}),
    ("another term", change("term", en="sewage"), {FindingKind.ROW_ALTERED}),
    ("another name of a person", change("person", name="Somebody Else"), {FindingKind.ROW_ALTERED}),
    ("another name of the network", change("network", name=Trilingual(en="Else")), {FindingKind.ROW_ALTERED}),
    ("a theme taken from a recommendation", drop("recommendation_theme"), {FindingKind.ROW_MISSING}),
    ("another sender of a mail", change("mail_in", address="x@y.example"), {FindingKind.ROW_ALTERED}),
]


@pytest.mark.parametrize(("act", "whats"), [kind[1:] for kind in KINDS], ids=[kind[0] for kind in KINDS])
def test_each_kind_of_tampering_is_found_and_named(store: Store, tmp_path: Path, act, whats):
    note = rooms.filled(store, tmp_path / "keys")
    assert rooms.audited(store, note).exit_code == 0

    rooms.tamper(store, act)

    report = rooms.audited(store, note)
    assert report.exit_code == 1
    assert whats <= {one.what for one in report.findings}
    assert all(one.table and (one.row or one.sequence) for one in report.findings)


def alter_one_row_of_each(connection):
    """Another moment or another word in the first row of every table that the log speaks of; which tables had one."""
    altered = set()
    for name in (*row_digests.APPEND_ONLY_DIGESTED, *row_digests.MUTABLE_DIGESTED):
        row, keys = first(connection, name), set(table(name).primary_key.columns.keys())
        free = {
            column.name: row[column.name]
            for column in row_digests.digested_columns(table(name))
            if column.name not in keys
        }
        moments = {one: value + timedelta(days=1) for one, value in free.items() if isinstance(value, datetime)}
        words = {one: f"{value} too" for one, value in free.items() if type(value) is str}
        for column, value in list({**moments, **words}.items())[:1]:
            change(name, **{column: value})(connection)
            altered.add(name)
    return altered


def test_no_row_that_gives_a_right_sets_a_date_or_was_said_can_be_changed_unseen(store: Store, tmp_path: Path):
    note, altered = rooms.filled(store, tmp_path / "keys"), set[str]()
    rooms.tamper(store, lambda connection: altered.update(alter_one_row_of_each(connection)))

    found = {one.table for one in rooms.audited(store, note).findings if one.what is FindingKind.ROW_ALTERED}
    assert found == altered
    assert {"deadline", "lent_right", "amendment_support", "comment", "forum", "session", "sealed_edition"} <= altered


@pytest.mark.parametrize("kind", [KINDS[1], KINDS[3], KINDS[8], KINDS[13], KINDS[22]], ids=lambda kind: kind[0])
def test_it_is_found_on_postgresql_too(postgresql_store: Store, tmp_path: Path, kind):
    _, act, whats = kind
    note = rooms.filled(postgresql_store, tmp_path / "keys")
    assert rooms.audited(postgresql_store, note).exit_code == 0

    rooms.tamper(postgresql_store, act)

    assert whats <= {one.what for one in rooms.audited(postgresql_store, note).findings}


def test_a_history_rewritten_as_a_whole_cannot_be_told_from_a_good_one_without_a_checkpoint_from_outside(
    store: Store, tmp_path: Path
):
    note = rooms.filled(store, tmp_path / "keys")
    rooms.tamper(store, rewrite_everything)

    assert rooms.audited(store).exit_code == 3  # not provable, and it says so
    assert rooms.audited(store, note).exit_code == 1


def test_the_guards_are_missed(store: Store, tmp_path: Path):
    note = rooms.filled(store, tmp_path / "keys")
    rooms.tamper(store, lambda _: None, puts_back=False)

    found = rooms.audited(store, note).findings
    assert {one.what for one in found} == {FindingKind.TRIGGER_MISSING}
    assert "text_version" in {one.table for one in found}


def test_a_checkpoint_of_another_log_vouches_for_nothing(store: Store, any_store_elsewhere: Store, tmp_path: Path):
    rooms.filled(store, tmp_path / "keys")
    other = rooms.filled(any_store_elsewhere, tmp_path / "other", log="other")

    assert {one.what for one in rooms.audited(store, other).findings} == {FindingKind.OTHER_LOG}


def test_a_signature_that_is_not_valid_is_key_trouble(store: Store, tmp_path: Path):
    note = rooms.filled(store, tmp_path / "keys")
    (one,) = note.signatures
    forged = SignedNote(note.checkpoint, (type(one)(one.name, one.hint, bytes(64)),))
    stranger = SignedNote(note.checkpoint, (type(one)(one.name, b"abcd", one.signature),))

    assert [trouble.why for trouble in rooms.audited(store, forged).troubles] == [KeyTrouble.WRONG]
    assert [trouble.why for trouble in rooms.audited(store, stranger).troubles] == [KeyTrouble.UNKNOWN]
    assert rooms.audited(store, forged).exit_code == 2


def test_the_root_is_that_of_every_entry_in_order(store: Store, tmp_path: Path):
    note, tree = rooms.filled(store, tmp_path / "keys"), GrowingTree()
    with store.reading() as db:
        for entry in db.execute(
            sa.select(table("log_entry").c.entry).order_by(table("log_entry").c.sequence)
        ).scalars():
            tree.add(bytes.fromhex(leaf_hash(entry.encode())))

    assert (note.checkpoint.size, note.checkpoint.root) == (tree.size, tree.root)


def test_a_database_of_an_earlier_version_is_named_anew_and_what_was_altered_there_goes_on_being_named(
    store: Store, tmp_path: Path
):
    note = rooms.filled(store, tmp_path / "keys")

    def as_before(connection):
        connection.execute(sa.update(table("person")).values(salt=""))  # whose names no log of before knew
        change("decision", reason="Because.")(connection)
        change("comment", text="Nothing.")(connection)

    rooms.tamper(store, as_before)
    schema.migrate(store)

    assert {finding.table for finding in rooms.audited(store, note).findings} == {"decision", "comment"}
    with store.reading() as db:
        assert "" not in db.scalars(sa.select(table("person").c.salt)).all()


def test_a_column_that_came_later_leaves_the_digests_of_old_rows_as_they_were():
    """Else an upgrade would make the audit call every old row altered."""
    baseline = ScriptDirectory.from_config(schema.configuration()).get_revision("20261122_0500").module._SCHEMA.tables
    for name in {*row_digests.APPEND_ONLY_DIGESTED, *row_digests.MUTABLE_DIGESTED} & baseline.keys():
        for column in row_digests.digested_columns(table(name)):
            if column.name not in baseline[name].columns:
                default = column.server_default.arg if column.server_default is not None else None
                is_number = isinstance(default, str) and isinstance(column.type, sa.Integer)
                old = int(default) if is_number else default if isinstance(default, str) else None
                empty = row_digests.row_bytes(table(name), {})
                assert row_digests.row_bytes(table(name), {column.name: old}) == empty, (name, column.name)
