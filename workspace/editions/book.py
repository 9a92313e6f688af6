"""An edition as a page shows it: the text in one language, its files, and whether it is still what was published."""

import json
from collections.abc import Mapping, Sequence

from markupsafe import Markup
from msgspec import Struct

from drafts.assembly import EditionText
from drafts.blocks import Language
from drafts.formats.edition import MANIFEST, SHEET, THREE
from drafts.formats.guide import GUIDE
from drafts.formats.html import title_page
from drafts.formats.html_blocks import Leaf, row, upright, wide
from drafts.patterns import expression
from workspace.editions.models import Edition
from workspace.editions.service import EditionService, FileFacts
from workspace.web.i18n import N_, Messages
from workspace.web.services import Work

_MEGABYTE = 1_000_000
_NAME = expression(r"(?P<what>declaration|corrigendum)\.(?P<language>es|en|fr)\.(?P<form>[\w.]+)")
_LABELS: Mapping[str, str] = {
    f"declaration.{THREE}.html": N_("Web page, three languages side by side"),
    f"declaration.{THREE}.pdf": N_("PDF, three languages side by side"),
    f"declaration.{THREE}.docx": N_("Word, three languages side by side"),
    "declaration.json": N_("The text as data (JSON)"),
    MANIFEST: N_("Manifest: the fingerprint of every file and every paragraph"),
    GUIDE: N_("How to verify this edition with public tools"),
}
_FORMS: Mapping[str, str] = {
    "html": N_("Web page, %(language)s"),
    "pdf": N_("PDF, %(language)s"),
    "docx": N_("Word, %(language)s"),
    "txt": N_("Plain text, %(language)s"),
    "md": N_("Plain text with marks (Markdown), %(language)s"),
    "akn.xml": N_("Akoma Ntoso (XML for parliaments and archives), %(language)s"),
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


def label(name: str, messages: Messages) -> str:
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
    return every + [PreviewGroup((one,), forms(f"{one}.", tuple(_FORMS))) for one in Language]


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
    order = [*PREVIEWS, *words, *sheets, *plain, "declaration.json", MANIFEST, GUIDE]
    ranked = sorted(files, key=lambda file: order.index(file.name) if file.name in order else len(order))
    return [
        FileLine(
            label=label(file.name, work.messages),
            name=file.name,
            href=work.url_for("edition_file", forum=forum, declaration=declaration, number=number, file=file.name),
            size=size(file.size, work.messages),
            sha256=file.sha256,
            is_near=file.name in near,
        )
        for file in ranked
    ]


def size(count: int, messages: Messages) -> str:
    """412 kB, 1.9 MB."""
    if count < _MEGABYTE:
        return f"{messages.number(max(1, round(count / 1000)))} kB"
    return f"{messages.number(round(count / _MEGABYTE, 1))} MB"


def printed(text: EditionText, languages: Sequence[Language]) -> tuple[Markup, Markup]:
    """Title page and text as the edition's own web page has them: one language as a book, several in columns."""
    if len(languages) == 1:
        leaf = Leaf(text, languages[0])
        title, pieces = title_page(leaf), upright(leaf)
    else:
        leaves = [Leaf(text, language, prefix=f"{language}-") for language in languages]
        title, pieces = row("head", "", [(leaf, title_page(leaf)) for leaf in leaves]), wide(leaves)
    return Markup(title), Markup("".join(pieces))  # noqa: S704  (drafts.formats promises safe HTML)


def is_intact(service: EditionService, edition: Edition, text: EditionText) -> bool:
    """Whether the text shown still has the fingerprint that was published, and the manifest its own hash."""
    file = service.file(edition, MANIFEST)
    return file.sha256 == edition.manifest_sha256 and json.loads(file.content)["fingerprint"] == text.fingerprint
