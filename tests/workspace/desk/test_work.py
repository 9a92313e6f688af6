"""My work: what awaits each person, by the part they play, with the date by which it is due."""

from datetime import timedelta
from uuid import UUID

import pytest
import sqlalchemy as sa

from drafts.diff.amendments import Change, ChangeOp
from drafts.text.blocks import Language
from tests.support import factories
from tests.support.page import Page
from tests.support.questions import delegate
from tests.workspace.amendments.browsing import DRAFT, browsing
from tests.workspace.desk.visiting import elsewhere, tasks
from workspace.amendments.domain.committee_models import Reply, Stance
from workspace.amendments.domain.opinions import AdviceService
from workspace.amendments.domain.sponsors import BackingService
from workspace.amendments.service import AmendmentService
from workspace.comments.service import CommentService
from workspace.core.actor import Role
from workspace.core.clock import now
from workspace.core.security.permissions import Phase
from workspace.declarations.domain.calendar import CalendarService
from workspace.declarations.domain.models import Stage
from workspace.declarations.domain.service import DeclarationService
from workspace.people.models import Mandate

ES, EN, FR = Language
WORK = "/en/third-forum/work"


@pytest.fixture
def table(house):
    return house.declaration({EN: "Towns share water.", FR: "Les villes partagent l’eau."}, "Towns light paths.")


def work(house, role, language="en"):
    with browsing(house.store, house.people[role]) as person:
        answer = person.see(WORK.replace("/en/", f"/{language}/"))
        assert answer.status_code == 200
        return Page(answer)


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

    assert ("chair", "2", "declaration/amendments") in tasks(pages[Role.CHAIR])
    assert pages[Role.CHAIR].part("task", "chair").root.xpath(".//time")
    assert ("translator", "1", "declaration/translation") in tasks(pages[Role.TRANSLATOR])
    assert [number for part, number, _ in tasks(pages[Role.TRANSLATOR]) if part == "talk"] == ["1"]
    assert ("forum", "1", "recommendations") in tasks(pages[Role.RAPPORTEUR])
    number = str(amendment.number)
    assert elsewhere(pages[Role.MEMBER]) == ["declaration/amendments?state=own", f"declaration/amendments/{number}"]
    assert "A second member" in pages[Role.MEMBER].rows("elsewhere")[1].text
    with browsing(house.store, second) as person:
        mine = Page(person.see(WORK))
    assert ("member", number, f"declaration/amendments/{number}") in tasks(mine)


def test_a_conversation_waits_for_whoever_did_not_have_the_last_word(house, table):
    said = {"block_id": table.block(), "text": "And who pays?", "language": "en"}
    thread = house.member.post(f"{table.path}/threads", said).json()["id"]

    def waits(role):
        return [number for part, number, _ in tasks(work(house, role)) if part == "talk"]

    assert waits(Role.MEMBER) == []
    house.chair.post(f"/threads/{thread}/comments", {"text": "The region.", "language": "en"})
    assert waits(Role.MEMBER) == ["1"]
    assert waits(Role.CHAIR) == []
    house.chair.post(f"/threads/{thread}/resolution")
    assert waits(Role.MEMBER) == []


def test_other_words_for_an_amendment_wait_for_its_proposer_until_they_answer(house, table):
    filed = table.propose("Towns share clean water.")
    put = ("member", "1", "declaration/amendments/1#answer")
    with house.store.writing() as db:
        change = BackingService(db).get(_id(filed), actor=house.people[Role.CHAIR]).own.changes[0]
        words = [Change(ChangeOp.REWORD, str(change.block_id), text="Towns share clear water.")]
        AdviceService(db).give_opinion(
            _id(filed), Stance.MODIFY, reason="Clearer.", actor=house.people[Role.CHAIR], changes=words
        )
    assert put in tasks(work(house, Role.MEMBER))
    assert put not in tasks(work(house, Role.CHAIR))
    with house.store.writing() as db:
        AdviceService(db).answer(_id(filed), Reply.MAINTAIN, word="", actor=house.people[Role.MEMBER])
    assert put not in tasks(work(house, Role.MEMBER))


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
    deputy = ("chair", "1", f"people/{of_baja.person_id}")
    with browsing(house.store, of_baja) as carla:
        page = Page(carla.see(WORK))
        assert ("chair", "1", "declaration/amendments") in tasks(page)
        assert deputy not in tasks(page)
        barred = Page(carla.see(f"{DRAFT}/desk")).part("about", "barred")
        assert "A chair" in barred.text
        assert not barred.links
        with house.store.writing() as db:
            chair = house.people[Role.CHAIR].person_id
            db.scalars(sa.select(Mandate).where(Mandate.person_id == chair)).one().organisation_id = organisation
        assert deputy in tasks(Page(carla.see(WORK)))
        barred = Page(carla.see(f"{DRAFT}/desk")).part("about", "barred")
        assert barred.links_to(f"/people/{of_baja.person_id}")


def test_the_home_counts_amendments_as_their_list_does(house, table):
    filed = table.propose("Towns share clean water.")["amendment"]
    child = {"changes": [{"op": "reword", "block": table.block(), "text": "Towns share clear water."}], "reason": "So."}
    version = house.chair.get(f"/amendments/{filed['id']}").headers["etag"].strip('"')
    made = house.member.post(f"/amendments/{filed['id']}/amendments", child, if_match=version)
    assert made.status_code == 201, made.text
    with browsing(house.store, house.people[Role.CHAIR]) as chair:
        home = Page(chair.see("/en/third-forum"))
        listed = Page(chair.see(f"{DRAFT}/amendments"))
    assert ("chair", "2", "declaration/amendments") in tasks(home)
    assert listed.data("open") == ["2"]


def test_what_was_asked_of_others_is_told_to_who_asked_and_to_do_for_who_answers(house):
    hall = house.declaration({EN: "Towns.", ES: "Ciudades.", FR: "Villes."}, phase=Phase.ADOPTION)
    with house.store.writing() as db:
        factories.concord(db, DeclarationService(db).get(hall.id))
    asked = house[Role.SECRETARIAT].post(f"{hall.path}/publication-request", {"adopted_on": "2026-06-12"})
    assert asked.status_code == 201, asked.text
    asker, second = work(house, Role.SECRETARIAT), work(house, Role.CHAIR)
    assert "declaration/readiness" in elsewhere(asker)
    assert "declaration/readiness" not in [href for _, _, href in tasks(asker)]
    assert ("second", "", "declaration/readiness") in tasks(second)
    assert "declaration/readiness" not in elsewhere(second)
    for page in (asker, second):
        assert not {href for _, _, href in tasks(page)} & set(elsewhere(page))
        assert page.root.xpath("//details[contains(@class, 'elsewhere')]/@open") == []


@pytest.mark.parametrize("language", ["es", "en", "fr"])
def test_the_page_stands_in_every_language_with_nothing_and_something_to_do(house, language):
    page = work(house, Role.OBSERVER, language)
    assert (page.language, page.is_empty, page.count) == (language, True, 0)
    house.declaration(phase=Phase.REVIEW)
    assert work(house, Role.CHAIR, language).count > 0


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
