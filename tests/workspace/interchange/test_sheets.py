"""Spreadsheets: what the committee works with out as tables, and amendments in from a sheet that was filled in."""

import csv
import io
from datetime import datetime

import openpyxl
import pytest
import sqlalchemy as sa

from drafts.text.blocks import Language
from tests.support import factories, questions, site
from tests.support.page import Page
from tests.support.sheets import ods
from tests.support.site import token_of
from tests.support.texts import reword
from tests.workspace.amendments.browsing import DRAFT, browsing
from tests.workspace.amendments.room import LIGHT, SHADE, WATER, opened
from tests.workspace.interchange.side_door_cases import ADDRESS
from tests.workspace.interchange.test_side_door import filed, receipts, sent
from workspace.accounts.domain.service import AccountService
from workspace.amendments.domain.models import Verdict
from workspace.core.actor import Role
from workspace.people.models import Mandate

SHEETS = f"{DRAFT}/sheets"
PARAGRAPH, CURRENT, CHANGE, NEW, REASON, SENDER, KEY = range(7)


class Sheet:
    """The sheet for amendments in somebody's hands."""

    def __init__(self, data: bytes) -> None:
        self.book = openpyxl.load_workbook(io.BytesIO(data))
        self.page = self.book.active

    def row(self, place: int) -> list:
        return [cell.value for cell in self.page[place + 2]]

    def fill(self, place: int, column: int, words: str) -> "Sheet":
        self.page.cell(place + 2, column + 1, words)
        return self

    def copy(self, place: int) -> int:
        """A row of the same paragraph at the end; its place."""
        self.page.append(self.row(place))
        return self.page.max_row - 2

    def save(self) -> bytes:
        buffer = io.BytesIO()
        self.book.save(buffer)
        return buffer.getvalue()

    def as_csv(self) -> bytes:
        buffer = io.StringIO()
        csv.writer(buffer, delimiter=";").writerows([cell.value or "" for cell in row] for row in self.page.rows)
        return buffer.getvalue().encode("utf-8-sig")


def template(browser, text: str = "en", page: str = SHEETS) -> Sheet:
    answer = browser.client.get(f"{page}/template", params={"text": text})
    assert answer.status_code == 200, answer.text
    return Sheet(answer.content)


def brought(browser, data: bytes, name: str = "amendments.xlsx", **fields: str):
    data, fields = {"csrf": token_of(browser.client), **fields}, data
    files = {"file": (name, fields, "application/octet-stream")}
    return browser.client.post(SHEETS, data=data, files=files, follow_redirects=False)


def table(browser, kind: str) -> list[tuple]:
    answer = browser.client.get(f"{SHEETS}/{kind}/xlsx")
    assert answer.status_code == 200, answer.text
    page = openpyxl.load_workbook(io.BytesIO(answer.content)).active
    assert page.freeze_panes == "A2"
    assert page.auto_filter.ref
    return [tuple(row) for row in page.iter_rows(values_only=True)]


def test_a_filled_sheet_becomes_amendments_of_those_it_names_who_get_a_receipt(room, office):
    sheet = template(office)
    assert [sheet.row(place)[CURRENT] for place in range(3)] == [WATER, LIGHT, SHADE]
    sheet.fill(0, NEW, WATER.replace("clean", "free")).fill(0, REASON, "It is a right.").fill(
        0, SENDER, room.member.name
    )
    sheet.fill(1, CHANGE, "delete").fill(1, SENDER, ADDRESS)
    again = sheet.copy(2)
    sheet.fill(again, CHANGE, "new paragraph after").fill(again, NEW, "Towns shall mend pumps.")
    sheet.fill(again, SENDER, room.other.name)

    address = brought(office, sheet.save()).headers["location"]
    page = office.page(address)
    assert page.count == 3
    assert page.data("row")[0] == "2"
    assert filed(room) == {}
    member, other = str(room.member.person_id), str(room.other.person_id)
    chosen = page.root.xpath("//select[@name='person']/option[@selected]/@value")
    assert sorted(chosen) == sorted([member, member, other])

    fields = {"take": ["0", "1", "2"], "person": [member, member, other], "reason": ["It is a right.", "", ""]}
    assert office.fill(office.see(address), address, **fields).status_code == 303
    assert filed(room) == {
        1: (room.member.name, "It is a right.", [WATER.replace("clean", "free")]),
        2: (room.member.name, "", ["delete"]),
        3: (room.other.name, "", ["Towns shall mend pumps."]),
    }
    assert receipts(room)[0][:2] == (ADDRESS, "1, 2")


def test_every_cell_that_cannot_be_taken_is_named_and_the_other_rows_can_be_filed(office):
    sheet = template(office)
    sheet.fill(0, NEW, WATER)
    sheet.fill(1, CHANGE, "improve").fill(1, NEW, "x")
    sheet.fill(2, NEW, SHADE.replace("one", "two")).fill(2, SENDER, "Somebody Else")
    lost = sheet.copy(2)
    sheet.fill(lost, KEY, "gone")
    empty = sheet.copy(2)
    sheet.fill(empty, CHANGE, "new wording").fill(empty, NEW, "")

    page = office.page(brought(office, sheet.save()).headers["location"])

    assert dict(zip(page.data("cell"), page.data("error"), strict=True)) == {
        "D2": "no_change",
        "C3": "unknown_change",
        "F4": "unknown_sender",
        "G5": "no_key",
        "D6": "no_words",
    }
    assert page.count == 1


