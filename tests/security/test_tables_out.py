"""Every table that leaves the program: no cell of it is a formula, whatever people have written."""

import csv
import io
import re
import zipfile
from itertools import product

import pytest
import sqlalchemy as sa

from drafts.formats.glossary_csv import GlossaryRow, read
from drafts.text.blocks import Language
from tests.security import walking
from tests.security.walking import Quarter
from tests.support import factories
from workspace.core.actor import Role
from workspace.core.security.permissions import Phase
from workspace.core.sheets import XLSX
from workspace.interchange.intake.sheets.tables import TableKind
from workspace.people.models import Organisation, Person
from workspace.terms.glossary import GlossaryService
from workspace.terms.policy import Scope

COMMAND = '=HYPERLINK("x";A1) ;=1+1;;"=2+2;\n=3+3;\t@SUM(1) '
ONE_LINE = COMMAND.replace("\n", "").replace("\t", "")
_STARTS = tuple("=+-@\t\r\n＝＋－＠")
PARTED = ",;\t"  # how spreadsheet programs part cells, by the language of whoever opens a file
_CHOICES = ("csv", "xlsx", *TableKind)


@pytest.fixture
def quarter(store, monkeypatch):
    for name in ("TEXT", "REASON", "SAID", "INTERNAL"):
        monkeypatch.setattr(walking, name, COMMAND + getattr(walking, name))
    with Quarter(store, Phase.DRAFTING) as quarter:
        with store.writing() as db:
            db.execute(sa.update(Person).values(name=sa.literal(COMMAND) + Person.name))
            db.execute(sa.update(Organisation).values(name=sa.literal(COMMAND) + Organisation.name))
            words = dict.fromkeys(Language, (f"{ONE_LINE}water", "@home"))
            row = GlossaryRow(words, words, domain="+1", note="-1")
            GlossaryService(db).add(Scope(factories.forum(db)), row, actor=quarter.people[Role.SECRETARIAT])
        yield quarter


def addresses(quarter: Quarter) -> list[str]:
    """Every address of a file that is read, in each kind that it may be had in."""
    found = []
    for door in quarter.doors():
        names = re.findall(r"{(kind|form)}", door.route)
        for chosen in product(_CHOICES, repeat=len(names)) if door.method == "GET" else ():
            rest = dict.fromkeys(re.findall(r"{(\w+)}", door.route), "1")
            found.append(door.route.format_map({**rest, **quarter.known, **dict(zip(names, chosen, strict=True))}))
    return found


def cells(content: bytes, media_type: str) -> list[str]:
    if media_type == XLSX:
        with zipfile.ZipFile(io.BytesIO(content)) as book:
            sheets = b"".join(book.read(name) for name in book.namelist() if name.startswith("xl/worksheets/"))
            assert b"<f>" not in sheets
            strings = [book.read(name) for name in book.namelist() if name == "xl/sharedStrings.xml"]
            return re.findall(r"<t[^>]*>([^<]*)", b"".join([sheets, *strings]).decode())
    text = content.decode("utf-8-sig")
    return [cell for sign in PARTED for row in csv.reader(io.StringIO(text), delimiter=sign) for cell in row]


def test_no_cell_of_any_table_is_a_formula(quarter):
    started, tables = [], {}
    for path in addresses(quarter):
        for role in (Role.SECRETARIAT, Role.CHAIR):
            answer = quarter.ask(role, "GET", path)
            media_type = answer.headers.get("content-type", "").partition(";")[0]
            if answer.status_code != 200 or media_type not in {"text/csv", XLSX}:
                continue
            found = cells(answer.content, media_type)
            tables[path] = tables.get(path, False) or any("=HYPERLINK" in cell for cell in found)
            if media_type != XLSX:
                started += [(path, cell) for cell in found if cell.startswith(_STARTS)]
    assert started == []
    assert len(tables) >= 12
    assert sum(tables.values()) >= 8  # and the words were there


def test_a_glossary_comes_back_as_it_went(quarter):
    with quarter.store.reading() as db:
        scope, actor = Scope(factories.forum(db)), quarter.people[Role.SECRETARIAT]
        kept = GlossaryService(db).as_table(scope, actor=actor)
    [row] = read(kept)
    assert row.wordings[Language.EN] == (f"{ONE_LINE}water", "@home")
    assert (row.domain, row.note) == ("+1", "-1")
