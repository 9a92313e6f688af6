"""Paragraph numbers and cross-references, derived from order and never typed.

A number is language-neutral: `12`, `12(a)`, `12(a)(i)`, `12 bis`; `printed` gives
it the form of a language. Headings carry no number of their own: their text says
"I." where the authors want it.

While a version is under negotiation its numbers are frozen. What is inserted then
follows the United Nations' habit: after 12 comes `12 bis`, `12 ter`; before the
first frozen one comes `1 ante`, `1 ante bis`. Latin, hence the same in every language.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from types import MappingProxyType

from msgspec import Struct

from drafts.text.blocks import Block, BlockKind, Document, Language, counts, nesting, ordinal

_REFERENCE = re.compile(r"(?P<empty>(?<!!)\[)?\]\(#b-(?P<id>[^()\s]+)\)")
_REFERS = "](#b-"  # what every reference holds, and few texts
_ITERATIONS = (
    *("bis", "ter", "quater", "quinquies", "sexies", "septies", "octies", "novies", "decies", "undecies", "duodecies"),
    *("terdecies", "quaterdecies", "quindecies", "sexdecies", "septdecies", "octodecies", "novodecies", "vicies"),
)


def numbers(document: Document, frozen: Mapping[str, str] = MappingProxyType({})) -> Mapping[str, str]:
    """Number every operative paragraph and item, by block id.

    Paragraphs count through the whole text, items restart under each. Blocks named
    in `frozen` keep that number; every other one is numbered as an insertion among
    its frozen neighbours, or counted where it has none.
    """
    found: dict[str, str] = {}
    above: list[str] = []
    for place in list(_places(document)):
        parent = next((number for number in reversed(above[: place.depth]) if number), "")
        if place.siblings:
            found[place.block.id] = _number(place, parent, frozen)
        filler = [parent] * (place.depth - len(above))
        above = [*above[: place.depth], *filler, found.get(place.block.id, "")]
    return found


class _Place(Struct, frozen=True):
    """A block and, where it is counted, all that count with it; `index` is its own place among them."""

    block: Block
    depth: int
    siblings: Sequence[Block] = ()
    index: int = 0


def _places(document: Document) -> Iterator[_Place]:
    """Walk the blocks that numbers depend on: what is counted, and what a count restarts under."""
    groups: dict[int, list[Block]] = {}
    for block, count in zip(document.blocks, counts(document.blocks), strict=True):
        depth = nesting(block)
        if count == 1:
            groups[block.level] = []
        if count:
            groups[block.level].append(block)
            yield _Place(block, block.level, groups[block.level], count - 1)
        elif depth is not None:
            yield _Place(block, depth)


def _number(place: _Place, parent: str, frozen: Mapping[str, str]) -> str:
    if place.block.id in frozen:
        return frozen[place.block.id]
    siblings, index = place.siblings, place.index
    before = next((at for at in range(index - 1, -1, -1) if siblings[at].id in frozen), None) if frozen else None
    after = next((sibling.id for sibling in siblings[index + 1 :] if sibling.id in frozen), None) if frozen else None
    rank = index + 1 if before is None else index - before
    if before is not None:
        number = _following(frozen[siblings[before].id], rank)
        if after is None or number not in frozen.values():
            return number
    if after is not None:
        return _joined(frozen[after], ["ante", *(f"ante {word}" for word in _ITERATIONS)], rank)
    own = ordinal(index + 1, place.block.level)
    return f"{parent}({own})" if place.block.level else own


def _following(base: str, rank: int) -> str:
    """The `rank`th number inserted after `base`: after 12 comes 12 bis, after 12 bis comes 12 ter."""
    stem, _, word = base.removesuffix(")").rpartition(" ")
    if word not in _ITERATIONS:
        return _joined(base, _ITERATIONS, rank)
    return _joined(stem + ")" * base.endswith(")"), _ITERATIONS, rank + _ITERATIONS.index(word) + 1)


def _joined(base: str, words: Sequence[str], rank: int) -> str:
    turns, rest = divmod(rank - 1, len(words))
    suffix = " ".join([words[-1]] * turns + [words[rest]])
    return f"{base.removesuffix(')')} {suffix})" if base.endswith(")") else f"{base} {suffix}"


def printed(number: str, language: Language) -> str:
    """Write a number as a language prints it: "12(a)" in English, "12 a)" in Spanish and French."""
    paragraph, *items = number.split("(")
    if not items:
        return paragraph
    letters = [item.removesuffix(")") for item in items]
    if language is Language.EN:
        space = " " if " " in paragraph else ""
        return paragraph + space + "".join(f"({letter})" for letter in letters)
    return " ".join([paragraph] * bool(paragraph) + [f"{letter})" for letter in letters])


def label(block: Block, number: str, language: Language) -> str:
    """What stands in the margin: "12" or "12 bis" beside a paragraph, "(a)" or "a)" beside an item, else nothing."""
    if block.kind is BlockKind.OPERATIVE:
        return number
    if block.kind is BlockKind.ITEM and number:
        return printed("(" + number.rpartition("(")[2], language)
    return ""


def reference(block_id: str) -> str:
    """Markdown that is printed as the number of that block."""
    return f"[](#b-{block_id})"


def references(text: str) -> tuple[str, ...]:
    """Ids of the blocks that `text` refers to, with a label of its own or by number, in order, each once."""
    return tuple(dict.fromkeys(match["id"] for match in _REFERENCE.finditer(text))) if _REFERS in text else ()


def resolve(text: str, numbers: Mapping[str, str], language: Language) -> str:
    """Replace each `[](#b-ID)` by the printed number; a reference to a block without number stays as it is."""

    def number_of(match: re.Match[str]) -> str:
        number = numbers.get(match["id"]) if match["empty"] else None
        return match[0] if number is None else printed(number, language)

    return _REFERENCE.sub(number_of, text) if _REFERS in text else text
