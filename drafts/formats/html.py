"""An edition as HTML files that stand alone: one language, or three side by side.

Nothing is loaded and nothing runs: the stylesheet and the fonts (about 165 kB
before encoding) are inside the file, and its own content policy forbids the rest.
"""

from base64 import b64encode
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import cache
from html import escape
from itertools import groupby
from pathlib import Path
from types import MappingProxyType

from msgspec import Struct
from msgspec.structs import replace

from drafts.formats import text_parts
from drafts.formats.assembly import Absence, EditionRow, EditionText, EditionWording, RowPart
from drafts.formats.inline_runs import together, unbroken
from drafts.formats.labels import WORDS, adopted, closing
from drafts.render.inline_html import inline_html
from drafts.text.blocks import BlockKind, Language

LISTED = frozenset({BlockKind.ITEM, BlockKind.BULLET})
DEEPEST_HEADING = 6


class LanguageView(Struct, frozen=True):
    """One language of an edition on a page. `prefix` keeps its ids apart from those of other languages there.

    `feet` is HTML that ends a block, by the block's id.
    """

    text: EditionText
    language: Language
    prefix: str = ""
    feet: Mapping[str, str] = MappingProxyType({})

    def inline(self, words: str, spoken: str = "") -> str:
        """Return inline Markdown as safe HTML, references printed as numbers that lead to their paragraph.

        Words left as they were said have the spacing of the language they are in, `spoken`.
        """
        own = Language(spoken) if spoken in set(Language) else self.language
        return inline_html(unbroken(words, own), language=self.language, numbers=self.text.numbers, anchor=self.prefix)

    def address(self, name: str) -> str:
        return escape(f"{self.prefix}{name}")


def upright(leaf: LanguageView) -> Iterator[str]:
    """Yield the blocks of one language; the items that follow each other are one list."""
    yield from _listed(text_parts.body(leaf.text), leaf)
    if clause := closing(leaf.text, leaf.language):
        yield f'<p class="closing">{escape(clause)}</p>'
    yield from _listed(text_parts.back(leaf.text), leaf)


def _listed(rows: Sequence[EditionRow], leaf: LanguageView) -> Iterator[str]:
    depths = text_parts.depths(leaf.text, (leaf.language,))
    for frame, group in groupby(rows, key=_frame):
        made = "".join(_upright(entry, leaf, depths.get(entry.id, 1)) for entry in group)
        yield frame.format(made) if frame else made


def _frame(entry: EditionRow) -> str:
    """What stands around blocks of a kind that follow each other; empty where nothing does."""
    if entry.kind in LISTED:
        return '<ul class="list">{}</ul>'
    return _FRAMES.get(entry.part, "")


_FRAMES: Mapping[RowPart, str] = MappingProxyType(
    {
        RowPart.RESERVATION: '<div class="beside-text" role="note">{}</div>',
        RowPart.ORIGIN: '<div class="beside-text" role="note">{}</div>',
        RowPart.SIGNATORY: '<div class="signatories">{}</div>',
    }
)


def _upright(entry: EditionRow, leaf: LanguageView, depth: int) -> str:
    if text_parts.wording(entry, leaf.language) == "":
        return ""
    own_id, foot = f' id="{leaf.address(f"b-{entry.id}")}"', leaf.feet.get(entry.id, "")
    if entry.kind in LISTED:
        return f'<li class="in-{entry.level}"{own_id}>{_marked(entry, leaf, depth)}{foot}</li>'
    if entry.number:
        spoken = WORDS[leaf.language].paragraph.format(number=entry.number)
        return f'<div class="op"{own_id}>{number(entry, spoken)}{matter(entry, leaf, depth)}{foot}</div>'
    return matter(entry, leaf, depth, own_id=own_id) + foot


