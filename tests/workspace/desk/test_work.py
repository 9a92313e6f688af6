"""My work: what awaits each person, by the part they play, with the date by which it is due."""

from datetime import timedelta
from uuid import UUID

import pytest
import sqlalchemy as sa

from drafts.amendments import Change, ChangeOp
from drafts.blocks import Language
from tests.support import factories
from tests.support.questions import delegate
from tests.workspace.amendments.browsing import DRAFT, browsing
from workspace.amendments.advising import AdviceService
from workspace.amendments.backing import BackingService
from workspace.amendments.committee_models import Reply, Stance
from workspace.amendments.service import AmendmentService
from workspace.comments.service import CommentService
from workspace.core.actor import Role
from workspace.core.clock import now
from workspace.core.permissions import Phase
from workspace.declarations.deadlines import CalendarService
from workspace.declarations.models import Stage
from workspace.declarations.service import DeclarationService
from workspace.people.models import Mandate

EN, FR = Language.EN, Language.FR
WORK = "/en/third-forum/work"


@pytest.fixture
def table(house):
    return house.declaration({EN: "Towns share water.", FR: "Les villes partagent l’eau."}, "Towns light paths.")


def work(house, role, language="en"):
    with browsing(house.store, house.people[role]) as person:
        answer = person.see(WORK.replace("/en/", f"/{language}/"))
        assert answer.status_code == 200
        return answer.text


def test_each_part_lists_what_it_has_to_do_by_when_it_is_due(house, table):
    filed = table.propose("Towns share clean water.", "Towns share all water.")
    house.session("Wells", "Mend the wells.")
    with house.store.writing() as db:
        declaration = DeclarationService(db).get(table.id)
        closes = (now() + timedelta(days=3)).strftime("%Y-%m-%dT%H:%M")
        dates = {"opens": "", "closes": closes, "zone": "UTC"}
        CalendarService(db).set_dates(declaration, Stage.REVIEW, **dates, reason="", actor=house.people[Role.CHAIR])
        second = factories.person(db, Role.MEMBER, "A second member")
        house.people[Role.OBSERVER] = second
        amendment = BackingService(db).get(_id(filed), actor=house.people[Role.MEMBER])
        BackingService(db).invite(amendment.id, [second.person_id], actor=house.people[Role.MEMBER])
        CommentService(db).open(
            declaration, amendment.own.changes[0].block_id, text="@A translator?", language=EN, actor=second
        )
    pages = {role: work(house, role) for role in (Role.CHAIR, Role.TRANSLATOR, Role.RAPPORTEUR, Role.MEMBER)}

    assert "As chair" in pages[Role.CHAIR]
    assert "2 amendments wait for a ruling" in pages[Role.CHAIR]
    assert "until " in pages[Role.CHAIR]
    assert "1 text waits for a translator" in pages[Role.TRANSLATOR]
    assert "You were named in 1 remark" in pages[Role.TRANSLATOR]
    assert "1 recommendation waits to be confirmed or dropped" in pages[Role.RAPPORTEUR]
    assert "2 amendments of yours are undecided" in pages[Role.MEMBER]
    with browsing(house.store, second) as person:
        mine = person.see(WORK).text
    assert f"You are asked to stand behind amendment {amendment.number}" in mine
    assert f"{DRAFT}/amendments/{amendment.number}" in mine


def test_a_conversation_waits_for_whoever_did_not_have_the_last_word(house, table):
    said = {"block_id": table.block(), "text": "And who pays?", "language": "en"}
    thread = house.member.post(f"{table.path}/threads", said).json()["id"]
    waits = "1 conversation that you follow is open"
    assert waits not in work(house, Role.MEMBER)
    house.chair.post(f"/threads/{thread}/comments", {"text": "The region.", "language": "en"})
    assert waits in work(house, Role.MEMBER)
    assert waits not in work(house, Role.CHAIR)
    house.chair.post(f"/threads/{thread}/resolution")
    assert waits not in work(house, Role.MEMBER)


