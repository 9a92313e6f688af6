"""The static website of every edition, through the operator's command."""

import re
from collections.abc import Callable
from hashlib import sha256
from pathlib import Path

import pytest
from lxml import etree

from drafts.text.blocks import Language
from tests.support.factories import EN
from tests.workspace.editions.conftest import Hall
from workspace.cli import run
from workspace.core.storage.db import Store
from workspace.editions.domain.publication import EditionService

TEXTS = [{language: f"Torbu selmi {word}, {language.value}." for language in Language} for word in ("water", "land")]


@pytest.fixture
def plenary(hall: Callable[..., Hall], store: Store, monkeypatch: pytest.MonkeyPatch) -> Hall:
    monkeypatch.setenv("WORKSPACE_DATABASE_URL", store.engine.url.render_as_string())
    return hall(*TEXTS)


@pytest.fixture
def published(plenary: Hall) -> Hall:
    plenary.request()
    plenary.publish()
    return plenary


def everything(folder: Path) -> dict[str, bytes]:
    return {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


@pytest.mark.usefixtures("published")
def test_every_link_leads_somewhere_and_every_file_is_the_published_one(tmp_path: Path):
    folder = tmp_path / "public"
    assert run(["export", "site", str(folder), "--url", "https://towns.example"]) == 0
    found = everything(folder)
    pages = {path: words.decode() for path, words in found.items() if path.endswith("index.html")}
    assert len(pages) == 1 + 3 + 4
    for path, words in pages.items():
        for link in re.findall(r'(?:href|src)="([^"#]+)"', words):
            if not link.startswith("https:"):
                assert (folder / path).parent.joinpath(link).resolve().is_file(), (path, link)
    assert 'hreflang="fr"' in next(words for path, words in pages.items() if path.startswith("es/third-forum/"))


def test_the_files_have_the_hashes_that_were_published(published: Hall, tmp_path: Path):
    assert run(["export", "site", str(tmp_path / "public")]) == 0
    with published.store.reading() as db:
        [edition] = EditionService(db).editions(published.declaration(db))
        for file in edition.files:
            [path] = (tmp_path / "public").rglob(file.name)
            assert sha256(path.read_bytes()).hexdigest() == file.sha256


@pytest.mark.usefixtures("published")
def test_the_same_editions_give_the_same_bytes_and_replace_the_site(tmp_path: Path):
    folder = tmp_path / "public"
    arguments = ["export", "site", str(folder), "--url", "https://towns.example/texts/"]
    assert run(arguments) == 0
    before = everything(folder)
    (folder / "es" / "old.html").write_text("gone")
    assert run(arguments) == 0
    assert everything(folder) == before


@pytest.mark.usefixtures("published")
def test_the_feed_names_each_edition_with_a_whole_address(tmp_path: Path):
    assert run(["export", "site", str(tmp_path / "public"), "--url", "https://towns.example"]) == 0
    feed = etree.parse(str(tmp_path / "public" / "fr" / "feed.xml"))
    space = {"a": "http://www.w3.org/2005/Atom"}
    assert feed.xpath("string(//a:entry/a:link/@href)", namespaces=space).startswith("https://towns.example/fr/")
    assert feed.xpath("count(//a:entry)", namespaces=space) == 1


def test_what_is_not_published_is_not_there(plenary: Hall, tmp_path: Path):
    plenary.reword(EN, 0, "Nobody has adopted this.")
    assert run(["export", "site", str(tmp_path / "public")]) == 0
    assert not any(b"Nobody has adopted" in words for words in everything(tmp_path / "public").values())


@pytest.mark.usefixtures("published")
def test_a_folder_with_other_things_in_it_is_left_alone(tmp_path: Path):
    (tmp_path / "thesis.txt").write_text("mine")
    assert run(["export", "site", str(tmp_path)]) == 2
    assert (tmp_path / "thesis.txt").read_text() == "mine"
