"""A room in which delegations vote, reached through the API."""

from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

import pytest

from tests.support import factories, site
from tests.support.questions import delegate, settle
from tests.workspace.house import Caller, House, Table
from workspace.core import clock
from workspace.core.actor import OPERATOR, Role
from workspace.core.security.permissions import Phase
from workspace.declarations.domain.service import DeclarationService
from workspace.people.models import Mandate, Person

CLEAN = "Towns share clean water."


@dataclass
class Room:
    """A declaration in adoption with one open amendment, and three delegations: of one, two people came."""

    house: House
    table: Table
    people: dict[str, object]

    def __getitem__(self, name: str) -> Caller:
        return Caller(self.house.client, self.people[name].person_id)

    @property
    def chair(self) -> Caller:
        return self.house.chair

    def put(self, kind: str = "votes", **body):
        body = body or {"about": {"subject": "amendment", "amendment": 1}}
        return self.chair.post(f"{self.table.path}/{kind}", body)

    def question(self, number: int = 1, caller: Caller | None = None):
        return (caller or self.chair).get(f"{self.table.path}/questions/{number}").json()

    def vote(self, name: str, choice: str, number: int = 1) -> int:
        answer = self[name].post(f"{self.table.path}/questions/{number}/votes", {"choice": choice})
        return answer.status_code

    def act(self, verb: str, body=None, number: int = 1, by: Caller | None = None, **given):
        return (by or self.chair).post(f"{self.table.path}/questions/{number}/{verb}", body, **given)

    def settle(self) -> None:
        with self.house.store.writing() as db:
            settle(db, UUID(self.table.id) if isinstance(self.table.id, str) else self.table.id, factories.chair(db))

    def silence(self, **ahead: float):
        at = clock.now() + timedelta(**(ahead or {"hours": 2}))
        return self.put("silences", closes=at.strftime("%Y-%m-%dT%H:%M"), zone="UTC")

    def rules(self, **switches):
        switches = {"means": "vote", "quorum": 0, **switches}
        assert self.chair.post(f"{self.table.path}/procedure", switches).status_code == 200


@pytest.fixture
def room(house: House) -> Room:
    table = house.declaration("Towns share water.", "Towns mend pumps.")
    with house.store.writing() as db:
        names = ("Alta", "Baja", "Costa")
        people = {name: delegate(db, f"Town of {name}") for name in names}
        people["second of Alta"] = _second(db, people["Alta"])
        people["observer"] = delegate(db, "Town of Delta", Role.OBSERVER)
    site.site(house.store, *people.values())
    filed = Caller(house.client, people["Alta"].person_id).post(f"{table.path}/amendments", table.proposal(CLEAN))
    assert filed.status_code == 201
    with house.store.writing() as db:
        DeclarationService(db).enter(DeclarationService(db).get(table.id), Phase.ADOPTION, actor=OPERATOR)
    return Room(house, table, people)


def _second(db, first):
    """A second person of the same organisation."""
    held = first.mandates[0]
    person = Person(name="S. Econd")
    person.mandates.append(Mandate(forum_id=held.forum_id, role=Role.MEMBER, organisation_id=held.organisation_id))
    db.add(person)
    db.flush()
    return person.as_actor()
