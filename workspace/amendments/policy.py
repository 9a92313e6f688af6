"""Who may propose, withdraw and decide."""

from collections.abc import Iterable

from workspace.amendments.models import Amendment
from workspace.core.actor import Actor
from workspace.core.errors import NotAllowed, Undecidable
from workspace.declarations.models import Declaration
from workspace.declarations.policy import ensure_may, may_do


def ensure_may_propose(actor: Actor, declaration: Declaration) -> None:
    ensure_may(actor, "amendment.propose", declaration)


def may_propose(actor: Actor, declaration: Declaration) -> bool:
    return actor.person_id is not None and may_do(actor, "amendment.propose", declaration)


def ensure_may_withdraw(actor: Actor, amendment: Amendment) -> None:
    """One's own, and only while nothing was decided."""
    ensure_may(actor, "amendment.withdraw_revise", amendment.declaration)
    if amendment.proposer_id != actor.person_id:
        raise NotAllowed(action="amendment.withdraw_revise")
    if not amendment.disposition.is_undecided:
        raise Undecidable(number=amendment.number, reason="decided")


def ensure_may_decide(actor: Actor, declaration: Declaration, amendments: Iterable[Amendment]) -> None:
    """The chair decides, and nobody decides on their own amendment (`conventions.md`, 3)."""
    ensure_may(actor, "amendment.decide_adopt_undo", declaration)
    for amendment in amendments:
        if amendment.proposer_id == actor.person_id:
            raise Undecidable(number=amendment.number, reason="own")
        if not amendment.disposition.is_undecided:
            raise Undecidable(number=amendment.number, reason="decided")


def ensure_may_edit(actor: Actor, declaration: Declaration) -> None:
    ensure_may(actor, "block.edit", declaration)


def may_edit(actor: Actor, declaration: Declaration) -> bool:
    return may_do(actor, "block.edit", declaration)


def may_decide(actor: Actor, declaration: Declaration) -> bool:
    return may_do(actor, "amendment.decide_adopt_undo", declaration)


def may_withdraw(actor: Actor, amendment: Amendment) -> bool:
    """Whether a button to withdraw it would be heard."""
    is_own = actor.person_id is not None and amendment.proposer_id == actor.person_id
    is_open = amendment.disposition.is_undecided
    return is_own and is_open and may_do(actor, "amendment.withdraw_revise", amendment.declaration)


def may_read(actor: Actor, amendment: Amendment) -> bool:
    """Others' amendments once the text is open to amendments; one's own always."""
    return amendment.proposer_id == actor.person_id or may_do(actor, "amendment.read_others", amendment.declaration)
