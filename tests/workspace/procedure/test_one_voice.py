"""A delegation has one voice: its people are told whose it is, who cast it, and who decides on what it filed itself."""

from html import unescape

import pytest

from drafts.amendments import Change, ChangeOp
from tests.support import factories, site
from tests.support.factories import EN
from tests.support.questions import delegate
from tests.support.site import token_of
from workspace.amendments.service import AmendmentService
from workspace.core.actor import OPERATOR, Role
from workspace.core.permissions import Phase
from workspace.declarations import queries
from workspace.declarations.service import DeclarationService
from workspace.people.models import Organisation
from workspace.people.service import PeopleService
from workspace.procedure.asked import Switches
from workspace.procedure.models import Means
from workspace.procedure.questions import QuestionService

QUESTIONS = "/en/third-forum/declaration/questions"


def beside(db, actor, role, name):
    """Somebody else who stands for the same organisation."""
    organisation = db.get_one(Organisation, actor.mandates[0].organisation_id)
    return (
        PeopleService(db)
        .add_person(factories.forum(db), name=name, role=role, organisation=organisation, actor=OPERATOR)
        .as_actor()
    )


class Room:
    """Two people of the town of Alta, and the chair, who is of the town of Baja, which has filed an amendment."""

    def __init__(self, store):
        self.store = store
        with store.writing() as db:
            self.ana, baja = delegate(db, "Town of Alta", name="Ana Ruiz"), delegate(db, "Town of Baja")
            self.bea = beside(db, self.ana, Role.MEMBER, "Bea Solis")
            self.chair = beside(db, baja, Role.CHAIR, "Carla Vidal")
            factories.forum(db).one_voice = True
            draft = factories.declaration(db, "Towns share water.")
            change = Change(ChangeOp.REWORD, str(queries.head_rows(db, draft)[0].block_id), text="Towns share it.")
            AmendmentService(db).propose(
                draft.id, base_revision=1, language=EN, changes=[change], reason="So.", actor=baja
            )
            DeclarationService(db).enter(draft, Phase.ADOPTION, actor=OPERATOR)
            QuestionService(db).set_rules(draft, Switches(Means.VOTE, quorum=0), actor=self.chair)
        self.post(self.chair, QUESTIONS, means="vote", about="amendment:1")

    def get(self, who, path=f"{QUESTIONS}/1"):
        with site.browser(self.store, who) as browser:
            return " ".join(unescape(browser.get(path).text).split())

    def post(self, who, path, **fields):
        with site.browser(self.store, who) as browser:
            answer = browser.post(path, data={"csrf": token_of(browser), **fields})
            return " ".join(unescape(answer.text).split())


@pytest.fixture
def room(store):
    return Room(store)


def test_whoever_votes_reads_for_whom_and_the_others_who_did(room):
    said = "You vote for Town of Alta. A delegation has one voice here: whoever of it votes first votes for all of it."
    assert said in room.get(room.ana)
    assert said in room.get(room.bea)

    room.post(room.ana, f"{QUESTIONS}/1/answers", choice="yes")
    assert "You have voted." in room.get(room.ana)
    told = "Your delegation has voted: Ana Ruiz has cast the voice of Town of Alta."
    assert told in room.get(room.bea)
    assert "Ana Ruiz has cast" not in room.get(room.chair)
    late = room.post(room.bea, f"{QUESTIONS}/1/answers", choice="no")
    assert "Your delegation has voted already: its voice is cast once." in late
    assert "a vote is cast once" in room.post(room.ana, f"{QUESTIONS}/1/answers", choice="no")


def test_a_chair_whose_delegation_filed_it_reads_who_decides_instead_and_where_a_deputy_is_appointed(room):
    room.post(room.ana, f"{QUESTIONS}/1/answers", choice="yes")
    room.post(room.chair, f"{QUESTIONS}/1/end", act="close")
    page = room.get(room.chair)
    assert "Decide as the room has answered" not in page
    assert "Somebody else decides as the room has answered" in page
    assert f'href="/en/third-forum/people/{room.chair.person_id}"' in page
    assert "Appoint a deputy" in room.get(room.chair, f"/en/third-forum/people/{room.chair.person_id}")
    assert "Somebody else decides" not in room.get(room.ana)
