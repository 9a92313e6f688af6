"""What lower layers need of higher ones, and cannot import: the application provides it (`workspace.registration`)."""

from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime
from typing import TYPE_CHECKING, Any, Generic, NamedTuple, TypeVar

if TYPE_CHECKING:
    from uuid import UUID

    import sqlalchemy as sa

    from drafts.languages.staleness import State
    from drafts.text.blocks import Language

T = TypeVar("T")


class Provided(Generic[T]):
    """A value that the application provides. It is made when it is first needed, and then kept."""

    def __init__(self, what: str) -> None:
        self._what = what
        self._load: Callable[[], T] | None = None
        self._value: T | None = None

    def provide(self, load: Callable[[], T]) -> None:
        """Say how the value is made; what `load` imports is not imported before."""
        self._load, self._value = load, None

    def get(self) -> T:
        """The value. Raises `RuntimeError` in a process that has not called `registration.install`."""
        if self._value is None:
            if self._load is None and _postponed:
                _postponed.pop()()
            if self._load is None:
                raise RuntimeError(f"this process has not provided {self._what}: call workspace.registration.install")
            self._value = self._load()
        return self._value


_postponed: list[Callable[[], None]] = []


def install_when_needed(install: Callable[[], None]) -> None:
    """Call `install` when the first value is asked for: a command that asks for none starts sooner."""
    _postponed[:] = [install]


STANDINGS: "Provided[Callable[[Any, Any], Sequence[Mapping[Language, State]]]]" = Provided("how languages stand")
WAITING_ROLES: "Provided[Callable[[Any, Any], Mapping[UUID, tuple[date | None, date | None]]]]" = Provided(
    "which roles wait for a second person in a forum, by mandate, with the days they are to have"
)


class Speech(NamedTuple):
    """Who has the floor of a sitting, since when, and until when their time lasts."""

    name: str
    organisation: str
    since: datetime
    until: datetime
    is_point_of_order: bool = False


PRESENT: "Provided[Callable[[Any, Any], frozenset[UUID] | None]]" = Provided(
    "the organisations present or represented at the open sitting of a declaration; None where no sitting is open"
)
SPEAKING: "Provided[Callable[[Any, Any], Speech | None]]" = Provided("who speaks now at the sitting of a declaration")
TIMES_OF_NOTES: "Provided[Callable[[str, str], Mapping[str, str]]]" = Provided(
    "when a session begins and ends, as words of a note in a language say"
)
METADATA: "Provided[sa.MetaData]" = Provided("the tables of every slice")
