"""A forum goes out as one JSON file and comes back with identical hashes; a damaged file changes nothing."""

import json

import pytest
import sqlalchemy as sa

from tests.support import factories
from tests.support.prepared import everything
from workspace.core.actor import OPERATOR, Role
from workspace.core.errors import BadFile, Invalid, NotAllowed
from workspace.core.storage.db import Model, Store
from workspace.core.storage.log import LogEntry
from workspace.interchange.forum_archive import export_forum, import_forum
from workspace.people.models import Forum


@pytest.fixture
def exported(store: Store) -> bytes:
    everything(store)
    return out(store)


def out(store: Store) -> bytes:
    with store.reading() as db:
        return export_forum(db, db.scalars(sa.select(Forum)).one(), actor=OPERATOR)


def test_every_table_of_the_database_is_in_the_file(exported: bytes):
    lent = {"account", "sign_in", "recovery_code", "ticket", "api_token", "clock_mark"}  # never leave the database
    not_of_a_forum = lent | {"log_entry", "imported_log_entry", "alembic_version", "contact", "roster"}
    not_of_a_forum |= {"calendar_feed"}  # a secret of one person
    not_of_a_forum |= {"mail_choice", "bounce"}  # of people and their addresses
    not_of_a_forum |= {"amendment_draft", "translation_draft"}  # of one person, until it is filed or saved
    not_of_a_forum |= {"checkpoint", "log_node"}  # of the whole log
    not_of_a_forum |= {"paragraph_claim"}  # ends by itself within minutes
    not_of_a_forum |= {"webhook", "webhook_delivery"}  # secrets shared with programs elsewhere
    not_of_a_forum |= {"job_run", "maintenance", "tally", "kept_answer", "letter"}  # of this machine

    assert json.loads(exported)["tables"].keys() == Model.metadata.tables.keys() - not_of_a_forum
    assert all(json.loads(exported)["tables"].values()), "one_of_everything leaves a table empty"


def test_a_forum_comes_back_as_the_same_file_on_another_database(exported: bytes, any_store_elsewhere: Store):
    with any_store_elsewhere.writing() as db:
        import_forum(db, exported, source="forum.json", actor=OPERATOR)

    back = json.loads(out(any_store_elsewhere))
    there = json.loads(exported)
    assert back["tables"] == there["tables"]
    assert back["log"][: len(there["log"])] == there["log"]
    assert json.loads(back["log"][-1]["entry"])["kind"] == "forum.imported"


def test_the_same_forum_is_always_the_same_bytes(store: Store, exported: bytes):
    assert out(store) == exported


def test_a_forum_that_is_here_already_is_refused_and_nothing_changes(store: Store, exported: bytes):
    with pytest.raises(Invalid), store.writing() as db:
        import_forum(db, exported, source="forum.json", actor=OPERATOR)

    assert out(store) == exported


@pytest.mark.parametrize(
    ("table", "column"),
    [("text_version", "content"), ("edition_file", "content"), ("source_document", "text")],
)
def test_an_altered_text_is_found_and_named(exported: bytes, any_store_elsewhere: Store, table: str, column: str):
    content = json.loads(exported)
    row = content["tables"][table][0]
    row[column] = "QUFB" if table == "edition_file" else row[column] + " and more"

    with pytest.raises(BadFile) as refusal, any_store_elsewhere.writing() as db:
        import_forum(db, json.dumps(content).encode(), source="forum.json", actor=OPERATOR)

    assert (refusal.value.facts["reason"], refusal.value.facts["table"]) == ("altered", table)


def test_an_altered_line_of_the_log_is_found(exported: bytes, store: Store):
    content = json.loads(exported)
    content["log"][0]["entry"] = content["log"][0]["entry"].replace("founded", "altered")

    with pytest.raises(BadFile, match="bad_file") as refusal, store.writing() as db:
        import_forum(db, json.dumps(content).encode(), source="forum.json", actor=OPERATOR)

    assert refusal.value.facts["reason"] == "altered"


def _without_a_table(content: dict) -> None:
    del content["tables"]["revision"]


def _with_an_unknown_column(content: dict) -> None:
    content["tables"]["person"][0]["password"] = "secret"


def _with_a_bad_id(content: dict) -> None:
    content["tables"]["person"][0]["id"] = "not an id"


def _with_a_wrong_shape(content: dict) -> None:
    content["tables"]["person"] = "nobody"


def _pointing_nowhere(content: dict) -> None:
    content["tables"]["block"] = []


@pytest.mark.parametrize(
    "damage", [_without_a_table, _with_an_unknown_column, _with_a_bad_id, _with_a_wrong_shape, _pointing_nowhere]
)
def test_a_damaged_file_is_refused_and_nothing_is_half_written(exported: bytes, any_store_elsewhere: Store, damage):
    content = json.loads(exported)
    damage(content)

    with pytest.raises(BadFile), any_store_elsewhere.writing() as db:
        import_forum(db, json.dumps(content).encode(), source="forum.json", actor=OPERATOR)

    with any_store_elsewhere.reading() as db:
        assert db.scalars(sa.select(Forum)).all() == []
        assert db.scalars(sa.select(LogEntry)).all() == []


@pytest.mark.parametrize(
    "data", [b"", b"{", b"[]", b"\xff\xfe", b'{"format": "declaration-workspace.forum"}', b"[" * 100_000]
)
def test_what_is_no_forum_file_is_refused(store: Store, data: bytes):
    with pytest.raises(BadFile), store.writing() as db:
        import_forum(db, data, source="forum.json", actor=OPERATOR)


def test_only_the_operator_brings_a_forum_in_and_only_staff_takes_it_out(store: Store, exported: bytes):
    with store.writing() as db:
        member = factories.person(db, Role.MEMBER)
    with pytest.raises(NotAllowed), store.writing() as db:
        import_forum(db, exported, source="forum.json", actor=member)
    with pytest.raises(NotAllowed), store.reading() as db:
        export_forum(db, db.scalars(sa.select(Forum)).one(), actor=member)
