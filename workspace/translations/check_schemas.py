"""What the checks found, and letting it stand, as programs read and write them."""

from collections.abc import Sequence
from datetime import datetime
from typing import Annotated
from uuid import UUID

from msgspec import Meta, Struct

from drafts.blocks import Language
from workspace.declarations.schemas import Reason
from workspace.translations.checking import Remark
from workspace.translations.models import Waiver
from workspace.web.check_sentences import said
from workspace.web.i18n import Messages


class WaiverOut(Struct, frozen=True, kw_only=True):
    """Who let a finding stand, and why; it holds until one of the texts changes."""

    id: UUID
    check: str
    reason: str
    waived_by_id: UUID | None
    waived_at: datetime

    @classmethod
    def of(cls, waiver: Waiver) -> "WaiverOut":
        return cls(
            id=waiver.id,
            check=waiver.check_name,
            reason=waiver.reason,
            waived_by_id=waiver.waived_by_id,
            waived_at=waiver.waived_at,
        )


class FindingOut(Struct, frozen=True, kw_only=True):
    """One finding. `source_language` is null where the three texts were compared; `language` is then the odd one out.

    `source` and `target` are the words at issue, `spans` their places in the text, and `fix` the whole text mended.
    """

    block_id: UUID
    language: Language
    source_language: Language | None
    check: str
    severity: str
    message: str
    source: tuple[str, ...]
    target: tuple[str, ...]
    spans: tuple[tuple[int, int], ...]
    fix: str | None
    waiver: WaiverOut | None

    @classmethod
    def of(cls, remark: Remark, messages: Messages) -> "FindingOut":
        finding = remark.finding
        return cls(
            block_id=remark.block_id,
            language=remark.language,
            source_language=remark.source,
            check=finding.check,
            severity=finding.severity.value,
            message=said(finding, messages),
            source=finding.source,
            target=finding.target,
            spans=finding.spans,
            fix=finding.fix,
            waiver=WaiverOut.of(remark.waiver) if remark.waiver else None,
        )


class ChecksOut(Struct, frozen=True, kw_only=True):
    """Everything the checks found, in the order of the text."""

    findings: list[FindingOut]

    @classmethod
    def of(cls, remarks: Sequence[Remark], messages: Messages) -> "ChecksOut":
        return cls(findings=[FindingOut.of(remark, messages) for remark in remarks])


class WordsIn(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Words to be checked as the text of a paragraph; nothing is kept of them."""

    content: Annotated[str, Meta(max_length=20_000)]


class WaiverIn(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Which finding is to stand, and why."""

    check: Annotated[str, Meta(max_length=60)]
    reason: Reason
