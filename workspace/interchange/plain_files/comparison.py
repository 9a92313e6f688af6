"""Plain Markdown files compared, merged and rebased; the answer as text, JSON or HTML."""

import os
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from html import escape
from itertools import count
from pathlib import Path

import click
import msgspec

from drafts.base.errors import BadMarkdown, TooLarge
from drafts.diff.amendments import Amendment, amendment_of
from drafts.diff.document_diff import canonical_document, comparable, diff
from drafts.diff.hunks import Hunk
from drafts.diff.side_by_side import DiffRow, DiffRun, RowKind, RunOp, diff_rows
from drafts.merge.disputes import Alternative, Cluster
from drafts.merge.merge import Flag, FlagKind, Merged, merge
from drafts.merge.rebase import Rebased, RebaseStatus, rebase
from drafts.render.document_html import diff_html, document_html
from drafts.text.blocks import Block, Document, Language
from drafts.text.markup import block_markdown, decode, read_blocks, write_markdown
from drafts.text.numbering import numbers
from workspace.core.errors import BadFile
from workspace.web.i18n.command_line import harmless, say
from workspace.web.i18n.marking import N_


class WordsOut(msgspec.Struct, frozen=True):
    op: str
    old: str
    new: str


class HunkOut(msgspec.Struct, frozen=True):
    """A group of changed blocks; `old` and `new` are whole blocks as Markdown."""

    kind: str
    old_blocks: tuple[int, ...]
    new_blocks: tuple[int, ...]
    old: str
    new: str
    words: tuple[WordsOut, ...]


class DiffOut(msgspec.Struct, frozen=True):
    hunks: tuple[HunkOut, ...]

    @classmethod
    def of(cls, old: Document, new: Document, hunks: Sequence[Hunk]) -> "DiffOut":
        before, after = numbers(old), numbers(new)
        return cls(
            tuple(
                HunkOut(
                    kind=hunk.kind.value,
                    old_blocks=hunk.old_blocks,
                    new_blocks=hunk.new_blocks,
                    old=_markdown(hunk.old, before),
                    new=_markdown(hunk.new, after),
                    words=tuple(WordsOut(words.op.value, words.old, words.new) for words in hunk.words),
                )
                for hunk in hunks
            )
        )


class AlternativeOut(msgspec.Struct, frozen=True):
    amendments: tuple[int, ...]
    text: str


class ConflictOut(msgspec.Struct, frozen=True, omit_defaults=True):
    """A dispute; one about a gap has no base blocks, and `gap` says which base block it stands before."""

    base_blocks: tuple[int, ...]
    amendments: tuple[int, ...]
    base: str
    alternatives: tuple[AlternativeOut, ...]
    gap: int | None = None

    @classmethod
    def of(cls, cluster: Cluster) -> "ConflictOut":
        alternatives = tuple(AlternativeOut(reading.amendments, reading.text) for reading in cluster.alternatives)
        return cls(cluster.base_blocks, cluster.amendments, cluster.base, alternatives, cluster.gap)


class FlagOut(msgspec.Struct, frozen=True, omit_defaults=True):
    kind: str
    base_blocks: tuple[int, ...]
    amendments: tuple[int, ...]
    gap: int | None = None

    @classmethod
    def of(cls, flag: Flag) -> "FlagOut":
        return cls(flag.kind.value, flag.base_blocks, flag.amendments, flag.gap)


class MergeOut(msgspec.Struct, frozen=True):
    outcome: str
    blocks: tuple[str, ...]
    conflicts: tuple[ConflictOut, ...]
    flags: tuple[FlagOut, ...]

    @classmethod
    def of(cls, merged: Merged) -> "MergeOut":
        return cls(
            outcome="clean" if merged.is_clean else "conflict",
            blocks=tuple(block.text for block in merged.document),
            conflicts=tuple(map(ConflictOut.of, merged.clusters)),
            flags=tuple(map(FlagOut.of, merged.flags)),
        )


class RebaseOut(msgspec.Struct, frozen=True):
    status: str
    blocks: tuple[str, ...]
    conflicts: tuple[ConflictOut, ...]

    @classmethod
    def of(cls, rebased: Rebased) -> "RebaseOut":
        blocks = tuple(block.text for block in rebased.document)
        return cls(rebased.status.value, blocks, tuple(map(ConflictOut.of, rebased.clusters)))


def answer_json(answer: msgspec.Struct) -> str:
    """The answer as indented JSON, ending in a new line."""
    return msgspec.json.format(msgspec.json.encode(answer), indent=2).decode() + "\n"


def _markdown(blocks: Sequence[Block], printed: Mapping[str, str]) -> str:
    return "\n\n".join(block_markdown(block, printed.get(block.id, "")) for block in blocks)


_POLICY = "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'"
_STYLE = Path(__file__).with_suffix(".css")
_FLAGS = {
    FlagKind.SAME_POINT: "Several put paragraphs in the same place; they stand in filing order",
    FlagKind.IDENTICAL: "Several ask for the same",
    FlagKind.NEAR_DUPLICATE: "Two new paragraphs say nearly the same",
    FlagKind.NEIGHBOUR_DELETED: "What a new paragraph stood beside is gone",
    FlagKind.NEIGHBOUR_MOVED: "What a new paragraph stood beside has moved",
}


