"""`If-Match`: a write names what it replaces, so that nobody's work is overwritten unseen.

`If-None-Match`: a reader names what it holds, so that nothing is sent twice.
"""

import re
from typing import Annotated, TypeAlias
from uuid import UUID

from litestar.params import HeaderParameter

from workspace.core.errors import Invalid, MissingPrecondition

_REPLACED = re.compile(r"/api/declarations/[^/]+(?:/blocks/[^/]+/texts/[^/]+)?")
PHASE_MARK = "."  # in the entity tag of a declaration, between the id of its head and its phase
NONE = "none"  # the entity tag of a text that does not exist yet

IfMatch: TypeAlias = Annotated[
    str | None,
    HeaderParameter(
        name="If-Match", max_length=200, description="The entity tag (`ETag`) of what is replaced, in quotation marks."
    ),
]


IfNoneMatch: TypeAlias = Annotated[
    str | None,
    HeaderParameter(name="If-None-Match", max_length=1_000, description="Entity tags that the reader holds already."),
]


def expected_version(if_match: str | None) -> UUID:
    """What the request says it replaces; raises `MissingPrecondition`, or `Invalid` for what names no single thing."""
    tag = expected_tag(if_match)
    try:
        return UUID(tag)
    except ValueError as error:
        raise Invalid(field="If-Match", reason="not_an_id", given=tag) from error


def expected_version_or_none(if_match: str | None) -> UUID | None:
    """The same for what may not be there yet: `"none"` says that nothing is replaced."""
    return None if expected_tag(if_match) == NONE else expected_version(if_match)


def matches_version(if_none_match: str | None, etag: str) -> bool:
    """Whether the reader has this very thing already, so that nothing need be sent."""
    return f'"{etag}"' in (if_none_match or "")


def address_of_current(path: str) -> str:
    """Where to read what a write at this address would have replaced, with its entity tag; "" if nowhere."""
    found = _REPLACED.match(path)
    return found[0] if found else ""


def expected_tag(if_match: str | None) -> str:
    """What the request says it replaces or answers, in the words of the tag; raises `MissingPrecondition`."""
    if not if_match or not if_match.strip():
        raise MissingPrecondition
    return if_match.strip().strip('"').partition(PHASE_MARK)[0]
