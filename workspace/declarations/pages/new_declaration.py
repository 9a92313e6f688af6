"""Beginning a declaration."""

import re
from collections.abc import Mapping, Sequence

from litestar import Controller, Response
from litestar.datastructures import UploadFile
from msgspec import Struct, field
from msgspec.structs import replace
from slugify import slugify

from drafts.base.errors import DraftsError
from drafts.languages.alignment import AlignedRow, Doubt, RowDecision, align, doubtful, row_choices
from drafts.languages.alignment import RowDecision as RowChoice
from drafts.text.block_roles import read_declaration
from drafts.text.blocks import Document, Language
from drafts.text.markup import plain
from workspace.consultation.adopted_texts import BankService
from workspace.core.errors import BadFile, Invalid, Misaligned
from workspace.core.storage.db import Db, Trilingual, new_id
from workspace.core.validation import sent_id, whole_number
from workspace.declarations.domain import policy, text_files
from workspace.declarations.domain.models import Declaration
from workspace.declarations.domain.new_blocks import ensure_same_text
from workspace.declarations.domain.service import DeclarationService
from workspace.declarations.frame import header
from workspace.people.frame import forum_frame
from workspace.people.models import Forum
from workspace.people.service import PeopleService
from workspace.recommendations.models import RecommendationStatus
from workspace.recommendations.service import RecommendationService
from workspace.recommendations.themes import ThemeService
from workspace.web.http.request_context import MultipartBody, Slug, Work
from workspace.web.http.routing import get, post
from workspace.web.i18n.marking import N_
from workspace.web.i18n.messages import LANGUAGES, Messages
from workspace.web.pages import Page, PageOrRedirect, page, redirect
from workspace.web.refusals.sentences import sentence, worded

FROM_TEXTS, FROM_RECOMMENDATIONS = "texts", "recommendations"
LONGEST_SLUG = 60
MOST_LISTED = 200  # recommendations, each with a box; of more, the numbers are typed
EVERY = range(10_000_000)
_TYPED = re.compile(r"(\d{1,7})(?:\s*[-–]\s*(\d{1,7}))?")
Errors = Mapping[str, str]


class NewDeclarationTexts(Struct, frozen=True):
    """What was sent: texts by language (read from a file, or written), names by language, numbers chosen."""

    way: str = FROM_TEXTS
    slug: str = ""
    language: str = ""
    texts: Mapping[Language, str] = field(default_factory=dict)
    names: Mapping[Language, str] = field(default_factory=dict)
    numbers: Sequence[int] = ()
    typed: str | None = None  # the numbers of many: "1-40, 52", or nothing for all
    grouping: str = ""  # the list whose themes are the parts; "" for a part for each session
    opening: str = ""  # the adopted text whose chapeau and preamble open the draft
    accept_gaps: bool = False
    decided: Mapping[int, RowChoice] | None = None  # of doubtful rows; None before somebody was asked


class RecommendationChoice(Struct, frozen=True):
    """A confirmed recommendation that a draft can begin with."""

    number: int
    text: str
    language: str
    session: str
    is_chosen: bool


class NewDeclarationPage(Page, frozen=True, kw_only=True):
    """`may_accept_gaps` appears once the texts were found not to match. `errors` are by field.

    There are `count` recommendations; where they are too many to be listed, there are no `choices`.
    """

    form: NewDeclarationTexts
    count: int
    choices: Sequence[RecommendationChoice]
    groupings: Sequence[tuple[str, str]]
    openings: Sequence[tuple[str, str]]
    may_accept_gaps: bool = False
    errors: Errors = field(default_factory=dict)


class FormRejected(Exception):
    """Something in the form cannot be taken; `errors` says what, by field, in the reader's language."""

    def __init__(self, errors: Errors, *, is_misaligned: bool = False) -> None:
        super().__init__()
        self.errors = errors
        self.is_misaligned = is_misaligned


class UncertainAlignment(Exception):
    """Some paragraphs cannot be put beside one another with confidence: somebody decides about these `rows`."""

    def __init__(self, rows: Sequence[AlignedRow]) -> None:
        super().__init__()
        self.rows = rows


