"""Signing the concordance, and wording out and in, from the command line."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import click

from drafts.text.blocks import Language
from workspace.core.actor import Actor
from workspace.core.cli_support import open_store
from workspace.core.detection import decode_text
from workspace.core.settings import Settings
from workspace.core.storage.db import Db
from workspace.declarations.domain.service import DeclarationService
from workspace.people.service import PeopleService
from workspace.terms.glossary import GlossaryService
from workspace.terms.policy import Scope
from workspace.terms.translation_memory import MemoryService
from workspace.translations.domain.concordance import ConcordanceService
from workspace.translations.domain.memories import MemoryRecorder
from workspace.translations.domain.policy import scope_at
from workspace.web.i18n import command_line
from workspace.web.i18n.command_line import number_text, read_input, say

_AS = click.option("--as", "name", required=True, help="A member of the secretariat, or a translator.")
_FILE = click.Path(exists=True, dir_okay=False, path_type=Path, allow_dash=True)
_LANGUAGE = click.Choice(["es", "en", "fr"])


@command_line.command()
@click.argument("declaration")
@click.option("--as", "name", required=True, help="A translator who wrote none of the texts.")
@click.option("--note", default="", help="How the texts were compared; kept with the signatures.")
@click.pass_obj
def sign(settings: Settings, declaration: str, name: str, note: str) -> int:
    """Sign that the texts say the same.

    For texts compared elsewhere.

    \b
    Exit code 0: everything is signed; 1: something was left.

    \b
    workspace sign third-forum/our-declaration --as "Eva Blanc" --note "read aloud on 11 June"
    """
    with open_store(settings) as store, store.writing() as db:
        found = DeclarationService(db).addressed(declaration)
        actor = PeopleService(db).actor_named(found.forum, name)
        left = ConcordanceService(db).sign_whole(found.id, note=note, actor=actor)
    paragraphs, languages = len(left.blocks), len(left.languages)
    said = say(
        "Not signed: paragraphs: %(paragraphs)s; languages: %(languages)s.", paragraphs=paragraphs, languages=languages
    )
    click.echo(said)
    return 1 if left.blocks or left.languages else 0


@command_line.group()
def glossary() -> None:
    """Export or import the glossary."""


@glossary.command("import")
@click.argument("place")
@click.argument("table", type=_FILE)
@_AS
@click.pass_obj
def take_glossary_in(settings: Settings, place: str, table: Path, name: str) -> None:
    """Import a glossary (CSV).

    Columns es, en, fr; optional: domain, note, forbidden_es, forbidden_en,
    forbidden_fr, keep. “-” reads standard input.

    \b
    workspace glossary import third-forum terms.csv --as "Eva Blanc"
    """
    text = decode_text(read_input(table), source=table.name)
    with _acting(settings, place, name, writes=True) as (db, scope, actor):
        taken = GlossaryService(db).take_in(scope, text, actor=actor)
    new, changed, known = number_text(taken.added), number_text(taken.changed), number_text(taken.same)
    click.echo(
        say("New terms: %(new)s; changed: %(changed)s; known: %(known)s.", new=new, changed=changed, known=known)
    )


@glossary.command("export")
@click.argument("place")
@_AS
@click.pass_obj
def glossary_out(settings: Settings, place: str, name: str) -> None:
    """Export a glossary (CSV).

    \b
    workspace glossary export third-forum --as "Eva Blanc" > terms.csv
    """
    with _acting(settings, place, name) as (db, scope, actor):
        table = GlossaryService(db).as_table(scope, actor=actor)
    sys.stdout.buffer.write(table.encode())


@command_line.group()
def memory() -> None:
    """Export or import the translation memory."""


@memory.command("import")
@click.argument("forum")
@click.argument("file", type=_FILE)
@_AS
@click.pass_obj
def take_memory_in(settings: Settings, forum: str, file: Path, name: str) -> None:
    """Import a memory (TMX).

    \b
    workspace memory import third-forum memory.tmx --as "Eva Blanc"
    """
    data = read_input(file)
    with _acting(settings, forum, name, writes=True) as (db, scope, actor):
        taken = MemoryService(db).take_in(scope.forum, data, name=file.name, actor=actor)
    click.echo(
        say("New segments: %(new)s; known: %(known)s.", new=number_text(taken.added), known=number_text(taken.known))
    )


@memory.command("export")
@click.argument("forum")
@click.option("--source", type=_LANGUAGE, default="en", show_default=True, help="Source language for other tools.")
@_AS
@click.pass_obj
def memory_out(settings: Settings, forum: str, source: str, name: str) -> None:
    """Export the memory of a forum (TMX).

    \b
    workspace memory export third-forum --as "Eva Blanc" > memory.tmx
    """
    with _acting(settings, forum, name) as (db, scope, actor):
        data = MemoryService(db).as_tmx(scope.forum, source=Language(source), actor=actor)
    sys.stdout.buffer.write(data)


@memory.command("find")
@click.argument("declaration")
@click.argument("words")
@click.option("--language", type=_LANGUAGE, default="en", show_default=True, help="Language of WORDS.")
@_AS
@click.pass_obj
def find(settings: Settings, declaration: str, words: str, language: str, name: str) -> int:
    """Search earlier translations.

    Exit code 1: nothing was found.

    \b
    workspace memory find third-forum/our-declaration "right to water" --as "Eva Blanc"
    """
    with open_store(settings) as store, store.reading() as db:
        within = DeclarationService(db).addressed(declaration)
        actor = PeopleService(db).actor_named(within.forum, name)
        found = MemoryRecorder(db, within).containing(words, Language(language), actor=actor)
    for hit in found:
        click.echo(hit.citation.as_line(Language(language)))
        for of, text in sorted(hit.segment.texts.items()):
            click.echo(f"  {of}  {text}")
    return 0 if found else 1


@contextmanager
def _acting(settings: Settings, place: str, name: str, *, writes: bool = False) -> Iterator[tuple[Db, Scope, Actor]]:
    """A unit of work at a forum or a declaration, and the person in whose name it is done."""
    with open_store(settings) as store, store.writing() if writes else store.reading() as db:
        scope = scope_at(db, place)
        yield db, scope, PeopleService(db).actor_named(scope.forum, name)
