"""Comparisons and merges of files as one HTML page each: nothing is loaded, nothing runs."""

from collections.abc import Iterator, Sequence
from html import escape

from drafts.blocks import Document
from drafts.merge import Alternative, Cluster, Flag, FlagKind, Merged
from drafts.numbering import numbers
from drafts.render import diff_html, document_html
from drafts.shown import Row, RowKind, shown

_POLICY = "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'"
_STYLE = """
:root { color-scheme: light dark; --desk: light-dark(#f3f0e9, #141618); --paper: light-dark(#fdfcf8, #1c1f21);
  --ink: light-dark(#201d18, #d8d3c8); --ink-2: light-dark(#4f4a42, #b1aba0); --rule: light-dark(#dcd6c9, #343839);
  --accent: light-dark(#14505b, #8fc4c9); --ins: light-dark(#175a37, #a0d4b0); --ins-wash: light-dark(#dcefdf, #1c3526);
  --del: light-dark(#8d2a20, #eaaa9d); --del-wash: light-dark(#f9e4de, #3c221d); --moved: light-dark(#57378a, #c7b3ea);
  --moved-wash: light-dark(#ebe4f6, #2d2642); --clash: light-dark(#764800, #e7c37f); }
body { margin: 0; padding: 1.5rem; background: var(--desk); color: var(--ink);
  font: 1.125rem/1.5 Newsreader, "Iowan Old Style", Palatino, Georgia, serif; }
main { max-inline-size: 44rem; margin-inline: auto; padding: 1.5rem clamp(1rem, 4vw, 3rem); background: var(--paper);
  border: 1px solid var(--rule); }
header, footer, .who, .told { font: .9375rem/1.45 "Source Sans 3", "Segoe UI", "Helvetica Neue", Arial, sans-serif; }
header h1, section > h2, section > h3 { font: 600 1.25rem/1.3 "Source Sans 3", "Segoe UI", Arial, sans-serif; }
header { border-block-end: 1px solid var(--rule); margin-block-end: 1.5rem; } .told, .muted { color: var(--ink-2); }
a { color: var(--accent); } :focus-visible { outline: 2px solid var(--accent); outline-offset: 2px; }
ins { color: var(--ins); background: var(--ins-wash); text-decoration: underline 2px; text-underline-offset: .2em; }
del { color: var(--del); background: var(--del-wash); text-decoration: line-through 1.5px; }
:is(ins, del) .letters { outline: 1px solid currentColor; outline-offset: -1px; }
.moved { color: var(--moved); background: var(--moved-wash); text-decoration: underline double 1px; }
.moved-from { color: var(--moved); font-style: italic; text-decoration: underline dashed 1px; }
.dispute { border-inline-start: 4px solid var(--clash); padding-inline-start: 1rem; margin-block: 2rem; }
.reading { border: 1px solid var(--rule); padding: .25rem 1rem; margin-block: .75rem; }
.op { display: grid; grid-template-columns: 2.5rem 1fr; } .op > p { margin: 0 0 .75rem; }
.level-1 { margin-inline-start: 2rem; } .level-2 { margin-inline-start: 4rem; } .level-3 { margin-inline-start: 6rem; }
table { border-collapse: collapse; } th, td { border: 1px solid var(--rule); padding: .25rem .5rem; text-align: start; }
pre { overflow-x: auto; white-space: pre-wrap; } blockquote { margin-inline: 1.5rem 0; }
.vh { position: absolute; inline-size: 1px; block-size: 1px; overflow: hidden; clip-path: inset(50%);
  white-space: nowrap; }
@media print { body { background: none; padding: 0; } main { border: 0; } }
"""
_FLAGS = {
    FlagKind.SAME_POINT: "Several put paragraphs in the same place; they stand in filing order",
    FlagKind.IDENTICAL: "Several ask for the same",
    FlagKind.NEAR_DUPLICATE: "Two new paragraphs say nearly the same",
    FlagKind.NEIGHBOUR_DELETED: "What a new paragraph stood beside is gone",
    FlagKind.NEIGHBOUR_MOVED: "What a new paragraph stood beside has moved",
}


