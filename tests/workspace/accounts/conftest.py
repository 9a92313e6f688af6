"""A clock that a test moves, and people with accounts."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import timedelta

import pytest
from litestar import Litestar

from tests.support import factories, site
from tests.workspace.accounts.browsing import Browser
from workspace.accounts.domain import authentication, passwords
from workspace.accounts.domain.models import Device, IssuedSignIn
from workspace.accounts.domain.service import AccountService
from workspace.core import clock
from workspace.core.actor import OPERATOR, Actor, Role
from workspace.core.outbox import Letter, facts_with_link
from workspace.core.storage.db import Store
from workspace.core.storage.log import LogEntry
from workspace.people.models import Person

PASSWORD = "nine blue herons at dusk"
DEVICE = Device(agent="Firefox on Linux", address="192.0.2.7")
LEAST = passwords.PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)


class MovedClock:
    """A clock that stands still until the test moves it."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.at = clock.now()
        monkeypatch.setattr(clock, "now", lambda: self.at)

    def forward(self, **by: float) -> None:
        self.at += timedelta(**by)

    def back(self, **by: float) -> None:
        self.at -= timedelta(**by)


@pytest.fixture
def moved_clock(monkeypatch: pytest.MonkeyPatch) -> MovedClock:
    return MovedClock(monkeypatch)


@dataclass
class Town:
    """A store with people who have accounts, all with the same password."""

    store: Store
    encoded: str
    people: dict[str, Actor] = field(default_factory=dict)

    def person(self, email: str = "ana@example.org", role: Role = Role.MEMBER, name: str = "Ana Ruiz") -> Actor:
        with self.store.writing() as db:
            actor = factories.person(db, role, name)
            person = db.get_one(Person, actor.person_id)
            AccountService(db).make(person, email=email, password_hash=self.encoded, actor=OPERATOR)
        self.people[email] = actor
        return actor

    def sign_in(self, email: str = "ana@example.org", password: str = PASSWORD) -> IssuedSignIn:
        return authentication.sign_in(self.store, email=email, password=password, device=DEVICE)

    def is_good(self, issued: IssuedSignIn | str) -> bool:
        token = issued if isinstance(issued, str) else issued.token
        return authentication.authenticate(self.store, token) is not None

    def letters(self, kind: str) -> list[dict[str, str]]:
        """What the letters of one kind tell, with their address, in the order they were posted."""
        with self.store.reading() as db:
            found = db.query(Letter).filter(Letter.kind == kind).order_by(Letter.due_at, Letter.id)
            return [
                {"to": letter.to, "language": letter.language, **facts_with_link(self.store, letter.facts)}
                for letter in found
            ]

    def link(self, kind: str) -> str:
        """The token in the last letter of this kind."""
        return self.letters(kind)[-1]["path"].rpartition("/")[2]

    def logged(self) -> list[str]:
        with self.store.reading() as db:
            return [line.entry for line in db.query(LogEntry).order_by(LogEntry.sequence)]


@pytest.fixture
def promised_costs() -> None:
    """For a test of what a hash costs, and of what others do at the same time: it is made as in the program."""


@pytest.fixture(autouse=True)
def _least_costs(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """Any other test has hashes of the same kind that cost nothing: they took most of the time of these tests."""
    if "promised_costs" not in request.fixturenames:
        monkeypatch.setattr(passwords, "_HASHER", LEAST)


@pytest.fixture
def encoded(_least_costs: None) -> str:
    return passwords.hash_password(PASSWORD)


@pytest.fixture
def town(store: Store, encoded: str) -> Town:
    return Town(store, encoded)


@pytest.fixture
def any_town(any_store: Store, encoded: str) -> Town:
    return Town(any_store, encoded)


@pytest.fixture
def app(store: Store) -> Litestar:
    return site.with_accounts(store)


@pytest.fixture
def browser(app: Litestar) -> Iterator[Browser]:
    one = Browser(app)
    yield one
    one.client.__exit__(None, None, None)


@pytest.fixture
def second(app: Litestar) -> Iterator[Browser]:
    other = Browser(app, address="198.51.100.7")
    yield other
    other.client.__exit__(None, None, None)
