"""The verify page in a real browser: what it says of good, altered and foreign bundles is what the command says."""

import json
from collections.abc import Iterator
from functools import reduce
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from drafts.formats.bundle import BadBundle, pack
from drafts.verification.bundle_report import TrustAnchors
from drafts.verification.bundle_verification import verify_bundle
from tests.drafts.test_verifying import FILES, OTHER, PRIVATE, TAMPERINGS, TRUST, UNREADABLE, public, published
from tests.support import site
from tests.support.served import served
from workspace.core.storage.db import Store
from workspace.editions.messages import VERDICTS, WORDS
from workspace.web.i18n.messages import messages
from workspace.web.refusals.sentences import sentence


@pytest.fixture(scope="module")
def address(place_store: Store) -> Iterator[str]:
    """A workspace that has published nothing, on loopback."""
    with served(site.on_loopback(place_store, None, door="verify"), place_store) as address:
        yield address


class Verifying:
    """Somebody at the verify page, offline once it is open."""

    def __init__(self, browser: Browser, address: str, language: str, keys: str) -> None:
        self.page: Page = browser.new_page()
        self.page.goto(f"{address}/{language}/verify")
        self.page.context.set_offline(True)
        if not self.page.locator("#keys").is_visible():
            self.page.locator("details summary").first.click()
        self.page.locator("#keys").fill(keys)

    def verdict(self, data: bytes) -> str:
        """Drop a bundle, and say in one word what came of it."""
        bundle = {"name": "bundle.zip", "mimeType": "application/zip", "buffer": data}
        self.page.evaluate("document.querySelector('[data-verdict]').dataset.verdict = 'waiting'")
        self.page.locator("#bundle").set_input_files([])
        self.page.locator("#bundle").set_input_files([bundle])
        expect(self.page.locator("section.verdict")).not_to_have_attribute("data-verdict", "waiting")
        expect(self.page.locator("section.verdict")).not_to_have_attribute("data-verdict", "")
        return self.page.locator("section.verdict").get_attribute("data-verdict") or ""

    def said(self) -> str:
        return self.page.locator("section.verdict").inner_text()


@pytest.mark.parametrize("language", ["en", "es", "fr"])
def test_good_altered_and_foreign_bundles_are_told_apart_in_the_language_of_the_page(
    chromium: Browser, address: str, language: str
):
    altered = {**FILES, "declaration.fr.md": FILES["declaration.fr.md"].replace(b"partagent", b"vendent")}
    foreign = published(private=OTHER)[0]
    person = Verifying(chromium, address, language, public(PRIVATE).line)
    renamed = {**FILES, "checkpoint.txt": FILES["checkpoint.txt"].replace(b"declaration-workspace ", b"somebody ")}
    for files, code in ((FILES, 0), (altered, 1), (foreign, 2), (renamed, 2)):
        assert verify_bundle(pack(files), TRUST).exit_code == code
        assert person.verdict(pack(files)) == WORDS[code]
        assert messages(language).gettext(VERDICTS[code]) in person.said()
    assert "declaration.fr.md" not in person.said()
    person.page.close()


def test_every_kind_of_tampering_is_found_in_the_browser_too_with_the_paragraph_or_the_file(
    chromium: Browser, address: str
):
    person = Verifying(chromium, address, "en", public(PRIVATE).line)
    wrong = []
    for kind, (tamper, (what, file, paragraph, _language)) in TAMPERINGS.items():
        files = dict(FILES)
        tamper(files)
        verdict, said = person.verdict(pack(files)), person.said()
        named = paragraph or (file if what != "entry_altered" else "entry")
        if what in {"text_altered", "text_differs"} and paragraph.isdigit():
            named = f"paragraph {paragraph}, "
        if kind == "another entry as publication":
            named = "entry 2 of the log"
        if verdict != "altered" or named.lower() not in said.lower():
            wrong.append((kind, verdict, said))
    assert wrong == []
    person.page.close()


def test_what_is_no_bundle_or_a_trick_is_refused_as_the_command_does_and_nothing_without_a_key_is_proved(
    chromium: Browser, address: str
):
    person = Verifying(chromium, address, "es", "")
    for kind, (data, reason, member) in UNREADABLE.items():
        assert person.verdict(data) == "altered", kind
        assert sentence(BadBundle(reason, member), messages("es")) in person.said(), kind
    assert person.verdict(pack(FILES)) == WORDS[verify_bundle(pack(FILES), TrustAnchors()).exit_code] == "not_provable"
    person.page.close()


def places(value: Any, path: tuple[str | int, ...] = ()) -> Iterator[tuple[tuple[str | int, ...], Any]]:
    """Every place of a JSON value under its path; of a list, the last member alone stands for all."""
    yield path, value
    named = list(enumerate(value))[-1:] if isinstance(value, list) else []
    for key, below in value.items() if isinstance(value, dict) else named:
        yield from places(below, (*path, key))


def otherwise_shaped(words: str) -> Iterator[str]:
    """A JSON file with another kind of value at one place: a fraction for a number, a text for a list, nothing…"""
    for path, value in places(json.loads(words)):
        other: list[Any] = [None, False, 0, "", "7", [], [None], {}, [value]]
        for put in [*other, float(value)] if type(value) is int else other:
            whole = [json.loads(words)]
            reduce(lambda inside, key: inside[key], (0, *path)[:-1], whole)[(0, *path)[-1]] = put
            yield json.dumps(whole[0], ensure_ascii=False)


def test_what_no_hash_binds_may_have_no_other_shape_for_the_page_than_for_the_command(chromium: Browser, address: str):
    person = Verifying(chromium, address, "en", public(PRIVATE).line)
    wrong = []
    for words in dict.fromkeys(otherwise_shaped(FILES["decisions.json"].decode())):
        data = pack({**FILES, "decisions.json": words.encode()})
        if person.verdict(data) != WORDS[verify_bundle(data, TRUST).exit_code]:
            wrong.append(words)
    assert wrong == []
    person.page.close()
