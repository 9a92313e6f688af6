"""The pages of sittings and the same as JSON: course, agenda, attendance, speakers, minutes, and groups of speakers."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Annotated
from uuid import UUID

from litestar import Controller, Response
from markupsafe import Markup
from msgspec import Meta, Struct, ValidationError, convert

from drafts.render.document_html import block_html
from drafts.text.blocks import BlockKind, Language
from workspace.core import clock
from workspace.core.actor import Actor
from workspace.core.errors import Invalid, NotFound
from workspace.core.shapes import Shape, filled
from workspace.core.storage.db import Db
from workspace.core.validation import known_word, whole_number
from workspace.declarations.api import declared, opened
from workspace.declarations.domain.models import Declaration
from workspace.declarations.domain.policy import ensure_may, may_do
from workspace.declarations.frame import Frame, framed, heading
from workspace.sittings.minutes import (
    KINDS,
    STANDINGS,
    clock_time,
    frozen,
    is_final,
    item_name,
    minutes_file,
    minutes_of,
    spoken,
)
from workspace.sittings.models import (
    MinutesCorrection,
    Sitting,
    SittingKind,
    SittingStage,
    Speaker,
    SpeakingOrder,
    Standing,
)
from workspace.sittings.service import (
    ATTEND,
    CORRECT,
    HOLD,
    SIGN,
    Act,
    SittingActIn,
    SittingService,
    mandates_at,
    may_follow,
    may_read,
    own_seats,
)
from workspace.web.api import DONE, ListOf, Number, answer, reads, writes
from workspace.web.http.files import attachment
from workspace.web.http.request_context import Body, FormBody, FromPath, Loads, PathId, Work
from workspace.web.i18n.marking import N_
from workspace.web.i18n.messages import messages
from workspace.web.pages import Done, Page, PageOrRedirect, field_errors, gives, said_at, shows, takes
from workspace.web.text_html import rendered

FOLLOW, ACTING = ("head.read", HOLD), (HOLD, ATTEND, SIGN, CORRECT)
READ = (*FOLLOW, "history.read", CORRECT)


def _may_hold(actor: Actor, declaration: Declaration) -> bool:
    return may_do(actor, HOLD, declaration)


Followed = Annotated[Declaration, declared(may_follow)]
FollowedFrame = Annotated[Frame, framed(may_follow)]
ReadFrame = Annotated[Frame, framed(may_read)]
HeldFrame = Annotated[Frame, framed(_may_hold)]


def _sitting(db: Db, declaration_id: PathId, sitting: Number, *, actor: Actor) -> Sitting:
    return SittingService(db).numbered(opened(db, declaration_id, actor=actor, may=may_read), sitting)


def _followed(db: Db, declaration_id: PathId, sitting: Number, *, actor: Actor) -> Sitting:
    return SittingService(db).numbered(opened(db, declaration_id, actor=actor, may=may_follow), sitting)


def _read(db: Db, declaration_id: PathId, sitting: Number, *, actor: Actor) -> Sitting:
    return SittingService(db).readable(opened(db, declaration_id, actor=actor, may=may_read), sitting, actor=actor)


Readable = Annotated[Sitting, Loads(_read)]
Acted = Annotated[Sitting, Loads(_sitting)]
Words = Annotated[str, Meta(max_length=2_000)]


class SittingLine(Shape, frozen=True, kw_only=True):
    """A sitting."""

    number: int
    kind: SittingKind
    stage: SittingStage
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


class MinutesCorrectionOut(Shape, frozen=True, kw_only=True):
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
    corrections: list[MinutesCorrectionOut]


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
        self, db: Db, actor: Actor, declaration: Followed, data: Body[ArrangementIn]
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
    def act_at_sitting(self, db: Db, actor: Actor, sitting: Acted, data: Body[SittingActIn]) -> SittingOut:
        """Do something at a sitting: open or close it, note who attends, ask for the floor, give it."""
        service = SittingService(db)
        return sitting_out(service, service.perform(sitting, data, actor=actor), actor=actor)

    @reads("/groups", policy=HOLD)
    def read_speaker_groups(self, db: Db, actor: Actor, declaration: Followed) -> SpeakerGroupsIn:
        """Read with which group each organisation or person of the forum speaks in turns."""
        ensure_may(actor, HOLD, declaration)
        found = SittingService(db).groups(declaration.forum)
        return SpeakerGroupsIn(groups={who: name for who, name in found.items() if who})

    @writes("/groups", status=DONE, policy=HOLD)
    def set_speaker_groups(
        self, db: Db, actor: Actor, declaration: Followed, data: Body[SpeakerGroupsIn]
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
            corrections=[MinutesCorrectionOut.of(made) for made in sitting.corrections],
        )

    @reads("/{sitting:int}/minutes/{language:str}/{form:str}", media_type="application/octet-stream", policy=READ)
    def get_minutes(self, db: Db, sitting: Readable, language: FromPath[str], form: FromPath[str]) -> Response[bytes]:
        """Make the minutes as a file, in `es`, `en` or `fr`, as `docx` or `pdf`."""
        said_in = messages(known_word(Language, language, "language"))
        return attachment(minutes_file(db, sitting, said_in, form))


STAGES: Mapping[SittingStage, tuple[str, str]] = {  # in words, and how they are marked
    SittingStage.PLANNED: (N_("planned"), ""),
    SittingStage.OPEN: (N_("under way"), "accent"),
    SittingStage.ENDED: (N_("sitting ended"), ""),
    SittingStage.SIGNED: (N_("minutes signed"), "good"),
}
ORDERS: Mapping[SpeakingOrder, str] = {
    SpeakingOrder.REQUEST: N_("As requested"),
    SpeakingOrder.FIRST_TIME: N_("First-time speakers first"),
    SpeakingOrder.GROUPS: N_("Groups in turn"),
}
_OF_MINUTES = frozenset({Act.NOTE, Act.SIGN, Act.CORRECT, Act.ANSWER})
Form = FormBody[dict[str, str]]


class ArrangementForm(Struct, frozen=True):
    """A sitting to be held; `number` is that of a planned one to change."""

    place: str = ""
    at: str = ""
    kind: str = SittingKind.PLENARY.value
    number: str = ""


class SittingsPage(Page, frozen=True, kw_only=True):
    """The sittings of a declaration, newest first."""

    name: str
    lines: Sequence[SittingLine]
    may_follow: bool
    may_hold: bool
    form: ArrangementForm
    errors: Mapping[str, str]
    kinds: Mapping[SittingKind, str]
    stages: Mapping[SittingStage, tuple[str, str]]


class SittingPage(Page, frozen=True, kw_only=True):
    """One sitting; `own` is the reader's request for the floor and its place on the list."""

    name: str
    seen: SittingOut
    topic: str
    list_name: str
    times: Sequence[tuple[str, int, str]]
    may: frozenset[str]
    own_standing: Standing | None
    has_seat: bool
    own: tuple[UUID, int] | None
    people: Sequence[tuple[UUID, str]]  # whom the secretariat can enter, by mandate
    form: ArrangementForm
    kinds: Mapping[SittingKind, str]
    stages: Mapping[SittingStage, tuple[str, str]]
    standings: Mapping[Standing, str]
    orders: Mapping[SpeakingOrder, str]


