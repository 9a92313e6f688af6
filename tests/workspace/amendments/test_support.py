"""Who stands behind an amendment: the same asked for twice is support, and sponsors are invited and answer."""

import pytest
from msgspec.structs import replace

from drafts.diff.amendments import ChangeOp
from drafts.text.blocks import BlockKind
from tests.support import factories
from tests.support.page import Page
from tests.support.texts import delete, insert, move, reword, split
from tests.workspace.amendments.browsing import DRAFT, browsing
from tests.workspace.amendments.room import LIGHT, WATER
from workspace.amendments.domain.models import Cosponsoring, Disposition, Verdict
from workspace.amendments.domain.sponsors import BackingService, organisations_behind, sponsors, supporters_of
from workspace.amendments.service import AmendmentService
from workspace.core.actor import NOBODY, OPERATOR, Role
from workspace.core.errors import AlreadyProposed, Invalid, NotAllowed, NotFound, Undecidable
from workspace.core.storage.log import LogEntry
from workspace.people.service import PeopleService

FREE = WATER.replace("clean", "free")
LIST = f"{DRAFT}/amendments"


def act(room, verb, number, *given, by, **named):
    """One of the verbs about who stands behind an amendment; the amendment as it is then."""
    amendment_id = room.amendment(number).id
    with room.store.writing() as db:
        return getattr(BackingService(db), verb)(amendment_id, *given, actor=by, **named)


def behind(room, number):
    with room.store.reading() as db:
        service = BackingService(db)
        found = service.numbered(service.declarations.get(room.declaration.id), number, actor=room.chair)
        return (
            [one.person.name for one in sponsors(found)],
            [one.person.name for one in supporters_of(found)],
            [one.name for one in organisations_behind(found)],
        )


def townsperson(room, name, town):
    """A member who speaks for a town."""
    with room.store.writing() as db:
        people, forum = PeopleService(db), factories.forum(db)
        known = {one.name: one for one in people.organisations(forum)} if hasattr(people, "organisations") else {}
        organisation = known.get(town) or people.add_organisation(forum, name=town, actor=OPERATOR)
        return people.add_person(
            forum, name=name, role=Role.MEMBER, organisation=organisation, actor=OPERATOR
        ).as_actor()


@pytest.mark.parametrize(
    "change",
    [
        lambda room: reword(room.block(0), FREE),
        lambda room: insert("new", "Towns shall dig wells.", after=room.block(1)),
        lambda _: insert("new", "Towns shall dig wells.", after=None),
        lambda room: delete(room.block(1)),
        lambda room: move(room.block(2), after=None),
        lambda room: split(room.block(1), "Towns shall light every path.", ("x", "They do so after dark.")),
    ],
    ids=["rewording", "inserting", "at the beginning", "deleting", "moving", "splitting"],
)
def test_the_very_same_is_never_filed_twice(any_room, change):
    number = any_room.propose(change(any_room))

    with pytest.raises(AlreadyProposed) as refused:
        any_room.propose(change(any_room), by=any_room.other)
    assert refused.value.facts == {"number": number, "reason": "other"}
    with pytest.raises(AlreadyProposed) as refused:
        any_room.propose(change(any_room))
    assert refused.value.facts == {"number": number, "reason": "own"}


def test_what_differs_in_anything_is_an_amendment_of_its_own(room):
    wells = "Towns shall dig wells."
    every = [
        (insert("new", wells, after=room.block(1)),),
        (insert("new", wells, after=room.block(0)),),
        (replace(insert("new", wells, after=room.block(1)), kind=BlockKind.HEADING, level=1),),
        (insert("new", wells, after=room.block(1)), delete(room.block(0))),
        (delete(room.block(0)),),
    ]
    assert [room.propose(*changes, by=room.other) for changes in every] == [1, 2, 3, 4, 5]
    assert room.propose(delete(room.block(0)), indivisible=True) == 6


def test_it_is_the_same_on_a_newer_revision_that_left_the_place_alone(room):
    number = room.propose(insert("new", "Towns shall dig wells.", after=room.block(1)))
    room.edit(reword(room.block(0), FREE))

    with pytest.raises(AlreadyProposed) as refused:
        room.propose(insert("new", "Towns shall dig wells.", after=room.block(1)), by=room.other)
    assert refused.value.facts["number"] == number