def wide(leaves: Sequence[LanguageView]) -> Iterator[str]:
    """Yield one row for each block, its languages beside each other."""
    text = replace(leaves[0].text, leading=leaves[0].language)
    depths = text_parts.depths(text, [leaf.language for leaf in leaves])
    yield from (_wide(entry, leaves, depths.get(entry.id, 0)) for entry in text_parts.body(text))
    if not text.has_closing:
        yield row("", "", [(leaf, f"<p>{escape(closing(text, leaf.language))}</p>") for leaf in leaves])
    yield from (_wide(entry, leaves, depths.get(entry.id, 0)) for entry in text_parts.back(text))


def _wide(entry: EditionRow, leaves: Sequence[LanguageView], depth: int) -> str:
    margin = number(entry) if entry.number and entry.kind not in LISTED else ""
    plain = entry.kind.value if entry.part in {RowPart.TEXT, RowPart.BACK} else entry.part.value
    name = {0: plain, 1: "heading"}.get(depth, "heading minor")
    if spoken := _kept(entry):
        leaf = LanguageView(leaves[0].text, leaves[0].language)
        cell = f'<div class="text kept" lang="{escape(spoken)}">{_cell(entry, leaf, depth)}</div>'
        return f'<div class="row {name}" id="{escape(f"b-{entry.id}")}">{cell}</div>\n'
    cells = [(leaf, _cell(entry, leaf, depth)) for leaf in leaves]
    return row(name, margin, cells, block=f"b-{entry.id}", foot=leaves[0].feet.get(entry.id, ""))


def _kept(entry: EditionRow) -> str:
    """The language of words that stand once across all columns, because they are left as they were said."""
    cells = [cell for cell in entry.cells.values() if isinstance(cell, EditionWording)]
    spoken = next((cell.spoken for cell in cells if cell.spoken), "")
    return spoken if len({cell.text for cell in cells}) == 1 else ""


def _cell(entry: EditionRow, leaf: LanguageView, depth: int) -> str:
    if entry.kind in LISTED:
        return f'<div class="listed in-{entry.level}">{_marked(entry, leaf, depth)}</div>'
    return matter(entry, leaf, depth)


def row(name: str, margin: str, cells: Iterable[tuple[LanguageView, str]], *, block: str = "", foot: str = "") -> str:
    """Return one row of the parallel text: what stands in the margin, a cell for each language, and what ends it.

    The row has the address of its block, and each cell the same within its own language.
    """
    made = "".join(
        f'<div class="text" data-col="{leaf.language}" lang="{leaf.language}"{_own_id(leaf.address(block), block)}>'
        f"{cell}</div>"
        for leaf, cell in cells
    )
    return f'<div class="{f"row {name}".strip()}"{_own_id(escape(block), block)}>{margin}{made}{foot}</div>\n'


def _own_id(address: str, block: str) -> str:
    return f' id="{address}"' if block else ""


def number(entry: EditionRow, spoken: str = "") -> str:
    """Return the number in the margin, which is the paragraph's address within the edition."""
    shown, address = escape(entry.number), escape(entry.number.replace(" ", "-"))
    label = f' aria-label="{escape(spoken)}"' if spoken else ""
    return f'<a class="no" id="p{address}" href="#p{address}"{label}>{shown}</a>'


def _marked(entry: EditionRow, leaf: LanguageView, depth: int) -> str:
    return f'<span class="mark">{escape(text_parts.mark(entry, leaf.language))}</span>{matter(entry, leaf, depth)}'


def matter(entry: EditionRow, leaf: LanguageView, depth: int, *, own_id: str = "") -> str:
    """Return one block in one language, without its number or mark."""
    cell = entry.cells[leaf.language]
    if isinstance(cell, Absence):
        return f'<p class="absent"{own_id}>{escape(WORDS[leaf.language].absent.format(reason=cell.reason))}</p>'
    if entry.kind in text_parts.HEADINGS:
        tag = f"h{min(depth + 1, DEEPEST_HEADING)}"
        return f'<{tag} class="depth-{depth}"{own_id}>{leaf.inline(cell.text)}</{tag}>'
    spoken = f' lang="{escape(cell.spoken)}"' if cell.spoken else ""
    if entry.part not in {RowPart.TEXT, RowPart.BACK}:
        return f'<p class="{entry.part}"{own_id}{spoken}>{leaf.inline(cell.text, cell.spoken)}</p>'
    if special := SPECIAL.get(entry.kind):
        return special(cell.text, leaf, own_id)
    name = entry.kind.value.replace("_", "-")
    return f'<p class="{name} in-{entry.level}"{own_id}{spoken}>{leaf.inline(cell.text, cell.spoken)}</p>'


