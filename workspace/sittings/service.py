"""Sittings: planned, opened and closed; their agenda, who attends and who is given the floor.

Attendance is what the secretariat notes or somebody says of themselves: nothing is noted by the program.
"""

import hashlib
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Annotated, ClassVar, TypeAlias
from uuid import UUID

import sqlalchemy as sa
from msgspec import Meta, Struct, field
from sqlalchemy.orm import joinedload, lazyload

from drafts.text.blocks import Language
from workspace.core import clock
from workspace.core.actor import Actor, Role
from workspace.core.errors import Invalid, NotFound, existing
from workspace.core.events import MinutesSigned, publish
from workspace.core.provided import Speech
from workspace.core.security.permissions import VOTERS
from workspace.core.storage import log
from workspace.core.storage.db import Db, new_id
from workspace.core.storage.row_digests import canonical_json
from workspace.core.validation import ensure_short, known_zone, needed_reason
from workspace.declarations.domain.calendar import read_moment
from workspace.declarations.domain.models import Declaration
from workspace.declarations.domain.policy import ensure_may, may_do
from workspace.declarations.domain.service import ServiceOnDeclarations
from workspace.people.models import Forum, Mandate, Organisation, Person
from workspace.procedure.electorate import eligible_seats
from workspace.procedure.models import Floor
from workspace.procedure.store import QuestionStore
from workspace.sittings.minutes import frozen
from workspace.sittings.models import (
    Minutes,
    MinutesCorrection,
    Sitting,
    SittingItem,
    SittingKind,
    SittingSeat,
    SittingStage,
    Speaker,
    SpeakerGroup,
    SpeakingOrder,
    Standing,
)

_OPEN, _UNSIGNED = (SittingStage.OPEN,), (SittingStage.PLANNED, SittingStage.OPEN, SittingStage.ENDED)
LONGEST = 300  # characters of a place, of the title of an item, or of the name of a group
LONGEST_TEXT = 2_000
MOST = 60  # minutes for a speaker, or days for corrections
HOLD, ATTEND, SIGN, CORRECT = "sitting.hold", "sitting.attend", "minutes.sign", "minutes.correct"


class Act(StrEnum):
    """What can be done at a sitting."""

    BEGIN = "begin"
    END = "end"
    ADD_ITEM = "add_item"
    TAKE_UP = "take_up"
    ATTENDANCE = "attendance"
    ARRIVE = "arrive"
    OPEN_LIST = "open_list"
    CLOSE_LIST = "close_list"
    REQUEST = "request"
    ENTER = "enter"
    WITHDRAW = "withdraw"
    NEXT = "next"
    FINISH = "finish"
    NOTE = "note"
    SIGN = "sign"
    CORRECT = "correct"
    ANSWER = "answer"


