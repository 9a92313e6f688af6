"""The readable log: who sees what of it, in three languages, filtered, page by page, and as files."""

import ast
import csv
import io
import json
import re
from pathlib import Path

import openpyxl
import pytest
import sqlalchemy as sa

import workspace
from drafts.text.blocks import Language
from tests.support import factories, site
from tests.support.factories import EN
from tests.support.page import Page
from tests.support.prepared import everything
from workspace.amendments.domain.models import Amendment
from workspace.comments.service import CommentService
from workspace.core.actor import Actor, Role
from workspace.core.storage.db import Store
from workspace.core.storage.log import LogEntry
from workspace.declarations.domain import queries
from workspace.slices import REGISTRY
from workspace.web.refusals.slice_registry import log_message

PAGE = "/en/third-forum/log"
KIND = re.compile(r"^[a-z_]+\.[a-z_]+$")
NO_KIND = {  # words of the same shape that stand beside them: permissions, refusals, jobs, what a webhook is tried with
    "approvals.lapsing",
    "forum.import",
    "log.read",
    "procedure.silences",
    "web.answer_lost",
    "web.key_reused",
    "webhook.test",
}
FILLED = re.compile(r"%\((\w+)\)s")


@pytest.fixture
def filled(store: Store) -> Store:
    everything(store)
    return store


def person(store: Store, role: Role) -> Actor:
    with store.writing() as db:
        return factories.person(db, role)


def read(store: Store, actor: Actor | None, address: str = PAGE):
    with site.browser(store, actor) as client:
        return client.get(address)


def recorded() -> set[str]:
    """Every kind that the program records: words of that shape in files that write to the log."""
    found = set()
    for path in Path(workspace.__file__).parent.rglob("*.py"):
        source = path.read_text(encoding="utf-8")
        if re.search(r"\blog\.record\(|\brecord\(|_record\(", source):
            found |= {
                one.value
                for one in ast.walk(ast.parse(source))
                if isinstance(one, ast.Constant)
                and isinstance(one.value, str)
                and KIND.match(one.value)
                and not one.value.endswith(".json")
            }
    return found - set(REGISTRY.grants) - NO_KIND


def test_every_kind_that_the_program_records_has_a_sentence():
    assert recorded() - set(REGISTRY.log_kinds) == set()


def test_every_entry_can_fill_its_sentence(filled: Store):
    with filled.reading() as db:
        for entry in db.scalars(sa.select(LogEntry)):
            facts = json.loads(entry.entry)["facts"]
            assert set(FILLED.findall(log_message(entry.kind, facts))) <= set(facts), entry.kind


@pytest.mark.parametrize("language", Language)
def test_the_page_is_there_in_each_language(filled: Store, language: Language):
    page = read(filled, person(filled, Role.CHAIR), f"/{language}/third-forum/log")

    assert page.status_code == 200
    assert Page(page).language == language
    assert "%(" not in page.text


def test_staff_read_everything_with_the_reasons(filled: Store):
    page = Page(read(filled, person(filled, Role.SECRETARIAT), f"{PAGE}?topic=amendments"))

    assert "decision.taken" in page.data("log")
    assert "Agreed." in page.text


@pytest.mark.parametrize("role", [Role.AUDITOR, Role.ADMIN])
def test_auditors_read_everything_without_what_people_wrote(filled: Store, role: Role):
    actor = person(filled, role)
    assert "decision.taken" in Page(read(filled, actor, f"{PAGE}?topic=amendments")).data("log")
    for address in (
        PAGE,
        "/en/third-forum/log.csv",
        "/en/third-forum/log.xlsx",
        "/en/third-forum/log.jsonl",
        "/api/forums/third-forum/log",
    ):
        assert "Agreed." not in read(filled, actor, address).text


def test_a_member_reads_what_they_did_and_no_more(filled: Store):
    with filled.reading() as db:
        proposer = db.scalars(sa.select(Amendment)).first().proposer.as_actor()
    items = read(filled, proposer, "/api/forums/third-forum/log").json()["items"]

    assert {item["actor"] for item in items} == {str(proposer.person_id)}
    assert {"amendment.proposed", "comment.opened"} <= {item["kind"] for item in items}


@pytest.mark.parametrize("address", [PAGE, f"{PAGE}.csv", f"{PAGE}.jsonl", "/api/forums/third-forum/log"])
def test_for_a_visitor_there_is_no_log(filled: Store, address: str):
    assert read(filled, None, address).status_code == 404


