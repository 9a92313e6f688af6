"""Signing the concordance, and wording out and in, from the command line."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import click

from workspace.core.settings import Settings
from workspace.web.i18n import command_line
from workspace.web.i18n.command_line import number_text, say
from workspace.web.i18n.marking import N_

if TYPE_CHECKING:
    from workspace.core.actor import Actor
    from workspace.core.storage.db import Db
    from workspace.terms.policy import Scope

_AS = click.option("--as", "name", required=True, help="Who answers for it: of the secretariat, or a translator.")
_FILE = click.Path(exists=True, dir_okay=False, path_type=Path, allow_dash=True)
_LANGUAGE = click.Choice(["es", "en", "fr"])


@command_line.command()
@click.argument("declaration")
@click.option("--as", "name", required=True, help="Who answers for it: a translator who wrote none of the texts.")
@click.option("--note", default="", help="How the texts were compared; it is kept with the signatures.")
@click.pass_obj
def sign(settings: Settings, declaration: str, name: str, note: str) -> int:
    """Sign that the three texts of DECLARATION (written FORUM/DECLARATION) say the same.

    Nothing is published before somebody has answered for that, paragraph by paragraph and language by language. In
    the browser it is done beside the texts; here, for somebody who has compared them elsewhere. What is missing,
    stale, or contradicts itself between two languages is left unsigned and counted.

    \b
    Exit code 0: everything is signed; 1: something was left.

    \b
    workspace sign third-forum/our-declaration --as "Eva Blanc" --note "read aloud on 11 June"
    """
    from workspace.core.cli_support import forum_and_declaration, open_store
    from workspace.declarations.domain.service import DeclarationService
    from workspace.people.service import PeopleService
    from workspace.translations.domain.concordance import ConcordanceService

    forum, slug = forum_and_declaration(declaration)
    with open_store(settings) as store, store.writing() as db:
        people = PeopleService(db)
        where = people.forum(forum)
        found = DeclarationService(db).at(where, slug)
        left = ConcordanceService(db).sign_whole(found.id, note=note, actor=people.actor_named(where, name))
    paragraphs, languages = len(left.blocks), len(left.languages)
    said = say(
        "Left unsigned: paragraphs: %(paragraphs)s; languages: %(languages)s.",
        paragraphs=paragraphs,
        languages=languages,
    )
    click.echo(said)
    return 1 if left.blocks or left.languages else 0


@command_line.group()
def glossary() -> None:
    """Take the agreed wording of a forum or a declaration out, and in."""


@glossary.command("import", line=N_("Take a table (CSV) into a glossary."))
@click.argument("place")
@click.argument("table", type=_FILE)
@_AS
@click.pass_obj
def take_glossary_in(settings: Settings, place: str, table: Path, name: str) -> None:
    """Take the TABLE (CSV) into the glossary of PLACE: a FORUM, or one FORUM/DECLARATION.

    A row that names a known notion changes it, the others are new; nothing is
    removed. The columns are es, en, fr; domain, note, forbidden_es,
    forbidden_en, forbidden_fr and keep may follow. “-” reads from standard
    input.

    \b
    workspace glossary import third-forum terms.csv --as "Eva Blanc"
    """
    from drafts.text.markup import decode
    from workspace.terms.glossary import GlossaryService

    text = decode(_bytes(table), source=table.name)
    with _acting(settings, place, name, writes=True) as (db, scope, actor):
        taken = GlossaryService(db).take_in(scope, text, actor=actor)
    new, changed, known = number_text(taken.added), number_text(taken.changed), number_text(taken.same)
    click.echo(
        say("New terms: %(new)s; changed: %(changed)s; known: %(known)s.", new=new, changed=changed, known=known)
    )


@glossary.command("export", line=N_("Write a glossary as CSV."))
@click.argument("place")
@_AS
@click.pass_obj
def glossary_out(settings: Settings, place: str, name: str) -> None:
    """Write the glossary of PLACE (a FORUM, or one FORUM/DECLARATION) as CSV to standard output.

    \b
    workspace glossary export third-forum --as "Eva Blanc" > terms.csv
    """
    from workspace.terms.glossary import GlossaryService

    with _acting(settings, place, name) as (db, scope, actor):
        table = GlossaryService(db).as_table(scope, actor=actor)
    sys.stdout.buffer.write(table.encode())


@command_line.group()
def memory() -> None:
    """Take the translation memory of a forum out and in, and look words up in it."""


@memory.command("import", line=N_("Take in the memory (TMX) of another tool."))
@click.argument("forum")
@click.argument("file", type=_FILE)
@_AS
@click.pass_obj
def take_memory_in(settings: Settings, forum: str, file: Path, name: str) -> None:
    """Take the memory of another tool (FILE, TMX) into that of FORUM; what is known word for word stays as it is.

    \b
    workspace memory import third-forum memory.tmx --as "Eva Blanc"
    """
    from workspace.terms.translation_memory import MemoryService

    data = _bytes(file)
    with _acting(settings, forum, name, writes=True) as (db, scope, actor):
        taken = MemoryService(db).take_in(scope.forum, data, name=file.name, actor=actor)
    click.echo(
        say("New segments: %(new)s; known: %(known)s.", new=number_text(taken.added), known=number_text(taken.known))
    )


@memory.command("export", line=N_("Write the memory of a forum as TMX."))
@click.argument("forum")
@click.option("--source", type=_LANGUAGE, default="en", show_default=True, help="What other tools take for the source.")
@_AS
@click.pass_obj
def memory_out(settings: Settings, forum: str, source: str, name: str) -> None:
    """Write the memory of FORUM as TMX, three languages a unit, to standard output.

    \b
    workspace memory export third-forum --as "Eva Blanc" > memory.tmx
    """
    from drafts.text.blocks import Language
    from workspace.terms.translation_memory import MemoryService

    with _acting(settings, forum, name) as (db, scope, actor):
        data = MemoryService(db).as_tmx(scope.forum, source=Language(source), actor=actor)
    sys.stdout.buffer.write(data)


@memory.command("find", line=N_("Show how words were said before."))
@click.argument("declaration")
@click.argument("words")
@click.option("--language", type=_LANGUAGE, default="en", show_default=True, help="The language of the words.")
@_AS
@click.pass_obj
def find(settings: Settings, declaration: str, words: str, language: str, name: str) -> int:
    """Show how WORDS were said before in the three languages, in the forum of DECLARATION (FORUM/DECLARATION).

    What was published stands first, as agreed language, with its source. Exit
    code 0: something was found; 1: nothing was.

    \b
    workspace memory find third-forum/our-declaration "right to water" --as "Eva Blanc"
    """
    from drafts.text.blocks import Language
    from workspace.core.cli_support import forum_and_declaration, open_store
    from workspace.declarations.domain.service import DeclarationService
    from workspace.people.service import PeopleService
    from workspace.translations.domain.memories import MemoryRecorder

    forum, slug = forum_and_declaration(declaration)
    with open_store(settings) as store, store.reading() as db:
        people = PeopleService(db)
        where = people.forum(forum)
        actor = people.actor_named(where, name)
        recollection = MemoryRecorder(db, DeclarationService(db).at(where, slug))
        found = recollection.containing(words, Language(language), actor=actor)
    for hit in found:
        click.echo(hit.citation.as_line(Language(language)))
        for of, text in sorted(hit.segment.texts.items()):
            click.echo(f"  {of}  {text}")
    return 0 if found else 1


def _bytes(file: Path) -> bytes:
    return sys.stdin.buffer.read() if str(file) == "-" else file.read_bytes()


@contextmanager
def _acting(settings: Settings, place: str, name: str, *, writes: bool = False) -> "Iterator[tuple[Db, Scope, Actor]]":
    """A unit of work at a forum or a declaration, and the person in whose name it is done."""
    from workspace.core.cli_support import open_store
    from workspace.people.service import PeopleService
    from workspace.translations.domain.policy import scope_at

    with open_store(settings) as store, store.writing() if writes else store.reading() as db:
        scope = scope_at(db, place)
        yield db, scope, PeopleService(db).actor_named(scope.forum, name)
