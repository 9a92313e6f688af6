"""An edition as a page shows it: the text in one language, its files, and whether it is still what was published."""

import json
from collections.abc import Mapping, Sequence
from datetime import date, datetime

from markupsafe import Markup
from msgspec import Struct, field
from slugify import slugify

from drafts.base.lazy_regex import lazy_regex
from drafts.formats.assembly import EditionText, EditionWording
from drafts.formats.edition import MANIFEST, SHEET, THREE
from drafts.formats.html import LanguageView, row, title_page, upright, wide
from drafts.formats.labels import NBSP, WORDS, long_date
from drafts.formats.verification_files import GUIDE, RECORD
from drafts.text.blocks import Language
from drafts.text.markup import plain
from drafts.text.numbering import printed
from workspace.consultation.models import CommitmentStatus
from workspace.core.errors import NotFound
from workspace.core.storage.db import Db
from workspace.declarations.domain import queries
from workspace.declarations.frame import Frame
from workspace.declarations.labels import names_of
from workspace.editions.domain import policy
from workspace.editions.domain.commitments import OPEN, CommitmentService
from workspace.editions.domain.edition_store import FileFacts
from workspace.editions.domain.models import Edition
from workspace.editions.domain.publication import EditionService
from workspace.editions.domain.queries import corrected_numbers, editions_with_sheet, sheet_name
from workspace.editions.domain.reservations import ReservationService
from workspace.editions.pages.apparatus import POSITIONS
from workspace.editions.pages.cause_view import KINDS_WITH_CAUSES, ParagraphCause
from workspace.web.http.request_context import Work
from workspace.web.i18n.marking import N_
from workspace.web.i18n.messages import Messages

_MEGABYTE = 1_000_000
_NAME = lazy_regex(r"(?P<what>declaration|corrigendum)\.(?P<language>es|en|fr)\.(?P<form>[\w.]+)")
_FOOT = lazy_regex(r"<!--b-([0-9a-f-]{36})-->")
_LABELS: Mapping[str, str] = {
    f"declaration.{THREE}.html": N_("Web page, three languages side by side"),
    f"declaration.{THREE}.pdf": N_("PDF, three languages side by side"),
    f"declaration.{THREE}.docx": N_("Word, three languages side by side"),
    "declaration.json": N_("Data (JSON)"),
    MANIFEST: N_("Manifest: fingerprints of files and paragraphs"),
    RECORD: N_("Hashes of the decisions and recommendations (JSON)"),
    GUIDE: N_("How to verify this edition"),
}
_FORMS: Mapping[str, str] = {
    "html": N_("Web page, %(language)s"),
    "pdf": N_("PDF, %(language)s"),
    "docx": N_("Word, %(language)s"),
    "txt": N_("Plain text, %(language)s"),
    "md": N_("Markdown, %(language)s"),
    "akn.xml": N_("Akoma Ntoso (XML), %(language)s"),
}
PREVIEWS = (
    f"declaration.{THREE}.html",
    f"declaration.{THREE}.pdf",
    *(f"declaration.{language}.{form}" for language in Language for form in ("html", "pdf")),
)


class FileLine(Struct, frozen=True):
    """One file to take along."""

    label: str
    name: str
    href: str
    size: str
    sha256: str
    is_near: bool  # what most readers of these languages look for


def file_label(name: str, messages: Messages) -> str:
    """What a file of an edition is, in words."""
    if name in _LABELS:
        return messages.gettext(_LABELS[name])
    found = _NAME.fullmatch(name)
    form = found["form"] if found else ""
    if found is None or form not in _FORMS:
        return name
    language = messages.language_name(found["language"])
    if found["what"] == SHEET:
        return messages.gettext("Corrigendum (%(form)s), %(language)s", form=_SHORT[form], language=language)
    return messages.gettext(_FORMS[form], language=language)


class PreviewGroup(Struct, frozen=True):
    """The forms in which one language, or all of them, can be looked at: what each is called, and where it is."""

    languages: Sequence[Language]
    forms: Sequence[tuple[str, str]]


