"""Sittings as JSON: their course, agenda, attendance and speakers."""

from collections.abc import Sequence
from datetime import datetime
from typing import Annotated
from uuid import UUID

from litestar import Controller, Response
from msgspec import Meta, Struct

from drafts.text.blocks import Language
from workspace.core.actor import Actor
from workspace.core.errors import NotFound
from workspace.core.shapes import Shape, filled
from workspace.core.storage.db import Db
from workspace.declarations.api import declared, opened
from workspace.declarations.domain.models import Declaration
from workspace.interchange.papers.routes import paper_answer
from workspace.sittings.minutes import frozen, is_final, minutes_file, spoken
from workspace.sittings.models import Sitting, SittingKind, Speaker, SpeakingOrder, Stage, Standing
from workspace.sittings.service import ATTEND, CORRECT, HOLD, SIGN, SittingAct, SittingService, may_follow, may_read
from workspace.web.api import DONE, ListOf, Loads, Number, answer, reads, writes
from workspace.web.http.request_context import FromPath, JSONBody
from workspace.web.i18n.messages import messages

FOLLOW, ACTING = ("head.read", HOLD), (HOLD, ATTEND, SIGN, CORRECT)
READ = (*FOLLOW, "history.read", CORRECT)
Followed = Annotated[Declaration, declared(may_follow)]


def _sitting(db: Db, declaration_id: FromPath[UUID], sitting: Number, *, actor: Actor) -> Sitting:
    return SittingService(db).numbered(opened(db, declaration_id, actor=actor, may=may_read), sitting)


def _followed(db: Db, declaration_id: FromPath[UUID], sitting: Number, *, actor: Actor) -> Sitting:
    return SittingService(db).numbered(opened(db, declaration_id, actor=actor, may=may_follow), sitting)


def _read(db: Db, declaration_id: FromPath[UUID], sitting: Number, *, actor: Actor) -> Sitting:
    return SittingService(db).readable(opened(db, declaration_id, actor=actor, may=may_read), sitting, actor=actor)


Readable = Annotated[Sitting, Loads(_read)]
Acted = Annotated[Sitting, Loads(_sitting)]
Words = Annotated[str, Meta(max_length=2_000)]


class SittingLine(Shape, frozen=True, kw_only=True):
    """A sitting."""

    number: int
    kind: SittingKind
    stage: Stage
    place: str
    planned_at: datetime
    began_at: datetime | None
    ended_at: datetime | None


class AgendaItemOut(Shape, frozen=True, kw_only=True):
    """A free item, or a note on what is about the text."""

    key: str
    title: str
    taken_up_at: datetime | None
    note: str


class AttendanceOut(Struct, frozen=True, kw_only=True):
    """A seat and how it attends; null: nobody has noted it."""

    seat: int
    organisation: str
    person: str
    standing: Standing | None
    noted_at: datetime | None


class SpeakerOut(Struct, frozen=True, kw_only=True):
    """Somebody who waits for the floor, or has it `until` a moment."""

    id: UUID
    person: str
    organisation: str
    is_point_of_order: bool
    is_own: bool
    until: datetime | None


class SittingOut(SittingLine, frozen=True, kw_only=True):
    """A sitting as it stands now, with the list of speakers that was opened last; null: there was none yet.

    `current` is the key of what is taken up. Those who wait come as they will be given the floor; `seconds` are
    those of each intervention, by organisation.
    """

    current: str
    items: Sequence[AgendaItemOut]
    attendance: Sequence[AttendanceOut]
    list_is_open: bool | None
    list_item: str
    list_minutes: int
    list_order: SpeakingOrder
    speaking: SpeakerOut | None
    waiting: Sequence[SpeakerOut]
    seconds: dict[str, list[int]]


def sitting_out(service: SittingService, sitting: Sitting, *, actor: Actor) -> SittingOut:
    """A sitting as it stands, for one reader."""
    return filled(
        SittingOut,
        sitting,
        current=service.current(sitting),
        attendance=[
            AttendanceOut(
                seat=seat.number,
                organisation=seat.organisation.name if seat.organisation else "",
                person=seat.person.name if seat.person else "",
                standing=seat.standing,
                noted_at=seat.noted_at,
            )
            for seat in sitting.seats
        ],
        speaking=_speaker(sitting.speaking, actor) if sitting.speaking else None,
        waiting=[_speaker(speaker, actor) for speaker in service.in_order(sitting)],
        seconds=spoken(sitting.speakers),
    )


def _speaker(speaker: Speaker, actor: Actor) -> SpeakerOut:
    return filled(
        SpeakerOut,
        speaker,
        person=speaker.person.name,
        organisation=speaker.organisation.name if speaker.organisation else "",
        is_own=speaker.person_id == actor.person_id,
    )


