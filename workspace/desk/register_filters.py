"""What a reader asks the register for, as it stands in the address of its page."""

from collections.abc import Mapping
from enum import StrEnum
from typing import TypeVar
from uuid import UUID

from msgspec import Struct

from workspace.recommendations.finding import Order, Wanted
from workspace.recommendations.models import Outcome, Standing

NOWHERE, SOMEWHERE = "nowhere", "somewhere"
_NAMES = ("words", "session", "said_in", "standing", "outcome", "theme", "organisation", "went", "sort")
_NOBODY = UUID(int=0)  # what an id that makes no sense finds
_Choice = TypeVar("_Choice", bound=StrEnum)


class Filters(Struct, frozen=True):
    """Empty for everything, in the order of the numbers."""

    words: str = ""
    session: str = ""
    said_in: str = ""  # a language
    standing: str = ""
    outcome: str = ""
    theme: str = ""
    organisation: str = ""
    went: str = ""
    sort: str = ""

    @classmethod
    def of(cls, given: Mapping[str, str]) -> "Filters":
        return cls(**{name: given.get(name, "").strip()[:200] for name in _NAMES})

    def query(self) -> dict[str, str]:
        """The filters in use, as the query of an address."""
        every = {name: getattr(self, name) for name in _NAMES}
        return {name: value for name, value in every.items() if value}

    @property
    def order(self) -> Order:
        return _one_of(Order, self.sort) or Order.NUMBER

    def wanted(self) -> Wanted:
        """What the database is asked for; where it went is asked of the declarations besides."""
        return Wanted(
            words=self.words,
            session_id=_id(self.session),
            language=self.said_in,
            standing=_one_of(Standing, self.standing),
            outcome=_one_of(Outcome, self.outcome),
            theme_id=_id(self.theme),
            organisation_id=_id(self.organisation),
        )


def _one_of(kind: type[_Choice], given: str) -> _Choice | None:
    return kind(given) if given in set(kind) else None


def _id(given: str) -> UUID | None:
    try:
        return UUID(given) if given else None
    except ValueError:
        return _NOBODY
