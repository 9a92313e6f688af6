"""Tables and papers from the command line: the same files as in the browser."""

import io

import openpyxl
import pypdfium2
import pytest
from click.testing import CliRunner

from tests.support.texts import reword
from tests.workspace.amendments.room import WATER, opened
from workspace.amendments.snapshots import SnapshotService
from workspace.core.settings import DEFAULT_PORT, Settings
from workspace.desk.cli.tables import table

TEXT = "third-forum/declaration"


@pytest.fixture
def room(store):
    room = opened(store)
    room.propose(reword(room.block(0), WATER.replace("clean", "free")))
    return room


def run(room, path, *arguments: str):
    settings = Settings(database_url=room.store.engine.url.render_as_string(hide_password=False))
    done = CliRunner().invoke(table, [TEXT, *arguments, "--output", str(path)], obj=settings, catch_exceptions=False)
    assert done.exit_code == 0, done.output
    return path.read_bytes()


def test_every_table_is_written_in_every_form(room, tmp_path):
    book = openpyxl.load_workbook(io.BytesIO(run(room, tmp_path / "a.xlsx", "amendments")))
    assert [row[0].value for row in book.active.rows][1:] == [1]
    for what in ("decisions", "votes", "roll-calls", "coverage", "recommendations"):
        assert run(room, tmp_path / f"{what}.csv", what, "--form", "csv").startswith(b"\xef\xbb\xbf")
    heads = {what: (tmp_path / f"{what}.csv").read_bytes().splitlines()[0] for what in ("coverage", "recommendations")}
    assert len(set(heads.values())) == 2


def test_papers_are_made_of_the_last_table_that_was_taken(room, tmp_path):
    with room.store.writing() as db:
        SnapshotService(db).take(room.declaration.id, actor=room.chair)
    assert run(room, tmp_path / "c.docx", "compilation", "--text", "es").startswith(b"PK")
    assert run(room, tmp_path / "c.pdf", "circular", "--form", "pdf").startswith(b"%PDF")
    words = pypdfium2.PdfDocument(tmp_path / "c.pdf")[0].get_textpage().get_text_range()
    assert f"http://127.0.0.1:{DEFAULT_PORT}/en/{TEXT}" in words


def test_what_cannot_be_written_is_refused_with_a_sentence(room):
    settings = Settings(database_url=room.store.engine.url.render_as_string(hide_password=False))
    done = CliRunner().invoke(table, [TEXT, "amendments", "--form", "pdf"], obj=settings)
    assert done.exit_code == 2
    assert "pdf" in done.output
