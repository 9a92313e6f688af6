"""What lists and pages say of amendments is so: how many, what became of them, where they stand, what can be done."""

from types import SimpleNamespace
from uuid import UUID

import pytest
from msgspec.structs import replace

from drafts.merge.rebase import RebaseStatus
from drafts.text.blocks import BlockKind, Language
from tests.support.page import text_of
from tests.support.texts import delete, insert, move, reword
from tests.workspace.amendments.browsing import DRAFT, browsing
from tests.workspace.amendments.room import WATER, opened
from tests.workspace.amendments.test_committee import FREE, resolve, ruled
from tests.workspace.amendments.test_labels import own_words
from workspace.amendments.domain.committee_models import Stance
from workspace.amendments.domain.models import Verdict
from workspace.amendments.domain.opinions import AdviceService
from workspace.amendments.service import AmendmentService
from workspace.amendments.snapshots import SnapshotService
from workspace.amendments.views.pagination import count_undecided
from workspace.comments.service import CommentService
from workspace.declarations.domain.models import Declaration
from workspace.desk.counts import open_amendments
from workspace.editions.domain.causes import edition_acts
from workspace.procedure.unsettled import unsettled

EN = Language.EN
LIST = f"{DRAFT}/amendments"


@pytest.fixture
def chair(room):
    with browsing(room.store, room.chair) as browser:
        yield browser


def _numbers(page):
    return {int(number) for number in page.data("amendment")}


def test_decided_counts_what_is_decided_alone_and_nothing_is_lost(room, chair):
    for place, words in enumerate(("Towns share.", "Towns light.", "Towns plant.")):
        room.propose(reword(room.block(place), words))
    room.propose(insert("new", "Towns dig.", after=room.block(0)))
    room.decide({1: Verdict.REJECT, 2: Verdict.BRACKET})
    room.withdraw(3)

    page = chair.page(LIST)
    assert (page.data("open"), page.data("decided")) == (["1"], ["1"])
    assert _numbers(chair.page(f"{LIST}?state=decided")) == {1}
    assert _numbers(chair.page(f"{LIST}?state=bracketed")) == {2}
    assert _numbers(chair.page(f"{LIST}?state=withdrawn")) == _numbers(chair.page(f"{LIST}?state=aside")) == {3}
    assert _numbers(chair.page(f"{LIST}?state=all")) == {1, 2, 3, 4}


def test_what_a_member_is_told_of_theirs_opens_theirs(room):
    room.propose(reword(room.block(0), "Towns share."))
    room.propose(reword(room.block(1), "Towns light."), by=room.other)
    with browsing(room.store, room.member) as member:
        [link] = [link for link in member.page(f"{DRAFT.rpartition('/')[0]}/work").links if "/amendments" in link]
        assert _numbers(member.page(link)) == {1}


def test_one_that_was_adopted_in_other_words_is_called_so(room, chair):
    room.propose(reword(room.block(0), FREE))
    room.decide({1: ruled(Verdict.ADOPT_MODIFIED, changes=(reword(room.block(0), "Towns share all."),))})

    page = chair.page(f"{LIST}?state=decided")
    assert page.root.xpath("//main//*[@data-state='adopted_modified']")
    assert chair.page(f"{LIST}/1").root.xpath("//main//*[@data-state='adopted_modified']")


@pytest.mark.parametrize("is_at_once", [True, False])
def test_words_of_a_sub_amendment_are_told_as_its_own_wherever_they_are_told_of(room, chair, is_at_once):
    clean, cold = "Towns share clean water.", "Towns share clean cold water."
    room.propose(reword(room.block(0), clean))
    room.amend(1, reword(room.block(0), cold), by=room.other)
    for rulings in ({1: Verdict.ADOPT, 2: Verdict.ADOPT},) if is_at_once else ({2: Verdict.ADOPT}, {1: Verdict.ADOPT}):
        room.decide(rulings)
    other = room.amendment(2).proposer.name

    alone, paragraph = chair.page(f"{LIST}/1"), chair.page(f"{DRAFT}/paragraphs/{room.block(0)}")
    history = chair.page(f"{DRAFT}/history")
    [sources] = paragraph.root.xpath("//p[@lang='en'][contains(@class, 'blamed')]/following-sibling::dl[1]")
    with room.store.reading() as db:
        read = SimpleNamespace(declaration_id=room.declaration.id, revision=room._in(db).head)
        [_, act] = edition_acts(db, read)[UUID(room.block(0))]

    assert "cold" in text_of(alone.root.get_element_by_id("h-together").getparent())
    assert text_of(sources).count(other) == 1
    assert "Amendment 2 adopted" in text_of(sources)
    assert "Amendment 2" in text_of(paragraph.root.xpath("//h3[.='Decided']/following-sibling::ul")[0])
    assert sorted(history.root.xpath("//li[@id='r2']//@data-number")) == ["1", "2"]
    assert len(history.rows("decision")) == 2
    assert {decision.amendment for decision in act.decisions} == {1, 2}


