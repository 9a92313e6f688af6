"""The public screen of a sitting: who sees what in which phase, its words, and that it follows the chair."""

import json
import re
from urllib.parse import unquote

import pytest

from drafts.diff.amendments import Change, ChangeOp
from drafts.text.blocks import Language
from tests.support import factories, site
from tests.support.factories import EN
from tests.workspace.procedure.test_question_pages import HERE, Hall, hall
from workspace.amendments.domain.models import Verdict
from workspace.amendments.domain.outcomes import Ruling
from workspace.amendments.oral import OralService
from workspace.amendments.service import AmendmentService
from workspace.core.actor import OPERATOR, Actor
from workspace.core.security.permissions import Phase
from workspace.core.storage.db import Db
from workspace.declarations.domain import queries
from workspace.declarations.domain.models import Declaration
from workspace.declarations.domain.service import DeclarationService

__all__ = ["hall"]
SCREEN = "/plenary/screen"
NEW_WORDS = "clean"


def declaration_of(db: Db) -> Declaration:
    return DeclarationService(db).at(factories.forum(db), "declaration")


def enter(hall: Hall, phase: Phase) -> None:
    with hall.store.writing() as db:
        DeclarationService(db).enter(declaration_of(db), phase, actor=OPERATOR)


def events(hall: Hall, who: Actor | None) -> list[str]:
    """What a stream that ends at once has sent: the HTML of the screen, or what else it says."""
    with site.browser(hall.store, who) as browser:
        answer = browser.get(f"{HERE}{SCREEN}/events")
    if answer.status_code != 200:
        return [str(answer.status_code)]
    sent = (line.removeprefix("data: ") for line in answer.text.splitlines() if line.startswith("data: "))
    return [json.loads(line).get("html", "gone") for line in sent]


def test_the_plenary_reads_what_a_sub_amendment_amends(hall: Hall):
    with hall.store.writing() as db:
        declaration, service = declaration_of(db), OralService(db)
        parent = service.numbered(declaration, 1, actor=hall.chair)
        change = Change(ChangeOp.REWORD, hall.blocks[0], text="Towns share very clean water.")
        moved = {"mover": hall.baja.person_id, "amends": parent.id, "actor": hall.chair}
        service.record_oral(declaration.id, base_revision=1, language=EN, changes=[change], reason="", **moved)
    hall.post(hall.chair, "/plenary", about="amendment:3")
    [heading] = hall.page(hall.chair, "/plenary").headings(1)
    assert re.findall(r"\d", heading) == ["3", "1"]


def test_a_visitor_follows_what_the_chair_shows_while_the_screen_is_public(hall: Hall):
    hall.post(hall.chair, "/plenary", about="amendment:1")
    assert hall.get(None, SCREEN) == "404"
    assert hall.post(hall.chair, SCREEN, public="on").status_code == 303
    page = hall.page(None, SCREEN)
    assert page.data("number") == ["1"]
    assert NEW_WORDS in hall.get(None, SCREEN)
    assert not page.forms
    assert NEW_WORDS in events(hall, None)[0]
    hall.post(hall.chair, SCREEN, public="off")
    assert hall.get(None, SCREEN) == "404"
    assert events(hall, None) == ["404"]


@pytest.mark.parametrize("phase", [Phase.REVIEW, Phase.CONSULTATION, Phase.PUBLISHED])
def test_a_screen_is_public_only_in_the_phase_in_which_it_was_opened(hall: Hall, phase: Phase):
    hall.post(hall.chair, "/plenary", about="amendment:1")
    hall.post(hall.chair, SCREEN, public="on")
    enter(hall, phase)
    assert hall.get(None, SCREEN) == "404"
    assert events(hall, None) == ["404"]


def test_an_embargo_closes_the_screen_to_visitors_alone(hall: Hall):
    hall.post(hall.chair, "/plenary", about="amendment:1")
    hall.post(hall.chair, SCREEN, public="on")
    with hall.store.writing() as db:
        declaration_of(db).is_embargoed = True
    assert hall.get(None, SCREEN) == "404"
    assert NEW_WORDS in hall.get(hall.alta, SCREEN)
    hall.post(hall.chair, SCREEN, public="off")
    hall.post(hall.chair, SCREEN, public="on")
    assert hall.page(hall.chair, "/plenary").data("public") == ["off"]


def test_a_visitor_leafs_through_what_was_shown_and_nothing_else(hall: Hall):
    hall.post(hall.chair, "/plenary", about="amendment:1")
    hall.post(hall.chair, SCREEN, public="on")
    assert hall.get(None, f"{SCREEN}?item=amendment:2") == "404"
    hall.post(hall.chair, "/plenary", about="amendment:2")
    assert hall.page(None, SCREEN).data("number") == ["2"]
    back = next(link for link in hall.page(None, SCREEN).links if "item=" in link)
    assert back.endswith("item=amendment:1")
    assert hall.page(None, back.removeprefix(HERE)).data("number") == ["1"]
    assert hall.page(hall.alta, f"{SCREEN}?item=amendment:2").data("number") == ["2"]


def test_who_takes_part_leafs_in_the_order_of_the_sitting(hall: Hall):
    first, links = (hall.page(hall.alta, f"{SCREEN}{query}").links for query in ("", "?item=amendment:1"))
    assert [link.rpartition("=")[2] for link in first if "item=" in link] == ["amendment:1"]
    assert [link.rpartition("=")[2] for link in links if "item=" in link] == ["amendment:2"]
    assert f"{HERE}{SCREEN}" in links


