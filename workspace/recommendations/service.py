"""Taking recommendations in, and saying what becomes of them: confirmed, dropped, endorsed, taken up, declined."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from msgspec import Struct, to_builtins
from msgspec.structs import replace
from sqlalchemy.orm import joinedload

from workspace.core import clock
from workspace.core.actor import Actor
from workspace.core.errors import Invalid, NotFound
from workspace.core.events import RecommendationsSettled, publish
from workspace.core.storage import log
from workspace.core.storage.db import Db, lock_for_writing, new_id, next_number
from workspace.core.validation import ensure_short, known_id
from workspace.people.models import Forum, Organisation
from workspace.people.organisations import OrganisationService, organisation_index
from workspace.people.validation import folded
from workspace.recommendations import near_duplicates, policy
from workspace.recommendations.models import (
    LONGEST_REASON,
    LONGEST_TEXT,
    Endorsement,
    Recommendation,
    RecommendationStatus,
    RulingOnRecommendation,
    RulingOutcome,
    Taken,
)
from workspace.recommendations.search import EVERYTHING, RegisterSearch, search_conditions
from workspace.sessions.models import Session

_WITH_ORIGIN = (  # all that a note tells of its session is large
    joinedload(Recommendation.session).defer(Session.details),
    joinedload(Recommendation.organisation),
)
_NEEDS_A_REASON = frozenset({RulingOutcome.PARTLY, RulingOutcome.DECLINED})


ADD, NAME_ONLY = "new", "name"  # what becomes of an organisation that the register does not know
NO_CHOICES: Mapping[str, str] = {}
Place = tuple[RecommendationStatus, UUID | None]  # how a recommendation stands, and what it is merged into


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


class SubmittedText(Struct, frozen=True):
    """Words that somebody sent in, for an organisation of the register, under a name outside it, or for themselves."""

    text: str
    language: str
    section: str
    organisation_id: UUID | None
    said_by: str
    person_id: UUID | None
    line: int | None = None


class RecommendationService:
    """The register of recommendations. `settlement_id` names what was settled last, to undo it."""

    def __init__(self, db: Db) -> None:
        self.db = db
        self.settlement_id: UUID | None = None

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

    def submit_for(self, forum: Forum, said: VerbatimStatement, *, sender: Actor, actor: Actor) -> Recommendation:
        """Send in for somebody what they said elsewhere, as if they had sent it in for the organisation they speak for.

        The caller has asked whether `actor` may. Raises `Invalid` for an empty or overlong text.
        """
        _ensure_text(said.text)
        found = _as_said(said, forum_id=forum.id)
        found.organisation_id = self._voice(forum, sender, None)
        found.submitted_by_id, found.submitted_at = sender.person_id, clock.now()
        [made] = self._add(forum, [found])
        self._record("recommendations.submitted", forum, [made], actor=actor)
        return made

    def take_over(
        self, forum: Forum, sources: Sequence[tuple[VerbatimStatement, str, Taken]], *, actor: Actor
    ) -> list[Recommendation]:
        """Add what earlier forums published, each with its citation and where it stands there; confirmed, and once."""
        policy.ensure_may_settle(actor, forum, ())
        lock_for_writing(self.db, Forum, forum.id)
        known = sa.select(Recommendation.taken_from).where(
            Recommendation.forum_id == forum.id, Recommendation.taken_from.is_not(None)
        )
        had, found = [{**place, "cited": {}} for place in self.db.scalars(known) if place], []
        for said, citation, taken in sources:
            if to_builtins(replace(taken, cited={})) not in had:
                recommendation = _as_said(said, forum_id=forum.id)
                recommendation.taken_from, recommendation.said_by = to_builtins(taken), citation
                recommendation.standing = RecommendationStatus.CONFIRMED
                recommendation.decided_by_id, recommendation.decided_at = actor.person_id, clock.now()
                found.append(recommendation)
        made = self._add(forum, found)
        if made:
            self._record("recommendations.taken_over", forum, made, actor=actor)
        return made

    def take_answers(
        self,
        forum: Forum,
        answers: Sequence[tuple[VerbatimStatement, str]],
        *,
        organisations: Mapping[str, str] = NO_CHOICES,
        actor: Actor,
    ) -> list[Recommendation]:
        """Add the answers to a questionnaire as proposals, each for the organisation that is named beside it.

        `organisations` says of each name that the network's register does not know what becomes of it: the id of
        one that is known, `ADD`, or `NAME_ONLY`. Raises `Invalid` with the names of which it says nothing.
        """
        policy.ensure_may_settle(actor, forum, ())
        for said, _ in answers:
            _ensure_text(said.text)
        known = self._named(forum, [name for _, name in answers], organisations, actor)
        texts = [
            SubmittedText(
                said.text, said.language, said.section, voice, "" if voice else name.strip(), actor.person_id, said.line
            )
            for said, name in answers
            for voice in (known.get(folded(name)),)
        ]
        return self.take_texts(forum, texts, actor=actor)

    def take_texts(self, forum: Forum, texts: Sequence[SubmittedText], *, actor: Actor) -> list[Recommendation]:
        """Add what others sent in as proposals, each for whom it was said. Raises `Invalid` for an overlong text."""
        policy.ensure_may_settle(actor, forum, ())
        for said in texts:
            _ensure_text(said.text)
        now = clock.now()
        found = [
            Recommendation(
                forum_id=forum.id,
                language=said.language,
                text=said.text,
                section=said.section,
                line=said.line,
                organisation_id=said.organisation_id,
                said_by=said.said_by,
                submitted_by_id=said.person_id,
                submitted_at=now,
            )
            for said in texts
        ]
        made = self._add(forum, found)
        self._record("recommendations.submitted", forum, made, actor=actor)
        return made

    def split_off(
        self, recommendation: Recommendation, said: Sequence[VerbatimStatement], *, actor: Actor
    ) -> list[Recommendation]:
        """Add what was part of one: proposals of its session or sender, under its themes, endorsed as it is."""
        forum = recommendation.forum
        policy.ensure_may_settle(actor, forum, [recommendation])
        found = [_as_said(statement, forum_id=forum.id, session_id=recommendation.session_id) for statement in said]
        for part in found:
            part.organisation_id, part.said_by = recommendation.organisation_id, recommendation.said_by
            part.submitted_by_id, part.submitted_at = recommendation.submitted_by_id, recommendation.submitted_at
        made = self._add(forum, found, session=recommendation.session)
        for part in made:
            near_duplicates.transfer_themes(self.db, part, [recommendation])
            near_duplicates.transfer_endorsements(self.db, part.id, [recommendation])
        return made

    # What becomes of them

    def settle(
        self, forum: Forum, numbers: Sequence[int], standing: RecommendationStatus, *, reason: str = "", actor: Actor
    ) -> list[Recommendation]:
        """Confirm or set aside recommendations by their numbers; those that were changed by it.

        What is merged stays merged: `separate` is for that. The same words of the same line of a session are confirmed
        once. Nothing is recorded where nothing changes. Raises
        `NotFound` for a number that does not exist, and `Invalid` for setting aside without a reason.
        """
        policy.ensure_may_confirm_any(actor, forum)
        reason = _reason(reason, is_needed=standing is RecommendationStatus.DROPPED)
        lock_for_writing(self.db, Forum, forum.id)
        chosen = self.chosen(forum, numbers)
        if chosen:
            policy.ensure_may_settle(actor, forum, chosen)
        changed = [row for row in chosen if row.standing not in {standing, RecommendationStatus.MERGED}]
        if standing is RecommendationStatus.CONFIRMED:
            changed = self._once_each(changed)
        if not changed:
            return []
        self._begin()
        self._put(dict.fromkeys(changed, (standing, None)), reason, actor=actor)
        self._record("recommendations.settled", forum, changed, actor=actor, standing=standing.value)
        self._tell(forum, changed, actor=actor)
        return changed

    def proposals(self, forum: Forum, wanted: RegisterSearch, *also: sa.ColumnElement[bool], actor: Actor) -> list[int]:
        """The numbers of what fits and waits to be confirmed by them: a rapporteur, those of their own sessions."""
        policy.ensure_may_confirm_any(actor, forum)
        fits = search_conditions(forum, wanted, actor=actor)
        waits = Recommendation.standing == RecommendationStatus.PROPOSED
        rows = sa.select(Recommendation.number, Session.rapporteur_id).outerjoin(Session).where(*fits, waits, *also)
        found = self.db.execute(rows.order_by(Recommendation.number)).all()
        theirs = {key for key in {key for _, key in found} if policy.may_settle_of(actor, forum, key)}
        return [number for number, key in found if key in theirs]

    def confirm_all(self, forum: Forum, wanted: RegisterSearch = EVERYTHING, *, actor: Actor) -> list[Recommendation]:
        """Confirm every proposal that fits and is theirs to confirm."""
        return self.settle(
            forum, self.proposals(forum, wanted, actor=actor), RecommendationStatus.CONFIRMED, actor=actor
        )

    def separate(self, recommendation: Recommendation, *, actor: Actor) -> None:
        """Let a merged recommendation stand alone again, as it stood before; `Invalid` for one that is not merged.

        The one it was in no longer has the endorsements that came with it.
        """
        forum = recommendation.forum
        policy.ensure_may_settle(actor, forum, [recommendation])
        lock_for_writing(self.db, Forum, forum.id)
        self.db.refresh(recommendation)
        if recommendation.standing is not RecommendationStatus.MERGED:
            raise Invalid(field="number", reason="not_merged", number=recommendation.number)
        before = [ruling.standing_before for ruling in self.rulings(recommendation) if ruling.standing_before]
        alone = [standing for standing in before if standing is not RecommendationStatus.MERGED]
        self._begin()
        self._put({recommendation: ((alone or [RecommendationStatus.PROPOSED])[-1], None)}, actor=actor)
        self._record("recommendations.separated", forum, [recommendation], actor=actor)
        self._tell(forum, [recommendation], actor=actor)

    def undo(self, forum: Forum, settlement_id: UUID, *, actor: Actor) -> list[Recommendation]:
        """Let everything that was settled at once stand as before, except what somebody has decided on since.

        What was merged goes into what its target is in by now; it is left as it is where that is dropped, or where
        others have gone into it. Raises `Invalid` where nothing of it is left to undo.
        """
        policy.ensure_may_confirm_any(actor, forum)
        lock_for_writing(self.db, Forum, forum.id)
        settled = sa.select(RulingOnRecommendation.recommendation_id).filter_by(settlement_id=settlement_id)
        here = sa.select(Recommendation).where(Recommendation.forum_id == forum.id, Recommendation.id.in_(settled))
        rows = self.db.scalars(here.options(*_WITH_ORIGIN).order_by(Recommendation.number)).all()
        policy.ensure_may_settle(actor, forum, rows)
        history = self._history(rows)
        left = [row for row in rows if history[row.id][-1].settlement_id == settlement_id]
        undone = self._reachable({row: _place_before(history[row.id]) for row in left})
        if not undone:
            raise Invalid(field="settlement", reason="nothing_to_undo")
        self._begin()
        self._put(undone, actor=actor)
        self._record("recommendations.undone", forum, list(undone), actor=actor)
        self._tell(forum, list(undone), actor=actor)
        return list(undone)

    def rule(
        self, forum: Forum, numbers: Sequence[int], outcome: RulingOutcome, *, reason: str, actor: Actor
    ) -> list[Recommendation]:
        """Say what became of recommendations, with the reason, which declining and taking up in part cannot lack.

        Nothing is recorded, and nobody told, of those of which the same was said before.
        Raises `Invalid` for a recommendation that is not in the register for good: only a confirmed one is ruled on.
        """
        policy.ensure_may_confirm_any(actor, forum)
        reason = _reason(reason, is_needed=outcome in _NEEDS_A_REASON)
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
        self.settlement_id = None
        changed = [row for row in chosen if (row.outcome, row.outcome_reason) != (outcome, reason)]
        for recommendation in changed:
            recommendation.outcome, recommendation.outcome_reason = outcome, reason
            self._note(recommendation, outcome, reason, actor=actor)
        if changed:
            self._record("recommendations.ruled", forum, changed, actor=actor, outcome=outcome.value)
            outcomes = {row.id: outcome.value for row in changed}
            publish(self.db, RecommendationsSettled(forum.id, outcomes, actor))
        return chosen

    def merge(
        self, forum: Forum, kept: int, numbers: Sequence[int], *, reason: str = "", confirms: bool = True, actor: Actor
    ) -> Recommendation:
        """Let recommendations go into the one numbered `kept`, which is confirmed unless told otherwise.

        Who endorsed any of them endorses that one, and its themes are theirs together. Nothing is recorded of those
        that are in it already. Raises `Invalid` where nothing is left, or where it would go into itself, or into one
        that is itself merged or dropped.
        """
        policy.ensure_may_confirm_any(actor, forum)
        lock_for_writing(self.db, Forum, forum.id)
        into, *others = self.chosen(forum, [kept, *numbers])
        policy.ensure_may_settle(actor, forum, [into, *others])
        others = [row for row in others if row.merged_into_id != into.id]
        if not others:
            raise Invalid(field="numbers", reason="nothing_to_merge")
        if into.standing in {RecommendationStatus.MERGED, RecommendationStatus.DROPPED}:
            raise Invalid(field="kept", reason="out_of_register", number=into.number)
        self._begin()
        confirmed = [into] if confirms and into.standing is not RecommendationStatus.CONFIRMED else []
        self._put(dict.fromkeys(confirmed, (RecommendationStatus.CONFIRMED, None)), actor=actor)
        within = Recommendation.merged_into_id.in_([recommendation.id for recommendation in others])
        inside = self.db.scalars(sa.select(Recommendation).where(within)).all()  # goes on with what it had gone into
        moved = dict.fromkeys((*others, *inside), (RecommendationStatus.MERGED, into.id))
        self._put(moved, reason.strip(), actor=actor)
        near_duplicates.transfer_themes(self.db, into, others)
        self._record("recommendations.merged", forum, others, actor=actor, into=str(into.id))
        self._tell(forum, [*confirmed, *moved], actor=actor)
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
        search = wanted or RegisterSearch(session_id=session_id, standing=standing)
        statement = (
            sa.select(Recommendation)
            .where(*search_conditions(forum, search, actor=actor), Recommendation.number > after)
            .options(*_WITH_ORIGIN)
            .order_by(Recommendation.number)
            .limit(limit)
        )
        return list(self.db.scalars(statement))

    def confirmed_count(self, forum: Forum, *, actor: Actor) -> int:
        """How many are confirmed."""
        search = RegisterSearch(standing=RecommendationStatus.CONFIRMED)
        counted = sa.select(sa.func.count()).select_from(Recommendation)
        return self.db.scalar(counted.where(*search_conditions(forum, search, actor=actor))) or 0

    def confirmed(self, forum: Forum, *, actor: Actor) -> Sequence[sa.Row[int, str, str, str]]:
        """Number, words, language and origin of those that are confirmed, by number."""
        origin = sa.func.coalesce(Session.title, Organisation.name, Recommendation.said_by)
        search = RegisterSearch(standing=RecommendationStatus.CONFIRMED)
        statement = (
            sa.select(Recommendation.number, Recommendation.text, Recommendation.language, origin)
            .outerjoin(Recommendation.session)
            .outerjoin(Recommendation.organisation)
            .where(*search_conditions(forum, search, actor=actor))
            .order_by(Recommendation.number)
        )
        return self.db.execute(statement).all()

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
        statement = sa.select(RulingOnRecommendation).filter_by(recommendation_id=recommendation.id)
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

    def _once_each(self, rows: Sequence[Recommendation]) -> list[Recommendation]:
        """Those whose words are not confirmed already for the same line of their session."""
        sessions = {row.session_id for row in rows if row.session_id and row.line}
        words = sa.select(Recommendation.session_id, Recommendation.line, Recommendation.text)
        is_confirmed = Recommendation.standing == RecommendationStatus.CONFIRMED
        said = {
            tuple(row) for row in self.db.execute(words.where(Recommendation.session_id.in_(sessions), is_confirmed))
        }
        chosen = []
        for row in rows:
            where = (row.session_id, row.line, row.text)
            if None in where or where not in said:
                said.add(where)
                chosen.append(row)
        return chosen

    def _found(self, statement: sa.Select[Recommendation], called: str, actor: Actor) -> Recommendation:
        found = self.db.scalar(statement.options(*_WITH_ORIGIN, joinedload(Recommendation.forum)))
        if found is None or not policy.may_read_recommendation(actor, found.forum, found):
            raise NotFound(what="recommendation", id=called)
        return found

    def _add(
        self, forum: Forum, found: list[Recommendation], *, session: Session | None = None
    ) -> list[Recommendation]:
        """Number them and look for others that say nearly the same. Two at once: the forum's row is held."""
        lock_for_writing(self.db, Forum, forum.id)
        first = next_number(self.db, Recommendation.number, Recommendation.forum_id == forum.id)
        for number, recommendation in enumerate(found, start=first):
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

    def _named(
        self, forum: Forum, names: Sequence[str], chosen: Mapping[str, str], actor: Actor
    ) -> dict[str, UUID | None]:
        """The organisation of each name, None for one that is kept as a name."""
        register = OrganisationService(self.db)
        known: dict[str, UUID | None] = {
            name: organisation.id for name, organisation in organisation_index(register.every(forum)).items()
        }
        said = {folded(name): choice for name, choice in chosen.items() if choice}
        missing = {folded(name): " ".join(name.split()) for name in names if name.strip() and folded(name) not in known}
        if unsaid := [name for key, name in missing.items() if key not in said]:
            every, listed = list(missing.values()), "; ".join(unsaid)
            raise Invalid(field="becomes", reason="unknown_organisations", names="\n".join(every), listed=listed)
        for key, name in missing.items():
            if said[key] == ADD:
                known[key] = register.add(forum, name=name, actor=actor).id
            elif said[key] != NAME_ONLY:
                known[key] = register.get(forum, known_id(said[key], "organisation")).id
        return known

    def _begin(self) -> None:
        """What is settled from now on is settled at once."""
        self.settlement_id = new_id()

    def _put(self, places: Mapping[Recommendation, Place], reason: str = "", *, actor: Actor) -> None:
        """Let recommendations stand otherwise, keep how each stood, and move their endorsements with them."""
        history = self._history(places)
        was_in = {row: row.merged_into_id for row in places}
        for row, (standing, into) in places.items():
            before = row.standing
            row.standing, row.merged_into_id = standing, into
            row.decided_by_id, row.decided_at = actor.person_id, clock.now()
            noted = reason
            if standing is RecommendationStatus.DROPPED:
                noted = row.outcome_reason = reason or _last_reason(history[row.id], RulingOutcome.DROPPED)
            elif before is RecommendationStatus.DROPPED:
                row.outcome_reason = _last_reason(history[row.id], row.outcome)
            self._note(row, RulingOutcome(standing.value), noted, actor=actor, into_id=into, standing_before=before)
        self.db.flush()
        moved = {row: left for row, left in was_in.items() if left != row.merged_into_id}
        for row, left in moved.items():
            if left:
                near_duplicates.return_endorsements(self.db, left, row)
        for into in {row.merged_into_id for row in moved if row.merged_into_id}:
            near_duplicates.transfer_endorsements(self.db, into, [row for row in moved if row.merged_into_id == into])

    def _history(self, rows: Iterable[Recommendation]) -> dict[UUID, list[RulingOnRecommendation]]:
        """Every decision about each of these, the first one first."""
        found: dict[UUID, list[RulingOnRecommendation]] = {row.id: [] for row in rows}
        theirs = sa.select(RulingOnRecommendation).where(RulingOnRecommendation.recommendation_id.in_(found))
        for ruling in self.db.scalars(theirs.order_by(RulingOnRecommendation.id)):
            found[ruling.recommendation_id].append(ruling)
        return found

    def _reachable(self, places: Mapping[Recommendation, Place]) -> dict[Recommendation, Place]:
        """These places as they can be taken now, without those that cannot."""
        ids = [row.id for row in places]
        inside = sa.select(Recommendation.merged_into_id).where(Recommendation.merged_into_id.in_(ids))
        held = set(self.db.scalars(inside.where(Recommendation.id.not_in(ids))))
        free = {row: place for row, place in places.items() if place[1] is None or row.id not in held}
        targets = {row: self._target(into, free) if into else None for row, (_, into) in free.items()}
        return {row: (free[row][0], target) for row, target in targets.items() if target or not free[row][1]}

    def _target(self, into: UUID, places: Mapping[Recommendation, Place]) -> UUID | None:
        """What the recommendation `into` is in once these places are taken: itself, or None where that is dropped."""
        row = self.db.get_one(Recommendation, into)
        standing, further = places.get(row, (row.standing, row.merged_into_id))
        if further:
            return self._target(further, places)
        return None if standing is RecommendationStatus.DROPPED else into

    def _note(self, row: Recommendation, outcome: RulingOutcome, reason: str, *, actor: Actor, **facts: Any) -> None:
        self.db.add(
            RulingOnRecommendation(
                recommendation_id=row.id,
                outcome=outcome,
                reason=reason,
                ruled_by_id=actor.person_id,
                ruled_at=clock.now(),
                settlement_id=self.settlement_id,
                **facts,
            )
        )

    def _tell(self, forum: Forum, settled: Sequence[Recommendation], *, actor: Actor) -> None:
        outcomes = {row.id: row.standing.value for row in settled}
        publish(self.db, RecommendationsSettled(forum.id, outcomes, actor))

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


def _place_before(rulings: Sequence[RulingOnRecommendation]) -> Place:
    """How a recommendation stood before the last of its rulings."""
    *earlier, last = rulings
    before = last.standing_before or RecommendationStatus.PROPOSED
    into = [ruling.into_id for ruling in earlier if ruling.into_id]
    return before, into[-1] if into and before is RecommendationStatus.MERGED else None


def _last_reason(rulings: Sequence[RulingOnRecommendation], outcome: RulingOutcome) -> str:
    given = [ruling.reason for ruling in rulings if ruling.outcome is outcome]
    return given[-1] if given else ""


def _reason(given: str, *, is_needed: bool) -> str:
    reason = given.strip()
    if is_needed and not reason:
        raise Invalid(field="reason", reason="required")
    ensure_short(reason, LONGEST_REASON, "reason")
    return reason


def _ensure_text(text: str) -> None:
    if not text.strip():
        raise Invalid(field="text", reason="required")
    ensure_short(text, LONGEST_TEXT, "text")
