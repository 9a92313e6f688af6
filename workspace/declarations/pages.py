"""Beginning a declaration."""

from litestar import Controller, Response, get, post
from litestar.datastructures import UploadFile
from litestar.di import NamedDependency
from msgspec import Struct, field
from msgspec.structs import replace

from drafts.blocks import Language
from workspace.declarations import creating
from workspace.declarations.aligning import aligning_page, decided_in
from workspace.declarations.creating import Doubtful, Form, NotTaken
from workspace.people.service import PeopleService
from workspace.web.pages import page, redirect
from workspace.web.params import FromPath, MultipartBody
from workspace.web.services import Work


class NewDeclarationForm(Struct, frozen=True):
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
    row: list[str] | str = field(default_factory=list)  # "12 keep": what was decided of a doubtful row
    is_asked: str = ""

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
            decided=decided_in([self.row] if isinstance(self.row, str) else self.row) if self.is_asked else None,
        )


class NewDeclarationPages(Controller):
    """Beginning a declaration."""

    path = "/{forum:str}/declarations/new"

    @get(name="new_declaration", sync_to_thread=True, policy="document.import")
    def new_declaration(self, work: NamedDependency[Work], forum: FromPath[str]) -> Response[str]:
        """The empty form."""
        return _form_again(work, forum, Form(), status=200)

    @post(name="create_declaration", sync_to_thread=True, policy="document.import")
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
        except Doubtful as doubt:
            with work.reading() as db:
                context = aligning_page(db, forum, doubt.rows, form, work=work)
            return page(work, "declarations/aligning.html", context)
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
