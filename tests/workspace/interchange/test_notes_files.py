"""Session notes as the files that people really send, through the API and the command line."""

import hashlib
import io
import json
from pathlib import Path

import docx
import pytest
import sqlalchemy as sa

from workspace.cli import run
from workspace.core.actor import Role
from workspace.sessions.models import SourceDocument

NOTES = "/forums/third-forum/notes"
LOCKED = (
    b"%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n2 0 obj<</Type/Pages/Kids[]/Count 0>>endobj\n"
    b"3 0 obj<</Filter/Standard/V 1/R 2/O(01234567890123456789012345678901)"
    b"/U(01234567890123456789012345678901)/P -4>>endobj\ntrailer<</Root 1 0 R/Encrypt 3 0 R/ID[(a)(a)]>>\n%%EOF"
)


def word(*paragraphs: str) -> bytes:
    document = docx.Document()
    document.add_heading("Shade for every street", 0)
    for paragraph in paragraphs:
        document.add_paragraph(paragraph)
    stream = io.BytesIO()
    document.save(stream)
    return stream.getvalue()


def test_a_word_file_is_taken_in_and_kept_as_it_came(house):
    data = word("Towns must plant a tree for every car they park.")

    [taken] = house[Role.RAPPORTEUR].post(NOTES, files=[("files", ("shade.docx", data))]).json()["items"]

    assert (taken["result"], len(taken["recommendations"])) == ("taken_in", 1)
    with house.store.reading() as db:
        kept = db.scalars(sa.select(SourceDocument).where(SourceDocument.name == "shade.docx")).one()
        assert kept.original == data
        assert kept.original_sha256 == hashlib.sha256(data).hexdigest()
        assert "Towns must plant a tree" in kept.text
        assert kept.media_type.endswith("wordprocessingml.document")


@pytest.mark.parametrize("language", ["en", "es", "fr"])
def test_a_file_that_cannot_be_read_gets_a_clear_answer_and_leaves_nothing(house, language):
    before = _documents(house)

    given = [("files", ("locked.pdf", LOCKED)), ("files", ("broken.docx", word("Words.")[:900]))]
    items = house.chair.post(NOTES, files=given, headers={"Accept-Language": language}).json()["items"]

    assert [item["result"] for item in items] == ["refused", "refused"]
    assert [item["refusal"]["facts"]["reason"] for item in items] == ["encrypted", "not_an_archive"]
    assert all(item["name"] in item["refusal"]["detail"] for item in items)
    assert _documents(house) == before


def _documents(house) -> int:
    with house.store.reading() as db:
        return db.scalar(sa.select(sa.func.count()).select_from(SourceDocument)) or 0


def test_many_files_at_once_keep_their_order_and_those_refused_are_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
):
    monkeypatch.chdir(tmp_path)
    names = [f"note-{number:03}.md" for number in range(60)]
    for number, name in enumerate(names):
        Path(name).write_text(f"# Minutes\n\nTowns must count their {number} wells every year.\n")
    Path("note-030.md").write_bytes(b"")

    assert run(["import", *names, "--dry-run", "--json"]) == 1

    told = capsys.readouterr()
    assert [one["source"] for one in json.loads(told.out)] == [name for name in names if name != "note-030.md"]
    assert "note-030.md" in told.err
