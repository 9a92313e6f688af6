"""Where wording is agreed on, as people write it: a forum, or one of its declarations."""

from workspace.core.console import forum_and_declaration
from workspace.core.db import Db
from workspace.declarations.service import DeclarationService
from workspace.people.service import PeopleService
from workspace.terms.policy import Scope
from workspace.translations.policy import scope_of


def scope_at(db: Db, place: str) -> Scope:
    """The scope of "third-forum" or "third-forum/our-declaration". Raises `NotFound` or `Invalid`."""
    people = PeopleService(db)
    if "/" not in place:
        return Scope(people.forum(place))
    forum, slug = forum_and_declaration(place)
    return scope_of(DeclarationService(db).at(people.forum(forum), slug))
