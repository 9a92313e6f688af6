"""In the browser: amendments to amendments, writing one anew, and words in two languages."""

import pytest

from drafts.text.blocks import Language
from tests.support.page import Page
from tests.support.texts import insert, reword
from tests.workspace.amendments.browsing import DRAFT, browsing
from tests.workspace.amendments.room import LIGHT, WATER, opened
from workspace.amendments.domain.models import Disposition
from workspace.core.actor import Role
from workspace.web.i18n.messages import LANGUAGES

EN, ES = Language.EN, Language.ES
FREE, COLD = WATER.replace("clean", "free"), WATER.replace("clean", "cold")
ALL = WATER.replace("their", "all their")
EVERYBODY = ALL.replace(".", ", and with everybody.")
LIST = f"{DRAFT}/amendments"
NEW = f"{LIST}/new"
DESK = f"{DRAFT}/desk"


@pytest.fixture
def member(room):
    with browsing(room.store, room.member) as browser:
        yield browser


@pytest.fixture
def other(room):
    with browsing(room.store, room.other) as browser:
        yield browser


@pytest.fixture
def chair(room):
    with browsing(room.store, room.chair) as browser:
        yield browser


def test_a_member_amends_what_another_proposes(room, other):
    parent = room.propose(reword(room.block(0), ALL))
    link = f"{NEW}?block={room.block(0)}&amp;text=en&amp;amends={parent}"
    assert link in other.see(f"{LIST}/{parent}").text

    form = other.see(link.replace("&amp;", "&"))
    assert Page(form).form(NEW).values["amends"] == str(parent)
    assert ALL in form.text
    preview = other.fill(form, NEW, op="reword", wording=EVERYBODY, action="preview")
    assert preview.status_code == 200
    assert "<ins>" in preview.text.partition('id="preview"')[2]
    answer = other.fill(form, NEW, op="reword", wording=EVERYBODY, reason="Nobody is left out.", action="file")

    assert (answer.status_code, answer.headers["location"]) == (303, f"{LIST}/2")
    child = other.page(f"{LIST}/2").part("about", "amends")
    assert child.links_to(f"{LIST}/{parent}")
    assert other.page(f"{LIST}/1").by_id("amended").data("amendment") == ["2"]
    assert room.texts()[0] == WATER


def test_a_paragraph_that_only_an_amendment_proposes_can_be_amended(room, other):
    parent = room.propose(insert("new", "Towns shall dig wells.", after=room.block(2)))
    [made] = [record.change["block"] for record in room.amendment(parent).own.changes]

    form = other.see(f"{NEW}?block={made}&text=en&amends={parent}")
    answer = other.fill(form, NEW, op="reword", wording="Towns shall dig deep wells.", action="file")

    assert answer.status_code == 303
    assert room.words(2) == [["Towns shall dig deep wells."]]


def test_nobody_amends_an_amendment_whose_author_has_written_it_anew_meanwhile(room, other):
    parent = room.propose(reword(room.block(0), ALL))
    form = other.see(f"{NEW}?block={room.block(0)}&amends={parent}")
    room.revise(parent, reword(room.block(0), FREE))

    answer = other.fill(form, NEW, op="reword", wording=EVERYBODY, action="file")

    assert answer.status_code == 422
    assert Page(answer).refusal == "workspace.stale"
    assert EVERYBODY in answer.text
    assert len(room.amendment(parent).children) == 0


def test_the_chair_decides_on_both_from_one_card(room, chair):
    room.amend(room.propose(reword(room.block(0), ALL)), reword(room.block(0), EVERYBODY))
    page = chair.see(f"{DESK}?all=yes")
    assert Page(page).part("amendment", 1).data("amendment") == ["1", "2"]

    refused = chair.fill(page, f"{DESK}/decisions", action="decide", **{"verdict-1": "adopt"})
    assert refused.status_code == 422
    assert Page(refused).refusal == "workspace.undecidable:children_first"
    marked = {"verdict-1": "adopt", "verdict-2": "adopt"}
    foreseen = chair.fill(page, f"{DESK}/decisions", action="preview", **marked)
    assert Page(foreseen).by_id("would").data("change") == ["stale", "reword", "stale"]
    assert Page(foreseen).by_id("would").text.count("everybody") == 1
    answer = chair.fill(page, f"{DESK}/decisions", action="decide", **marked)

    assert chair.page(answer.headers["location"]).result == "amendments.followed revision.made decision.taken"
    assert room.texts()[0] == EVERYBODY
    assert chair.page(f"{LIST}/2").data("state")[0] == "adopted"


