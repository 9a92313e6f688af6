"""Erasing a person from the command line: their own wish, or that of two administrators."""

from typing import TYPE_CHECKING

import click

from workspace.core.settings import Settings
from workspace.web import spoken
from workspace.web.spoken import say

if TYPE_CHECKING:
    from workspace.core.actor import Actor
    from workspace.core.db import Db
    from workspace.people.models import Person


@spoken.command("erase")
@click.argument("who")
@click.option("--forum", required=True, help="The forum they take part in.")
@click.option("--as", "name", help="Who asks for it: the person themselves, or an administrator.")
@click.option("--second", help="The administrator who confirms it: somebody else.")
@click.option("--with-comments", is_flag=True, help="Take the words of their comments away too.")
@click.option("--cancel", is_flag=True, help="Take a request back that waits to be confirmed, or decline it.")
@click.option("--reason", default="", help="Why --second declines it: whoever asked is told. Write no names in it.")
@click.pass_obj
def erase(
    settings: Settings,
    /,
    *,
    who: str,
    forum: str,
    name: str | None,
    second: str | None,
    with_comments: bool,
    cancel: bool,
    reason: str,
) -> None:
    """Erase everything that says who WHO is (an address, or a name). It cannot be undone.

    Account, address, sessions, letters and the name go; what was proposed and
    decided stays, without it, and so do the log and its proofs. A person who
    asks for it themselves needs nobody else (--as with their own name); of two
    administrators one asks and the other confirms, at once or later.

    \b
    workspace user erase "Luc Morel" --forum third-forum --as "Luc Morel"
    workspace user erase luc@example.org --forum third-forum --as "Ana Ruiz" --second "Eva Blanc"
    """
    from workspace.accounts.whom import meant
    from workspace.core.console import opened
    from workspace.people.service import PeopleService
    from workspace.web import declining

    if not (name or second):
        raise click.UsageError(say("Say with --as who asks for it, or with --second who confirms it."))
    with opened(settings) as store, store.writing() as db:
        people = PeopleService(db)
        where = people.forum(forum)
        person = meant(db, where, who)
        asks, confirms = (
            people.actor_named(where, person_name) if person_name else None for person_name in (name, second)
        )
        actor = asks or confirms
        if cancel and actor is not None:
            said = say(declining.said(is_declined=_cancelled(db, person, actor, reason)))
        elif _erased(db, person, asks=asks, confirms=confirms, with_comments=with_comments):
            said = say("The person has been erased. What was decided stays, without their name.")
        else:
            said = say("The request waits for a second administrator.")
    click.echo(said)


def _erased(db: "Db", person: "Person", *, asks: "Actor | None", confirms: "Actor | None", with_comments: bool) -> bool:
    """Ask for it, confirm it, or both; whether it is done now."""
    from workspace.core.errors import NotFound
    from workspace.history.erasure import ErasureService

    service = ErasureService(db)
    waiting = service.waiting(person.id) if asks is None else None
    if asks is not None:
        waiting = service.request(person.id, withdraws_comments=with_comments, actor=asks)
    if waiting is None:
        raise NotFound(what="erasure_request", id=person.name)
    is_own = asks is not None and asks.person_id == person.id
    second = confirms or (asks if is_own else None)
    if second is None:
        return False
    service.confirm(waiting.id, actor=second)
    return True


def _cancelled(db: "Db", person: "Person", actor: "Actor", reason: str) -> bool:
    """Take it back or decline it; whether it was declined."""
    from workspace.core.errors import NotFound
    from workspace.history.erasure import ErasureService

    service = ErasureService(db)
    waiting = service.waiting(person.id)
    if waiting is None:
        raise NotFound(what="erasure_request", id=person.name)
    return service.cancel(waiting.id, actor=actor, reason=reason)
