"""Moving a declaration on: the chair opens the next phase or goes back; some steps wait for a second person."""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime

from litestar import Controller, Response, get, post
from litestar.di import NamedDependency
from msgspec import Struct, field

from workspace.approvals.models import ApprovalRequest, Matter
from workspace.approvals.views import RequestView, request_view
from workspace.core.db import Db
from workspace.core.errors import Invalid, NotAllowed, NotFound
from workspace.core.permissions import Phase
from workspace.declarations import phases, policy
from workspace.declarations.frame import Frame, frame
from workspace.declarations.models import Declaration
from workspace.declarations.moving import RULES, PhaseService, date_of_adoption
from workspace.declarations.next_steps import earlier_phases, may_change_embargo, may_move, next_phase
from workspace.web import declining
from workspace.web.i18n import N_
from workspace.web.pages import Page, field_errors, page, redirect
from workspace.web.params import FromPath, URLEncodedBody
from workspace.web.services import Work

ASKED = N_("A second person has to confirm it now: somebody of the secretariat, or another chair.")
WAITS = N_("It is confirmed, and happens on its date.")
LAID = N_("The text is under embargo now: the public no longer sees it.")
LIFTED = N_("The embargo is lifted: the public sees the text in the phases in which it is open.")


class PhaseForm(Struct, frozen=True):
    """What is asked: a phase to go to, or whether there is to be an embargo ("yes", "no")."""

    phase: str = ""
    reason: str = ""
    embargo: str = ""
    matter: str = ""


Act = Callable[[PhaseService, Declaration, PhaseForm, Work], str]  # does what a form asks, and says so


class PhaseLine(Struct, frozen=True):
    """A phase to choose: its value in the form, its name, and what it will mean."""

    value: str
    name: str
    meaning: str


class Waiting(Struct, frozen=True):
    """What waits for a second person, and what this reader can do about it. `happens_at` is None for: at once."""

    matter: str
    title: str
    request: RequestView
    happens_at: datetime | None


class PhasePage(Page, frozen=True, kw_only=True):
    """`following` is None when the next step is not one that this person takes here; `adopts_at` unless it is the
    adoption, and has a date that is to come. While an edition is `sealed_until` its time, nothing moves.
    """

    name: str
    state: str
    sealed_until: datetime | None
    is_adoption: bool
    takes_two: bool
    adopts_at: datetime | None
    following: PhaseLine | None
    earlier: Sequence[PhaseLine]
    waiting: Sequence[Waiting]
    is_embargoed: bool
    may_change_embargo: bool
    may_move: bool
    chosen: str = ""
    reason: str = ""
    why: str = ""  # a request was declined, where that was refused
    errors: Mapping[str, str] = field(default_factory=dict)


class PhasePages(Controller):
    """The phases of one declaration."""

    path = "/{forum:str}/{declaration:str}/phase"

    @get(name="phase", sync_to_thread=True, policy=("phase.forward", "phase.back", "request.confirm"))
    def phase(self, work: NamedDependency[Work], forum: FromPath[str], declaration: FromPath[str]) -> Response[str]:
        """Where the declaration can go from here."""
        with work.reading() as db:
            context = _context(db, forum, declaration, work=work)
        return page(work, "declarations/phase.html", context)

    @post(
        name="move_phase", sync_to_thread=True, policy=("phase.forward", "phase.back", "phase.to_adoption_or_published")
    )
    def move_phase(
        self,
        work: NamedDependency[Work],
        forum: FromPath[str],
        declaration: FromPath[str],
        data: URLEncodedBody[PhaseForm],
    ) -> Response[str] | Response[None]:
        """Go there, or ask a second person; a refusal shows the form again with what was written."""
        return _answer(work, forum, declaration, data, _move)

    @post("/embargo", name="change_embargo", sync_to_thread=True, policy="embargo.change")
    def change_embargo(
        self,
        work: NamedDependency[Work],
        forum: FromPath[str],
        declaration: FromPath[str],
        data: URLEncodedBody[PhaseForm],
    ) -> Response[str] | Response[None]:
        """Ask a second person to confirm an embargo, or the end of one."""
        return _answer(work, forum, declaration, data, _ask_for_embargo)

    @post("/confirmation", name="confirm_request", sync_to_thread=True, policy="request.confirm")
    def confirm_request(
        self,
        work: NamedDependency[Work],
        forum: FromPath[str],
        declaration: FromPath[str],
        data: URLEncodedBody[PhaseForm],
    ) -> Response[str] | Response[None]:
        """Confirm, as the second person, what somebody has asked for."""
        return _answer(work, forum, declaration, data, _confirm)

    @post("/withdrawal", name="drop_request", sync_to_thread=True, policy=("request.confirm", "embargo.change"))
    def drop_request(
        self,
        work: NamedDependency[Work],
        forum: FromPath[str],
        declaration: FromPath[str],
        data: URLEncodedBody[PhaseForm],
    ) -> Response[str] | Response[None]:
        """Take a request back, or decline it."""
        return _answer(work, forum, declaration, data, _drop)


