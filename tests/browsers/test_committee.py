"""The committee's desk in a real browser: a sitting by keyboard, the text as it would read, and without scripts."""

import pytest
from playwright.sync_api import Page, expect

from tests.browsers.places import Hall
from tests.support.texts import reword
from tests.surface import LOOK
from tests.workspace.amendments.room import LIGHT, SHADE, WATER
from workspace.amendments.domain.models import Disposition, Verdict

FREE = WATER.replace("clean", "free")
AT_HAND = ("Adopt", "Adopt with changes", "Reject")
COLD = WATER.replace("clean", "cold")
ALL = LIGHT.replace("every", "each and every")


@pytest.fixture
def sitting(hall: Hall) -> tuple[Hall, str]:
    """Two amendments that collide, and one that nobody disputes."""
    path = hall.draft(WATER, LIGHT, SHADE)
    room = hall.room
    room.propose(reword(room.block(0), FREE))
    room.propose(reword(room.block(0), COLD), by=room.other)
    room.propose(reword(room.block(1), ALL), by=room.other)
    return hall, path


def choose(page: Page, number: int, words: str) -> None:
    """Walk to a verdict with the arrow keys, as somebody without a mouse does."""
    group = page.get_by_role("group", name=f"Decision on amendment {number}")
    if words in AT_HAND:
        group.get_by_role("radio", name="Adopt", exact=True).focus()
        page.keyboard.press("Space")
    else:
        group.locator("summary").focus()
        page.keyboard.press("Enter")
        expect(group.get_by_role("radio", name="Not now")).to_be_visible()
    for _ in range(8):
        if group.get_by_role("radio", name=words, exact=True).is_checked():
            return
        page.keyboard.press("ArrowRight")
    raise AssertionError(words)


def test_a_sitting_by_keyboard_alone(sitting):
    hall, path = sitting
    with hall.chair() as context:
        page = hall.desk(context, path)
        choose(page, 1, "Adopt")
        expect(page.locator("#would ins")).to_contain_text("free")
        choose(page, 2, "Lapses")
        page.get_by_label("Because of amendment").locator("visible=true").fill("1")
        page.locator("[data-amendment='1']").focus()
        page.keyboard.press("n")
        expect(page.locator("#amendment-3")).to_be_visible()
        page.keyboard.press("1")
        expect(page.locator("#sum")).to_contain_text("3 decisions")
        page.reload()
        expect(page.locator("#sum")).to_contain_text("3 decisions")
        page.get_by_role("button", name="Record", exact=True).focus()
        page.keyboard.press("Enter")
        expect(page.locator("#toast")).to_contain_text("Revision 2 made.")
        assert hall.room.texts() == [FREE, ALL, SHADE]
        assert hall.room.disposition(2) is Disposition.FALLEN
        page.locator("#toast").get_by_role("link", name="Undo").focus()
        page.keyboard.press("Enter")
        expect(page.get_by_label("Reason", exact=True)).to_be_focused()
        page.keyboard.type("We miscounted.")
        page.keyboard.press("Enter")
        expect(page.locator("#toast")).to_contain_text("The last decisions are undone")
    assert hall.room.texts() == [WATER, LIGHT, SHADE]


def test_without_scripts_everything_is_there_and_a_bracket_is_set_and_resolved(sitting):
    hall, path = sitting
    with hall.chair(java_script_enabled=False) as context:
        page = hall.desk(context, path)
        page.get_by_role("button", name="Mark all undisputed").click()
        expect(page.locator("#sum")).to_contain_text("One decision.")
        for number in (1, 2):
            group = page.get_by_role("group", name=f"Decision on amendment {number}")
            group.locator("summary").click()
            group.get_by_role("radio", name="Bracket the text", exact=True).check()
        page.get_by_role("button", name="Record", exact=True).click()
        expect(page.get_by_role("heading", name="One paragraph in brackets")).to_be_visible()
        assert hall.room.texts() == [WATER, ALL, SHADE]
        page.get_by_label("Alternative C").check()
        page.get_by_role("button", name="Remove brackets").click()
        expect(page.get_by_role("status")).to_contain_text("Brackets 1 removed in revision 3.")
    assert hall.room.texts() == [COLD, ALL, SHADE]


MOST_CONTROLS = 45


@pytest.mark.parametrize("state", ["plain", "sub-amendments", "brackets"])
def test_eight_amendments_to_one_paragraph_leave_few_controls_in_sight(hall: Hall, state: str):
    path, room = hall.draft(WATER, LIGHT, SHADE), hall.room
    for number in range(8):
        room.propose(reword(room.block(0), WATER.replace("clean", f"clean {number}")), by=room.other)
    if state == "sub-amendments":
        for number in (1, 2, 3):
            room.amend(number, reword(room.block(0), WATER.replace("clean", f"pure {number}")), by=room.member)
    if state == "brackets":
        room.decide({1: Verdict.BRACKET, 2: Verdict.BRACKET})
    with hall.chair(bypass_csp=True) as context:
        page = hall.desk(context, path)
        assert page.evaluate(LOOK)["controls"] <= MOST_CONTROLS
        for number in range(3, 7) if state == "brackets" else range(1, 5):
            page.keyboard.press("3")
            expect(page.locator(f".sq[data-number='{number}']")).to_have_attribute("data-state", "reject")
        expect(page.locator("#sum")).to_contain_text("4 decisions")
