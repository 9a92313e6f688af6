"""`workspace demo`: the whole way from session notes to a published declaration, on an embedded database."""

from pathlib import Path

import click

from workspace.web import spoken

_PORT = 8017


@spoken.command()
@click.argument("notes", nargs=-1, type=click.Path(path_type=Path, exists=True, dir_okay=False))
@click.option(
    "--dir",
    "folder",
    type=click.Path(path_type=Path, file_okay=False),
    default=Path("declaration-demo"),
    show_default=True,
    help="Where the database and the files of the edition go.",
)
@click.option("--no-serve", is_flag=True, help="Stop after the files; do not serve the workspace.")
@click.option("--port", default=_PORT, show_default=True, help="Port on 127.0.0.1 to serve on.")
def demo(notes: tuple[Path, ...], folder: Path, port: int, *, no_serve: bool) -> None:
    """Show the whole way, with an invented network of cities.

    Session notes in three languages are imported, recommendations collected,
    a declaration drafted, amended, merged, translated, published and checked;
    then the workspace is served, and you can be anybody who took part.

    Given NOTES of your own (text or Markdown, in es, en or fr), it imports
    those instead, and makes a first draft of what they recommend.

    \b
    workspace demo
    workspace demo minutes.md programme.txt --no-serve
    """
    from workspace.demo.telling import serve_demo, tell_demo

    tell_demo(folder, notes)
    if not no_serve:
        serve_demo(folder, port=port)
