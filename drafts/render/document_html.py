"""Documents and diffs as HTML fragments, for pages that add nothing but a frame.

Every function returns safe markup as a plain `str`: all text is escaped, links
go to http, https and mailto addresses or to blocks and notes of the same page,
nothing is styled or scripted inline. A template may print it as it is.

`anchor` is put before every id and every link to one, so that three languages
can stand on one page ("es-", "en-", "fr-").
"""

from collections.abc import Callable, Mapping, Sequence
from html import escape
from itertools import groupby

from msgspec import Struct

from drafts.base.constants import REPLACED_FROM_WORDS
from drafts.diff.side_by_side import DiffRow, DiffRun, RowKind, RunOp, SignedRun
from drafts.render.inline_html import NO_NUMBERS, WORDS, SafeHtml, hidden, inline_html
from drafts.text import markdown_parser
from drafts.text.blocks import Block, BlockKind, Document, Language
from drafts.text.numbering import label

__all__ = ["block_html", "diff_html", "document_html", "inline_html", "row_html", "words_html"]

_VERBATIM = frozenset({BlockKind.CODE, BlockKind.TABLE})  # compared line by line, as written
_CLASSES = {
    BlockKind.PLACE_DATE: "place-date",
    BlockKind.CHAPEAU: "chapeau",
    BlockKind.PREAMBLE: "pp",
    BlockKind.CLOSING: "closing",
}


def block_html(
    block: Block, *, language: Language, numbers: Mapping[str, str] = NO_NUMBERS, anchor: str = ""
) -> SafeHtml:
    """One block as safe HTML, with the class names of the stylesheet and its id as `id`."""
    return SafeHtml(_Page(language, numbers, anchor).block(block))


def document_html(document: Document, *, numbers: Mapping[str, str] = NO_NUMBERS, anchor: str = "") -> SafeHtml:
    """A whole document as safe HTML, one line per block; bullets that follow each other are one list."""
    page = _Page(document.language, numbers, anchor)
    pieces: list[str] = []
    for is_list, blocks in groupby(document.blocks, key=lambda block: block.kind is BlockKind.BULLET):
        lines = [page.list_item(block) if is_list else page.block(block) for block in blocks]
        pieces += ["<ul>", *lines, "</ul>"] if is_list else lines
    return SafeHtml("\n".join(pieces))


def diff_html(
    rows: Sequence[DiffRow], *, language: Language, numbers: Mapping[str, str] = NO_NUMBERS, anchor: str = ""
) -> SafeHtml:
    """A comparison (`drafts.diff.side_by_side.diff_rows`) as safe HTML, one line per row.

    Changes are `ins`, `del`, `.moved` and `.moved-from`, and are announced by
    hidden words in the language of the text; the letters that differ inside a word
    are `.letters`, which says nothing more to a screen reader. A paragraph replaced
    whole is two paragraphs; what moved has a link from either place to the other. A
    mark of emphasis whose partner stands in another run is shown as the character
    it is.
    """
    page = _Page(language, numbers, anchor)
    return SafeHtml("\n".join(page.row(row, has_both_places=True) for row in rows))


def row_html(
    row: DiffRow,
    *,
    language: Language,
    numbers: Mapping[str, str] = NO_NUMBERS,
    anchor: str = "",
    has_both_places: bool = False,
) -> SafeHtml:
    """One row of a comparison as safe HTML; `has_both_places` where both ends of a move stand on the page."""
    return SafeHtml(_Page(language, numbers, anchor).row(row, has_both_places=has_both_places))


def words_html(row: DiffRow, *, language: Language, numbers: Mapping[str, str] = NO_NUMBERS) -> SafeHtml:
    """The words of a row without the element of its kind; the number of who asks for a change leads to #amendment-1."""
    return SafeHtml(_Page(language, numbers, "").changed(row, row.new[0]))


