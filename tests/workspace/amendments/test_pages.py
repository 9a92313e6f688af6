"""Amendments in the browser: proposing in place, reading, deciding, withdrawing, and the committee's own hand."""

import re

import pytest

from drafts.text.blocks import Language
from tests.support import factories
from tests.support.page import Page
from tests.support.texts import delete, insert, join, move, reword, split
from tests.workspace.amendments.browsing import DRAFT, browsing
from tests.workspace.amendments.room import LIGHT, SHADE, WATER, opened
from workspace.amendments.domain.models import Disposition, Verdict
from workspace.core.actor import Role
from workspace.core.security.permissions import Phase
from workspace.web.i18n.messages import LANGUAGES

EN, ES = Language.EN, Language.ES
FREE = "Towns shall share free water with their neighbours."
COLD = "Towns shall share cold water with their neighbours."
LIST = f"{DRAFT}/amendments"
NEW = f"{LIST}/new"
DESK = f"{DRAFT}/desk"
ACTS = ("/1/withdrawal", "/1/support")


@pytest.fixture
def member(room):
    with browsing(room.store, room.member) as browser:
        yield browser


@pytest.fixture
def chair(room):
    with browsing(room.store, room.chair) as browser:
        yield browser


def form(browser, room, place=0, *, op="reword", text=EN, route=NEW):
    return browser.see(f"{route}?block={room.block(place)}&text={text}&op={op}")


def words(answer):
    """A page without its tags, spaces folded."""
    body = answer.text.partition("<main")[2].partition("</main>")[0]
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", "", body))


def without_announcements(answer):
    """A page's words as the eye reads them."""
    shown = re.sub(r'<span class="vh">[^<]*</span>', "", answer.text)
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", "", shown))


def everything_filed(room):
    """One amendment of every kind, two that collide and two that are the same."""
    blocks = [room.block(place) for place in range(3)]
    room.propose(reword(blocks[0], FREE))
    room.propose(reword(blocks[0], COLD), by=room.other)
    room.propose_too(reword(blocks[0], FREE), by=room.other)
    room.propose(insert("new", "Towns shall dig.", after=blocks[1]), delete(blocks[2]), indivisible=True)
    room.propose(move(blocks[2], after=None))
    room.propose(split(blocks[1], "Towns shall light every public path.", ("new", "They do so after dark.")))
    room.propose(join(blocks[1], blocks[2]), by=room.other)
    room.propose(reword(blocks[0], "Las ciudades comparten el agua."), language=ES)


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_page_renders_in_every_language_for_everyone(room, language):
    everything_filed(room)
    room.decide({2: Verdict.REJECT})
    path = DRAFT.replace("/en/", f"/{language}/")
    for actor in (room.chair, room.member, None):
        with browsing(room.store, actor) as browser:
            pages = ["/amendments", "/amendments?text=en", "/amendments?state=decided", "/amendments/tables"]
            status = 404 if actor is None else 200
            assert [browser.see(path + one).status_code for one in pages] == [status] * 4
            if actor:
                numbers = [browser.see(f"{path}/amendments/{number}").status_code for number in range(1, 9)]
                assert numbers == [200] * 8
                assert form(browser, room, route=f"{path}/amendments/new").status_code == 200


@pytest.mark.parametrize(
    ("op", "fields", "expected"),
    [
        ("reword", {"wording": FREE}, [FREE, LIGHT, SHADE]),
        ("insert", {"addition": "Towns shall dig."}, [WATER, "Towns shall dig.", LIGHT, SHADE]),
        ("delete", {}, [LIGHT, SHADE]),
        ("move", {"after": "last"}, [LIGHT, SHADE, WATER]),
        (
            "split",
            {"wording": "Towns share.\r\n\r\nWater is clean."},
            ["Towns share.", "Water is clean.", LIGHT, SHADE],
        ),
        ("join", {}, [f"{WATER} {LIGHT}", SHADE]),
    ],
)
def test_every_operation_is_filed_from_its_form_and_can_be_adopted(room, member, op, fields, expected):
    page = form(member, room, op=op)
    fields = {name: room.block(2) if value == "last" else value for name, value in fields.items()}
    answer = member.fill(page, NEW, op=op, reason="Because.", action="file", **fields)

    assert (answer.status_code, answer.headers["location"]) == (303, f"{LIST}/1")
    assert member.page(f"{LIST}/1").result == "amendment.proposed"
    room.adopt(1)
    assert room.texts() == expected


