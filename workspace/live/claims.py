"""Saying that one is at work on a paragraph, so that others know before they begin. It keeps nobody out.

A claim is not history: it is in no log and in no export, and it ends by itself when it is not renewed.
"""

from datetime import timedelta
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import joinedload

from workspace.core import clock
from workspace.core.actor import Actor
from workspace.core.errors import NotFound
from workspace.core.storage import change_feed
from workspace.core.storage.db import Db, Service
from workspace.declarations.domain.models import Declaration, RevisionBlock
from workspace.live import policy
from workspace.live.models import ParagraphClaim

LASTS = timedelta(minutes=3)


class ClaimService(Service):
    """The claims on the paragraphs of declarations."""

    def claim(self, declaration: Declaration, block_id: UUID, *, actor: Actor) -> ParagraphClaim:
        """Begin to work on a paragraph, or go on; raises `NotFound` for one that is not in the text."""
        policy.ensure_may_claim(actor, declaration)
        if self.db.get(RevisionBlock, (declaration.head_id, block_id)) is None:
            raise NotFound(what="block", id=str(block_id))
        now = clock.now()
        claim = self.db.get(ParagraphClaim, (block_id, actor.person_id))
        is_new = claim is None or claim.until <= now
        if claim is None:
            claim = ParagraphClaim(block_id=block_id, person_id=actor.person_id, declaration_id=declaration.id)
            self.db.add(claim)
        if is_new:
            claim.since = now
            change_feed.note_change(self.db, declaration.id)
        claim.until = now + LASTS
        self.db.flush()
        return claim

    def release(self, declaration: Declaration, block_id: UUID, *, actor: Actor) -> None:
        """Have done with a paragraph; nothing happens where there is no claim."""
        policy.ensure_may_claim(actor, declaration)
        claim = self.db.get(ParagraphClaim, (block_id, actor.person_id))
        if claim is not None and claim.declaration_id == declaration.id:
            self.db.delete(claim)
            change_feed.note_change(self.db, declaration.id)

    def on(self, declaration: Declaration, *, actor: Actor, block_id: UUID | None = None) -> list[ParagraphClaim]:
        """Who else is at work now, in the order in which they began; nobody for who may not follow the work."""
        if not policy.may_follow(actor, declaration):
            return []
        statement = (
            sa.select(ParagraphClaim)
            .where(ParagraphClaim.declaration_id == declaration.id, ParagraphClaim.until > clock.now())
            .options(joinedload(ParagraphClaim.person))
            .order_by(ParagraphClaim.since, ParagraphClaim.person_id)
        )
        if block_id is not None:
            statement = statement.where(ParagraphClaim.block_id == block_id)
        return [
            paragraph_claim
            for paragraph_claim in self.db.scalars(statement)
            if paragraph_claim.person_id != actor.person_id
        ]


def purge_claims(db: Db) -> None:
    """Take out the claims that are over."""
    db.execute(sa.delete(ParagraphClaim).where(ParagraphClaim.until <= clock.now()))
