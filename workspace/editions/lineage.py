"""Which edition follows which: a corrigendum makes a new one, and the old one stays where it is."""

from collections.abc import Mapping
from uuid import UUID

import sqlalchemy as sa

from drafts.assembly import Corrected
from drafts.blocks import Language
from drafts.formats.edition import SHEET
from workspace.core.db import Db
from workspace.declarations.models import Declaration
from workspace.editions.corrigendum_models import Corrigendum
from workspace.editions.models import Edition, EditionFile


def corrigendum_of(db: Db, edition: Edition) -> Corrigendum | None:
    """The corrections that an edition came out with; None for the first, which corrects nothing."""
    return db.scalar(sa.select(Corrigendum).where(Corrigendum.made_id == edition.id)) if edition.number > 1 else None


def corrected_by(db: Db, edition: Edition) -> Corrected | None:
    """The edition that this one corrects, as its imprint names it."""
    made_by = corrigendum_of(db, edition)
    return named(made_by.edition) if made_by else None


def corrections(db: Db, declaration: Declaration) -> Mapping[UUID, int]:
    """By the id of each edition that corrects another one: the number of that other one. One query."""
    statement = (
        sa.select(Corrigendum.made_id, Edition.number)
        .join(Edition, Edition.id == Corrigendum.edition_id)
        .where(Corrigendum.declaration_id == declaration.id, Corrigendum.made_id.is_not(None))
    )
    return {row.made_id: row.number for row in db.execute(statement)}


def with_sheet(db: Db, declaration: Declaration) -> frozenset[UUID]:
    """The editions that came out with the sheet of their corrigendum. One query."""
    statement = (
        sa.select(EditionFile.edition_id)
        .join(Edition, Edition.id == EditionFile.edition_id)
        .where(Edition.declaration_id == declaration.id, EditionFile.name == sheet_name(Language.EN))
    )
    return frozenset(db.scalars(statement))


def sheet_name(language: Language, form: str = "pdf") -> str:
    return f"{SHEET}.{language}.{form}"


def named(edition: Edition) -> Corrected:
    return Corrected(edition.number, edition.manifest_sha256)
