"""The values everything else stands on: blocks with permanent ids, and documents made of them."""

import hashlib
import re
import unicodedata
from collections.abc import Iterator, Sequence
from enum import StrEnum
from typing import Final

from msgspec import Struct


class Language(StrEnum):
    """The languages a declaration exists in, as BCP 47 tags."""

    ES = "es"
    EN = "en"
    FR = "fr"


class BlockKind(StrEnum):
    """What a block is in the text. The same in every language; `level` says how deep it stands."""

    TITLE = "title"
    HEADING = "heading"  # level 1 is a part, 2 a section of it, and so on to 5
    PLACE_DATE = "place_date"  # "Puerto Claro, 14 May 2027", under the title
    CHAPEAU = "chapeau"  # "We, the cities …, gathered in …": opens the text and names its authors
    PREAMBLE = "preamble"  # preambular paragraph, unnumbered
    OPERATIVE = "operative"  # numbered paragraph
    PARAGRAPH = "paragraph"  # any other paragraph; with level n ≥ 1, a further paragraph of the item above it
    ITEM = "item"  # lettered subparagraph; level 1 stands under a paragraph
    BULLET = "bullet"  # unlettered list item
    QUOTATION = "quotation"
    NOTE = "note"  # definition of a footnote; its text begins with "[^label]: "
    TABLE = "table"  # whole table as pipe Markdown, compared row by row
    CODE = "code"  # whole fenced block, every byte kept
    RULE = "rule"  # a thematic break; its text is "---"
    CLOSING = "closing"  # adoption and authenticity clause
    ANNEX = "annex"  # heading that opens an annex


class Block(Struct, frozen=True):
    """A unit of text whose `id` survives rewording, renumbering and moving.

    `text` is canonical inline Markdown (see `canonical`). Structure is `kind`
    and `level` (0 for what stands at the margin), never leading marks or spaces.
    """

    id: str
    kind: BlockKind
    text: str
    level: int = 0


class Document(Struct, frozen=True):
    """One language of one revision: ordered blocks, ids unique. The engine never sees three languages."""

    blocks: tuple[Block, ...]
    language: Language

    def __iter__(self) -> Iterator[Block]:
        return iter(self.blocks)

    def __len__(self) -> int:
        return len(self.blocks)

    def block(self, block_id: str) -> Block | None:
        return next((block for block in self.blocks if block.id == block_id), None)


HARD_BREAK = "\\\n"
_REMOVED = dict.fromkeys(map(ord, "\ufeff\u200b\u00ad"))
_SPACES = re.compile(r"[ \t\n\f\v]+")


def canonical(text: str, *, kind: BlockKind = BlockKind.PARAGRAPH) -> str:
    """Return the form of `text` that every offset, hash and law refers to (`docs/engine.md`, 1.3).

    NFC; CR, BOM, zero-width space and soft hyphen removed; in prose a newline, a
    tab and runs of ordinary spaces become one space and the ends are trimmed; a
    hard break is a backslash and a newline. No-break spaces and the joiners inside
    emoji stay byte for byte; code keeps every byte; a table keeps its lines.
    """
    if kind is BlockKind.CODE or _looks_canonical(text):
        return text
    text = unicodedata.normalize("NFC", text.replace("\r\n", "\n").replace("\r", "\n").translate(_REMOVED))
    separator = "\n" if kind is BlockKind.TABLE else HARD_BREAK
    lines = text.split(separator)
    return separator.join(_SPACES.sub(" ", line).strip(" ") for line in lines).strip(" \n")


_STRANGE = re.compile("[\t\n\v\f\r\u00ad\u200b\ufeff]")


def _looks_canonical(text: str) -> bool:
    """A quick look that most paragraphs pass: nothing in `text` that its canonical form would lack."""
    if "  " in text or text.startswith(" ") or text.endswith(" "):
        return False
    has_strange = not text.isprintable() and _STRANGE.search(text)
    return not has_strange and unicodedata.is_normalized("NFC", text)


