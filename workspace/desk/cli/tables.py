"""Tables and papers of a declaration from the command line, one command for all of them."""

from pathlib import Path
from typing import TYPE_CHECKING

import click

from workspace.core.settings import Settings
from workspace.web.i18n import command_line
from workspace.web.i18n.command_line import say, write_output

if TYPE_CHECKING:
    from workspace.core.storage.db import Db
    from workspace.declarations.domain.models import Declaration
    from workspace.web.i18n.messages import Messages

_TABLES = ("amendments", "decisions", "votes", "roll-calls", "coverage", "recommendations")
_SITTING = ("brief", "voting-list")
_PAPERS = ("compilation", "circular", "table", *_SITTING)


@command_line.command()
@click.argument("declaration")
@click.argument("what", type=click.Choice([*_TABLES, *_PAPERS]))
@click.option("--form", type=click.Choice(["xlsx", "csv", "docx", "pdf"]), help="xlsx, or docx for a document.")
@click.option("--number", type=click.IntRange(min=1), help="The fixed table to use; the last by default.")
@click.option(
    "--text", type=click.Choice(["es", "en", "fr"]), help="Language of the document; WORKSPACE_LANGUAGE’s by default."
)
@click.option("--output", type=click.Path(path_type=Path, dir_okay=False), help="Output file; its own name by default.")
@click.pass_obj
def table(
    settings: Settings,
    /,
    *,
    declaration: str,
    what: str,
    form: str | None,
    number: int | None,
    text: str | None,
    output: Path | None,
) -> None:
    """Write amendments as a table or a document.

    Tables: amendments, decisions, votes, roll-calls, coverage,
    recommendations (xlsx or csv). Documents (docx or pdf): compilation,
    circular, table, from a fixed table; brief, voting-list, from the
    running order.

    \b
    workspace table third-forum/our-declaration amendments
    workspace table third-forum/our-declaration coverage --form csv
    workspace table third-forum/our-declaration circular --text es --form pdf
    """
    from drafts.text.blocks import Language
    from workspace.core.cli_support import open_store
    from workspace.declarations.domain.service import DeclarationService
    from workspace.web.i18n import messages as i18n

    form = form or ("docx" if what in _PAPERS else "xlsx")
    if (form in {"docx", "pdf"}) is not (what in _PAPERS):
        raise click.UsageError(say("“%(what)s” cannot be written as %(form)s.", what=what, form=form))
    messages = i18n.messages(Language(text) if text else i18n.of_command_line())
    with open_store(settings) as store, store.reading() as db:
        found = DeclarationService(db).addressed(declaration)
        if what in _PAPERS:
            name, content = _paper(db, found, what, form, number, messages=messages, site=settings.address)
        else:
            name, content = _table(db, found, what, form, messages)
    write_output(output or Path(name), content)


def _paper(
    db: "Db", declaration: "Declaration", what: str, form: str, number: int | None, *, messages: "Messages", site: str
) -> tuple[str, bytes]:
    from workspace.amendments.snapshots import SnapshotService
    from workspace.core.actor import OPERATOR
    from workspace.core.errors import NotFound
    from workspace.interchange.papers.documents import Paper, PaperBuilder, PaperFormat
    from workspace.interchange.papers.sitting import SittingPaper, SittingPapers

    if what in _SITTING:
        made = SittingPapers(db, messages).file(declaration, SittingPaper(what), PaperFormat(form), actor=OPERATOR)
        return made.name, made.content
    taken = SnapshotService(db).every(declaration, actor=OPERATOR)
    if not taken:
        raise NotFound(what="table", id="")
    papers = PaperBuilder(db, messages, site)
    made = papers.file(declaration, number or taken[0].number, Paper(what), PaperFormat(form), actor=OPERATOR)
    return made.name, made.content


def _table(db: "Db", declaration: "Declaration", what: str, form: str, messages: "Messages") -> tuple[str, bytes]:
    from workspace.core.actor import OPERATOR
    from workspace.interchange.intake.sheets.tables import DeclarationTables, SheetFormat, TableKind, sheet_file
    from workspace.recommendations.pages.spreadsheets import plain_register

    if what == "recommendations":
        columns, rows = plain_register(db, declaration.forum, messages)
        name = f"{declaration.forum.slug}-{what}"
        made = sheet_file(name, messages.gettext("Recommendations"), columns, rows, SheetFormat(form))
    else:
        made = DeclarationTables(db, messages).file(declaration, TableKind(what), SheetFormat(form), actor=OPERATOR)
    return made.name, made.content