def comparison(rows: Sequence[Row], new: Document, *, names: tuple[str, str]) -> str:
    """Two files compared, the new one as it reads, with what changed marked and announced."""
    changed = sum(row.kind not in (RowKind.SAME, RowKind.MOVED_FROM) for row in rows)
    told = f"Changed paragraphs: {changed}." if changed else "The two texts are the same."
    text = diff_html(rows, language=new.language, numbers=numbers(new))
    return _page(f"{names[0]} → {names[1]}", told, _article(text, new))


def merger(base: Document, merged: Merged, *, name: str, members: Sequence[str]) -> str:
    """A merged file as it reads, then each dispute with its readings, then what a careful reader should look at."""
    told = f"Amended texts: {len(members)}. Open disputes: {len(merged.clusters)}."
    pieces = [_article(document_html(merged.document, numbers=numbers(merged.document)), base)]
    for number, cluster in enumerate(merged.clusters, start=1):
        pieces.append("\n".join(_dispute(base, cluster, number, members)))
    if merged.flags:
        remarks = "".join(f"<li>{_remark(flag, members)}</li>" for flag in merged.flags)
        pieces.append(f'<section><h2>Worth a look</h2><ul class="told">{remarks}</ul></section>')
    return _page(name, told, "\n".join(pieces))


def _article(text: str, document: Document) -> str:
    return f'<article lang="{document.language}">\n{text}\n</article>'


def _dispute(base: Document, cluster: Cluster, number: int, members: Sequence[str]) -> Iterator[str]:
    yield f'<section class="dispute"><h2>Dispute {number}</h2><p class="who">{_who(cluster.amendments, members)}</p>'
    if cluster.base_blocks:
        first = base.blocks[cluster.base_blocks[0]].id
        yield f'<p class="told"><a href="#b-{escape(first)}">Its place in the text</a>, which keeps its words.</p>'
    for place, reading in enumerate(cluster.alternatives, start=1):
        yield f'<div class="reading"><h3 class="who">{_who(reading.amendments, members)}</h3>'
        yield _reading(base, cluster, reading, anchor=f"d{number}r{place}-") + "</div>"
    yield "</section>"


def _reading(base: Document, cluster: Cluster, reading: Alternative, *, anchor: str) -> str:
    """One reading, marked against the words that stand in the base."""
    before = Document(tuple(base.blocks[index] for index in cluster.base_blocks), base.language)
    rows = shown(before, Document(reading.blocks, base.language))
    moves = "".join(f'<p class="told">Moved to before paragraph {gap + 1}.</p>' for gap in reading.gaps)
    text = diff_html(rows, language=base.language, numbers=numbers(base), anchor=anchor)
    return f'<div lang="{base.language}">{text}</div>{moves}'


def _remark(flag: Flag, members: Sequence[str]) -> str:
    place = flag.base_blocks[0] if flag.base_blocks else flag.gap or 0
    return f"{_FLAGS[flag.kind]}: {_who(flag.amendments, members)} (paragraph {place + 1})."


def _who(numbers_of: Sequence[int], members: Sequence[str]) -> str:
    return ", ".join(escape(members[number]) for number in numbers_of)


def _page(title: str, told: str, body: str) -> str:
    return (
        '<!DOCTYPE html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n'
        f'<meta http-equiv="Content-Security-Policy" content="{_POLICY}">\n'
        '<meta name="viewport" content="width=device-width">\n'
        f"<title>{escape(title)}</title>\n<style>{_STYLE}</style>\n</head>\n<body>\n<main>\n"
        f'<header><h1>{escape(title)}</h1><p class="told">{told}</p></header>\n{body}\n</main>\n</body>\n</html>\n'
    )
