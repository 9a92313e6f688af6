"""How a declaration looks in Word: real styles, so that whoever edits it goes on in them.

A style's name says which kind of block it stands for; that is how a text comes back (`kind_of`).
"""

from collections.abc import Mapping
from types import MappingProxyType

from msgspec import Struct

from drafts.formats.xml_elements import Xml, w, xml_part
from drafts.text.blocks import BlockKind, Language

SERIF, SANS, MONO = "Georgia", "Calibri", "Consolas"
LOCALES = MappingProxyType({Language.ES: "es-ES", Language.EN: "en-GB", Language.FR: "fr-FR"})
STEP = 567  # twentieths of a point: one centimetre, by which each level is indented
PAGE_WIDTH, PAGE_HEIGHT, MARGIN = 11906, 16838, 1418  # A4
INK, GREY, RUBRIC, LINK = "201D18", "4F4A42", "862C1C", "14505B"  # as in the PDF
_DEEPEST_HEADING = 5


class _Look(Struct, frozen=True):
    """A paragraph style: its id, the name that Word shows, and what differs from the ordinary paragraph."""

    id: str
    name: str
    size: int = 0  # half points
    before: int = -1
    after: int = -1
    left: int = 0
    hanging: int = 0
    is_bold: bool = False
    is_italic: bool = False
    is_centred: bool = False
    is_kept_with_next: bool = False
    outline: int = -1
    font: str = ""
    colour: str = ""
    border: str = ""  # the side that has a line
    numbering: int = 0


_HEADINGS = (
    _Look("Heading1", "heading 1", 30, 420, 140, is_centred=True, is_kept_with_next=True, outline=0, colour=INK),
    _Look("Heading2", "heading 2", 25, 320, 120, is_bold=True, is_kept_with_next=True, outline=1),
    _Look("Heading3", "heading 3", 23, 260, 100, is_italic=True, is_kept_with_next=True, outline=2),
    _Look("Heading4", "heading 4", 22, 220, 80, is_bold=True, is_kept_with_next=True, outline=3, colour=GREY),
    _Look("Heading5", "heading 5", 22, 200, 80, is_italic=True, is_kept_with_next=True, outline=4, colour=GREY),
)
_LOOKS = (
    _Look("Title", "Title", 44, 720, 200, is_centred=True, is_kept_with_next=True, colour=INK),
    _Look("Subtitle", "Subtitle", 25, 0, 480, is_centred=True, is_italic=True),
    *_HEADINGS,
    _Look("PlaceDate", "Place and date", 22, 0, 480, is_centred=True, is_italic=True),
    _Look("Chapeau", "Chapeau", 23, 120, 180),
    _Look("Preamble", "Preambular paragraph", after=140),
    _Look("Operative", "Operative paragraph", before=60, after=140, left=STEP, hanging=STEP, numbering=1),
    _Look("Item", "Item", after=100),
    _Look("Bullet", "List Bullet", after=80),
    _Look("Quotation", "Quote", 21, 120, 160, left=STEP, is_italic=True, border="left"),
    _Look("Note", "Note", 18, after=60),
    _Look("Code", "Code", 18, 80, 120, left=STEP, font=MONO),
    _Look("Rule", "Rule", 12, 120, 240, border="bottom"),
    _Look("Closing", "Adoption and authenticity", before=420, after=140),
    _Look("Annex", "Annex", 30, 480, 240, is_centred=True, is_kept_with_next=True, outline=0, colour=INK),
    _Look("Absent", "Absent by decision", 20, is_italic=True, colour=GREY),
    _Look("FootnoteText", "footnote text", 18, after=40),
    _Look("CommentText", "annotation text", 20, after=0, font=SANS),
    _Look("Header", "header", 18, after=0, font=SANS, colour=GREY),
    _Look("Footer", "footer", 18, after=0, is_centred=True, font=SANS, colour=GREY),
    _Look("Cell", "Table text", 20, 20, 40),
    _Look("Label", "Table label", 18, 20, 40, font=SANS, colour=GREY),
    _Look("End", "End of text", 4, after=0),
)

_STYLE_OF: Mapping[BlockKind, str] = MappingProxyType(
    {
        BlockKind.TITLE: "Title",
        BlockKind.PLACE_DATE: "PlaceDate",
        BlockKind.CHAPEAU: "Chapeau",
        BlockKind.PREAMBLE: "Preamble",
        BlockKind.OPERATIVE: "Operative",
        BlockKind.PARAGRAPH: "Normal",
        BlockKind.ITEM: "Item",
        BlockKind.BULLET: "Bullet",
        BlockKind.QUOTATION: "Quotation",
        BlockKind.NOTE: "Note",
        BlockKind.TABLE: "Cell",
        BlockKind.CODE: "Code",
        BlockKind.RULE: "Rule",
        BlockKind.CLOSING: "Closing",
        BlockKind.ANNEX: "Annex",
    }
)


