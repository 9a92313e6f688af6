"""What every page of a declaration stands in: forum and declaration of its address, for somebody who may read it."""

from collections.abc import Callable, Sequence
from contextlib import suppress
from functools import partial
from typing import Annotated, TypedDict

from msgspec import Struct
from msgspec.structs import replace

from workspace.core.actor import Actor
from workspace.core.errors import NotFound
from workspace.core.security.permissions import Phase
from workspace.core.storage.db import Db
from workspace.declarations.domain import policy
from workspace.declarations.domain.models import Declaration
from workspace.declarations.domain.service import DeclarationService
from workspace.people.frame import ForumFrame, forum_frame
from workspace.people.models import Forum
from workspace.web.http.request_context import Loads, Slug, Work
from workspace.web.pages import PagePlace

May = Callable[[Actor, Declaration], bool]


class Frame(Struct, frozen=True):
    """Forum and declaration of a page; they live as long as the unit of work. `place` is a plain value."""

    forum: Forum
    declaration: Declaration
    place: PagePlace


def frame(db: Db, forum: Slug, declaration: Slug, *, work: Work, may: May = policy.may_read) -> Frame:
    """Find what a page is about; raises `NotFound`, also when the reader may not see it.

    `may` says who may: by default whoever may read the text. Inside `writing()`, ask `work.actor` before it opens.
    """
    around = forum_frame(db, forum, work=work)
    found = DeclarationService(db).at(around.forum, declaration)
    if not may(work.actor, found):
        raise NotFound(what="declaration", id=declaration)
    return Frame(around.forum, found, _leading_to(found, around.place, work=work))


def place_of_address(work: Work) -> PagePlace | None:
    """The place of a page about an error: the declaration that its address names, for its readers, or the forum."""
    forum, declaration, *_ = (*work.request.scope["path"].strip("/").split("/")[1:], "", "")
    with suppress(NotFound), work.reading() as db:
        return frame(db, forum, declaration, work=work).place
    with suppress(NotFound), work.reading() as db:
        return forum_frame(db, forum, work=work).place
    return None


def framed(may: May) -> Loads:
    """Marks the frame of a page, for whoever `may` see it."""
    return Loads(partial(frame, may=may))


ReadableFrame = Annotated[Frame, Loads(frame)]


class Heading(TypedDict):
    """What every page of a declaration says first."""

    place: PagePlace
    here: str
    name: str


def heading(found: Frame, here: str = "", *, work: Work) -> Heading:
    """Where a page stands, the route of the header's link to mark there, and how the declaration is called."""
    return Heading(place=found.place, here=here, name=found.declaration.name.said_in(work.language))


def known_declarations(db: Db, found: ForumFrame, *, work: Work) -> list[Declaration]:
    """The declarations that the reader may know of; what is published comes after what is still open."""
    return sorted(DeclarationService(db).of_forum(found.forum, actor=work.actor), key=is_closed)


def header(db: Db, found: ForumFrame, *, work: Work) -> PagePlace:
    """The place of a page about the whole forum, found with one query."""
    return forum_place(found, known_declarations(db, found, work=work), work=work)


def forum_place(found: ForumFrame, declarations: Sequence[Declaration], *, work: Work) -> PagePlace:
    """The place of a page about the whole forum: its header leads to the first declaration that the reader may read."""
    first = next((declaration for declaration in declarations if policy.may_read(work.actor, declaration)), None)
    return _leading_to(first, found.place, work=work) if first else found.place


def _leading_to(declaration: Declaration, place: PagePlace, *, work: Work) -> PagePlace:
    may = policy.allowed_to(work.actor, declaration)
    return replace(place, declaration=declaration.slug, may_in_declaration=may)


def is_closed(declaration: Declaration) -> bool:
    """Whether the text is final."""
    return declaration.phase in {Phase.PUBLISHED, Phase.ARCHIVED}