def test_what_falls_with_another_says_so(room, member):
    parent = room.propose(reword(room.block(0), ALL))
    room.amend(parent, reword(room.block(0), EVERYBODY))
    room.withdraw(parent)
    assert member.page(f"{LIST}/1").data("state") == ["withdrawn", "fallen"]
    assert member.page(f"{LIST}/2").data("state") == ["fallen"]


def test_its_author_writes_an_overtaken_amendment_anew(room, member):
    number = room.propose(reword(room.block(0), COLD))
    room.edit(reword(room.block(0), FREE))
    assert "collides" in member.page(f"{LIST}/{number}").data("about")

    form = member.see(f"{NEW}?block={room.block(0)}&revises={number}")
    assert COLD in form.text
    assert FREE in form.text
    both = "Towns shall share free and cold water with their neighbours."
    answer = member.fill(form, NEW, op="reword", wording=both, reason="Both.", action="file")

    assert answer.status_code == 303
    after = member.page(f"{LIST}/{number}")
    assert after.result == "amendment.revised"
    assert after.has_id("h-earlier")
    assert room.words(number) == [[COLD], [both]]


def test_only_its_author_finds_the_form_to_write_it_anew(room, other):
    number = room.propose(reword(room.block(0), COLD))
    assert f"revises={number}" not in other.see(f"{LIST}/{number}").text
    form = other.see(f"{NEW}?block={room.block(0)}&revises={number}")
    assert other.fill(form, NEW, op="reword", wording=FREE, action="file").status_code == 404


def test_a_carried_amendment_shows_its_authors_words_and_the_engines(room, member):
    number = room.propose(reword(room.block(0), ALL))
    room.edit(reword(room.block(0), FREE))
    assert member.page(f"{LIST}/{number}").has_id("h-carried")
    for path in (LIST, f"{DRAFT}/paragraphs/{room.block(0)}"):
        assert member.page(path).data("carried") == ["still_applies"]


def test_words_in_two_languages_stand_side_by_side_and_one_goes_to_the_translators(store):
    room = opened(store, {EN: WATER, ES: "Los municipios compartirán el agua."}, LIGHT)
    room.propose(reword(room.block(0), FREE))
    room.propose(reword(room.block(0), "Los municipios compartirán el agua fría."), language=ES, by=room.other)
    with browsing(store, room.chair) as chair:
        page = chair.see(f"{DESK}?all=yes")
        assert Page(page).data("languages-differ") == ["1 2"]
        marked = {"verdict-1": "adopt", "verdict-2": "hand_over"}
        chair.fill(page, f"{DESK}/decisions", action="decide", **marked)

        assert room.texts()[0] == FREE
        assert room.disposition(2) is Disposition.HANDED_OVER
        assert "handed_over" in chair.page(f"{DRAFT}/paragraphs/{room.block(0)}").data("state")


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_page_renders_in_every_language(room, language):
    parent = room.propose(reword(room.block(0), ALL))
    room.amend(parent, reword(room.block(0), EVERYBODY))
    room.amend(parent, reword(room.block(0), ALL.replace("neighbours", "friends")))
    room.edit(reword(room.block(0), FREE))
    here = f"/{language}/third-forum/declaration"
    with browsing(room.store, room.chair) as chair:
        for path in ("", "/1", "/2", "/3", f"/new?block={room.block(0)}&amends=1"):
            assert chair.see(f"{here}/amendments{path}").status_code == 200, path


def test_more_amendments_to_an_amendment_take_no_more_queries(room, chair):
    parent = room.propose(reword(room.block(0), ALL))
    room.amend(parent, reword(room.block(0), EVERYBODY))
    few = [chair.queries(f"{LIST}?text=en"), chair.queries(f"{LIST}/{parent}")]
    for whom in ("all", "most", "some"):
        room.amend(parent, reword(room.block(0), EVERYBODY.replace("everybody", f"{whom} others")))
    assert [chair.queries(f"{LIST}?text=en"), chair.queries(f"{LIST}/{parent}")] == few


def test_who_may_not_propose_finds_no_way_to_amend_an_amendment(room):
    parent = room.propose(reword(room.block(0), ALL))
    with room.store.writing() as db:
        observer = room.person(db, Role.OBSERVER)
    with browsing(room.store, observer) as browser:
        assert "amends=" not in browser.see(f"{LIST}/{parent}").text
        assert browser.see(f"{NEW}?block={room.block(0)}&amends={parent}").status_code == 404
