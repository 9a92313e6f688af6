"""A letter that went before the declaration of the demonstration: let out as it was, and put right afterwards.

It shows what the large declaration does not: something that two people let go out although it would have stopped
publication, and a corrigendum with its sheet, which leads from the first edition to the second.
"""

from collections.abc import Mapping
from datetime import date

from msgspec import Struct

from drafts.blocks import Language
from workspace.core.actor import Actor
from workspace.core.db import Store, Trilingual
from workspace.core.permissions import Phase
from workspace.declarations import queries
from workspace.declarations.moving import PhaseService
from workspace.demo.adopting import Plenary
from workspace.editions.corrigenda import CorrigendumService
from workspace.editions.override_rules import Named, Obstacle
from workspace.editions.overriding import OverrideService
from workspace.interchange.service import take_in_texts
from workspace.people.service import PeopleService


class Slip(Struct):
    """A word that was mistyped; `paragraph` is its number."""

    paragraph: str
    language: Language
    was: str
    now: str


class Letter(Struct):
    """What is told in `letter.json`. In `unsigned` nobody answers for the text when it goes out."""

    slug: str
    title: dict[str, str]
    original_language: Language
    adopted_on: date
    unsigned: Language
    let_out: str
    corrections: list[Slip]
    why: str


class Sending:
    """The way of the letter. Call the steps in their order."""

    def __init__(self, store: Store, forum: str, told: Letter, *, chair: Actor, secretariat: Actor) -> None:
        self.told = told
        self.store, self.forum, self.secretariat, self.chair = store, forum, secretariat, chair
        self.plenary = Plenary(store, forum, told.slug, chair=chair, secretariat=secretariat)

    def draft(self, texts: Mapping[Language, str]) -> None:
        """The letter comes in, in three languages, and goes before the plenary."""
        with self.store.writing() as db:
            made, _ = take_in_texts(
                db,
                PeopleService(db).forum(self.forum),
                slug=self.told.slug,
                texts=texts,
                language=self.told.original_language,
                actor=self.secretariat,
            )
            made.name = Trilingual.of(self.told.title)
            for phase in (Phase.DRAFTING, Phase.REVIEW):
                PhaseService(db).move(made, phase, actor=self.chair)
        self.plenary.open()

    def publish(self, reviser: Actor) -> None:
        """One language is not signed for; two people let it go out so, and say why."""
        self.plenary.sign(reviser, [one for one in Language if one is not self.told.unsigned])
        with self.plenary.declaration() as (db, declaration):
            overrides, obstacle = OverrideService(db), Named(Obstacle.SIGNATURE, None, self.told.unsigned)
            asked = overrides.ask(declaration.id, obstacle, reason=self.told.let_out, actor=self.chair)
            overrides.confirm(declaration.id, asked.id, actor=self.secretariat)
        self.plenary.publish(self.told.adopted_on)

    def correct(self) -> None:
        """The secretariat puts slips right, the chair confirms: a second edition, with its sheet."""
        with self.plenary.declaration() as (db, declaration):
            corrigenda, rows = CorrigendumService(db), queries.head_rows(db, declaration)
            numbered = queries.numbers_of(rows)
            for one in self.told.corrections:
                row = next(row for row in rows if numbered.get(row.id) == one.paragraph)
                words = row.content(one.language).replace(one.was, one.now)
                made = corrigenda.correct(declaration, row.block_id, one.language, words, actor=self.secretariat)
            corrigenda.ask(made, self.told.why, actor=self.secretariat)
            number = made.number
        with self.plenary.declaration() as (db, declaration):
            corrigenda = CorrigendumService(db)
            asked = corrigenda.numbered(declaration, number, actor=self.chair)
            corrigenda.confirm(asked, corrigenda.prepare(asked), actor=self.chair)
