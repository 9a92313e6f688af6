"""Beginning a declaration: from its texts in one, two or three languages, or from what the sessions recommended."""

from collections.abc import Mapping, Sequence

from msgspec import Struct, field
from slugify import slugify

from drafts.aligning import Choice as RowChoice
from drafts.alignment import Doubt, Row, align, doubtful
from drafts.blocks import Document, Language
from drafts.errors import DraftsError
from drafts.markup import read
from drafts.parts import classify
from workspace.core.db import Db, Trilingual, new_id
from workspace.core.errors import BadFile, Invalid, Misaligned
from workspace.declarations import policy, word_texts
from workspace.declarations.aligned import ensure_same_text
from workspace.declarations.frame import header
from workspace.declarations.models import Declaration
from workspace.declarations.service import DeclarationService
from workspace.people.frame import forum_frame
from workspace.people.models import Forum
from workspace.recommendations.models import Recommendation, Standing
from workspace.recommendations.service import RecommendationService
from workspace.web.i18n import LANGUAGES
from workspace.web.pages import Page
from workspace.web.sentences import sentence, worded
from workspace.web.services import Work

FROM_TEXTS, FROM_RECOMMENDATIONS = "texts", "recommendations"
LONGEST_SLUG = 60
Errors = Mapping[str, str]


class Form(Struct, frozen=True):
    """What was sent: texts by language (read from a file, or written), names by language, numbers chosen."""

    way: str = FROM_TEXTS
    slug: str = ""
    language: str = ""
    texts: Mapping[Language, str] = field(default_factory=dict)
    names: Mapping[Language, str] = field(default_factory=dict)
    numbers: Sequence[int] = ()
    accept_gaps: bool = False
    decided: Mapping[int, RowChoice] | None = None  # of doubtful rows; None before somebody was asked


class Choice(Struct, frozen=True):
    """A confirmed recommendation that a draft can begin with."""

    number: int
    text: str
    language: str
    session: str
    is_chosen: bool


class NewDeclarationPage(Page, frozen=True, kw_only=True):
    """`may_accept_gaps` appears once the texts were found not to match. `errors` are by field."""

    form: Form
    choices: Sequence[Choice]
    may_accept_gaps: bool = False
    errors: Errors = field(default_factory=dict)


class NotTaken(Exception):
    """Something in the form cannot be taken; `errors` says what, by field, in the reader's language."""

    def __init__(self, errors: Errors, *, is_misaligned: bool = False) -> None:
        super().__init__()
        self.errors = errors
        self.is_misaligned = is_misaligned


class Doubtful(Exception):
    """Some paragraphs cannot be put beside one another with confidence: somebody decides about these `rows`."""

    def __init__(self, rows: Sequence[Row]) -> None:
        super().__init__()
        self.rows = rows


def new_declaration_page(
    db: Db, forum_slug: str, *, work: Work, form: Form, refusal: NotTaken | None = None
) -> NewDeclarationPage:
    """The form, empty or as it was sent. Raises `NotAllowed` for whoever may not begin a declaration."""
    found = forum_frame(db, forum_slug, work=work)
    policy.ensure_may_create(work.actor, found.forum)
    register = RecommendationService(db).register(found.forum, actor=work.actor, standing=Standing.CONFIRMED)
    return NewDeclarationPage(
        place=header(db, found, work=work),
        here="forum",
        form=form,
        choices=[_choice(one, form) for one in register],
        may_accept_gaps=form.accept_gaps or (refusal is not None and refusal.is_misaligned),
        errors=refusal.errors if refusal else {},
    )


def text_of(data: bytes, name: str, language: Language, *, work: Work) -> str:
    """The text of a file that was sent: Markdown, Word or OpenDocument. Raises `NotTaken` for one that is none."""
    try:
        return word_texts.text_of(data, name)
    except (DraftsError, BadFile) as refusal:
        raise NotTaken({text_field(language): sentence(refusal, work.messages)}) from refusal


