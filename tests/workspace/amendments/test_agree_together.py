"""Many paragraphs are agreed at once, all or none: on the page, and over the API."""

import pytest
import sqlalchemy as sa

from drafts.text.blocks import Language
from tests.support.page import Page
from tests.support.questions import delegate
from tests.support.texts import reword
from tests.workspace.amendments.browsing import DRAFT, browsing
from tests.workspace.amendments.test_committee import FREE, set_status
from workspace.amendments.decisions.brackets import WantedAlternative
from workspace.amendments.service import AmendmentService
from workspace.core.actor import OPERATOR, Role
from workspace.core.errors import Invalid
from workspace.core.security.permissions import Phase
from workspace.core.storage.db import Trilingual
from workspace.core.storage.log import LogEntry
from workspace.declarations.domain import paragraph_status, queries
from workspace.declarations.domain.models import ParagraphStatus
from workspace.declarations.domain.service import DeclarationService
from workspace.procedure.models import Subject
from workspace.procedure.service import QuestionService, QuestionSubject

AGREED = f"{DRAFT}/agreement"
STATUSES = f"{AGREED}/statuses"


@pytest.fixture
def chair(room):
    with browsing(room.store, room.chair) as browser:
        yield browser


def offered(browser, query="?text=en"):
    """The paragraphs that may be selected, and those that are."""
    boxes = browser.page(AGREED + query).root.xpath("//form//input[@type='checkbox']")
    every = [box.get("name").removeprefix("p-") for box in boxes]
    return every, [name for name, box in zip(every, boxes, strict=True) if box.get("checked") is not None]


def agreed(room):
    with room.store.reading() as db:
        found = paragraph_status.states(db, DeclarationService(db).get(room.declaration.id))
        return {str(block): state.status.value for block, state in found.items()}


def confirmed(browser, *blocks, status="provisional"):
    """The answer to the first form: the page that names the paragraphs."""
    ticks = {f"p-{block}": "yes" for block in blocks}
    return browser.fill(browser.see(f"{AGREED}?text=en"), STATUSES, status=status, **ticks)


def told(browser):
    return browser.page(f"{AGREED}?text=en")


def undoings(page):
    """Where the button to undo leads, beside the result."""
    return page.root.xpath("//form[contains(@action, '/undoing')]/@action")


def test_what_nothing_is_open_on_is_offered_and_nothing_is_ticked_beforehand(room, chair):
    blocks = [room.block(place) for place in range(3)]
    assert offered(chair) == (blocks, [])
    assert offered(chair, "?text=en&select=all") == (blocks, blocks)
    room.propose(reword(blocks[0], FREE))
    set_status(room, 1, ParagraphStatus.AD_REFERENDUM)
    assert offered(chair, "?text=en&select=all") == (blocks[2:], blocks[2:])
    wanted = WantedAlternative(Trilingual.of({"en": "Towns shall plant none."}))
    head = room.head()
    with room.store.writing() as db:
        AmendmentService(db).bracket(
            room.declaration.id,
            room.rows()[2].block_id,
            [wanted],
            language=Language.EN,
            reason="",
            expected_head=head,
            actor=room.chair,
        )
    assert offered(chair) == ([], [])
    with browsing(room.store, room.member) as member:
        assert offered(member) == ([], [])
        assert member.send(STATUSES, **{f"p-{blocks[0]}": "yes", "status": "provisional"}).status_code == 404


@pytest.mark.parametrize("status", ["provisional", "ad_referendum", "closed"])
def test_paragraphs_are_named_then_agreed_at_once_and_taken_back_at_once(room, chair, status):
    blocks = [room.block(0), room.block(2)]
    set_status(room, 2, ParagraphStatus.PROVISIONAL)
    set_status(room, 2, ParagraphStatus.OPEN)

    named = confirmed(chair, *blocks, status=status)
    assert Page(named).data("paragraph") == blocks
    assert agreed(room) == {blocks[1]: "open"}
    assert chair.fill(named, STATUSES).status_code == 303
    assert agreed(room) == dict.fromkeys(blocks, status)
    shown = told(chair)
    assert shown.result == "paragraph.status_set"
    [undo] = undoings(shown)
    with room.store.reading() as db:
        assert db.scalar(sa.select(sa.func.count()).where(LogEntry.kind == "paragraph.status_set")) == 4

    assert chair.send(undo).status_code == 303
    assert agreed(room) == dict.fromkeys(blocks, "open")
    chair.send(undo)
    assert told(chair).result == "workspace.invalid:changed_since"


