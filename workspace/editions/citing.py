"""How an edition, or one paragraph of it, is cited: ready to copy, for people, pages and reference managers."""

from collections.abc import Mapping, Sequence
from datetime import date

from msgspec import Struct
from slugify import slugify

from drafts.assembly import EditionText, Wording
from drafts.blocks import Language
from drafts.formats.words import NBSP, WORDS, long_date
from drafts.markup import plain
from drafts.numbering import printed
from workspace.web.i18n import N_

LONGEST_QUOTE = 2_000  # characters
_QUOTED: Mapping[Language, str] = {
    Language.ES: "«{words}»",
    Language.EN: "“{words}”",
    Language.FR: f"«{NBSP}{{words}}{NBSP}»",
}


class Source(Struct, frozen=True):
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


class Citing(Struct, frozen=True):
    """The form below an edition: the numbers to choose from, the one that is chosen, and how it is cited."""

    numbers: Sequence[str]
    chosen: str
    citations: Sequence[Citation]


def citations(of: Source) -> Sequence[Citation]:
    """Every form in which a source is cited. Labels are for the catalogue of messages."""
    reference = _reference(of)
    found = [Citation("reference", N_("Reference"), reference)]
    if of.words:
        quoted = _QUOTED[of.language].format(words=of.words)
        found.append(Citation("quotation", N_("With its words"), f"{quoted} ({reference})"))
    title = _escaped(f"{of.name}, {_place(of)}" if of.paragraph else of.name)
    return [
        *found,
        Citation("markdown", N_("Link (Markdown)"), f"[{title}]({of.address})"),
        Citation("bibtex", N_("BibTeX"), _bibtex(of)),
        Citation("ris", N_("RIS, for reference managers"), _ris(of)),
    ]


def words_of(text: EditionText, number: str, language: Language) -> str:
    """The words of a paragraph without marks; empty for one that is not there, absent by decision, or too long."""
    row = next((row for row in text.rows if row.number == number), None)
    cell = row.cells[language] if row else None
    words = plain(cell.printed).replace("\n", " ") if isinstance(cell, Wording) else ""
    return words if len(words) <= LONGEST_QUOTE else ""


def _place(of: Source) -> str:
    words = WORDS[of.language].paragraph.format(number=printed(of.paragraph, of.language))
    return words[0].lower() + words[1:]


def _edition(of: Source) -> str:
    words = WORDS[of.language].edition.format(number=of.edition)
    return words[0].lower() + words[1:]


def _reference(of: Source) -> str:
    parts = [of.forum, of.name, long_date(of.adopted_on, of.language), _edition(of)]
    if of.paragraph:
        parts.append(_place(of))
    return f"{', '.join(parts)}. {of.address}"


def _escaped(words: str) -> str:
    return words.replace("[", "\\[").replace("]", "\\]")


def _bibtex(of: Source) -> str:
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


def _ris(of: Source) -> str:
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