def preview_groups(work: Work, forum: str, declaration: str) -> list[PreviewGroup]:
    """Every form of the edition to be; the same names in every language, so that a person finds them again."""

    def forms(which: str, names: Sequence[str]) -> list[tuple[str, str]]:
        at = {"forum": forum, "declaration": declaration}
        return [(_SHORT[form], work.url_for("preview", **at, file=f"declaration.{which}{form}")) for form in names]

    every = [PreviewGroup(tuple(Language), forms(f"{THREE}.", ("html", "pdf", "docx")) + forms("", ("json",)))]
    return every + [PreviewGroup((language,), forms(f"{language}.", tuple(_FORMS))) for language in Language]


_SHORT: Mapping[str, str] = {
    "html": "HTML",
    "pdf": "PDF",
    "docx": "Word",
    "txt": "TXT",
    "md": "Markdown",
    "akn.xml": "Akoma Ntoso",
    "json": "JSON",
}


def file_lines(work: Work, forum: str, declaration: str, number: int, files: Sequence[FileFacts]) -> list[FileLine]:
    """The files in the order in which people look for them: all languages first, then each, then data."""
    near = {
        f"{what}.{which}.{form}"
        for what in ("declaration", SHEET)
        for which in (THREE, *work.texts())
        for form in ("html", "pdf", "docx")
    }
    plain = [f"declaration.{language}.{form}" for form in ("txt", "md", "akn.xml") for language in Language]
    words = [f"declaration.{which}.docx" for which in (THREE, *Language)]
    sheets = [
        f"{SHEET}.{language}.{form}"
        for language in Language
        for form in ("pdf", "docx", "html", "txt", "md", "akn.xml")
    ]
    order = [*PREVIEWS, *words, *sheets, *plain, "declaration.json", MANIFEST, RECORD, GUIDE]
    ranked = sorted(files, key=lambda file: order.index(file.name) if file.name in order else len(order))
    return [
        FileLine(
            label=file_label(file.name, work.messages),
            name=file.name,
            href=work.url_for("edition_file", forum=forum, declaration=declaration, number=number, file=file.name),
            size=readable_size(file.size, work.messages),
            sha256=file.sha256,
            is_near=file.name in near,
        )
        for file in ranked
    ]


def readable_size(count: int, messages: Messages) -> str:
    """412 kB, 1.9 MB."""
    if count < _MEGABYTE:
        return f"{messages.number(max(1, round(count / 1000)))} kB"
    return f"{messages.number(round(count / _MEGABYTE, 1))} MB"


def printed_text(text: EditionText, languages: Sequence[Language]) -> tuple[Markup, Markup]:
    """Title page and text as the edition's own web page has them: one language as a book, several in columns.

    Each paragraph ends with a comment that names its block, for what stands beside it (`with_causes`).
    """
    feet = {row.id: f"<!--b-{row.id}-->" for row in text.rows if row.kind in KINDS_WITH_CAUSES}
    if len(languages) == 1:
        leaf = LanguageView(text, languages[0], feet=feet)
        title, pieces = title_page(leaf), upright(leaf)
    else:
        leaves = [LanguageView(text, language, prefix=f"{language}-", feet=feet) for language in languages]
        title, pieces = row("head", "", [(leaf, title_page(leaf)) for leaf in leaves]), wide(leaves)
    return Markup(title), Markup("".join(pieces))  # noqa: S704  (drafts.formats promises safe HTML)


def with_causes(body: Markup, causes: Mapping[str, ParagraphCause]) -> Sequence[tuple[Markup, ParagraphCause | None]]:
    """The text in pieces, each followed by what stands beside the paragraph that it ends with."""
    pieces = [*_FOOT.split(body), ""]
    found = zip(pieces[::2], pieces[1::2], strict=True)
    return [(Markup(piece), causes.get(block)) for piece, block in found]  # noqa: S704  (cut where it was marked)


def is_intact(service: EditionService, edition: Edition, text: EditionText) -> bool:
    """Whether the text shown still has the fingerprint that was published, and the manifest its own hash."""
    file = service.file(edition, MANIFEST)
    return file.sha256 == edition.manifest_sha256 and json.loads(file.content)["fingerprint"] == text.fingerprint


class EditionLink(Struct, frozen=True):
    """One edition of the lineage; `changes` is where one reads what it put right, "" for the first.

    `sheet` is its corrigendum as it is printed, "" where there is none.
    """

    number: int
    href: str
    changes: str
    sheet: str
    published_on: date
    is_this: bool


