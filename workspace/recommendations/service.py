"""Taking recommendations in, and saying what becomes of them: confirmed, dropped, endorsed, taken up, declined."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

import sqlalchemy as sa
from msgspec import Struct
from msgspec.structs import replace
from sqlalchemy.orm import joinedload

from workspace.core import clock
from workspace.core.actor import Actor
from workspace.core.errors import Invalid, NotFound
from workspace.core.storage import log
from workspace.core.storage.db import Db, lock_for_writing
from workspace.people.models import Forum, Organisation
from workspace.recommendations import near_duplicates, policy
from workspace.recommendations.models import (
    LONGEST_REASON,
    LONGEST_TEXT,
    Endorsement,
    Recommendation,
    RecommendationStatus,
    RulingOnRecommendation,
    RulingOutcome,
)
from workspace.recommendations.search import RegisterSearch, search_conditions
from workspace.sessions.models import Session

_WITH_ORIGIN = (  # all that a note tells of its session is large
    joinedload(Recommendation.session).defer(Session.details),
    joinedload(Recommendation.organisation),
)
_NEEDS_A_REASON = frozenset({RulingOutcome.PARTLY, RulingOutcome.DECLINED})


class VerbatimStatement(Struct, frozen=True):
    """A recommendation-like statement, verbatim, with the line (from 1) and section it stands in.

    `working_group` is the group of the session that said it, where it was one.
    """

    text: str
    language: str
    section: str = ""
    line: int | None = None
    marker: str = ""
    working_group: str = ""


class RecommendationService:
    """The register of recommendations."""

    def __init__(self, db: Db) -> None:
        self.db = db

    # Into the register

    def propose(self, session: Session, said: Sequence[VerbatimStatement], *, actor: Actor) -> list[Recommendation]:
        """Add statements to the register as proposals; a rapporteur confirms or drops each."""
        policy.ensure_may_confirm(actor, session.forum, [session])
        return self._add(
            session.forum,
            [_as_said(statement, session_id=session.id, forum_id=session.forum_id) for statement in said],
            session=session,
        )

    def submit(
        self, forum: Forum, said: Sequence[VerbatimStatement], *, actor: Actor, organisation_id: UUID | None = None
    ) -> list[Recommendation]:
        """Send recommendations in without a session, for the organisation the actor speaks for, or for themselves.

        They are proposals until the secretariat has confirmed them. Raises `Invalid` for an empty or overlong text,
        and for an organisation that the actor does not speak for.
        """
        policy.ensure_may_submit(actor, forum)
        for statement in said:
            _ensure_text(statement.text)
        voice = self._voice(forum, actor, organisation_id)
        now = clock.now()
        found = [_as_said(replace(statement, text=statement.text.strip()), forum_id=forum.id) for statement in said]
        for made_of in found:
            made_of.organisation_id, made_of.submitted_by_id, made_of.submitted_at = voice, actor.person_id, now
        made = self._add(forum, found)
        self._record("recommendations.submitted", forum, made, actor=actor)
        return made

    def take_answers(
        self, forum: Forum, answers: Sequence[tuple[VerbatimStatement, str]], *, actor: Actor
    ) -> list[Recommendation]:
        """Add the answers to a questionnaire as proposals, each for the organisation that is named beside it.

        An organisation that the network's register does not know is left out of the recommendation, whose section
        still says what was asked.
        """
        policy.ensure_may_settle(actor, forum, ())
        known = self._organisations(forum)
        now = clock.now()
        found = []
        for said, name in answers:
            _ensure_text(said.text)
            recommendation = _as_said(said, forum_id=forum.id)
            recommendation.organisation_id, recommendation.submitted_at = known.get(name.strip().casefold()), now
            recommendation.submitted_by_id = actor.person_id
            found.append(recommendation)
        made = self._add(forum, found)
        self._record("recommendations.submitted", forum, made, actor=actor)
        return made

    # What becomes of them

    def settle(
        self, forum: Forum, numbers: Sequence[int], standing: RecommendationStatus, *, actor: Actor
    ) -> list[Recommendation]:
        """Confirm or drop recommendations by their numbers; raises `NotFound` for a number that does not exist.

        Nothing is recorded when there are none.
        """
        policy.ensure_may_confirm_any(actor, forum)
        chosen = self.chosen(forum, numbers)
        if not chosen:
            return []
        policy.ensure_may_settle(actor, forum, chosen)
        for recommendation in chosen:
            recommendation.standing, recommendation.decided_by_id, recommendation.decided_at = (
                standing,
                actor.person_id,
                clock.now(),
            )
            recommendation.merged_into_id = None
        self._record("recommendations.settled", forum, chosen, actor=actor, standing=standing.value)
        return chosen

    def confirm_all(self, forum: Forum, *, actor: Actor) -> list[Recommendation]:
        """Confirm every proposal that is still open: a rapporteur, those of their own sessions."""
        proposed = self.register(forum, actor=actor, standing=RecommendationStatus.PROPOSED)
        numbers = [
            recommendation.number for recommendation in proposed if policy.may_settle(actor, forum, recommendation)
        ]
        return self.settle(forum, numbers, RecommendationStatus.CONFIRMED, actor=actor)

    def rule(
        self, forum: Forum, numbers: Sequence[int], outcome: RulingOutcome, *, reason: str, actor: Actor
    ) -> list[Recommendation]:
        """Say what became of recommendations, with the reason, which declining and taking up in part cannot lack.

        Raises `Invalid` for a recommendation that is not in the register for good: only a confirmed one is ruled on.
        """
        policy.ensure_may_confirm_any(actor, forum)
        reason = reason.strip()
        if outcome in _NEEDS_A_REASON and not reason:
            raise Invalid(field="reason", reason="required")
        if len(reason) > LONGEST_REASON:
            raise Invalid(field="reason", reason="too_long", most=LONGEST_REASON)
        chosen = self.chosen(forum, numbers)
        policy.ensure_may_settle(actor, forum, chosen)
        if unsettled := next(
            (
                recommendation
                for recommendation in chosen
                if recommendation.standing is not RecommendationStatus.CONFIRMED
            ),
            None,
        ):
            raise Invalid(field="recommendations", reason="unconfirmed", number=unsettled.number)
        now = clock.now()
        for recommendation in chosen:
            recommendation.outcome, recommendation.outcome_reason = outcome, reason
            self._note(recommendation, outcome, reason, at=now, actor=actor)
        if chosen:
            self._record("recommendations.ruled", forum, chosen, actor=actor, outcome=outcome.value)
        return chosen

    def merge(
        self, forum: Forum, kept: int, numbers: Sequence[int], *, reason: str = "", actor: Actor
    ) -> Recommendation:
        """Let recommendations go into the one numbered `kept`, which is confirmed with that; their words stay.

        Who endorsed any of them endorses that one, and its themes are theirs together. Raises `Invalid` where it
        would go into itself, or into one that is itself merged or dropped.
        """
        policy.ensure_may_confirm_any(actor, forum)
        into, *others = self.chosen(forum, [kept, *numbers])
        policy.ensure_may_settle(actor, forum, [into, *others])
        if not others:
            raise Invalid(field="numbers", reason="nothing_to_merge")
        if into.standing in {RecommendationStatus.MERGED, RecommendationStatus.DROPPED}:
            raise Invalid(field="kept", reason="out_of_register", number=into.number)
        now = clock.now()
        into.standing, into.decided_by_id, into.decided_at = RecommendationStatus.CONFIRMED, actor.person_id, now
        for recommendation in others:
            recommendation.standing, recommendation.merged_into_id = RecommendationStatus.MERGED, into.id
            recommendation.decided_by_id, recommendation.decided_at = actor.person_id, now
            self._note(recommendation, RulingOutcome.MERGED, reason.strip(), at=now, actor=actor, into=into.id)
        gone = sa.update(Recommendation).where(
            Recommendation.merged_into_id.in_([recommendation.id for recommendation in others])
        )
        self.db.execute(gone.values(merged_into_id=into.id))  # what had gone into them is in this one, too
        near_duplicates.transfer_endorsements(self.db, into, others)
        self._record("recommendations.merged", forum, others, actor=actor, into=str(into.id))
        return into

    def endorse(
        self, recommendation: Recommendation, *, actor: Actor, organisation_id: UUID | None = None
    ) -> Endorsement:
        """Stand behind a recommendation for an organisation one speaks for; twice is once.

        Raises `Invalid` for whoever speaks for none, or not for that one.
        """
        forum = recommendation.forum
        policy.ensure_may_submit(actor, forum)
        voice = self._voice(forum, actor, organisation_id)
        if voice is None:
            raise Invalid(field="organisation", reason="speaks_for_none")
        known = self.db.get(Endorsement, (recommendation.id, voice))
        if known is not None:
            return known
        made = Endorsement(
            recommendation_id=recommendation.id,
            organisation_id=voice,
            endorsed_by_id=actor.person_id,
            endorsed_at=clock.now(),
        )
        self.db.add(made)
        self._record("recommendations.endorsed", forum, [recommendation], actor=actor, organisation=str(voice))
        return made

    def withdraw_endorsement(
        self, recommendation: Recommendation, *, actor: Actor, organisation_id: UUID | None = None
    ) -> None:
        """No longer stand behind a recommendation; nothing where the organisation does not."""
        forum = recommendation.forum
        policy.ensure_may_submit(actor, forum)
        voice = self._voice(forum, actor, organisation_id)
        known = self.db.get(Endorsement, (recommendation.id, voice)) if voice else None
        if known is not None:
            self.db.delete(known)
            self._record("recommendations.unendorsed", forum, [recommendation], actor=actor, organisation=str(voice))

    # Reading

    def register(
        self,
        forum: Forum,
        *,
        actor: Actor,
        session_id: UUID | None = None,
        standing: RecommendationStatus | None = None,
        wanted: RegisterSearch | None = None,
        after: int = 0,
        limit: int | None = None,
    ) -> list[Recommendation]:
        """Recommendations of a forum in the order of their numbers, each with its session.

        `wanted` says everything that can be looked for. With `limit`, that many at most, and those whose numbers
        come `after`.
        """
        asked = wanted or RegisterSearch(session_id=session_id, standing=standing)
        statement = (
            sa.select(Recommendation)
            .where(*search_conditions(forum, asked, actor=actor), Recommendation.number > after)
            .options(*_WITH_ORIGIN)
            .order_by(Recommendation.number)
            .limit(limit)
        )
        return list(self.db.scalars(statement))

    def get(self, recommendation_id: UUID, *, actor: Actor) -> Recommendation:
        """One recommendation with its session; raises `NotFound`."""
        wanted = sa.select(Recommendation).where(Recommendation.id == recommendation_id)
        return self._found(wanted, str(recommendation_id), actor)

    def numbered(self, forum: Forum, number: int, *, actor: Actor) -> Recommendation:
        """The recommendation of a forum with this number; raises `NotFound`."""
        wanted = sa.select(Recommendation).where(Recommendation.forum_id == forum.id, Recommendation.number == number)
        return self._found(wanted, str(number), actor)

    def rulings(self, recommendation: Recommendation) -> list[RulingOnRecommendation]:
        """Every decision about it, the first one first."""
        statement = sa.select(RulingOnRecommendation).where(
            RulingOnRecommendation.recommendation_id == recommendation.id
        )
        return list(self.db.scalars(statement.order_by(RulingOnRecommendation.id)))

    def chosen(self, forum: Forum, numbers: Sequence[int]) -> list[Recommendation]:
        """Recommendations by their numbers, each once and in that order; `NotFound` for a number that there is not."""
        wanted = list(dict.fromkeys(numbers))
        if not wanted:
            return []
        rows = sa.select(Recommendation).where(Recommendation.forum_id == forum.id, Recommendation.number.in_(wanted))
        found = {
            recommendation.number: recommendation for recommendation in self.db.scalars(rows.options(*_WITH_ORIGIN))
        }
        if unknown := [number for number in wanted if number not in found]:
            raise NotFound(what="recommendation", id=str(unknown[0]))
        return [found[number] for number in wanted]

    # Parts

    def _found(self, statement: sa.Select[Recommendation], called: str, actor: Actor) -> Recommendation:
        found = self.db.scalar(statement.options(*_WITH_ORIGIN, joinedload(Recommendation.forum)))
        if found is None or not policy.may_read_one(actor, found.forum, found):
            raise NotFound(what="recommendation", id=called)
        return found

    def _add(
        self, forum: Forum, found: list[Recommendation], *, session: Session | None = None
    ) -> list[Recommendation]:
        """Number them and look for others that say nearly the same. Two at once: the forum's row is held."""
        lock_for_writing(self.db, Forum, forum.id)
        last = self.db.scalar(sa.select(sa.func.max(Recommendation.number)).where(Recommendation.forum_id == forum.id))
        for number, recommendation in enumerate(found, start=(last or 0) + 1):
            recommendation.number = number
            if session is not None:
                recommendation.session = session
        self.db.add_all(found)
        self.db.flush()
        near_duplicates.note_resemblances(self.db, forum.id, found)
        return found

    def _voice(self, forum: Forum, actor: Actor, organisation_id: UUID | None) -> UUID | None:
        """The organisation that is spoken for: the one asked for, or the only one there can be."""
        voices = policy.spoken_for(actor, forum)
        if organisation_id is None:
            return voices[0] if voices else None
        if organisation_id not in voices:
            raise Invalid(field="organisation", reason="not_yours")
        return organisation_id

    def _organisations(self, forum: Forum) -> dict[str, UUID]:
        """The register of the network by name and alias, in small letters."""
        every = self.db.scalars(sa.select(Organisation).where(Organisation.network_id == forum.network_id))
        return {
            name.strip().casefold(): organisation.merged_into_id or organisation.id
            for organisation in every
            for name in (*organisation.aliases, organisation.name)
            if name.strip()
        }

    def _note(
        self,
        recommendation: Recommendation,
        outcome: RulingOutcome,
        reason: str,
        *,
        at: datetime,
        actor: Actor,
        into: UUID | None = None,
    ) -> None:
        self.db.add(
            RulingOnRecommendation(
                recommendation_id=recommendation.id,
                outcome=outcome,
                reason=reason,
                into_id=into,
                ruled_by_id=actor.person_id,
                ruled_at=at,
            )
        )

    def _record(
        self, kind: str, forum: Forum, concerned: Sequence[Recommendation], *, actor: Actor, **facts: str
    ) -> None:
        self.db.flush()
        ids = [str(recommendation.id) for recommendation in concerned]
        log.record(self.db, kind, actor=actor, forum_id=forum.id, declaration_id=None, recommendations=ids, **facts)


def _as_said(statement: VerbatimStatement, *, forum_id: UUID, session_id: UUID | None = None) -> Recommendation:
    return Recommendation(
        forum_id=forum_id,
        session_id=session_id,
        language=statement.language,
        text=statement.text,
        section=statement.section,
        line=statement.line,
        marker=statement.marker,
        working_group=statement.working_group,
    )


def _ensure_text(text: str) -> None:
    if not text.strip():
        raise Invalid(field="text", reason="required")
    if len(text) > LONGEST_TEXT:
        raise Invalid(field="text", reason="too_long", most=LONGEST_TEXT)