def test_what_changed_or_opened_meanwhile_is_named_and_nothing_is_done(room, chair):
    blocks = [room.block(0), room.block(1)]
    named = confirmed(chair, *blocks)
    room.adopt(room.propose(reword(blocks[0], FREE)))
    chair.fill(named, STATUSES)
    shown = told(chair)
    assert shown.result == "workspace.invalid:changed_since"
    assert agreed(room) == {}

    named = confirmed(chair, *blocks)
    room.propose(reword(blocks[1], "Towns shall light all."))
    chair.fill(named, STATUSES)
    assert told(chair).result == "workspace.invalid:still_open"

    chair.fill(confirmed(chair, blocks[0]), STATUSES)
    set_status(room, 0, ParagraphStatus.CLOSED)
    [undo] = undoings(told(chair))
    chair.send(undo)
    assert told(chair).result == "workspace.invalid:changed_since"
    assert agreed(room) == {blocks[0]: "closed"}


def test_another_paragraph_may_have_changed(room, chair):
    named = confirmed(chair, room.block(1))
    room.adopt(room.propose(reword(room.block(0), FREE)))
    chair.fill(named, STATUSES)
    assert agreed(room) == {room.block(1): "provisional"}


def test_a_question_of_the_room_holds_its_paragraph(room, chair):
    block = room.rows()[0].block_id
    with room.store.writing() as db:
        delegate(db, "Town of Alta")
        declaration = DeclarationService(db).get(room.declaration.id)
        DeclarationService(db).enter(declaration, Phase.ADOPTION, actor=OPERATOR)
        about = QuestionSubject(Subject.PARAGRAPH, block_id=block)
        QuestionService(db).put_vote(declaration, about, actor=room.chair)
    assert offered(chair) == ([room.block(1), room.block(2)], [])


def test_nothing_selected_and_what_is_not_ones_own_are_refused(room, chair):
    confirmed(chair)
    assert told(chair).result == "workspace.invalid:none_selected"
    chair.fill(confirmed(chair, room.block(0), status="closed"), STATUSES)
    [undo] = undoings(told(chair))
    with room.store.writing() as db:
        colleague = room.person(db, Role.COMMITTEE)
    with browsing(room.store, colleague) as other:
        assert other.send(undo).status_code == 404
        other.fill(confirmed(other, room.block(1), status="closed"), STATUSES)
        assert undoings(told(other)) == []
        assert other.send(f"{STATUSES}/2/2/undoing").status_code == 404
    assert set(agreed(room).values()) == {"closed"}


def test_many_are_agreed_over_the_api(house):
    table = house.declaration("Towns share water.", "Towns light paths.")
    path, blocks = f"{table.path}/paragraphs/statuses", [table.block(0), table.block(1)]
    body = {"paragraphs": blocks, "status": "ad_referendum"}
    table.propose("Towns share clean water.")

    assert house.member.post(path, body, if_match=table.head).status_code == 404
    assert house.chair.post(path, body).status_code == 428
    refused = house.chair.post(path, body, if_match=table.head)
    facts = refused.json()["facts"]
    assert (refused.status_code, facts["reason"], facts["paragraphs"]) == (422, "still_open", "1")
    assert house.member.get(path).json()["items"] == []
    made = house.chair.post(path, body | {"paragraphs": blocks[1:]}, if_match=table.head)
    assert made.status_code == 201, made.text
    [state] = made.json()["items"]
    assert (state["block_id"], state["status"]) == (blocks[1], "ad_referendum")
    back = {"first": state["number"], "last": state["number"]}
    assert house.chair.post(f"{path}/undoing", back).json()["items"][0]["status"] == "open"
    assert house.chair.post(f"{path}/undoing", back).status_code == 422


def test_a_paragraph_without_a_number_is_named_by_its_words(room):
    with room.store.reading() as db:
        declaration = DeclarationService(db).get(room.declaration.id)
        for row in queries.head_rows(db, declaration):
            row_number = queries.numbers_of(queries.head_rows(db, declaration)).get(row.id)
            with pytest.raises(Invalid) as refusal:
                paragraph_status.ensure_unchanged(db, declaration, [row.block_id])
            assert refusal.value.facts["paragraphs"] == (row_number or f"{row.content(Language.EN)[:40]}…")