class Addendum(Struct, frozen=True):
    """What a member put on record after the edition had come out."""

    position: str
    organisation: str
    paragraph: str  # "" where it is about the whole text
    text: str
    language: Language
    filed_on: date


class FollowUp(Struct, frozen=True):
    """How far the forum's commitments are, and where they stand."""

    href: str
    open_ones: int
    kept: int


class RelatedContent(Struct, frozen=True):
    """Everything beside one edition, for one reader."""

    lineage: Sequence[EditionLink]
    followed_by: EditionLink | None
    corrects: EditionLink | None
    addenda: Sequence[Addendum]
    follow_up: FollowUp | None
    correct: str  # where slips are put right, for who may


def related_content(db: Db, work: Work, found: Frame, edition: Edition) -> RelatedContent:
    """Gather what the page of an edition says beside its text."""
    links = lineage(db, work, found, edition)
    here = {"forum": found.place.forum, "declaration": found.place.declaration}
    may_know = policy.may_know_corrigenda(work.actor, found.declaration)
    own = corrected_numbers(db, found.declaration).get(edition.id)
    return RelatedContent(
        lineage=links,
        followed_by=next((link for link in links if link.number == edition.number + 1), None),
        corrects=next((link for link in links if link.number == own), None),
        addenda=_addenda(db, work, found, edition),
        follow_up=_follow_up(db, work, found),
        correct=work.url_for("corrigenda", **here) if may_know else "",
    )


def lineage(db: Db, work: Work, found: Frame, edition: Edition | None = None) -> list[EditionLink]:
    """Every edition, oldest first; `edition` is the one that is being read."""
    corrected, sheets = corrected_numbers(db, found.declaration), editions_with_sheet(db, found.declaration)
    sheet = sheet_name(work.language)
    here = {"forum": found.place.forum, "declaration": found.place.declaration}
    return [
        EditionLink(
            number=listed.number,
            href=work.url_for("edition", **here, number=listed.number),
            changes=work.url_for("edition_changes", **here, number=listed.number) if listed.id in corrected else "",
            sheet=work.url_for("edition_file", **here, number=listed.number, file=sheet) if listed.id in sheets else "",
            published_on=found.forum.local(listed.published_at).date(),
            is_this=listed is edition,
        )
        for listed in reversed(EditionService(db).editions(found.declaration))
    ]


def _addenda(db: Db, work: Work, found: Frame, edition: Edition) -> list[Addendum]:
    records = ReservationService(db).not_in(found.declaration, EditionService(db).around(edition))
    if not records:
        return []
    rows = queries.pinned_rows(db, edition.revision_id)
    named = names_of(rows, work.messages)
    said = work.messages
    return [
        Addendum(
            position=said.gettext(POSITIONS[record.position]),
            organisation=record.organisation.name,
            paragraph=named.get(record.block_id, "") if record.block_id else "",
            text=record.text.said_in(work.language),
            language=work.language if record.text.to_dict()[work.language] else record.language,
            filed_on=found.forum.local(record.filed_at).date(),
        )
        for record in records
    ]


def _follow_up(db: Db, work: Work, found: Frame) -> FollowUp | None:
    """None where nothing was promised, or the reader may not read of it."""
    try:
        register = CommitmentService(db).register(found.forum, actor=work.actor)
    except NotFound:
        return None
    if not register:
        return None
    return FollowUp(
        href=work.url_for("commitments", forum=found.place.forum),
        open_ones=sum(commitment.status in OPEN for commitment in register),
        kept=sum(commitment.status is CommitmentStatus.KEPT for commitment in register),
    )


class LinkedFile(Struct, frozen=True, rename="camel", tag_field="@type", tag="MediaObject"):
    """One file, as search engines are told of it."""

    content_url: str
    encoding_format: str
    sha256: str
    name: str


class LinkedEdition(Struct, frozen=True, rename="camel", tag_field="@type", tag="Legislation"):
    """An edition in the words of schema.org."""

    name: str
    url: str
    in_language: Sequence[str]
    version: str
    legislation_date: date
    date_published: datetime
    publisher: Mapping[str, str]
    encoding: Sequence[LinkedFile]
    context: str = field(name="@context", default="https://schema.org")


