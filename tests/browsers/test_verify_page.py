"""The verify page in a real browser: what it says of good, altered and foreign bundles is what the command says."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from drafts.formats.bundle import pack
from drafts.verification.bundle_report import TrustAnchors
from drafts.verification.bundle_verification import verify_bundle
from tests.drafts.test_verifying import FILES, OTHER, PRIVATE, TAMPERINGS, TRUST, archive, public, published
from tests.support import site
from tests.support.served import served
from workspace.core.storage.db import Store
from workspace.editions.messages import VERDICTS, WORDS
from workspace.web.i18n.messages import messages


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
    for files, code in ((FILES, 0), (altered, 1), (foreign, 2)):
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
        named = paragraph or (file if file != "decisions.json" else "entry")
        if what in {"text_altered", "text_differs"} and paragraph.isdigit():
            named = f"paragraph {paragraph}, "
        if kind == "another entry as publication":
            named = "entry 2 of the log"
        if verdict != "altered" or named.lower() not in said.lower():
            wrong.append((kind, verdict, said))
    assert wrong == []
    person.page.close()


def test_what_is_no_bundle_or_a_trick_is_said_to_be_unreadable_and_nothing_without_a_key_is_proved(
    chromium: Browser, address: str
):
    person = Verifying(chromium, address, "en", "")
    for data in (b"", b"PK\x03\x04", pack(FILES)[:-40], archive(("../manifest.json", b"{}"))):
        assert person.verdict(data) == "altered"
        assert person.said().strip()
    assert person.verdict(pack(FILES)) == WORDS[verify_bundle(pack(FILES), TrustAnchors()).exit_code] == "not_provable"
    person.page.close()
