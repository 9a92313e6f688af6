"""Questions put to the room, one of each means and end, and something on the table."""

from datetime import timedelta
from uuid import UUID

import sqlalchemy as sa

from drafts.diff.amendments import Change, ChangeOp
from tests.support import factories
from tests.support.factories import EN
from workspace.amendments.domain.models import Amendment, Verdict
from workspace.amendments.domain.outcomes import Ruling
from workspace.amendments.domain.queries import UNDECIDED, select_readable
from workspace.amendments.service import AmendmentService
from workspace.core.actor import OPERATOR, Actor, Role
from workspace.core.clock import now
from workspace.core.security.permissions import Phase
from workspace.core.storage.db import Db
from workspace.declarations.domain import queries
from workspace.declarations.domain.models import Declaration
from workspace.declarations.domain.service import DeclarationService
from workspace.live.claims import ClaimService
from workspace.people.models import Mandate
from workspace.people.service import PeopleService
from workspace.procedure.agenda import CurrentItemService
from workspace.procedure.electorate import WeightService
from workspace.procedure.models import BallotKind, Means, OrderAct, Subject, VoteChoice
from workspace.procedure.running_order import RunningOrderService, SeparateVoteService
from workspace.procedure.screen import ScreenService
from workspace.procedure.service import QuestionService, QuestionSubject
from workspace.procedure.store import VotingRules
from workspace.procedure.voting.proxies import ProxyIn, ProxyService
from workspace.sittings.minutes import ATTENDANCE
from workspace.sittings.models import Sitting
from workspace.sittings.service import Act, SittingActIn, SittingService


def delegate(db: Db, organisation: str, role: Role = Role.MEMBER, name: str = "") -> Actor:
    """Somebody who stands for an organisation of the forum, which is added when it is not there."""
    people, forum = PeopleService(db), factories.forum(db)
    found = people.add_organisation(forum, name=organisation, actor=OPERATOR)
    person = people.add_person(
        forum, name=name or f"{organisation}’s voice", role=role, organisation=found, actor=OPERATOR
    )
    return person.as_actor()


def several(db: Db, amendment_by: Actor, chair: Actor) -> None:
    """A vote on an amendment that is carried out, a secret one, a silence with a receipt, a claim, and the floor."""
    voters = [delegate(db, name) for name in ("Town of Alta", "Town of Baja")]
    text = factories.declaration(db, "Towns share water.", "Towns mend pumps.", slug="voted")
    first, second = (row.block_id for row in queries.head_rows(db, text))
    ClaimService(db).claim(text, first, actor=voters[0])
    amendment = _amendment(db, text.id, first, amendment_by)
    _put_in_order(
        db,
        text,
        amendment,
        _amendment(db, text.id, second, amendment_by),
        by=amendment_by,
        voter=voters[0],
        chair=chair,
    )
    DeclarationService(db).enter(text, Phase.ADOPTION, actor=OPERATOR)
    service = QuestionService(db)
    service.set_rules(text, VotingRules(means=Means.VOTE, quorum=10, roll_call_requests=2), actor=chair)
    about = QuestionSubject(Subject.AMENDMENT, amendment=amendment)
    service.request_ballot(text, BallotKind.ROLL_CALL, about, actor=voters[0])
    vote = service.put_vote(text, about, actor=chair)
    CurrentItemService(db).give(text, amendment=amendment, actor=chair)
    sitting = _sitting(db, text, voters, chair)
    terms = ProxyIn(holder=voters[1].mandates[0].organisation_id, note="Away.")
    proxy = ProxyService(db).give(text, terms, actor=voters[0])
    for by in (proxy.id, None):
        service.cast(vote, VoteChoice.YES, proxy=by, actor=voters[1])
    service.close(vote, actor=chair)
    service.carry_out(vote, reason="So voted.", expected_head=text.head.id, actor=chair)
    secret = service.put_vote(text, QuestionSubject(), actor=chair, switches=VotingRules(quorum=0, is_roll_call=False))
    service.cast(secret, VoteChoice.ABSTAIN, actor=voters[0])
    service.close(secret, actor=chair)
    agreed = service.note_consensus(text, QuestionSubject(Subject.PARAGRAPH, block_id=first), actor=chair)
    service.take_back(agreed, "Somebody did object.", actor=chair)
    frozen = factories.declaration(db, "Towns share water.", slug="silent", phase=Phase.ADOPTION)
    silence = service.put_silence(frozen, f"{now() + timedelta(hours=1):%Y-%m-%dT%H:%M}", "UTC", actor=chair)
    service.receive(silence, actor=voters[0])
    _minutes(db, sitting, voters, chair)
    ScreenService(db).open(text, is_public=True, actor=chair)
    WeightService(db).set(
        text, {db.scalars(sa.select(Mandate.id).filter_by(person_id=voters[0].person_id)).one(): 3}, actor=chair
    )


def _put_in_order(db: Db, text: Declaration, first: int, second: int, *, by: Actor, voter: Actor, chair: Actor) -> None:
    """The second is moved before the first, and withdrawn."""
    given = {"anchor": first, "reason": "It is short.", "actor": chair}
    RunningOrderService(db).change(text, second, OrderAct.BEFORE, **given)
    SeparateVoteService(db).ask(text, second, actor=voter)
    service = AmendmentService(db)
    service.withdraw(service.numbered(text, second, actor=by).id, actor=by)


def settle(db: Db, declaration_id: UUID, chair: Actor) -> None:
    """Reject what is open, so that the whole text can be agreed."""
    service, text = AmendmentService(db), DeclarationService(db).get(declaration_id)
    opened = db.scalars(select_readable(text, actor=chair).where(Amendment.disposition.in_(UNDECIDED)))
    rulings = [Ruling(amendment.id, Verdict.REJECT, "Not now.") for amendment in opened]
    service.decide(declaration_id, rulings, expected_head=text.head.id, actor=chair)


def _sitting(db: Db, text: Declaration, voters: list[Actor], chair: Actor) -> Sitting:
    """One at which a free item was taken up, somebody is there, and somebody spoke, by groups."""
    service = SittingService(db)
    sitting = service.arrange(text, "Palma", "2026-11-23T10:00", actor=chair)
    service.set_groups(text, {voters[0].person_id: "North"}, actor=chair)
    acts = [
        (Act.BEGIN, chair),
        (Act.ARRIVE, voters[0]),
        (Act.OPEN_LIST, chair),
        (Act.REQUEST, voters[0]),
        (Act.NEXT, chair),
    ]
    for act, actor in acts:
        service.perform(sitting, SittingActIn(act=act), actor=actor)
    service.perform(sitting, SittingActIn(act=Act.ADD_ITEM, title="Other business"), actor=chair)
    return sitting


def _minutes(db: Db, sitting: Sitting, voters: list[Actor], chair: Actor) -> None:
    """Signed, and corrected."""
    service = SittingService(db)
    service.perform(sitting, SittingActIn(act=Act.END), actor=chair)
    service.perform(sitting, SittingActIn(act=Act.SIGN), actor=chair)
    correction = SittingActIn(act=Act.CORRECT, key=ATTENDANCE, text="We came later.")
    service.perform(sitting, correction, actor=voters[1])


def _amendment(db: Db, declaration_id: UUID, block_id: UUID, actor: Actor) -> int:
    changes = [Change(ChangeOp.REWORD, str(block_id), text="Towns share clean water.")]
    filed = AmendmentService(db).propose(
        declaration_id, base_revision=1, language=EN, changes=changes, reason="So that it lasts.", actor=actor
    )
    return filed.number
