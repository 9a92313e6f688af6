"""Claims as programs read them."""

from datetime import datetime
from typing import Self
from uuid import UUID

from msgspec import Struct

from workspace.live.models import Claim


class ClaimOut(Struct, frozen=True, kw_only=True):
    """Somebody is at work on a block. The claim ends at `until` unless it is made again."""

    block_id: UUID
    name: str
    since: datetime
    until: datetime

    @classmethod
    def of(cls, claim: Claim) -> Self:
        return cls(block_id=claim.block_id, name=claim.person.name, since=claim.since, until=claim.until)


class ClaimsOut(Struct, frozen=True, kw_only=True):
    """Who else is at work on which paragraphs."""

    items: list[ClaimOut]
