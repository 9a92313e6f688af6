"""Word files from the command line."""

from pathlib import Path

import click

from workspace.core.settings import Settings
from workspace.web import spoken
from workspace.web.spoken import numeral, say


@spoken.command()
@click.argument("declaration")
@click.option("--text", type=click.Choice(["es", "en", "fr"]), required=True, help="Language of the text.")
@click.option("--amendments", is_flag=True, help="With the open amendments as tracked changes, and the comments.")
@click.option("--revision", type=click.IntRange(min=1), help="A revision of the past, instead of the text in force.")
@click.option(
    "--output", type=click.Path(path_type=Path, dir_okay=False), help="Where to write it; its own name if left out."
)
@click.pass_obj
def word(
    settings: Settings, /, *, declaration: str, text: str, amendments: bool, revision: int | None, output: Path | None
) -> None:
    """Write DECLARATION (written FORUM/DECLARATION) as a Word file that can come back.

    Paragraphs carry their ids, so that what somebody changes in Word is found
    again in its place when the file is brought in.

    \b
    workspace word third-forum/our-declaration --text en
    workspace word third-forum/our-declaration --text es --amendments --output enmiendas.docx
    """
    from drafts.blocks import Language
    from workspace.core.actor import OPERATOR
    from workspace.core.console import forum_and_declaration, opened
    from workspace.core.errors import BadFile
    from workspace.declarations.service import DeclarationService
    from workspace.interchange.word_files import WordFiles
    from workspace.people.service import PeopleService
    from workspace.web import i18n

    forum, slug = forum_and_declaration(declaration)
    with opened(settings) as store, store.reading() as db:
        found = DeclarationService(db).at(PeopleService(db).forum(forum), slug)
        files, language = WordFiles(db, i18n.messages(i18n.of_command_line())), Language(text)
        if amendments:
            made = files.tracked(found, language, actor=OPERATOR)
        else:
            made = files.clean(found, language, actor=OPERATOR, revision=revision)
    path = output or Path(made.name)
    try:
        path.write_bytes(made.content)
    except OSError as error:
        raise BadFile(source=str(path), reason="not_written") from error
    click.echo(say("Wrote %(file)s (%(size)s bytes).", file=path, size=numeral(len(made.content))))