def test_what_was_decided_or_taken_back_can_be_filed_again(room):
    withdrawn = room.propose(delete(room.block(0)))
    room.withdraw(withdrawn)
    rejected = room.propose(delete(room.block(0)), by=room.other)
    room.decide({rejected: Verdict.REJECT})

    assert room.propose(delete(room.block(0))) == rejected + 1


def test_children_that_are_the_same_are_support_too(room):
    parent = room.propose(reword(room.block(0), FREE))
    child = room.amend(parent, reword(room.block(0), FREE + " Always."))
    with pytest.raises(AlreadyProposed) as refused:
        room.amend(parent, reword(room.block(0), FREE + " Always."), by=room.member)
    assert refused.value.facts["number"] == child


def test_support_is_counted_by_organisation_and_can_be_taken_back(any_room):
    room = any_room
    number = room.propose(delete(room.block(0)), by=townsperson(room, "Ana Sol", "Alta"))
    first, second = townsperson(room, "Ben Río", "Baja"), townsperson(room, "Bea Mar", "Costa")
    for somebody in (first, second, room.other, first):
        act(room, "support", number, by=somebody)

    assert behind(room, number) == ([], ["Ben Río", "Bea Mar", "Inés Duarte"], ["Alta", "Baja", "Costa"])
    act(room, "withdraw_support", number, by=second)
    assert behind(room, number)[1:] == (["Ben Río", "Inés Duarte"], ["Alta", "Baja"])
    with pytest.raises(NotFound):
        act(room, "withdraw_support", number, by=second)


def test_an_organisation_with_one_voice_stands_behind_an_amendment_once(room):
    ana, ben = townsperson(room, "Ana Sol", "Alta"), townsperson(room, "Ben Río", "Baja")
    with room.store.writing() as db:
        forum = factories.forum(db)
        forum.one_voice = True
        baja = ben.mandates[0].organisation_id
        people = PeopleService(db)
        made = people.add_person(forum, name="Bea Mar", role=Role.MEMBER, actor=OPERATOR)
        made.mandates[0].organisation_id = baja
        db.flush()
        bea = made.as_actor()
    number = room.propose(delete(room.block(0)), by=ana)
    act(room, "support", number, by=ben)

    with pytest.raises(Invalid) as refused:
        act(room, "support", number, by=bea)
    assert refused.value.facts["reason"] == "one_voice"


def test_sponsors_are_invited_and_stand_behind_it_once_they_say_yes(any_room):
    room = any_room
    number = room.propose(delete(room.block(0)))
    act(room, "invite", number, [room.other.person_id, room.chair.person_id], by=room.member)
    assert behind(room, number)[0] == []

    act(room, "answer", number, by=room.other, confirms=True)
    act(room, "answer", number, by=room.chair, confirms=False)

    assert behind(room, number)[0] == ["Inés Duarte"]
    act(room, "answer", number, by=room.other, confirms=False)
    assert behind(room, number)[0] == []
    with room.store.reading() as db:
        kinds = [one.kind for one in db.query(LogEntry).order_by(LogEntry.sequence) if "cosponsor" in one.kind]
    assert kinds == [
        f"amendment.cosponsor_{what}" for what in ("invited", "invited", "confirmed", "declined", "declined")
    ]


def test_an_invitation_can_be_taken_back_until_it_is_answered(room):
    number = room.propose(delete(room.block(0)))
    act(room, "invite", number, [room.other.person_id], by=room.member)
    found = act(room, "take_back", number, room.other.person_id, by=room.member)
    assert [one.standing for one in found.cosponsors] == [Cosponsoring.TAKEN_BACK]
    with pytest.raises(NotFound):
        act(room, "answer", number, by=room.other, confirms=True)


def test_only_who_could_file_one_can_be_asked_or_stand_behind_it(room):
    number = room.propose(delete(room.block(0)))
    with room.store.writing() as db:
        observer = room.person(db, Role.OBSERVER)
    refused = [
        ("invite", [[observer.person_id]], room.member, NotFound),
        ("invite", [[room.other.person_id]], room.other, NotFound),
        ("invite", [[room.member.person_id]], room.member, Invalid),
        ("take_back", [room.other.person_id], room.member, NotFound),
        ("support", [], observer, NotFound),
        ("support", [], NOBODY, NotFound),
        ("support", [], room.member, Invalid),
    ]
    for verb, given, by, kind in refused:
        with pytest.raises(kind):
            act(room, verb, number, *given, by=by)
    with pytest.raises(NotFound):
        act(room, "answer", number, by=room.other, confirms=True)


