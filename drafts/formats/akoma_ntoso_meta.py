"""What an Akoma Ntoso file says of itself: which work it is, in which language, on what day, by whom.

The three levels of FRBR. A corrigendum's sheet is a work of its own, which names the edition that it puts right.
"""

from datetime import date
from typing import Final

from lxml import etree
from msgspec import Struct
from slugify import slugify

from drafts.assembly import EditionText
from drafts.blocks import Language
from drafts.formats.corrigendum_words import SHEET_WORDS
from drafts.formats.elements import Element
from drafts.formats.words import WORDS

NAMESPACE: Final = "http://docs.oasis-open.org/legaldocml/ns/akn/3.0"
ISO_639_2: Final = {Language.ES: "spa", Language.EN: "eng", Language.FR: "fra"}
SOURCE: Final = "workspace"
_AUTHOR: Final = "#forum"


class Kind(Struct, frozen=True):
    """What kind of document the standard has for it, and what it is called there."""

    tag: str
    name: str


STATEMENT: Final = Kind("statement", "declaration")
SHEET: Final = Kind("doc", "corrigendum")


def kind_of(text: EditionText) -> Kind:
    """A declaration is a statement; a paper about one is a document."""
    return SHEET if text.stands_for else STATEMENT


def named(tag: str) -> str:
    return f"{{{NAMESPACE}}}{tag}"


def put(parent: Element, tag: str, words: str = "", **attributes: str) -> Element:
    """Add an element of the standard with its words; a name that Python keeps for itself is written `class_`."""
    made = etree.SubElement(parent, named(tag), {name.rstrip("_"): value for name, value in attributes.items()})
    if words:
        made.text = words
    return made


class _Work(Struct, frozen=True):
    """The addresses of a work and of one language of it, the day it bears, and what it is called."""

    address: str
    version: str
    day: str
    name: str


def meta(document: Element, text: EditionText, language: Language, part: str = "main") -> None:
    """Say which work, expression and file this is, or which part of them."""
    work = _sheet(text, language) or _declaration(text, language, text.imprint.edition)
    above = put(document, "meta")
    identification = put(above, "identification", source=f"#{SOURCE}")
    event = "publication" if text.stands_for else "adoption"
    of_work = _level(identification, "FRBRWork", work.address, (work.day, event), part)
    put(of_work, "FRBRcountry", value="xx")  # user-assigned in ISO 3166: a network of cities is no country
    put(of_work, "FRBRname", value=work.name)
    of_expression = _level(identification, "FRBRExpression", work.version, (work.day, "publication"), part)
    put(of_expression, "FRBRlanguage", language=ISO_639_2[language])
    of_file = _level(identification, "FRBRManifestation", f"{work.version}.xml", (work.day, "publication"), part)
    put(of_file, "FRBRformat", value="application/akn+xml")
    if part == "main":
        _references(above, text, language)


def _declaration(text: EditionText, language: Language, edition: int) -> _Work:
    imprint = text.imprint
    day = imprint.date.isoformat()
    address = f"/akn/xx/statement/{day}/{_slug(text)}"
    return _Work(address, f"{address}/{ISO_639_2[language]}@{day}!{edition}", day, imprint.declaration[language])


def _sheet(text: EditionText, language: Language) -> _Work | None:
    told = text.apparatus.corrigendum
    if not text.stands_for or told is None:
        return None
    on: date = told.on
    address = f"/akn/xx/doc/{on.isoformat()}/{_slug(text)}-corrigendum-{told.number}"
    title = SHEET_WORDS[language].title.format(number=told.number)
    name = f"{title}. {text.imprint.declaration[language]}"
    return _Work(address, f"{address}/{ISO_639_2[language]}@{on.isoformat()}", on.isoformat(), name)


def _slug(text: EditionText) -> str:
    return slugify(text.imprint.declaration[Language.EN]) or "declaration"


def _references(above: Element, text: EditionText, language: Language) -> None:
    references = put(above, "references", source=f"#{SOURCE}")
    told = text.apparatus.corrigendum if text.stands_for else None
    if told is not None:
        corrected = _declaration(text, language, told.corrects)
        edition = WORDS[language].edition.format(number=told.corrects)
        put(references, "activeRef", eId="corrected", href=corrected.version, showAs=f"{corrected.name}. {edition}")
    forum = text.imprint.forum[language]
    put(references, "TLCOrganization", eId="forum", href="/ontology/organization/forum", showAs=forum)
    put(
        references,
        "TLCObject",
        eId=SOURCE,
        href="/ontology/software/declaration-workspace",
        showAs="Declaration Workspace",
    )


def _level(identification: Element, tag: str, address: str, dated: tuple[str, str], part: str) -> Element:
    day, event = dated
    level = put(identification, tag)
    put(level, "FRBRthis", value=f"{address}/!{part}")
    put(level, "FRBRuri", value=address)
    put(level, "FRBRdate", date=day, name=event)
    put(level, "FRBRauthor", href=_AUTHOR)
    return level