def test_what_became_of_amendments_in_brackets_is_told_on_their_pages_and_whose_words_stand(room, chair):
    room.propose(reword(room.block(0), "Towns share all."))
    room.propose(reword(room.block(0), "Towns share."), by=room.other)
    room.decide({1: Verdict.BRACKET, 2: Verdict.BRACKET})
    resolve(room, 1, 1)

    paragraph, history = chair.page(f"{DRAFT}/paragraphs/{room.block(0)}"), chair.page(f"{DRAFT}/history")
    [sources] = paragraph.root.xpath("//p[@lang='en'][contains(@class, 'blamed')]/following-sibling::dl[1]")
    with room.store.reading() as db:
        read = SimpleNamespace(declaration_id=room.declaration.id, revision=room._in(db).head)
        [_, act] = edition_acts(db, read)[UUID(room.block(0))]

    for number in (1, 2):
        assert chair.page(f"{LIST}/{number}").data("verdict") == ["bracket", "resolve"]
    assert room.amendment(1).proposer.name in text_of(sources)
    assert sorted(history.root.xpath("//li[@id='r2']//@data-number")) == ["1", "3"]
    assert [decision.amendment for decision in act.decisions] == [1, None]
    for person, number, state in ((room.member, 1, "adopted"), (room.other, 2, "rejected")):
        with browsing(room.store, person) as member:
            told = member.page("/en/notices").root.xpath("//button[contains(., 'Brackets')]")[0].text_content()
        assert f"mendment {number}: {state}" in told


@pytest.mark.parametrize("verdict", [Verdict.REJECT, Verdict.ADOPT, Verdict.ADOPT_MODIFIED])
def test_an_author_is_asked_once_about_other_words_and_only_where_those_were_taken(room, verdict):
    """Where the committee adopts what its rapporteur had put, the answer to that is known."""
    room.propose(reword(room.block(0), FREE))
    put = reword(room.block(0), "Towns share all.")
    with room.store.writing() as db:
        amendment = AmendmentService(db).undecided(room.declaration, actor=room.chair)[0]
        AdviceService(db).give_opinion(
            amendment.id, Stance.MODIFY, reason="Shorter.", changes=[put], actor=room.person(db, "rapporteur")
        )
    with browsing(room.store, room.member) as member:
        assert "proposes another wording" in member.page(f"{LIST}/1").text
        member.send(f"{DRAFT}/desk/answers/1", reply="accept", word="Gladly.")
        room.decide({1: ruled(verdict, changes=(put,) if verdict is Verdict.ADOPT_MODIFIED else ())})

        page = member.page(f"{LIST}/1")
    is_taken = verdict is Verdict.ADOPT_MODIFIED
    assert [bool(page.root.xpath(f"//*[@id='{id_}']")) for id_ in ("h-modified", "answer")] == [is_taken] * 2
    assert page.data("reply") == ["accept"]
    assert "proposes another wording" not in page.text


def test_one_that_still_applies_names_the_present_revision(room, chair):
    room.propose(reword(room.block(0), "Towns shall share clean water."))
    room.edit(reword(room.block(0), WATER.replace("Towns", "Cities")))
    room.edit(reword(room.block(2), "Towns plant."))

    assert room.status(1) == (RebaseStatus.STILL_APPLIES, 2)
    assert "3" in chair.page(LIST).text_of("carried")
    assert "revision 3" in text_of(chair.page(f"{LIST}/1").root.get_element_by_id("h-carried"))


def test_what_nobody_disputes_leaves_out_what_was_overtaken(room, chair):
    room.propose(reword(room.block(0), "Towns shall share cold water with their neighbours."))
    room.edit(reword(room.block(0), "Towns shall share warm water with their neighbours."))
    assert room.status(1)[0] is RebaseStatus.COLLIDES

    desk = chair.page(f"{DRAFT}/desk?all=yes")
    assert desk.data("amendment") == ["1"]
    assert not desk.has_button("free")


