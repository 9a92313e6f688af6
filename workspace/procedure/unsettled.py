"""What is open in a text: what stops agreeing on the whole of it, and what is said before a declaration moves on."""

import sqlalchemy as sa
from msgspec import Struct

from drafts.languages.staleness import State
from workspace.amendments.decisions import brackets
from workspace.amendments.domain.models import Amendment
from workspace.amendments.domain.queries import PENDING
from workspace.core.errors import Invalid
from workspace.core.provided import STANDINGS
from workspace.core.storage.db import Db
from workspace.declarations.domain.models import Declaration
from workspace.web.i18n.messages import Messages


class Unsettled(Struct, frozen=True):
    """How many amendments are open, and how many of the `total` paragraphs stand in brackets or wait for a language."""

    amendments: int
    brackets: int
    missing: int
    outdated: int
    total: int

    def __bool__(self) -> bool:
        return bool(self.amendments or self.brackets or self.missing or self.outdated)

    def lines(self, messages: Messages) -> dict[str, str]:
        """A sentence for each that there is, by the name of the field."""
        every = {
            "amendments": messages.ngettext("One open amendment", "%(n)s open amendments", self.amendments),
            "brackets": messages.ngettext("One paragraph in brackets", "%(n)s paragraphs in brackets", self.brackets),
            "missing": messages.ngettext(
                "%(n)s of %(total)s paragraphs lacks a language",
                "%(n)s of %(total)s paragraphs lack a language",
                self.missing,
                total=self.total,
            ),
            "outdated": messages.ngettext(
                "One translation out of date", "%(n)s translations out of date", self.outdated
            ),
        }
        return {name: words for name, words in every.items() if getattr(self, name)}


def unsettled(db: Db, declaration: Declaration) -> Unsettled:
    """What is open in the text in force."""
    own = sa.select(sa.func.count()).where(Amendment.declaration_id == declaration.id)
    standings = STANDINGS.get()(db, declaration)
    missing = sum(State.MISSING in states.values() for states in standings)
    behind = [state for states in standings for state in states.values() if state.stops_publication]
    return Unsettled(
        amendments=db.scalar(own.where(Amendment.disposition.in_(PENDING))) or 0,
        brackets=len(brackets.open_of(db, declaration)),
        missing=missing,
        outdated=len(behind) - behind.count(State.MISSING),
        total=len(standings),
    )


def ensure_settled(db: Db, declaration: Declaration, field: str) -> None:
    """Raise `Invalid` for a text that cannot be agreed as a whole."""
    if found := unsettled(db, declaration):
        raise Invalid(
            field=field,
            reason="unsettled",
            amendments=found.amendments,
            brackets=found.brackets,
            missing=found.missing,
            outdated=found.outdated,
            total=found.total,
        )
