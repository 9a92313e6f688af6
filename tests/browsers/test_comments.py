"""Comments in a real browser: a guest and the moderator, words that are lost, closing, and what only drafters read."""

from playwright.sync_api import Page, expect

from tests.browsers.places import Hall
from tests.support import factories
from tests.support.texts import reword
from tests.workspace.amendments.room import LIGHT, WATER
from workspace.core.actor import OPERATOR, Actor
from workspace.core.security.permissions import Phase
from workspace.recommendations.service import RecommendationService, SubmittedText

OTHER = "Every harbour keeps one lamp lit."


def opened(hall: Hall, who: Actor | None, path: str, *, width: int = 1280, **options: object) -> Page:
    context = hall.chromium.new_context(viewport={"width": width, "height": 900}, **options)
    context.set_default_timeout(30_000)
    if who:
        context.add_cookies([{"name": "persona", "value": str(who.person_id), "url": hall.address}])
    page = context.new_page()
    page.goto(f"{hall.address}{path}")
    return page


def paragraph(hall: Hall, path: str, place: int = 0) -> str:
    return f"{path}/paragraphs/{hall.room.block(place)}"


def test_a_guest_comments_on_a_phone_in_spanish_and_is_read_once_a_moderator_lets_it_through(hall: Hall):
    with hall.room.store.writing() as db:
        factories.forum(db).guest_comments = True
        hall.room.declaration = factories.declaration(db, WATER, slug="asked", phase=Phase.CONSULTATION)
    path = "/es/third-forum/asked"

    guest = opened(hall, None, paragraph(hall, path), width=390, has_touch=True)
    guest.locator("#say textarea[name=text]").fill("¿Y quién lo paga?")
    guest.locator("[name=name]").fill("Greta Paz")
    guest.locator("[name=email]").fill("greta@home.example")
    guest.locator("#say button.btn-primary").click()
    expect(guest.locator(".remark", has_text="Greta Paz")).to_contain_text("¿Y quién lo paga?")
    expect(guest.locator(".remark .badge")).to_have_text(["invitado", "espera moderación"])
    assert guest.evaluate("document.documentElement.scrollWidth <= innerWidth")
    member = opened(hall, hall.room.member, paragraph(hall, path))
    expect(member.locator(".remark")).to_have_count(0)

    moderator = opened(hall, hall.room.chair, f"{path}/moderation")
    expect(moderator.locator("main")).to_contain_text("¿Y quién lo paga?")
    moderator.locator("button[value=show]").click()
    expect(moderator.locator("main button[value=show]")).to_have_count(0)

    member.reload()
    expect(member.locator(".remark", has_text="Greta Paz")).to_contain_text("¿Y quién lo paga?")
    expect(member.locator("main")).not_to_contain_text("greta@home.example")
    for page in (guest, member, moderator):
        page.context.close()


def test_the_button_is_pressed_at_the_first_tap_while_names_are_still_offered(hall: Hall):
    path = hall.draft(WATER)
    member = opened(hall, hall.room.member, paragraph(hall, path), width=390, has_touch=True)
    member.locator("#say textarea[name=text]").press_sequentially("And who pays? @")
    member.locator("#say textarea[name=text]").press_sequentially("A")
    expect(member.locator(".name-list")).to_be_visible()

    member.locator("#say button.btn-primary").tap()

    expect(member.locator(".remark")).to_contain_text("And who pays?")
    member.context.close()


def test_words_that_are_lost_are_said_to_be_and_the_conversation_is_closed_without_scripts(hall: Hall):
    path = hall.draft(WATER, LIGHT)
    member = opened(hall, hall.room.member, paragraph(hall, path), java_script_enabled=False)
    member.locator("summary", has_text="On a passage").click()
    member.get_by_label("Passage", exact=True).fill("clean water")
    member.locator("#say textarea[name=text]").fill("Whose water?")
    member.locator("#say").get_by_role("button", name="Comment").click()
    expect(member.locator(".thread .about")).to_contain_text("clean water")

    hall.room.edit(reword(hall.room.block(0), OTHER))

    member.reload()
    lost = member.locator(".thread .lost")
    expect(lost).to_contain_text("On a passage no longer in the text:")
    expect(lost).to_contain_text("clean water")
    member.get_by_role("button", name="Close").click()
    expect(member.get_by_role("heading", name="No open comments")).to_be_visible()
    expect(member.get_by_text("Closed by").last).to_be_attached()
    member.context.close()


def test_what_is_internal_is_marked_for_those_who_draft_and_nowhere_for_members(hall: Hall):
    path = hall.draft(WATER)
    writing = opened(hall, hall.room.chair, paragraph(hall, path))
    writing.locator("#say textarea[name=text]").fill("Hold this until the vote.")
    writing.get_by_label("Internal: only the drafters see it").check()
    writing.locator("#say button.btn-primary").click()
    expect(writing.locator(".thread .badge", has_text="internal")).to_be_visible()

    member = opened(hall, hall.room.member, paragraph(hall, path))
    expect(member.get_by_role("heading", name="No open comments")).to_be_visible()
    expect(member.locator("main")).not_to_contain_text("Hold this")
    for page in (writing, member):
        page.context.close()


def test_a_comment_on_a_recommendation_is_as_wide_as_its_page(hall: Hall):
    with hall.room.store.writing() as db:
        forum = factories.forum(db)
        [made] = RecommendationService(db).take_texts(
            forum, [SubmittedText("Mend pumps.", "en", "", None, "Villa Clara", None)], actor=OPERATOR
        )
        number = made.number
    member = opened(hall, hall.room.chair, f"/en/third-forum/recommendations/{number}")
    member.locator("#say textarea[name=text]").fill("Who pays for the pumps that nobody has mended so far?")
    member.locator("#say button.btn-primary").click()
    expect(member.locator("[data-remark]")).to_be_visible()
    member.goto(f"{hall.address}/en/third-forum/recommendations/{number}")
    words = member.locator("[data-remark]").bounding_box()
    assert words is not None
    assert words["width"] > 400
    assert words["height"] < 60
    member.context.close()
