"""Whether the files of an edition say the same: its Markdown, plain text and Akoma Ntoso read again beside its JSON.

Only letters and digits are compared, so that line breaks, marks and typography of a form count for nothing.
"""

import re
import unicodedata
from collections.abc import Iterator, Mapping, Sequence

from lxml import etree
from msgspec import Struct

from drafts.blocks import BlockKind, Language
from drafts.formats.pieces import code
from drafts.markup import plain

_MARK = re.compile(r"\[\^?([^\[\]\s]+)\](?!\()")  # of a footnote
_ANGLED = re.compile(r"<[^<>\s]+>")
_TARGET = re.compile(r"\]\([^()\s]*\)")
_AKN = "{http://docs.oasis-open.org/legaldocml/ns/akn/3.0}"
_ELSEWHERE = frozenset({BlockKind.TITLE, BlockKind.NOTE, BlockKind.RULE})  # printed apart from their place


class Cell(Struct, frozen=True):
    """A paragraph in one language, as `declaration.json` has it: a wording, or the reason why there is none."""

    text: str | None = None
    printed: str = ""
    sha256: str = ""
    absent: str = ""


class Paragraph(Struct, frozen=True):
    id: str
    kind: BlockKind
    level: int
    number: str
    texts: Mapping[Language, Cell]

    def cell(self, language: Language) -> Cell:
        return self.texts.get(language, Cell())


class Text(Struct, frozen=True):
    """What is read of `declaration.json` (`drafts.formats.plain_json` says what it means)."""

    edition: int
    fingerprint: str
    paragraphs: tuple[Paragraph, ...]
    added: tuple[Paragraph, ...] = ()  # what is printed around the text


Differing = tuple[str, Paragraph, Language]


def differing(text: Text, files: Mapping[str, bytes]) -> Iterator[Differing]:
    """Name every paragraph that a form does not have as `declaration.json` prints it: file, paragraph, language."""
    printed = (*text.paragraphs, *text.added)
    for language in Language:
        name = f"declaration.{language}.md"
        if name in files:
            found = _letters(_without_marks(files[name].decode("utf-8", "replace")))
            said = {one.id: _letters(_without_marks(one.cell(language).printed)) for one in printed}
            yield from ((name, one, language) for one in printed if said[one.id] not in found)
        name = f"declaration.{language}.txt"
        if name in files:
            found = _letters(_without_targets(files[name].decode("utf-8", "replace")))
            said = {one.id: _letters(_without_targets(_spoken(one, language))) for one in printed}
            yield from ((name, one, language) for one in printed if said[one.id] not in found)
        name = f"declaration.{language}.akn.xml"
        if name in files:
            yield from _in_xml(name, files[name], printed, language)


def _in_xml(name: str, data: bytes, paragraphs: Sequence[Paragraph], language: Language) -> Iterator[Differing]:
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False)
    try:
        root = etree.fromstring(data, parser)
    except etree.XMLSyntaxError:
        return  # its hash says so already
    said = {element.get("eId"): element for element in root.iter() if element.get("eId")}
    for paragraph in paragraphs:
        cell = paragraph.cell(language)
        if cell.text is None or paragraph.kind in _ELSEWHERE:
            continue
        element = said.get(f"b-{paragraph.id}")
        if element is None or _letters(_spoken(paragraph, language)) not in _letters(
            _MARK.sub(" ", "".join(_words(element)))
        ):
            yield name, paragraph, language


def _words(element: etree._Element) -> Iterator[str]:
    yield element.text or ""
    for child in element:
        if child.tag != f"{_AKN}authorialNote":
            yield from _words(child)
        yield child.tail or ""


def _spoken(paragraph: Paragraph, language: Language) -> str:
    """The words of a paragraph without marks, as a form prints them."""
    printed = paragraph.cell(language).printed
    if paragraph.kind is BlockKind.CODE:
        return code(printed)
    return plain(_MARK.sub(" ", printed))


def _without_marks(markdown: str) -> str:
    return _MARK.sub(" ", _TARGET.sub("]", markdown))


def _without_targets(text: str) -> str:
    return _MARK.sub(" ", _ANGLED.sub(" ", text))


def _letters(text: str) -> str:
    return "".join(character for character in unicodedata.normalize("NFKC", text) if character.isalnum())
