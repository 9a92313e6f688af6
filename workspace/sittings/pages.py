"""The pages of sittings: the list, one sitting on the device of a delegate or of the chair, and the groups that speak
in turns.
"""

from collections.abc import Mapping, Sequence
from uuid import UUID

from litestar import Controller, Response
from msgspec import Struct, ValidationError, convert

from workspace.amendments.domain.models import Amendment
from workspace.core import clock
from workspace.core.actor import Actor
from workspace.core.errors import Invalid, NotFound
from workspace.core.storage.db import Db
from workspace.core.validation import whole_number
from workspace.declarations.domain.models import Declaration
from workspace.declarations.domain.policy import may_do
from workspace.declarations.frame import Frame, frame
from workspace.procedure.subjects import VoteSubject, VoteSubjects
from workspace.sittings.api import FOLLOW, SittingLine, SittingOut, sitting_out
from workspace.sittings.models import Sitting, SittingKind, SpeakingOrder, Stage, Standing
from workspace.sittings.papers import KINDS, STANDINGS
from workspace.sittings.service import ATTEND, HOLD, SittingAct, SittingService, mandates_at, may_follow, own_seats
from workspace.web.http.request_context import CurrentWork, FromPath, Slug, URLEncodedBody, Work
from workspace.web.http.routing import get, post
from workspace.web.i18n.marking import N_
from workspace.web.pages import Page, field_errors, page, redirect
from workspace.web.refusals.sentences import sentence

REFUSED = 422
STAGES: Mapping[Stage, tuple[str, str]] = {  # in words, and how they are marked
    Stage.PLANNED: (N_("planned"), ""),
    Stage.OPEN: (N_("under way"), "accent"),
    Stage.ENDED: (N_("sitting ended"), ""),
    Stage.SIGNED: (N_("minutes signed"), "good"),
}
ORDERS: Mapping[SpeakingOrder, str] = {
    SpeakingOrder.REQUEST: N_("As requested"),
    SpeakingOrder.FIRST_TIME: N_("First-time speakers first"),
    SpeakingOrder.GROUPS: N_("Groups in turn"),
}


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
    kinds: Mapping[SittingKind, str]
    stages: Mapping[Stage, tuple[str, str]]
    may_follow: bool
    may_hold: bool
    form: ArrangementForm
    errors: Mapping[str, str]


class SittingPage(Page, frozen=True, kw_only=True):
    """One sitting. `topic` is what is taken up, `own` the reader's request for the floor and its place on the list."""

    name: str
    seen: SittingOut
    kinds: Mapping[SittingKind, str]
    stages: Mapping[Stage, tuple[str, str]]
    standings: Mapping[Standing, str]
    orders: Mapping[SpeakingOrder, str]
    topic: VoteSubject | None
    list_name: str
    may_hold: bool
    may_attend: bool
    own_standing: Standing | None
    has_seat: bool
    own: tuple[UUID, int] | None
    people: Sequence[tuple[UUID, str]]  # whom the secretariat can enter, by mandate
    form: ArrangementForm


class GroupsPage(Page, frozen=True, kw_only=True):
    """With which group each organisation and person speaks: ids, names, and the name of the group."""

    name: str
    rows: Sequence[tuple[UUID, str, str]]
    known: Sequence[str]


