"""Whether the files of an edition say the same: its Markdown, plain text and Akoma Ntoso read again beside its JSON.

Only letters and digits are compared, so that line breaks, marks and typography of a form count for nothing.
"""

import hashlib
import re
import unicodedata
from collections.abc import Collection, Iterator, Mapping, Sequence

import msgspec
from lxml import etree
from msgspec import Struct

from drafts.formats.bundle import BadBundle, unpack
from drafts.formats.edition import MANIFEST
from drafts.formats.text_parts import code
from drafts.formats.verification_files import Manifest
from drafts.text.blocks import Block, BlockKind, Language
from drafts.text.markup import plain
from drafts.text.numbering import label

_MARK = re.compile(r"\[\^?([^\[\]\s]+)\](?!\()")  # of a footnote
_ANGLED = re.compile(r"<[^<>\s]+>")
_TARGET = re.compile(r"\]\([^()\s]*\)")
_AKN = "{http://docs.oasis-open.org/legaldocml/ns/akn/3.0}"
_ELSEWHERE = frozenset({BlockKind.TITLE, BlockKind.NOTE, BlockKind.RULE})  # printed apart from their place


class JsonCell(Struct, frozen=True):
    """A paragraph in one language, as `declaration.json` has it: a wording, or the reason why there is none."""

    text: str | None = None
    printed: str = ""
    sha256: str = ""
    absent: str = ""


class JsonParagraph(Struct, frozen=True):
    id: str
    kind: BlockKind
    level: int
    number: str
    texts: Mapping[Language, JsonCell]

    def cell(self, language: Language) -> JsonCell:
        return self.texts.get(language, JsonCell())


class JsonDeclaration(Struct, frozen=True):
    """What is read of `declaration.json` (`drafts.formats.text_formats` says what it means)."""

    edition: int
    fingerprint: str
    paragraphs: tuple[JsonParagraph, ...]
    added: tuple[JsonParagraph, ...] = ()  # what is printed around the text
    declaration: Mapping[Language, str] = {}
    forum: Mapping[Language, str] = {}


Differing = tuple[str, JsonParagraph, Language]


def differing_formats(
    text: JsonDeclaration, files: Mapping[str, bytes], altered: Collection[str] = ()
) -> Iterator[Differing]:
    """Name every paragraph that a form does not have as `declaration.json` prints it: file, paragraph, language.

    Of Markdown and plain text that is known to be `altered`, also those that other words stand beside.
    """
    printed = (*text.paragraphs, *text.added)
    for language in Language:
        for form, without, spoken in (("md", _without_marks, _printed), ("txt", _without_targets, _spoken)):
            name = f"declaration.{language}.{form}"
            if name in files:
                read = without(files[name].decode("utf-8", "replace"))
                said = {paragraph.id: _letters(without(spoken(paragraph, language))) for paragraph in printed}
                letters = _letters(read)
                yield from ((name, paragraph, language) for paragraph in printed if said[paragraph.id] not in letters)
                added = _added_to(read.split("\n\n"), printed, said, language) if name in altered else ()
                yield from ((name, paragraph, language) for paragraph in added)
        name = f"declaration.{language}.akn.xml"
        if name in files:
            yield from _in_xml(name, files[name], printed, language)


def _added_to(
    pieces: Sequence[str], printed: Sequence[JsonParagraph], said: Mapping[str, str], language: Language
) -> Iterator[JsonParagraph]:
    """The last paragraph of each piece of a file in which more stands than its paragraphs and their numbers."""
    labels = {row.id: _letters(label(Block(row.id, row.kind, "", row.level), row.number, language)) for row in printed}
    for piece in pieces:
        left = _letters(piece)
        here = [paragraph for paragraph in printed if said[paragraph.id] and said[paragraph.id] in left]
        for paragraph in sorted(here, key=lambda paragraph: -len(said[paragraph.id])):  # none breaks a longer one
            words = said[paragraph.id]
            numbered = labels[paragraph.id] + words
            left = left.replace(numbered if numbered in left else words, "", 1)
        if here and left:
            yield here[-1]


def _in_xml(name: str, data: bytes, paragraphs: Sequence[JsonParagraph], language: Language) -> Iterator[Differing]:
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


def _printed(paragraph: JsonParagraph, language: Language) -> str:
    return paragraph.cell(language).printed


def _spoken(paragraph: JsonParagraph, language: Language) -> str:
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


_TEXT = "declaration.json"


class ChangedParagraph(Struct, frozen=True):
    """A text that is not the same in both: of the paragraph with this number (or id), None where there is no text."""

    paragraph: str
    language: Language
    before: str | None
    after: str | None


class Succession(Struct, frozen=True):
    """Whether the later manifest names the earlier one by its hash, and what differs between the two texts."""

    is_named: bool
    corrected: tuple[ChangedParagraph, ...]


def succession(later: bytes, earlier: bytes) -> Succession:
    """Compare two bundles, each of which is to be verified by itself; raises `BadBundle` for what is none."""
    manifest, text, _ = _read(later)
    _, old, digest = _read(earlier)
    is_named = manifest.corrects is not None and manifest.corrects.manifest == digest
    before = {paragraph.id: paragraph for paragraph in old.paragraphs}
    after = {paragraph.id: paragraph for paragraph in text.paragraphs}
    order = [*after, *(known for known in before if known not in after)]
    pairs = ((before.get(block), after.get(block), language) for block in order for language in Language)
    found = (_compared(before, after, language) for before, after, language in pairs)
    return Succession(is_named, tuple(correction for correction in found if correction))


def _compared(old: JsonParagraph | None, new: JsonParagraph | None, language: Language) -> ChangedParagraph | None:
    before, after = (paragraph.cell(language).text if paragraph else None for paragraph in (old, new))
    known = new or old
    if before == after or known is None:
        return None
    return ChangedParagraph(known.number or known.id, language, before, after)


def _read(data: bytes) -> tuple[Manifest, JsonDeclaration, str]:
    files = unpack(data)
    try:
        manifest = msgspec.json.decode(files[MANIFEST], type=Manifest)
        text = msgspec.json.decode(files[_TEXT], type=JsonDeclaration)
    except (KeyError, msgspec.MsgspecError, UnicodeDecodeError, RecursionError) as error:
        raise BadBundle("not_an_edition") from error
    return manifest, text, hashlib.sha256(files[MANIFEST]).hexdigest()
