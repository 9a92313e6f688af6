"""Minutes: what the log says of the time of a sitting, signed by the chair, and corrected by members within a time.

Persons stand in a record by their ids, so that a signed one stays what it is when somebody is erased.
"""

import hashlib
import json
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from enum import StrEnum
from functools import cached_property
from typing import Annotated, Any
from uuid import UUID

import sqlalchemy as sa
from msgspec import Meta, Struct, convert, to_builtins

from drafts.text.blocks import Language
from drafts.text.markup import plain
from workspace.amendments.domain.models import Amendment
from workspace.core import clock
from workspace.core.actor import OPERATOR, Actor
from workspace.core.errors import Invalid, NotFound
from workspace.core.events import MinutesSigned, publish
from workspace.core.storage.db import Db
from workspace.core.storage.log import LogEntry
from workspace.core.storage.row_digests import canonical_json
from workspace.core.validation import needed_reason
from workspace.declarations.domain import queries
from workspace.declarations.domain.models import Declaration
from workspace.declarations.domain.policy import may_do
from workspace.declarations.labels import first_words
from workspace.procedure.models import Question
from workspace.procedure.service import QuestionService
from workspace.procedure.visibility import visible_question
from workspace.sittings.models import Minutes, MinutesCorrection, Sitting, SittingItem, Stage, Standing
from workspace.sittings.service import HOLD, SittingService, short

SIGN, CORRECT = "minutes.sign", "minutes.correct"
LONGEST_TEXT = 2_000
MOST_DAYS = 60
ATTENDANCE = "attendance"  # what a correction is about that is about no item
_KINDS = ("floor.given", "sitting.agenda", "decision.taken", "question.put", "question.ended", "amendment.proposed")


class ActKind(StrEnum):
    """What was done about an item."""

    ORAL = "oral"
    DECISION = "decision"
    QUESTION = "question"


class RecordedAct(Struct, frozen=True, omit_defaults=True, kw_only=True):
    """An oral amendment, a decision or a question put to the plenary. `words` are quoted in their `language`."""

    kind: ActKind
    at: datetime
    number: int
    amendment: int = 0
    person: UUID | None = None
    organisation: str = ""
    words: str = ""
    language: str = ""
    verdict: str = ""
    outcome: str = ""
    cause: int = 0
    undoes: tuple[int, ...] = ()
    means: str = ""
    ending: str = ""
    counts: tuple[int, ...] = ()  # yes, no, abstentions, needed, entitled
    roll_call: tuple[tuple[str, str], ...] = ()


class RecordedSpeaker(Struct, frozen=True):
    """Somebody who spoke, and how long."""

    person: UUID
    organisation: str
    seconds: int
    is_point_of_order: bool


class RecordedItem(Struct, frozen=True):
    """What was taken up: an amendment or a paragraph by its number; a free item, or a paragraph without, by a title."""

    key: str
    at: datetime
    title: str
    amendment: int
    paragraph: str
    note: str
    acts: tuple[RecordedAct, ...]
    speakers: tuple[RecordedSpeaker, ...]


class RecordedSeat(Struct, frozen=True):
    """How an organisation, or a person, attended."""

    organisation: str
    person: UUID | None
    standing: Standing


class MinutesRecord(Struct, frozen=True):
    """What is known of a sitting, in the language of nobody."""

    sitting: int
    kind: str
    place: str
    began_at: datetime
    ended_at: datetime | None
    attendance: tuple[RecordedSeat, ...]
    items: tuple[RecordedItem, ...]


def record_of(db: Db, sitting: Sitting) -> MinutesRecord:
    """The record as it was signed; before, as the log has it now. Raises `NotFound` before the sitting begins."""
    if sitting.minutes:
        return convert(sitting.minutes.record, MinutesRecord)
    if sitting.began_at is None:
        raise NotFound(what="minutes", id=str(sitting.number))
    return _Recorder(db, sitting, sitting.began_at).record()


