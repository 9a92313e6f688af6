"""What somebody has marked on the committee's desk and not recorded yet, so that nothing is lost on the way."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

import msgspec

from drafts.blocks import Language
from workspace.amendments.committee_models import DeskDraft
from workspace.amendments.models import Verdict
from workspace.core import clock
from workspace.core.db import Db


class Choice(msgspec.Struct, frozen=True, omit_defaults=True):
    """What was chosen for one card: for the amendment `number` and for `same`, which ask for the very same.

    `because_of` is the number of the amendment on whose account it falls; `pieces` are the changes that are taken.
    """

    number: int
    verdict: Verdict
    same: tuple[int, ...] = ()
    reason: str = ""
    wording: str = ""
    pieces: tuple[int, ...] = ()
    keeps_rest_open: bool = False
    because_of: int = 0


def kept(db: Db, declaration_id: UUID, person_id: UUID | None, language: Language) -> Sequence[Choice]:
    """The choices that this person has kept; none where they have not."""
    found = db.get(DeskDraft, (declaration_id, person_id, language)) if person_id else None
    return msgspec.convert(found.choices, tuple[Choice, ...]) if found else ()


def keep(db: Db, declaration_id: UUID, person_id: UUID, language: Language, choices: Sequence[Choice]) -> None:
    """Put these in the place of what was kept before; no choice at all clears the desk."""
    found = db.get(DeskDraft, (declaration_id, person_id, language))
    marked: list[Any] = msgspec.to_builtins(list(choices))
    if found is None and marked:
        db.add(
            DeskDraft(
                declaration_id=declaration_id,
                person_id=person_id,
                language=language,
                choices=marked,
                kept_at=clock.now(),
            )
        )
    elif found is not None and marked:
        found.choices, found.kept_at = marked, clock.now()
    elif found is not None:
        db.delete(found)
    db.flush()
