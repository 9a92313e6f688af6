"""Gathering what is printed around a text, as it stands when an edition is prepared."""

from collections.abc import Mapping, Sequence

import sqlalchemy as sa
from msgspec.structs import replace

from drafts.apparatus import Apparatus, Reservation, Signatory, renumbered
from workspace.amendments.models import Amendment, AmendmentVersion
from workspace.core.db import Db
from workspace.declarations import queries
from workspace.declarations.models import Declaration, Revision
from workspace.declarations.queries import BlockRow
from workspace.editions.annex_lines import annex_of
from workspace.editions.annexes import AnnexService
from workspace.editions.reservations import ReservationService, reservation_of
from workspace.editions.signatories import SignatoryService, signatory_of


def apparatus_of(db: Db, declaration: Declaration, rows: Sequence[BlockRow]) -> Apparatus:
    """Signatories, reservations, annexes, and what was renumbered since the text was amended."""
    signatories = tuple(map(signatory_of, SignatoryService(db).listed(declaration)))
    return Apparatus(
        signatories=signatories,
        reservations=on_record(db, declaration, signatories),
        annexes=tuple(annex_of(db, one) for one in AnnexService(db).listed(declaration)),
        renumbered=renumbered(numbers_negotiated(db, declaration), queries.numbers_of(rows)),
    )


def on_record(db: Db, declaration: Declaration, signatories: Sequence[Signatory]) -> tuple[Reservation, ...]:
    """The reservations that stand, as they are printed beside these signatures."""
    standing = map(reservation_of, ReservationService(db).standing(declaration))
    return tuple(_called_alike(one, signatories) for one in standing)


def _called_alike(one: Reservation, signatories: Sequence[Signatory]) -> Reservation:
    """The reservation of an organisation that also signs calls it in each language as its signature does."""
    own = set(one.organisation.values())
    named = next((each.organisation for each in signatories if own & set(each.organisation.values())), None)
    return replace(one, organisation=named) if named else one


def numbers_negotiated(db: Db, declaration: Declaration) -> Mapping[str, str]:
    """The numbers under which paragraphs were negotiated: those of the text that the first amendment was about.

    Nothing where nobody has proposed an amendment: nobody knows another number then.
    """
    base = db.scalar(
        sa.select(sa.func.min(Revision.number))
        .join(AmendmentVersion, AmendmentVersion.base_revision_id == Revision.id)
        .join(Amendment, Amendment.id == AmendmentVersion.amendment_id)
        .where(Amendment.declaration_id == declaration.id)
    )
    revision = base and db.scalar(
        sa.select(Revision.id).where(Revision.declaration_id == declaration.id, Revision.number == base)
    )
    return queries.numbers_of(queries.pinned_rows(db, revision)) if revision else {}