class GroupsPage(Page, frozen=True, kw_only=True):
    """With which group each organisation and person speaks: ids, names, and the name of the group."""

    name: str
    rows: Sequence[tuple[UUID, str, str]]
    known: Sequence[str]


class MinutesPage(Page, frozen=True, kw_only=True):
    """Minutes, and what the reader can do with them. `items` are those that a note or a correction can be about."""

    name: str
    number: int
    stage: SittingStage
    body: Markup
    items: Sequence[tuple[str, str]]
    correct_until: datetime | None
    is_final: bool
    corrections: Sequence[MinutesCorrection]
    may: frozenset[str]


def _page_of(data: Mapping[str, str]) -> str:
    return "minutes" if data.get("act") in _OF_MINUTES else "sitting"


def _refused(work: Work, *, form: Mapping[str, str], refusal: Invalid, **_: object) -> PageOrRedirect:
    return said_at(_page_of(form))(work, refusal=refusal)


class SittingPages(Controller):
    """The sittings of one declaration."""

    path = "/{forum:str}/{declaration:str}/sittings"

    @shows("sittings/sittings.html", name="sittings", policy=READ)
    def sittings(
        self, db: Db, work: Work, found: ReadFrame, form: ArrangementForm | None = None, refusal: Invalid | None = None
    ) -> SittingsPage:
        """The sittings, newest first."""
        every = SittingService(db).of_declaration(found.declaration)
        is_follower = may_follow(work.actor, found.declaration)
        return SittingsPage(
            **heading(found, "sittings", work=work),
            lines=[SittingLine.of(sitting) for sitting in every if is_follower or sitting.stage is SittingStage.SIGNED],
            may_follow=is_follower,
            may_hold=_may_hold(work.actor, found.declaration),
            form=form or ArrangementForm(),
            errors=field_errors(work, refusal),
            kinds=KINDS,
            stages=STAGES,
        )

    @takes(again=sittings, name="arrange_sitting", policy=HOLD)
    def arrange(self, db: Db, actor: Actor, found: FollowedFrame, data: FormBody[ArrangementForm]) -> Done:
        """Plan a sitting, or change a planned one."""
        kind, number = known_word(SittingKind, data.kind, "kind"), whole_number(data.number) or 0
        made = SittingService(db).arrange(found.declaration, data.place, data.at, kind=kind, number=number, actor=actor)
        return Done("sitting", at={"sitting": made.number})

    @shows("sittings/sitting.html", "/{sitting:int}", name="sitting", policy=FOLLOW)
    def sitting(self, db: Db, work: Work, found: FollowedFrame, sitting: FromPath[int]) -> SittingPage:
        """One sitting as it stands now."""
        held = SittingService(db).numbered(found.declaration, sitting)
        seen, may = sitting_out(SittingService(db), held, actor=work.actor), _rights(work.actor, found.declaration)
        seats, planned = own_seats(held, work.actor), found.forum.local(held.planned_at)
        places = [(asked.id, place) for place, asked in enumerate(seen.waiting, 1) if asked.is_own]
        return SittingPage(
            **heading(found, "sittings", work=work),
            seen=seen,
            topic=item_name(db, held, work.messages, seen.current) if seen.current else "",
            list_name=item_name(db, held, work.messages, seen.list_item),
            times=[(name, len(each), clock_time(sum(each))) for name, each in seen.seconds.items()],
            may=may,
            own_standing=next((seat.standing for seat in seats if seat.standing), None),
            has_seat=bool(seats),
            own=places[0] if places else None,
            people=[
                (seat.id, f"{seat.organisation.name}, {seat.person.name}" if seat.organisation else seat.person.name)
                for seat in (mandates_at(db, found.forum, clock.now()) if "hold" in may else ())
            ],
            form=ArrangementForm(held.place, f"{planned:%Y-%m-%dT%H:%M}", held.kind.value, str(held.number)),
            kinds=KINDS,
            stages=STAGES,
            standings=STANDINGS,
            orders=ORDERS,
        )

    @takes("/{sitting:int}", again=_refused, name="act_at_sitting", policy=ACTING)
    def act(self, db: Db, work: Work, found: ReadFrame, sitting: FromPath[int], data: Form) -> Done:
        """Do something at a sitting, or with its minutes."""
        act, service = act_of({"language": work.language, **data}), SittingService(db)
        service.perform(service.numbered(found.declaration, sitting), act, actor=work.actor)
        return Done(_page_of(data))

    @shows("sittings/minutes.html", "/{sitting:int}/minutes", name="minutes", policy=READ)
    def minutes(self, db: Db, work: Work, found: ReadFrame, sitting: FromPath[int]) -> MinutesPage:
        """The minutes as they stand."""
        read = SittingService(db).readable(found.declaration, sitting, actor=work.actor)
        blocks = minutes_of(db, read, work.messages).document.blocks
        headings = [block for block in blocks if block.kind is BlockKind.HEADING and not block.id.startswith("line")]
        return MinutesPage(
            **heading(found, "sittings", work=work),
            number=read.number,
            stage=read.stage,
            body=Markup().join(rendered(block_html(block, language=work.language)) for block in blocks[1:]),
            items=[(block.id, block.text.replace("\\", "")) for block in headings[:-1]],
            correct_until=found.forum.local(read.minutes.correct_until) if read.minutes else None,
            is_final=is_final(read),
            corrections=read.corrections,
            may=_rights(work.actor, found.declaration),
        )

    @gives("/{sitting:int}/minutes/{form:str}", name="minutes_file", policy=READ)
    def minutes_file(
        self, db: Db, work: Work, found: ReadFrame, sitting: FromPath[int], form: FromPath[str]
    ) -> Response[bytes]:
        """The same as a file."""
        read = SittingService(db).readable(found.declaration, sitting, actor=work.actor)
        return attachment(minutes_file(db, read, work.messages, form))

    @shows("sittings/groups.html", "/groups", name="speaker_groups", policy=HOLD)
    def groups(self, db: Db, work: Work, found: HeldFrame) -> GroupsPage:
        """With which groups those who take part speak in turns."""
        groups, held = SittingService(db).groups(found.forum), mandates_at(db, found.forum, clock.now())
        named = {who.id: who.name for mandate in held for who in (mandate.organisation, mandate.person) if who}
        return GroupsPage(
            **heading(found, "sittings", work=work),
            rows=[(who, name, groups.get(who, "")) for who, name in named.items()],
            known=sorted(set(groups.values())),
        )

    @takes("/groups", again=said_at("sittings"), name="set_speaker_groups", policy=HOLD)
    def set_groups(self, db: Db, actor: Actor, found: HeldFrame, data: Form) -> Done:
        """Say with which groups they speak."""
        try:
            given = convert({key: name for key, name in data.items() if key != "csrf"}, dict[UUID, str])
        except ValidationError as error:
            raise NotFound(what="person", id="") from error
        SittingService(db).set_groups(found.declaration, given, actor=actor)
        return Done("sittings")


def _rights(actor: Actor, declaration: Declaration) -> frozenset[str]:
    """What they may do at the sittings: "hold", "attend", "sign", "correct"."""
    return frozenset(right.partition(".")[2] for right in ACTING if may_do(actor, right, declaration))


def act_of(data: Mapping[str, str]) -> SittingActIn:
    """The act that a form asks for; "seat.7" is how the seat 7 attends. Raises `NotFound` for what no form sends."""
    seats = {name.removeprefix("seat."): said for name, said in data.items() if name.startswith("seat.") and said}
    others = {name: said for name, said in data.items() if said and name != "csrf" and not name.startswith("seat.")}
    for number in others.keys() & {"minutes", "days", "number"}:
        others[number] = str(whole_number(others[number]) or 0)
    try:
        return convert({**others, "attendance": seats}, SittingActIn, strict=False)
    except ValidationError as error:
        raise NotFound(what="act", id=data.get("act", "")[:20]) from error