def content_hash(text: str) -> str:
    """SHA-256 of the canonical text's UTF-8 bytes, in lower-case hexadecimal."""
    return hashlib.sha256(text.encode()).hexdigest()


_FOLDED = dict.fromkeys(map(ord, "«»“”„‟‹›\"‘’‚‛'"), "'") | dict.fromkeys(map(ord, "‐‑‒–—―−"), "-")
_ANY_SPACE = re.compile(r"\s+")
_SPACE_BEFORE_MARK = re.compile(r" ([;:!?%,.…)\]])")
_SPACE_BY_QUOTE = re.compile(r" ?' ?")


def folded_hash(text: str) -> str:
    """Hash of `text` with all spaces, quotation marks, dashes and spacing before punctuation folded.

    Two versions with the same folded hash differ typographically at most (`docs/trilingual.md`, 1.1):
    « mot » and “mot”, "10 %" and "10%", "a – b" and "a - b".
    """
    text = unicodedata.normalize("NFC", text).translate(_FOLDED)
    text = _SPACE_BEFORE_MARK.sub(r"\1", _ANY_SPACE.sub(" ", text))
    return content_hash(_SPACE_BY_QUOTE.sub("'", text).strip())


HEADINGS: Final = frozenset({BlockKind.TITLE, BlockKind.HEADING, BlockKind.ANNEX})
COUNTED: Final = frozenset({BlockKind.OPERATIVE, BlockKind.ITEM})
ASIDE: Final = frozenset({BlockKind.NOTE, BlockKind.QUOTATION, BlockKind.TABLE, BlockKind.CODE, BlockKind.RULE})
CONTAINERS: Final = COUNTED | {BlockKind.BULLET, BlockKind.NOTE}
AS_IS: Final = frozenset({BlockKind.CODE, BlockKind.RULE})
WHOLE: Final = frozenset({BlockKind.TABLE, BlockKind.CODE, BlockKind.RULE, BlockKind.NOTE})
"""Never split or joined, and never the same block as one of another kind."""


def may_divide(block: Block) -> bool:
    """Tell whether a block can be split, or joined to its neighbour."""
    return block.kind not in WHOLE


def counts(blocks: Sequence[Block]) -> tuple[int, ...]:
    """How many of its own stand before each block, itself included: 0 for what is not counted.

    Numbered paragraphs count through the whole text; items restart under each
    paragraph. A quotation, table or note between items does not restart them.
    """
    open_counts = [0]
    found = []
    for block in blocks:
        is_counted = block.kind in COUNTED
        depth = nesting(block)
        if depth is not None:
            open_counts = open_counts[: depth + 1] + [0] * (depth + 1 - len(open_counts))
            open_counts[depth] += is_counted
        found.append(open_counts[-1] if is_counted else 0)
    return tuple(found)


def nesting(block: Block) -> int | None:
    """How deep a block stands among those that items count under; None for what counts pass over."""
    if block.kind in ASIDE:
        return None
    return 0 if block.kind in HEADINGS else block.level


def ordinals(blocks: Sequence[Block]) -> tuple[str, ...]:
    """What each block counts as among its own: "12", "a", "ii", or "" for what is not counted."""
    counted = zip(blocks, counts(blocks), strict=True)
    return tuple(ordinal(count, block.level) if count else "" for block, count in counted)


def ordinal(count: int, level: int) -> str:
    """Numbers for paragraphs, letters for items under them, small Roman numbers under those, and so on in turn."""
    if level == 0:
        return str(count)
    return roman(count) if level % 2 == 0 else _letter(count)


def _letter(count: int) -> str:
    """a to z, then aa to zz, as the letters are doubled in resolutions."""
    return chr(ord("a") + (count - 1) % 26) * ((count - 1) // 26 + 1)


def roman(count: int) -> str:
    return "x" * (count // 10) + ["", "i", "ii", "iii", "iv", "v", "vi", "vii", "viii", "ix"][count % 10]


def roman_value(numeral: str) -> int:
    return next(count for count in range(1, 50) if roman(count) == numeral)
