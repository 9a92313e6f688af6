"""Two people edit the text at the same time: both edits stand, or the second one sees both and decides."""

import pytest

from drafts.diff.amendments import Change, ChangeOp
from drafts.text.blocks import Language
from tests.support import site
from tests.support.page import Page
from tests.workspace.amendments.room import LIGHT, SHADE, WATER, Room, opened
from workspace.amendments.service import AmendmentService
from workspace.core.errors import Invalid, Stale

HERE = "/en/third-forum/declaration/edit"


@pytest.fixture
def room(store) -> Room:
    return opened(store)


def reword(room: Room, place: int, text: str) -> Change:
    return Change(ChangeOp.REWORD, room.block(place), text=text)


def edit(room: Room, change: Change, *, begun_on) -> None:
    with room.store.writing() as db:
        AmendmentService(db).edit(
            room.declaration.id,
            [change],
            language=Language.EN,
            reason="An oversight.",
            expected_head=begun_on,
            actor=room.chair,
            may_rejoin=True,
        )


def test_edits_of_two_paragraphs_both_stand(room: Room):
    begun_on = room.head()
    edit(room, reword(room, 0, "Towns shall share clean water."), begun_on=begun_on)
    edit(room, reword(room, 1, "Towns shall light every path."), begun_on=begun_on)
    assert room.texts() == ["Towns shall share clean water.", "Towns shall light every path.", SHADE]


def test_edits_of_different_words_of_one_paragraph_both_stand(room: Room):
    begun_on = room.head()
    edit(room, reword(room, 0, WATER.replace("shall", "must")), begun_on=begun_on)
    edit(room, reword(room, 0, WATER.replace("neighbours", "guests")), begun_on=begun_on)
    assert room.texts()[0] == WATER.replace("shall", "must").replace("neighbours", "guests")
    assert room.texts()[1:] == [LIGHT, SHADE]


def test_edits_of_the_same_words_are_never_overwritten(room: Room):
    begun_on = room.head()
    edit(room, reword(room, 0, WATER.replace("shall", "must")), begun_on=begun_on)
    with pytest.raises(Stale):
        edit(room, reword(room, 0, WATER.replace("shall", "should")), begun_on=begun_on)
    with pytest.raises(Invalid):
        edit(room, reword(room, 0, WATER.replace("shall", "must")), begun_on=begun_on)
    assert room.texts()[0] == WATER.replace("shall", "must")


def test_whoever_saves_second_gets_both_side_by_side_and_loses_nothing(room: Room):
    with site.browser(room.store, room.chair) as browser:
        form = Page(browser.get(f"{HERE}?block={room.block(0)}&text=en")).form(HERE).values
        edit(room, reword(room, 0, WATER.replace("shall", "must")), begun_on=room.head())
        mine = {**form, "wording": WATER.replace("shall", "should"), "reason": "Softer.", "action": "save"}
        answer = browser.post(HERE, data=mine)
        assert answer.status_code == 422
        assert Page(answer).field("wording").value.strip() == mine["wording"]
        assert "must" in answer.text  # and theirs, compared with it
        other = {**form, "wording": WATER.replace("neighbours", "guests"), "reason": "Kinder.", "action": "save"}
        assert browser.post(HERE, data=other, follow_redirects=False).status_code == 303
    assert room.texts()[0] == WATER.replace("shall", "must").replace("neighbours", "guests")
