"""A delegation has one voice: its people are told whose it is, who cast it, and who decides on what it filed itself."""

import pytest

from drafts.diff.amendments import Change, ChangeOp
from tests.support import factories, site
from tests.support.factories import EN
from tests.support.page import Page
from tests.support.questions import delegate
from tests.support.site import token_of
from workspace.amendments.service import AmendmentService
from workspace.core.actor import OPERATOR, Role
from workspace.core.security.permissions import Phase
from workspace.declarations.domain import queries
from workspace.declarations.domain.service import DeclarationService
from workspace.people.models import Organisation
from workspace.people.service import PeopleService
from workspace.procedure.models import Means
from workspace.procedure.service import QuestionService
from workspace.procedure.store import VotingRules

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
            QuestionService(db).set_rules(draft, VotingRules(Means.VOTE, quorum=0), actor=self.chair)
        self.post(self.chair, QUESTIONS, means="vote", about="amendment:1")

    def get(self, who, path=f"{QUESTIONS}/1"):
        with site.browser(self.store, who) as browser:
            return Page(browser.get(path))

    def post(self, who, path, **fields):
        with site.browser(self.store, who) as browser:
            return Page(browser.post(path, data={"csrf": token_of(browser), **fields}))


@pytest.fixture
def room(store):
    return Room(store)


def test_whoever_votes_reads_for_whom_and_the_others_who_did(room):
    for person in (room.ana, room.bea):
        assert room.get(person).data("voice-of") == ["Town of Alta"]

    room.post(room.ana, f"{QUESTIONS}/1/answers", choice="yes")
    own, colleagues = (room.get(person).text_of("about", "voted") for person in (room.ana, room.bea))
    assert "Ana Ruiz" not in own
    assert colleagues.index("Ana Ruiz") < colleagues.index("Town of Alta")
    assert "voted" not in room.get(room.chair).data("about")
    late = room.post(room.bea, f"{QUESTIONS}/1/answers", choice="no")
    assert late.refusal == "workspace.invalid:delegation_voted"
    assert room.post(room.ana, f"{QUESTIONS}/1/answers", choice="no").refusal == "workspace.invalid:voted_already"


def test_a_chair_whose_delegation_filed_it_reads_who_decides_instead_and_where_a_deputy_is_appointed(room):
    room.post(room.ana, f"{QUESTIONS}/1/answers", choice="yes")
    room.post(room.chair, f"{QUESTIONS}/1/end", act="close")
    page = room.get(room.chair)
    own_page = f"/en/third-forum/people/{room.chair.person_id}"
    assert not page.offers("/questions/1/end", act="decide")
    assert own_page in page.links
    assert room.get(room.chair, own_page).has_field("deputy")
    assert own_page not in room.get(room.ana).links
