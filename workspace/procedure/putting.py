"""Putting a question to the room: on a frozen revision, with the rules of the moment and the mandates of one day."""

from collections.abc import Mapping
from datetime import date
from uuid import UUID

import sqlalchemy as sa
from msgspec import Struct

from drafts.blocks import Language
from workspace.amendments import brackets
from workspace.amendments.committee_models import BracketAlternative
from workspace.amendments.models import Amendment
from workspace.amendments.service import AmendmentService
from workspace.core import clock
from workspace.core.actor import Actor
from workspace.core.db import new_id
from workspace.core.errors import Invalid, NotFound
from workspace.core.events import QuestionPut, publish
from workspace.declarations import queries
from workspace.declarations.deadlines import Moment, read_moment, read_zone
from workspace.declarations.models import Declaration
from workspace.procedure import question_policy as policy
from workspace.procedure.asked import Asked, Switches, ensure_sound
from workspace.procedure.models import Ending, Means, Question, Seat, Subject
from workspace.procedure.seats import seats_on

LONGEST_PART = 2_000


class About(Struct, frozen=True):
    """What is put to the room. `part` are words of the paragraph or the amendment, for a separate vote on them.

    `alternative` is the place of a reading in the open bracket of the paragraph.
    """

    subject: Subject = Subject.TEXT
    amendment: int = 0  # its number
    block_id: UUID | None = None
    language: Language | None = None
    part: str = ""
    alternative: int | None = None