class CorrectionOut(Shape, frozen=True, kw_only=True):
    """A correction; `is_accepted` is null until the chair has answered."""

    number: int
    item: str
    text: str
    language: str
    is_accepted: bool | None
    reason: str


class MinutesOut(Struct, frozen=True, kw_only=True):
    """Minutes: the numbers of decisions and questions, the lines of each language; null: not signed."""

    decisions: list[int]
    questions: list[int]
    blocks: dict[str, list[list[str]]]
    sha256: str | None
    correct_until: datetime | None
    is_final: bool
    corrections: list[CorrectionOut]


class ArrangementIn(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A sitting to be held; `at` as the forum's clocks show it. `number` is that of a planned one to change."""

    place: Words
    at: Annotated[str, Meta(max_length=64)]
    kind: SittingKind = SittingKind.PLENARY
    number: Annotated[int, Meta(ge=0, le=2_000_000_000)] = 0


class SpeakerGroupsIn(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """With which group each organisation or person speaks in turns, by id; who is not named, with none."""

    groups: Annotated[dict[UUID, Words], Meta(max_length=2_000)]


class SittingApi(Controller):
    """The sittings on a declaration."""

    path = "/api/declarations/{declaration_id:uuid}/sittings"
    tags = ("Sittings",)

    @reads("/", policy=FOLLOW)
    def list_sittings(self, db: Db, declaration: Followed) -> ListOf[SittingLine]:
        """List the sittings, newest first."""
        return ListOf(items=[SittingLine.of(sitting) for sitting in SittingService(db).of_declaration(declaration)])

    @writes("/", policy=HOLD)
    def arrange_sitting(
        self, db: Db, actor: Actor, declaration: Followed, data: JSONBody[ArrangementIn]
    ) -> Response[SittingOut]:
        """Plan a sitting, or change a planned one."""
        service = SittingService(db)
        sitting = service.arrange(declaration, data.place, data.at, kind=data.kind, number=data.number, actor=actor)
        where = f"/api/declarations/{declaration.id}/sittings/{sitting.number}"
        return answer(sitting_out(service, sitting, actor=actor), location=where)

    @reads("/{sitting:int}", policy=FOLLOW)
    def read_sitting(self, db: Db, actor: Actor, sitting: Annotated[Sitting, Loads(_followed)]) -> SittingOut:
        """Read a sitting as it stands now: agenda, attendance, speakers."""
        return sitting_out(SittingService(db), sitting, actor=actor)

    @writes("/{sitting:int}/acts", status=DONE, policy=ACTING)
    def act_at_sitting(self, db: Db, actor: Actor, sitting: Acted, data: JSONBody[SittingAct]) -> SittingOut:
        """Do something at a sitting: open or close it, note who attends, ask for the floor, give it."""
        service = SittingService(db)
        return sitting_out(service, service.perform(sitting, data, actor=actor), actor=actor)

    @reads("/groups", policy=HOLD)
    def read_speaker_groups(self, db: Db, declaration: Followed) -> SpeakerGroupsIn:
        """Read with which group each organisation or person of the forum speaks in turns."""
        found = SittingService(db).groups(declaration.forum)
        return SpeakerGroupsIn(groups={who: name for who, name in found.items() if who})

    @writes("/groups", status=DONE, policy=HOLD)
    def set_speaker_groups(
        self, db: Db, actor: Actor, declaration: Followed, data: JSONBody[SpeakerGroupsIn]
    ) -> SpeakerGroupsIn:
        """Say with which group each organisation or person of the forum speaks in turns."""
        SittingService(db).set_groups(declaration, data.groups, actor=actor)
        return data

    @reads("/{sitting:int}/minutes", policy=READ)
    def read_minutes(self, db: Db, sitting: Readable) -> MinutesOut:
        """Read the minutes of a sitting: as signed, or what the log says of its time. Persons stand by their ids."""
        signed = sitting.minutes
        return MinutesOut(
            **(signed.record if signed else frozen(db, sitting)),
            sha256=signed.sha256 if signed else None,
            correct_until=signed.correct_until if signed else None,
            is_final=is_final(sitting),
            corrections=[CorrectionOut.of(made) for made in sitting.corrections],
        )

    @reads("/{sitting:int}/minutes/{language:str}/{form:str}", media_type="application/octet-stream", policy=READ)
    def get_minutes(self, db: Db, sitting: Readable, language: FromPath[str], form: FromPath[str]) -> Response[bytes]:
        """Make the minutes as a file, in `es`, `en` or `fr`, as `docx` or `pdf`."""
        if language not in set(Language):
            raise NotFound(what="language", id=language[:20])
        return paper_answer(minutes_file(db, sitting, messages(Language(language)), form))
