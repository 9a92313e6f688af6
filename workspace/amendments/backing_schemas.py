"""Who stands behind amendments, as programs read it and say it."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

from msgspec import Meta, Struct

from workspace.amendments.backing import MOST_INVITED, organisations_behind, supporters
from workspace.amendments.models import Amendment, Cosponsor, Cosponsoring, Support


class BackerOut(Struct, frozen=True, kw_only=True):
    """Somebody who stands behind an amendment with its proposer."""

    person_id: UUID
    name: str
    organisation: str
    since: datetime

    @classmethod
    def of(cls, backer: Cosponsor | Support, *, since: datetime) -> "BackerOut":
        return cls(
            person_id=backer.person_id,
            name=backer.person.name,
            organisation=backer.organisation.name if backer.organisation else "",
            since=since,
        )


class CosponsorOut(BackerOut, frozen=True, kw_only=True):
    """Somebody invited to sponsor an amendment; `since` their answer, or the invitation where there is none yet."""

    standing: Cosponsoring


class BackingOut(Struct, frozen=True, kw_only=True):
    """Who stands behind an amendment. `organisations` counts each once, that of the proposer with them.

    Who was invited and has not said yes is for the proposer to see, and for whoever was invited.
    """

    cosponsors: list[CosponsorOut]
    supporters: list[BackerOut]
    organisations: int

    @classmethod
    def of(cls, amendment: Amendment, reader: UUID | None) -> "BackingOut":
        asked = [one for one in amendment.cosponsors if one.standing is not Cosponsoring.TAKEN_BACK]
        is_proposer = reader is not None and reader == amendment.proposer_id
        return cls(
            cosponsors=[
                _cosponsor(one)
                for one in asked
                if is_proposer or one.person_id == reader or one.standing is Cosponsoring.CONFIRMED
            ],
            supporters=[BackerOut.of(one, since=one.supported_at) for one in supporters(amendment)],
            organisations=len(organisations_behind(amendment)),
        )


def _cosponsor(asked: Cosponsor) -> CosponsorOut:
    known = BackerOut.of(asked, since=asked.answered_at or asked.invited_at)
    return CosponsorOut(
        person_id=known.person_id,
        name=known.name,
        organisation=known.organisation,
        since=known.since,
        standing=asked.standing,
    )


class EligibleOut(Struct, frozen=True, kw_only=True):
    """Somebody who may be invited to sponsor an amendment."""

    person_id: UUID
    name: str
    organisation: str


class EligiblesOut(Struct, frozen=True, kw_only=True):
    """Everybody who may be invited, by name."""

    items: list[EligibleOut]


class InvitationsIn(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Whom to ask to sponsor one's own amendment."""

    people: Annotated[list[UUID], Meta(min_length=1, max_length=MOST_INVITED)]


class CosponsorshipIn(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The answer to such an invitation."""

    confirms: bool
