"""Moving a declaration on: the chair opens the next phase or goes back; some steps wait for a second person."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Annotated

from litestar import Controller
from msgspec import Struct, field

from workspace.accounts.form_support import time_zones
from workspace.approvals.models import ApprovalRequest, Matter
from workspace.approvals.views import RequestView, request_view
from workspace.core import clock
from workspace.core.actor import Actor
from workspace.core.errors import Invalid, NotAllowed, NotFound
from workspace.core.security.conditions import Condition
from workspace.core.security.permissions import Phase
from workspace.core.storage.db import Db
from workspace.declarations import labels
from workspace.declarations.domain import policy
from workspace.declarations.domain.calendar import CalendarService, as_given, has_opened, opening_moment
from workspace.declarations.domain.models import Deadline, Declaration, Stage
from workspace.declarations.domain.phase_changes import RULES, PhaseService, date_of_adoption
from workspace.declarations.domain.policy import earlier_phases, may_change_embargo, may_move, next_phase
from workspace.declarations.domain.windows import is_filing, open_until, stage_of, window
from workspace.declarations.frame import Frame, ReadableFrame, framed, heading
from workspace.declarations.labels import PhaseStep, phase_steps
from workspace.procedure.entailment import of_phase
from workspace.procedure.store import QuestionStore
from workspace.sessions.policy import may_read as may_read_sessions
from workspace.web import approvals
from workspace.web.http.request_context import FormBody, Work
from workspace.web.i18n.marking import N_
from workspace.web.i18n.messages import AMENDMENT_WINDOW, PHASE_NAMES
from workspace.web.pages import Done, Page, field_errors, shows, takes

ASKED = N_("Needs second approval, by the secretariat or another chair.")
WAITS = N_("Approved; it takes effect on its date.")
LAID = N_("The text is under embargo.")
LIFTED = N_("The embargo is lifted.")
PAGES: Mapping[str, str] = {  # where what is open is settled: routes, by the names of an entailment
    "amendments": "amendments",
    "brackets": "agreement",
    "missing": "translation",
    "outdated": "translation",
}


class PhaseForm(Struct, frozen=True):
    """What is asked: a phase to go to, `sure` of what it finds; or whether there is to be an embargo ("yes", "no")."""

    phase: str = ""
    sure: str = ""
    reason: str = ""
    embargo: str = ""
    matter: str = ""


class PhaseLine(Struct, frozen=True):
    """A phase to choose: its value in the form, its name, and what it will mean."""

    value: str
    name: str
    meaning: str


class PendingRequestView(Struct, frozen=True):
    """What waits for a second person, and what this reader can do about it. `happens_at` is None for: at once."""

    matter: str
    title: str
    request: RequestView
    happens_at: datetime | None


class PhasePage(Page, frozen=True, kw_only=True):
    """`following` is None when the next step is not one that this person takes here; `adopts_at` unless it is the
    adoption, and has a date that is to come. While an edition is `sealed_until` its time, nothing moves.
    `finds` is what is open when the next phase begins, and where; `adopted` the question that adopted the text, and
    its page.
    """

    name: str
    state: str
    sealed_until: datetime | None
    is_adoption: bool
    takes_two: bool
    adopts_at: datetime | None
    following: PhaseLine | None
    opens_on: datetime | None  # by the calendar
    finds: Sequence[tuple[str, str, str]]
    is_final: bool
    adopted: tuple[int, str] | None
    open_votes: int
    earlier: Sequence[PhaseLine]
    pending: Sequence[PendingRequestView]
    is_embargoed: bool
    may_change_embargo: bool
    may_move: bool
    chosen: str = ""
    reason: str = ""
    why: str = ""  # a request was declined, where that was refused
    errors: Mapping[str, str] = field(default_factory=dict)


KnownFrame = Annotated[Frame, framed(policy.may_know)]


class PhasePages(Controller):
    """The phases of one declaration."""

    path = "/{forum:str}/{declaration:str}/phase"

    @shows("declarations/phase.html", name="phase", policy=("phase.forward", "phase.back", "request.confirm"))
    def phase(
        self,
        db: Db,
        work: Work,
        found: ReadableFrame,
        form: PhaseForm = PhaseForm(),
        refusal: Invalid | None = None,
    ) -> PhasePage:
        """Where the declaration can go from here."""
        errors = field_errors(work, refusal)
        if refusal and form.matter:
            errors = approvals.reason_errors(work, refusal, form.matter)
        if not _may_look(found, work):
            raise NotAllowed(action="phase.forward")
        following, pending = next_phase(work.actor, found.declaration), _pending_requests(db, found, work=work)
        return PhasePage(
            **heading(found, "forum", work=work),
            state=labels.PHASE_STATES[found.declaration.phase],
            sealed_until=_at_place(found.declaration.releases_at, found.declaration),
            is_adoption=found.declaration.phase is Phase.ADOPTION,
            takes_two=following is not None and policy.takes_two(found.declaration, following),
            adopts_at=_begins(found.declaration) if following is Phase.ADOPTION else None,
            following=_phase_line(following) if following else None,
            opens_on=_planned(found.declaration, following) if following is not Phase.ADOPTION else None,
            finds=_finds(db, found, following or _waits_for(pending), work),
            is_final=following is not None and following not in policy.MAY_GO_BACK_FROM,
            adopted=_adopted(db, found, work),
            open_votes=len(QuestionStore(db).open_ones(found.declaration)),
            earlier=[_phase_line(phase) for phase in earlier_phases(work.actor, found.declaration)],
            pending=pending,
            is_embargoed=found.declaration.is_embargoed,
            may_change_embargo=may_change_embargo(work.actor, found.declaration),
            may_move=may_move(work.actor, found.declaration),
            chosen=form.phase,
            reason="" if form.matter else form.reason,
            why=form.reason,
            errors=errors,
        )

    @takes(again=phase, name="move_phase", policy=("phase.forward", "phase.back", "phase.to_adoption_or_published"))
    def move_phase(self, db: Db, work: Work, found: ReadableFrame, data: FormBody[PhaseForm]) -> Done:
        """Go there, or ask a second person; a refusal shows the form again with what was written."""
        return _done(_move(PhaseService(db), found.declaration, data, work), found, work)

    @takes("/embargo", again=phase, name="change_embargo", policy="embargo.change")
    def change_embargo(self, db: Db, work: Work, found: ReadableFrame, data: FormBody[PhaseForm]) -> Done:
        """Ask a second person to confirm an embargo, or the end of one."""
        return _done(_ask_for_embargo(PhaseService(db), found.declaration, data, work), found, work)

    @takes("/confirmation", again=phase, name="confirm_request", policy="request.confirm")
    def confirm_request(self, db: Db, work: Work, found: ReadableFrame, data: FormBody[PhaseForm]) -> Done:
        """Confirm, as the second person, what somebody has asked for."""
        return _done(_confirm(PhaseService(db), found.declaration, data, work), found, work)

    @takes("/withdrawal", again=phase, name="drop_request", policy=("request.confirm", "embargo.change"))
    def drop_request(self, db: Db, work: Work, found: ReadableFrame, data: FormBody[PhaseForm]) -> Done:
        """Take a request back, or decline it."""
        return _done(_drop(PhaseService(db), found.declaration, data, work), found, work)


def _done(said: str, found: Frame, work: Work) -> Done:
    return Done("phase" if _may_look(found, work) else "forum", said)


def _move(service: PhaseService, declaration: Declaration, form: PhaseForm, work: Work) -> str:
    """Move the phase, or ask for it. Publishing is not a move: it is asked for on the readiness page."""
    wanted = next((phase for phase in Phase if phase.value == form.phase), None)
    if wanted is None or wanted is Phase.PUBLISHED:
        raise Invalid(field="phase", reason="not_next", given=form.phase, now="")
    if policy.takes_two(declaration, wanted):
        service.ask(declaration, Matter.ADOPTION, actor=work.actor)
        return work.messages.gettext(ASKED)
    is_forward = policy.ORDER.index(wanted) > policy.ORDER.index(declaration.phase)
    if is_forward and not form.sure and of_phase(service.db, declaration, wanted).lines(work.messages):
        policy.ensure_may_move(work.actor, declaration, wanted, policy.ANY_REASON)
        raise Invalid(field="sure", reason="not_sure")
    service.move(declaration, wanted, actor=work.actor, reason=form.reason)
    return _now_in(wanted, work)


def _ask_for_embargo(service: PhaseService, declaration: Declaration, form: PhaseForm, work: Work) -> str:
    service.ask(declaration, Matter.EMBARGO, wanted=form.embargo == "yes", actor=work.actor)
    return work.messages.gettext(ASKED)


def _confirm(service: PhaseService, declaration: Declaration, form: PhaseForm, work: Work) -> str:
    matter = _matter(form)
    request = service.confirm(declaration, matter, actor=work.actor)
    if matter is Matter.EMBARGO:
        said = LAID if request.details["wanted"] else LIFTED
        return work.messages.gettext(said)
    return _now_in(Phase.ADOPTION, work) if declaration.phase is Phase.ADOPTION else work.messages.gettext(WAITS)


def _drop(service: PhaseService, declaration: Declaration, form: PhaseForm, work: Work) -> str:
    rule = RULES[_matter(form)]
    is_declined = service.approvals.withdraw(rule, declaration, actor=work.actor, reason=form.reason)
    return work.messages.gettext(approvals.decline_message(is_declined=is_declined))


def _matter(form: PhaseForm) -> Matter:
    if form.matter not in RULES:
        raise NotFound(what="request", id=form.matter)
    return Matter(form.matter)


def _now_in(phase: Phase, work: Work) -> str:
    name = work.messages.gettext(PHASE_NAMES[phase])
    return work.messages.gettext("New phase: %(phase)s.", phase=name)


def _may_look(found: Frame, work: Work) -> bool:
    return may_move(work.actor, found.declaration) or policy.may_be_among_two(work.actor, found.declaration)


def _pending_requests(db: Db, found: Frame, *, work: Work) -> list[PendingRequestView]:
    service = PhaseService(db)
    pending = (service.pending(found.declaration, matter) for matter in RULES)
    return [_request_view(request, found.declaration, work) for request in pending if request]


def _request_view(request: ApprovalRequest, declaration: Declaration, work: Work) -> PendingRequestView:
    titles = {
        (Matter.ADOPTION, True): N_("Move to adoption"),
        (Matter.EMBARGO, True): N_("Embargo"),
        (Matter.EMBARGO, False): N_("End of the embargo"),
    }
    local = declaration.forum.local
    return PendingRequestView(
        matter=request.matter.value,
        title=titles[request.matter, request.details["wanted"]],
        request=request_view(RULES[request.matter], declaration, request, actor=work.actor, local=local),
        happens_at=_begins(declaration) if request.matter is Matter.ADOPTION else None,
    )


def _phase_line(phase: Phase) -> PhaseLine:
    return PhaseLine(phase.value, PHASE_NAMES[phase], labels.PHASE_MEANINGS[phase])


def _waits_for(waiting: Sequence[PendingRequestView]) -> Phase | None:
    return Phase.ADOPTION if any(pending.matter == Matter.ADOPTION for pending in waiting) else None


def _finds(db: Db, found: Frame, following: Phase | None, work: Work) -> Sequence[tuple[str, str, str]]:
    """What is open when a phase begins: its name, in words, and the page where it is settled; "" for others' drafts."""
    at = {"forum": found.forum.slug, "declaration": found.declaration.slug}
    lines = of_phase(db, found.declaration, following).lines(work.messages) if following else {}
    return [(name, words, work.url_for(PAGES[name], **at) if name in PAGES else "") for name, words in lines.items()]