class _Recorder:
    """Reads the log of the time of one sitting, item by item."""

    def __init__(self, db: Db, sitting: Sitting, began_at: datetime) -> None:
        self.db, self.sitting, self.declaration = db, sitting, sitting.declaration
        self.began_at, self.until = began_at, sitting.ended_at or clock.now()
        self.first: dict[str, datetime] = {}
        self.acts: dict[str, list[RecordedAct]] = {}

    def record(self) -> MinutesRecord:
        for at, kind, facts in self._entries():
            self._read(at, kind, facts)
        for speaker in self.sitting.speakers:
            if speaker.began_at:
                self._mention(speaker.item, speaker.began_at)
        seats = self.sitting.seats
        return MinutesRecord(
            sitting=self.sitting.number,
            kind=self.sitting.kind.value,
            place=self.sitting.place,
            began_at=self.began_at,
            ended_at=self.sitting.ended_at,
            attendance=tuple(
                RecordedSeat(
                    seat.organisation.name if seat.organisation else "",
                    seat.person_id,
                    seat.standing or Standing.ABSENT,
                )
                for seat in seats
            ),
            items=tuple(self._item(key) for key in sorted(self.first, key=lambda key: self.first[key])),
        )

    def _entries(self) -> list[tuple[datetime, str, dict[str, Any]]]:
        statement = (
            sa.select(LogEntry.at, LogEntry.kind, LogEntry.entry)
            .where(LogEntry.declaration_id == self.declaration.id, LogEntry.kind.in_(_KINDS))
            .where(LogEntry.at >= self.began_at, LogEntry.at <= self.until)
        )
        rows = self.db.execute(statement.order_by(LogEntry.sequence))
        return [(at, kind, json.loads(entry)["facts"]) for at, kind, entry in rows]

    def _read(self, at: datetime, kind: str, facts: Mapping[str, Any]) -> None:
        if kind == "sitting.agenda":
            if facts.get("act") == "take_up" and facts["sitting"] == str(self.sitting.id):
                self._mention(facts["item"], at)
        elif kind.startswith("question."):
            self._question(at, UUID(facts["question"]))
        elif kind == "decision.taken":
            self._decision(at, facts)
        elif kind == "floor.given" or facts.get("means") == "oral":
            key = _key(facts.get("amendment"), facts.get("block"))
            self._mention(key, at)
            if kind == "amendment.proposed":
                self._oral(at, key, self.amendments[UUID(facts["amendment"])])

    def _mention(self, key: str, at: datetime, act: RecordedAct | None = None) -> None:
        self.first.setdefault(key, at)
        if act is not None:
            self.acts.setdefault(key, []).append(act)

    def _oral(self, at: datetime, key: str, amendment: Amendment) -> None:
        words = [str(change.change.get("text") or "") for change in amendment.own.changes]
        made = RecordedAct(
            kind=ActKind.ORAL,
            at=at,
            number=amendment.number,
            person=amendment.proposer_id,
            organisation=amendment.organisation.name if amendment.organisation else "",
            words=plain(" ".join(filter(None, words))),
            language=amendment.language.value,
        )
        self._mention(key, at, made)

    def _decision(self, at: datetime, facts: Mapping[str, Any]) -> None:
        cause = self._number(facts.get("because_of"))
        undone = self.decisions
        made = RecordedAct(
            kind=ActKind.DECISION,
            at=at,
            number=facts["number"],
            amendment=self._number(facts.get("amendment")),
            verdict=facts["verdict"],
            outcome=facts["outcome"],
            words=facts["reason"],
            cause=cause,
            undoes=tuple(sorted(undone[each] for each in facts.get("undoes", ()) if each in undone)),
        )
        self._mention(_key(facts.get("amendment"), facts.get("block")), at, made)

    def _question(self, at: datetime, question_id: UUID) -> None:
        question = self.db.get_one(Question, question_id)
        key = _key(question.amendment_id, question.block_id)
        known = [
            act for act in self.acts.get(key, ()) if act.kind is not ActKind.QUESTION or act.number != question.number
        ]
        self.acts[key] = known  # put and ended at the same sitting, it is told once
        seen = visible_question(QuestionService(self.db), question, actor=OPERATOR)
        end = seen.end if seen.end and seen.end.at <= self.until else None
        tally = end.tally if end else None
        made = RecordedAct(
            kind=ActKind.QUESTION,
            at=at,
            number=question.number,
            amendment=seen.amendment or 0,
            words=question.part,
            language=question.language.value if question.language else "",
            means=question.means.value,
            ending=end.ending.value if end else "",
            counts=(tally.yes, tally.no, tally.abstain, end.needed or 0, tally.eligible) if end and tally else (),
            roll_call=tuple(
                (vote.organisation if question.one_voice else f"{vote.person}, {vote.organisation}", vote.choice.value)
                for vote in (end.roll_call if end else ())
                if vote.choice
            ),
        )
        self._mention(key, at, made)

    def _item(self, key: str) -> RecordedItem:
        kind, _, which = key.partition(":")
        own = next((item for item in self.sitting.items if item.key == key), None)
        return RecordedItem(
            key=key,
            at=self.first[key],
            title=own.title if own and own.title else self._beginning(which) if kind == "paragraph" else "",
            amendment=self._number(which) if kind == "amendment" else 0,
            paragraph=self.text.numbers.get(which, ""),
            note=own.note if own else "",
            acts=tuple(self.acts.get(key, ())),
            speakers=tuple(
                RecordedSpeaker(
                    said.person_id,
                    said.organisation.name if said.organisation else "",
                    round(((said.ended_at or self.until) - said.began_at).total_seconds()),
                    said.is_point_of_order,
                )
                for said in sorted(self.sitting.speakers, key=lambda said: said.began_at or self.until)
                if said.item == key and said.began_at
            ),
        )

    def _beginning(self, block_id: str) -> str:
        row = self.text.by_block.get(UUID(block_id))
        return first_words(row.original().text, 40) if row else ""

    def _number(self, amendment_id: str | None) -> int:
        return self.amendments[UUID(amendment_id)].number if amendment_id else 0

    @cached_property
    def text(self) -> queries.TextInForce:
        return queries.text_in_force(self.db, self.declaration)

    @cached_property
    def amendments(self) -> Mapping[UUID, Amendment]:
        found = self.db.scalars(sa.select(Amendment).where(Amendment.declaration_id == self.declaration.id))
        return {amendment.id: amendment for amendment in found}

    @cached_property
    def decisions(self) -> Mapping[str, int]:
        """The numbers of decisions by their ids, as the log names them."""
        kinds = sa.select(LogEntry.entry).where(LogEntry.declaration_id == self.declaration.id)
        every = [
            json.loads(entry)["facts"] for entry in self.db.scalars(kinds.where(LogEntry.kind == "decision.taken"))
        ]
        return {facts["decision"]: facts["number"] for facts in every}