def test_the_form_shows_the_paragraph_the_operations_and_what_others_propose(room, member):
    room.propose(reword(room.block(0), COLD), by=room.other)
    page = form(member, room)

    assert f'data-diff-base="{WATER}"' in page.text
    assert [op for op in ("reword", "insert", "delete", "move", "split", "join") if f'value="{op}"' in page.text] == [
        "reword",
        "insert",
        "delete",
        "move",
        "split",
        "join",
    ]
    assert Page(page).by_id("change-page-others").data("amendment") == ["1"]
    assert "cleancold" in without_announcements(page).replace(" ", "")
    assert 'value="join"' not in form(member, room, place=2).text


def test_a_preview_shows_the_difference_and_files_nothing(room, member):
    answer = member.fill(form(member, room), NEW, op="reword", wording=FREE, action="preview")

    assert answer.status_code == 200
    assert Page(answer).by_id("preview").data("change") == ["reword"]
    assert "<del>" in answer.text
    assert FREE in answer.text
    assert member.see(f"{LIST}/1").status_code == 404


@pytest.mark.parametrize(
    ("op", "fields", "refusal"),
    [
        ("reword", {"wording": WATER}, "workspace.invalid:nothing_changes"),
        ("reword", {"wording": "  "}, "drafts.impossible_change:no_text"),
        ("insert", {"addition": ""}, "drafts.impossible_change:no_text"),
        ("move", {"after": ""}, "workspace.invalid:required"),
        ("split", {"wording": WATER}, "drafts.impossible_change:no_parts"),
        ("conquer", {}, "workspace.invalid:required"),
        ("reword", {"wording": FREE, "reason": "x" * 5_001}, "workspace.invalid:too_long"),
    ],
)
def test_what_cannot_be_filed_comes_back_with_a_reason_and_all_that_was_written(room, member, op, fields, refusal):
    written = {"reason": "Because of the drought.", **fields}
    answer = member.fill(form(member, room), NEW, op=op, action="file", **written)

    assert answer.status_code == 422
    assert Page(answer).refusal == refusal
    assert written["reason"] in answer.text
    assert member.see(f"{LIST}/1").status_code == 404


def test_a_preview_of_what_cannot_be_says_why(room, member):
    answer = member.fill(form(member, room), NEW, op="split", wording=WATER, action="preview")

    assert answer.status_code == 422
    assert Page(answer).field("wording").error == "drafts.impossible_change:no_parts"


def test_what_was_shown_when_the_page_was_opened_is_what_it_is_filed_against(room, member):
    page = form(member, room)
    room.adopt(room.propose(delete(room.block(2)), by=room.other))

    answer = member.fill(page, NEW, op="reword", wording=FREE, action="file")

    assert answer.status_code == 303
    assert room.amendment(2).versions[0].base_revision.number == 1


def test_nobody_amends_words_they_have_not_seen(room, member):
    page = form(member, room)
    tampered = member.fill(page, NEW, op="reword", wording=FREE, action="file", shown="0" * 32)

    assert tampered.status_code == 422
    assert Page(tampered).refusal == "workspace.stale"
    assert FREE in tampered.text
    assert member.see(f"{LIST}/1").status_code == 404


def test_a_paragraph_without_text_in_the_language_offers_what_it_can_take(store):
    room = opened(store, {EN: WATER})
    with browsing(store, room.member) as member:
        page = form(member, room, text=ES)

        assert "no-text" in Page(page).data("about")
        assert 'value="reword"' not in page.text
        refused = member.fill(page, NEW, op="reword", wording="Agua.", action="file")
        assert (refused.status_code, Page(refused).refusal) == (422, "drafts.impossible_change:untranslated")


@pytest.mark.parametrize("block", ["", "nothing", "01a1fcd0-0000-7000-8000-000000000000"])
def test_a_form_for_a_paragraph_that_is_not_there_is_not_there(member, block):
    assert member.see(f"{NEW}?block={block}").status_code == 404


@pytest.mark.parametrize("role", [Role.OBSERVER, Role.SECRETARIAT, Role.TRANSLATOR])
def test_who_may_not_amend_sees_no_form_and_no_button(room, role):
    with room.store.writing() as db:
        somebody = factories.person(db, role)
    with browsing(room.store, somebody) as browser:
        assert form(browser, room).status_code == 404
        assert browser.send(NEW, block=room.block(0), text="en", base="1", op="delete").status_code == 404
        assert not browser.page(LIST).links_to("/drafts")