def _planned(declaration: Declaration, following: Phase | None) -> datetime | None:
    """When a phase would open by itself, in the time of the place."""
    stage = stage_of(following) if following else None
    deadline = declaration.deadline(stage) if stage else None
    return _at_place(deadline.opens_at if deadline and deadline.opened_at is None else None, declaration)


def _adopted(db: Db, found: Frame, work: Work) -> tuple[int, str] | None:
    question = QuestionStore(db).adopted_by(found.declaration) if found.declaration.phase is Phase.ADOPTION else None
    here = {"forum": found.forum.slug, "declaration": found.declaration.slug}
    return (question.number, work.url_for("question", **here, question=question.number)) if question else None


def _begins(declaration: Declaration) -> datetime | None:
    """When the adoption begins by itself, in the time of the place; None for at once."""
    return _at_place(date_of_adoption(declaration), declaration)


def _at_place(at: datetime | None, declaration: Declaration) -> datetime | None:
    return declaration.forum.local(at) if at else None


NAMES: Mapping[Stage, str] = {
    Stage.AMENDMENTS: AMENDMENT_WINDOW,
    **{stage: PHASE_NAMES[stage.phase] for stage in Stage if stage.phase},
}
SAVED = N_("Dates saved; participants are notified.")
FORM_TIME = "%Y-%m-%dT%H:%M"


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
    opens: datetime | None
    closes: datetime | None
    has_dates: bool
    has_opened: bool  # so that its opening is no longer asked for
    form: DatesForm
    errors: Mapping[str, str] = field(default_factory=dict)