def comparison_html(rows: Sequence[DiffRow], new: Document, *, names: tuple[str, str]) -> str:
    """Two files compared, the new one as it reads, with what changed marked and announced."""
    changed = sum(row.kind not in (RowKind.SAME, RowKind.MOVED_FROM) for row in rows)
    summary = f"Changed paragraphs: {changed}." if changed else "The two texts are the same."
    text = diff_html(rows, language=new.language, numbers=numbers(new))
    return _page(f"{names[0]} → {names[1]}", summary, _article(text, new))


def merge_html(base: Document, merged: Merged, *, name: str, members: Sequence[str]) -> str:
    """A merged file as it reads, then each dispute with its readings, then what a careful reader should look at."""
    summary = f"Amended texts: {len(members)}. Open disputes: {len(merged.clusters)}."
    pieces = [_article(document_html(merged.document, numbers=numbers(merged.document)), base)]
    for number, cluster in enumerate(merged.clusters, start=1):
        pieces.append("\n".join(_dispute(base, cluster, number, members)))
    if merged.flags:
        remarks = "".join(f"<li>{_remark(flag, members)}</li>" for flag in merged.flags)
        pieces.append(f'<section><h2>Worth a look</h2><ul class="told">{remarks}</ul></section>')
    return _page(name, summary, "\n".join(pieces))


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
    rows = diff_rows(before, Document(reading.blocks, base.language))
    moves = "".join(f'<p class="told">Moved to before paragraph {gap + 1}.</p>' for gap in reading.gaps)
    text = diff_html(rows, language=base.language, numbers=numbers(base), anchor=anchor)
    return f'<div lang="{base.language}">{text}</div>{moves}'


def _remark(flag: Flag, members: Sequence[str]) -> str:
    place = flag.base_blocks[0] if flag.base_blocks else flag.gap or 0
    return f"{_FLAGS[flag.kind]}: {_who(flag.amendments, members)} (paragraph {place + 1})."


def _who(numbers_of: Sequence[int], members: Sequence[str]) -> str:
    return ", ".join(escape(members[number]) for number in numbers_of)


def _page(title: str, summary: str, body: str) -> str:
    return (
        '<!DOCTYPE html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n'
        f'<meta http-equiv="Content-Security-Policy" content="{_POLICY}">\n'
        '<meta name="viewport" content="width=device-width">\n'
        f"<title>{escape(title)}</title>\n<style>\n{_STYLE.read_text(encoding='utf-8')}</style>\n</head>\n<body>\n<main>\n"
        f'<header><h1>{escape(title)}</h1><p class="told">{summary}</p></header>\n{body}\n</main>\n</body>\n</html>\n'
    )


_SAID = {
    RowKind.REWORD: "reworded",
    RowKind.INSERT: "inserted",
    RowKind.DELETE: "deleted",
    RowKind.MOVED: "moved here",
    RowKind.MOVED_FROM: "moved away",
    RowKind.SPLIT: "split",
    RowKind.JOIN: "joined",
}
_DELETED, _INSERTED = ("[-", "-]"), ("{+", "+}")


def comparison_lines(rows: Sequence[DiffRow], *, in_colour: bool) -> str:
    """What changed, one paragraph after the other, each under a line that says where and how; "" for no change."""
    return "\n".join(_lines(rows, in_colour=in_colour))


def _lines(rows: Sequence[DiffRow], *, in_colour: bool) -> Iterator[str]:
    for row in rows:
        if row.kind is not RowKind.SAME:
            heading = f"@ {_place(row)} {_SAID[row.kind]}{_form(row)}"
            yield click.style(heading, bold=True) if in_colour else heading
            yield "".join(_run(run, row, in_colour=in_colour) for run in row.runs)
            yield ""


def _place(row: DiffRow) -> str:
    """Paragraphs counted from 1, in the old text and in the new one."""
    old, new = (", ".join(str(index + 1) for index in side) for side in (row.old_blocks, row.new_blocks))
    return f"{old} → {new}" if old and new else f"{old} →" if old else f"→ {new}"


def _form(row: DiffRow) -> str:
    """The change of a paragraph into a heading, an item and so on."""
    if not (row.old and row.new) or _said(row.old[0]) == _said(row.new[0]):
        return ""
    return f", {_said(row.old[0])} → {_said(row.new[0])}"


def _said(block: Block) -> str:
    return f"{block.kind.value} {block.level}" if block.level else block.kind.value


def _run(run: DiffRun, row: DiffRow, *, in_colour: bool) -> str:
    if run.op is RunOp.EQUAL or row.kind is RowKind.MOVED_FROM:
        return harmless(run.text)
    is_insertion = run.op in (RunOp.INSERT, RunOp.START_INSERTED)
    is_start = run.op in (RunOp.START_INSERTED, RunOp.START_DELETED)
    shown = "¶" if is_start else harmless(run.text)
    if in_colour:
        ink = "green" if is_insertion else "red"
        shown = click.style(shown, fg=ink, underline=is_insertion, strikethrough=not is_insertion)
    else:
        opening, closing = _INSERTED if is_insertion else _DELETED
        shown = f"{opening}{shown}{closing}"
    return shown + ("\n" if run.op is RunOp.START_INSERTED else "")


