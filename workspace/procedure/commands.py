"""Votes from the command line: for whoever runs the plenary from the machine that serves it."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime
from typing import TYPE_CHECKING

import click
from msgspec import Struct

from workspace.core.settings import Settings
from workspace.web.i18n import command_line
from workspace.web.i18n.command_line import print_json, say

if TYPE_CHECKING:
    from workspace.core.actor import Actor
    from workspace.declarations.domain.models import Declaration
    from workspace.procedure.models import Question
    from workspace.procedure.service import QuestionService, QuestionSubject
    from workspace.procedure.visibility import QuestionView

_CHOICES = ["yes", "no", "abstain"]


@command_line.group()
def vote() -> None:
    """Open, cast, close and read votes.

    \b
    workspace vote open third-forum/our-declaration amendment:7 --as "Ana Ruiz"
    workspace vote cast third-forum/our-declaration 1 yes --as "Luc Morel"
    workspace vote close third-forum/our-declaration 1 --as "Ana Ruiz"
    workspace vote record third-forum/our-declaration 1
    """


@vote.command("list")
@click.argument("declaration")
@click.option("--json", "as_json", is_flag=True, help="Print as JSON.")
@click.pass_obj
def list_(settings: Settings, declaration: str, *, as_json: bool) -> None:
    """List plenary questions, newest first."""
    from workspace.core.actor import OPERATOR

    with _room(settings, declaration, writes=False) as room:
        seen = [
            room.see(question, OPERATOR) for question in room.service.of_declaration(room.declaration, actor=OPERATOR)
        ]
    _tell(seen, as_json=as_json)


@vote.command("open")
@click.argument("declaration")
@click.argument("about", default="text")
@click.option("--as", "name", required=True, help="A chair.")
@click.option("--part", default="", help="Only this part of the text, for a split vote.")
@click.option("--record-date", type=command_line.DayParameter(), help="Day of the mandates; today by default.")
@click.pass_obj
def open_(
    settings: Settings, /, *, declaration: str, about: str, name: str, part: str, record_date: datetime | None
) -> None:
    """Open a vote on the text, an amendment or a paragraph.

    ABOUT is "text", "amendment:7" or "paragraph:ID".
    """
    day = record_date.date() if record_date else None
    with _room(settings, declaration) as room:
        actor = room.somebody(name)
        put = room.service.put_vote(room.declaration, _about(about, part), record_date=day, actor=actor)
        seen = room.see(room.service.numbered(room.declaration, put.number, actor=actor), actor)
    _tell([seen])


@vote.command()
@click.argument("declaration")
@click.argument("number", type=click.IntRange(min=1))
@click.argument("choice", type=click.Choice(_CHOICES))
@click.option("--as", "name", required=True, help="The voter, who has a mandate.")
@click.pass_obj
def cast(settings: Settings, declaration: str, number: int, choice: str, name: str) -> None:
    """Vote for a delegate present without a device."""
    from workspace.procedure.models import VoteChoice

    with _room(settings, declaration) as room:
        actor = room.somebody(name)
        put = room.service.numbered(room.declaration, number, actor=actor)
        room.service.cast(put, VoteChoice(choice), actor=actor)
        seen = room.see(put, actor)
    _tell([seen])


@vote.command()
@click.argument("declaration")
@click.argument("number", type=click.IntRange(min=1))
@click.option("--as", "name", required=True, help="A chair.")
@click.option("--json", "as_json", is_flag=True, help="Print as JSON.")
@click.pass_obj
def close(settings: Settings, declaration: str, number: int, name: str, *, as_json: bool) -> None:
    """Close and count vote NUMBER; without a quorum, asks first."""
    with _room(settings, declaration, writes=False) as room:
        actor = room.somebody(name)
        before = room.see(room.service.numbered(room.declaration, number, actor=actor), actor)
    if before.lacks_quorum:
        click.echo(say("No quorum: if closed now, nothing is decided."), err=True)
        click.confirm(say("Close without quorum"), abort=True, err=True)
    with _room(settings, declaration) as room:
        actor = room.somebody(name)
        room.service.close(room.service.numbered(room.declaration, number, actor=actor), actor=actor)
        seen = room.see(room.service.numbered(room.declaration, number, actor=actor), actor)
    _tell([seen], as_json=as_json)


@vote.command()
@click.argument("declaration")
@click.argument("number", type=click.IntRange(min=1))
@click.option("--json", "as_json", is_flag=True, help="Print as JSON.")
@click.pass_obj
def record(settings: Settings, declaration: str, number: int, *, as_json: bool) -> None:
    """Show the result, roll call and readers."""
    from workspace.core.actor import OPERATOR

    with _room(settings, declaration, writes=False) as room:
        seen = room.see(room.service.numbered(room.declaration, number, actor=OPERATOR), OPERATOR)
    _tell([seen], as_json=as_json)
    if not as_json:
        for line in _record(seen):
            click.echo(f"  {line}")


class _VoteContext(Struct, frozen=True):
    """One declaration, and what was put to its room."""

    declaration: "Declaration"
    service: "QuestionService"

    def somebody(self, name: str) -> "Actor":
        from workspace.people.service import PeopleService

        return PeopleService(self.service.db).actor_named(self.declaration.forum, name)

    def see(self, question: "Question", actor: "Actor") -> "QuestionView":
        from workspace.procedure.visibility import visible_question

        return visible_question(self.service, question, actor=actor)


@contextmanager
def _room(settings: Settings, declaration: str, *, writes: bool = True) -> Iterator[_VoteContext]:
    from workspace.core.cli_support import open_store
    from workspace.declarations.domain.service import DeclarationService
    from workspace.procedure.service import QuestionService

    with open_store(settings) as store, store.writing() if writes else store.reading() as db:
        found = DeclarationService(db).addressed(declaration)
        yield _VoteContext(found, QuestionService(db))


def _about(written: str, part: str) -> "QuestionSubject":
    """Raises `NotFound` for what cannot be voted on."""
    from workspace.core.errors import NotFound
    from workspace.procedure.models import Subject
    from workspace.procedure.views import OpenQuestionForm

    if written.partition(":")[0] not in set(Subject):
        raise NotFound(what="question", id=written)
    return OpenQuestionForm(about=written, part=part).what()


def _tell(every: Sequence["QuestionView"], *, as_json: bool = False) -> None:
    if as_json:
        from workspace.procedure.schemas import QuestionOut

        print_json([QuestionOut.of(question) for question in every])
        return
    for question in every:
        click.echo(_line(question))
    if not every:
        click.echo(say("No questions yet."))


def _line(seen: "QuestionView") -> str:
    from workspace.procedure.subjects import state_of
    from workspace.procedure.views import result
    from workspace.web.i18n import messages as i18n

    messages = i18n.messages(i18n.of_command_line())
    about = f"{seen.subject} {seen.amendment or seen.block_id or ''}".strip()
    state, numbers = state_of(seen, messages).words, result(seen, messages)
    return f"{seen.number:>3}  {seen.means:<9}  {about:<14}  {state}{'. ' if numbers else ''}{numbers}"


def _record(seen: "QuestionView") -> Iterator[str]:
    """Who answered what, and who has read the text."""
    for vote in seen.end.roll_call if seen.end else ():
        who = f"{vote.organisation}, {vote.person}" if vote.person else vote.organisation
        yield f"{vote.choice or '-':<8} {vote.weight:>4}  {who}"
    for receipt in seen.receipts:
        yield f"{receipt.at:%Y-%m-%d %H:%M} UTC  {receipt.organisation}, {receipt.person}"
