"""The paragraphs of a text as mails name them."""

from collections.abc import Mapping, Sequence

from drafts.blocks import Block, BlockKind, Document
from workspace.interchange.side_door.signs import Place

_ITERATIONS = ("bis", "ter", "quater", "quinquies", "sexies", "septies", "octies", "novies", "decies")
_UNDER = frozenset({BlockKind.ITEM, BlockKind.BULLET, BlockKind.PARAGRAPH, BlockKind.QUOTATION})
_PROSE = frozenset({BlockKind.OPERATIVE, BlockKind.PARAGRAPH, BlockKind.PREAMBLE})


class TextPlaces:
    """Finds the paragraphs of one text by their numbers; where nothing is numbered they are counted."""

    def __init__(self, base: Document, numbers: Mapping[str, str]) -> None:
        self.base = base
        self.at = {block.id: place for place, block in enumerate(base.blocks)}
        self.by_number = {number: block_id for block_id, number in numbers.items()}
        if not self.by_number:
            prose = (block for block in base if block.kind in _PROSE and block.level == 0)
            self.by_number = {str(count): block.id for count, block in enumerate(prose, start=1)}
        self.new: dict[str, str] = {}

    def find(self, place: Place) -> Block | None:
        """The block that is meant; None where the text has none such."""
        match place.part:
            case "preamble":
                return self._nth(BlockKind.PREAMBLE, place.number)
            case "title":
                return self._nth(BlockKind.TITLE, "1")
            case _:
                number = place.number + "".join(f"({item})" for item in place.items)
                return self.base.block(self.by_number.get(number, ""))

    def remember(self, place: Place, block_id: str) -> None:
        """That a new paragraph is to have this number."""
        self.new[place.number] = block_id

    def iteration_before(self, place: Place) -> str | None:
        """The block after which "6 ter" stands: 6 bis, new or old, or 6."""
        stem, word = place.number.rsplit(" ", 1)
        earlier = [f"{stem} {one}" for one in _ITERATIONS[: _ITERATIONS.index(word)]]
        for number in [*reversed(earlier), stem]:
            if found := self.new.get(number) or self.by_number.get(number):
                return found
        return None

    def with_items(self, block: Block) -> Sequence[Block]:
        """A block and what hangs under it."""
        start = self.at[block.id]
        family = [block]
        if block.kind not in {BlockKind.OPERATIVE, BlockKind.ITEM, BlockKind.BULLET}:
            return family
        for following in self.base.blocks[start + 1 :]:
            if following.kind not in _UNDER or following.level <= block.level:
                break
            family.append(following)
        return family

    def before(self, block: Block) -> str | None:
        """The block right before this one; None at the beginning of the text."""
        at = self.at[block.id]
        return self.base.blocks[at - 1].id if at else None

    def _nth(self, kind: BlockKind, number: str) -> Block | None:
        found = [block for block in self.base if block.kind is kind]
        place = int(number) - 1
        return found[place] if 0 <= place < len(found) else None