class _Page(Struct, frozen=True):
    """Writes blocks and rows in one language under one anchor."""

    language: Language
    numbers: Mapping[str, str]
    anchor: str

    def block(self, block: Block) -> str:
        return self._framed(block, self._body(block), has_id=True)

    def list_item(self, block: Block) -> str:
        return f"<li{self._attributes(block, has_id=True)}>{self._inline(block.text)}</li>"

    def row(self, row: DiffRow, *, has_both_places: bool) -> str:
        if row.kind is RowKind.SAME:
            return self.block(row.new[0])
        block = (row.new or row.old)[0]
        if block.kind not in _VERBATIM and _is_replaced(row):
            before, after = (self._run(run, row, block) for run in row.runs)
            return self._framed(row.old[0], before, has_id=False) + self._framed(block, after, has_id=True)
        body, has_id = self.changed(row, block), bool(row.new)
        if has_both_places and row.kind in (RowKind.MOVED, RowKind.MOVED_FROM):
            body += self._other_place(row)
        if block.kind in _VERBATIM:
            return f"<pre{self._attributes(block, has_id=has_id)}>{body}</pre>"
        return self._framed(block, body, has_id=has_id)

    def _inline(self, text: str) -> str:
        return inline_html(text, language=self.language, numbers=self.numbers, anchor=self.anchor)

    def _body(self, block: Block) -> str:
        if block.kind is BlockKind.TABLE:
            return _table(block.text, self._inline)
        if block.kind is BlockKind.CODE:
            return f"<code>{escape(_code(block.text))}</code>"
        note, words = _note_parts(block)
        number = f'<span class="note-no">{escape(note)}</span> ' if note else ""
        return number + self._inline(words)

    def _framed(self, block: Block, body: str, *, has_id: bool) -> str:
        """`body` in the element of the block's kind."""
        attributes = self._attributes(block, has_id=has_id)
        match block.kind:
            case BlockKind.TITLE:
                return f"<h1{attributes}>{body}</h1>"
            case BlockKind.HEADING | BlockKind.ANNEX:
                rank = min(6, max(2, block.level + 1))
                return f"<h{rank}{attributes}>{body}</h{rank}>"
            case BlockKind.OPERATIVE | BlockKind.ITEM:
                return f"<div{attributes}>{self._margin(block)}<p>{body}</p></div>"
            case _:
                return _FRAMES.get(block.kind, "<p{attributes}>{body}</p>").format(attributes=attributes, body=body)

    def _margin(self, block: Block) -> str:
        number = self.numbers.get(block.id, "")
        target = escape(f"#{self.anchor}b-{block.id}")
        return f'<a href="{target}">{escape(label(block, number, self.language))}</a>' if number else "<span></span>"

    def _attributes(self, block: Block, *, has_id: bool) -> str:
        name = f"note-{_note_parts(block)[0]}" if block.kind is BlockKind.NOTE else f"b-{block.id}"
        classes = [*_classes(block), *([f"level-{block.level}"] if _is_deep(block) else [])]
        own_id = f' id="{escape(self.anchor + name)}"' if has_id else ""
        return own_id + (f' class="{" ".join(classes)}"' if classes else "")

    def changed(self, row: DiffRow, block: Block) -> str:
        words = WORDS[self.language]
        body = "".join(self._run(run, row, block) for run in row.runs)
        if row.kind is RowKind.MOVED_FROM:
            return f'<span class="moved-from">{hidden(words.moved_from)}{body}</span>'
        if row.kind is RowKind.MOVED:
            body = f'<span class="moved">{hidden(words.moved[0])}{body}{hidden(words.moved[1])}</span>'
        if row.old and row.new and (row.old[0].kind, row.old[0].level) != (block.kind, block.level):
            body += f' <small class="muted">{words.form}</small>'
        return body

    def _other_place(self, row: DiffRow) -> str:
        """A link from where a paragraph stood to where it stands, or back, and the mark that the other end leads to."""
        words = WORDS[self.language]
        name = escape(f"{self.anchor}b-{row.old[0].id}"), escape(f"{self.anchor}from-{row.old[0].id}")
        if row.kind is RowKind.MOVED:
            return f' <small><a href="#{name[1]}">{words.to_old_place}</a></small>'
        return f' <small id="{name[1]}"><a href="#{name[0]}">{words.to_new_place}</a></small>'

    def _run(self, run: DiffRun, row: DiffRow, block: Block) -> str:
        words = WORDS[self.language]
        if run.op is RunOp.START_INSERTED:
            return f'<ins class="start"><span aria-hidden="true">¶ </span><small>{words.split}</small></ins><br>'
        if run.op is RunOp.START_DELETED:
            return f' <del class="start"><span aria-hidden="true">¶ </span><small>{words.joined}</small></del> '
        if run.op is RunOp.EQUAL or row.kind is RowKind.MOVED_FROM:
            return _with_edges(run.text, self._text(run, block))
        if not run.text.strip(" ") and _is_divided(row):
            return " "  # the space beside a start of a paragraph, which the sign there replaces
        written = self._text(run, block)
        marked = self._announced(written.strip(" ") or written, is_insertion=run.op is RunOp.INSERT)
        numbers = run.numbers if isinstance(run, SignedRun) else ()
        signs = (f'<a class="am-no" href="#amendment-{number}">{number}</a>' for number in numbers)
        return _outside(run.text, "".join((marked, *signs)))

    def _text(self, run: DiffRun, block: Block) -> str:
        """The words of a run, with the letters that differ marked where they are no more than letters."""
        plain = escape(run.text)
        written = plain if block.kind in _VERBATIM else self._inline(run.text)
        if not run.details or written != plain:
            return written
        return "".join(
            f'<span class="letters">{escape(piece.text)}</span>' if piece.is_changed else escape(piece.text)
            for piece in run.details
        )

    def _announced(self, body: str, *, is_insertion: bool) -> str:
        words = WORDS[self.language]
        before, after = words.insertion if is_insertion else words.deletion
        tag = "ins" if is_insertion else "del"
        return f"<{tag}>{hidden(before)}{body}{hidden(after)}</{tag}>"


