"""What the pages around a text do alike: carry out what a form asks, or show the page again with what is wrong."""

from collections.abc import Callable, Mapping
from typing import TypedDict

from litestar import Response
from litestar.response import Redirect
from msgspec import Struct

from workspace.core.actor import Actor
from workspace.core.db import Db
from workspace.core.errors import Invalid
from workspace.declarations.frame import Frame, frame
from workspace.editions import around_policy as policy
from workspace.editions.around_views import AroundPage, tabs
from workspace.translations.overview import Ways
from workspace.web.pages import Place, field_errors, page, redirect


class Done(Struct, frozen=True):
    """What was done, as a sentence for the reader in their language; `href` leads elsewhere than to the list."""

    said: str
    href: str = ""


Act = Callable[[Db, Frame, Actor], Done]


class Shared(TypedDict):
    """What every one of the pages says (`AroundPage`)."""

    place: Place
    name: str
    reading: str
    tabs: list[tuple[str, str, bool]]
    may_prepare: bool
    sent: Mapping[str, str]
    errors: Mapping[str, str]


def carried_out(
    ways: Ways, to: str, act: Act, *, again: Callable[[Invalid], Response[str]]
) -> Response[str] | Redirect:
    """Do it in one unit of work and go to the page `to`; where it is refused, the page is shown `again`."""
    actor = ways.work.actor
    try:
        with ways.work.writing() as db:
            done = act(db, frame(db, ways.forum, ways.declaration, work=ways.work, may=policy.may_see), actor)
    except Invalid as refusal:
        return again(refusal)
    list_of = ways.work.url_for(to, forum=ways.forum, declaration=ways.declaration)
    return redirect(ways.work, done.href or list_of, said=done.said)


def shown(
    ways: Ways, template: str, made: Callable[[Db, Frame], AroundPage], refusal: Invalid | None = None
) -> Response[str]:
    """Show one of the pages, as it was left where something in it was refused."""
    with ways.work.reading() as db:
        context = made(db, frame(db, ways.forum, ways.declaration, work=ways.work, may=policy.may_see))
    return page(ways.work, template, context, status=422 if refusal else 200)


def shared(ways: Ways, found: Frame, here: str, sent: Mapping[str, str], refusal: Invalid | None) -> Shared:
    """What the page `here` has in common with the others; `sent` is what its forms are filled with."""
    work = ways.work
    return Shared(
        place=found.place,
        name=found.declaration.name.said_in(work.language),
        reading=work.url_for("reading", forum=ways.forum, declaration=ways.declaration),
        tabs=tabs(work, ways.forum, ways.declaration, here),
        may_prepare=policy.may_prepare(work.actor, found.declaration),
        sent=sent,
        errors=field_errors(work, refusal) if refusal else {},
    )