def test_one_whose_paragraph_was_deleted_says_so_and_offers_to_amend_no_deleted_words(room):
    room.propose(reword(room.block(0), FREE))
    room.edit(delete(room.block(0)))
    with browsing(room.store, room.member) as member:
        page = member.page(f"{LIST}/1")

    assert "deleted" in page.text_of("about", "collides")
    assert not [link for link in page.links if "amends=" in link or "revises=" in link]


def test_one_to_an_amendment_of_a_deleted_paragraph_says_which_that_was(room, chair):
    room.propose(reword(room.block(0), FREE))
    room.amend(1, reword(room.block(0), "Towns share free and clean water."), by=room.other)
    there = chair.page(f"{LIST}/2").text_of("about", 2)
    room.edit(delete(room.block(0)))
    assert there in chair.page(f"{LIST}/2").text_of("about", 2)


def test_a_paragraph_keeps_the_number_it_had_when_it_was_amended(room, chair):
    room.propose(reword(room.block(2), "Towns shall plant."))
    room.edit(move(room.block(2), after=None))

    place = chair.page(f"{LIST}/1").text_of("about", 1)
    assert ("3" in place, "1" in place) == (True, True)


def test_an_amendment_to_two_paragraphs_stands_under_both(room, chair):
    room.propose(reword(room.block(0), FREE), reword(room.block(2), "Towns shall plant."))

    page = chair.page(f"{DRAFT}/desk?all=yes")
    assert len(page.root.xpath("//section//h2[starts-with(@id, 'place-')]")) == 2
    assert page.data("also") == ["1"]
    assert page.data("amendment") == ["1"]
    for place, found in ((0, {1}), (1, set()), (2, {1})):
        assert _numbers(chair.page(f"{LIST}?paragraph={room.block(place)}")) == found


def test_a_paragraph_without_number_is_called_the_same_wherever_it_is_named(room, chair):
    """Its words are shown as its words, in their language; what a page says itself has a name for it."""
    for place, words in enumerate(("Mindful of wells,", "Mindful of pumps,")):
        after = room.block(place - 1) if place else None
        room.edit(replace(insert(f"preamble-{place}", words, after=after), kind=BlockKind.PREAMBLE))
    number = room.propose(reword(room.block(1), "Mindful of all pumps,"))
    room.edit(reword(room.block(1), "Mindful of old pumps,"))
    chair.see(DRAFT)
    chair.send("/en/following", act="follow", kind="paragraph", id=room.block(1), back=DRAFT)
    with room.store.writing() as db:
        said = {"text": "Which ones?", "language": EN, "actor": room.member}
        CommentService(db).open(db.get_one(Declaration, room.declaration.id), UUID(room.block(1)), **said)
        SnapshotService(db).take(room.declaration.id, actor=room.chair)

    for path in (
        *(LIST, f"{LIST}/{number}", f"{LIST}/tables/1", f"{DRAFT}/desk?all=yes", f"{LIST}/new?block={room.block(1)}"),
        *(f"{DRAFT}/paragraphs/{room.block(1)}", f"{DRAFT}/compare?from=1&to=3", f"{DRAFT}/comments"),
        *("/en/following", "/en/notices", "/en/third-forum/search?words=pumps"),
    ):
        page = chair.page(path)
        assert "Preambular paragraph 2" in text_of(page.root), path
        assert "Mindful" not in own_words(chair.see(path)), path


def test_a_table_is_cited_by_its_whole_address(room, chair):
    with room.store.writing() as db:
        SnapshotService(db).take(room.declaration.id, actor=room.chair)
    assert chair.page(f"{LIST}/tables/1").root.xpath("//main//code[starts-with(., 'http')]")


def test_an_old_revision_offers_no_change_anywhere(store):
    room = opened(store, WATER)
    room.edit(replace(insert("preamble", "Mindful of water,", after=None), kind=BlockKind.PREAMBLE))
    room.edit(reword(room.block(1), FREE))
    with browsing(room.store, room.chair) as browser:
        assert browser.page(DRAFT).data("beside")
        assert not browser.page(f"{DRAFT}?revision=2").data("beside")


def test_every_page_counts_the_same_open_amendments(room, chair):
    room.propose(reword(room.block(0), FREE))
    room.amend(1, reword(room.block(0), "Towns shall share warm water with their neighbours."))
    with room.store.reading() as db:
        declaration = db.get_one(Declaration, room.declaration.id)
        counted = {
            sum(count_undecided(db, declaration, actor=room.chair).values()),
            open_amendments(db, [declaration], actor=room.chair)[declaration.id],
            unsettled(db, declaration).amendments,
        }

    assert counted == {2}
    assert chair.page(LIST).data("open") == ["2"]