@pytest.mark.parametrize("language", ["es", "fr"])
def test_a_sheet_made_in_another_language_comes_back_as_it_went(office, language):
    sheet = template(office, page=SHEETS.replace("/en/", f"/{language}/"))
    verbs = sheet.page.data_validations.dataValidation[0].formula1.strip('"').split(",")
    sheet.fill(1, CHANGE, verbs[1])
    page = office.page(brought(office, sheet.as_csv(), "amendments.csv").headers["location"])
    assert page.count == 1
    assert page.data("cell") == []


def test_a_sheet_of_an_older_revision_is_read_against_that_revision(room, office):
    sheet = template(office).fill(2, NEW, SHADE.replace("one", "two"))
    room.edit(reword(room.block(0), "Towns shall share clean water with all."))

    address = brought(office, sheet.save()).headers["location"]
    person = str(room.member.person_id)
    assert office.fill(office.see(address), address, take="0", person=person, reason="").status_code == 303
    assert filed(room)[1][2] == [SHADE.replace("one", "two")]
    assert room.amendment(1).own.base_revision.number == 1


def test_the_same_proposal_is_recognised_when_a_corrected_sheet_comes(room, office):
    room.propose(reword(room.block(0), WATER.replace("clean", "free")))
    sheet = template(office).fill(0, NEW, WATER.replace("clean", "free"))
    assert office.page(brought(office, sheet.save()).headers["location"]).data("same") == ["1"]


def test_what_is_not_the_sheet_is_refused_with_a_sentence(office):
    book = openpyxl.Workbook()
    book.active.append(["Name", "Wish"])
    buffer = io.BytesIO()
    book.save(buffer)
    empty = template(office).save()
    for data, refusal in (
        (buffer.getvalue(), "workspace.bad_file:not_our_sheet"),
        (b"PK\x03\x04 no archive", "workspace.bad_file:not_our_sheet"),
        (empty, "workspace.bad_file:nothing_filled_in"),
        (b"", "workspace.bad_file:empty"),
    ):
        answer = brought(office, data)
        assert answer.status_code == 422
        assert Page(answer).field("file").error == refusal


def test_a_sheet_of_another_declaration_is_refused(room, office):
    with room.store.writing() as db:
        factories.declaration(db, "Another text.", slug="other")
    other = SHEETS.replace("/declaration/", "/other/")
    sheet = template(office, page=other).fill(0, NEW, "Other words.")
    answer = brought(office, sheet.save())
    assert answer.status_code == 422
    assert Page(answer).refusal == "workspace.invalid:of_another_text"


def test_a_member_takes_the_sheet_away_and_brings_none_in(room):
    with browsing(room.store, room.member) as browser:
        sheet = template(browser).fill(0, NEW, "Other words.")
        assert not browser.page(SHEETS).has_field("file")
        assert brought(browser, sheet.save()).status_code == 404
    with browsing(room.store, None) as visitor:
        assert visitor.see(SHEETS).status_code == 404
        assert visitor.see(f"{SHEETS}/template?text=en").status_code == 404
        assert visitor.see(f"{SHEETS}/amendments/xlsx").status_code == 404


def test_amendments_and_decisions_are_tables_of_real_numbers_and_moments(room, office):
    number = room.propose(reword(room.block(0), "=1+1"))
    room.decide({number: Verdict.REJECT})

    [heading, row] = table(office, "amendments")
    assert heading[0]
    assert row[0] == number
    assert isinstance(row[5], datetime)
    assert row[9] == "=1+1"
    [_, decision] = table(office, "decisions")
    assert decision[:1] == (1,)
    assert isinstance(decision[1], datetime)
    assert decision[2] == number
    plain = office.client.get(f"{SHEETS}/amendments/csv").content.decode("utf-8-sig")
    assert ",'=1+1," in plain


def test_a_table_is_made_once_and_anew_for_all_that_is_changed_said_or_allowed_since(room, office):
    first, path = room.propose(reword(room.block(0), "Towns share wells.")), f"{SHEETS}/amendments/xlsx"
    made = office.queries(path)
    with site.counted(room.store) as asked:
        told = [table(office, "amendments")]
    assert len(asked) < made / 2

    def differs(kind: str = "amendments") -> bool:
        told.append(table(office, kind))
        return told[-1] not in told[:-1]

    second = room.propose(reword(room.block(1), "Towns share lamps."))
    assert differs()
    room.withdraw(second)
    assert differs()
    room.edit(reword(room.block(2), "Towns plant trees."))
    assert differs("coverage")
    with room.store.writing() as db:
        AccountService(db).change_profile(actor=room.member, name="Marta O. Ruiz")
    assert differs()
    assert told[-1][1][3].startswith("Marta O. Ruiz")
    room.decide({first: Verdict.REJECT})
    assert differs()
    assert differs("decisions")
    french = office.client.get(path.replace("/en/", "/fr/")).content
    assert openpyxl.load_workbook(io.BytesIO(french)).active.cell(1, 1).value != told[0][0][0]
    with browsing(room.store, None) as visitor:
        assert visitor.see(path).status_code == 404
    with room.store.writing() as db:
        db.execute(sa.delete(Mandate).where(Mandate.role == Role.SECRETARIAT))
    assert office.see(path).status_code == 404