def style_of(kind: BlockKind, level: int) -> str:
    """The id of the style of a block."""
    if kind is BlockKind.HEADING:
        return f"Heading{min(max(level, 1), _DEEPEST_HEADING)}"
    return _STYLE_OF[kind]


KIND_OF_NAME: Mapping[str, tuple[BlockKind, int | None]] = MappingProxyType(
    {
        **{
            look.name.casefold(): (kind, None)
            for look in _LOOKS
            for kind, style in _STYLE_OF.items()
            if look.id == style and kind is not BlockKind.TABLE
        },
        **{f"heading {depth}": (BlockKind.HEADING, depth) for depth in range(1, _DEEPEST_HEADING + 1)},
    }
)
"""What a paragraph is by the name of its style, in lower case; None where the style does not tell the level."""


def styles(language: Language) -> bytes:
    """The part `styles.xml`."""
    defaults = w(
        "docDefaults",
        w("rPrDefault", w("rPr", _fonts(SERIF), w("sz", val=22), w("szCs", val=22), w("lang", val=LOCALES[language]))),
        w("pPrDefault", w("pPr", w("spacing", after=120, line=283, lineRule="auto"))),
    )
    normal = w("style", w("name", val="Normal"), w("qFormat"), type="paragraph", default=1, styleId="Normal")
    return xml_part("w:styles", defaults, normal, *map(_style, _LOOKS), *_character_styles(), *_table_styles())


def _style(look: _Look) -> Xml:
    is_own = look.name not in {"header", "footer", "footnote text", "annotation text"}
    return w(
        "style",
        w("name", val=look.name),
        w("basedOn", val="Normal"),
        w("next", val="Normal" if look.outline >= 0 or look.id in {"Title", "Subtitle"} else look.id),
        w("qFormat") if is_own else None,
        _paragraph_properties(look),
        _run_properties(look),
        type="paragraph",
        styleId=look.id,
    )


def _paragraph_properties(look: _Look) -> Xml:
    spacing = {name: size for name, size in (("before", look.before), ("after", look.after)) if size >= 0}
    return w(
        "pPr",
        w("keepNext") if look.is_kept_with_next else None,
        w("numPr", w("numId", val=look.numbering)) if look.numbering else None,
        w("pBdr", w(look.border, val="single", sz=6, space=8, color=GREY)) if look.border else None,
        w("spacing", **spacing) if spacing else None,
        w("ind", left=look.left, hanging=look.hanging) if look.left else None,
        w("jc", val="center") if look.is_centred else None,
        w("outlineLvl", val=look.outline) if look.outline >= 0 else None,
    )


def _run_properties(look: _Look) -> Xml:
    return w(
        "rPr",
        _fonts(look.font) if look.font else None,
        w("b") if look.is_bold else None,
        w("i") if look.is_italic else None,
        w("color", val=look.colour) if look.colour else None,
        *([w("sz", val=look.size), w("szCs", val=look.size)] if look.size else []),
    )


def _character_styles() -> list[Xml]:
    def style(name: str, style_id: str, *properties: Xml) -> Xml:
        return w("style", w("name", val=name), w("rPr", *properties), type="character", styleId=style_id)

    return [
        style("Hyperlink", "Hyperlink", w("color", val=LINK), w("u", val="single")),
        style("Reference", "Reference", w("color", val=LINK)),
        style("footnote reference", "FootnoteReference", w("vertAlign", val="superscript")),
        style("annotation reference", "CommentReference", w("sz", val=16)),
        style("Code words", "CodeWords", _fonts(MONO), w("sz", val=19)),
    ]


def _table_styles() -> list[Xml]:
    sides = ("top", "left", "bottom", "right", "insideH", "insideV")
    grid = w("tblBorders", *(w(side, val="single", sz=4, space=0, color="B8C0C6") for side in sides))
    lines = w("tblBorders", *(w(side, val="single", sz=4, space=0, color="D5DADE") for side in ("top", "insideH")))

    def style(name: str, style_id: str, borders: Xml) -> Xml:
        margins = w("tblCellMar", *(w(side, w=100, type="dxa") for side in sides[:4]))
        return w("style", w("name", val=name), w("tblPr", borders, margins), type="table", styleId=style_id)

    return [style("Table Grid", "TableGrid", grid), style("Columns", "Columns", lines)]


def _fonts(name: str) -> Xml:
    return w("rFonts", ascii=name, hAnsi=name, cs=name, eastAsia=name)


def fonts() -> bytes:
    """The part `fontTable.xml`: what stands in for a font where it is missing."""
    table = (
        (SERIF, "Gelasio", "roman", "variable"),
        (SANS, "Carlito", "swiss", "variable"),
        (MONO, "Liberation Mono", "modern", "fixed"),
    )
    return xml_part(
        "w:fonts",
        *(
            w("font", w("altName", val=other), w("family", val=family), w("pitch", val=pitch), name=name)
            for name, other, family, pitch in table
        ),
    )
