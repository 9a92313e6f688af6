"""A forum goes out as one JSON file and comes back with identical hashes; a damaged file changes nothing."""

import json
from contextlib import nullcontext, suppress
from itertools import pairwise
from uuid import UUID

import pytest
import sqlalchemy as sa
from msgspec import structs

from tests.support import factories
from tests.support.prepared import everything
from tests.workspace.history import rooms
from tests.workspace.history.test_audit import KINDS
from workspace.cli import run
from workspace.core.actor import OPERATOR, Role
from workspace.core.errors import AlteredForum, BadFile, Invalid, NotAllowed
from workspace.core.storage import log, row_digests
from workspace.core.storage.db import Model, Store, UtcDateTime
from workspace.core.storage.log import LogEntry
from workspace.declarations.domain.models import RevisionBlock
from workspace.editions.domain.commitments import CommitmentService
from workspace.editions.domain.models import Edition
from workspace.interchange import forum_archive
from workspace.interchange.forum_archive import export_forum, import_forum
from workspace.people.models import Forum
from workspace.people.organisations import OrganisationService
from workspace.people.service import PeopleService
from workspace.recommendations.models import Recommendation
from workspace.recommendations.service import RecommendationService
from workspace.sessions.extraction import SessionDetails, SessionFound
from workspace.sessions.service import SessionService


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
    not_of_a_forum |= {"suggestion_order"}  # learned by this machine from its own marks
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


def test_what_refers_to_rows_that_came_later_comes_back_too(store: Store, any_store_elsewhere: Store):
    everything(store)
    with store.writing() as db:
        forum = db.scalars(sa.select(Forum)).one()
        towns = [PeopleService(db).add_organisation(forum, name=name, actor=OPERATOR) for name in ("Ay", "Bey", "Cey")]
        for old, new in pairwise(towns):
            OrganisationService(db).merge(forum, old.id, into_id=new.id, actor=OPERATOR)
        details = SessionDetails(found=SessionFound(title="Pumps"))
        older, newer = (
            SessionService(db).add(forum, details, language="en", document=None, actor=OPERATOR) for _ in "12"
        )
        SessionService(db).join(older, newer, "The same.", actor=OPERATOR)
        first, then, *_ = db.scalars(sa.select(Recommendation).order_by(Recommendation.number))
        RecommendationService(db).merge(forum, then.number, [first.number], actor=OPERATOR)
        place = db.scalars(
            sa.select(RevisionBlock.block_id).join(Edition, Edition.revision_id == RevisionBlock.revision_id)
        )
        CommitmentService(db).promise(
            forum, towns[-1].id, "A well.", language="en", due=None, block_id=place.first(), actor=OPERATOR
        )
    told = out(store)
    with any_store_elsewhere.writing() as db:
        import_forum(db, told, source="forum.json", actor=OPERATOR)
    assert json.loads(out(any_store_elsewhere))["tables"] == json.loads(told)["tables"]


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

    assert (refusal.value.code, refusal.value.facts["table"]) == ("workspace.altered_forum", table)


def test_an_altered_line_of_the_log_is_found(exported: bytes, store: Store):
    content = json.loads(exported)
    content["log"][0]["entry"] = content["log"][0]["entry"].replace("founded", "altered")

    with pytest.raises(BadFile, match="altered_forum") as refusal, store.writing() as db:
        import_forum(db, json.dumps(content).encode(), source="forum.json", actor=OPERATOR)

    assert refusal.value.code == "workspace.altered_forum"


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


UNDIGESTED = {
    "desk_draft": "what one person marks for themselves",
    "follow": "what one person wants to hear of",
    "notice": "what one person was told",
    "resemblance": "computed, and computed again",
    "saved_view": "what one person keeps for themselves",
    "secret_count": "its steps would tell who voted how; its end is named",
    "segment": "an aid for translators, taken from texts that are named",
    "suggestion": "nothing until somebody takes it, and then a text that is named",
    "text_claim": "ends by itself within minutes",
}
UNCOVERED = {
    ("declaration", "sequence"): "counts, and says nothing",
    ("person", "language"): "what one person chose for themselves",
    ("person", "timezone"): "what one person chose for themselves",
}