def new_declaration_page(
    db: Db, forum_slug: str, *, work: Work, form: NewDeclarationTexts, refusal: FormRejected | None = None
) -> NewDeclarationPage:
    """The form, empty or as it was sent. Raises `NotAllowed` for whoever may not begin a declaration."""
    found = forum_frame(db, forum_slug, work=work)
    policy.ensure_may_create(work.actor, found.forum)
    every_is_chosen = form.way != FROM_RECOMMENDATIONS
    register = RecommendationService(db)
    count = register.confirmed_count(found.forum, actor=work.actor)
    return NewDeclarationPage(
        place=header(db, found, work=work),
        here="forum",
        form=form,
        count=count,
        choices=[
            RecommendationChoice(*row, every_is_chosen or row.number in form.numbers)
            for row in (register.confirmed(found.forum, actor=work.actor) if count <= MOST_LISTED else ())
        ],
        groupings=[
            (str(taxonomy.id), taxonomy.name.said_in(work.language))
            for taxonomy in ThemeService(db).taxonomies(found.forum, actor=work.actor)
            if taxonomy.themes
        ],
        openings=[
            (str(text.id), text.title.said_in(work.language))
            for text, _ in BankService(db).texts(found.forum, actor=work.actor)
        ],
        may_accept_gaps=form.accept_gaps or (refusal is not None and refusal.is_misaligned),
        errors=refusal.errors if refusal else {},
    )


def text_of(data: bytes, name: str, language: Language, *, work: Work) -> str:
    """The text of a file that was sent: Markdown, Word or OpenDocument. Raises `FormRejected` for one that is none."""
    try:
        return text_files.first_draft_text(data, name)
    except (DraftsError, BadFile) as refusal:
        raise FormRejected({text_field(language): sentence(refusal, work.messages)}) from refusal


def text_field(language: Language) -> str:
    """The name of the form's field that holds the text in `language`."""
    return f"text_{language}"


def name_field(language: Language) -> str:
    return f"name_{language}"


def create(db: Db, forum: Forum, form: NewDeclarationTexts, *, work: Work) -> Declaration:
    """Make the declaration that the form asks for. Raises `FormRejected` for what the form has to say again."""
    policy.ensure_may_create(work.actor, forum)
    make = _from_texts if form.way == FROM_TEXTS else _from_recommendations
    try:
        return make(db, forum, form, work)
    except Misaligned as refusal:
        language = Language(str(refusal.facts["language"]))
        said = worded(refusal, _misaligned(refusal, language, work))
        raise FormRejected({text_field(language): said}, is_misaligned=True) from refusal
    except Invalid as refusal:
        raise FormRejected({str(refusal.facts["field"]): sentence(refusal, work.messages)}) from refusal


def _from_texts(db: Db, forum: Forum, form: NewDeclarationTexts, work: Work) -> Declaration:
    if not form.texts:
        said = work.messages.gettext("Send the text in at least one language.")
        raise FormRejected({text_field(language): said for language in LANGUAGES})
    documents = {language: document_of(text, language, work) for language, text in form.texts.items()}
    lead = _lead(form, form.texts)
    if form.decided is None:
        rows = align(documents)
        if not form.accept_gaps:
            ensure_same_text(rows, documents)
        if any(not (form.accept_gaps and rows[index].doubt is Doubt.ALONE) for index in doubtful(rows)):
            raise UncertainAlignment(rows)
    return DeclarationService(db).import_texts(
        forum,
        slug=form.slug or _slug(next((block.text for block in documents[lead].blocks), "")),
        documents=documents,
        language=lead,
        actor=work.actor,
        accept_gaps=form.accept_gaps or form.decided is not None,
        decided=form.decided or {},
    )


def _from_recommendations(db: Db, forum: Forum, form: NewDeclarationTexts, work: Work) -> Declaration:
    if not form.names:
        said = work.messages.gettext("Name the declaration in at least one language.")
        raise FormRejected({name_field(work.language): said})
    confirmed = RecommendationService(db).register(forum, actor=work.actor, standing=RecommendationStatus.CONFIRMED)
    spans = _spans(form)
    chosen = [each for each in confirmed if any(each.number in span for span in spans)]
    if not chosen:
        raise FormRejected({"number": work.messages.gettext("Choose at least one recommendation.")})
    lead = _lead(form, form.names)
    return DeclarationService(db).draft(
        forum,
        slug=form.slug or _slug(form.names[lead]),
        name=Trilingual.of({language.value: name for language, name in form.names.items()}),
        language=lead,
        recommendations=chosen,
        taxonomy_id=sent_id(form.grouping) if form.grouping else None,
        opening_id=sent_id(form.opening) if form.opening else None,
        actor=work.actor,
    )


