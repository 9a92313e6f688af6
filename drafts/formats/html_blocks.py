"""The text of an edition as HTML: block after block in one language, or row after row in three."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from html import escape
from itertools import groupby
from types import MappingProxyType

from msgspec import Struct

from drafts.assembly import Absence, EditionRow, EditionText, Part, Wording
from drafts.blocks import BlockKind, Language
from drafts.formats import pieces
from drafts.formats.spaces import unbroken
from drafts.formats.words import WORDS, closing
from drafts.render import inline_html

LISTED = frozenset({BlockKind.ITEM, BlockKind.BULLET})
DEEPEST_HEADING = 6


class Leaf(Struct, frozen=True):
    """One language of an edition on a page. `prefix` keeps its ids apart from those of other languages there."""

    text: EditionText
    language: Language
    prefix: str = ""

    def inline(self, words: str, spoken: str = "") -> str:
        """Return inline Markdown as safe HTML, references printed as numbers that lead to their paragraph.

        Words left as they were said have the spacing of the language they are in, `spoken`.
        """
        own = Language(spoken) if spoken in set(Language) else self.language
        return inline_html(unbroken(words, own), language=self.language, numbers=self.text.numbers, anchor=self.prefix)

    def address(self, name: str) -> str:
        return escape(f"{self.prefix}{name}")


def upright(leaf: Leaf) -> Iterator[str]:
    """Yield the blocks of one language; the items that follow each other are one list."""
    yield from _listed(pieces.body(leaf.text), leaf)
    if clause := closing(leaf.text, leaf.language):
        yield f'<p class="closing">{escape(clause)}</p>'
    yield from _listed(pieces.back(leaf.text), leaf)


def _listed(rows: Sequence[EditionRow], leaf: Leaf) -> Iterator[str]:
    depths = pieces.depths(leaf.text, (leaf.language,))
    for frame, group in groupby(rows, key=_frame):
        made = "".join(_upright(entry, leaf, depths.get(entry.id, 1)) for entry in group)
        yield frame.format(made) if frame else made


def _frame(entry: EditionRow) -> str:
    """What stands around blocks of a kind that follow each other; empty where nothing does."""
    if entry.kind in LISTED:
        return '<ul class="list">{}</ul>'
    return _FRAMES.get(entry.part, "")


_FRAMES: Mapping[Part, str] = MappingProxyType(
    {
        Part.RESERVATION: '<div class="beside-text" role="note">{}</div>',
        Part.ORIGIN: '<div class="beside-text" role="note">{}</div>',
        Part.SIGNATORY: '<div class="signatories">{}</div>',
    }
)


def _upright(entry: EditionRow, leaf: Leaf, depth: int) -> str:
    if pieces.wording(entry, leaf.language) == "":
        return ""
    own_id = f' id="{leaf.address(f"b-{entry.id}")}"'
    if entry.kind in LISTED:
        return f'<li class="in-{entry.level}"{own_id}>{_marked(entry, leaf, depth)}</li>'
    if entry.number:
        spoken = WORDS[leaf.language].paragraph.format(number=entry.number)
        return f'<div class="op"{own_id}>{number(entry, spoken)}{matter(entry, leaf, depth)}</div>'
    return matter(entry, leaf, depth, own_id=own_id)


def wide(leaves: Sequence[Leaf]) -> Iterator[str]:
    """Yield one row for each block, its languages beside each other."""
    text = leaves[0].text
    depths = pieces.depths(text, [leaf.language for leaf in leaves])
    yield from (_wide(entry, leaves, depths.get(entry.id, 0)) for entry in pieces.body(text))
    if not text.has_closing:
        yield row("", "", [(leaf, f"<p>{escape(closing(text, leaf.language))}</p>") for leaf in leaves])
    yield from (_wide(entry, leaves, depths.get(entry.id, 0)) for entry in pieces.back(text))


def _wide(entry: EditionRow, leaves: Sequence[Leaf], depth: int) -> str:
    margin = number(entry) if entry.number and entry.kind not in LISTED else ""
    plain = entry.kind.value if entry.part in {Part.TEXT, Part.BACK} else entry.part.value
    name = {0: plain, 1: "heading"}.get(depth, "heading minor")
    if spoken := _kept(entry):
        leaf = Leaf(leaves[0].text, leaves[0].language)
        cell = f'<div class="text kept" lang="{escape(spoken)}">{_cell(entry, leaf, depth)}</div>'
        return f'<div class="row {name}" id="{escape(f"b-{entry.id}")}">{cell}</div>\n'
    return row(name, margin, [(leaf, _cell(entry, leaf, depth)) for leaf in leaves], block=f"b-{entry.id}")


def _kept(entry: EditionRow) -> str:
    """The language of words that stand once across all columns, because they are left as they were said."""
    cells = [cell for cell in entry.cells.values() if isinstance(cell, Wording)]
    spoken = next((cell.spoken for cell in cells if cell.spoken), "")
    return spoken if len({cell.text for cell in cells}) == 1 else ""


def _cell(entry: EditionRow, leaf: Leaf, depth: int) -> str:
    if entry.kind in LISTED:
        return f'<div class="listed in-{entry.level}">{_marked(entry, leaf, depth)}</div>'
    return matter(entry, leaf, depth)


def row(name: str, margin: str, cells: Iterable[tuple[Leaf, str]], *, block: str = "") -> str:
    """Return one row of the parallel text: what stands in the margin, then a cell for each language.

    The row has the address of its block, and each cell the same within its own language.
    """
    made = "".join(
        f'<div class="text" data-col="{leaf.language}" lang="{leaf.language}"{_own_id(leaf.address(block), block)}>'
        f"{cell}</div>"
        for leaf, cell in cells
    )
    return f'<div class="{f"row {name}".strip()}"{_own_id(escape(block), block)}>{margin}{made}</div>\n'


def _own_id(address: str, block: str) -> str:
    return f' id="{address}"' if block else ""


def number(entry: EditionRow, spoken: str = "") -> str:
    """Return the number in the margin, which is the paragraph's address within the edition."""
    shown, address = escape(entry.number), escape(entry.number.replace(" ", "-"))
    label = f' aria-label="{escape(spoken)}"' if spoken else ""
    return f'<a class="no" id="p{address}" href="#p{address}"{label}>{shown}</a>'


