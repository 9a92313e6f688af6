"""People from a spreadsheet at the command line: every problem is named by its row, and all rows come in or none."""

import re

import pytest

from tests.support import factories
from workspace.cli import run
from workspace.core.outbox import Letter
from workspace.people.service import PeopleService

SHEET = "Nombre;Correo electrónico;Organización;Rol\nInés Ñandú;ines@alta.example;Alta;Relatora\nLuc;luc;Port;rey\n"


@pytest.fixture
def sheet(store, tmp_path, monkeypatch):
    monkeypatch.setenv("WORKSPACE_DATABASE_URL", store.engine.url.render_as_string())
    with store.writing() as db:
        factories.forum(db)
    file = tmp_path / "people.csv"
    file.write_text(SHEET, encoding="cp1252")
    return file


def names(store) -> set[str]:
    with store.reading() as db:
        return {person.name for person, _ in PeopleService(db).people(PeopleService(db).forum("third-forum"))}


def test_rows_with_problems_are_named_and_nothing_comes_in(store, sheet, capsys):
    assert run(["user", "import", str(sheet), "--forum", "third-forum"]) == 1

    said = capsys.readouterr()
    address, role = said.err.splitlines()
    assert all(re.findall(r"\d+", line) == ["3"] for line in (address, role))
    assert "“rey”" in role
    assert re.findall(r"\d+", said.out) == ["1", "2"]
    assert names(store) == set()


def test_the_good_rows_come_in_when_that_is_asked_for(store, sheet, capsys):
    assert run(["user", "import", str(sheet), "--forum", "third-forum", "--only-good", "--invite"]) == 0
    assert capsys.readouterr().out
    assert names(store) == {"Inés Ñandú"}
    with store.reading() as db:
        assert [letter.to for letter in db.query(Letter)] == ["ines@alta.example"]
