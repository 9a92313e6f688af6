"""The file commands at work: read Markdown files, ask the engine, write the answer."""

import os
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from itertools import count
from pathlib import Path

import click

from drafts.amendments import Amendment, amendment_of
from drafts.blocks import Document, Language
from drafts.diff import canonical_document, comparable, diff
from drafts.errors import BadMarkdown, TooLarge
from drafts.markup import decode, read, write
from drafts.merge import Cluster, merge
from drafts.rebase import RebaseStatus, rebase
from drafts.shown import shown
from workspace.core.errors import BadFile
from workspace.interchange import text_answers, text_pages
from workspace.interchange.text_lines import lines
from workspace.web.marking import N_
from workspace.web.spoken import say


def compare(old: Path, new: Path, *, form: str, language: str | None, output: Path | None) -> int:
    """Write the comparison; 1 if the files differ, else 0."""
    tongue = _language(language, (old, new))
    texts = _read(old, tongue, "o"), _read(new, tongue, "n")
    with _naming(old, new):
        before, after = comparable(*texts)
        hunks = diff(before, after)
    if form == "json":
        answer = text_answers.written(text_answers.DiffOut.of(before, after, hunks))
    elif form == "html":
        answer = text_pages.comparison(shown(before, after), after, names=(old.name, new.name))
    else:
        answer = lines(shown(before, after), in_colour=_may_colour(output))
    _write(answer, output)
    return 1 if hunks else 0


def merge_files(base: Path, amended: Sequence[Path], *, form: str, language: str | None, output: Path | None) -> int:
    """Write the merged text; 1 if a person must decide something, else 0."""
    tongue = _language(language, (base, *amended))
    text = canonical_document(_read(base, tongue, "b"))
    filed = [_amendment(text, path, number, f"a{number}.") for number, path in enumerate(amended)]
    merged = merge(text, filed)
    if form == "json":
        answer = text_answers.written(text_answers.MergeOut.of(merged))
    elif form == "html":
        answer = text_pages.merger(text, merged, name=base.name, members=[path.name for path in amended])
    else:
        answer = write(merged.document)
    _write(answer, output)
    _tell_disputes(merged.clusters, [path.name for path in amended])
    return 0 if merged.is_clean else 1


def rebase_file(
    base: Path, adopted: Path, pending: Path, *, form: str, language: str | None, output: Path | None
) -> int:
    """Write the rebased text; 1 if a person must decide something, else 0."""
    tongue = _language(language, (base, adopted, pending))
    text = canonical_document(_read(base, tongue, "b"))
    decided, asked = _amendment(text, adopted, 0, "a"), _amendment(text, pending, 1, "p")
    rebased = rebase(text, [decided], asked)
    is_json = form == "json"
    _write(text_answers.written(text_answers.RebaseOut.of(rebased)) if is_json else write(rebased.document), output)
    _tell_disputes(rebased.clusters, [adopted.name, pending.name])
    return 1 if rebased.status is RebaseStatus.COLLIDES else 0


def _language(named: str | None, paths: Sequence[Path]) -> Language:
    """The language asked for, else the first that a file name tells (text.es.md), else English."""
    told = [path.suffixes[-2][1:] for path in paths if len(path.suffixes) > 1]
    return Language(named or next((tag for tag in told if tag in list(Language)), Language.EN))


def _amendment(base: Document, path: Path, number: int, prefix: str) -> Amendment:
    """What the member asks for whose whole text is in a file."""
    proposed = _read(path, base.language, prefix)
    with _naming(path):
        return amendment_of(number, base, proposed)


def _read(path: Path, language: Language, prefix: str) -> Document:
    """The text of a file under ids of its own. Raises `NotText`, or `BadFile` for what is too much to keep."""
    numbers = count()
    with _naming(path):
        return read(decode(path.read_bytes(), str(path)), language=language, new_id=lambda: f"{prefix}{next(numbers)}")


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


def _may_colour(output: Path | None) -> bool:
    return output is None and sys.stdout.isatty() and not os.environ.get("NO_COLOR")


def _tell_disputes(clusters: Sequence[Cluster], names: Sequence[str]) -> None:
    """Say beside the text where it waits for people, because Markdown shows the base there without a mark."""
    for cluster in clusters:
        who = ", ".join(names[number] for number in cluster.amendments)
        first = cluster.base_blocks[0] if cluster.base_blocks else cluster.gap or 0
        said = (
            N_("A person must decide on paragraph %(number)s: %(who)s.")
            if cluster.base_blocks
            else N_("A person must decide on what stands before paragraph %(number)s: %(who)s.")
        )
        click.echo(say(said, number=first + 1, who=who), err=True)
