"""What waits for translators, in its order, and the whole text of a language in step with its source."""

from datetime import date

import pytest
import sqlalchemy as sa

from drafts.text.blocks import Language
from tests.support import factories
from tests.support.page import Page
from tests.support.site import counted, token_of
from tests.support.texts import reword
from workspace.amendments.domain.models import Amendment, Disposition
from workspace.amendments.service import AmendmentService
from workspace.core.actor import Role
from workspace.translations.domain.models import ReviewVerdict
from workspace.translations.domain.queue import QueueNeed, QueueService
from workspace.translations.domain.service import TranslationService
from workspace.translations.domain.suggestions import SuggestionService
from workspace.translations.domain.work import ReviewService, TaskService

ES, EN, FR = Language
AT = "third-forum/declaration/translation"
WATER = {EN: "Water is free.", ES: "El agua es libre.", FR: "L’eau est libre."}
LIGHT = {EN: "Light is free.", ES: "La luz es libre.", FR: "La lumière est libre."}
SHADE = {EN: "Shade is free.", ES: "La sombra es libre.", FR: "L’ombre est libre."}
AIR = {EN: "Air is free.", ES: "El aire es libre."}


@pytest.fixture
def table(desk):
    table = desk(WATER, LIGHT, SHADE, AIR)
    with table.store.writing() as db:
        table.second = factories.person(db, Role.TRANSLATOR, "S. Econd")
    return table


def queue(table, language=FR):
    with table.store.reading() as db:
        declaration = table.declaration(db)
        standings = TranslationService(db).standings(declaration)
        order = [one.row.block_id for one in standings]
        entries = QueueService(db).entries(declaration, standings, actor=table.translator)
    return [(one.need, order.index(one.block_id), one.amendments) for one in entries if one.language is language]


def propose(table, language, place, text):
    with table.store.writing() as db:
        amendment = AmendmentService(db).propose(
            table.declaration_id,
            base_revision=table.declaration(db).head.number,
            language=language,
            changes=[reword(table.block(place), text)],
            reason="",
            actor=factories.person(db, Role.MEMBER),
        )
        return amendment.number


def test_what_stops_publication_comes_before_what_is_returned_unread_or_on_the_table(table):
    table.reword(EN, 2, "Shade is free and near.")
    number = propose(table, EN, 0, "Water is free and clean.")
    with table.store.writing() as db:
        head = table.head(FR, 1)
        ReviewService(db).review(
            table.declaration_id, [head.id], ReviewVerdict.RETURNED, note="Too short.", actor=table.second
        )
    assert queue(table) == [
        (QueueNeed.WRITE, 3, ()),
        (QueueNeed.WRITE, 2, ()),
        (QueueNeed.RETURNED, 1, ()),
        (QueueNeed.REVIEW, 0, ()),
        (QueueNeed.PREPARE, 0, (number,)),
    ]


def test_of_what_is_as_grave_the_first_due_comes_first(table):
    for place in (0, 2):
        table.reword(EN, place, f"This is paragraph {place}.")
    with table.store.writing() as db:
        TaskService(db).assign(
            table.declaration_id,
            FR,
            table.second.person_id,
            block_id=table.rows()[2].block_id,
            due_on=date(2027, 5, 1),
            actor=table.chair,
        )
    assert [place for need, place, _ in queue(table) if need is QueueNeed.WRITE] == [3, 2, 0]


def test_an_amendment_left_to_the_translators_is_named_beside_the_text_that_waits_for_it(table):
    number = propose(table, FR, 0, "L’eau est libre et propre.")
    with table.store.writing() as db:
        db.execute(sa.update(Amendment).values(disposition=Disposition.HANDED_OVER))
    table.reword(EN, 0, "Water is free and clean.")
    assert (QueueNeed.WRITE, 0, (number,)) in queue(table)
    assert (QueueNeed.WRITE, 0, ()) in queue(table, ES)


def test_what_is_prepared_for_an_amendment_is_asked_for_no_more(table):
    number = propose(table, EN, 0, "Water is free and clean.")
    with table.store.writing() as db:
        service = SuggestionService(db)
        amendment = service.amendment(table.declaration(db), number)
        service.prepare(
            amendment.id, table.rows()[0].block_id, FR, "L’eau est libre et propre.", actor=table.translator
        )
    assert QueueNeed.PREPARE not in [need for need, _, _ in queue(table)]
    assert (QueueNeed.PREPARE, 0, (number,)) in queue(table, ES)


def test_the_queue_is_told_on_the_page_and_as_json(table, visit):
    propose(table, EN, 0, "Water is free and clean.")
    client = visit(table.translator)
    page = Page(client.get(f"/en/{AT}")).by_id("fr").root
    assert (page.get("data-unread"), page.get("data-tabled")) == ("3", "1")
    answer = client.get(f"/api/declarations/{table.declaration_id}/translation-queue?language=fr").json()
    assert [one["need"] for one in answer["items"]] == ["write", "review", "review", "review", "prepare"]


def test_the_whole_text_is_written_in_its_place(table, visit):
    client = visit(table.translator)
    answer = client.get(f"/en/{AT}/text/fr")
    assert Page(answer).count == 1
    page = answer.text
    assert page.index("Water is free.") < page.index("L’eau est libre.") < page.index("Light is free.")
    row = table.rows()[3]
    sent = {
        "csrf": token_of(client),
        "words": "L’air est libre.",
        "expected": "",
        "whole": "yes",
        "from_en": "yes",
        "version_en": str(row.texts[EN].id),
    }
    saved = client.post(f"/en/{AT}/{row.block_id}/fr", data=sent, follow_redirects=False)
    assert saved.headers["location"] == f"/en/{AT}/text/fr#b-{row.block_id}"
    assert Page(client.get(f"/en/{AT}/text/fr")).count == 0
    late = client.post(f"/en/{AT}/{row.block_id}/fr", data={**sent, "words": "Autre chose."})
    assert late.status_code == 412
    assert Page(late).field("words").value == "Autre chose."


def test_only_what_waits_is_shown_on_request(table, visit):
    page = Page(visit(table.translator).get(f"/en/{AT}/text/fr?only=waiting"))
    shown = page.root.xpath("//section[starts-with(@id, 'b-')]/@id")
    assert shown == [f"b-{table.block(3)}"]


def test_the_whole_text_asks_the_same_number_of_questions_however_long_it_is(table, visit):
    with table.store.writing() as db:
        factories.declaration(db, *[WATER] * 10, slug="ten")
    client = visit(table.translator)
    counts = []
    for slug in ("declaration", "ten"):
        client.get(f"/en/third-forum/{slug}/translation/text/fr")
        with counted(table.store) as sent:
            assert client.get(f"/en/third-forum/{slug}/translation/text/fr").status_code == 200
        counts.append(len(sent))
    assert counts[0] == counts[1]