def test_one_amendment_says_who_what_why_and_against_what(room, member):
    room.propose(reword(room.block(0), FREE))
    answer = member.see(f"{LIST}/1")
    page = Page(answer)

    assert "1" in page.headings(1)[0]
    assert all(said in page.text for said in (room.member.name, "Because it is so."))
    assert f"{DRAFT}?revision=1&text=en" in page.links
    assert "cleanfree" in without_announcements(answer).replace(" ", "")
    assert page.offers("/1/withdrawal")


def test_its_author_withdraws_an_amendment(room, member):
    room.propose(reword(room.block(0), FREE))

    answer = member.send(f"{LIST}/1/withdrawal")

    assert answer.headers["location"] == f"{LIST}/1"
    assert room.disposition(1) is Disposition.WITHDRAWN
    assert not member.page(f"{LIST}/1").offers("/1/withdrawal")


@pytest.mark.parametrize("act", ["withdrawal", "support", "support/withdrawal"])
def test_what_was_done_to_an_amendment_is_undone_where_it_is_told(room, member, act):
    room.propose(reword(room.block(0), FREE), by=room.member if act == "withdrawal" else room.other)
    if act == "support/withdrawal":
        member.send(f"{LIST}/1/support")
    before = [member.page(f"{LIST}/1").offers(address) for address in ACTS]

    member.send(f"{LIST}/1/{act}")
    [undo] = member.page(f"{LIST}/1").by_id("toast").forms
    member.send(undo.action)

    assert [member.page(f"{LIST}/1").offers(address) for address in ACTS] == before


def test_nobody_sees_a_button_to_withdraw_for_somebody_else(room, chair):
    room.propose(reword(room.block(0), FREE))

    assert not chair.page(f"{LIST}/1").offers("/1/withdrawal")
    assert chair.send(f"{LIST}/1/withdrawal").status_code == 404
    assert room.disposition(1) is Disposition.OPEN


def test_an_overtaken_amendment_says_so(room, member):
    room.adopt(room.propose(reword(room.block(0), COLD), by=room.other))
    room.propose(reword(room.block(0), FREE), base=1)
    room.propose(reword(room.block(0), COLD), base=1)

    assert "collides" in member.page(f"{LIST}/2").data("about")
    assert "already_included" in member.page(f"{LIST}/3").data("about")


def test_each_says_with_which_it_collides_and_identical_ones_do_not(room, chair):
    everything_filed(room)
    page = chair.page(f"{LIST}?text=en")

    told = [page.part("amendment", number).data("collide") for number in range(1, 8)]
    assert told == [["2"], ["1 3"], ["2"], ["5 7"], ["4 7"], [], ["4 5"]]
    assert [page.part("amendment", number).data("change") for number in (1, 2, 4, 5, 6, 7)] == [
        ["reword"],
        ["reword"],
        ["insert", "delete"],
        ["move"],
        ["split"],
        ["join"],
    ]


def test_the_list_is_narrowed_by_language_and_state(room, member):
    everything_filed(room)
    room.decide({2: Verdict.REJECT})

    spanish = member.see(f"{LIST}?text=es").text
    decided = member.see(f"{LIST}?state=decided").text
    assert [number for number in range(1, 9) if f'id="amendment-{number}"' in spanish] == [8]
    assert [number for number in range(1, 9) if f"/amendments/{number}" in decided] == [2]


def test_a_table_to_cite_marks_in_each_column_what_differs(room, chair):
    room.propose(reword(room.block(0), FREE))
    chair.send(f"{LIST}/tables")
    page = chair.see(f"{LIST}/tables/1").text
    assert re.search(r"<del><span[^>]*>deleted: </span>clean<", page)
    assert re.search(r"<ins><span[^>]*>inserted: </span>free<", page)


def test_an_empty_list_says_what_to_do(member):
    page = member.page(LIST)
    assert page.is_empty
    assert page.links_to(DRAFT)
    assert page.links_to("/drafts")
    assert member.page(f"{LIST}?state=decided").is_empty


