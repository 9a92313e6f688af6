"""What the sheet of a corrigendum tells: each text as it was published and as it reads now, in their order."""

from collections.abc import Sequence
from datetime import date

from drafts import apparatus
from drafts.blocks import Language
from workspace.core import clock
from workspace.core.db import Db
from workspace.declarations.models import TextVersion
from workspace.declarations.queries import BlockRow
from workspace.editions.corrigendum_models import Corrigendum


def issued_on(corrigendum: Corrigendum) -> date:
    """The day that the sheet bears, where the forum is: the end of the silence, or today."""
    at = corrigendum.closes_at or clock.now()
    return corrigendum.declaration.forum.local(at).date()


def told(db: Db, corrigendum: Corrigendum, rows: Sequence[BlockRow], on: date) -> apparatus.Corrigendum:
    """The corrigendum as its edition prints it, language after language."""
    languages = list(Language)
    order = {row.block_id: place for place, row in enumerate(rows)}
    changes = sorted(corrigendum.changes, key=lambda one: (languages.index(one.language), order[one.block_id]))
    return apparatus.Corrigendum(
        number=corrigendum.number,
        corrects=corrigendum.edition.number,
        on=on,
        texts=tuple(
            apparatus.CorrectedText(
                str(one.block_id), one.language, db.get_one(TextVersion, one.before_id).content, one.text
            )
            for one in changes
        ),
    )