def test_nobody_stands_behind_what_is_decided(room):
    number = room.propose(delete(room.block(0)))
    act(room, "invite", number, [room.other.person_id], by=room.member)
    room.decide({number: Verdict.REJECT})
    with pytest.raises(Undecidable):
        act(room, "support", number, by=room.chair)
    with pytest.raises(Undecidable):
        act(room, "answer", number, by=room.other, confirms=True)


def test_from_the_page_somebody_is_invited_by_name_and_answers(room):
    number = room.propose(reword(room.block(1), LIGHT.replace("dark", "dusk")))
    page = f"{LIST}/{number}"
    with browsing(room.store, room.member) as member:
        assert member.page(page).offers("/cosponsors")
        again = member.send(f"{page}/cosponsors", invitee="Somebody Else")
        assert again.status_code == 422
        assert Page(again).field("invitee").error == "workspace.invalid:nobody_so_called"
        assert member.send(f"{page}/cosponsors", invitee="inés duarte").status_code == 303
        assert member.page(page).text_of("invited").endswith("Inés Duarte")
    with browsing(room.store, room.chair) as chair:
        assert not chair.page(page).data("invited")
    with browsing(room.store, room.other) as other:
        assert other.page(page).offers("/cosponsorship", answer="yes")
        other.send(f"{page}/cosponsorship", answer="yes")
        assert other.page(page).data("stands") == ["sponsor"]
    with browsing(room.store, room.chair) as chair:
        assert chair.page(LIST).data("sponsors") == ["2"]
        chair.send(f"{page}/support")
        assert chair.page(page).offers("/support/withdrawal")
        chair.send(f"{page}/support/withdrawal")
    assert behind(room, number)[:2] == (["Inés Duarte"], [])


def test_more_supporters_take_no_more_queries(room):
    number = room.propose(reword(room.block(0), FREE))
    act(room, "support", number, by=room.other)
    with browsing(room.store, room.chair) as chair:
        few = chair.queries(f"{LIST}/{number}")
        for name in ("Ana Sol", "Ben Río", "Bea Mar"):
            act(room, "support", number, by=townsperson(room, name, name[-3:]))
        assert chair.queries(f"{LIST}/{number}") == few


def test_the_operations_are_named_as_the_engine_names_them():
    assert {"reword", "insert", "delete", "move", "split", "join"} == set(ChangeOp)


def test_who_writes_theirs_anew_as_another_is_offered_to_support_it_and_may_keep_theirs_beside_it(room):
    first = room.propose(reword(room.block(0), FREE), by=room.other)
    mine = room.propose(reword(room.block(0), WATER.replace("clean", "cold")))
    with pytest.raises(AlreadyProposed):
        room.revise(mine, reword(room.block(0), FREE))
    with browsing(room.store, room.member) as browser:
        form = f"{LIST}/new?block={room.block(0)}&text=en&revises={mine}"
        sent = {"op": "reword", "wording": FREE, "reason": "So be it."}
        answer = browser.fill(browser.see(form), f"{LIST}/new", **sent, action="file")
        assert answer.status_code == 422
        offered = Page(answer).part("about", "already")
        assert offered.has_button(f"support-{first}")
        assert offered.has_button("beside")
        kept = browser.fill(browser.see(form), f"{LIST}/new", **sent, action="beside")
        assert kept.status_code == 303
    assert room.words(mine)[-1] == [FREE]
    room.revise(mine, reword(room.block(0), FREE), beside=True)