_FRAMES = {
    BlockKind.BULLET: "<ul><li{attributes}>{body}</li></ul>",
    BlockKind.QUOTATION: "<blockquote{attributes}><p>{body}</p></blockquote>",
    BlockKind.NOTE: "<div{attributes}><p>{body}</p></div>",
    BlockKind.TABLE: "<div{attributes}>{body}</div>",
    BlockKind.CODE: "<pre{attributes}>{body}</pre>",
    BlockKind.RULE: "<hr{attributes}>",
}


def _with_edges(source: str, body: str) -> str:
    """The spaces at the ends of a run, which the parser of a whole text would drop."""
    before = " " if source.startswith(" ") and not body.startswith(" ") else ""
    after = " " if source.endswith(" ") and not body.endswith(" ") else ""
    return before + body + after


def _outside(source: str, marked: str) -> str:
    """The spaces at the ends of a change stand outside its mark, which would otherwise begin with a coloured gap."""
    if not source.strip(" "):
        return marked
    return " " * source.startswith(" ") + marked + " " * source.endswith(" ")


def _is_divided(row: DiffRow) -> bool:
    return any(run.op in (RunOp.START_INSERTED, RunOp.START_DELETED) for run in row.runs)


def _is_replaced(row: DiffRow) -> bool:
    """All words went and others came: two paragraphs are easier to read than one that is crossed out and goes on."""
    is_whole = [run.op for run in row.runs] == [RunOp.DELETE, RunOp.INSERT]
    size = max((len(run.text.split()) for run in row.runs), default=0)
    return row.kind is RowKind.REWORD and is_whole and size >= REPLACED_FROM_WORDS


def _classes(block: Block) -> Sequence[str]:
    if block.kind is BlockKind.OPERATIVE:
        return ("op",)
    if block.kind is BlockKind.ITEM:
        return ("op", "item")
    named = _CLASSES.get(block.kind)
    return (named,) if named else (block.kind.value,) if block.kind in (BlockKind.ANNEX, BlockKind.NOTE) else ()


def _is_deep(block: Block) -> bool:
    return block.level > 0 and block.kind not in (BlockKind.HEADING, BlockKind.ANNEX)


def _note_parts(block: Block) -> tuple[str, str]:
    """The label and the words of a footnote; an empty label for any other block."""
    if block.kind is not BlockKind.NOTE or not block.text.startswith("[^"):
        return "", block.text
    note, _, words = block.text.removeprefix("[^").partition("]:")
    return note, words.strip(" ")


def _code(text: str) -> str:
    """What stands between the fences."""
    return "\n".join(text.split("\n")[1:-1])


def _table(text: str, inline: Callable[[str], str]) -> str:
    pieces = ['<table class="table">']
    for token in markdown_parser.blocks(text)[0]:
        if token.type == "inline":
            pieces.append(inline(token.content))
        elif token.tag in ("thead", "tbody", "tr", "th", "td"):
            scope = ' scope="col"' if token.type == "th_open" else ""
            pieces.append(f"<{token.tag}{scope}>" if token.nesting == 1 else f"</{token.tag}>")
    return "".join([*pieces, "</table>"])
