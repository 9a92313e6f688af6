"""How far each paragraph is agreed, who said so, and why a closed one takes no change."""

from collections.abc import Collection, Iterable, Mapping
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import joinedload

from workspace.core import clock
from workspace.core.actor import Actor, Role
from workspace.core.errors import Invalid, NotAllowed, NotFound
from workspace.core.storage import log
from workspace.core.storage.db import Db, Service, new_id
from workspace.core.validation import ensure_short
from workspace.declarations.domain import queries
from workspace.declarations.domain.models import Declaration, ParagraphState, ParagraphStatus, RevisionBlock
from workspace.declarations.domain.policy import ensure_may, may_do
from workspace.declarations.domain.service import DeclarationService

LONGEST_REASON = 2_000
LONGEST_NAME = 40  # of a paragraph without a number, in a refusal


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


class ParagraphStates(Service):
    """Setting the status of paragraphs."""

    def history(self, declaration: Declaration, block_id: UUID) -> list[ParagraphState]:
        """Everything that was said of one paragraph, newest first."""
        every = self._every(declaration).where(ParagraphState.block_id == block_id)
        return list(self.db.scalars(every.order_by(ParagraphState.number.desc())))

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
        return self.keep(declaration, {block_id: status}, reason=reason, actor=actor)[0]

    def undo(self, declaration_id: UUID, first: int, last: int, *, actor: Actor) -> list[ParagraphState]:
        """Take back the statuses that `actor` gave at once, those of these numbers, as one act; the new ones.

        Raises `NotFound` where they are none, `Invalid` (`changed_since`) where one of them was followed by another,
        `NotAllowed` where they are closed and `actor` is not the chair.
        """
        declaration = DeclarationService(self.db).lock(declaration_id)
        ensure_may(actor, "paragraph.status", declaration)
        every = list(self.db.scalars(self._every(declaration).order_by(ParagraphState.number)))
        taken = [state for state in every if first <= state.number <= last]
        if {(state.set_by_id, state.set_at) for state in taken} != {(actor.person_id, taken[0].set_at if taken else 0)}:
            raise NotFound(what="block", id=f"{first}-{last}")
        now = {state.block_id: state for state in every}
        ensure_unchanged(self.db, declaration, [state.block_id for state in taken if now[state.block_id] is not state])
        if any(state.status is ParagraphStatus.CLOSED for state in taken):
            _ensure_may_reopen(declaration, actor)
        earlier = {state.block_id: state.status for state in every if state.number < first}
        wanted = {state.block_id: earlier.get(state.block_id, ParagraphStatus.OPEN) for state in taken}
        return self.keep(declaration, wanted, reason="", actor=actor)

    def keep(
        self, declaration: Declaration, wanted: Mapping[UUID, ParagraphStatus], *, reason: str, actor: Actor
    ) -> list[ParagraphState]:
        """Give paragraphs of a declaration that is locked their statuses, whatever they had; in the order given."""
        before, at = states(self.db, declaration), clock.now()
        last = max((state.number for state in before.values()), default=0)
        made = [
            ParagraphState(
                id=new_id(),
                declaration_id=declaration.id,
                number=number,
                block_id=block_id,
                status=status,
                reason=reason,
                set_by_id=actor.person_id,
                set_at=at,
            )
            for number, (block_id, status) in enumerate(wanted.items(), last + 1)
        ]
        self.db.add_all(made)
        self.db.flush()
        for state in made:
            was = before.get(state.block_id)
            log.record_in(
                self.db,
                "paragraph.status_set",
                declaration,
                actor=actor,
                block=str(state.block_id),
                before=was.status.value if was else ParagraphStatus.OPEN.value,
                status=state.status.value,
                reason=reason,
            )
        return made

    def _every(self, declaration: Declaration) -> sa.Select[ParagraphState]:
        statement = sa.select(ParagraphState).where(ParagraphState.declaration_id == declaration.id)
        return statement.options(joinedload(ParagraphState.set_by))


def ensure_unchanged(
    db: Db, declaration: Declaration, changed: Collection[UUID], reason: str = "changed_since"
) -> None:
    """Raise `Invalid` with the names of these paragraphs, by number or else by their first words, if there are any."""
    if not changed:
        return
    rows = queries.head_rows(db, declaration)
    numbers = queries.numbers_of(rows)
    names = [numbers.get(row.id) or f"{row.original().text[:LONGEST_NAME]}…" for row in rows if row.block_id in changed]
    raise Invalid(field="paragraphs", reason=reason, paragraphs=", ".join(names) or str(len(changed)))


def _ensure_step(
    declaration: Declaration, before: ParagraphState | None, status: ParagraphStatus, reason: str, *, actor: Actor
) -> None:
    present = before.status if before else ParagraphStatus.OPEN
    if status is present:
        raise Invalid(field="status", reason="nothing_changes")
    if present is not ParagraphStatus.CLOSED:
        return
    _ensure_may_reopen(declaration, actor)
    if not reason:
        raise Invalid(field="reason", reason="empty")


def may_reopen(actor: Actor, declaration: Declaration) -> bool:
    """Whether a closed paragraph is theirs to open: the chair's."""
    return actor.is_operator or Role.CHAIR in actor.roles_in(declaration.forum_id, clock.now())


def _ensure_may_reopen(declaration: Declaration, actor: Actor) -> None:
    if not may_reopen(actor, declaration):
        raise NotAllowed(action="paragraph.status")