def _quotation(words: str, leaf: LanguageView, own_id: str) -> str:
    return f"<blockquote{own_id}><p>{leaf.inline(words)}</p></blockquote>"


def _code(words: str, _: LanguageView, own_id: str) -> str:
    return f"<pre{own_id}><code>{escape(text_parts.code(words))}</code></pre>"


def _rule(_: str, __: LanguageView, own_id: str) -> str:
    return f"<hr{own_id}>"


def _note(words: str, leaf: LanguageView, own_id: str) -> str:
    label, said = text_parts.note(words)
    mark = f'<sup id="{leaf.address(f"note-{label}")}">{escape(label)}</sup>'
    return f'<p class="note"{own_id}>{mark} {leaf.inline(said)}</p>'


def _table(words: str, leaf: LanguageView, own_id: str) -> str:
    rows = [[leaf.inline(cell) for cell in cells] for cells in text_parts.table(words)]
    if not rows:
        return f"<p{own_id}>{leaf.inline(words)}</p>"
    head, *rest = rows
    lines = "".join(f"<tr>{''.join(f'<td>{cell}</td>' for cell in cells)}</tr>" for cells in rest)
    heads = "".join(f'<th scope="col">{cell}</th>' for cell in head)
    return f"<table{own_id}><thead><tr>{heads}</tr></thead><tbody>{lines}</tbody></table>"


SPECIAL: Mapping[BlockKind, Callable[[str, LanguageView, str], str]] = MappingProxyType(
    {
        BlockKind.QUOTATION: _quotation,
        BlockKind.CODE: _code,
        BlockKind.RULE: _rule,
        BlockKind.NOTE: _note,
        BlockKind.TABLE: _table,
    }
)


HERE = Path(__file__).parent
FACES = (
    ("Newsreader", "400", "normal", "Newsreader-Regular.woff2"),
    ("Newsreader", "400", "italic", "Newsreader-Italic.woff2"),
    ("Newsreader", "600", "normal", "Newsreader-SemiBold.woff2"),
    ("Newsreader Display", "400", "normal", "NewsreaderDisplay-Regular.woff2"),
    ("Source Sans 3", "200 900", "normal", "SourceSans3-latin.woff2"),
)
POLICY = "default-src 'none'; style-src 'unsafe-inline'; font-src data:; base-uri 'none'; form-action 'none'"
ORNAMENT = (
    '<svg class="orn" viewBox="0 0 112 20" fill="none" stroke="currentColor" stroke-width="1.25" '
    'stroke-linecap="round" aria-hidden="true"><path d="M2 10h34M76 10h34"/>'
    '<path d="M44 10c4-5 8-5 12 0s8 5 12 0"/></svg>'
)


def page(text: EditionText, language: Language) -> bytes:
    """Return one language as a page of its own."""
    leaf = LanguageView(text, language)
    name = "leaf paper" if text.stands_for else "leaf"
    made = [
        title_page(leaf),
        contents(leaf),
        f'<div class="text" id="text" tabindex="-1">{"".join(upright(leaf))}</div>',
        colophon(text, (language,)),
    ]
    return whole(text, (language,), f'<main class="{name}">{"".join(made)}</main>')