def compare(old: Path, new: Path, *, form: str, language: str | None, output: Path | None) -> int:
    """Write the comparison; 1 if the files differ, else 0."""
    tongue = _language(language, (old, new))
    texts = _read(old, tongue, "o"), _read(new, tongue, "n")
    with _naming(old, new):
        before, after = comparable(*texts)
        hunks = diff(before, after)
    if form == "json":
        answer = answer_json(DiffOut.of(before, after, hunks))
    elif form == "html":
        answer = comparison_html(diff_rows(before, after), after, names=(old.name, new.name))
    else:
        in_colour = output is None and sys.stdout.isatty() and not os.environ.get("NO_COLOR")
        answer = comparison_lines(diff_rows(before, after), in_colour=in_colour)
    _write(answer, output)
    return 1 if hunks else 0


def merge_files(base: Path, amended: Sequence[Path], *, form: str, language: str | None, output: Path | None) -> int:
    """Write the merged text; 1 if a person must decide something, else 0."""
    tongue = _language(language, (base, *amended))
    text = canonical_document(_read(base, tongue, "b"))
    filed = [_amendment(text, path, number, f"a{number}.") for number, path in enumerate(amended)]
    merged = merge(text, filed)
    if form == "json":
        answer = answer_json(MergeOut.of(merged))
    elif form == "html":
        answer = merge_html(text, merged, name=base.name, members=[path.name for path in amended])
    else:
        answer = write_markdown(merged.document)
    _write(answer, output)
    _tell_disputes(merged.clusters, [path.name for path in amended])
    return 0 if merged.is_clean else 1


def rebase_file(
    base: Path, adopted: Path, pending: Path, *, form: str, language: str | None, output: Path | None
) -> int:
    """Write the rebased text; 1 if a person must decide something, else 0."""
    tongue = _language(language, (base, adopted, pending))
    text = canonical_document(_read(base, tongue, "b"))
    decided, proposal = _amendment(text, adopted, 0, "a"), _amendment(text, pending, 1, "p")
    rebased = rebase(text, [decided], proposal)
    is_json = form == "json"
    _write(answer_json(RebaseOut.of(rebased)) if is_json else write_markdown(rebased.document), output)
    _tell_disputes(rebased.clusters, [adopted.name, pending.name])
    return 1 if rebased.status is RebaseStatus.COLLIDES else 0


def _language(named: str | None, paths: Sequence[Path]) -> Language:
    """The language asked for, else the first that a file name tells (text.es.md), else English."""
    suffixes = [path.suffixes[-2][1:] for path in paths if len(path.suffixes) > 1]
    return Language(named or next((tag for tag in suffixes if tag in list(Language)), Language.EN))


def _amendment(base: Document, path: Path, number: int, prefix: str) -> Amendment:
    """What the member asks for whose whole text is in a file."""
    proposed = _read(path, base.language, prefix)
    with _naming(path):
        return amendment_of(number, base, proposed)


def _read(path: Path, language: Language, prefix: str) -> Document:
    """The text of a file under ids of its own. Raises `NotText`, or `BadFile` for what is too much to keep."""
    numbers = count()
    with _naming(path):
        return read_blocks(
            decode(path.read_bytes(), str(path)), language=language, new_id=lambda: f"{prefix}{next(numbers)}"
        )


@contextmanager
def _naming(*paths: Path) -> Iterator[None]:
    """Let every refusal name the files it is about."""
    source = ", ".join(map(str, paths))
    try:
        yield
    except BadMarkdown as error:
        raise BadFile("", source=source, **error.facts) from error
    except TooLarge as error:
        size, limit = error.facts["size"], error.facts["limit"]
        reason = "too_large" if error.facts["what"] == "source" else f"too_many_{error.facts['what']}"
        raise BadFile(source=source, reason=reason, bytes=size, size=size, most=limit) from error
    except OSError as error:
        raise BadFile(source=source, reason="not_readable") from error


def _write(answer: str, output: Path | None) -> None:
    if output is None:
        sys.stdout.buffer.write(answer.encode())
        sys.stdout.flush()
        return
    try:
        output.write_text(answer, encoding="utf-8", newline="\n")
    except OSError as error:
        raise BadFile(source=str(output), reason="not_written") from error


def _tell_disputes(clusters: Sequence[Cluster], names: Sequence[str]) -> None:
    """Say beside the text where it waits for people, because Markdown shows the base there without a mark."""
    for cluster in clusters:
        who = ", ".join(names[number] for number in cluster.amendments)
        first = cluster.base_blocks[0] if cluster.base_blocks else cluster.gap or 0
        said = (
            N_("A person must decide paragraph %(number)s: %(who)s.")
            if cluster.base_blocks
            else N_("A person must decide the text before paragraph %(number)s: %(who)s.")
        )
        click.echo(say(said, number=first + 1, who=who), err=True)
