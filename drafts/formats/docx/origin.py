"""Where a Word file came from: which revision of which text, which paragraph is which, what was in it already.

The ids stand twice: as bookmarks, which most programs keep, and in a part of their own, which Word keeps. Which text
it is stands in properties of the document besides, which other programs keep even in another format.
"""

import re
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime

from lxml import etree
from msgspec import Struct

from drafts.formats.xml_elements import Element, safe
from drafts.text.blocks import Document, Language, content_hash

NAMESPACE = "urn:declaration-workspace:text:1"
_PROPERTIES = ("Declaration", "Declaration revision", "Declaration language")
_EMPTY = "Declaration empty paragraphs"
_OF_NOTHING = content_hash("")
_SPAN = re.compile(r"(\d{1,6})-(\d{1,6})")
_LONGEST_PROPERTY, _MOST_BLOCKS = 250, 20_000
_MOST_DIGITS = 6
_UNSAFE = re.compile(r"[^0-9A-Za-z]")
_LONGEST = 40  # characters of a bookmark's name in Word


class KnownRemark(Struct, frozen=True):
    """What somebody had said before the file was made: the id of its thread ("" where it is in none), its hash."""

    id: str
    sha256: str


class FileOrigin(Struct, frozen=True):
    """The text a file was made from. `blocks` are its ids in order with the hashes of their words.

    Where a program has kept only the properties, `empty` are the places of the blocks that had no words.
    """

    declaration: str
    revision: int
    language: Language
    blocks: tuple[tuple[str, str], ...] = ()
    remarks: tuple[KnownRemark, ...] = ()
    target: Language | None = None  # the second language of a bilingual file
    targets: tuple[str, ...] = ()  # the hashes of its words, block by block
    empty: frozenset[int] = frozenset()


def origin_of(
    document: Document,
    *,
    declaration: str,
    revision: int,
    remarks: Sequence[KnownRemark] = (),
    target: Document | None = None,
) -> FileOrigin:
    """The origin of a file that holds `document`, and beside it `target` if it is bilingual."""
    blocks = tuple((block.id, content_hash(block.text)) for block in document)
    targets = tuple(content_hash(block.text) for block in target) if target else ()
    second = target.language if target else None
    return FileOrigin(declaration, revision, document.language, blocks, tuple(remarks), second, targets)


OF_A_BLOCK = "b_"
"""What the bookmarks of blocks begin with."""


def bookmark(block_id: str, prefix: str = "b") -> str:
    """The name of a block's bookmark: the same for ever, and one that every program keeps as it is."""
    return f"{prefix}_{_UNSAFE.sub('', block_id)}"[:_LONGEST]


def by_bookmark(block_ids: Sequence[str], prefix: str = "b") -> Mapping[str, str]:
    """Block id by bookmark."""
    return {bookmark(block_id, prefix): block_id for block_id in block_ids}


def part(origin: FileOrigin) -> bytes:
    """The custom part."""
    made = _element("text", declaration=origin.declaration, revision=str(origin.revision), language=origin.language)
    if origin.target:
        made.set("target", origin.target)
    targets = origin.targets or ("",) * len(origin.blocks)
    for (block_id, sha256), target in zip(origin.blocks, targets, strict=True):
        beside = {"target": target} if target else {}
        made.append(_element("block", id=block_id, bookmark=bookmark(block_id), sha256=sha256, **beside))
    made.extend(_element("remark", id=remark.id, sha256=remark.sha256) for remark in origin.remarks)
    return etree.tostring(made, encoding="UTF-8", xml_declaration=True)


def read(part_root: Element) -> FileOrigin | None:
    """The origin that a part tells; None for a part of somebody else, or one that was tampered with."""
    if part_root.tag != f"{{{NAMESPACE}}}text":
        return None
    revision, language, target = (part_root.get(name, "") for name in ("revision", "language", "target"))
    if not _is_revision(revision) or language not in set(Language):
        return None
    return FileOrigin(
        declaration=part_root.get("declaration", ""),
        revision=int(revision),
        language=Language(language),
        blocks=tuple(
            (element.get("id", ""), element.get("sha256", "")) for element in part_root.iter(f"{{{NAMESPACE}}}block")
        ),
        remarks=tuple(
            KnownRemark(element.get("id", ""), element.get("sha256", ""))
            for element in part_root.iter(f"{{{NAMESPACE}}}remark")
        ),
        target=Language(target) if target in set(Language) else None,
        targets=tuple(element.get("target", "") for element in part_root.iter(f"{{{NAMESPACE}}}block"))
        if target
        else (),
    )


def properties(origin: FileOrigin) -> Mapping[str, str]:
    """The same in short, as properties of a document: what programs keep that keep neither parts nor bookmarks."""
    return {
        _PROPERTIES[0]: origin.declaration,
        _PROPERTIES[1]: str(origin.revision),
        _PROPERTIES[2]: origin.language.value,
        **({_EMPTY: spans[:_LONGEST_PROPERTY].rpartition(" ")[0]} if (spans := _spans(origin)) else {}),
    }


def _spans(origin: FileOrigin) -> str:
    """The places of the blocks without words, from first to last: "3-7 9-9 "."""
    found: list[list[int]] = []
    for place, (_, sha256) in enumerate(origin.blocks):
        if sha256 == _OF_NOTHING and found and found[-1][1] == place - 1:
            found[-1][1] = place
        elif sha256 == _OF_NOTHING:
            found.append([place, place])
    return "".join(f"{first}-{last} " for first, last in found)


def of_properties(properties: Mapping[str, str]) -> FileOrigin | None:
    """The origin that the properties of a document tell; None where they tell none."""
    declaration, revision, language = (properties.get(name, "") for name in _PROPERTIES)
    if not declaration or not _is_revision(revision) or language not in set(Language):
        return None
    spans = [span for span in _SPAN.findall(properties.get(_EMPTY, "")) if len(span[1]) <= _MOST_DIGITS]
    empty = frozenset(place for first, last in spans for place in range(int(first), min(int(last), _MOST_BLOCKS) + 1))
    return FileOrigin(declaration, int(revision), Language(language), empty=empty)


def _is_revision(number: str) -> bool:
    return number.isdecimal() and len(number) <= _MOST_DIGITS


def stamp(moment: datetime | None) -> str:
    """A moment as Word writes it: in UTC, to the second; it has no zone there but means one."""
    return moment.strftime("%Y-%m-%dT%H:%M:%SZ") if moment else ""


def moment(written: str) -> datetime | None:
    """A moment as Word wrote it, in UTC where it names no zone; None for one that cannot be read."""
    try:
        found = datetime.fromisoformat(written) if written else None
    except ValueError:
        return None
    return found if found is None or found.tzinfo else found.replace(tzinfo=UTC)


def _element(tag: str, **attributes: str) -> Element:
    given = {name: safe(words) for name, words in attributes.items()}
    return etree.Element(f"{{{NAMESPACE}}}{tag}", given, nsmap={"d": NAMESPACE})
