"""What of the log is told as it happens, to whom, and how much of it: a short list, and ids only."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from workspace.core.actor import Actor
from workspace.declarations.models import Declaration
from workspace.declarations.policy import may_do

TOLD = (  # facts that go to listeners: names of things, never what somebody wrote
    *("amendment", "number", "revision", "block", "language", "thread", "comment"),
    *("question", "decision", "before", "phase", "stage", "outcome", "cast", "eligible"),
)


@dataclass(frozen=True, slots=True)
class Kind:
    """`event` is its name in the stream; `right` what a listener needs besides that of following the work."""

    event: str
    right: str = "head.read"


BY_BEGINNING: Mapping[str, Kind] = {
    "revision.": Kind("text"),
    "phase.": Kind("phase"),
    "deadline.": Kind("calendar"),
    "stage.": Kind("calendar"),
    "translation.": Kind("translation"),
    "amendment.": Kind("amendment", "amendment.read_others"),
    "amendments.": Kind("amendment", "amendment.read_others"),
    "decision.": Kind("decision", "amendment.read_others"),
    "bracket.": Kind("paragraph"),
    "paragraph.": Kind("paragraph"),
    "question.": Kind("question"),
    "floor.": Kind("floor"),
    "comment.": Kind("comment"),
}
SHOWN = "shown"


def kind_of(kind: str, facts: Mapping[str, Any]) -> Kind | None:
    """How an entry of the log is told; None for one that is nobody's news."""
    known = BY_BEGINNING.get(f"{kind.partition('.')[0]}.")
    if known is None or known.event != "comment":
        return known
    if facts.get("is_internal", True):
        return Kind("comment", "comment.internal")
    return known if facts.get("state", SHOWN) == SHOWN else Kind("comment", "comment.moderate")


def may_know(actor: Actor, kind: Kind, declaration: Declaration) -> bool:
    return may_do(actor, kind.right, declaration)


def told(facts: Mapping[str, Any]) -> dict[str, str | int]:
    return {name: facts[name] for name in TOLD if isinstance(facts.get(name), str | int)}