def test_with_one_voice_a_colleague_looks_after_what_the_organisation_has_said(room):
    ana, ben = townsperson(room, "Ana Sol", "Alta"), townsperson(room, "Ben Río", "Baja")
    with room.store.writing() as db:
        forum = factories.forum(db)
        people = PeopleService(db)
        baja = people.add_person(forum, name="Bea Mar", role=Role.MEMBER, actor=OPERATOR)
        baja.mandates[0].organisation_id = ben.mandates[0].organisation_id
        db.flush()
        bea = baja.as_actor()
    of_baja, of_alta = room.propose(delete(room.block(0)), by=ben), room.propose(delete(room.block(1)), by=ana)
    act(room, "support", of_alta, by=ben)

    with browsing(room.store, bea) as browser:
        assert not browser.page(f"{LIST}/{of_baja}").offers(f"/{of_baja}/withdrawal")
        assert browser.page(f"{LIST}/{of_alta}").offers("/support")
        with room.store.writing() as db:
            factories.forum(db).one_voice = True
        own, other = (browser.page(f"{LIST}/{number}") for number in (of_baja, of_alta))
    for page in (own, other):
        assert not page.offers("/support")
        assert page.data("stands") == ["delegation"]
    assert own.offers(f"/{of_baja}/withdrawal")
    assert not own.offers("/support/withdrawal")
    assert other.offers("/support/withdrawal")
    assert not other.offers(f"/{of_alta}/withdrawal")

    with pytest.raises(NotFound):
        act(room, "withdraw_support", of_baja, by=bea)
    act(room, "withdraw_support", of_alta, by=bea)
    assert behind(room, of_alta)[1] == []
    with room.store.writing() as db:
        withdrawn = AmendmentService(db).withdraw(room.amendment(of_baja).id, actor=bea)
        assert withdrawn.disposition is Disposition.WITHDRAWN
    with room.store.writing() as db, pytest.raises(NotAllowed):
        AmendmentService(db).withdraw(room.amendment(of_alta).id, actor=bea)


def test_with_one_voice_a_chair_does_not_decide_what_their_own_delegation_has_filed(room):
    ana, ben = townsperson(room, "Ana Sol", "Alta"), townsperson(room, "Ben Río", "Baja")
    with room.store.writing() as db:
        people, forum = PeopleService(db), factories.forum(db)
        made = people.add_person(forum, name="Carla Nuño", role=Role.CHAIR, actor=OPERATOR)
        made.mandates[0].organisation_id = ben.mandates[0].organisation_id
        db.flush()
        of_baja = made.as_actor()
    own, other = room.propose(delete(room.block(0)), by=ben), room.propose(delete(room.block(1)), by=ana)

    with browsing(room.store, of_baja) as browser:
        assert not browser.page(f"{DRAFT}/desk?all=yes").data("barred")
        with room.store.writing() as db:
            factories.forum(db).one_voice = True
        page = browser.page(f"{DRAFT}/desk?all=yes")
        assert page.data("barred") == ["delegation"]
        assert page.part("amendment", own).data("barred") == ["delegation"]
        assert page.has_field(f"verdict-{other}")
        assert not page.has_field(f"verdict-{own}")
    with pytest.raises(Undecidable) as refused:
        room.decide({own: Verdict.REJECT}, by=of_baja)
    assert refused.value.facts == {"number": own, "reason": "own_delegation"}
    room.decide({other: Verdict.REJECT}, by=of_baja)
    room.decide({own: Verdict.REJECT})
    assert room.amendment(own).disposition is Disposition.REJECTED


def test_with_one_voice_a_colleague_is_told_that_their_delegation_has_filed_the_same(room):
    ben = townsperson(room, "Ben Río", "Baja")
    with room.store.writing() as db:
        people, forum = PeopleService(db), factories.forum(db)
        forum.one_voice = True
        made = people.add_person(forum, name="Bea Mar", role=Role.MEMBER, actor=OPERATOR)
        made.mandates[0].organisation_id = ben.mandates[0].organisation_id
        db.flush()
        bea = made.as_actor()
    number = room.propose(reword(room.block(0), FREE), by=ben)

    with browsing(room.store, bea) as browser:
        form = f"{LIST}/new?block={room.block(0)}&text=en"
        page = browser.see(form)
        assert Page(page).data("stands") == ["delegation"]
        assert not Page(page).has_button(f"support-{number}")
        answer = browser.fill(page, f"{LIST}/new", op="reword", wording=FREE, reason="So be it.", action="file")
        assert answer.status_code == 422
        assert Page(answer).refusal == "workspace.already_proposed:own_delegation"
        assert not Page(answer).has_button(f"support-{number}")
