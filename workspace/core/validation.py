"""Checks of what is given that hold everywhere: no NUL character, a reason where one is needed, ids that are ids."""

import re
from collections.abc import Mapping
from datetime import date, datetime
from enum import StrEnum
from functools import cache
from typing import Any, TypeVar
from uuid import UUID
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError, available_timezones

from msgspec import Struct

from drafts.base.words import fold_text
from workspace.core.errors import Invalid, NotFound

_NAMED = 80  # characters of what cannot be meant that a refusal names
_HOLDS_NONE = frozenset({type(None), UUID, int, bool, datetime})  # most of what is stored
_NO_NUMBER = 2**63
_SUFFIX = re.compile(r"_\d+$")  # of a bound parameter: slug_1


def refuse_nul(_connection: Any, _cursor: Any, _statement: str, parameters: Any, context: Any, _many: bool) -> None:  # noqa: FBT001  (the signature is SQLAlchemy's)
    """Engine event: raises `Invalid` for a statement with such text among its values, in JSON too."""
    given = getattr(context, "compiled_parameters", None)  # as the program has them: not yet encoded for a driver
    for values in [{"text": parameters}] if given is None else given:
        refuse_nul_in(values)


def refuse_nul_in(values: Mapping[str, Any]) -> None:
    """Raise `Invalid`, naming the field, for the first value that holds the character, however deep, or for a number
    that no database holds.
    """
    for name, value in values.items():
        if type(value) is int and abs(value) >= _NO_NUMBER:
            raise Invalid(field=_SUFFIX.sub("", name), reason="unknown", given=str(value)[:_NAMED])
        if type(value) not in _HOLDS_NONE and _holds(value):
            raise Invalid(field=_SUFFIX.sub("", name), reason="nul")


def _holds(value: Any) -> bool:
    if isinstance(value, str):
        return "\x00" in value
    if isinstance(value, list | tuple):
        return any(_holds(item) for item in value)
    if isinstance(value, Mapping):
        return any(_holds(key) or _holds(item) for key, item in value.items())
    return isinstance(value, Struct) and any(_holds(getattr(value, name)) for name in value.__struct_fields__)


def known_zone(name: str, field: str = "timezone") -> ZoneInfo:
    """The zone of that name, or of the city that it ends with. Raises `Invalid`, naming the field, for any other."""
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError) as error:
        if city := _zones_by_city().get(fold_text(name)):
            return ZoneInfo(city)
        raise Invalid(field=field, reason="unknown_timezone", given=name[:100]) from error


@cache
def _zones_by_city() -> Mapping[str, str]:
    return {fold_text(name.rpartition("/")[2]): name for name in sorted(available_timezones()) if "Etc/" not in name}


def id_or_none(given: str) -> UUID | None:
    """An id as a form sends it, or None."""
    try:
        return UUID(given)
    except ValueError:
        return None


def sent_id(given: str) -> UUID:
    """An id as a form sends it; what cannot be read is the id of nothing."""
    return id_or_none(given) or UUID(int=0)


def known_id(given: str, what: str) -> UUID:
    """An id as a form sends it; raises `NotFound` for what is none."""
    if (found := id_or_none(given)) is None:
        raise NotFound(what=what, id=given[:_NAMED])
    return found


def chosen_id(given: str, field: str) -> UUID:
    """What was chosen in a form; raises `Invalid`, naming the field, where nothing was."""
    if (found := id_or_none(given)) is None:
        raise Invalid(field=field, reason="required")
    return found


Word = TypeVar("Word", bound=StrEnum)


def known_word(words: type[Word], given: str, what: str) -> Word:
    """The one of some words that was given; raises `NotFound` for any other."""
    try:
        return words(given)
    except ValueError as error:
        raise NotFound(what=what, id=given[:20]) from error


def chosen_word(words: type[Word], given: str, field: str) -> Word:
    """The one of some words that was chosen in a form; raises `Invalid`, naming the field, for any other."""
    try:
        return words(given)
    except ValueError as error:
        raise Invalid(field=field, reason="unknown_word", given=given[:_NAMED]) from error


def parse_day(field: str, written: str) -> date | None:
    """A day as 2027-06-10; None for nothing. Raises `Invalid`, naming the field, for what is no day."""
    try:
        return date.fromisoformat(written.strip()) if written.strip() else None
    except ValueError as error:
        raise Invalid(field=field, reason="not_a_day", given=written[:_NAMED]) from error


LONGEST_REASON = 5_000  # characters


def ensure_short(text: str, most: int = LONGEST_REASON, field: str = "reason") -> None:
    """Raise `Invalid` for the text of a field that has more than `most` characters."""
    if len(text) > most:
        raise Invalid(field=field, reason="too_long", limit=most)


def needed_reason(reason: str, most: int = LONGEST_REASON) -> str:
    """A reason as it was written; raises `Invalid` where nothing is said, or too much."""
    if not reason.strip():
        raise Invalid(field="reason", reason="empty")
    ensure_short(reason, most)
    return reason.strip()


def read_reason(reason: str) -> str:
    """Why somebody declines, in one line, as the log keeps it; raises `Invalid` where nothing is said, or too much."""
    return needed_reason(" ".join(reason.split()))


MOST_NUMBER = 2_000_000_000  # what a number of a revision, an amendment, a page or a row can be at most


def whole_number(written: str, *, most: int = MOST_NUMBER) -> int | None:
    """The number that somebody wrote in the digits 0 to 9; None for anything else, and beyond `most`.

    The only reader of such numbers: `str.isdecimal` and `int` take the digits of every script, and any length.
    """
    digits = written.strip()
    if not (digits.isascii() and digits.isdecimal()) or len(digits) > len(str(most)) + _ZEROS:
        return None
    return number if (number := int(digits)) <= most else None


_ZEROS = 10  # before a number, at most
