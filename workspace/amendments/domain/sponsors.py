"""Who stands behind an amendment besides its proposer: those invited to sponsor it, and those who support it.

What counts is organisations: ten people of one town who support a proposal are one town. Everything here is the
business of people who could file an amendment themselves, and only while nothing is decided.
"""

from collections.abc import Callable, Iterable, Sequence
from uuid import UUID

import sqlalchemy as sa

from workspace.amendments.domain import policy
from workspace.amendments.domain.models import Amendment, Cosponsor, Cosponsoring, Support
from workspace.amendments.domain.queries import AmendmentReading
from workspace.core import clock
from workspace.core.actor import Actor
from workspace.core.errors import Invalid, NotFound, existing
from workspace.core.events import TaskGiven, publish
from workspace.core.storage import log
from workspace.core.storage.db import Db
from workspace.declarations.domain.models import Declaration
from workspace.people.mandates import Participant, participants
from workspace.people.models import Mandate, Organisation, Person
from workspace.people.policy import delegation

MOST_INVITED = 50
_STANDS = {Cosponsoring.INVITED, Cosponsoring.CONFIRMED}


class BackingService(AmendmentReading):
    """Co-sponsors and supporters of amendments."""

    def eligible(self, declaration: Declaration) -> list[Participant]:
        """Those who could be invited: everybody of the forum who may sponsor an amendment now, by name."""
        return self._people(declaration, policy.may_cosponsor)

    def movers(self, declaration: Declaration) -> list[Participant]:
        """Everybody of the forum who may move an amendment from the floor now, by name."""
        return self._people(declaration, policy.may_move_orally)

    def _people(self, declaration: Declaration, may: Callable[[Actor, Declaration], bool]) -> list[Participant]:
        here = sa.select(Mandate.person_id).where(Mandate.forum_id == declaration.forum_id)
        every = participants(self.db, declaration.forum_id, here)
        return [person for person in every if may(person.actor, declaration)]

    def invite(self, amendment_id: UUID, people: Sequence[UUID], *, actor: Actor) -> Amendment:
        """Ask people to sponsor one's own amendment; whoever was asked already is not asked again.

        Raises `NotFound` for somebody who could not, and `Invalid` for oneself or for too many.
        """
        amendment = self.behind_lock(amendment_id, actor=actor)
        policy.ensure_may_invite(actor, amendment)
        known = {cosponsor.person_id: cosponsor for cosponsor in amendment.cosponsors}
        if actor.person_id in people:
            raise Invalid(field="cosponsors", reason="yourself")
        if len({*known, *people}) > MOST_INVITED:
            raise Invalid(field="cosponsors", reason="too_many", limit=MOST_INVITED)
        able = {person.id for person in self.eligible(amendment.declaration)} if people else set()
        for person_id in dict.fromkeys(people):
            if person_id not in able:
                raise NotFound(what="person", id=str(person_id))
            if person_id not in known or known[person_id].standing not in _STANDS:
                self.ask(amendment, self.db.get_one(Person, person_id), known.get(person_id), actor=actor)
        return amendment

    def take_back(self, amendment_id: UUID, person_id: UUID, *, actor: Actor) -> Amendment:
        """Take back an invitation that was not answered yet; raises `NotFound` where there is none."""
        amendment = self.behind_lock(amendment_id, actor=actor)
        policy.ensure_may_invite(actor, amendment)
        invited = next((cosponsor for cosponsor in amendment.cosponsors if cosponsor.person_id == person_id), None)
        if invited is None or invited.standing is not Cosponsoring.INVITED:
            raise NotFound(what="invitation", id=str(person_id))
        invited.standing = Cosponsoring.TAKEN_BACK
        self._record("amendment.cosponsor_uninvited", amendment, invited.person_id, actor=actor)
        return amendment

    def answer(self, amendment_id: UUID, *, confirms: bool, actor: Actor) -> Amendment:
        """Confirm or decline to sponsor an amendment that one was invited to; a yes can become a no while it is open.

        Raises `NotFound` without an invitation.
        """
        amendment = self.behind_lock(amendment_id, actor=actor)
        own = next((cosponsor for cosponsor in amendment.cosponsors if cosponsor.person_id == actor.person_id), None)
        if own is None or own.standing is Cosponsoring.TAKEN_BACK:
            raise NotFound(what="invitation", id=str(amendment_id))
        policy.ensure_may_answer_invitation(actor, amendment)
        own.standing = Cosponsoring.CONFIRMED if confirms else Cosponsoring.DECLINED
        own.organisation_id = policy.organisation_of(actor, amendment.declaration)
        own.answered_at = clock.now()
        kind = "amendment.cosponsor_confirmed" if confirms else "amendment.cosponsor_declined"
        self._record(kind, amendment, own.person_id, actor=actor)
        return amendment

    def support(self, amendment_id: UUID, *, actor: Actor) -> Amendment:
        """Ask for the same as somebody else's amendment. Doing it twice changes nothing.

        Where organisations speak with one voice, raises `Invalid` when somebody else of one's own supports it.
        """
        amendment = self.behind_lock(amendment_id, actor=actor)
        policy.ensure_may_back(actor, amendment)
        if actor.person_id is None or actor.person_id == amendment.proposer_id:
            raise Invalid(field="amendment", reason="yourself")
        organisation_id = policy.organisation_of(actor, amendment.declaration)
        if is_spoken_for(amendment, actor=actor):
            raise Invalid(field="amendment", reason="one_voice")
        own = next((support for support in amendment.supports if support.person_id == actor.person_id), None)
        if own is not None and own.withdrawn_at is None:
            return amendment
        if own is None:
            own = Support(person_id=actor.person_id)
            amendment.supports.append(own)
        own.organisation_id, own.supported_at, own.withdrawn_at = organisation_id, clock.now(), None
        self.db.flush()
        self._record("amendment.supported", amendment, actor.person_id, actor=actor)
        return amendment

    def withdraw_support(self, amendment_id: UUID, *, actor: Actor) -> Amendment:
        """No longer support it; raises `NotFound` for who does not.

        Where organisations speak with one voice, the support is the organisation's: a colleague takes it back, too.
        """
        amendment = self.behind_lock(amendment_id, actor=actor)
        policy.ensure_may_back(actor, amendment)
        own = existing(own_support(amendment, actor=actor), "support", amendment_id)
        own.withdrawn_at = clock.now()
        self._record("amendment.support_withdrawn", amendment, own.person_id, actor=actor)
        return amendment

    def ask(
        self,
        amendment: Amendment,
        person: Person,
        known: Cosponsor | None = None,
        *,
        task: str = "cosponsor",
        actor: Actor,
    ) -> None:
        """Invite somebody to sponsor it; the caller holds the lock, and has asked whether that may be."""
        organisation_id = policy.organisation_of(person.as_actor(), amendment.declaration)
        if known is None:
            known = Cosponsor(person_id=person.id)
            amendment.cosponsors.append(known)
        known.organisation_id = organisation_id
        known.standing, known.invited_at, known.answered_at = Cosponsoring.INVITED, clock.now(), None
        self.db.flush()
        self._record("amendment.cosponsor_invited", amendment, person.id, actor=actor)
        publish(
            self.db,
            TaskGiven(
                person_id=person.id,
                task=task,
                forum_id=amendment.declaration.forum_id,
                declaration_id=amendment.declaration_id,
                amendment_id=amendment.id,
                actor=actor,
            ),
        )

    def _record(self, kind: str, amendment: Amendment, person_id: UUID, *, actor: Actor) -> None:
        self.db.flush()
        facts = {"amendment": str(amendment.id), "person": str(person_id)}
        log.record_in(self.db, kind, amendment.declaration, actor=actor, **facts)


