"""Correcting and sealing through the pages, as the secretariat, the chair, a member and a visitor meet them."""

from datetime import timedelta
from html import unescape

import pytest

from drafts.blocks import Language
from tests.support.site import token_of
from tests.workspace.editions.test_corrigenda import RIGHT, WATER, Printed, member
from workspace.core import clock
from workspace.core.actor import NOBODY
from workspace.core.jobs import Shift
from workspace.core.settings import Settings
from workspace.editions.jobs import release

ES, EN, FR = Language
AT = "/en/third-forum/declaration"


def soon(hours: int = 2) -> str:
    return (clock.now() + timedelta(hours=hours)).strftime("%Y-%m-%dT%H:%M+00:00")


@pytest.fixture
def printed(hall):
    return Printed(hall(WATER))


def send(browser, path, **fields):
    return browser.post(path, data={"csrf": token_of(browser), **fields}, follow_redirects=True)


def test_a_slip_is_put_right_from_the_edition_page_to_the_note_on_the_old_edition(printed, visit):
    secretary, chair, reader = visit(printed.hall.secretary), visit(printed.hall.chair), visit(NOBODY)
    assert f"{AT}/corrigenda" in secretary.get(f"{AT}/editions/1").text
    block = str(printed.block)
    assert WATER[EN] in secretary.get(f"{AT}/corrigenda/new?block={block}&text=en").text

    assert "Nothing waits to be corrected" in secretary.get(f"{AT}/corrigenda").text
    kept = send(secretary, f"{AT}/corrigenda", block=block, text="en", wording=RIGHT)
    assert "A misspelt word" in kept.text
    assert "<del" in kept.text
    assert reader.get(f"{AT}/corrigenda/1").status_code == 404
    asked = send(secretary, f"{AT}/corrigenda/1", act="ask", reason="A word was misspelt.")
    assert "You asked for it yourself" in asked.text
    refused = send(secretary, f"{AT}/corrigenda/1", act="confirm")
    assert refused.status_code == 422
    done = send(chair, f"{AT}/corrigenda/1", act="confirm")
    assert done.url.path == f"{AT}/editions/2"
    assert RIGHT in done.text

    assert "have come out, in a new edition" in secretary.get("/en/notices").text
    assert "have come out, in a new edition" not in chair.get("/en/notices").text

    old = reader.get(f"{AT}/editions/1")
    assert WATER[EN] in old.text
    assert "Slips in this edition were put right in edition 2." in old.text
    for language in ("en", "es", "fr"):
        changed = reader.get(f"/{language}/third-forum/declaration/editions/2/changes")
        assert changed.status_code == 200
        assert "A word was misspelt." in changed.text
        assert f"/{language}/third-forum/declaration/editions/2/corrigendum.{language}.pdf" in changed.text
    sheet = reader.get(f"{AT}/editions/2/corrigendum.en.txt")
    assert "Paragraph 1. For:" in sheet.text
    assert WATER[EN].replace(".", "").split()[2] in sheet.text
    assert f"{AT}/editions/2/corrigendum.en.pdf" in reader.get(f"{AT}/editions/1").text


def test_a_slip_of_a_translation_is_found_by_its_own_words(printed, visit):
    secretary = visit(printed.hall.secretary)
    french = secretary.get(f"/fr{AT[3:]}/corrigenda").text
    assert f"Paragraphe 1\u00a0: {WATER[FR]}" in unescape(french)
    spanish = unescape(secretary.get(f"{AT}/corrigenda?text=es").text)
    assert f"Paragraph 1: {WATER[ES]}" in spanish
    assert WATER[EN] not in spanish
    assert '<input type="hidden" name="text" value="es">' in spanish
    assert secretary.get(f"{AT}/corrigenda?text=pt").status_code == 404


def test_a_change_of_meaning_is_refused_beside_the_field_and_what_was_written_is_kept(printed, visit):
    secretary = visit(printed.hall.secretary)
    wording = "Cities should share their water by 2030."
    refused = send(secretary, f"{AT}/corrigenda", block=str(printed.block), text="en", wording=wording)
    assert refused.status_code == 422
    assert "Only slips of typing can be put right here" in refused.text
    assert wording in refused.text


def test_members_are_asked_in_silence_and_one_of_them_objects(printed, visit):
    town = member(printed)
    secretary, delegate = visit(printed.hall.secretary), visit(town)
    send(secretary, f"{AT}/corrigenda", block=str(printed.block), text="es", wording="Los municipios" + WATER[ES][12:])
    assert delegate.get(f"{AT}/corrigenda/1").status_code == 404
    late = send(secretary, f"{AT}/corrigenda/1", act="silence", reason="A better word.", closes="2020-01-01T10:00")
    assert late.status_code == 422
    assert "A better word." in late.text
    send(secretary, f"{AT}/corrigenda/1", act="silence", reason="A better word.", closes=soon())
    assert "Corrections stand unless somebody objects" in delegate.get(f"{AT}/corrigenda/1").text
    assert "Corrections to the published text stand unless a member objects" in delegate.get("/en/notices").text
    assert "Corrections to the published text stand" not in secretary.get("/en/notices").text
    objected = send(delegate, f"{AT}/corrigenda/1", act="object", reason="We agreed on cities.")
    assert "Somebody objected: nothing is corrected" in objected.text
    assert "Puerto Claro" in objected.text
    assert "has objected: nothing is corrected in the published text" in secretary.get("/en/notices").text


def test_an_edition_is_sealed_and_its_time_moved_on_the_readiness_page(hall, visit, monkeypatch):
    hall = hall(WATER)
    hall.sign()
    hall.request()
    secretary, chair, reader = visit(hall.secretary), visit(hall.chair), visit(NOBODY)
    with hall.store.reading() as db:
        form = {"adopted_on": "2027-06-12", "revision": str(hall.declaration(db).head_id)}
    past = send(chair, f"{AT}/readiness/publication", **form, release="2020-01-01T10:00")
    assert past.status_code == 422
    sealed = send(chair, f"{AT}/readiness/publication", **form, release=soon())
    assert "The edition is sealed, and waits for its time" in sealed.text
    assert reader.get(f"{AT}/editions/1").status_code == 404
    phase = chair.get(f"{AT}/phase").text
    assert "Until then no word can change." in phase
    assert f'href="{AT}/readiness"' in phase
    assert "Go back to this phase" not in phase
    assert "Publication can be asked for" not in chair.get("/en/third-forum/work").text
    refused = send(chair, f"{AT}/phase", phase="R", reason="Once more.")
    assert refused.status_code == 409
    assert "Move the time, or break the seal" in refused.text
    send(chair, f"{AT}/readiness/release", act="ask", release=soon(5))
    assert send(chair, f"{AT}/readiness/release", act="confirm").status_code == 422
    assert "It is changed, and on record." in send(secretary, f"{AT}/readiness/release", act="confirm").text
    later = clock.now() + timedelta(hours=3)
    monkeypatch.setattr(clock, "now", lambda: later)
    release(Shift(hall.store, Settings()))
    assert reader.get(f"{AT}/editions/1").status_code == 404
    monkeypatch.setattr(clock, "now", lambda: later + timedelta(hours=3))
    release(Shift(hall.store, Settings()))
    assert reader.get(f"{AT}/editions/1").status_code == 200