def test_votes_are_counted_in_numbers_and_a_secret_one_names_nobody(room):
    with room.store.writing() as db:
        questions.several(db, room.member, room.chair)
        secretary = factories.person(db, Role.SECRETARIAT)
    with browsing(room.store, secretary) as browser:
        page = SHEETS.replace("/declaration/", "/voted/")
        votes, calls = (
            openpyxl.load_workbook(io.BytesIO(browser.client.get(f"{page}/{kind}/xlsx").content)).active
            for kind in ("votes", "roll-calls")
        )
    rows = list(votes.iter_rows(min_row=2, values_only=True))
    assert [row[1] == rows[0][1] for row in rows] == [True, True, False], "two votes and a silence procedure"
    assert rows[0][8] == 2
    assert rows[1][10] == 1
    named = list(calls.iter_rows(min_row=2, values_only=True))
    assert {row[0] for row in named} == {1}
    assert {row[1] for row in named} >= {"Town of Alta", "Town of Baja"}


def test_coverage_has_a_row_for_each_source_and_for_each_paragraph_without_one(office):
    rows = table(office, "coverage")
    assert [row[1] for row in rows[1:]] == [WATER, LIGHT, SHADE]
    assert [bool(row[5]) for row in rows[1:]] == [False] * 3
    assert len({row[6] for row in rows[1:]}) == 1


def test_the_api_does_the_same(house):
    place = house.declaration(WATER, LIGHT)
    secretary = house[Role.SECRETARIAT]
    for kind in ("amendments", "decisions", "votes", "roll-calls", "coverage"):
        assert secretary.get(f"{place.path}/sheets/{kind}/fr/xlsx").content[:2] == b"PK"
        assert secretary.get(f"{place.path}/sheets/{kind}/es/csv").content[:3] == b"\xef\xbb\xbf"
    assert secretary.get(f"{place.path}/sheets/gossip/en/csv").status_code == 404
    out = secretary.get(f"{place.path}/sheets/template/{Language.EN}")
    filled = Sheet(out.content).fill(0, NEW, WATER.replace("clean", "free")).fill(1, CHANGE, "what")
    files = {"file": ("sheet.xlsx", filled.fill(1, NEW, "x").save())}
    assert house[Role.MEMBER].post(f"{place.path}/sheets/filled", files=files).status_code == 404
    read = secretary.post(f"{place.path}/sheets/filled", files=files)
    assert read.status_code == 201, read.text
    body = read.json()
    assert [(one["row"], one["changes"][0]["text"]) for one in body["drafts"]] == [(2, WATER.replace("clean", "free"))]
    assert body["wrong_cells"] == [{"cell": "C3", "error": "unknown_change", "said": "what"}]
    filing = {"drafts": [{"place": 0, "person": str(house.people[Role.MEMBER].person_id)}]}
    path, seen = f"{place.path}/mails/{body['mail']['id']}/settlement", read.headers["etag"].strip('"')
    settled = secretary.post(path, filing, if_match=seen)
    assert settled.json()["amendments"] == [1]


def test_the_sheet_comes_back_as_opendocument_and_nothing_goes_out_as_such(office):
    assert office.client.get(f"{SHEETS}/amendments/ods").status_code == 404
    head, *lines = [[cell or "" for cell in row] for row in template(office).fill(1, CHANGE, "delete").page.values]
    answer = brought(office, ods(head, *lines[:1], [], *lines[1:]), name="amendments.ods")
    assert office.page(answer.headers["location"]).count == 1


def test_footnotes_and_references_are_written_out_in_the_sheet_and_read_again(store, office_of):
    room = opened(store, "Towns keep wells[^1] for all.", "Towns share water.")
    office = office_of(room)
    room.edit(reword(room.block(1), f"Towns share the water of paragraph [](#b-{room.block(0)})."))
    sheet = template(office)
    assert [sheet.row(place)[CURRENT] for place in (0, 1)] == [
        "Towns keep wells[1] for all.",
        "Towns share the water of paragraph 1.",
    ]
    sheet.fill(0, NEW, "Towns keep deep wells[1] for all.").fill(1, NEW, "Towns share all the water of paragraph 1.")
    address = sent(office, file=sheet.save(), name="sheet.xlsx").headers["location"]
    person = str(room.member.person_id)
    office.fill(office.see(address), address, take=["0", "1"], person=[person, person], reason=["", ""])
    assert [words for *_, words in filed(room).values()] == [
        ["Towns keep deep wells[^1] for all."],
        [f"Towns share all the water of paragraph [](#b-{room.block(0)})."],
    ]