def altered(column: sa.Column, value: object) -> object:
    """Another value of the same kind; what the row could have said as well."""
    kind = column.type
    if isinstance(kind, sa.Enum):
        return next((one for one in kind.enums if one != value), value)
    if isinstance(kind, sa.Uuid):
        return str(UUID(int=7))
    for known, other in ((UtcDateTime, "2020-01-01T00:00:00+00:00"), (sa.Date, "2020-01-01"), (sa.LargeBinary, "QUFB")):
        if isinstance(kind, known):
            return other
    if isinstance(value, bool | int):
        return 1 - value
    if isinstance(value, list | dict):
        return [*value, "more"] if isinstance(value, list) else {**value, "es": "otra cosa"}
    return f"{value} and more"


def test_whatever_is_changed_in_the_file_is_found(exported: bytes):
    whole = json.loads(exported)["tables"]
    content = forum_archive._decoded(exported, "forum.json")
    read = {name: forum_archive._rows(name, content, "forum.json") for name in whole}
    assert forum_archive.examine(content, read).findings == ()
    unseen = set()
    for place in range(max(len(rows[0]) for rows in whole.values())):  # one column of every table at a time
        changed = {}
        for name, rows in whole.items():
            if place < len(rows[-1]):
                column, value = list(rows[-1].items())[place]
                tables = {
                    name: [
                        *rows[:-1],
                        {**rows[-1], column: altered(Model.metadata.tables[name].columns[column], value)},
                    ]
                }
                with suppress(BadFile):  # it is not even read
                    changed[name] = forum_archive._rows(name, structs.replace(content, tables=tables), "forum.json")
        found = {finding.table for finding in forum_archive.examine(content, {**read, **changed}).findings}
        unseen |= {(name, list(whole[name][-1])[place]) for name in changed.keys() - found}
    assert {pair for pair in unseen if pair[0] not in UNDIGESTED} == UNCOVERED.keys()
    assert {name for name, _ in unseen} - {name for name, _ in UNCOVERED} == UNDIGESTED.keys()


def test_a_row_that_is_taken_out_of_the_file_is_found(exported: bytes):
    whole = json.loads(exported)
    for name in whole["tables"].keys() - UNDIGESTED.keys() - {"forum"}:
        content = forum_archive._decoded(
            json.dumps({**whole, "tables": {**whole["tables"], name: whole["tables"][name][:-1]}}).encode(), "x"
        )
        rows = {table: forum_archive._rows(table, content, "x") for table in content.tables}
        assert name in {finding.table for finding in forum_archive.examine(content, rows).findings}, name


def another(name: str, row: dict) -> dict:
    """A row like this one, under a key of its own."""
    column = next(column for column in Model.metadata.tables[name].primary_key if isinstance(column.type, sa.Uuid))
    return {**row, column.name: str(UUID(int=7))}


def proved(content: dict) -> forum_archive.ForumProof:
    read = forum_archive._decoded(json.dumps(content).encode(), "forum.json")
    return forum_archive.examine(read, {name: forum_archive._rows(name, read, "forum.json") for name in read.tables})


def test_a_row_that_was_added_to_the_file_is_found(exported: bytes):
    whole = json.loads(exported)
    for name in whole["tables"].keys() - UNDIGESTED.keys() - {"head", "forum"}:
        rows = whole["tables"][name]
        proof = proved({**whole, "tables": {**whole["tables"], name: [*rows, another(name, rows[-1])]}})
        assert name in {finding.table for finding in proof.findings}, name


def test_a_vote_is_no_row_that_a_file_may_leave_unproved(exported: bytes):
    content = json.loads(exported)
    added = another("question_cast", content["tables"]["question_cast"][0])
    content["tables"]["question_cast"].append(added)
    key = row_digests.key_of(Model.metadata.tables["question_cast"], added)
    content["uncovered"] = {"question_cast": [key]}
    assert [(one.table, one.row) for one in proved(content).findings] == [("question_cast", key)]