def _marked(entry: EditionRow, leaf: Leaf, depth: int) -> str:
    return f'<span class="mark">{escape(pieces.mark(entry, leaf.language))}</span>{matter(entry, leaf, depth)}'


def matter(entry: EditionRow, leaf: Leaf, depth: int, *, own_id: str = "") -> str:
    """Return one block in one language, without its number or mark."""
    cell = entry.cells[leaf.language]
    if isinstance(cell, Absence):
        return f'<p class="absent"{own_id}>{escape(WORDS[leaf.language].absent.format(reason=cell.reason))}</p>'
    if entry.kind in pieces.HEADINGS:
        tag = f"h{min(depth + 1, DEEPEST_HEADING)}"
        return f'<{tag} class="depth-{depth}"{own_id}>{leaf.inline(cell.text)}</{tag}>'
    spoken = f' lang="{escape(cell.spoken)}"' if cell.spoken else ""
    if entry.part not in {Part.TEXT, Part.BACK}:
        return f'<p class="{entry.part}"{own_id}{spoken}>{leaf.inline(cell.text, cell.spoken)}</p>'
    if special := SPECIAL.get(entry.kind):
        return special(cell.text, leaf, own_id)
    name = entry.kind.value.replace("_", "-")
    return f'<p class="{name} in-{entry.level}"{own_id}{spoken}>{leaf.inline(cell.text, cell.spoken)}</p>'


def _quotation(words: str, leaf: Leaf, own_id: str) -> str:
    return f"<blockquote{own_id}><p>{leaf.inline(words)}</p></blockquote>"


def _code(words: str, _: Leaf, own_id: str) -> str:
    return f"<pre{own_id}><code>{escape(pieces.code(words))}</code></pre>"


def _rule(_: str, __: Leaf, own_id: str) -> str:
    return f"<hr{own_id}>"


def _note(words: str, leaf: Leaf, own_id: str) -> str:
    label, said = pieces.note(words)
    mark = f'<sup id="{leaf.address(f"note-{label}")}">{escape(label)}</sup>'
    return f'<p class="note"{own_id}>{mark} {leaf.inline(said)}</p>'


def _table(words: str, leaf: Leaf, own_id: str) -> str:
    rows = [[leaf.inline(cell) for cell in cells] for cells in pieces.table(words)]
    if not rows:
        return f"<p{own_id}>{leaf.inline(words)}</p>"
    head, *rest = rows
    lines = "".join(f"<tr>{''.join(f'<td>{cell}</td>' for cell in cells)}</tr>" for cells in rest)
    heads = "".join(f'<th scope="col">{cell}</th>' for cell in head)
    return f"<table{own_id}><thead><tr>{heads}</tr></thead><tbody>{lines}</tbody></table>"


SPECIAL: Mapping[BlockKind, Callable[[str, Leaf, str], str]] = MappingProxyType(
    {
        BlockKind.QUOTATION: _quotation,
        BlockKind.CODE: _code,
        BlockKind.RULE: _rule,
        BlockKind.NOTE: _note,
        BlockKind.TABLE: _table,
    },
)