def test_only_the_chair_decides_in_every_language_or_in_one(room, member, chair):
    everything_filed(room)

    assert 'name="verdict-1"' in chair.see(f"{DESK}?all=yes").text
    assert 'name="verdict-8" value="adopt"' in chair.see(f"{DESK}?all=yes").text
    assert chair.page(LIST).links_to("/desk")
    assert not member.page(LIST).links_to("/desk")
    assert chair.page(DESK).offers("/desk/decisions")
    assert member.see(DESK).status_code == 404
    assert member.fill(member.see(LIST), f"{DESK}/decisions", text="en", **{"verdict-1": "adopt"}).status_code == 404
    assert room.texts()[0] == WATER


def test_decisions_land_together_and_say_what_came_of_them(room, chair):
    everything_filed(room)
    marked = {"verdict-1": "adopt", "verdict-2": "adopt", "verdict-5": "adopt", "reason-5": "Trees come first."}

    answer = chair.fill(chair.see(f"{DESK}?all=yes"), f"{DESK}/decisions", action="decide", **marked)

    assert (answer.status_code, answer.headers["location"]) == (303, f"{DESK}?all=yes")
    assert ("Revision 2 made. Amendment 5 adopted. Amendments 1, 2 and 3, in conflict, remain pending.") in chair.see(
        answer.headers["location"]
    ).text
    assert room.texts() == [SHADE, WATER, LIGHT]
    assert chair.page(f"{LIST}/5").quotes == ["Trees come first."]


def test_support_is_decided_with_the_proposal_it_supports(room, chair):
    everything_filed(room)

    chair.fill(chair.see(f"{DESK}?all=yes"), f"{DESK}/decisions", action="decide", **{"verdict-1": "adopt"})

    assert [room.disposition(number) for number in (1, 2, 3)] == [
        Disposition.ADOPTED,
        Disposition.OPEN,
        Disposition.ADOPTED,
    ]


def test_a_modified_wording_is_adopted_beside_the_members_own(room, chair):
    room.propose(reword(room.block(0), FREE))
    page = chair.see(f"{DESK}?all=yes")
    modified = {"verdict-1": "adopt_modified", "wording-1": "Towns shall share free and clean water."}

    chair.fill(page, f"{DESK}/decisions", action="decide", **modified)

    assert room.texts()[0] == "Towns shall share free and clean water."
    assert chair.page(f"{LIST}/1").has_id("h-modified")
    assert room.words(1)[0] == [FREE]


def test_one_of_several_that_collide_is_accepted_and_the_others_fall_with_one_button(room, chair):
    everything_filed(room)
    page = chair.see(f"{DESK}?all=yes")
    [rivals] = re.findall(r'value="(alone-2-[\d.]+)"', page.text)

    marked = chair.fill(page, f"{DESK}/decisions", action=rivals)
    assert marked.status_code == 200
    assert "cold" in words(marked)
    assert room.disposition(2) is Disposition.OPEN
    answer = chair.fill(marked, f"{DESK}/decisions", action="decide")

    assert answer.status_code == 303
    assert (room.disposition(2), room.disposition(1)) == (Disposition.ADOPTED, Disposition.FALLEN)
    assert chair.page(DESK).result == "revision.made decision.taken"


def test_the_original_stands_beside_a_translation_that_is_amended_and_open_where_it_has_changed(store):
    room = opened(store, {EN: WATER, ES: "Los municipios compartirán el agua limpia con sus vecinos."})
    with browsing(store, room.member) as member:
        assert not Page(form(member, room)).data("original")
        followed = Page(form(member, room, text=ES)).part("original", "en")
        assert not followed.is_open
        assert not followed.data("behind")
        room.edit(reword(room.block(0), COLD))
        behind = Page(form(member, room, text=ES)).part("original", "en")
    assert behind.is_open
    assert behind.data("behind")
    assert COLD in behind.text


def test_a_preview_shows_the_resulting_text_and_decides_nothing(room, chair):
    everything_filed(room)
    marked = {"verdict-1": "adopt", "verdict-2": "adopt", "verdict-5": "adopt", "reason-5": "Trees come first."}

    answer = chair.fill(chair.see(f"{DESK}?all=yes"), f"{DESK}/decisions", action="preview", **marked)

    page = Page(answer)
    assert page.data("foreseen")
    assert page.data("held-up") == ["1 2 3"]
    assert page.field("reason-5").value == "Trees come first."
    assert re.search(r'name="verdict-5" value="adopt"[^>]* checked', answer.text)
    assert room.texts() == [WATER, LIGHT, SHADE]


