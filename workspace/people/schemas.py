"""Forums as programs read them."""

from datetime import date
from typing import Literal
from uuid import UUID

from msgspec import Struct

from workspace.core.db import Trilingual
from workspace.core.permissions import Phase
from workspace.people.models import Forum, Network

PhaseWord = Literal["setup", "drafting", "review", "consultation", "adoption", "published", "archived"]


def phase_word(phase: Phase) -> PhaseWord:
    return phase.name.lower()  # type: ignore[return-value]


class ForumOut(Struct, frozen=True, kw_only=True):
    """One gathering with its whole process. `phase` is the earliest phase of its declarations."""

    id: UUID
    slug: str
    name: Trilingual
    network: Trilingual
    description: Trilingual
    place: Trilingual
    timezone: str
    starts_on: date | None
    ends_on: date | None
    phases: tuple[PhaseWord, ...]

    @classmethod
    def of(cls, forum: Forum, network: Network) -> "ForumOut":
        return cls(
            id=forum.id,
            slug=forum.slug,
            name=forum.name,
            network=network.name,
            description=forum.description,
            place=forum.place,
            timezone=forum.timezone,
            starts_on=forum.starts_on,
            ends_on=forum.ends_on,
            phases=tuple(phase_word(Phase(letter)) for letter in forum.phases),
        )


class ForumsOut(Struct, frozen=True, kw_only=True):
    """Every forum of this workspace, newest first."""

    items: list[ForumOut]
