"""Whom the operator means: somebody of a forum, by the address they sign in with or by their name."""

from workspace.accounts.service import AccountService
from workspace.core.db import Db
from workspace.core.errors import NotFound
from workspace.people.models import Forum, Person
from workspace.people.service import PeopleService


def meant(db: Db, forum: Forum, who: str) -> Person:
    """The person of the forum with this address or name; raises `NotFound`, also for a name that two share."""
    if "@" not in who:
        return db.get_one(Person, PeopleService(db).actor_named(forum, who).person_id)
    account = AccountService(db).by_email(who)
    if account is None or all(one.forum_id != forum.id for one in account.person.mandates):
        raise NotFound(what="account", id=who)
    return account.person
