"""What is marked on a desk of many pages: what the form of one page says, and what was kept of the others."""

from collections.abc import Mapping, Sequence

import msgspec
import sqlalchemy as sa
from msgspec import Struct

from drafts.blocks import Language
from workspace.amendments import desk_drafts, rulings
from workspace.amendments import queries as filed
from workspace.amendments.desk_drafts import Choice
from workspace.amendments.models import Amendment, Verdict
from workspace.amendments.table import Card, Group
from workspace.core.actor import Actor
from workspace.core.db import Db
from workspace.declarations.models import Declaration


class Marks(Struct, frozen=True):
    """`here` is what the form of this page says, `elsewhere` what was kept of the others."""

    here: Sequence[Choice] = ()
    elsewhere: Sequence[Choice] = ()

    @property
    def every(self) -> Sequence[Choice]:
        return sorted((*self.here, *self.elsewhere), key=lambda choice: choice.number)

    @property
    def numbers(self) -> frozenset[int]:
        """The amendments that are marked."""
        return frozenset(number for choice in self.every for number in (choice.number, *choice.same))

    @property
    def count(self) -> int:
        return counted(self.every)


def counted(chosen: Sequence[Choice]) -> int:
    """How many amendments these speak of."""
    return sum(1 + len(choice.same) for choice in chosen)


def kept(db: Db, declaration: Declaration, language: Language, *, actor: Actor) -> Sequence[Choice]:
    """What this person has marked and not recorded, as far as it can still be decided: others may have meanwhile."""
    found = desk_drafts.kept(db, declaration.id, actor.person_id, language)
    if not found:
        return ()
    statement = filed.permitted(sa.select(Amendment.number), declaration, actor).where(
        Amendment.disposition.in_(filed.UNDECIDED), Amendment.proposer_id != actor.person_id
    )
    waiting = set(db.scalars(statement))
    return [
        msgspec.structs.replace(choice, same=tuple(one for one in choice.same if one in waiting))
        for choice in found
        if choice.number in waiting
    ]


def sent(db: Db, declaration: Declaration, language: Language, form: Mapping[str, str], *, actor: Actor) -> Marks:
    """What a page of the desk sends: its own marks in the place of those that were kept of it."""
    asked = rulings.asked(form)
    before = kept(db, declaration, language, actor=actor)
    return Marks(rulings.choices(form), [one for one in before if one.number not in asked])


def keep(db: Db, declaration: Declaration, language: Language, chosen: Sequence[Choice], *, actor: Actor) -> None:
    """Keep these marks for this person until they are recorded."""
    if actor.person_id is not None:
        desk_drafts.keep(db, declaration.id, actor.person_id, language, chosen)


def adopted(cards: Sequence[Card]) -> Sequence[Choice]:
    """The choice to adopt each of these, for all who ask for it."""
    return [Choice(number=card.decidable[0], verdict=Verdict.ADOPT, same=tuple(card.decidable[1:])) for card in cards]


def free(groups: Sequence[Group]) -> Sequence[Card]:
    """What can be adopted without a word: no collision, no closed paragraph, no amendment to it, no
    opinion against, and in time."""
    return [card for group in groups for card in group.cards if card.is_free]
