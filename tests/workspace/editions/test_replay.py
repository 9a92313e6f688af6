"""The text built anew from the log alone, through the operator's command."""

import json
from collections.abc import Callable

import pytest
import sqlalchemy as sa

from drafts.text.blocks import Language, content_hash, folded_hash
from tests.support.factories import EN, FR
from tests.workspace.editions.conftest import Hall
from tests.workspace.history.rooms import tamper
from workspace.cli import run
from workspace.core.storage.db import Model, Store

TEXTS = {language: f"Torbu selmi water, {language.value}." for language in Language}


@pytest.fixture
def plenary(hall: Callable[..., Hall], store: Store, monkeypatch: pytest.MonkeyPatch) -> Hall:
    """Two paragraphs; a word was added to the first, and its translations followed."""
    monkeypatch.setenv("WORKSPACE_DATABASE_URL", store.engine.url.render_as_string())
    found = hall(TEXTS, {language: f"Vandra kelu mip, {language.value}." for language in Language})
    found.reword(EN, 0, "Torbu selmi clean water, en.")
    for language in (Language.ES, FR):
        found.save(language, 0, f"Torbu selmi clean water, {language.value}.", sources=(EN,))
    return found


def address(plenary: Hall) -> str:
    with plenary.store.reading() as db:
        declaration = plenary.declaration(db)
        return f"{declaration.forum.slug}/{declaration.slug}"


def told(plenary: Hall, capsys: pytest.CaptureFixture[str]) -> tuple[int, dict]:
    capsys.readouterr()
    code = run(["audit", "replay", address(plenary), "--json"])
    return code, json.loads(capsys.readouterr().out)


def put(plenary: Hall, statement: sa.Executable) -> None:
    tamper(plenary.store, lambda connection: connection.execute(statement))


def test_every_word_follows_from_the_log_and_names_its_cause(plenary: Hall, capsys):
    plenary.sign()
    plenary.request()
    plenary.publish()
    code, found = told(plenary, capsys)
    assert (code, found["troubles"]) == (0, [])
    causes = {one["entry"]: one["kind"] for one in found["causes"]}
    first = found["paragraphs"][0]["texts"]["en"]
    assert [(run["text"], causes[run["entry"]]) for run in first] == [
        ("Torbu selmi ", "import"),
        ("clean ", "editorial"),
        ("water, en.", "import"),
    ]
    assert [one["published"] == one["replayed"] for one in found["editions"]] == [True]


def test_words_changed_in_the_database_are_named_with_their_place(plenary: Hall, capsys):
    versions = Model.metadata.tables["text_version"]
    words = "Torbu selmi dirty water, en."
    put(
        plenary,
        sa.update(versions)
        .where(versions.c.content == "Torbu selmi clean water, en.")
        .values(content=words, content_hash=content_hash(words), folded_hash=folded_hash(words)),
    )
    assert run(["audit", "replay", address(plenary)]) == 1
    assert "was altered: 1 en" in capsys.readouterr().err


def test_a_text_put_in_force_past_the_program_is_found(plenary: Hall, capsys):
    heads, versions = Model.metadata.tables["head"], Model.metadata.tables["text_version"]
    older = sa.select(versions.c.id).where(versions.c.content == TEXTS[EN]).scalar_subquery()
    newer = sa.select(versions.c.id).where(versions.c.content == "Torbu selmi clean water, en.").scalar_subquery()
    put(plenary, sa.update(heads).where(heads.c.text_version_id == newer).values(text_version_id=older))
    assert run(["audit", "replay", address(plenary)]) == 1
    assert "The text in force is not the one in the log: 1 en." in capsys.readouterr().err


def test_a_revision_that_pins_something_else_is_found(plenary: Hall, capsys):
    rows = Model.metadata.tables["revision_block"]
    put(plenary, sa.update(rows).where(rows.c.position == 1).values(fr_id=None))
    code, found = told(plenary, capsys)
    assert code == 1
    assert {one["what"] for one in found["troubles"]} == {"revision_differs"}
    assert {one["language"] for one in found["troubles"]} == {FR.value}


@pytest.mark.usefixtures("plenary")
def test_a_declaration_that_is_not_there_is_a_wrong_call():
    assert run(["audit", "replay", "nowhere/nothing"]) == 4
