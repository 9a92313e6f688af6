"""What of the log is told to programs elsewhere: which kinds there are, and the words of one message.

A message goes to a machine outside, so it is told less than a person who looks: names of things and never words
or persons, nothing that only some of the participants may see, and of a text under embargo nothing at all.
"""

import json
from collections.abc import Mapping
from typing import Any, Final

import msgspec

from workspace.core.actor import Actor
from workspace.core.log import LogEntry
from workspace.core.permissions import Phase
from workspace.declarations.models import Declaration
from workspace.live.kinds import BY_BEGINNING, EDITION, Kind, kind_of, may_know, told

KINDS: Final = tuple(sorted({kind.event for kind in BY_BEGINNING.values()} | {EDITION.event}))
TEST: Final = "webhook.test"
_AMONG_US = frozenset({"comment.internal", "comment.moderate"})
_OUT = frozenset({Phase.PUBLISHED, Phase.ARCHIVED})


def message(entry: LogEntry, declaration: Declaration, kinds: frozenset[str], *, actor: Actor) -> str | None:
    """The body of the message about one entry; None where this is not told, to `actor`, at this moment."""
    facts = json.loads(entry.entry)["facts"]
    kind = kind_of(entry.kind, facts)
    if kind is None or kind.event not in kinds or not _may_leave(kind, declaration, actor):
        return None
    data = {
        **told(facts),
        "event": kind.event,
        "sequence": entry.sequence,
        "forum_id": str(declaration.forum_id),
        "declaration_id": str(declaration.id),
    }
    return body(entry.kind, entry.at.isoformat(), data)


def body(kind: str, at: str, data: Mapping[str, Any]) -> str:
    """The three parts that every message has."""
    return msgspec.json.encode({"type": kind, "timestamp": at, "data": data}).decode()


def _may_leave(kind: Kind, declaration: Declaration, actor: Actor) -> bool:
    is_secret = declaration.is_embargoed and declaration.phase not in _OUT
    return not is_secret and not _AMONG_US.intersection(kind.rights) and may_know(actor, kind, declaration)