class Putting(Asked):
    """Votes and silence procedures are opened, and consensus is noted."""

    def put_vote(
        self,
        declaration: Declaration,
        about: About,
        *,
        actor: Actor,
        record_date: date | None = None,
        switches: Switches | None = None,
    ) -> Question:
        """Open a vote, for those whose mandate counts on `record_date`, today if none is named.

        Raises `Invalid` where nobody may vote, for a day that has not come, and for what cannot be voted on.
        """
        return self._put(declaration, Means.VOTE, about, actor=actor, record_date=record_date, switches=switches)

    def put_silence(self, declaration: Declaration, closes: str, zone: str, *, actor: Actor) -> Question:
        """Open a silence procedure on the whole text, frozen as it is now in all languages.

        It `closes` as the clock shows it in `zone`, that of the forum if none is named. Raises `Invalid` for a
        deadline that is past, a text that is not complete, and while another silence lasts.
        """
        policy.ensure_may_put(actor, declaration, Means.SILENCE)
        where = read_zone(zone.strip() or declaration.forum.timezone)
        last = read_moment("closes", closes, where)
        if last is None or last.at <= clock.now():
            raise Invalid(field="closes", reason="in_the_past" if last else "empty")
        return self._put(declaration, Means.SILENCE, About(), actor=actor, closes=last, zone=where.key)

    def note_consensus(self, declaration: Declaration, about: About, *, actor: Actor) -> Question:
        """Note that nobody objected: adopted without a vote."""
        question = self._put(declaration, Means.CONSENSUS, about, actor=actor)
        self.finish(question, Ending.ADOPTED, actor=actor)
        return question

    def _put(
        self,
        declaration: Declaration,
        means: Means,
        about: About,
        *,
        actor: Actor,
        record_date: date | None = None,
        switches: Switches | None = None,
        closes: Moment | None = None,
        zone: str = "",
    ) -> Question:
        declaration = self.declarations.lock(declaration.id)
        policy.ensure_may_put(actor, declaration, means)
        today = clock.today(declaration.forum.timezone)
        if record_date is not None and record_date > today:
            raise Invalid(field="record_date", reason="not_come_yet")
        rules = switches or self.rules(declaration)
        ensure_sound(rules)
        amendment = self._amendment(declaration, about, actor=actor)
        alternative = self._alternative(declaration, about)
        self._ensure_votable(declaration, means, about, amendment)
        revision = self.declarations.freeze(declaration, actor=actor, note=means.value)
        day = record_date or today
        is_weighted = rules.is_weighted and means is Means.VOTE
        seats = [] if means is Means.CONSENSUS else self._seats(declaration, day, rules, is_weighted=is_weighted)
        question = Question(
            id=new_id(),
            declaration=declaration,
            number=self._next_number(declaration),
            means=means,
            subject=about.subject,
            amendment_id=amendment.id if amendment else None,
            amendment_version_id=amendment.own.id if amendment else None,
            block_id=about.block_id,
            language=amendment.language if amendment else about.language,
            part=_words_of(alternative, declaration.original_language) if alternative else about.part.strip(),
            bracket_id=alternative.bracket_id if alternative else None,
            alternative=alternative.position if alternative else None,
            revision_id=revision.id,
            record_date=day,
            majority=rules.majority,
            quorum=rules.quorum,
            abstentions_count=rules.abstentions_count,
            is_roll_call=rules.is_roll_call,
            one_voice=rules.one_voice,
            is_weighted=is_weighted,
            put_by_id=actor.person_id,
            put_at=clock.now(),
            closes_at=closes.at if closes else None,
            closes_offset=closes.offset if closes else None,
            zone=zone,
            seats=seats,
            casts=[],
            end=None,
        )
        self.db.add(question)
        self.db.flush()
        self.record("question.put", question, actor=actor, means=means.value, about=about.subject.value)
        publish(self.db, QuestionPut(declaration.id, question.id, actor))
        return question

    def _amendment(self, declaration: Declaration, about: About, *, actor: Actor) -> Amendment | None:
        if about.subject is not Subject.AMENDMENT:
            return None
        found = AmendmentService(self.db).numbered(declaration, about.amendment, actor=actor)
        if not found.disposition.is_undecided:
            raise Invalid(field="amendment", reason="decided", number=found.number)
        return found

    def _alternative(self, declaration: Declaration, about: About) -> BracketAlternative | None:
        """One reading of a paragraph that stands in brackets; raises `NotFound`."""
        if about.subject is not Subject.ALTERNATIVE:
            return None
        bracket = brackets.open_of(self.db, declaration).get(about.block_id) if about.block_id else None
        readings = bracket.alternatives if bracket else []
        found = next((alternative for alternative in readings if alternative.position == about.alternative), None)
        if found is None:
            raise NotFound(what="bracket", id=str(about.block_id))
        return found

    def _ensure_votable(
        self, declaration: Declaration, means: Means, about: About, amendment: Amendment | None
    ) -> None:
        if len(about.part) > LONGEST_PART:
            raise Invalid(field="part", reason="too_long", limit=LONGEST_PART)
        rows = queries.text_in_force(self.db, declaration).by_block
        if about.subject is Subject.PARAGRAPH and about.block_id not in rows:
            raise NotFound(what="block", id=str(about.block_id))
        if about.part.strip() and not self._has_words(about, amendment, rows):
            raise Invalid(field="part", reason="not_in_the_text")
        if means is Means.SILENCE:
            absent = queries.absences(self.db, declaration)
            gaps = [(key, one) for key, row in rows.items() for one in Language if one not in row.texts]
            if missing := [gap for gap in gaps if gap not in absent]:
                raise Invalid(field="closes", reason="texts_missing", count=len(missing))
            self._ensure_no_other_silence(declaration)

    def _has_words(self, about: About, amendment: Amendment | None, rows: Mapping[UUID, queries.BlockRow]) -> bool:
        part = about.part.strip()
        if amendment is not None:
            return any(part in str(one.change.get("text") or "") for one in amendment.own.changes)
        row = rows.get(about.block_id) if about.block_id else None
        texts = row.texts.values() if row else [text for one in rows.values() for text in one.texts.values()]
        return any(part in text.content for text in texts)

    def _ensure_no_other_silence(self, declaration: Declaration) -> None:
        if any(one.means is Means.SILENCE for one in self.open_ones(declaration)):
            raise Invalid(field="closes", reason="silence_open")

    def _seats(self, declaration: Declaration, day: date, rules: Switches, *, is_weighted: bool) -> list[Seat]:
        seats = seats_on(self.db, declaration.forum, day, one_voice=rules.one_voice, is_weighted=is_weighted)
        if not seats:
            raise Invalid(field="record_date", reason="nobody_votes")
        return seats

    def _next_number(self, declaration: Declaration) -> int:
        last = self.db.scalar(sa.select(sa.func.max(Question.number)).where(Question.declaration_id == declaration.id))
        return (last or 0) + 1


def _words_of(alternative: BracketAlternative, language: Language) -> str:
    return alternative.texts.said_in(language)
