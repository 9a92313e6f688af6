"""Holding the bundle of a corrected edition against the one that it corrects."""

import pytest

from drafts.formats.bundle import pack, unpack
from drafts.verification.comparison import succession
from tests.workspace.editions.test_corrigenda import EN, RIGHT, WATER, Printed
from workspace.cli import run
from workspace.core.actor import OPERATOR
from workspace.core.jobs import JobContext
from workspace.core.settings import Settings
from workspace.editions.domain.publication import EditionService
from workspace.editions.jobs import sign_new_editions
from workspace.editions.verification.bundle import bundle_of
from workspace.history.signing_keys import KeyFolder, KeyService


@pytest.fixture
def printed(hall, store, monkeypatch, tmp_path):
    monkeypatch.setenv("WORKSPACE_DATABASE_URL", store.engine.url.render_as_string())
    monkeypatch.setenv("WORKSPACE_KEYS", str(tmp_path / "keys"))
    found = Printed(hall(WATER))
    with store.writing() as db:
        key = KeyService(db, KeyFolder(tmp_path / "keys")).create(actor=OPERATOR).public
    (tmp_path / "keys.txt").write_text(key.line + "\n")
    sign_new_editions(JobContext(store, Settings(keys=str(tmp_path / "keys"))))
    return found


def corrected(printed, tmp_path) -> list[bytes]:
    """The bundles of the edition that corrects a slip and of the one that has it, both sealed."""
    printed.correct()
    printed.say("ask", "A slip.")
    printed.confirm()
    sign_new_editions(JobContext(printed.store, Settings(keys=str(tmp_path / "keys"))))
    with printed.store.reading() as db:
        return [bundle_of(db, edition) for edition in EditionService(db).editions(printed.hall.declaration(db))]


def test_a_corrected_edition_is_verified_against_the_one_it_corrects(printed, tmp_path, capsys):
    later, first = corrected(printed, tmp_path)
    (tmp_path / "first.zip").write_bytes(first)
    (tmp_path / "later.zip").write_bytes(later)

    def verify(later, earlier) -> int:
        keys = ["--keys", str(tmp_path / "keys.txt")]
        return run(["verify", str(later), *keys, "--previous", str(earlier)])

    later = tmp_path / "later.zip"
    assert verify(later, tmp_path / "first.zip") == 0
    said = capsys.readouterr()
    assert f"1, en:\n  - {WATER[EN]}\n  + {RIGHT}" in said.err
    assert verify(tmp_path / "first.zip", later) == 1


def test_a_bundle_of_another_edition_is_not_the_one_that_is_corrected(printed, tmp_path):
    second, first = corrected(printed, tmp_path)
    assert succession(second, first).is_named
    files = unpack(first)
    files["manifest.json"] = files["manifest.json"].replace(b'"edition":1', b'"edition":3', 1)
    assert not succession(second, pack(files)).is_named
