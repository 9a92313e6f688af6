"""Real numbering: Word counts paragraphs and items as `drafts.numbering` does, and goes on counting what is added."""

from collections.abc import Sequence

from msgspec import Struct, field

from drafts.blocks import Block, BlockKind, Language
from drafts.formats.docx.styles import STEP
from drafts.formats.docx.xml import root, w, written
from drafts.formats.elements import Element
from drafts.formats.pieces import BULLET
from drafts.markup import counts

OPERATIVE, _ITEMS, BULLETS = 1, 2, 3  # numbers of the abstract lists, and of the first list made from each
_LEVELS = 9
_FIRST_OF_ITEMS = 10


class Numbered(Struct, frozen=True):
    """The list a paragraph belongs to, and its level there."""

    list: int
    level: int


class Lists(Struct):
    """The lists of one file. A count that starts again is a list of its own."""

    language: Language
    _starts: list[int] = field(default_factory=list)  # for each list of items, the level at which it starts

    def numbered(self, blocks: Sequence[Block]) -> list[Numbered | None]:
        """For each of some blocks in order, where it is counted."""
        current: dict[int, int] = {}
        found: list[Numbered | None] = []
        for block, count in zip(blocks, counts(blocks), strict=True):
            match block.kind:
                case BlockKind.OPERATIVE:
                    found.append(Numbered(OPERATIVE, 0))
                case BlockKind.ITEM:
                    level = min(max(block.level, 1), _LEVELS) - 1
                    if count == 1 or level not in current:
                        current[level] = self._new(level)
                    found.append(Numbered(current[level], level))
                case BlockKind.BULLET:
                    found.append(Numbered(BULLETS, min(block.level, _LEVELS - 1)))
                case _:
                    found.append(None)
        return found

    def _new(self, level: int) -> int:
        self._starts.append(level)
        return _FIRST_OF_ITEMS + len(self._starts) - 1

    def part(self) -> bytes:
        """The part `numbering.xml`."""
        made = [self._operative(), self._items(), _bullets()]
        made += [w("num", w("abstractNumId", val=one), numId=one) for one in (OPERATIVE, _ITEMS, BULLETS)]
        for place, level in enumerate(self._starts):
            again = w("lvlOverride", w("startOverride", val=1), ilvl=level)
            made.append(w("num", w("abstractNumId", val=_ITEMS), again, numId=_FIRST_OF_ITEMS + place))
        return written(root("numbering", *made))

    def _operative(self) -> Element:
        level = _level(0, "decimal", "%1.", left=STEP, style="Operative")
        return w("abstractNum", w("multiLevelType", val="singleLevel"), level, abstractNumId=OPERATIVE)

    def _items(self) -> Element:
        """Letters, small Roman numbers, and again; in English in two brackets."""
        opening = "(" if self.language is Language.EN else ""
        levels = (
            _level(at, "lowerRoman" if at % 2 else "lowerLetter", f"{opening}%{at + 1})", left=STEP * (at + 2))
            for at in range(_LEVELS)
        )
        return w("abstractNum", w("multiLevelType", val="multilevel"), *levels, abstractNumId=_ITEMS)


def _bullets() -> Element:
    levels = (_level(at, "bullet", BULLET, left=STEP * (at + 1)) for at in range(_LEVELS))
    return w("abstractNum", w("multiLevelType", val="hybridMultilevel"), *levels, abstractNumId=BULLETS)


def _level(at: int, form: str, pattern: str, *, left: int, style: str = "") -> Element:
    return w(
        "lvl",
        w("start", val=1),
        w("numFmt", val=form),
        w("pStyle", val=style) if style else None,
        w("lvlText", val=pattern),
        w("lvlJc", val="left"),
        w("pPr", w("ind", left=left, hanging=STEP)),
        ilvl=at,
    )
