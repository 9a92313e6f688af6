"""The calendar of a declaration: what is open until when, in the reader's time too; the chair sets the dates."""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from zoneinfo import ZoneInfo, available_timezones

from litestar import Controller, Response, get, post
from litestar.di import NamedDependency
from msgspec import Struct, field

from workspace.core import clock
from workspace.core.actor import Actor
from workspace.core.conditions import Condition
from workspace.core.db import Db
from workspace.core.errors import Invalid, NotFound
from workspace.core.permissions import Phase
from workspace.declarations import phases, policy
from workspace.declarations.deadlines import CalendarService, as_given
from workspace.declarations.frame import Frame, frame
from workspace.declarations.models import Deadline, Declaration, Stage
from workspace.declarations.next_steps import may_move
from workspace.declarations.phases import Step, steps
from workspace.declarations.windows import is_filing, open_until, window
from workspace.people.models import Person
from workspace.sessions.policy import may_read as may_read_sessions
from workspace.web.i18n import N_
from workspace.web.pages import Page, field_errors, page, redirect
from workspace.web.params import FromPath, URLEncodedBody
from workspace.web.services import Work

NAMES: Mapping[Stage, str] = {
    Stage.AMENDMENTS: N_("Window for amendments"),
    **{stage: phases.NAMES[stage.phase] for stage in Stage if stage.phase},
}
SAVED = N_("The dates are kept, and everybody who takes part is told of a change.")
FORM_TIME = "%Y-%m-%dT%H:%M"


class Shown(Struct, frozen=True):
    """A moment at the place, in UTC, and where the reader is if that is known and another time."""

    place: datetime
    utc: datetime
    own: datetime | None


class DatesForm(Struct, frozen=True):
    """The form of one stage, as it was written."""

    stage: str = ""
    opens: str = ""
    closes: str = ""
    zone: str = ""
    reason: str = ""


class StageLine(Struct, frozen=True):
    """A stage in the calendar. `state` is a word for the style sheet, `said` what it means; `form` has what to edit."""

    word: str
    name: str
    state: str
    said: str
    opens: Shown | None
    closes: Shown | None
    has_dates: bool
    form: DatesForm
    errors: Mapping[str, str] = field(default_factory=dict)


class CalendarPage(Page, frozen=True, kw_only=True):
    """`headline` says what is open until when; `errors` are those of the form that was refused."""

    name: str
    state: str
    headline: Shown | None
    headline_name: str
    is_window_open: bool
    has_window_closed: bool
    steps: Sequence[Step]
    stages: Sequence[StageLine]
    may_set: bool
    may_move: bool  # to another phase, before its date or without one
    may_keep: bool  # the dates, in a calendar program
    may_have_address: bool  # of their own, which such a program reads again and again
    zones: Sequence[str]
    errors: Mapping[str, str]
    reading: str


class CalendarPages(Controller):
    """The dates of one declaration."""

    path = "/{forum:str}/{declaration:str}/calendar"

    @get(name="calendar", sync_to_thread=True, policy="declaration.exists")
    def calendar(self, work: NamedDependency[Work], forum: FromPath[str], declaration: FromPath[str]) -> Response[str]:
        """What opens and closes when."""
        with work.reading() as db:
            context = _context(db, forum, declaration, work=work)
        return page(work, "declarations/calendar.html", context)

    @post(name="set_dates", sync_to_thread=True, policy=("deadline.set", "deadline.change"))
    def set_dates(
        self,
        work: NamedDependency[Work],
        forum: FromPath[str],
        declaration: FromPath[str],
        data: URLEncodedBody[DatesForm],
    ) -> Response[str] | Response[None]:
        """Keep the dates of one stage; a refusal shows the form again with what was written."""
        actor = work.actor
        if data.stage not in set(Stage):
            raise NotFound(what="stage", id=data.stage)
        try:
            with work.writing() as db:
                found = frame(db, forum, declaration, work=work, may=_may_know)
                CalendarService(db).set_dates(
                    found.declaration,
                    Stage(data.stage),
                    opens=data.opens,
                    closes=data.closes,
                    zone=data.zone.strip(),
                    reason=data.reason,
                    actor=actor,
                )
        except Invalid as refusal:
            with work.reading() as db:
                errors = field_errors(work, refusal)
                context = _context(db, forum, declaration, work=work, form=data, errors=errors)
            return page(work, "declarations/calendar.html", context, status=422)
        to = work.url_for("calendar", forum=forum, declaration=declaration)
        return redirect(work, to, said=work.messages.gettext(SAVED))


