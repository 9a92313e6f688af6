"""Plain Markdown files compared, merged and rebased from the command line: the engine without a server.

Only click is imported up here, so that these commands start at once; the engine
comes in when one of them runs, the web and the database never.
"""

from pathlib import Path

import click

from workspace.web import spoken

_FILE = click.Path(exists=True, dir_okay=False, path_type=Path)
_OUTPUT = click.option("--output", type=click.Path(dir_okay=False, path_type=Path), help="Write to this file instead.")
_LANGUAGE = click.option(
    "--language",
    type=click.Choice(["es", "en", "fr"]),
    help="Language of the texts; otherwise told by the file name (text.es.md), or English.",
)


@spoken.command()
@click.argument("old", type=_FILE)
@click.argument("new", type=_FILE)
@click.option("--format", "form", type=click.Choice(["text", "html", "json"]), default="text", show_default=True)
@_LANGUAGE
@_OUTPUT
def diff(old: Path, new: Path, *, form: str, language: str | None, output: Path | None) -> int:
    """Say what changed between two Markdown files, paragraph by paragraph and word by word.

    Paragraphs are matched by their text: one that moved, was split or was joined
    is shown as such. Deleted words stand in [-…-] and inserted ones in {+…+}, or in
    colour on a terminal. Exit code 0: equal; 1: different.

    \b
    workspace diff old.md new.md
    workspace diff old.md new.md --format html --output changes.html
    """
    from workspace.interchange import text_files

    return text_files.compare(old, new, form=form, language=language, output=output)


@spoken.command()
@click.argument("base", type=_FILE)
@click.argument("amended", type=_FILE, nargs=-1, required=True)
@click.option(
    "--format", "form", type=click.Choice(["markdown", "html", "json"]), default="markdown", show_default=True
)
@_LANGUAGE
@_OUTPUT
def merge(base: Path, amended: tuple[Path, ...], *, form: str, language: str | None, output: Path | None) -> int:
    """Merge any number of amended copies of one Markdown file.

    Each AMENDED file is the whole text as one member would have it; they count as
    filed in the order given. Where two of them dispute the same words the text of
    BASE stays, and a person must decide. Exit code 0: nothing is disputed; 1:
    something is.

    \b
    workspace merge base.md ana.md luc.md eva.md --output merged.md
    workspace merge base.md ana.md luc.md --format html --output disputes.html
    """
    from workspace.interchange import text_files

    return text_files.merge_files(base, amended, form=form, language=language, output=output)


@spoken.command()
@click.argument("base", type=_FILE)
@click.argument("adopted", type=_FILE)
@click.argument("pending", type=_FILE)
@click.option("--format", "form", type=click.Choice(["markdown", "json"]), default="markdown", show_default=True)
@_LANGUAGE
@_OUTPUT
def rebase(base: Path, adopted: Path, pending: Path, *, form: str, language: str | None, output: Path | None) -> int:
    """Carry PENDING, an amended copy of BASE, to ADOPTED, the text that BASE has become.

    The result is ADOPTED as it would read with what PENDING asks for; where the two
    dispute the same words the text of BASE stays. Exit code 0: it still applies, or
    is included already; 1: a person must decide.

    \b
    workspace rebase base.md adopted.md pending.md --output next.md
    """
    from workspace.interchange import text_files

    return text_files.rebase_file(base, adopted, pending, form=form, language=language, output=output)