def _spans(form: NewDeclarationTexts) -> Sequence[range]:
    """The numbers that were ticked, or typed as such and as spans."""
    if form.typed is None:
        return [range(number, number + 1) for number in form.numbers]
    pairs = _TYPED.findall(form.typed)[:MOST_LISTED]
    return [range(int(first), int(last or first) + 1) for first, last in pairs] if form.typed.strip() else [EVERY]


def document_of(text: str, language: Language, work: Work) -> Document:
    """The blocks of a text that was sent. Raises `FormRejected` for one that cannot be read."""
    try:
        return read_declaration(text, language=language, new_id=lambda: str(new_id()))
    except DraftsError as refusal:
        raise FormRejected({text_field(language): sentence(refusal, work.messages)}) from refusal


def _lead(form: NewDeclarationTexts, among: Mapping[Language, str]) -> Language:
    """The original language: the one chosen, if there is something in it, else the first that has something."""
    return next((language for language in among if language.value == form.language), next(iter(among)))


def _slug(title: str) -> str:
    return slugify(title, max_length=LONGEST_SLUG, word_boundary=True)


def _misaligned(refusal: Misaligned, language: Language, work: Work) -> str:
    return work.messages.gettext(
        "%(language)s: %(missing)s of %(total)s paragraphs missing (first: “%(first)s”).",
        language=work.messages.language_name(language),
        missing=work.messages.number(int(refusal.facts["missing"])),
        total=work.messages.number(int(refusal.facts["total"])),
        first=refusal.facts["first"],
    )


_SAID: Mapping[Doubt, str] = {
    Doubt.WEAK: N_("Do these say the same?"),
    Doubt.SPLIT: N_("This paragraph may be two in another language."),
    Doubt.ALONE: N_("This paragraph may be missing in a language."),
}
_CHOICES: Mapping[RowDecision, str] = {
    RowDecision.KEEP: N_("They say the same"),
    RowDecision.APART: N_("%(language)s is a paragraph of its own"),
    RowDecision.ABOVE: N_("Part of the paragraph above"),
    RowDecision.BELOW: N_("Part of the paragraph below"),
}
_ANSWERS: Mapping[RowDecision, str] = {
    RowDecision.ABOVE: N_("Same as the paragraph above"),
    RowDecision.BELOW: N_("Same as the paragraph below"),
}
_MISSING = N_("Missing there, to be translated")


class DoubtfulRow(Struct, frozen=True):
    """A row to decide about, between its neighbours; `options` are values of the form with their words."""

    index: int
    said: str
    above: Mapping[Language, str]
    below: Mapping[Language, str]
    texts: Mapping[Language, str]
    options: Sequence[tuple[str, str]]


class AligningPage(Page, frozen=True, kw_only=True):
    form: NewDeclarationTexts
    rows: Sequence[DoubtfulRow]
    languages: Sequence[Language]
    total: int


def aligning_page(
    db: Db, forum: str, rows: Sequence[AlignedRow], form: NewDeclarationTexts, *, work: Work
) -> AligningPage:
    """The doubtful rows of the texts in `form`."""
    languages = list(form.texts)
    return AligningPage(
        place=header(db, forum_frame(db, forum, work=work), work=work),
        here="forum",
        form=form,
        rows=[_shown(rows, index, len(languages), work.messages) for index in doubtful(rows)],
        languages=languages,
        total=len(rows),
    )


def decided_in(values: Sequence[str]) -> dict[int, RowDecision]:
    """What a form says of each row; what no form of ours sends decides nothing."""
    pairs = [value.partition(" ") for value in values]
    return {
        row: RowDecision(choice)
        for index, _, choice in pairs
        if (row := whole_number(index)) is not None and choice in set(RowDecision)
    }


def _shown(rows: Sequence[AlignedRow], index: int, languages: int, messages: Messages) -> DoubtfulRow:
    row = rows[index]
    return DoubtfulRow(
        index=index,
        said=messages.gettext(_SAID[row.doubt or Doubt.WEAK]),
        above=_texts(rows[index - 1]) if index else {},
        below=_texts(rows[index + 1]) if index + 1 < len(rows) else {},
        texts=_texts(row),
        options=[
            (f"{index} {row_decision}", _words(row_decision, rows, index, languages, messages))
            for row_decision in row_choices(rows, index)
        ],
    )


def _words(choice: RowDecision, rows: Sequence[AlignedRow], index: int, languages: int, messages: Messages) -> str:
    row = rows[index]
    if choice is RowDecision.KEEP and len(row.blocks) < languages:
        return messages.gettext(_MISSING)
    if choice is RowDecision.APART and row.odd is not None:
        return messages.gettext(_CHOICES[choice], language=messages.language_name(row.odd))
    if choice in _ANSWERS:
        beside = rows[index - 1] if choice is RowDecision.ABOVE else rows[index + 1]
        if row.blocks.keys().isdisjoint(beside.blocks):
            return messages.gettext(_ANSWERS[choice])
    return messages.gettext(_CHOICES[choice])