def _answer(work: Work, forum: str, declaration: str, form: PhaseForm, act: Act) -> Response[str] | Response[None]:
    _ = work.actor  # asked before the unit of work opens
    try:
        with work.writing() as db:
            found = frame(db, forum, declaration, work=work)
            said = act(PhaseService(db), found.declaration, form, work)
            stays = _may_look(found, work)
    except Invalid as refusal:
        with work.reading() as db:
            errors = declining.why_errors(work, refusal, form.matter) if form.matter else field_errors(work, refusal)
            context = _context(db, forum, declaration, work=work, form=form, errors=errors)
        return page(work, "declarations/phase.html", context, status=422)
    to = work.url_for("phase", forum=forum, declaration=declaration) if stays else work.url_for("forum", forum=forum)
    return redirect(work, to, said=said)


def _move(service: PhaseService, declaration: Declaration, form: PhaseForm, work: Work) -> str:
    """Move the phase, or ask for it. Publishing is not a move: it is asked for on the readiness page."""
    wanted = next((one for one in Phase if one.value == form.phase), None)
    if wanted is None or wanted is Phase.PUBLISHED:
        raise Invalid(field="phase", reason="not_next", given=form.phase, now="")
    if policy.takes_two(declaration, wanted):
        service.ask(declaration, Matter.ADOPTION, actor=work.actor)
        return work.messages.gettext(ASKED)
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
    return work.messages.gettext(declining.said(is_declined=is_declined))


def _matter(form: PhaseForm) -> Matter:
    if form.matter not in RULES:
        raise NotFound(what="request", id=form.matter)
    return Matter(form.matter)


def _now_in(phase: Phase, work: Work) -> str:
    name = work.messages.gettext(phases.NAMES[phase])
    return work.messages.gettext("The declaration is now in this phase: %(phase)s.", phase=name)


def _context(
    db: Db,
    forum: str,
    declaration: str,
    *,
    work: Work,
    form: PhaseForm = PhaseForm(),
    errors: Mapping[str, str] | None = None,
) -> PhasePage:
    found = frame(db, forum, declaration, work=work)
    if not _may_look(found, work):
        raise NotAllowed(action="phase.forward")
    following = next_phase(work.actor, found.declaration)
    return PhasePage(
        place=found.place,
        here="forum",
        name=found.declaration.name.said_in(work.language),
        state=phases.STATES[found.declaration.phase],
        sealed_until=_at_place(found.declaration.releases_at, found.declaration),
        is_adoption=found.declaration.phase is Phase.ADOPTION,
        takes_two=following is not None and policy.takes_two(found.declaration, following),
        adopts_at=_begins(found.declaration) if following is Phase.ADOPTION else None,
        following=_line(following) if following else None,
        earlier=[_line(one) for one in earlier_phases(work.actor, found.declaration)],
        waiting=_waiting(db, found, work=work),
        is_embargoed=found.declaration.is_embargoed,
        may_change_embargo=may_change_embargo(work.actor, found.declaration),
        may_move=may_move(work.actor, found.declaration),
        chosen=form.phase,
        reason="" if form.matter else form.reason,
        why=form.reason,
        errors=errors or {},
    )


def _may_look(found: Frame, work: Work) -> bool:
    is_one_of_two = policy.may_be_one_of_two(work.actor, found.declaration)
    return may_move(work.actor, found.declaration) or is_one_of_two


def _waiting(db: Db, found: Frame, *, work: Work) -> list[Waiting]:
    service = PhaseService(db)
    pending = (service.pending(found.declaration, matter) for matter in RULES)
    return [_told(one, found.declaration, work) for one in pending if one]


def _told(request: ApprovalRequest, declaration: Declaration, work: Work) -> Waiting:
    titles = {
        (Matter.ADOPTION, True): N_("The step to adoption"),
        (Matter.EMBARGO, True): N_("An embargo on the text"),
        (Matter.EMBARGO, False): N_("The end of the embargo"),
    }
    local = declaration.forum.local
    return Waiting(
        matter=request.matter.value,
        title=titles[request.matter, request.details["wanted"]],
        request=request_view(RULES[request.matter], declaration, request, actor=work.actor, local=local),
        happens_at=_begins(declaration) if request.matter is Matter.ADOPTION else None,
    )


def _line(phase: Phase) -> PhaseLine:
    return PhaseLine(phase.value, phases.NAMES[phase], phases.MEANINGS[phase])


def _begins(declaration: Declaration) -> datetime | None:
    """When the adoption begins by itself, in the time of the place; None for at once."""
    return _at_place(date_of_adoption(declaration), declaration)


def _at_place(at: datetime | None, declaration: Declaration) -> datetime | None:
    return declaration.forum.local(at) if at else None