class CalendarPage(Page, frozen=True, kw_only=True):
    """`headline` says what is open until when; `errors` are those of the form that was refused."""

    name: str
    state: str
    headline: datetime | None
    headline_name: str
    has_window_closed: bool
    steps: Sequence[PhaseStep]
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

    @shows("declarations/calendar.html", name="calendar", policy="declaration.exists")
    def calendar(
        self, work: Work, found: KnownFrame, form: DatesForm | None = None, refusal: Invalid | None = None
    ) -> CalendarPage:
        """What opens and closes when."""
        errors = field_errors(work, refusal)
        filing = window(found.declaration, clock.now())
        closing = open_until(found.declaration, clock.now())
        may_set = policy.may_do(work.actor, "deadline.change", found.declaration, given={Condition.REASON})
        return CalendarPage(
            **heading(found, "forum", work=work),
            state=labels.PHASE_STATES[found.declaration.phase],
            headline=closing.closes_at if closing else None,
            headline_name=NAMES[closing.stage] if closing else "",
            has_window_closed=filing.has_closed,
            steps=phase_steps(found.declaration.phase),
            stages=[_stage_line(found, stage, form, errors) for stage in Stage],
            may_set=may_set,
            may_move=may_move(work.actor, found.declaration),
            may_keep=may_read_sessions(work.actor, found.forum),
            may_have_address=work.actor.person_id is not None,
            zones=time_zones() if may_set else (),
            errors={f"{form.stage}-{name}": said for name, said in errors.items()} if form else {},
            reading=_reading(found, work),
        )

    @takes(again=calendar, name="set_dates", policy=("deadline.set", "deadline.change"))
    def set_dates(self, db: Db, work: Work, actor: Actor, found: KnownFrame, data: FormBody[DatesForm]) -> Done:
        """Keep the dates of one stage; a refusal shows the form again with what was written."""
        if data.stage not in set(Stage):
            raise NotFound(what="stage", id=data.stage)
        CalendarService(db).set_dates(
            found.declaration,
            Stage(data.stage),
            opens=data.opens,
            closes=data.closes,
            zone=data.zone.strip(),
            reason=data.reason,
            actor=actor,
        )
        return Done("calendar", work.messages.gettext(SAVED))