def _texts(row: AlignedRow) -> Mapping[Language, str]:
    return {language: plain(block.text) for language, block in row.blocks.items()}


class NewDeclarationForm(Struct, frozen=True):
    """The two forms of the page in one: `way` says which. A text may be a file, or written (`text_…`)."""

    way: str = FROM_TEXTS
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
    numbers: str | None = None
    grouping: str = ""
    opening: str = ""
    accept_gaps: str = ""
    row: list[str] | str = field(default_factory=list)  # "12 keep": what was decided of a doubtful row
    has_answers: str = ""

    def file(self, language: Language) -> UploadFile | None:
        return {Language.ES: self.es, Language.EN: self.en, Language.FR: self.fr}[language]

    def text(self, language: Language) -> str:
        """What was written; browsers end its lines as mail does."""
        written = {Language.ES: self.text_es, Language.EN: self.text_en, Language.FR: self.text_fr}[language]
        return written.replace("\r\n", "\n").strip()

    def name(self, language: Language) -> str:
        return {Language.ES: self.name_es, Language.EN: self.name_en, Language.FR: self.name_fr}[language].strip()

    def as_written(self) -> NewDeclarationTexts:
        """The form without its files."""
        return NewDeclarationTexts(
            way=self.way,
            slug=self.slug.strip(),
            language=self.language,
            texts={language: self.text(language) for language in Language if self.text(language)},
            names={language: self.name(language) for language in Language if self.name(language)},
            numbers=self.number,
            typed=self.numbers,
            grouping=self.grouping,
            opening=self.opening,
            accept_gaps=bool(self.accept_gaps),
            decided=decided_in(self._rows) if self.has_answers else None,
        )

    @property
    def undecided(self) -> int:
        """How many doubtful rows were left as they are."""
        return self._rows.count("")

    @property
    def _rows(self) -> list[str]:
        return [self.row] if isinstance(self.row, str) else self.row


class NewDeclarationPages(Controller):
    """Beginning a declaration."""

    path = "/{forum:str}/declarations/new"

    @get(name="new_declaration", policy="document.import")
    def new_declaration(self, work: Work, forum: Slug) -> Response[str]:
        """The empty form."""
        return _form_again(work, forum, NewDeclarationTexts(), status=200)

    @post(name="create_declaration", policy="document.import")
    def create_declaration(self, work: Work, forum: Slug, data: MultipartBody[NewDeclarationForm]) -> PageOrRedirect:
        """Make the declaration. A refusal shows the form again; the texts that were read stay in it."""
        form, _ = data.as_written(), work.actor  # asked before the unit of work opens
        try:
            form = _with_files(form, data, work=work)
            with work.writing() as db:
                made = create(db, PeopleService(db).forum(forum), form, work=work)
                slug, name = made.slug, made.name.said_in(work.language)
        except UncertainAlignment as doubt:
            with work.reading() as db:
                context = aligning_page(db, forum, doubt.rows, form, work=work)
            return page(work, "declarations/aligning.html", context)
        except FormRejected as refusal:
            return _form_again(work, forum, form, refusal=refusal)
        to = work.url_for("reading", forum=forum, declaration=slug)
        said = work.messages.gettext("“%(name)s” created, revision 1.", name=name)
        if left := data.undecided:
            said += " " + work.messages.ngettext(
                "One paragraph is unverified.", "%(n)s paragraphs are unverified.", left
            )
        return redirect(work, to, said=said)


def _with_files(form: NewDeclarationTexts, data: NewDeclarationForm, *, work: Work) -> NewDeclarationTexts:
    """The form with the texts of its files, which count more than what is written beside them."""
    texts = dict(form.texts)
    for language in Language:
        file = data.file(language)
        content = file.file.read() if file else b""
        if file and content:
            texts[language] = text_of(content, file.filename, language, work=work)
    return replace(form, texts=texts)


def _form_again(
    work: Work, forum: str, form: NewDeclarationTexts, *, refusal: FormRejected | None = None, status: int = 422
) -> Response[str]:
    with work.reading() as db:
        context = new_declaration_page(db, forum, work=work, form=form, refusal=refusal)
    return page(work, "declarations/new.html", context, status=status)
