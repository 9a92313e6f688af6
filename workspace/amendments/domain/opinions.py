"""What is said on an amendment before it is decided: opinions of the committee, and what its proposer answers."""

from collections.abc import Iterable, Sequence
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import joinedload

from drafts.diff.amendments import Change
from workspace.amendments.domain import policy, stored_amendments
from workspace.amendments.domain.committee_models import Answer, Opinion, Reply, Stance
from workspace.amendments.domain.models import Amendment, AmendmentVersion
from workspace.amendments.domain.queries import AmendmentReading
from workspace.core import clock
from workspace.core.actor import Actor, Role
from workspace.core.errors import Invalid, NotAllowed, Undecidable
from workspace.core.security.conditions import Case, Condition
from workspace.core.storage import log
from workspace.core.storage.db import new_id
from workspace.core.validation import ensure_short, needed_reason
from workspace.declarations.domain import queries
from workspace.declarations.domain.models import Declaration
from workspace.declarations.domain.policy import ensure_may, may_do

_SPEAKING = (Role.RAPPORTEUR, Role.CHAIR, Role.COMMITTEE)


class AdviceService(AmendmentReading):
    """Opinions and answers."""

    def give_opinion(
        self, amendment_id: UUID, stance: Stance, *, reason: str, actor: Actor, changes: Sequence[Change] = ()
    ) -> Opinion:
        """Advise on an amendment that waits for its decision; `changes` are the words one would put, for `MODIFY`.

        Raises `Undecidable` for a decided one, and for other words for one that amends
        another; `Invalid` without a reason, and for `MODIFY` without words.
        """
        amendment = self.get(amendment_id, actor=actor)
        declaration = self.declarations.lock(amendment.declaration_id)
        ensure_may(actor, "amendment.opinion", declaration)
        policy.ensure_undecided(amendment)
        needed_reason(reason)
        version = self._worded(declaration, amendment, stance, changes, actor=actor)
        made = Opinion(
            id=new_id(),
            amendment_id=amendment.id,
            stance=stance,
            reason=reason.strip(),
            role=_speaks_as(actor, declaration),
            version_id=version.id if version else None,
            given_by_id=actor.person_id,
            given_at=clock.now(),
        )
        self.db.add(made)
        self.db.flush()
        log.record_in(
            self.db,
            "amendment.opinion_given",
            declaration,
            actor=actor,
            amendment=str(amendment.id),
            opinion=str(made.id),
            stance=stance.value,
            version=str(made.version_id) if made.version_id else None,
        )
        return made

    def answer(self, amendment_id: UUID, reply: Reply, *, word: str, actor: Actor) -> Answer:
        """Say, as its proposer, whether other words for one's amendment are accepted, or one's own maintained.

        Raises `NotAllowed` for anybody else, `Undecidable` where nobody has put other words.
        """
        amendment = self.get(amendment_id, actor=actor)
        declaration = self.declarations.lock(amendment.declaration_id)
        version = put_beside(amendment)
        if not may_answer(actor, amendment):
            raise NotAllowed(action="amendment.withdraw_revise")
        if version is None or actor.person_id is None:
            raise Undecidable(number=amendment.number, reason="nothing_put")
        ensure_short(word)
        made = Answer(
            id=new_id(),
            amendment_id=amendment.id,
            version_id=version.id,
            reply=reply,
            word=word.strip(),
            answered_by_id=actor.person_id,
            answered_at=clock.now(),
        )
        self.db.add(made)
        self.db.flush()
        log.record_in(
            self.db,
            "amendment.answered",
            declaration,
            actor=actor,
            amendment=str(amendment.id),
            version=str(version.id),
            reply=reply.value,
        )
        return made

    def opinions(self, amendments: Iterable[Amendment]) -> dict[UUID, list[Opinion]]:
        """The newest opinion of each person, by amendment, in the order they were given. One query."""
        ids = [amendment.id for amendment in amendments]
        statement = sa.select(Opinion).where(Opinion.amendment_id.in_(ids)).options(joinedload(Opinion.given_by))
        newest: dict[tuple[UUID, UUID | None], Opinion] = {}
        for opinion in self.db.scalars(statement.order_by(Opinion.given_at, Opinion.id)):
            newest.pop((opinion.amendment_id, opinion.given_by_id), None)
            newest[opinion.amendment_id, opinion.given_by_id] = opinion
        found: dict[UUID, list[Opinion]] = {}
        for opinion in newest.values():
            found.setdefault(opinion.amendment_id, []).append(opinion)
        return found

    def answers(self, amendments: Iterable[Amendment]) -> dict[UUID, Answer]:
        """The newest answer to the newest other words, by amendment, whoever put these words first. One query."""
        of = stored_amendments.changes_of
        beside = [
            version.id
            for amendment in amendments
            for version in amendment.versions
            if (newest := put_beside(amendment)) and of(version) == of(newest)
        ]
        statement = sa.select(Answer).where(Answer.version_id.in_(beside))
        return {
            answer.amendment_id: answer for answer in self.db.scalars(statement.order_by(Answer.answered_at, Answer.id))
        }

    def _worded(
        self, declaration: Declaration, amendment: Amendment, stance: Stance, changes: Sequence[Change], *, actor: Actor
    ) -> AmendmentVersion | None:
        """The words one would put, kept beside the member's own."""
        if stance is not Stance.MODIFY:
            return None
        if amendment.parent_id is not None:
            raise Undecidable(number=amendment.number, reason="modify_parent")
        if not changes:
            raise Invalid(field="changes", reason="empty")
        if actor.person_id == amendment.proposer_id:
            raise Undecidable(number=amendment.number, reason="own")
        version = stored_amendments.version_of(
            amendment.versions[-1].number + 1,
            queries.head_rows(self.db, declaration),
            stored_amendments.with_new_ids(changes),
            language=amendment.language,
            revision_id=declaration.head.id,
            actor=actor,
            is_indivisible=amendment.is_indivisible,
            based_on=amendment.own,
        )
        if not version.hunks:
            raise Invalid(field="changes", reason="nothing_changes")
        amendment.versions.append(version)
        self.db.flush()
        return version


def put_beside(amendment: Amendment) -> AmendmentVersion | None:
    """The newest words that somebody of the committee has put in the place of the proposer's, after these."""
    own = amendment.own
    theirs = [version for version in amendment.versions if version.is_of_committee and version.number > own.number]
    return theirs[-1] if theirs else None


def may_advise(actor: Actor, declaration: Declaration) -> bool:
    return actor.person_id is not None and may_do(actor, "amendment.opinion", declaration)


def may_answer(actor: Actor, amendment: Amendment) -> bool:
    """Its proposer, while its fate can still be talked about: it waits, or was adopted in other words."""
    is_talked_about = amendment.disposition.is_undecided or amendment.is_modified
    case = Case(authors=frozenset({amendment.proposer_id}))
    may = may_do(actor, "amendment.withdraw_revise", amendment.declaration, case, given={Condition.UNDECIDED})
    return is_talked_about and put_beside(amendment) is not None and may


def _speaks_as(actor: Actor, declaration: Declaration) -> Role:
    held = actor.roles_in(declaration.forum_id, clock.now())
    return next((role for role in _SPEAKING if role in held), Role.CHAIR)
