"""Carrying a pending amendment to a text that has meanwhile changed, without touching its author's words."""

from collections.abc import Sequence
from enum import StrEnum

from msgspec import Struct
from msgspec.structs import replace

from drafts.diff.amendments import Amendment, amendment_of
from drafts.diff.document_diff import apply, diff_by_id
from drafts.diff.edits import edits
from drafts.diff.hunks import HunkKind
from drafts.merge.disputes import Cluster
from drafts.merge.merge import AmendmentFate, EditFate, EditOutcome, Merged, merge
from drafts.text.blocks import Document


class RebaseStatus(StrEnum):
    """How a pending amendment stands to the new text; the first that fits."""

    EMPTY = "empty"  # it asks for nothing
    ALREADY_INCLUDED = "already_included"  # all it asks for has been adopted
    COLLIDES = "collides"  # a person must decide
    PARTLY_INCLUDED = "partly_included"  # some of it has been adopted, the rest still applies
    STILL_APPLIES = "still_applies"


class Rebased(Struct, frozen=True):
    """The answer of a rebase.

    `document` is the new text as it would read with the pending amendment, base
    words kept where it collides. `amendment` is its next version, made against
    the new text: None where it collides, or where nothing is left to ask for.
    """

    status: RebaseStatus
    document: Document
    clusters: tuple[Cluster, ...]
    amendment: Amendment | None
    fate: AmendmentFate


def rebase(base: Document, adopted: Document | Sequence[Amendment], pending: Amendment) -> Rebased:
    """Carry `pending`, filed against `base`, to the text that adopted amendments (or the new text itself) give.

    Start from the newest version that a person wrote, never from an automatic
    one. What was adopted counts as filed before `pending`, whatever the numbers.
    """
    earlier = [amendment_of(0, base, adopted)] if isinstance(adopted, Document) else adopted
    numbered = [replace(amendment, number=number) for number, amendment in enumerate(earlier)]
    last = replace(pending, number=len(numbered))
    head = earlier[0].proposed if len(earlier) == 1 else merge(base, numbered).document
    if len(numbered) == 1 and pending.hunks and _stands_beside(pending, numbered[0]):
        return _beside(pending, head)
    merged = merge(base, [*numbered, last])
    status = _status(merged)
    return Rebased(
        status=status,
        document=merged.document,
        clusters=tuple(merged.clusters[index] for index in merged.fates[-1].clusters),
        amendment=_next_version(pending, head, merged.document, status),
        fate=merged.fates[-1],
    )


def _stands_beside(pending: Amendment, adopted: Amendment) -> bool:
    """Nothing but words of other paragraphs was adopted, so that every place is still the same place.

    Most open amendments stand so to most new texts: they need no merge.
    """
    changed = {index for hunk in adopted.hunks for index in hunk.old_blocks}
    is_wording = all(hunk.kind is HunkKind.REWORD for hunk in adopted.hunks)
    return is_wording and not any(index in changed for hunk in pending.hunks for index in hunk.old_blocks)


def _beside(pending: Amendment, head: Document) -> Rebased:
    document = apply(head, pending.hunks)
    fates = (
        EditFate(place, number, EditOutcome.LANDED)
        for place, hunk in enumerate(pending.hunks)
        for number, _ in enumerate(edits(hunk))
    )
    carried = replace(pending, base=head)
    return Rebased(RebaseStatus.STILL_APPLIES, document, (), carried, AmendmentFate(1, tuple(fates)))


def _status(merged: Merged) -> RebaseStatus:
    outcomes = {edit.outcome for edit in merged.fates[-1].edits}
    if not outcomes:
        return RebaseStatus.EMPTY
    if outcomes == {EditOutcome.FOLDED}:
        return RebaseStatus.ALREADY_INCLUDED
    if EditOutcome.DISPUTED in outcomes:
        return RebaseStatus.COLLIDES
    return RebaseStatus.PARTLY_INCLUDED if EditOutcome.FOLDED in outcomes else RebaseStatus.STILL_APPLIES


def _next_version(pending: Amendment, head: Document, proposed: Document, status: RebaseStatus) -> Amendment | None:
    if status not in (RebaseStatus.STILL_APPLIES, RebaseStatus.PARTLY_INCLUDED):
        return None
    return replace(pending, base=head, hunks=diff_by_id(head, proposed))
