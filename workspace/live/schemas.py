"""Claims as programs read them."""

from datetime import datetime
from typing import Self
from uuid import UUID

from msgspec import Struct

from workspace.core.shapes import filled
from workspace.live.models import Claim


class ClaimOut(Struct, frozen=True, kw_only=True):
    """Somebody is at work on a block. The claim ends at `until` unless it is made again."""

    block_id: UUID
    name: str
    since: datetime
    until: datetime

    @classmethod
    def of(cls, claim: Claim) -> Self:
        return filled(cls, claim, name=claim.person.name)


class ClaimsOut(Struct, frozen=True, kw_only=True):
    """Who else is at work on which paragraphs."""

    items: list[ClaimOut]