def text_field(language: Language) -> str:
    """The name of the form's field that holds the text in `language`."""
    return f"text_{language}"


def name_field(language: Language) -> str:
    return f"name_{language}"


def create(db: Db, forum: Forum, form: Form, *, work: Work) -> Declaration:
    """Make the declaration that the form asks for. Raises `NotTaken` for what the form has to say again."""
    policy.ensure_may_create(work.actor, forum)
    make = _from_texts if form.way == FROM_TEXTS else _from_recommendations
    try:
        return make(db, forum, form, work)
    except Misaligned as refusal:
        language = Language(str(refusal.facts["language"]))
        said = worded(refusal, _misaligned(refusal, language, work))
        raise NotTaken({text_field(language): said}, is_misaligned=True) from refusal
    except Invalid as refusal:
        raise NotTaken({str(refusal.facts["field"]): sentence(refusal, work.messages)}) from refusal


def _from_texts(db: Db, forum: Forum, form: Form, work: Work) -> Declaration:
    if not form.texts:
        said = work.messages.gettext("Send the text in at least one of the three languages.")
        raise NotTaken({text_field(one): said for one in LANGUAGES})
    documents = {language: _document(text, language, work) for language, text in form.texts.items()}
    lead = _lead(form, form.texts)
    if form.decided is None and len(documents) > 1:
        rows = align(documents)
        if not form.accept_gaps:
            ensure_same_text(rows, documents)
        if any(not (form.accept_gaps and rows[index].doubt is Doubt.ALONE) for index in doubtful(rows)):
            raise Doubtful(rows)
    return DeclarationService(db).import_texts(
        forum,
        slug=form.slug or _slug(_title(documents[lead])),
        documents=documents,
        language=lead,
        actor=work.actor,
        accept_gaps=form.accept_gaps or form.decided is not None,
        decided=form.decided or {},
    )


def _from_recommendations(db: Db, forum: Forum, form: Form, work: Work) -> Declaration:
    if not form.names:
        said = work.messages.gettext("Give the declaration a name in at least one language.")
        raise NotTaken({name_field(work.language): said})
    confirmed = RecommendationService(db).register(forum, actor=work.actor, standing=Standing.CONFIRMED)
    chosen = [one for one in confirmed if one.number in form.numbers]
    if not chosen:
        raise NotTaken({"number": work.messages.gettext("Choose at least one recommendation.")})
    lead = _lead(form, form.names)
    return DeclarationService(db).draft(
        forum,
        slug=form.slug or _slug(form.names[lead]),
        name=Trilingual.of({one.value: name for one, name in form.names.items()}),
        language=lead,
        recommendations=chosen,
        actor=work.actor,
    )


def _document(text: str, language: Language, work: Work) -> Document:
    try:
        return classify(read(text, language=language, new_id=lambda: str(new_id())))
    except DraftsError as refusal:
        raise NotTaken({text_field(language): sentence(refusal, work.messages)}) from refusal


def _lead(form: Form, among: Mapping[Language, str]) -> Language:
    """The original language: the one chosen, if there is something in it, else the first that has something."""
    return next((one for one in among if one.value == form.language), next(iter(among)))


def _title(document: Document) -> str:
    return document.blocks[0].text if document.blocks else ""


def _slug(title: str) -> str:
    return slugify(title, max_length=LONGEST_SLUG, word_boundary=True)


def _misaligned(refusal: Misaligned, language: Language, work: Work) -> str:
    return work.messages.gettext(
        "The %(language)s text lacks %(missing)s of %(total)s paragraphs. The first one begins, in another "
        "language: “%(first)s”.",
        language=work.messages.language_name(language),
        missing=work.messages.number(int(refusal.facts["missing"])),
        total=work.messages.number(int(refusal.facts["total"])),
        first=refusal.facts["first"],
    )


def _choice(one: Recommendation, form: Form) -> Choice:
    is_chosen = one.number in form.numbers or form.way != FROM_RECOMMENDATIONS
    return Choice(one.number, one.text, one.language, one.origin, is_chosen)