def test_it_is_filtered_by_topic_person_declaration_and_day(filled: Store):
    chair = person(filled, Role.CHAIR)
    with filled.reading() as db:
        entry = db.scalars(sa.select(LogEntry).where(LogEntry.kind == "amendment.proposed")).first()

    def found(**asked: str) -> set[str]:
        with site.browser(filled, chair) as client:
            answered = client.get("/api/forums/third-forum/log", params={"limit": 200, **asked})
        return {item["kind"] for item in answered.json()["items"]}

    assert {kind.split(".")[0] for kind in found(topic="comments")} <= {"comment", "guest"}
    assert found(topic="comments") >= {"comment.opened"}
    assert found(person=str(entry.actor_id)) >= {"amendment.proposed", "comment.opened"}
    assert "forum.founded" not in found(person=str(entry.actor_id))
    assert "forum.founded" not in found(declaration=str(entry.declaration_id))
    assert "amendment.proposed" in found(declaration=str(entry.declaration_id))
    assert found(first="2999-01-01") == found(last="2000-01-01") == set()
    assert "amendment.proposed" in found(first=entry.at.date().isoformat(), last=entry.at.date().isoformat())


@pytest.mark.parametrize("asked", ["topic=nonsense", "person=me", "from=yesterday", "cursor=x"])
def test_a_filter_that_makes_no_sense_is_said_beside_it(filled: Store, asked: str):
    page = read(filled, person(filled, Role.CHAIR), f"{PAGE}?{asked}")

    assert page.status_code == 422
    assert 'role="alert"' in page.text


def test_it_goes_on_page_by_page_and_asks_the_database_no_more_often(store: Store):
    with store.writing() as db:
        chair = factories.chair(db)
        draft = factories.declaration(db)
        block = queries.head_rows(db, draft)[0].block_id
        for number in range(60):
            CommentService(db).open(draft, block, text=f"Remark {number}", language=EN, actor=chair)

    with site.browser(store, chair) as client:
        first = client.get(PAGE)
        older = re.search(r'href="(\?cursor=\d+)"', first.text).group(1)
        with site.counted(store) as whole:
            second = client.get(PAGE + older)
        with site.counted(store) as short:
            client.get(f"{PAGE}?topic=sources")
        shown = [int(one) for page in (first, second) for one in re.findall(r'<li id="e(\d+)"', page.text)]
        cursor, listed = "", []
        while cursor is not None:
            answered = client.get("/api/forums/third-forum/log", params={"limit": 7, "cursor": cursor}).json()
            listed += [item["sequence"] for item in answered["items"]]
            cursor = answered["next"]

    assert shown == listed == sorted(set(listed), reverse=True)
    assert len(listed) > 60
    assert len(whole) <= len(short) + 1


def test_no_cell_of_the_spreadsheet_begins_like_a_formula(store: Store):
    with store.writing() as db:
        chair = factories.person(db, Role.CHAIR, name="=HYPERLINK(1)")
        draft = factories.declaration(db)
        CommentService(db).open(draft, queries.head_rows(db, draft)[0].block_id, text="x", language=EN, actor=chair)

    answered = read(store, chair, f"{PAGE}.csv")

    rows = list(csv.DictReader(io.StringIO(answered.content.decode("utf-8-sig"))))
    assert answered.headers["content-disposition"] == 'attachment; filename="log.csv"'
    assert "'=HYPERLINK(1)" in {cell for row in rows for cell in row.values()}
    assert not any(cell.startswith(("=", "+", "-", "@")) for row in rows for cell in row.values())
    entries = [int(next(iter(row.values()))) for row in rows]
    assert entries == sorted(entries)


def test_the_workbook_has_the_same_rows_with_values_and_nothing_to_carry_out(store: Store):
    with store.writing() as db:
        chair = factories.person(db, Role.CHAIR, name="=HYPERLINK(1)")
        draft = factories.declaration(db)
        CommentService(db).open(draft, queries.head_rows(db, draft)[0].block_id, text="x", language=EN, actor=chair)

    rows = list(csv.reader(io.StringIO(read(store, chair, f"{PAGE}.csv").content.decode("utf-8-sig"))))
    [sheet] = openpyxl.load_workbook(io.BytesIO(read(store, chair, f"{PAGE}.xlsx").content)).worksheets
    cells = list(sheet.iter_rows())

    assert [str(row[0].value) for row in cells] == [row[0] for row in rows]
    assert "=HYPERLINK(1)" in {row[5].value for row in cells}
    assert {cell.data_type for row in cells for cell in row} <= {"s", "inlineStr", "n", "d"}


def test_lines_for_a_program_give_every_entry_with_its_hash(filled: Store):
    lines = read(filled, person(filled, Role.CHAIR), f"{PAGE}.jsonl").text.splitlines()

    with filled.reading() as db:
        hashes = dict(db.execute(sa.select(LogEntry.sequence, LogEntry.leaf_hash)).all())
    for line in map(json.loads, lines):
        assert line["leaf_hash"] == hashes[line["sequence"]]
    assert len(lines) > 20