def test_other_words_for_an_amendment_wait_for_its_proposer_until_they_answer(house, table):
    filed = table.propose("Towns share clean water.")
    put = "Other words were put for your amendment 1"
    with house.store.writing() as db:
        change = BackingService(db).get(_id(filed), actor=house.people[Role.CHAIR]).own.changes[0]
        words = [Change(ChangeOp.REWORD, str(change.block_id), text="Towns share clear water.")]
        AdviceService(db).give_opinion(
            _id(filed), Stance.MODIFY, reason="Clearer.", actor=house.people[Role.CHAIR], changes=words
        )
    assert put in work(house, Role.MEMBER)
    assert put not in work(house, Role.CHAIR)
    with house.store.writing() as db:
        AdviceService(db).answer(_id(filed), Reply.MAINTAIN, word="", actor=house.people[Role.MEMBER])
    assert put not in work(house, Role.MEMBER)


def test_with_one_voice_a_chair_has_nothing_to_rule_on_in_what_their_delegation_has_filed(house, table):
    with house.store.writing() as db:
        member, of_baja = delegate(db, "Town of Baja"), factories.person(db, Role.CHAIR, "Carla Vidal")
        organisation = member.mandates[0].organisation_id
        db.scalars(
            sa.select(Mandate).where(Mandate.person_id == of_baja.person_id)
        ).one().organisation_id = organisation
        change = Change(ChangeOp.REWORD, table.block(), text="Towns share it.")
        AmendmentService(db).propose(
            table.id, base_revision=1, language=EN, changes=[change], reason="So.", actor=member
        )
        factories.forum(db).one_voice = True
    table.propose("Towns share clean water.")
    deputy = "1 amendment that you or your delegation have filed needs a deputy to rule on it"
    with browsing(house.store, of_baja) as carla:
        page = carla.see(WORK).text
        assert "1 amendment waits for a ruling" in page
        assert deputy not in page
        assert "What you or your own delegation have filed is decided by A chair." in carla.see(f"{DRAFT}/desk").text
        with house.store.writing() as db:
            chair = house.people[Role.CHAIR].person_id
            db.scalars(sa.select(Mandate).where(Mandate.person_id == chair)).one().organisation_id = organisation
        page = carla.see(WORK).text
        assert deputy in page
        assert f"/people/{of_baja.person_id}" in page
        assert "nobody else can decide on it today" in carla.see(f"{DRAFT}/desk").text


def test_the_home_counts_amendments_as_their_list_does(house, table):
    filed = table.propose("Towns share clean water.")["amendment"]
    child = {"changes": [{"op": "reword", "block": table.block(), "text": "Towns share clear water."}], "reason": "So."}
    version = house.chair.get(f"/amendments/{filed['id']}").headers["etag"].strip('"')
    made = house.chair.post(f"/amendments/{filed['id']}/amendments", child, if_match=version)
    assert made.status_code == 201, made.text
    with browsing(house.store, house.people[Role.CHAIR]) as chair:
        home = chair.see("/en/third-forum").text
        listed = chair.see(f"{DRAFT}/amendments").text
    assert "1 amendment waits for a ruling" in home
    assert "One amendment is on the table" in listed


@pytest.mark.parametrize("language", ["es", "en", "fr"])
def test_the_page_stands_in_every_language_with_nothing_and_something_to_do(house, language):
    assert "Nothing awaits you now" in work(house, Role.OBSERVER, language) or language != "en"
    house.declaration(phase=Phase.REVIEW)
    work(house, Role.CHAIR, language)


def test_a_visitor_has_no_work_and_is_led_to_the_door(house):
    with browsing(house.store) as visitor:
        assert visitor.see(WORK).url.path == "/en/sign-in"


def test_more_to_do_takes_no_more_queries(house, table):
    filed = table.propose("Towns share clean water.")
    house.member.post(f"{table.path}/threads", {"block_id": table.block(), "text": "@A chair", "language": "en"})
    with browsing(house.store, house.people[Role.CHAIR]) as chair:
        one = chair.queries(WORK)
        table.propose("Towns share all water.", "Towns share cold water.")
        for _ in range(3):
            house.member.post(f"/amendments/{filed['amendment']['id']}/threads", {"text": "@A chair", "language": "en"})
        assert chair.queries(WORK) == one


def _id(filed):
    return UUID(filed["amendment"]["id"])
