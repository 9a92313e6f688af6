"""Who has a page of a declaration open now: in this process, and in its neighbours as they say it.

Kept in memory only. A reader who goes from one page to the next is not away in between.
"""

import time
from collections import Counter
from collections.abc import Callable, Sequence
from threading import Lock
from uuid import UUID

from msgspec import Struct, field

LINGERS = 5.0  # seconds that somebody counts as here after their last page closed
NEIGHBOURS_LAST = 60.0  # seconds that the word of another process counts


class Presence(Struct):
    """`clock` counts seconds and never goes back."""

    clock: Callable[[], float] = time.monotonic
    _here: dict[UUID, Counter[UUID]] = field(default_factory=dict)
    _leaving: dict[tuple[UUID, UUID], float] = field(default_factory=dict)
    _elsewhere: dict[tuple[str, UUID], tuple[float, frozenset[UUID]]] = field(default_factory=dict)
    _lock: Lock = field(default_factory=Lock)

    def come(self, declaration_id: UUID, person_id: UUID) -> bool:
        """Somebody opens a page; whether they were not here yet."""
        with self._lock:
            people = self._here.setdefault(declaration_id, Counter())
            people[person_id] += 1
            has_lingered = self._leaving.pop((declaration_id, person_id), 0.0) > self.clock()
            return people[person_id] == 1 and not has_lingered

    def go(self, declaration_id: UUID, person_id: UUID) -> None:
        """Somebody closes a page."""
        with self._lock:
            people = self._here.get(declaration_id, Counter())
            people[person_id] -= 1
            if people[person_id] <= 0:
                del people[person_id]
                self._leaving[declaration_id, person_id] = self.clock() + LINGERS
            if not people:
                self._here.pop(declaration_id, None)

    def hear(self, process: str, declaration_id: UUID, people: Sequence[UUID]) -> None:
        """Another process says who is there."""
        with self._lock:
            self._elsewhere[process, declaration_id] = (self.clock() + NEIGHBOURS_LAST, frozenset(people))

    def own(self, declaration_id: UUID) -> frozenset[UUID]:
        """Who is here by way of this process."""
        with self._lock:
            return self._own(declaration_id)

    def declarations(self) -> frozenset[UUID]:
        """Those that somebody reads by way of this process, or has just left."""
        with self._lock:
            return frozenset({*self._here, *(declaration_id for declaration_id, _ in self._leaving)})

    def on(self, declaration_id: UUID) -> frozenset[UUID]:
        """Everybody who is here."""
        now = self.clock()
        with self._lock:
            heard = (
                people
                for (_, where), (until, people) in self._elsewhere.items()
                if where == declaration_id and until > now
            )
            return self._own(declaration_id).union(*heard)

    def _own(self, declaration_id: UUID) -> frozenset[UUID]:
        now = self.clock()
        self._leaving = {key: until for key, until in self._leaving.items() if until > now}
        lingering = (person for where, person in self._leaving if where == declaration_id)
        return frozenset({*self._here.get(declaration_id, ()), *lingering})
