"""Two hundred amendments to a new revision in one sitting, in a real browser; and what is marked survives the way."""

import re

import pytest
from playwright.sync_api import expect

from tests.browsers.places import Hall
from tests.support.texts import reword
from workspace.amendments.domain.models import Disposition

PLACES = 40
SLOW = 60_000  # milliseconds: two hundred amendments at once, on a machine that does much else
WORDS = "Cities keep the {} open to all who live there, by day and by night, and say each year how they did so."
THINGS = ("squares", "gardens", "schools", "baths", "markets")
TOGETHER = (("keep", "hold"), ("open", "free"), ("live", "dwell"), ("say", "publish"))
ANOTHER = ("keep", "leave")


def texts(count: int) -> list[str]:
    return [WORDS.format(f"{THINGS[place % 5]} of district {place + 1}") for place in range(count)]


def fill_the_desk(hall: Hall, places: int) -> str:
    """Four amendments at each place that can stand together, and then one more that collides with the first."""
    told = texts(places)
    path = hall.draft(*told)
    room = hall.room
    blocks = [str(row.block_id) for row in room.rows()]
    asked = [(place, change) for place in range(places) for change in TOGETHER]
    asked += [(place, ANOTHER) for place in range(places)]
    for number, (place, change) in enumerate(asked):
        words = told[place].replace(*change, 1)
        room.propose(reword(blocks[place], words), by=room.member if number % 2 else room.other)
    return path


@pytest.mark.long
def test_two_hundred_amendments_become_a_revision_in_one_sitting(hall: Hall):
    path = fill_the_desk(hall, PLACES)
    with hall.chair() as context:
        page = hall.desk(context, path)
        expect(page.locator(".lede")).to_have_text("200 pending amendments")
        page.get_by_role("button", name="Mark all undisputed").click()
        expect(page.locator("#sum")).to_contain_text("decisions.")
        for choice in ("All paragraphs", "Not decided"):
            page.locator("summary", has_text="English").click()
            page.get_by_role("button", name=choice).click()
        seen = 0
        while True:
            for group in page.get_by_role("group", name=re.compile("Decision on amendment")).all():
                if not group.locator(":checked").count():
                    group.get_by_role("radio", name="Reject", exact=True).check(force=True)
                    seen += 1
            further = page.get_by_role("button", name="Next", exact=True)
            if further.is_disabled():
                break
            further.click()
        expect(page.locator("#sum")).to_contain_text("200 decisions", timeout=SLOW)
        page.get_by_role("button", name="Record", exact=True).click()
        expect(page.locator("#toast")).to_contain_text("Revision 2 made.", timeout=SLOW)
        page.get_by_text("Undo the last decisions").click()
        page.get_by_label("Reason", exact=True).fill("We miscounted.")
        page.keyboard.press("Enter")
        expect(page.locator("#toast")).to_contain_text("The last decisions are undone", timeout=SLOW)
    assert seen
    assert hall.room.texts() == texts(PLACES)
    assert hall.room.disposition(1) is Disposition.OPEN


@pytest.mark.parametrize("scripts", [True, False])
def test_marks_survive_the_way_through_the_desk(hall: Hall, scripts):
    path = fill_the_desk(hall, 8)
    with hall.chair(java_script_enabled=scripts) as context:
        page = hall.desk(context, path)
        page.get_by_role("group", name="Decision on amendment 1", exact=True).get_by_role(
            "radio", name="Reject", exact=True
        ).check()
        page.get_by_role("button", name="Next", exact=True).click()
        expect(page.locator("#amendment-5")).to_be_visible()
        expect(page.locator("#sum")).to_contain_text("One decision.")
        last = page.get_by_role("group", name=re.compile("Decision on amendment")).last
        last.locator("summary").click()
        last.get_by_role("radio", name="Refer back", exact=True).check()
        page.locator(".rail li button").first.click()
        expect(page.locator("#amendment-1")).to_be_visible()
        first = page.get_by_role("group", name="Decision on amendment 1", exact=True)
        expect(first.get_by_role("radio", name="Reject", exact=True)).to_be_checked()
        page.locator("summary", has_text="English").click()
        page.get_by_role("button", name="Marked", exact=True).click()
        page.get_by_role("button", name="Record", exact=True).click()
        expect(page.locator("#toast")).to_be_visible()
    assert hall.room.disposition(1) is Disposition.REJECTED
    assert Disposition.REFERRED in {hall.room.disposition(number) for number in range(5, 41)}
