"""Whom a sheet means by the name or address that stands beside a proposal."""

from collections.abc import Iterator
from uuid import UUID

from workspace.core.db import Db
from workspace.core.search import folded
from workspace.declarations.models import Declaration
from workspace.interchange.receipts import addresses_of
from workspace.interchange.word_policy import PROPOSERS
from workspace.people.service import PeopleService


class Senders:
    """Those who may propose, by name, by name and organisation, by organisation, and by address."""

    def __init__(self, db: Db, declaration: Declaration) -> None:
        self.known: dict[str, set[UUID]] = {}
        for person_id, name in _names(db, declaration):
            self.known.setdefault(folded(name), set()).add(person_id)

    def find(self, said: str) -> UUID | None:
        """The one person who is meant; None where there is none, or more than one."""
        found = self.known.get(folded(said), set()) if said.strip() else set[UUID]()
        return next(iter(found)) if len(found) == 1 else None


def _names(db: Db, declaration: Declaration) -> Iterator[tuple[UUID, str]]:
    people = [one for one in PeopleService(db).people(declaration.forum) if one[1].role in PROPOSERS]
    addresses = addresses_of(db, {person.id: person for person, _ in people})
    for person, mandate in people:
        yield person.id, person.name
        if mandate.organisation:
            yield person.id, f"{person.name} ({mandate.organisation.name})"
            yield person.id, mandate.organisation.name
        if address := addresses.get(person.id):
            yield person.id, address