class SittingPages(Controller):
    """The sittings of one declaration."""

    path = "/{forum:str}/{declaration:str}/sittings"

    @get(name="sittings", policy=(*FOLLOW, "history.read"))
    def sittings(self, work: CurrentWork, forum: Slug, declaration: Slug) -> Response[str]:
        """The sittings, newest first."""
        return _list(work, forum, declaration, ArrangementForm())

    @post(name="arrange_sitting", policy=HOLD)
    def arrange(
        self, work: CurrentWork, forum: Slug, declaration: Slug, data: URLEncodedBody[ArrangementForm]
    ) -> Response[str] | Response[None]:
        """Plan a sitting, or change a planned one."""
        actor = work.actor
        if data.kind not in set(SittingKind):
            raise NotFound(what="kind", id=data.kind)
        try:
            with work.writing() as db:
                found = frame(db, forum, declaration, work=work, may=may_follow).declaration
                kind, number = SittingKind(data.kind), whole_number(data.number) or 0
                made = SittingService(db).arrange(found, data.place, data.at, kind=kind, number=number, actor=actor)
                number = made.number
        except Invalid as refusal:
            return _list(work, forum, declaration, data, refusal)
        return redirect(work, work.url_for("sitting", forum=forum, declaration=declaration, sitting=number))

    @get("/{sitting:int}", name="sitting", policy=FOLLOW)
    def sitting(self, work: CurrentWork, forum: Slug, declaration: Slug, sitting: FromPath[int]) -> Response[str]:
        """One sitting as it stands now."""
        with work.reading() as db:
            found = frame(db, forum, declaration, work=work, may=may_follow)
            context = _context(db, found, SittingService(db).numbered(found.declaration, sitting), work)
        return page(work, "sittings/sitting.html", context)

    @post("/{sitting:int}", name="act_at_sitting", policy=(HOLD, ATTEND))
    def act(
        self,
        work: CurrentWork,
        forum: Slug,
        declaration: Slug,
        sitting: FromPath[int],
        data: URLEncodedBody[dict[str, str]],
    ) -> Response[None]:
        """Do something at a sitting."""
        to = work.url_for("sitting", forum=forum, declaration=declaration, sitting=sitting)
        act, actor = act_of(data), work.actor
        try:
            with work.writing() as db:
                found = frame(db, forum, declaration, work=work, may=may_follow).declaration
                service = SittingService(db)
                service.perform(service.numbered(found, sitting), act, actor=actor)
        except Invalid as refusal:
            return redirect(work, to, said=sentence(refusal, work.messages))
        return redirect(work, to)

    @get("/groups", name="speaker_groups", policy=HOLD)
    def groups(self, work: CurrentWork, forum: Slug, declaration: Slug) -> Response[str]:
        """With which groups those who take part speak in turns."""
        with work.reading() as db:
            found = frame(db, forum, declaration, work=work, may=_may_hold)
            groups = SittingService(db).groups(found.forum)
            named = {
                who.id: who.name
                for held in mandates_at(db, found.forum, clock.now())
                for who in (held.organisation, held.person)
                if who
            }
            context = GroupsPage(
                place=found.place,
                here="sittings",
                name=found.declaration.name.said_in(work.language),
                rows=[(who, name, groups.get(who, "")) for who, name in named.items()],
                known=sorted(set(groups.values())),
            )
        return page(work, "sittings/groups.html", context)

    @post("/groups", name="set_speaker_groups", policy=HOLD)
    def set_groups(
        self, work: CurrentWork, forum: Slug, declaration: Slug, data: URLEncodedBody[dict[str, str]]
    ) -> Response[None]:
        """Say with which groups they speak."""
        actor, to = work.actor, work.url_for("sittings", forum=forum, declaration=declaration)
        try:
            given = convert({key: name for key, name in data.items() if key != "csrf"}, dict[UUID, str])
            with work.writing() as db:
                found = frame(db, forum, declaration, work=work, may=_may_hold).declaration
                SittingService(db).set_groups(found, given, actor=actor)
        except ValidationError as error:
            raise NotFound(what="person", id="") from error
        except Invalid as refusal:
            return redirect(work, to, said=sentence(refusal, work.messages))
        return redirect(work, to)


def _may_hold(actor: Actor, declaration: Declaration) -> bool:
    return may_do(actor, HOLD, declaration)


