"""How far each paragraph is agreed, who said so, and why a closed one takes no change."""

from collections.abc import Iterable
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import joinedload

from workspace.core import clock
from workspace.core.actor import Actor, Role
from workspace.core.errors import Invalid, NotAllowed, NotFound
from workspace.core.storage import log
from workspace.core.storage.db import Db, new_id
from workspace.core.validation import ensure_short
from workspace.declarations.domain.models import Declaration, ParagraphState, ParagraphStatus, RevisionBlock
from workspace.declarations.domain.policy import ensure_may, may_do
from workspace.declarations.domain.service import DeclarationService

LONGEST_REASON = 2_000


def states(db: Db, declaration: Declaration) -> dict[UUID, ParagraphState]:
    """What each paragraph that ever had a status has now. One query."""
    every = db.scalars(
        sa.select(ParagraphState)
        .where(ParagraphState.declaration_id == declaration.id)
        .options(joinedload(ParagraphState.set_by))
        .order_by(ParagraphState.number)
    )
    return {state.block_id: state for state in every}


def closed(db: Db, declaration: Declaration) -> frozenset[str]:
    """Ids of the paragraphs that take no change."""
    found = states(db, declaration)
    return frozenset(str(block) for block, state in found.items() if state.status is ParagraphStatus.CLOSED)


def ensure_open(db: Db, declaration: Declaration, blocks: Iterable[str]) -> None:
    """Raise `Invalid` (`paragraph_closed`) if one of these paragraphs takes no change."""
    if not closed(db, declaration).isdisjoint(blocks):
        raise Invalid(field="changes", reason="paragraph_closed")


def may_set(actor: Actor, declaration: Declaration) -> bool:
    return may_do(actor, "paragraph.status", declaration)


class ParagraphStates:
    """Setting the status of paragraphs."""

    def __init__(self, db: Db) -> None:
        self.db = db

    def history(self, declaration: Declaration, block_id: UUID) -> list[ParagraphState]:
        """Everything that was said of one paragraph, newest first."""
        statement = (
            sa.select(ParagraphState)
            .where(ParagraphState.declaration_id == declaration.id, ParagraphState.block_id == block_id)
            .options(joinedload(ParagraphState.set_by))
            .order_by(ParagraphState.number.desc())
        )
        return list(self.db.scalars(statement))

    def set(
        self, declaration_id: UUID, block_id: UUID, status: ParagraphStatus, *, reason: str, actor: Actor
    ) -> ParagraphState:
        """Give a paragraph a status. To open one that is closed is the chair's, with a reason.

        Raises `NotFound` for a block that is not in the text, and `Invalid` where nothing would change.
        """
        declaration = DeclarationService(self.db).lock(declaration_id)
        ensure_may(actor, "paragraph.status", declaration)
        if self.db.get(RevisionBlock, (declaration.head_id, block_id)) is None:
            raise NotFound(what="block", id=str(block_id))
        before = states(self.db, declaration).get(block_id)
        ensure_short(reason, LONGEST_REASON)
        reason = reason.strip()
        _ensure_step(declaration, before, status, reason, actor=actor)
        last = self.db.scalar(
            sa.select(sa.func.max(ParagraphState.number)).where(ParagraphState.declaration_id == declaration.id)
        )
        made = ParagraphState(
            id=new_id(),
            declaration_id=declaration.id,
            number=(last or 0) + 1,
            block_id=block_id,
            status=status,
            reason=reason,
            set_by_id=actor.person_id,
            set_at=clock.now(),
        )
        self.db.add(made)
        self.db.flush()
        log.record(
            self.db,
            "paragraph.status_set",
            actor=actor,
            forum_id=declaration.forum_id,
            declaration_id=declaration.id,
            block=str(block_id),
            before=before.status.value if before else ParagraphStatus.OPEN.value,
            status=status.value,
            reason=reason,
        )
        return made


def _ensure_step(
    declaration: Declaration, before: ParagraphState | None, status: ParagraphStatus, reason: str, *, actor: Actor
) -> None:
    present = before.status if before else ParagraphStatus.OPEN
    if status is present:
        raise Invalid(field="status", reason="nothing_changes")
    if present is not ParagraphStatus.CLOSED:
        return
    if not actor.is_operator and Role.CHAIR not in actor.roles_in(declaration.forum_id, clock.now()):
        raise NotAllowed(action="paragraph.status")
    if not reason:
        raise Invalid(field="reason", reason="empty")