def entitled(db: Db, declaration: Declaration, people: Iterable[UUID], *, field: str) -> list[Person]:
    """These people; raises `Invalid` for one who may not move an amendment from the floor."""
    named = list(people)
    if not {person.id for person in BackingService(db).movers(declaration)}.issuperset(named):
        raise Invalid(field=field, reason="not_entitled")
    return [db.get_one(Person, person_id) for person_id in named]


def supporters_of(amendment: Amendment) -> list[Support]:
    """Those who support it now, in the order in which they came."""
    return [support for support in amendment.supports if support.withdrawn_at is None]


def own_support(amendment: Amendment, *, actor: Actor) -> Support | None:
    """The support that is theirs to take back: their own, or with one voice for each organisation, its own."""
    held = supporters_of(amendment)
    own = next((support for support in held if support.person_id == actor.person_id), None)
    spoken = _voice_of(amendment, actor)
    return own or next((support for support in held if spoken is not None and support.organisation_id == spoken), None)


def is_spoken_for(amendment: Amendment, *, actor: Actor) -> bool:
    """Whether somebody else has put the one voice of their organisation behind it already."""
    spoken = _voice_of(amendment, actor)
    if spoken is None or amendment.proposer_id == actor.person_id:
        return False
    backers: Iterable[Cosponsor | Support] = (*sponsors(amendment), *supporters_of(amendment))
    others = (backer.organisation_id for backer in backers if backer.person_id != actor.person_id)
    return amendment.organisation_id == spoken or spoken in others


def _voice_of(amendment: Amendment, actor: Actor) -> UUID | None:
    return delegation(actor, amendment.declaration.forum, clock.now())


def sponsors(amendment: Amendment) -> list[Cosponsor]:
    """Those who have confirmed that they sponsor it with its proposer."""
    return [cosponsor for cosponsor in amendment.cosponsors if cosponsor.standing is Cosponsoring.CONFIRMED]


def organisations_behind(amendment: Amendment) -> list[Organisation]:
    """The organisations behind it, each once: the proposer's, those of its sponsors and of its supporters."""
    backers: Iterable[Amendment | Cosponsor | Support] = (amendment, *sponsors(amendment), *supporters_of(amendment))
    found = (backer.organisation for backer in backers)
    return list({organisation.id: organisation for organisation in found if organisation is not None}.values())