def parallel(text: EditionText) -> bytes:
    """Return the three languages side by side; on a phone one at a time, chosen by radios, without scripts."""
    leaves = [LanguageView(text, language, prefix=f"{language}-") for language in Language]
    rows = [
        row("head", "", [(leaf, title_page(leaf)) for leaf in leaves]),
        choice(),
        row("head", "", [(leaf, contents(leaf)) for leaf in leaves]),
        row("head col-heads", "", [(leaf, escape(WORDS[leaf.language].name)) for leaf in leaves]),
        '<div id="text" tabindex="-1">',
        *wide(leaves),
        "</div>",
    ]
    inside = f'<div class="rows">{"".join(rows)}</div>{colophon(text, tuple(Language))}'
    return whole(text, tuple(Language), f'<main class="parallel">{inside}</main>')


def whole(text: EditionText, languages: Sequence[Language], main: str) -> bytes:
    titles = dict.fromkeys(text.imprint.declaration[language] for language in languages)
    skips = " · ".join(f'<span lang="{language}">{escape(WORDS[language].skip)}</span>' for language in languages)
    return (
        f'<!doctype html>\n<html lang="{languages[0]}">\n<head>\n<meta charset="utf-8">\n'
        f'<meta http-equiv="Content-Security-Policy" content="{POLICY}">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        '<meta name="color-scheme" content="light dark">\n'
        f"<title>{escape(' · '.join(titles))}</title>\n<style>\n{stylesheet()}</style>\n</head>\n<body>\n"
        f'<a class="skip" href="#text">{skips}</a>\n{main}\n</body>\n</html>\n'
    ).encode()


@cache
def stylesheet() -> str:
    """The shipped style with its fonts in it."""
    return "".join(map(font_face, *zip(*FACES, strict=True))) + (HERE / "edition.css").read_text("utf-8")


def font_face(family: str, weight: str, style: str, file: str) -> str:
    data = b64encode((HERE / "fonts" / file).read_bytes()).decode()
    return (
        f'@font-face {{ font-family: "{family}"; font-weight: {weight}; font-style: {style}; '
        f'src: url("data:font/woff2;base64,{data}") format("woff2"); }}\n'
    )


def title_page(leaf: LanguageView) -> str:
    title, subtitle = text_parts.title(leaf.text, leaf.language)
    imprint = leaf.text.imprint
    place = imprint.place[leaf.language]
    under = f'<p class="sub">{leaf.inline(subtitle)}</p>' if subtitle else ""
    return (
        f'<header class="title-page"><p class="issuer">{escape(together(imprint.forum[leaf.language], place))}</p>'
        f"<h1>{leaf.inline(together(title, place))}</h1>{under}"
        f'<p class="imprint">{escape(adopted(imprint, leaf.language))}</p>{ORNAMENT}</header>'
    )


def contents(leaf: LanguageView) -> str:
    """Return the table of contents; nothing where a text has fewer than two headings."""
    headings = text_parts.contents(leaf.text, leaf.language)
    if not headings:
        return ""
    lines = "".join(
        f'<li class="depth-{entry.depth}"><a href="#{leaf.address(f"b-{entry.id}")}">{escape(entry.words)}</a></li>'
        for entry in headings
    )
    label = escape(WORDS[leaf.language].contents)
    return f'<nav class="toc" aria-label="{label}"><h2>{label}</h2><ol>{lines}</ol></nav>'


def colophon(text: EditionText, languages: Iterable[Language]) -> str:
    lines = "".join(
        f'<p lang="{language}">{escape(". ".join(text_parts.edition_named(text, language)))}. '
        f"{escape(WORDS[language].fingerprint)}</p>"
        for language in languages
    )
    return f'<footer class="colophon">{ORNAMENT}{lines}<code>{text.fingerprint}</code></footer>'


def choice() -> str:
    options = "".join(
        f'<label><input type="radio" name="language" value="{language}"{" checked" if index == 0 else ""}>'
        f'<span lang="{language}">{escape(WORDS[language].name)}</span></label>'
        for index, language in enumerate(Language)
    )
    legend = " · ".join(f'<span lang="{language}">{escape(WORDS[language].languages)}</span>' for language in Language)
    return f'<fieldset class="choice"><legend class="vh">{legend}</legend><div class="seg">{options}</div></fieldset>'
