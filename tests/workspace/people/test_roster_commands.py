"""People from a spreadsheet at the command line: every problem is named by its row, and all rows come in or none."""

import pytest

from tests.support import factories
from workspace.cli import run
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
    assert "Row 3. E-mail: This is not an e-mail address: write it like name@example.org." in said.err
    assert "Row 3. Role: “rey” is not a role." in said.err
    assert "Good rows: 1 of 2. Nothing was taken in." in said.out
    assert names(store) == set()


def test_the_good_rows_come_in_when_that_is_asked_for(store, sheet, capsys):
    assert run(["user", "import", str(sheet), "--forum", "third-forum", "--only-good", "--invite"]) == 0
    assert "One person is new, one invitation is on its way." in capsys.readouterr().out
    assert names(store) == {"Inés Ñandú"}
