"""What the styles and lists of an OpenDocument text mean: kinds of blocks, and the looks of words."""

from drafts.blocks import BlockKind
from drafts.formats.docx.glyphs import Style
from drafts.formats.docx.looks import RunLook
from drafts.formats.elements import Element

_SPACES = "urn:oasis:names:tc:opendocument:xmlns"
TEXT, TABLE, OFFICE, STYLE, _FO = (
    f"{{{_SPACES}:{name}:1.0}}" for name in ("text", "table", "office", "style", "xsl-fo-compatible")
)
DC = "{http://purl.org/dc/elements/1.1/}"
_DEEPEST_HEADING = 5

Listed = tuple[BlockKind, int]  # what a list makes of its items, and how deep


class OdtLooks:
    """The styles and lists of one file."""

    def __init__(self, content: Element, styles: Element | None) -> None:
        parts = [part for part in (content, styles) if part is not None]
        named = [one for part in parts for one in part.iter(f"{STYLE}style")]
        self._runs = {one.get(f"{STYLE}name", ""): _look(one) for one in named}
        self._parents = {one.get(f"{STYLE}name", ""): one.get(f"{STYLE}parent-style-name", "") for one in named}
        lists = (one for part in parts for one in part.iter(f"{TEXT}list-style"))
        self._ordered = {
            one.get(f"{STYLE}name", "") for one in lists if one.find(f"{TEXT}list-level-style-number") is not None
        }

    def listed(self, element: Element, listed: Listed | None) -> Listed | None:
        """What a paragraph or heading is; `listed` is what the list around it makes of it."""
        if element.tag == f"{TEXT}h":
            level = element.get(f"{TEXT}outline-level", "1")
            return BlockKind.HEADING, min(int(level) if level.isdecimal() else 1, _DEEPEST_HEADING)
        style = element.get(f"{TEXT}style-name", "")
        return (BlockKind.TITLE, 0) if "Title" in {style, self._parents.get(style, "")} else listed

    def listing(self, element: Element, outer: Listed | None) -> Listed:
        """What a list makes of its items: numbers at the margin count paragraphs, deeper ones items."""
        level = 0 if outer is None else outer[1] + 1
        name = element.get(f"{TEXT}style-name", "")
        is_ordered = name in self._ordered if name else outer is not None and outer[0] is not BlockKind.BULLET
        kind = (BlockKind.ITEM if level else BlockKind.OPERATIVE) if is_ordered else BlockKind.BULLET
        return kind, level

    def list_around(self, element: Element) -> Listed | None:
        """What the lists around a deleted paragraph make of it."""
        found: Listed | None = None
        for ancestor in reversed(list(element.iterancestors(f"{TEXT}list"))):
            found = self.listing(ancestor, found)
        return found

    def run(self, element: Element) -> RunLook:
        return self._runs.get(element.get(f"{TEXT}style-name", ""), RunLook())


def _look(style: Element) -> RunLook:
    properties = style.find(f"{STYLE}text-properties")
    if properties is None:
        return RunLook()
    return RunLook(
        Style(
            is_bold=properties.get(f"{_FO}font-weight") == "bold",
            is_italic=properties.get(f"{_FO}font-style") == "italic",
        ),
        is_struck=properties.get(f"{STYLE}text-line-through-style", "none") != "none",
        is_hidden=properties.get(f"{TEXT}display") == "none",
    )
