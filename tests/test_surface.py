"""The limits of `tests.surface` hold; and its measure sees what it is there to see, on a page made with each fault."""

from pathlib import Path

import pytest
from playwright.sync_api import Error

from tests import tasks
from tests.support.chromium import launched
from tests.surface import DOCUMENT, HEADING, figures, look, measure

SOUND = """<!doctype html><meta name="viewport" content="width=device-width"><title>Amendments</title><main>
<h1>Amendments</h1><a href="/a">Home</a> <button hidden>Hidden</button><button style="opacity:0">Clear</button>
<p style="position:absolute;width:1px;height:1px;overflow:hidden"><a href="/b">For readers of the screen</a></p>
<div class="parallel"><p lang="en">We the cities say</p></div><button>Adopt</button></main>"""
FAULTY = """<!doctype html><meta name="viewport" content="width=device-width"><title>Amendments</title><main>
<h1>3 amendments conflict.</h1><a href="/a">Home</a> <button>Shown</button><select><option>More</option></select>
<p>Much is said here before</p><div style="width:2000px;height:200px"></div>
<div class="parallel"><p lang="en">We the cities say</p></div><button>Adopt</button></main>"""

pytestmark = pytest.mark.browser


def measured(browser, folder: Path, source: str) -> dict[str, float]:
    page = folder / "page.html"
    page.write_text(source, encoding="utf-8")
    seen = look(browser, page.as_uri())
    return {figure.what: figure.value for figure in figures("made", *seen, is_text=True, is_stable=True)}


def test_each_kind_of_fault_is_seen(tmp_path: Path):
    with launched() as browser:
        sound, faulty = (measured(browser, tmp_path, source) for source in (SOUND, FAULTY))

    names = ("controls", "words", "links", "controls before the text", "sideways scroll, px", "named by news")
    assert [sound[f"made: {name}"] for name in names] == [2, 7, 1, 1, 0, 0]
    assert [faulty[f"made: {name}"] for name in names[:4]] == [4, 15, 1, 3]
    assert all(faulty[f"made: {name}"] > 0 for name in names[4:])
    top = "made: first words on a phone, px"
    assert faulty[top] > sound[top] + 200


def test_a_page_without_its_text_is_past_every_limit(tmp_path: Path):
    with launched() as browser:
        found = measured(browser, tmp_path, "<!doctype html><title>Draft</title><main></main>")

    assert found["made: first words on a phone, px"] > 10_000


def test_a_hand_counts_its_presses_and_presses_nothing_that_is_hidden(tmp_path: Path, monkeypatch):
    (tmp_path / "page.html").write_text(SOUND, encoding="utf-8")
    with launched() as browser:
        page = browser.new_page()
        page.goto((tmp_path / "page.html").as_uri())
        hand = tasks.Hand(page)
        hand.press("button")
        monkeypatch.setattr(tasks, "PATIENCE", 500)
        with pytest.raises(Error):
            hand.press("button[hidden]")

    assert hand.presses == 1


def test_the_document_has_the_table():
    assert HEADING in DOCUMENT.read_text(encoding="utf-8")


@pytest.mark.long
def test_the_main_pages_are_within_their_limits():
    past = [str(figure) for figure in measure() if not figure.is_within]

    assert past == []
