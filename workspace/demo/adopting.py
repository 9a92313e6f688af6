"""How the plenary of the demonstration adopts a text: it is opened, signed in three languages, published by two."""

from collections.abc import Collection, Iterator, Mapping
from contextlib import contextmanager
from datetime import date

from drafts.blocks import Language
from workspace.approvals.models import Matter
from workspace.core.actor import Actor
from workspace.core.db import Db, Store
from workspace.core.permissions import Phase
from workspace.declarations import queries
from workspace.declarations.models import Declaration
from workspace.declarations.moving import PhaseService
from workspace.declarations.service import DeclarationService
from workspace.editions.models import Edition
from workspace.editions.service import EditionService
from workspace.people.service import PeopleService
from workspace.translations.concordance import ConcordanceService, texts_hash, versions_of


class Plenary:
    """One declaration before the plenary; each method is one thing that its people do."""

    def __init__(self, store: Store, forum: str, slug: str, *, chair: Actor, secretariat: Actor) -> None:
        self.store, self.forum, self.slug = store, forum, slug
        self.chair, self.secretariat = chair, secretariat

    def open(self) -> None:
        """Two people open the adoption."""
        with self.declaration() as (db, declaration):
            phases = PhaseService(db)
            phases.move(declaration, Phase.CONSULTATION, actor=self.chair)
            phases.ask(declaration, Matter.ADOPTION, actor=self.chair)
            phases.confirm(declaration, Matter.ADOPTION, actor=self.secretariat)

    def sign(self, reviser: Actor, languages: Collection[Language] = tuple(Language)) -> None:
        """The reviser signs that the texts say the same, and answers for these languages."""
        with self.declaration() as (db, declaration):
            concordance = ConcordanceService(db)
            rows = queries.head_rows(db, declaration)
            seen = {one.row.block_id: versions_of(one.row) for one in concordance.review(declaration)}
            concordance.sign(declaration.id, seen, actor=reviser)
            for language in languages:
                concordance.sign_off(declaration.id, language, expected=texts_hash(rows, language), actor=reviser)

    def publish(self, adopted_on: date) -> tuple[Edition, Mapping[str, bytes]]:
        """The secretariat asks for it, the chair confirms; answers with the edition and its files."""
        with self.store.reading() as db:
            declaration = DeclarationService(db).at(PeopleService(db).forum(self.forum), self.slug)
            prepared = EditionService(db).prepare(declaration, adopted_on=adopted_on, actor=self.secretariat)
            declaration_id = declaration.id
        with self.store.writing() as db:
            editions = EditionService(db)
            editions.request(DeclarationService(db).get(declaration_id), actor=self.secretariat)
            return editions.publish(declaration_id, prepared, actor=self.chair), prepared.files

    @contextmanager
    def declaration(self) -> Iterator[tuple[Db, Declaration]]:
        """The declaration, in a unit of work of its own."""
        with self.store.writing() as db:
            yield db, DeclarationService(db).at(PeopleService(db).forum(self.forum), self.slug)