def test_only_the_chair_and_the_secretariat_open_the_screen_and_set_its_clock(hall: Hall):
    assert hall.post(hall.alta, SCREEN, public="on").status_code == 404
    assert hall.post(hall.chair, SCREEN, minutes="3").status_code == 303
    assert "data-ends" in hall.get(hall.alta, SCREEN)
    for nonsense in ("", "soon", "601"):
        refused = hall.post(hall.chair, SCREEN, minutes=nonsense)
        assert "not_minutes" in unquote(refused.headers["set-cookie"])
    assert "data-ends" in hall.get(hall.alta, SCREEN)
    hall.post(hall.chair, SCREEN, stop="yes", minutes="")
    assert "data-ends" not in hall.get(hall.alta, SCREEN)


def test_the_screen_shows_how_an_open_vote_stands_and_then_its_result(hall: Hall):
    hall.post(hall.chair, "/plenary", about="amendment:1")
    hall.post(hall.chair, SCREEN, public="on")
    hall.post(hall.chair, "/questions", means="vote", about="amendment:1")
    hall.post(hall.alta, "/questions/1/answers", choice="yes")
    page = hall.page(None, SCREEN)
    assert page.data("cast") == ["1"]
    assert not page.data("count")
    hall.post(hall.chair, "/questions/1/end", act="close")
    assert hall.page(hall.baja, SCREEN).data("count") == ["1", "0", "0"]


@pytest.mark.parametrize("language", ["en", "es"])
def test_what_is_asked_for_is_shown_also_where_the_text_has_moved_on(hall: Hall, language: str):
    """In the amendment's own language, or in another that leads by now: nobody votes on words that are not there."""
    with hall.store.writing() as db:
        found = declaration_of(db)
        block = queries.head_rows(db, found)[0].id
        changes = [Change(ChangeOp.REWORD, block, text={"en": "Towns sell water.", "es": "El agua."}[language])]
        AmendmentService(db).edit(
            found.id, changes, language=Language(language), reason="So.", expected_head=found.head_id, actor=hall.chair
        )
    hall.post(hall.chair, "/plenary", about="amendment:1")
    with site.browser(hall.store, hall.chair) as browser, hall.store.reading() as db:
        shown = browser.get(f"/api/declarations/{declaration_of(db).id}/floor/screen").json()
    texts = {text["language"]: text for text in shown["texts"]}
    assert NEW_WORDS in texts["en"]["text"]
    assert all(text["note"] for text in texts.values())
    with site.browser(hall.store, hall.chair) as browser:
        about = {"about": {"subject": "amendment", "amendment": 1}, "rules": {"means": "vote"}}
        refused = browser.post(f"/api/declarations/{found.id}/votes", json=about)
    assert (refused.status_code, refused.json()["facts"]["reason"]) == (422, "base_changed")
    ballots, table = hall.page(hall.chair, "/questions").root, hall.page(hall.chair, "/plenary").root
    offered = "//option[@value='amendment:1'][not(@disabled)]"
    assert (len(ballots.xpath("//option[@value='amendment:1']")), len(ballots.xpath(offered))) == (2, 0)
    assert table.xpath(offered)


def test_a_vote_on_what_the_text_has_moved_on_under_leaves_the_text_as_it_was_and_says_so(hall: Hall):
    hall.post(hall.chair, "/questions", means="vote", about="amendment:1")
    hall.post(hall.alta, "/questions/1/answers", choice="yes")
    with hall.store.writing() as db:
        found = declaration_of(db)
        changes = [Change(ChangeOp.REWORD, queries.head_rows(db, found)[0].id, text="Towns sell water.")]
        AmendmentService(db).edit(
            found.id, changes, language=EN, reason="So.", expected_head=found.head_id, actor=hall.chair
        )
    hall.post(hall.chair, "/questions/1/end", act="close")
    head = hall.page(hall.chair, "/questions/1").form("/questions/1/end", act="decide").values["head"]
    hall.post(hall.chair, "/questions/1/end", act="decide", head=head, reason="Vote 1.")
    carried = hall.page(hall.alta, "/questions/1")
    assert carried.data("waiting") == [""], "the record says that the text stayed as it was"
    assert carried.links_to("/amendments/1")


@pytest.mark.parametrize("number", [1, 2])
def test_the_words_on_the_screen_are_those_that_deciding_makes(hall: Hall, number: int):
    hall.post(hall.chair, "/plenary", about=f"amendment:{number}")
    with site.browser(hall.store, hall.chair) as browser, hall.store.reading() as db:
        shown = browser.get(f"/api/declarations/{declaration_of(db).id}/floor/screen").json()
    with hall.store.writing() as db:
        found = declaration_of(db)
        rulings = [Ruling(AmendmentService(db).numbered(found, number, actor=hall.chair).id, Verdict.ADOPT)]
        AmendmentService(db).decide(found.id, rulings, expected_head=found.head_id, actor=hall.chair)
        words = queries.head_rows(db, found)[number - 1].content(EN)
    texts = {text["language"]: text for text in shown["texts"]}
    assert (texts["en"]["text"], texts["en"]["note"]) == (words, "")
    assert all(texts[other]["note"] for other in ("es", "fr"))
    after = hall.page(hall.chair, SCREEN)
    assert "adopted" in after.data("state")
