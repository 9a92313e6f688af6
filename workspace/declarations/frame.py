"""What every page of a declaration stands in: forum and declaration of its address, for somebody who may read it."""

from collections.abc import Callable
from dataclasses import dataclass

from workspace.core.actor import Actor
from workspace.core.db import Db
from workspace.core.errors import NotFound
from workspace.declarations import policy
from workspace.declarations.models import Declaration
from workspace.declarations.service import DeclarationService
from workspace.people.frame import forum_frame
from workspace.people.models import Forum
from workspace.web.pages import Place
from workspace.web.services import Work

May = Callable[[Actor, Declaration], bool]


@dataclass(frozen=True, slots=True)
class Frame:
    """Forum and declaration of a page; they live as long as the unit of work. `place` is a plain value."""

    forum: Forum
    declaration: Declaration
    place: Place


def frame(db: Db, forum_slug: str, declaration_slug: str, *, work: Work, may: May = policy.may_read) -> Frame:
    """Find what a page is about; raises `NotFound`, also when the reader may not see it.

    `may` says who may: by default whoever may read the text. Inside `writing()`, ask `work.actor` before it opens.
    """
    found = forum_frame(db, forum_slug, work=work, declaration_slug=declaration_slug)
    declaration = DeclarationService(db).at(found.forum, declaration_slug)
    if not may(work.actor, declaration):
        raise NotFound(what="declaration", id=declaration_slug)
    return Frame(found.forum, declaration, found.place)