@pytest.mark.parametrize(
    ("fields", "refusal"),
    [
        ({}, "workspace.invalid:each_once"),
        ({"verdict-1": "adopt_modified", "wording-1": " "}, "workspace.invalid:empty"),
        ({"verdict-1": "adopt", "same-1": "1"}, "workspace.invalid:each_once"),
    ],
)
def test_decisions_that_cannot_stand_come_back_as_they_were(room, chair, fields, refusal):
    room.propose(reword(room.block(0), FREE))
    fields = {"reason-1": "Water has its price.", **fields}

    answer = chair.fill(chair.see(f"{DESK}?all=yes"), f"{DESK}/decisions", action="decide", **fields)

    assert answer.status_code == 422
    assert Page(answer).refusal == refusal
    assert room.disposition(1) is Disposition.OPEN


def test_a_chair_who_comes_second_is_told_and_keeps_what_was_marked(room, chair):
    everything_filed(room)
    page = chair.see(f"{DESK}?all=yes")
    room.adopt(5)

    answer = chair.fill(page, f"{DESK}/decisions", action="decide", **{"verdict-1": "adopt", "reason-1": "Free!"})

    assert answer.status_code == 422
    assert Page(answer).refusal == "workspace.stale"
    assert Page(answer).field("reason-1").value == "Free!"
    assert room.texts()[1] == WATER


def test_the_chairs_own_amendment_waits_for_somebody_else(room, chair):
    room.propose(reword(room.block(0), FREE), by=room.chair)
    page = chair.see(f"{DESK}?all=yes")

    assert Page(page).part("amendment", 1).data("barred") == ["own"]
    refused = chair.fill(page, f"{DESK}/decisions", action="decide", **{"verdict-1": "adopt"})
    assert (refused.status_code, Page(refused).refusal) == (422, "workspace.undecidable:own")


def test_the_committee_edits_with_a_reason(room, chair):
    page = form(chair, room, route=f"{DRAFT}/edit")
    without = chair.fill(page, f"{DRAFT}/edit", op="reword", wording=FREE, action="file", reason=" ")
    answer = chair.fill(page, f"{DRAFT}/edit", op="reword", wording=FREE, action="file", reason="A slip.")

    assert (without.status_code, Page(without).field("reason").error) == (422, "workspace.invalid:empty")
    assert answer.headers["location"] == f"{DRAFT}?text=en#en-b-{room.block(0)}"
    assert room.texts()[0] == FREE


def test_an_edit_that_comes_second_is_compared_with_the_text_as_it_is_now(room, chair):
    page = form(chair, room, route=f"{DRAFT}/edit")
    room.adopt(room.propose(reword(room.block(0), COLD)))

    answer = chair.fill(page, f"{DRAFT}/edit", op="reword", wording=FREE, action="file", reason="A slip.")

    assert answer.status_code == 422
    assert "coldfree" in without_announcements(answer).replace(" ", "")
    assert room.texts()[0] == COLD


def test_only_the_committee_edits(room, member):
    assert form(member, room, route=f"{DRAFT}/edit").status_code == 404
    assert member.send(f"{DRAFT}/edit", block=room.block(0), text="en", base="1", op="delete").status_code == 404


def test_before_the_text_is_open_members_find_no_amendments(store):
    room = opened(store, phase=Phase.DRAFTING)
    with browsing(store, room.member) as member:
        assert member.see(LIST).status_code == 404


def test_words_of_the_text_never_become_markup(room, member):
    nasty = 'Towns shall <script>alert("x")</script> & share.'
    room.propose(reword(room.block(0), nasty))
    for path in (LIST, f"{LIST}/1", f"{NEW}?block={room.block(0)}&text=en"):
        assert "<script>alert" not in member.see(path).text


def test_more_amendments_take_no_more_queries(room, chair):
    room.propose(reword(room.block(0), "Towns shall share all water with their neighbours."))
    paths = (LIST, f"{LIST}?text=en", f"{NEW}?block={room.block(0)}&text=en", f"{LIST}/1")
    one = [chair.queries(path) for path in paths]
    everything_filed(room)
    assert [chair.queries(path) for path in paths[1:]] == one[1:]
    assert chair.queries(LIST) <= one[0] + 2  # a second language is compared with its own text
