"""An amendment while it is written: several changes in one, kept as a draft, gone on with, filed."""

import pytest

from drafts.text.blocks import Language
from tests.support.page import Page
from tests.support.texts import insert, reword
from tests.workspace.amendments.browsing import DRAFT, browsing
from tests.workspace.amendments.room import LIGHT, SHADE, WATER, opened
from tests.workspace.amendments.test_pages import words
from workspace.amendments.change_form.drafts import AmendmentDraftService, ChangeEntry, DraftContent, content_of
from workspace.core.actor import Role
from workspace.core.errors import Invalid, NotFound, Stale
from workspace.core.events import PersonErased
from workspace.declarations.domain.personal_drafts import MOST_DRAFTS, forget

FREE, BRIGHT = WATER.replace("clean", "free"), LIGHT.replace("light", "brightly light")
LIST = f"{DRAFT}/amendments"
NEW, DRAFTS = f"{LIST}/new", f"{LIST}/drafts"


@pytest.fixture
def member(room):
    with browsing(room.store, room.member) as browser:
        yield browser


def form(browser, room, place=0, **query):
    more = "".join(f"&{name}={value}" for name, value in query.items())
    return browser.see(f"{NEW}?block={room.block(place)}&text=en{more}")


def sent(browser, page, **fields):
    """What a button of the form leads to, followed."""
    answer = browser.fill(page, NEW, **fields)
    assert answer.status_code == 303, words(answer)
    return browser.see(answer.headers["location"])


def in_hand(page):
    """The paragraph that is changed in the form, and how many others the amendment changes too."""
    shown = Page(page)
    return shown.form(NEW).values["block"], len(shown.rows("kept-change"))


def drafts(room, by=None):
    with room.store.reading() as db:
        declaration = room._in(db)
        return [content_of(one) for one in AmendmentDraftService(db).of(declaration, actor=by or room.member)]


def test_several_paragraphs_are_changed_in_one_amendment(room, member):
    page = sent(member, form(member, room), op="reword", wording=FREE, action="add", go_on=room.block(1))
    assert in_hand(page) == (room.block(1), 1)
    page = sent(member, page, op="insert", addition="They dig.\n\nThey build.", action="add", go_on=room.block(2))
    assert in_hand(page) == (room.block(2), 2)

    answer = member.fill(page, NEW, op="move", after="start", reason="Together.", indivisible="yes", action="file")

    assert answer.headers["location"] == f"{LIST}/1"
    filed = room.amendment(1)
    assert (filed.is_indivisible, filed.reason) == (True, "Together.")
    room.adopt(1)
    assert room.texts() == [SHADE, FREE, LIGHT, "They dig.", "They build."]
    assert drafts(room) == []


def test_a_change_is_taken_up_again_and_another_taken_out(room, member):
    page = sent(member, form(member, room), op="reword", wording=FREE, action="add", go_on=room.block(1))
    page = sent(member, page, op="delete", action="open-0")
    assert in_hand(page) == (room.block(0), 1)
    assert FREE in page.text
    page = sent(member, page, op="reword", wording=FREE, action="remove-1")
    assert in_hand(page) == (room.block(0), 0)
    member.fill(page, NEW, op="reword", wording=FREE, action="file")
    assert room.words(1) == [[FREE]]


def test_a_paragraph_that_was_opened_and_left_alone_is_no_change(room, member):
    page = sent(member, form(member, room), op="reword", wording=FREE, action="add", go_on=room.block(1))
    member.fill(page, NEW, op="reword", wording=LIGHT, action="file")
    assert room.words(1) == [[FREE]]


def test_a_new_paragraph_can_open_the_text(room, member):
    member.fill(form(member, room), NEW, op="insert", addition="Towns are homes.", before="yes", action="file")
    room.adopt(1)
    assert room.texts()[0] == "Towns are homes."


def test_what_is_wrong_in_another_change_is_shown_there(room, member):
    page = sent(member, form(member, room), op="reword", wording=FREE, action="add", go_on=room.block(1))
    page = sent(member, page, op="reword", wording="", action="add", go_on=room.block(2))
    again = member.fill(page, NEW, op="delete", action="file")
    assert again.status_code == 422
    assert in_hand(again) == (room.block(1), 2)
    assert Page(again).field("wording").is_wrong


