"""Corrigenda and sealed editions as programs read and write them."""

from datetime import date, datetime
from typing import Annotated
from uuid import UUID

from msgspec import Meta, Struct

from drafts.blocks import Language
from drafts.checks.correcting import Correction
from workspace.approvals.models import ApprovalRequest
from workspace.editions.corrigenda import LONGEST_REASON, LONGEST_TEXT, is_proved_by_rule
from workspace.editions.corrigendum_models import Corrigendum, CorrigendumChange, CorrigendumState
from workspace.editions.embargo import asked_moment
from workspace.editions.embargo_models import SealedEdition


class CorrectionIn(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One paragraph in one language as it ought to read."""

    block_id: UUID
    language: Language
    text: Annotated[str, Meta(max_length=LONGEST_TEXT)]


class CorrectionOut(Struct, frozen=True, kw_only=True):
    """A correction. Where `needs_silence`, no rule can tell it from a change: only the members' silence carries it."""

    block_id: UUID
    language: Language
    text: str
    kind: Correction
    needs_silence: bool

    @classmethod
    def of(cls, one: CorrigendumChange) -> "CorrectionOut":
        return cls(
            block_id=one.block_id,
            language=one.language,
            text=one.text,
            kind=one.kind,
            needs_silence=not is_proved_by_rule(one),
        )


class CorrigendumOut(Struct, frozen=True, kw_only=True):
    """Corrections to `edition`; once they stand, `made` is the edition that has them."""

    id: UUID
    number: int
    state: CorrigendumState
    edition: int
    reason: str
    corrections: list[CorrectionOut]
    asked_at: datetime | None
    closes_at: datetime | None
    objection: str
    made: int | None

    @classmethod
    def of(cls, one: Corrigendum) -> "CorrigendumOut":
        return cls(
            id=one.id,
            number=one.number,
            state=one.state,
            edition=one.edition.number,
            reason=one.reason,
            corrections=[CorrectionOut.of(change) for change in one.changes],
            asked_at=one.asked_at,
            closes_at=one.closes_at,
            objection=one.objection,
            made=one.made.number if one.made else None,
        )


class CorrigendaOut(Struct, frozen=True, kw_only=True):
    """The corrigenda that the reader may see, newest first."""

    items: list[CorrigendumOut]


class AskIn(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """How the corrections are agreed: by a second person, or, with a time, because nobody objects until then."""

    reason: Annotated[str, Meta(max_length=LONGEST_REASON)]
    closes: Annotated[str, Meta(max_length=40)] = ""
    zone: Annotated[str, Meta(max_length=60)] = ""


class ObjectionIn(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Why an organisation objects."""

    reason: Annotated[str, Meta(max_length=LONGEST_REASON)]


class DropIn(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Which paragraph stays as it was published after all, in which language."""

    block_id: UUID
    language: Language


class SealedOut(Struct, frozen=True, kw_only=True):
    """A finished edition that comes out at `release_at`. `asked_release_at` waits for a second person.

    Where somebody has asked and there is no such time, the seal is to be broken.
    """

    edition_id: UUID
    number: int
    manifest_sha256: str
    release_at: datetime
    asked_at: datetime | None
    asked_release_at: datetime | None

    @classmethod
    def of(cls, one: SealedEdition, request: ApprovalRequest | None) -> "SealedOut":
        moment = asked_moment(request) if request else None
        return cls(
            edition_id=one.edition_id,
            number=one.number,
            manifest_sha256=one.manifest_sha256,
            release_at=one.release_at,
            asked_at=request.requested_at if request else None,
            asked_release_at=moment.at if moment else None,
        )


class SealIn(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The second person's word: publish as adopted on this day, but only at this time, as clocks show it in `zone`."""

    adopted_on: date
    release: Annotated[str, Meta(max_length=40)]
    zone: Annotated[str, Meta(max_length=60)] = ""


class ReleaseIn(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Another time for a sealed edition, as the clock shows it in `zone`; without one, the seal is to be broken."""

    release: Annotated[str, Meta(max_length=40)] = ""
    zone: Annotated[str, Meta(max_length=60)] = ""
