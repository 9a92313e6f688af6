"""What of the log is told as it happens, to whom, and how much of it: a short list, and ids only."""

from collections.abc import Mapping
from typing import Any

from msgspec import Struct

from workspace.core.actor import Actor
from workspace.declarations.models import Declaration
from workspace.declarations.policy import may_do

TOLD = (  # facts that go to listeners: names of things, never what somebody wrote
    *("amendment", "number", "revision", "block", "language", "thread", "comment"),
    *("question", "decision", "before", "phase", "stage", "outcome", "cast", "eligible"),
)


_TEXT, _AMENDMENTS = ("head.read", "consultation_text.read"), ("amendment.read_others",)


class Kind(Struct, frozen=True):
    """`event` is its name in the stream; `rights` are those of which a listener needs any one."""

    event: str
    rights: tuple[str, ...] = ("head.read",)


BY_BEGINNING: Mapping[str, Kind] = {
    "revision.": Kind("text", _TEXT),
    "phase.": Kind("phase", ("declaration.exists",)),
    "deadline.": Kind("calendar", ("declaration.exists",)),
    "stage.": Kind("calendar", ("declaration.exists",)),
    "translation.": Kind("translation"),
    "amendment.": Kind("amendment", _AMENDMENTS),
    "amendments.": Kind("amendment", _AMENDMENTS),
    "decision.": Kind("decision", _AMENDMENTS),
    "bracket.": Kind("paragraph"),
    "paragraph.": Kind("paragraph"),
    "question.": Kind("question"),
    "floor.": Kind("floor"),
    "comment.": Kind("comment", _TEXT),
}
EDITION = Kind("edition", ("edition.read_verify",))
SHOWN = "shown"


def kind_of(kind: str, facts: Mapping[str, Any]) -> Kind | None:
    """How an entry of the log is told; None for one that is nobody's news."""
    if kind == "edition.published":
        return EDITION
    known = BY_BEGINNING.get(f"{kind.partition('.')[0]}.")
    if known is None or known.event != "comment":
        return known
    if facts.get("is_internal", True):
        return Kind("comment", ("comment.internal",))
    if facts.get("state", SHOWN) != SHOWN:
        return Kind("comment", ("comment.moderate",))
    return Kind("comment", _AMENDMENTS) if facts.get("about") == "amendment" else known


def may_know(actor: Actor, kind: Kind, declaration: Declaration) -> bool:
    return any(may_do(actor, right, declaration) for right in kind.rights)


def told(facts: Mapping[str, Any]) -> dict[str, str | int]:
    return {name: facts[name] for name in TOLD if isinstance(facts.get(name), str | int)}