def test_a_draft_comes_back_on_the_paragraph_it_is_about_until_it_is_filed(room, member):
    page = sent(member, form(member, room), op="reword", wording=FREE, reason="So far.", action="keep")
    assert Page(page).has_id("going-on")
    with browsing(room.store, room.member) as another_device:
        back = form(another_device, room)
        assert FREE in back.text
        assert Page(back).field("reason").value == "So far."
        assert Page(back).has_id("going-on")
        assert FREE not in form(another_device, room, fresh="yes").text
        assert FREE not in form(another_device, room, place=1).text
        another_device.fill(back, NEW, op="reword", wording=FREE, action="file")
    assert drafts(room) == []
    assert not Page(form(member, room)).has_id("going-on")


BESIDE = [
    ({"op": "reword", "wording": FREE}, True),
    ({"op": "delete"}, False),
    ({"op": "insert", "addition": "They dig."}, False),
    ({"op": "reword", "wording": FREE, "indivisible": "yes"}, False),
    ({"op": "reword", "wording": FREE, "action": "add", "go_on": 1}, False),
]


@pytest.mark.parametrize(("written", "is_beside"), BESIDE)
def test_only_a_draft_of_plain_words_goes_on_beside_the_text(room, member, written, is_beside):
    following = {"go_on": room.block(1)} if "go_on" in written else {}
    sent(member, form(member, room), **{"action": "keep", **written, **following})
    offered = Page(form(member, room, part=1)).form(NEW)
    assert bool(offered.options("op")) is not is_beside


def test_two_tabs_on_one_draft_lose_nothing(room, member):
    page = sent(member, form(member, room), op="reword", wording=FREE, action="keep")
    first, second = form(member, room), form(member, room)
    kept = member.fill(first, f"{DRAFTS}/", op="reword", wording=FREE + " One.")
    assert kept.status_code == 200

    other = member.fill(second, f"{DRAFTS}/", op="reword", wording=FREE + " Two.")

    assert other.json()["draft"] != kept.json()["draft"]
    assert other.json()["said"] != kept.json()["said"]
    assert {one.entries[0].wording for one in drafts(room)} == {FREE + " One.", FREE + " Two."}
    assert Page(form(member, room)).has_id("h-drafts")
    assert page.status_code == 200


def test_while_it_is_typed_the_server_says_who_else_asks_for_what(room, member):
    same = room.propose(reword(room.block(0), FREE), by=room.other)
    near = room.propose(reword(room.block(0), WATER.replace("clean", "cold")), by=room.other)
    far = room.propose(reword(room.block(0), WATER.replace("Towns", "Cities")), by=room.other)
    checked = member.fill(form(member, room), f"{DRAFTS}/", op="reword", wording=FREE).json()["checked"]
    order = [checked.index(f'id="amendment-{number}"') for number in (same, near, far)]
    assert order == sorted(order)
    page = Page(checked)
    assert page.data("relation") == ["same", "collides", "compatible"]
    assert f'value="support-{same}"' in checked


def test_the_very_same_becomes_support_after_a_clear_message(room, member):
    number = room.propose(reword(room.block(0), FREE), by=room.other)
    page = sent(member, form(member, room), op="reword", wording=FREE, action="keep")

    again = member.fill(page, NEW, op="reword", wording=FREE, action="file")

    assert again.status_code == 422
    assert Page(again).part("about", "already").has_button(f"support-{number}")
    after = Page(sent(member, again, op="reword", wording=FREE, action=f"support-{number}"))
    assert after.result == "amendment.supported"
    assert after.data("stands") == ["supporter"]
    assert drafts(room) == []


def test_those_who_are_named_in_the_form_are_invited_once_it_is_filed(room, member):
    page = sent(member, form(member, room), op="delete", invitee="ines", action="invite")
    assert Page(page).has_button(f"uninvite-{room.other.person_id}")
    page = sent(member, page, op="delete", invitee="A chair", action="invite")
    page = sent(member, page, op="delete", action=f"uninvite-{room.chair.person_id}")
    for nobody in ("Nobody at all", "Inés chair", "!"):
        again = member.fill(page, NEW, op="delete", invitee=nobody, action="invite")
        assert again.status_code == 422, nobody
    answer = member.fill(page, NEW, op="delete", invitee="A chair", action="file")
    assert "A chair" in words(member.see(answer.headers["location"]))
    assert "Inés Duarte" in words(member.see(answer.headers["location"]))
    with browsing(room.store, room.other) as other:
        assert "asked" in other.page(f"{LIST}/1").data("about")


