"""Correcting and sealing through the pages, as the secretariat, the chair, a member and a visitor meet them."""

from datetime import timedelta
from html import unescape

import pytest

from drafts.text.blocks import Language
from tests.support.page import Page
from tests.support.site import token_of
from tests.workspace.editions.test_corrigenda import RIGHT, WATER, Printed, member
from workspace.core import clock
from workspace.core.actor import NOBODY
from workspace.core.jobs import JobContext
from workspace.core.settings import Settings
from workspace.editions.jobs import release_due_editions

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

    assert Page(secretary.get(f"{AT}/corrigenda")).state == "none"
    kept = send(secretary, f"{AT}/corrigenda", block=block, text="en", wording=RIGHT)
    assert "spelling" in Page(kept).data("state")
    assert "<del" in kept.text
    assert reader.get(f"{AT}/corrigenda/1").status_code == 404
    asked = send(secretary, f"{AT}/corrigenda/1", act="ask", reason="A word was misspelt.")
    assert "asked-by-reader" in Page(asked).data("about")
    refused = send(secretary, f"{AT}/corrigenda/1", act="confirm")
    assert refused.status_code == 422
    done = send(chair, f"{AT}/corrigenda/1", act="confirm")
    assert done.url.path == f"{AT}/editions/2"
    assert RIGHT in done.text

    assert "asked:corrigendum_made" in Page(secretary.get("/en/notices")).notices
    assert "asked:corrigendum_made" not in Page(chair.get("/en/notices")).notices

    old = reader.get(f"{AT}/editions/1")
    assert WATER[EN] in old.text
    assert Page(old).data("followed-by") == ["2"]
    for language in ("en", "es", "fr"):
        changed = reader.get(f"/{language}/third-forum/declaration/editions/2/changes")
        assert changed.status_code == 200
        assert Page(changed).part("reason-given").text.endswith("A word was misspelt.")
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
    assert Page(spanish).form("/corrigenda/new").values["text"] == "es"
    assert secretary.get(f"{AT}/corrigenda?text=pt").status_code == 404


def test_a_change_of_meaning_is_refused_beside_the_field_and_what_was_written_is_kept(printed, visit):
    secretary = visit(printed.hall.secretary)
    wording = "Cities should share their water by 2030."
    refused = send(secretary, f"{AT}/corrigenda", block=str(printed.block), text="en", wording=wording)
    assert refused.status_code == 422
    field = Page(refused).field("wording")
    assert (field.value.strip(), field.error) == (wording, "workspace.invalid:no_correction_original")


def test_members_are_asked_in_silence_and_one_of_them_objects(printed, visit):
    town = member(printed)
    secretary, delegate = visit(printed.hall.secretary), visit(town)
    send(secretary, f"{AT}/corrigenda", block=str(printed.block), text="es", wording="Los municipios" + WATER[ES][12:])
    assert delegate.get(f"{AT}/corrigenda/1").status_code == 404
    late = send(secretary, f"{AT}/corrigenda/1", act="silence", reason="A better word.", closes="2020-01-01T10:00")
    assert late.status_code == 422
    assert Page(late).field("reason").value.strip() == "A better word."
    send(secretary, f"{AT}/corrigenda/1", act="silence", reason="A better word.", closes=soon())
    assert Page(delegate.get(f"{AT}/corrigenda/1")).state == "silent"
    assert "asked:corrigendum_silence" in Page(delegate.get("/en/notices")).notices
    assert "asked:corrigendum_silence" not in Page(secretary.get("/en/notices")).notices
    objected = Page(send(delegate, f"{AT}/corrigenda/1", act="object", reason="We agreed on cities."))
    assert objected.state == "broken"
    assert "Puerto Claro" in objected.text
    assert "asked:corrigendum_silence_declined" in Page(secretary.get("/en/notices")).notices


def test_an_edition_is_sealed_and_its_time_moved_on_the_readiness_page(hall, visit, monkeypatch):
    hall = hall(WATER)
    hall.sign()
    secretary, chair, reader = visit(hall.secretary), visit(hall.chair), visit(NOBODY)
    with hall.store.reading() as db:
        seen = {"revision": str(hall.declaration(db).head_id)}
    form = {"adopted_on": "2026-06-12"}
    assert Page(chair.get(f"{AT}/phase")).offers("/phase")
    past = send(secretary, f"{AT}/readiness", **form, release="2020-01-01T10:00")
    assert Page(past).field("release").is_wrong
    send(secretary, f"{AT}/readiness", **form, release=soon())
    assert Page(chair.get("/en/third-forum/work")).links_to("/readiness")
    assert Page(chair.get(f"{AT}/readiness")).data("release")
    sealed = send(chair, f"{AT}/readiness/publication", **seen)
    assert Page(sealed).state == "sealed"
    assert reader.get(f"{AT}/editions/1").status_code == 404
    phase = Page(chair.get(f"{AT}/phase"))
    assert phase.has_id("sealed-h")
    assert phase.links_to("/readiness")
    assert not phase.offers("/phase")
    assert not Page(chair.get("/en/third-forum/work")).links_to("/readiness")
    refused = send(chair, f"{AT}/phase", phase="R", reason="Once more.")
    assert refused.status_code == 409
    assert Page(refused).refusal == "workspace.sealed"
    assert Page(refused).links_to("/readiness")
    send(chair, f"{AT}/readiness/release", act="ask", release=soon(5))
    assert send(chair, f"{AT}/readiness/release", act="confirm").status_code == 422
    assert Page(send(secretary, f"{AT}/readiness/release", act="confirm")).result == "edition.release_moved"
    later = clock.now() + timedelta(hours=3)
    monkeypatch.setattr(clock, "now", lambda: later)
    release_due_editions(JobContext(hall.store, Settings()))
    assert reader.get(f"{AT}/editions/1").status_code == 404
    monkeypatch.setattr(clock, "now", lambda: later + timedelta(hours=3))
    release_due_editions(JobContext(hall.store, Settings()))
    assert reader.get(f"{AT}/editions/1").status_code == 200


def test_the_reason_for_corrections_is_read_in_the_readers_language(printed, visit):
    secretary, chair, reader = visit(printed.hall.secretary), visit(printed.hall.chair), visit(NOBODY)
    send(secretary, f"{AT}/corrigenda", block=str(printed.block), text="en", wording=RIGHT)
    assert send(secretary, f"{AT}/corrigenda/1", act="ask", reason=" ").status_code == 422
    said = {"en": "A word was misspelt.", "fr": "Un mot était mal écrit."}
    send(secretary, f"{AT}/corrigenda/1", act="ask", reason=said["en"], reason_fr=said["fr"])
    send(chair, f"{AT}/corrigenda/1", act="confirm")
    for language, words in {**said, "es": said["en"]}.items():
        shown = Page(reader.get(f"/{language}/third-forum/declaration/editions/2/changes"))
        assert words in shown.text
        assert sum(each in shown.text for each in said.values()) == 1