def _context(
    db: Db,
    forum: str,
    declaration: str,
    *,
    work: Work,
    form: DatesForm | None = None,
    errors: Mapping[str, str] | None = None,
) -> CalendarPage:
    found = frame(db, forum, declaration, work=work, may=_may_know)
    zones = _Zones.of(db, found, work.actor)
    filing = window(found.declaration, clock.now())
    closing = open_until(found.declaration, clock.now())
    may_set = _may_set(work.actor, found.declaration)
    return CalendarPage(
        place=found.place,
        here="forum",
        name=found.declaration.name.said_in(work.language),
        state=phases.STATES[found.declaration.phase],
        headline=zones.shown(closing.closes_at) if closing else None,
        headline_name=NAMES[closing.stage] if closing else "",
        is_window_open=filing.is_open,
        has_window_closed=filing.has_closed,
        steps=steps(found.declaration.phase),
        stages=[_line(found, stage, zones, form, errors or {}) for stage in Stage],
        may_set=may_set,
        may_move=may_move(work.actor, found.declaration),
        may_keep=may_read_sessions(work.actor, found.forum),
        may_have_address=work.actor.person_id is not None,
        zones=sorted(available_timezones()) if may_set else (),
        errors={f"{form.stage}-{name}": said for name, said in (errors or {}).items()} if form else {},
        reading=_reading(found, work),
    )


class _Zones(Struct, frozen=True):
    """Where the forum meets, and where the reader is, if they said so."""

    place: ZoneInfo
    own: ZoneInfo | None

    @classmethod
    def of(cls, db: Db, found: Frame, actor: Actor) -> "_Zones":
        person = db.get(Person, actor.person_id) if actor.person_id else None
        named = person.timezone if person else ""
        return cls(ZoneInfo(found.forum.timezone), ZoneInfo(named) if named else None)

    def shown(self, at: datetime | None) -> Shown | None:
        if at is None:
            return None
        place = at.astimezone(self.place)
        own = at.astimezone(self.own) if self.own else None
        is_other = own is not None and own.utcoffset() != place.utcoffset()
        return Shown(place, at.astimezone(UTC), own if is_other else None)


def _line(found: Frame, stage: Stage, zones: _Zones, form: DatesForm | None, errors: Mapping[str, str]) -> StageLine:
    deadline = found.declaration.deadline(stage)
    state, said = _state(found.declaration, stage, deadline)
    is_refused = form is not None and form.stage == stage.value
    return StageLine(
        word=stage.value,
        name=NAMES[stage],
        state=state,
        said=said,
        opens=zones.shown(deadline.opens_at) if deadline else None,
        closes=zones.shown(deadline.closes_at) if deadline else None,
        has_dates=deadline is not None,
        form=form if is_refused and form else _form(found, stage, deadline),
        errors={f"{stage.value}-{name}": sentence for name, sentence in errors.items()} if is_refused else {},
    )


def _form(found: Frame, stage: Stage, deadline: Deadline | None) -> DatesForm:
    if deadline is None:
        return DatesForm(stage.value, zone=found.forum.timezone)
    opens, closes = (
        as_given(at, offset)
        for at, offset in ((deadline.opens_at, deadline.opens_offset), (deadline.closes_at, deadline.closes_offset))
    )
    written = [moment.strftime(FORM_TIME) if moment else "" for moment in (opens, closes)]
    return DatesForm(stage.value, opens=written[0], closes=written[1], zone=deadline.zone)


def _state(declaration: Declaration, stage: Stage, deadline: Deadline | None) -> tuple[str, str]:
    """Where a stage stands: a mark for the style sheet, and the words for it."""
    if stage.phase is None:
        return _state_of_window(declaration, deadline)
    here, there = policy.ORDER.index(declaration.phase), policy.ORDER.index(stage.phase)
    if there > here:
        return "", N_("to come")
    if there < here:
        return "", N_("over")
    is_closed = deadline is not None and deadline.closed_at is not None
    return ("warn", N_("closed; the next phase is not open yet")) if is_closed else ("good", N_("open now"))


def _state_of_window(declaration: Declaration, deadline: Deadline | None) -> tuple[str, str]:
    filing = window(declaration, clock.now())
    if deadline is None:
        return "", N_("open as long as the phases of review and consultation are")
    if not is_filing(declaration.phase):
        is_ahead = policy.ORDER.index(declaration.phase) < policy.ORDER.index(Phase.REVIEW)
        return "", N_("to come") if is_ahead else N_("over")
    if not filing.has_opened:
        return "", N_("to come")
    return ("warn", N_("closed; what comes now is marked late")) if filing.has_closed else ("good", N_("open now"))


def _may_know(actor: Actor, declaration: Declaration) -> bool:
    return policy.may_do(actor, "declaration.exists", declaration)


def _may_set(actor: Actor, declaration: Declaration) -> bool:
    return policy.may_do(actor, "deadline.change", declaration, given={Condition.REASON})


def _reading(found: Frame, work: Work) -> str:
    """Where the text is, for whoever may read it."""
    if not policy.may_read(work.actor, found.declaration):
        return ""
    return work.url_for("reading", forum=found.forum.slug, declaration=found.declaration.slug)