class SittingActIn(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One act at a sitting, and what it takes.

    `add_item`: the `title` of a free item; `take_up`: its `key`. `attendance`: the standing of seats, by number.
    `open_list`: `minutes` for each speaker, and the `order`. `enter`: a `mandate_id`. `withdraw`: a `speaker_id`;
    `next` and `finish` may name whoever is to begin or end, and do nothing where that was done. Of the minutes: `note`
    and `correct`: a `text` on the item with the `key`; `sign`: the `days` for corrections; `answer`: the `number` of a
    correction, and a `reason` where it is refused.
    """

    act: Act
    title: Annotated[str, Meta(max_length=2_000)] = ""
    key: Annotated[str, Meta(max_length=64)] = ""
    attendance: Annotated[dict[str, Standing], Meta(max_length=2_000)] = field(default_factory=dict)
    minutes: int = 3
    order: SpeakingOrder = SpeakingOrder.REQUEST
    is_point_of_order: bool = False
    mandate_id: UUID | None = None
    speaker_id: UUID | None = None
    text: Annotated[str, Meta(max_length=LONGEST_TEXT)] = ""
    language: Language = Language.EN  # of the text
    days: int = 7
    number: int = 0
    is_accepted: bool = False
    reason: Annotated[str, Meta(max_length=LONGEST_TEXT)] = ""


Facts: TypeAlias = dict[str, str | int]


class _Rule(Struct, frozen=True):
    """Which rights allow it, at which stages, under which kind it is recorded, and the method that does it."""

    rights: tuple[str, ...]  # of which any is enough
    stages: tuple[SittingStage, ...]
    kind: str
    do: "Callable[[SittingService, Sitting, SittingActIn, Actor], Facts | None]"  # None: there was nothing to do


def may_follow(actor: Actor, declaration: Declaration) -> bool:
    """Whether they may follow a sitting: who may read the text in force, and who holds it."""
    return any(may_do(actor, action, declaration) for action in ("head.read", HOLD))


def may_read(actor: Actor, declaration: Declaration) -> bool:
    """Whether they may know that there are sittings; what of them, is another matter."""
    return may_follow(actor, declaration) or any(may_do(actor, each, declaration) for each in ("history.read", CORRECT))


def short(name: str, text: str, most: int = LONGEST, *, is_needed: bool = True) -> str:
    """The text as it is kept; raises `Invalid` for one that is too long, or empty where it `is_needed`."""
    if is_needed and not text.strip():
        raise Invalid(field=name, reason="empty")
    ensure_short(text, most, name)
    return text.strip()


class SittingService(ServiceOnDeclarations):
    """The sittings of declarations."""

    # Finding

    def of_declaration(self, declaration: Declaration) -> list[Sitting]:
        """The sittings, newest first."""
        statement = sa.select(Sitting).where(Sitting.declaration_id == declaration.id)
        return list(self.db.scalars(statement.order_by(Sitting.number.desc())))

    def numbered(self, declaration: Declaration, number: int) -> Sitting:
        """One sitting as it is now; raises `NotFound`."""
        statement = sa.select(Sitting).where(Sitting.declaration_id == declaration.id, Sitting.number == number)
        return existing(self.db.scalar(statement.execution_options(populate_existing=True)), "sitting", number)

    def open_sitting(self, declaration: Declaration) -> Sitting | None:
        """The sitting that is open."""
        is_open = (Sitting.began_at.is_not(None), Sitting.ended_at.is_(None))
        return self.db.scalar(sa.select(Sitting).where(Sitting.declaration_id == declaration.id, *is_open))

    def current(self, sitting: Sitting) -> str:
        """The key of what is taken up: what the plenary considers, or a free item that was taken up since."""
        taken = {item.taken_up_at: item.key for item in sitting.items if item.taken_up_at}
        last = max(taken, default=None)
        floor = self.db.get(Floor, sitting.declaration_id)
        if floor and (floor.amendment_id or floor.block_id) and (last is None or floor.given_at > last):
            return f"amendment:{floor.amendment_id}" if floor.amendment_id else f"paragraph:{floor.block_id}"
        return taken[last] if last else ""

    # Planning

    def arrange(
        self,
        declaration: Declaration,
        place: str,
        at: str,
        *,
        actor: Actor,
        kind: SittingKind = SittingKind.PLENARY,
        number: int = 0,
    ) -> Sitting:
        """Plan a sitting, or change the one with this `number` before it begins; `at` as the forum's clocks show it."""
        declaration = self.declarations.lock(declaration.id)
        ensure_may(actor, HOLD, declaration)
        moment = read_moment("at", at, known_zone(declaration.forum.timezone))
        if moment is None:
            raise Invalid(field="at", reason="empty")
        every = self.of_declaration(declaration)
        if number and self.numbered(declaration, number).began_at:
            raise Invalid(field="sitting", reason="sitting_state")
        if number:
            sitting = self.numbered(declaration, number)
        else:
            sitting = Sitting(id=new_id(), declaration=declaration, number=len(every) + 1, speakers=[], items=[])
        sitting.place, sitting.planned_at, sitting.kind = short("place", place), moment.at, kind
        self.db.add(sitting)
        self._seat(sitting, moment.at)
        self.record("sitting.arranged", sitting, actor)
        return sitting

    # Acts

    def perform(self, sitting: Sitting, act: SittingActIn, *, actor: Actor) -> Sitting:
        """Do something at a sitting, and put it on the log; the sitting as it is then.

        Raises `NotAllowed`, `Invalid` where it is not the time for it, `NotFound` for what it names and is not there.
        """
        rule = self._RULES[act.act]
        sitting = self.behind_lock(sitting, rule.rights, rule.stages, actor)
        facts = rule.do(self, sitting, act, actor)
        self.db.flush()
        if facts is not None:
            self.record(rule.kind, sitting, actor, act=act.act.value, **facts)
        return sitting

    def _begin(self, sitting: Sitting, _act: SittingActIn, _actor: Actor) -> Facts:
        other = self.open_sitting(sitting.declaration)
        if other:
            raise Invalid(field="sitting", reason="sitting_open", number=other.number)
        sitting.began_at = clock.now()
        self._seat(sitting, sitting.began_at)
        return {}

    def _end(self, sitting: Sitting, act: SittingActIn, actor: Actor) -> Facts:
        sitting.ended_at = clock.now()
        sitting.list_is_open = False if sitting.list_is_open else sitting.list_is_open
        return self._finish(sitting, act, actor) or {}

    def _add_item(self, sitting: Sitting, act: SittingActIn, _actor: Actor) -> Facts:
        number = len(sitting.items) + 1
        item = SittingItem(key=f"item:{number}", number=number, title=short("title", act.title), note="")
        sitting.items.append(item)
        return {"item": item.key, "title": item.title}

    def _take_up(self, sitting: Sitting, act: SittingActIn, _actor: Actor) -> Facts:
        item = next((item for item in sitting.items if item.key == act.key and item.title), None)
        if item is None:
            raise NotFound(what="item", id=act.key)
        item.taken_up_at = clock.now()
        return {"item": item.key}

    def _attendance(self, sitting: Sitting, act: SittingActIn, actor: Actor) -> Facts:
        seats = {str(seat.number): seat for seat in sitting.seats}
        noted = dict[str, str | int]()
        for number, standing in act.attendance.items():
            if number not in seats:
                raise NotFound(what="seat", id=number[:20])
            if seats[number].standing is not standing:
                self._mark(seats[number], standing, actor)
                noted[f"seat_{number}"] = standing.value
        return noted

    def _arrive(self, sitting: Sitting, _act: SittingActIn, actor: Actor) -> Facts:
        own = own_seats(sitting, actor)
        if not own:
            raise NotFound(what="seat", id=str(sitting.number))
        for seat in own:
            self._mark(seat, Standing.PRESENT, actor)
        return {f"seat_{seat.number}": Standing.PRESENT.value for seat in own}

    def _mark(self, seat: SittingSeat, standing: Standing, actor: Actor) -> None:
        seat.standing, seat.noted_by_id, seat.noted_at = standing, actor.person_id, clock.now()

    def _seat(self, sitting: Sitting, at: datetime) -> None:
        """Give a seat to everybody who is entitled at that moment and has none yet."""
        known = {(seat.organisation_id, seat.person_id) for seat in sitting.seats}
        for organisation_id, person_id in self._entitled(sitting, at):
            if (organisation_id, person_id) not in known:
                number = len(sitting.seats) + 1
                sitting.seats.append(SittingSeat(number=number, organisation_id=organisation_id, person_id=person_id))
        self.db.flush()

    def _entitled(self, sitting: Sitting, at: datetime) -> Iterator[tuple[UUID | None, UUID | None]]:
        forum = sitting.declaration.forum
        if sitting.kind is SittingKind.COMMITTEE:
            members = [held for held in mandates_at(self.db, forum, at) if held.role in {Role.COMMITTEE, Role.CHAIR}]
            yield from dict.fromkeys((held.organisation_id, held.person_id) for held in members)
            return
        one_voice = QuestionStore(self.db).rules(sitting.declaration).one_voice
        for seat in eligible_seats(self.db, forum, forum.local(at).date(), one_voice=one_voice):
            yield seat.organisation_id, seat.person_id

    # Speakers

    def _open_list(self, sitting: Sitting, act: SittingActIn, _actor: Actor) -> Facts:
        if not 1 <= act.minutes <= MOST:
            raise Invalid(field="minutes", reason="not_in_range", most=MOST)
        sitting.list_item, sitting.list_minutes = self.current(sitting), act.minutes
        sitting.list_order, sitting.list_is_open = act.order, True
        return {"item": sitting.list_item, "minutes": act.minutes, "order": act.order.value}

    def _close_list(self, sitting: Sitting, _act: SittingActIn, _actor: Actor) -> Facts:
        sitting.list_is_open = False
        return {"item": sitting.list_item}

    def _request(self, sitting: Sitting, act: SittingActIn, actor: Actor) -> Facts:
        held = [
            mandate
            for mandate in actor.mandates_in(sitting.declaration.forum_id, clock.now())
            if mandate.role in VOTERS
        ]
        organisation_id = next((mandate.organisation_id for mandate in held if mandate.organisation_id), None)
        if not sitting.list_is_open and not act.is_point_of_order:
            raise Invalid(field="sitting", reason="list_closed")
        return self._enter(sitting, actor.person_id, organisation_id, is_point_of_order=act.is_point_of_order)

    def _enter_mandate(self, sitting: Sitting, act: SittingActIn, actor: Actor) -> Facts:
        mandate = self.db.get(Mandate, act.mandate_id) if act.mandate_id else None
        if mandate is None or mandate.forum_id != sitting.declaration.forum_id:
            raise NotFound(what="mandate", id=str(act.mandate_id))
        who = mandate.person_id, mandate.organisation_id
        return self._enter(sitting, *who, is_point_of_order=act.is_point_of_order, entered_by_id=actor.person_id)

    def _enter(
        self,
        sitting: Sitting,
        person_id: UUID | None,
        organisation_id: UUID | None,
        *,
        is_point_of_order: bool,
        entered_by_id: UUID | None = None,
    ) -> Facts:
        own = [speaker for speaker in waiting(sitting) if speaker.person_id == person_id]
        if person_id is None or any(speaker.is_point_of_order is is_point_of_order for speaker in own):
            raise Invalid(field="sitting", reason="on_the_list")
        speaker = Speaker(
            id=new_id(),
            number=len(sitting.speakers) + 1,
            item=sitting.list_item,
            person_id=person_id,
            organisation_id=organisation_id,
            is_point_of_order=is_point_of_order,
            requested_at=clock.now(),
            entered_by_id=entered_by_id,
        )
        sitting.speakers.append(speaker)
        return {"speaker": str(speaker.id), "person": str(person_id)}

    def _withdraw(self, sitting: Sitting, act: SittingActIn, actor: Actor) -> Facts:
        may_any = may_do(actor, HOLD, sitting.declaration)
        for speaker in waiting(sitting):
            if speaker.id == act.speaker_id and (may_any or speaker.person_id == actor.person_id):
                speaker.withdrawn_at = clock.now()
                return {"speaker": str(speaker.id)}
        raise NotFound(what="speaker", id=str(act.speaker_id))

    def _next(self, sitting: Sitting, act: SittingActIn, _actor: Actor) -> Facts | None:
        if any(speaker.id == act.speaker_id and speaker.began_at for speaker in sitting.speakers):
            return None
        order, now = self.in_order(sitting), clock.now()
        if not order:
            raise Invalid(field="sitting", reason="nobody_waits")
        if sitting.speaking:
            sitting.speaking.ended_at = now
        speaker = order[0]
        speaker.began_at, speaker.until = now, now + timedelta(minutes=sitting.list_minutes)
        return {"speaker": str(speaker.id), "person": str(speaker.person_id)}

    def _finish(self, sitting: Sitting, act: SittingActIn, _actor: Actor) -> Facts | None:
        speaker = sitting.speaking
        if speaker is None or act.speaker_id not in {None, speaker.id}:
            return None
        speaker.ended_at = clock.now()
        return {"speaker": str(speaker.id)}

    def in_order(self, sitting: Sitting) -> list[Speaker]:
        """Those who wait, as they will be given the floor: points of order first."""
        found = waiting(sitting)
        points = [speaker for speaker in found if speaker.is_point_of_order]
        others = [speaker for speaker in found if not speaker.is_point_of_order]
        heard = [said for said in sitting.speakers if said.began_at and not said.is_point_of_order]
        if sitting.list_order is SpeakingOrder.FIRST_TIME:
            persons = {said.person_id for said in heard}
            others.sort(key=lambda speaker: speaker.person_id in persons)
        elif sitting.list_order is SpeakingOrder.GROUPS:
            groups = self.groups(sitting.declaration.forum)
            of_list = [said for said in heard if said.item == sitting.list_item]
            others = list(
                in_turns(
                    others, of_list, lambda said: groups.get(said.person_id) or groups.get(said.organisation_id, "")
                )
            )
        return [*points, *others]

    def groups(self, forum: Forum) -> Mapping[UUID | None, str]:
        """The group of each organisation or person that has one, by id."""
        rows = self.db.scalars(sa.select(SpeakerGroup).where(SpeakerGroup.forum_id == forum.id))
        return {row.person_id or row.organisation_id: row.name for row in rows}

    def set_groups(self, declaration: Declaration, groups: Mapping[UUID, str], *, actor: Actor) -> None:
        """Say with which group each organisation or person speaks; the others have none. Raises `NotFound`."""
        declaration = self.declarations.lock(declaration.id)
        ensure_may(actor, HOLD, declaration)
        forum = declaration.forum
        held = mandates_at(self.db, forum, clock.now())
        persons, organisations = {mandate.person_id for mandate in held}, {mandate.organisation_id for mandate in held}
        for row in self.db.scalars(sa.select(SpeakerGroup).where(SpeakerGroup.forum_id == forum.id)):
            self.db.delete(row)
        for who, name in groups.items():
            if who not in persons | organisations:
                raise NotFound(what="person", id=str(who))
            if name.strip():
                column = "person_id" if who in persons else "organisation_id"
                self.db.add(SpeakerGroup(id=new_id(), forum_id=forum.id, name=short("group", name), **{column: who}))
        names = sorted(set(groups.values()))
        log.record(
            self.db, "speakers.grouped", actor=actor, forum_id=forum.id, declaration_id=declaration.id, groups=names
        )

    # Minutes

    def readable(self, declaration: Declaration, number: int, *, actor: Actor) -> Sitting:
        """The sitting of minutes; raises `NotFound` for who may not read them: before they are signed, visitors."""
        sitting = self.numbered(declaration, number)
        takes_part = any(may_do(actor, action, declaration) for action in ("head.read", HOLD, CORRECT))
        is_signed = sitting.minutes is not None and may_do(actor, "history.read", declaration)
        if sitting.began_at is None or not (takes_part or is_signed):
            raise NotFound(what="minutes", id=str(number))
        return sitting

    def _note(self, sitting: Sitting, act: SittingActIn, _actor: Actor) -> Facts:
        self._ensure_item(sitting, act.key)
        item = next((item for item in sitting.items if item.key == act.key), None)
        if item is None:
            item = SittingItem(key=act.key, number=len(sitting.items) + 1, title="")
            sitting.items.append(item)
        item.note = act.text.strip()
        return {"item": item.key, "note": item.note}

    def _ensure_item(self, sitting: Sitting, key: str) -> None:
        record = sitting.minutes.record if sitting.minutes else frozen(self.db, sitting)
        if key not in {
            id_ for id_, kind, _ in record["blocks"]["en"] if kind == "heading" and not id_.startswith("line")
        }:
            raise NotFound(what="item", id=key)

    def _sign(self, sitting: Sitting, act: SittingActIn, actor: Actor) -> Facts:
        if not 1 <= act.days <= MOST:
            raise Invalid(field="days", reason="not_in_range", most=MOST)
        record, now = frozen(self.db, sitting), clock.now()
        sitting.minutes = Minutes(
            record=record,
            sha256=hashlib.sha256(canonical_json(record)).hexdigest(),
            signed_by_id=actor.person_id,
            signed_at=now,
            correct_until=now + timedelta(days=act.days),
        )
        self.db.flush()
        publish(self.db, MinutesSigned(sitting.declaration_id, sitting.id, actor))
        return {"sha256": sitting.minutes.sha256, "until": sitting.minutes.correct_until.isoformat()}

    def _correct(self, sitting: Sitting, act: SittingActIn, actor: Actor) -> Facts:
        if sitting.minutes is None or sitting.minutes.correct_until <= clock.now():
            raise Invalid(field="text", reason="correction_closed")
        self._ensure_item(sitting, act.key)
        made = MinutesCorrection(
            number=len(sitting.corrections) + 1,
            item=act.key,
            text=short("text", act.text, LONGEST_TEXT),
            language=act.language.value,
            proposed_by_id=actor.person_id,
            proposed_at=clock.now(),
        )
        sitting.corrections.append(made)
        return {"correction": made.number, "item": made.item}

    def _answer(self, sitting: Sitting, act: SittingActIn, actor: Actor) -> Facts:
        made = next((made for made in sitting.corrections if made.number == act.number), None)
        if made is None:
            raise NotFound(what="correction", id=str(act.number))
        if made.is_accepted is not None:
            raise Invalid(field="number", reason="correction_answered")
        made.reason = act.reason.strip() if act.is_accepted else needed_reason(act.reason)
        made.is_accepted, made.answered_by_id, made.answered_at = act.is_accepted, actor.person_id, clock.now()
        return {"correction": made.number, "is_accepted": made.is_accepted, "reason": made.reason}

    # Parts

    def behind_lock(
        self, sitting: Sitting, rights: Sequence[str], stages: Sequence[SittingStage], actor: Actor
    ) -> Sitting:
        """The sitting once nobody else can change it; raises `NotAllowed`, or `Invalid` at another stage."""
        declaration = self.declarations.lock(sitting.declaration_id)
        if not any(may_do(actor, right, declaration) for right in rights):
            ensure_may(actor, rights[-1], declaration)
        found = self.numbered(declaration, sitting.number)
        if found.stage not in stages:
            raise Invalid(field="sitting", reason="sitting_state")
        return found

    def record(self, kind: str, sitting: Sitting, actor: Actor, **facts: str | int) -> None:
        """Put something on the log."""
        log.record(
            self.db,
            kind,
            actor=actor,
            forum_id=sitting.declaration.forum_id,
            declaration_id=sitting.declaration_id,
            sitting=str(sitting.id),
            number=sitting.number,
            **facts,
        )

    _RULES: ClassVar[Mapping[Act, _Rule]] = {
        Act.BEGIN: _Rule((HOLD,), (SittingStage.PLANNED,), "sitting.began", _begin),
        Act.END: _Rule((HOLD,), _OPEN, "sitting.ended", _end),
        Act.ADD_ITEM: _Rule((HOLD,), _UNSIGNED, "sitting.agenda", _add_item),
        Act.TAKE_UP: _Rule((HOLD,), _OPEN, "sitting.agenda", _take_up),
        Act.ATTENDANCE: _Rule((HOLD,), _UNSIGNED, "attendance.noted", _attendance),
        Act.ARRIVE: _Rule((ATTEND,), (SittingStage.PLANNED, SittingStage.OPEN), "attendance.noted", _arrive),
        Act.OPEN_LIST: _Rule((HOLD,), _OPEN, "speakers.opened", _open_list),
        Act.CLOSE_LIST: _Rule((HOLD,), _OPEN, "speakers.closed", _close_list),
        Act.REQUEST: _Rule((ATTEND,), _OPEN, "speaker.requested", _request),
        Act.ENTER: _Rule((HOLD,), _OPEN, "speaker.requested", _enter_mandate),
        Act.WITHDRAW: _Rule((HOLD, ATTEND), _OPEN, "speaker.withdrawn", _withdraw),
        Act.NEXT: _Rule((HOLD,), _OPEN, "speaker.began", _next),
        Act.FINISH: _Rule((HOLD,), _OPEN, "speaker.ended", _finish),
        Act.NOTE: _Rule((HOLD,), (SittingStage.OPEN, SittingStage.ENDED), "sitting.agenda", _note),
        Act.SIGN: _Rule((SIGN,), (SittingStage.ENDED,), "minutes.signed", _sign),
        Act.CORRECT: _Rule((CORRECT,), (SittingStage.SIGNED,), "minutes.correction", _correct),
        Act.ANSWER: _Rule((SIGN,), (SittingStage.SIGNED,), "minutes.answered", _answer),
    }


def waiting(sitting: Sitting) -> list[Speaker]:
    """Those who wait on the list that was opened last, in the order of their requests."""
    return [speaker for speaker in sitting.speakers if speaker.is_waiting and speaker.item == sitting.list_item]


def in_turns(
    requests: Sequence[Speaker], heard: Sequence[Speaker], group: Callable[[Speaker], str]
) -> Iterator[Speaker]:
    """Of the groups that wait, the one that was heard least comes next; between equals, the earliest request."""
    rest, counts = list(requests), Counter(map(group, heard))
    while rest:
        chosen = min(rest, key=lambda speaker: (counts[group(speaker)], speaker.number))
        rest.remove(chosen)
        counts[group(chosen)] += 1
        yield chosen


def mandates_at(db: Db, forum: Forum, at: datetime) -> list[Mandate]:
    """The mandates that count at a moment, other than those of guests, by the names of organisation and person."""
    statement = (
        sa.select(Mandate)
        .outerjoin(Mandate.organisation)
        .join(Mandate.person)
        .where(Mandate.forum_id == forum.id, Mandate.role != Role.GUEST, Person.erased_at.is_(None))
        .options(joinedload(Mandate.organisation), joinedload(Mandate.person), lazyload(Mandate.forum))
        .order_by(Organisation.name, Person.name, Mandate.id)
    )
    return [held for held in db.scalars(statement) if held.as_held().covers(at)]


def own_seats(sitting: Sitting, actor: Actor) -> list[SittingSeat]:
    """The seats of somebody: their own, or that of an organisation for which they have a voice."""
    held = actor.mandates_in(sitting.declaration.forum_id, clock.now())
    voices = {mandate.organisation_id for mandate in held if mandate.role in VOTERS}
    return [
        seat
        for seat in sitting.seats
        if (seat.person_id == actor.person_id if seat.person_id else seat.organisation_id in voices)
    ]


def present_organisations(db: Db, declaration: Declaration) -> frozenset[UUID] | None:
    """The organisations present or represented at the open sitting; None where none is open."""
    sitting = SittingService(db).open_sitting(declaration)
    if sitting is None:
        return None
    here = [seat for seat in sitting.seats if seat.standing in {Standing.PRESENT, Standing.REPRESENTED}]
    return frozenset(seat.organisation_id for seat in here if seat.organisation_id)


def speaking_now(db: Db, declaration: Declaration) -> Speech | None:
    """Who has the floor of the open sitting; None where nobody has."""
    sitting = SittingService(db).open_sitting(declaration)
    speaker = sitting.speaking if sitting else None
    if speaker is None or speaker.began_at is None or speaker.until is None:
        return None
    organisation = speaker.organisation.name if speaker.organisation else ""
    return Speech(speaker.person.name, organisation, speaker.began_at, speaker.until, speaker.is_point_of_order)