def test_what_forums_share_and_another_one_names_is_told_by_row(exported: bytes):
    content = json.loads(exported)
    added = another("organisation", content["tables"]["organisation"][0])
    content["tables"]["organisation"].append(added)
    content["uncovered"] = {"organisation": [added["id"]]}
    proof = proved(content)
    assert (proof.findings, proof.unproved["organisation"]) == ((), 1)
    assert [(one.table, one.row) for one in proof.unnamed] == [("organisation", added["id"])]


SAID_ELSEWHERE = {  # kinds of tampering that touch what a forum's file does not hold, or leave it consistent
    "another date beside an entry",
    "a checkpoint with another root",
    "a whole history rewritten",  # only a checkpoint kept outside tells
    "an entry put in the place of another",
    "the last entries cut off",
    "an entry added",  # to the log of the key, which is no forum's
}


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind[0])
def test_what_was_tampered_with_before_the_export_is_refused_with_a_list(store, any_store_elsewhere, tmp_path, kind):
    name, act, _ = kind
    rooms.filled(store, tmp_path / "keys")
    rooms.tamper(store, act)
    data = out(store)
    refused = nullcontext() if name in SAID_ELSEWHERE else pytest.raises(AlteredForum)
    with refused as refusal, any_store_elsewhere.writing() as db:
        import_forum(db, data, source="forum.json", actor=OPERATOR)
    assert refusal is None or all(finding.table and finding.row for finding in refusal.value.findings)


def test_what_an_operator_takes_in_all_the_same_is_named_by_every_audit(
    exported, any_store_elsewhere, tmp_path, capsys, monkeypatch
):
    content = json.loads(exported)
    decision = content["tables"]["decision"][0]
    decision["reason"] = "Because."
    (tmp_path / "forum.json").write_bytes(json.dumps(content).encode())
    monkeypatch.setenv("WORKSPACE_DATABASE_URL", any_store_elsewhere.engine.url.render_as_string(hide_password=False))
    monkeypatch.chdir(tmp_path)

    assert run(["import", "forum.json"]) == 1
    assert decision["id"] in capsys.readouterr().err
    assert run(["import", "forum.json", "--accept-altered", "All that is left."]) == 0
    capsys.readouterr()
    assert run(["audit", "verify"]) == 1
    assert decision["id"] in capsys.readouterr().err
    assert run(["audit", "replay", "third-forum/declaration"]) == 1, capsys.readouterr().err
    assert decision["id"] in capsys.readouterr().err


def test_what_came_altered_with_a_program_that_did_not_look_is_found_by_the_audit(
    exported, any_store_elsewhere, monkeypatch
):
    content = json.loads(exported)
    content["tables"]["recommendation"][0]["text"] = "Pay more."
    monkeypatch.setattr(forum_archive, "examine", lambda *_: forum_archive.ForumProof((), {}))
    record = log.record_all

    def as_before(db, events, **given):
        return record(db, [log.LogEvent(event.kind, {"sha256": ""}) for event in events], **given)

    monkeypatch.setattr(log, "record_all", as_before)
    with any_store_elsewhere.writing() as db:
        import_forum(db, json.dumps(content).encode(), source="forum.json", actor=OPERATOR)

    assert {(one.table, one.row) for one in rooms.audited(any_store_elsewhere).findings} == {
        ("recommendation", content["tables"]["recommendation"][0]["id"])
    }


def test_what_no_entry_names_is_refused_by_name_or_taken_in_and_named_by_every_audit(exported, any_store_elsewhere):
    content = json.loads(exported)
    content["tables"]["term"].append(another("term", content["tables"]["term"][0]))
    data = json.dumps(content).encode()
    with pytest.raises(AlteredForum) as refusal, any_store_elsewhere.writing() as db:
        import_forum(db, data, source="forum.json", actor=OPERATOR)
    assert [(one.table, one.row) for one in refusal.value.findings] == [("term", str(UUID(int=7)))]
    with any_store_elsewhere.writing() as db:
        _, proof = import_forum(db, data, source="forum.json", actor=OPERATOR, accept_altered="All that is left.")
    assert "term" not in proof.unproved
    assert "segment" in proof.unproved
    audited = rooms.audited(any_store_elsewhere)
    assert audited.unproved == proof.unproved
    assert ("term", str(UUID(int=7))) in {(one.table, one.row) for one in audited.findings}