LONGEST_QUOTE = 2_000  # characters
_QUOTED: Mapping[Language, str] = {
    Language.ES: "«{words}»",
    Language.EN: "“{words}”",
    Language.FR: f"«{NBSP}{{words}}{NBSP}»",
}


class CitationSource(Struct, frozen=True):
    """What is cited, in the language of the text; `address` is whole, and leads to the paragraph where one is cited."""

    forum: str
    name: str
    adopted_on: date
    edition: int
    manifest: str
    language: Language
    address: str
    paragraph: str = ""  # its number
    words: str = ""


class Citation(Struct, frozen=True):
    """One form: what it is called, and the words to copy."""

    name: str
    label: str
    words: str


class CitationForm(Struct, frozen=True):
    """The form below an edition: the numbers to choose from, the one that is chosen, and how it is cited."""

    numbers: Sequence[tuple[str, str]]  # each with how the reader's language prints it
    chosen: str
    citations: Sequence[Citation]


def citations(of: CitationSource) -> Sequence[Citation]:
    """Every form in which a source is cited. Labels are for the catalogue of messages."""
    reference = _reference(of)
    found = [Citation("reference", N_("Reference"), reference)]
    if of.words:
        quoted = _QUOTED[of.language].format(words=of.words)
        found.append(Citation("quotation", N_("With the text"), f"{quoted} ({reference})"))
    named = f"{of.name}, {_place(of)}" if of.paragraph else of.name
    title = named.replace("[", "\\[").replace("]", "\\]")
    return [
        *found,
        Citation("markdown", N_("Link (Markdown)"), f"[{title}]({of.address})"),
        Citation("bibtex", N_("BibTeX"), _bibtex(of)),
        Citation("ris", N_("RIS"), _ris(of)),
    ]


def quoted_paragraph(text: EditionText, number: str, language: Language) -> str:
    """The words of a paragraph without marks; empty for one that is not there, absent by decision, or too long."""
    row = next((row for row in text.rows if row.number == number), None)
    cell = row.cells[language] if row else None
    words = plain(cell.printed).replace("\n", " ") if isinstance(cell, EditionWording) else ""
    return words if len(words) <= LONGEST_QUOTE else ""


def _place(of: CitationSource) -> str:
    words = WORDS[of.language].paragraph.format(number=printed(of.paragraph, of.language))
    return words[0].lower() + words[1:]


def _edition(of: CitationSource) -> str:
    words = WORDS[of.language].edition.format(number=of.edition)
    return words[0].lower() + words[1:]


def _reference(of: CitationSource) -> str:
    parts = [of.forum, of.name, long_date(of.adopted_on, of.language), _edition(of)]
    if of.paragraph:
        parts.append(_place(of))
    return f"{', '.join(parts)}. {of.address}"


def _bibtex(of: CitationSource) -> str:
    key = slugify(of.name, max_length=40, word_boundary=True) or "declaration"
    facts = {
        "title": of.name,
        "author": "{" + of.forum + "}",
        "year": str(of.adopted_on.year),
        "month": str(of.adopted_on.month),
        "edition": str(of.edition),
        **({"pages": _place(of)} if of.paragraph else {}),
        "url": of.address,
        "langid": {Language.ES: "spanish", Language.EN: "english", Language.FR: "french"}[of.language],
        "note": f"SHA-256 {of.manifest}",
    }
    lines = ",\n".join(f"  {name} = {{{value}}}" for name, value in facts.items())
    return f"@misc{{{key}-{of.adopted_on.year},\n{lines}\n}}"


def _ris(of: CitationSource) -> str:
    facts = [
        ("TY", "GEN"),
        ("AU", of.forum),
        ("TI", of.name),
        ("PY", str(of.adopted_on.year)),
        ("DA", of.adopted_on.strftime("%Y/%m/%d")),
        ("ET", str(of.edition)),
        *([("SP", _place(of))] if of.paragraph else []),
        ("LA", of.language.value),
        ("UR", of.address),
        ("N1", f"SHA-256 {of.manifest}"),
        ("ER", ""),
    ]
    return "\n".join(f"{name}  - {value}" for name, value in facts)