def _stage_line(found: Frame, stage: Stage, form: DatesForm | None, errors: Mapping[str, str]) -> StageLine:
    deadline = found.declaration.deadline(stage)
    state, said = _state(found.declaration, stage, deadline)
    is_refused = form is not None and form.stage == stage.value
    return StageLine(
        word=stage.value,
        name=NAMES[stage],
        state=state,
        said=said,
        opens=opening_moment(found.declaration, deadline) if deadline else None,
        closes=deadline.closes_at if deadline else None,
        has_dates=deadline is not None,
        has_opened=has_opened(found.declaration, deadline or Deadline(stage=stage)),
        form=form if is_refused and form else _form(found, stage, deadline),
        errors={f"{stage.value}-{name}": sentence for name, sentence in errors.items()} if is_refused else {},
    )


def _form(found: Frame, stage: Stage, deadline: Deadline | None) -> DatesForm:
    if deadline is None:
        return DatesForm(stage.value, zone=found.forum.timezone)
    opening = opening_moment(found.declaration, deadline)
    opens, closes = as_given(opening, deadline.opens_offset), as_given(deadline.closes_at, deadline.closes_offset)
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
        return "", N_("open during review and consultation")
    if not is_filing(declaration.phase):
        is_ahead = policy.ORDER.index(declaration.phase) < policy.ORDER.index(Phase.REVIEW)
        return "", N_("to come") if is_ahead else N_("over")
    if not filing.has_opened:
        return "", N_("to come")
    return ("warn", N_("closed; further ones count as late")) if filing.has_closed else ("good", N_("open now"))


def _reading(found: Frame, work: Work) -> str:
    """Where the text is, for whoever may read it."""
    if not policy.may_read(work.actor, found.declaration):
        return ""
    return work.url_for("reading", forum=found.forum.slug, declaration=found.declaration.slug)