def _key(amendment: object, block: object) -> str:
    return f"amendment:{amendment}" if amendment else f"paragraph:{block}" if block else ""


class MinutesVerb(StrEnum):
    """What can be done with minutes."""

    NOTE = "note"
    SIGN = "sign"
    CORRECT = "correct"
    ANSWER = "answer"


class MinutesAct(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One act on minutes, and what it takes.

    `note`: a `text` on the `item`. `sign`: the `days` for corrections. `correct`: a `text` for the `item`.
    `answer`: the `number` of a correction, and a `reason` where it is refused.
    """

    act: MinutesVerb
    item: Annotated[str, Meta(max_length=64)] = ""
    text: Annotated[str, Meta(max_length=LONGEST_TEXT)] = ""
    days: int = 7
    number: int = 0
    is_accepted: bool = False
    reason: Annotated[str, Meta(max_length=LONGEST_TEXT)] = ""


class MinutesService(SittingService):
    """The minutes of sittings."""

    def readable(self, declaration: Declaration, number: int, *, actor: Actor) -> Sitting:
        """The sitting of minutes; raises `NotFound` for who may not read them: before they are signed, visitors."""
        sitting = self.numbered(declaration, number)
        may_read = any(may_do(actor, action, declaration) for action in ("head.read", HOLD, CORRECT))
        is_open = sitting.minutes is not None and may_do(actor, "history.read", declaration)
        if not (may_read or is_open) or sitting.began_at is None:
            raise NotFound(what="minutes", id=str(number))
        return sitting

    def act(self, sitting: Sitting, given: MinutesAct, *, language: Language, actor: Actor) -> Sitting:
        """Do something with minutes, and put it on the log; what is written is in `language`.

        Raises `NotAllowed`, `Invalid` where it is not the time for it, `NotFound` for what is not there.
        """
        match given.act:
            case MinutesVerb.NOTE:
                sitting = self.behind_lock(sitting, (HOLD,), (Stage.OPEN, Stage.ENDED), actor)
                self._note(sitting, given, actor)
            case MinutesVerb.SIGN:
                sitting = self.behind_lock(sitting, (SIGN,), (Stage.ENDED,), actor)
                self._sign(sitting, given, actor)
            case MinutesVerb.CORRECT:
                sitting = self.behind_lock(sitting, (CORRECT,), (Stage.SIGNED,), actor)
                self._correct(sitting, given, language, actor)
            case MinutesVerb.ANSWER:
                sitting = self.behind_lock(sitting, (SIGN,), (Stage.SIGNED,), actor)
                self._answer(sitting, given, actor)
        self.db.flush()
        return sitting

    def _note(self, sitting: Sitting, given: MinutesAct, actor: Actor) -> None:
        if given.item not in {item.key for item in record_of(self.db, sitting).items}:
            raise NotFound(what="item", id=given.item)
        item = next((item for item in sitting.items if item.key == given.item), None)
        if item is None:
            item = SittingItem(key=given.item, number=len(sitting.items) + 1, title="")
            sitting.items.append(item)
        item.note = given.text.strip()
        self.record("sitting.agenda", sitting, actor, act="note", item=item.key, note=item.note)

    def _sign(self, sitting: Sitting, given: MinutesAct, actor: Actor) -> None:
        if not 1 <= given.days <= MOST_DAYS:
            raise Invalid(field="days", reason="not_minutes", most=MOST_DAYS)
        record, now = to_builtins(record_of(self.db, sitting)), clock.now()
        sitting.minutes = Minutes(
            record=record,
            sha256=hashlib.sha256(canonical_json(record)).hexdigest(),
            signed_by_id=actor.person_id,
            signed_at=now,
            correct_until=now + timedelta(days=given.days),
        )
        self.db.flush()
        until = sitting.minutes.correct_until.isoformat()
        self.record("minutes.signed", sitting, actor, sha256=sitting.minutes.sha256, until=until)
        publish(self.db, MinutesSigned(sitting.declaration_id, sitting.id, actor))

    def _correct(self, sitting: Sitting, given: MinutesAct, language: Language, actor: Actor) -> None:
        if sitting.minutes is None or sitting.minutes.correct_until <= clock.now():
            raise Invalid(field="text", reason="correction_closed")
        if given.item not in {ATTENDANCE, *(item.key for item in record_of(self.db, sitting).items)}:
            raise NotFound(what="item", id=given.item)
        correction = MinutesCorrection(
            number=len(sitting.corrections) + 1,
            item=given.item,
            text=short("text", given.text, LONGEST_TEXT),
            language=language.value,
            proposed_by_id=actor.person_id,
            proposed_at=clock.now(),
        )
        sitting.corrections.append(correction)
        self.record("minutes.correction", sitting, actor, correction=correction.number, item=given.item)

    def _answer(self, sitting: Sitting, given: MinutesAct, actor: Actor) -> None:
        correction = next((made for made in sitting.corrections if made.number == given.number), None)
        if correction is None:
            raise NotFound(what="correction", id=str(given.number))
        if correction.is_accepted is not None:
            raise Invalid(field="number", reason="correction_answered")
        correction.reason = given.reason.strip() if given.is_accepted else needed_reason(given.reason)
        correction.is_accepted, correction.answered_by_id = given.is_accepted, actor.person_id
        correction.answered_at = clock.now()
        said: dict[str, str | int] = {"correction": correction.number, "reason": correction.reason}
        self.record("minutes.answered", sitting, actor, is_accepted=given.is_accepted, **said)


def is_final(sitting: Sitting) -> bool:
    """Whether the time for corrections has ended, and every correction is answered."""
    is_past = sitting.minutes is not None and sitting.minutes.correct_until <= clock.now()
    return is_past and all(made.is_accepted is not None for made in sitting.corrections)


def persons_of(record: MinutesRecord, sitting: Sitting) -> Sequence[UUID]:
    """Everybody whom the minutes name by their id."""
    acting = [act.person for item in record.items for act in item.acts if act.person]
    speaking = [said.person for item in record.items for said in item.speakers]
    attending = [seat.person for seat in record.attendance if seat.person]
    proposing = [made.proposed_by_id for made in sitting.corrections if made.proposed_by_id]
    return [*acting, *speaking, *attending, *proposing]