def test_an_amendment_of_several_changes_is_written_anew_in_the_form(room, member):
    number = room.propose(
        reword(room.block(0), FREE),
        insert("a", "They dig.", after=room.block(1)),
        insert("b", "They build.", after="a"),
    )
    assert f"revises={number}" in member.see(f"{LIST}/{number}").text
    page = form(member, room, revises=number)
    assert in_hand(page) == (room.block(0), 2)
    member.fill(page, NEW, op="reword", wording=FREE + " Always.", reason="More.", action="file")
    room.adopt(number)
    assert room.texts() == [FREE + " Always.", LIGHT, "They dig.", "They build.", SHADE]


def test_all_ones_drafts_stand_on_a_page_and_can_be_thrown_away(room, member):
    assert member.page(DRAFTS).is_empty
    sent(member, form(member, room), op="reword", wording=FREE, action="keep")
    page = member.page(DRAFTS)
    assert FREE in page.text
    [discarding] = [form.action for form in page.forms if form.action.endswith("/discard")]
    with browsing(room.store, room.other) as other:
        assert FREE not in other.see(DRAFTS).text
        assert other.send(discarding).status_code == 404
    assert member.send(discarding).status_code == 303
    assert drafts(room) == []


def test_nobody_elses_draft_is_opened_or_overwritten(room, member):
    page = sent(member, form(member, room), op="reword", wording=FREE, action="keep")
    draft = Page(page).form(NEW).values["draft"]
    with browsing(room.store, room.other) as other:
        assert other.see(f"{NEW}?draft={draft}").status_code == 404
        other.fill(form(other, room), f"{DRAFTS}/", op="delete", draft=draft, version=draft)
    assert [one.entries[0].wording for one in drafts(room)] == [FREE]
    assert len(drafts(room, room.other)) == 1


def test_words_that_were_kept_are_never_overwritten_unseen(any_store):

    room = opened(any_store)
    content = DraftContent(language="en", base=1, entries=(ChangeEntry(block=room.block(0), wording="One."),))
    with room.store.writing() as db:
        draft = AmendmentDraftService(db).begin(room._in(db), content, actor=room.member)
        first = draft.version
        AmendmentDraftService(db).keep(draft.id, content, expected=first, actor=room.member)
    with pytest.raises(Stale), room.store.writing() as db:
        AmendmentDraftService(db).keep(draft.id, content, expected=first, actor=room.member)
    with pytest.raises(NotFound), room.store.writing() as db:
        AmendmentDraftService(db).keep(draft.id, content, expected=first, actor=room.other)
    with room.store.writing() as db:
        forget(db, PersonErased(person_id=room.member.person_id, withdraws_comments=False, actor=room.member))
    assert drafts(room) == []


def test_drafts_are_bounded(room):
    long = DraftContent(language="en", base=1, entries=(ChangeEntry(wording="x" * 200_001),))
    with pytest.raises(Invalid), room.store.writing() as db:
        AmendmentDraftService(db).begin(room._in(db), long, actor=room.member)
    small = DraftContent(language="en", base=1)
    with room.store.writing() as db:
        for _ in range(MOST_DRAFTS):
            AmendmentDraftService(db).begin(room._in(db), small, actor=room.member)
    with pytest.raises(Invalid), room.store.writing() as db:
        AmendmentDraftService(db).begin(room._in(db), small, actor=room.member)
    with room.store.writing() as db:
        observer = room.person(db, Role.OBSERVER)
    with pytest.raises(NotFound), room.store.writing() as db:
        AmendmentDraftService(db).begin(room._in(db), small, actor=observer)


def test_the_page_of_drafts_renders_in_every_language(room, member):
    sent(member, form(member, room), op="reword", wording=FREE, action="add", go_on=room.block(1))
    for language in Language:
        for path in (DRAFTS, f"{NEW}?block={room.block(0)}"):
            assert member.see(path.replace("/en/", f"/{language}/")).status_code == 200
