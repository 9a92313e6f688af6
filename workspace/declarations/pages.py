"""Beginning a declaration, and moving it on: the chair opens the next phase, or goes back with a reason."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from litestar import Controller, Response, get, post
from litestar.datastructures import UploadFile
from litestar.di import NamedDependency
from litestar.params import FromPath, MultipartBody, URLEncodedBody

from drafts.blocks import Language
from workspace.core.db import Db
from workspace.core.errors import Invalid, NotAllowed
from workspace.core.permissions import Phase
from workspace.declarations import creating, phases
from workspace.declarations.creating import Form, NotTaken
from workspace.declarations.frame import frame
from workspace.declarations.next_steps import earlier_phases, may_move, next_phase
from workspace.declarations.service import DeclarationService
from workspace.people.service import PeopleService
from workspace.web.pages import Page, field_errors, page, redirect
from workspace.web.services import Work


@dataclass(frozen=True, slots=True)
class NewDeclarationForm:
    """The two forms of the page in one: `way` says which. A text may be a file, or written (`text_…`)."""

    way: str = creating.FROM_TEXTS
    slug: str = ""
    language: str = ""
    es: UploadFile | None = None
    en: UploadFile | None = None
    fr: UploadFile | None = None
    text_es: str = ""
    text_en: str = ""
    text_fr: str = ""
    name_es: str = ""
    name_en: str = ""
    name_fr: str = ""
    number: list[int] = field(default_factory=list)
    accept_gaps: str = ""

    def file(self, language: Language) -> UploadFile | None:
        return {Language.ES: self.es, Language.EN: self.en, Language.FR: self.fr}[language]

    def text(self, language: Language) -> str:
        """What was written; browsers end its lines as mail does."""
        written = {Language.ES: self.text_es, Language.EN: self.text_en, Language.FR: self.text_fr}[language]
        return written.replace("\r\n", "\n").strip()

    def name(self, language: Language) -> str:
        return {Language.ES: self.name_es, Language.EN: self.name_en, Language.FR: self.name_fr}[language].strip()

    def as_written(self) -> Form:
        """The form without its files."""
        return Form(
            way=self.way,
            slug=self.slug.strip(),
            language=self.language,
            texts={one: self.text(one) for one in Language if self.text(one)},
            names={one: self.name(one) for one in Language if self.name(one)},
            numbers=self.number,
            accept_gaps=bool(self.accept_gaps),
        )


class NewDeclarationPages(Controller):
    """Beginning a declaration."""

    path = "/{forum:str}/declarations/new"

    @get(name="new_declaration", sync_to_thread=True)
    def new_declaration(self, work: NamedDependency[Work], forum: FromPath[str]) -> Response[str]:
        """The empty form."""
        return _form_again(work, forum, Form(), status=200)

    @post(name="create_declaration", sync_to_thread=True)
    def create_declaration(
        self, work: NamedDependency[Work], forum: FromPath[str], data: MultipartBody[NewDeclarationForm]
    ) -> Response[str] | Response[None]:
        """Make the declaration. A refusal shows the form again; the texts that were read stay in it."""
        form, _ = data.as_written(), work.actor  # asked before the unit of work opens
        try:
            form = _with_files(form, data, work=work)
            with work.writing() as db:
                made = creating.create(db, PeopleService(db).forum(forum), form, work=work)
                slug, name = made.slug, made.name.said_in(work.language)
        except NotTaken as refusal:
            return _form_again(work, forum, form, refusal=refusal)
        to = work.url_for("reading", forum=forum, declaration=slug)
        return redirect(work, to, said=work.messages.gettext("“%(name)s” has begun, as revision 1.", name=name))


def _with_files(form: Form, data: NewDeclarationForm, *, work: Work) -> Form:
    """The form with the texts of its files, which count more than what is written beside them."""
    texts = dict(form.texts)
    for language in Language:
        file = data.file(language)
        content = file.file.read() if file else b""
        if file and content:
            texts[language] = creating.text_of(content, file.filename, language, work=work)
    return replace(form, texts=texts)


def _form_again(
    work: Work, forum: str, form: Form, *, refusal: NotTaken | None = None, status: int = 422
) -> Response[str]:
    with work.reading() as db:
        context = creating.new_declaration_page(db, forum, work=work, form=form, refusal=refusal)
    return page(work, "declarations/new.html", context, status=status)


@dataclass(frozen=True, slots=True)
class PhaseForm:
    phase: str = ""
    reason: str = ""


@dataclass(frozen=True, slots=True)
class PhaseLine:
    """A phase to choose: its value in the form, its name, and what it will mean."""

    value: str
    name: str
    meaning: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PhasePage(Page):
    """`following` is None when the next step is not one that this person takes here."""

    name: str
    state: str
    is_adoption: bool
    following: PhaseLine | None
    earlier: Sequence[PhaseLine]
    chosen: str = ""
    reason: str = ""
    errors: Mapping[str, str] = field(default_factory=dict)


class PhasePages(Controller):
    """The phases of one declaration."""

    path = "/{forum:str}/{declaration:str}/phase"

    @get(name="phase", sync_to_thread=True)
    def phase(self, work: NamedDependency[Work], forum: FromPath[str], declaration: FromPath[str]) -> Response[str]:
        """Where the declaration can go from here."""
        with work.reading() as db:
            context = _context(db, forum, declaration, work=work)
        return page(work, "declarations/phase.html", context)

    @post(name="move_phase", sync_to_thread=True)
    def move_phase(
        self,
        work: NamedDependency[Work],
        forum: FromPath[str],
        declaration: FromPath[str],
        data: URLEncodedBody[PhaseForm],
    ) -> Response[str] | Response[None]:
        """Go there; a refusal shows the form again with what was written."""
        try:
            said = _move(work, forum, declaration, data)
        except Invalid as refusal:
            with work.reading() as db:
                context = _context(db, forum, declaration, work=work, form=data, errors=field_errors(work, refusal))
            return page(work, "declarations/phase.html", context, status=422)
        return redirect(work, work.url_for("forum", forum=forum), said=said)


def _move(work: Work, forum: str, declaration: str, form: PhaseForm) -> str:
    """Move the phase and say so. Publishing is not a move: it takes a second person, on the readiness page."""
    actor = work.actor
    wanted = next((one for one in Phase if one.value == form.phase), None)
    if wanted is None or wanted is Phase.PUBLISHED:
        raise Invalid(field="phase", reason="not_next", given=form.phase, now="")
    with work.writing() as db:
        found = frame(db, forum, declaration, work=work)
        locked = DeclarationService(db).lock(found.declaration.id)
        DeclarationService(db).move_phase(locked, wanted, actor=actor, reason=form.reason)
    return work.messages.gettext(
        "The declaration is now in this phase: %(phase)s.", phase=work.messages.gettext(phases.NAMES[wanted])
    )


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
    if not may_move(work.actor, found.declaration):
        raise NotAllowed(action="phase.forward")
    following = next_phase(work.actor, found.declaration)
    return PhasePage(
        place=found.place,
        here="forum",
        name=found.declaration.name.said_in(work.language),
        state=phases.STATES[found.declaration.phase],
        is_adoption=found.declaration.phase is Phase.ADOPTION,
        following=_line(following) if following else None,
        earlier=[_line(one) for one in earlier_phases(work.actor, found.declaration)],
        chosen=form.phase,
        reason=form.reason,
        errors=errors or {},
    )


def _line(phase: Phase) -> PhaseLine:
    return PhaseLine(phase.value, phases.NAMES[phase], phases.MEANINGS[phase])
