"""What stands beside a published edition without being of it: its lineage, later reservations, the follow-up.

The frozen files never change. What members filed after an edition came out is listed with it, and printed in
the next edition of the lineage, if there is one.
"""

from collections.abc import Mapping, Sequence
from datetime import date

from msgspec import Struct

from drafts.apparatus import Position
from drafts.blocks import Language
from workspace.consultation.models import CommitmentStatus
from workspace.consultation.promises import CommitmentService
from workspace.core.db import Db
from workspace.core.errors import NotFound
from workspace.declarations import queries
from workspace.declarations.frame import Frame
from workspace.declarations.naming import names_of
from workspace.editions import corrigendum_policy as policy
from workspace.editions.lineage import corrections, sheet_name, with_sheet
from workspace.editions.models import Edition
from workspace.editions.reservations import ReservationService
from workspace.editions.service import EditionService
from workspace.web.i18n import N_
from workspace.web.services import Work

POSITIONS: Mapping[Position, str] = {
    Position.RESERVATION: N_("Reservation"),
    Position.EXPLANATION: N_("Explanation of position"),
    Position.DISSOCIATION: N_("Dissociation"),
}
_OPEN = frozenset({CommitmentStatus.PROMISED, CommitmentStatus.UNDER_WAY})


class EditionLink(Struct, frozen=True):
    """One edition of the lineage; `changes` is where one reads what it put right, "" for the first.

    `sheet` is its corrigendum as it is printed, "" where there is none.
    """

    number: int
    href: str
    changes: str
    sheet: str
    published_on: date
    is_this: bool


class Addendum(Struct, frozen=True):
    """What a member put on record after the edition had come out."""

    position: str
    organisation: str
    paragraph: str  # "" where it is about the whole text
    text: str
    language: Language
    filed_on: date


class FollowUp(Struct, frozen=True):
    """How far the forum's commitments are, and where they stand."""

    href: str
    open_ones: int
    kept: int


class Beside(Struct, frozen=True):
    """Everything beside one edition, for one reader."""

    lineage: Sequence[EditionLink]
    followed_by: EditionLink | None
    corrects: EditionLink | None
    addenda: Sequence[Addendum]
    follow_up: FollowUp | None
    correct: str  # where slips are put right, for who may


def beside(db: Db, work: Work, found: Frame, edition: Edition) -> Beside:
    """Gather what the page of an edition says beside its text."""
    lineage = _lineage(db, work, found, edition)
    here = {"forum": found.place.forum, "declaration": found.place.declaration}
    may_know = policy.may_know(work.actor, found.declaration)
    own = corrections(db, found.declaration).get(edition.id)
    return Beside(
        lineage=lineage,
        followed_by=next((one for one in lineage if one.number == edition.number + 1), None),
        corrects=next((one for one in lineage if one.number == own), None),
        addenda=_addenda(db, work, found, edition),
        follow_up=_follow_up(db, work, found),
        correct=work.url_for("corrigenda", **here) if may_know else "",
    )


def _lineage(db: Db, work: Work, found: Frame, edition: Edition) -> list[EditionLink]:
    """Every edition, oldest first."""
    corrected, sheets = corrections(db, found.declaration), with_sheet(db, found.declaration)
    sheet = sheet_name(work.language)
    here = {"forum": found.place.forum, "declaration": found.place.declaration}
    return [
        EditionLink(
            number=one.number,
            href=work.url_for("edition", **here, number=one.number),
            changes=work.url_for("edition_changes", **here, number=one.number) if one.id in corrected else "",
            sheet=work.url_for("edition_file", **here, number=one.number, file=sheet) if one.id in sheets else "",
            published_on=found.forum.local(one.published_at).date(),
            is_this=one.id == edition.id,
        )
        for one in reversed(EditionService(db).editions(found.declaration))
    ]


def _addenda(db: Db, work: Work, found: Frame, edition: Edition) -> list[Addendum]:
    records = ReservationService(db).not_in(found.declaration, EditionService(db).around(edition))
    if not records:
        return []
    rows = queries.pinned_rows(db, edition.revision_id)
    named = names_of(rows, work.messages)
    said = work.messages
    return [
        Addendum(
            position=said.gettext(POSITIONS[one.position]),
            organisation=one.organisation.name,
            paragraph=named.get(one.block_id, "") if one.block_id else "",
            text=one.text.said_in(work.language),
            language=work.language if one.text.to_dict()[work.language] else one.language,
            filed_on=found.forum.local(one.filed_at).date(),
        )
        for one in records
    ]


def _follow_up(db: Db, work: Work, found: Frame) -> FollowUp | None:
    """None where nothing was promised, or the reader may not read of it."""
    try:
        register = CommitmentService(db).register(found.forum, actor=work.actor)
    except NotFound:
        return None
    if not register:
        return None
    return FollowUp(
        href=work.url_for("commitments", forum=found.place.forum),
        open_ones=sum(one.status in _OPEN for one in register),
        kept=sum(one.status is CommitmentStatus.KEPT for one in register),
    )