def act_of(data: Mapping[str, str]) -> SittingAct:
    """The act that a form asks for; "seat.7" is how the seat 7 attends. Raises `NotFound` for what no form sends."""
    seats = {name.removeprefix("seat."): said for name, said in data.items() if name.startswith("seat.") and said}
    others = {name: said for name, said in data.items() if said and name != "csrf" and not name.startswith("seat.")}
    if "minutes" in others:
        others["minutes"] = str(whole_number(others["minutes"]) or 0)
    try:
        return convert({**others, "attendance": seats}, SittingAct, strict=False)
    except ValidationError as error:
        raise NotFound(what="act", id=data.get("act", "")[:20]) from error


def _list(
    work: Work, forum: str, declaration: str, form: ArrangementForm, refusal: Invalid | None = None
) -> Response[str]:
    with work.reading() as db:
        found = frame(db, forum, declaration, work=work, may=_may_read)
        every = SittingService(db).of_declaration(found.declaration)
        is_follower = may_follow(work.actor, found.declaration)
        context = SittingsPage(
            place=found.place,
            here="sittings",
            name=found.declaration.name.said_in(work.language),
            lines=[SittingLine.of(sitting) for sitting in every if is_follower or sitting.stage is Stage.SIGNED],
            kinds=KINDS,
            stages=STAGES,
            may_follow=is_follower,
            may_hold=_may_hold(work.actor, found.declaration),
            form=form,
            errors=field_errors(work, refusal) if refusal else {},
        )
    return page(work, "sittings/sittings.html", context, status=REFUSED if refusal else 200)


def _may_read(actor: Actor, declaration: Declaration) -> bool:
    return may_follow(actor, declaration) or may_do(actor, "history.read", declaration)


def _context(db: Db, found: Frame, sitting: Sitting, work: Work) -> SittingPage:
    actor, service = work.actor, SittingService(db)
    seen, topics = sitting_out(service, sitting, actor=actor), VoteSubjects(db, found, work)
    seats, may_hold = own_seats(sitting, actor), _may_hold(actor, found.declaration)
    places = [(asked.id, place) for place, asked in enumerate(seen.waiting, 1) if asked.is_own]
    planned = found.forum.local(sitting.planned_at)
    return SittingPage(
        place=found.place,
        here="sittings",
        name=found.declaration.name.said_in(work.language),
        seen=seen,
        kinds=KINDS,
        stages=STAGES,
        standings=STANDINGS,
        orders=ORDERS,
        topic=topic_of(db, topics, sitting, seen.current),
        list_name=named.name if (named := topic_of(db, topics, sitting, seen.list_item)) else "",
        may_hold=may_hold,
        may_attend=may_do(actor, ATTEND, found.declaration),
        own_standing=next((seat.standing for seat in seats if seat.standing), None),
        has_seat=bool(seats),
        own=places[0] if places else None,
        people=_people(db, found) if may_hold else (),
        form=ArrangementForm(sitting.place, f"{planned:%Y-%m-%dT%H:%M}", sitting.kind.value, str(sitting.number)),
    )


def topic_of(db: Db, topics: VoteSubjects, sitting: Sitting, key: str) -> VoteSubject | None:
    """What an item is about, by its name; None for none."""
    kind, _, which = key.partition(":")
    if kind == "amendment":
        amendment = db.get_one(Amendment, UUID(which))
        href = topics.work.url_for(
            "amendment",
            forum=topics.found.forum.slug,
            declaration=topics.found.declaration.slug,
            number=amendment.number,
        )
        return VoteSubject(topics.amendment(amendment.number, is_short=True).name, href)
    if kind == "paragraph":
        return topics.paragraph(UUID(which), is_short=True)
    title = next((item.title for item in sitting.items if item.key == key), "")
    return VoteSubject(title, "") if title else None


def _people(db: Db, found: Frame) -> list[tuple[UUID, str]]:
    return [
        (mandate.id, f"{mandate.organisation.name if mandate.organisation else '–'}, {mandate.person.name}")
        for mandate in mandates_at(db, found.forum, clock.now())
    ]
