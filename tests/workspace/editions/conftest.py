"""A declaration before the plenary, and the two people who publish it."""

from collections.abc import Callable, Iterator, Mapping
from datetime import date
from uuid import UUID

import pytest

from drafts.diff.amendments import Change, ChangeOp
from drafts.text.blocks import Language
from tests.support import factories
from tests.support.browser import Visit, browsers
from tests.support.prepared import prepared
from workspace.amendments.service import AmendmentService
from workspace.core.actor import Actor, Role
from workspace.core.security.permissions import Phase
from workspace.core.storage.db import Db, Store
from workspace.declarations.domain import queries
from workspace.declarations.domain.models import Declaration
from workspace.editions.domain.models import Edition
from workspace.editions.domain.publication import EditionService, Prepared
from workspace.translations.domain.service import TranslationService

ADOPTED = date(2026, 6, 12)


class Hall:
    """One declaration in the adoption phase; each method is one unit of work through a service's door."""

    def __init__(self, store: Store, *texts: str | Mapping[Language, str]) -> None:
        def make(db: Db) -> tuple[UUID, Actor, Actor, Actor]:
            return (
                factories.declaration(db, *texts, phase=Phase.ADOPTION).id,
                factories.chair(db),
                factories.person(db, Role.SECRETARIAT),
                factories.person(db, Role.TRANSLATOR),
            )

        self.store = store
        self.declaration_id, self.chair, self.secretary, self.translator = prepared(store, ("hall", repr(texts)), make)

    def declaration(self, db: Db) -> Declaration:
        return db.get_one(Declaration, self.declaration_id)

    def prepare(self, actor: Actor | None = None) -> Prepared:
        with self.store.reading() as db:
            return EditionService(db).prepare(self.declaration(db), adopted_on=ADOPTED, actor=actor or self.chair)

    def sign(self) -> None:
        """Somebody signs the concordance, as far as the texts stand."""
        with self.store.writing() as db:
            factories.concord(db, self.declaration(db))

    def request(self, actor: Actor | None = None, *, release: str = "") -> None:
        with self.store.writing() as db:
            asked_by = actor or self.secretary
            EditionService(db).request(self.declaration(db), actor=asked_by, adopted_on=ADOPTED, release=release)

    def publish(self, prepared: Prepared | None = None, actor: Actor | None = None) -> Edition:
        prepared = prepared or self.prepare()
        with self.store.writing() as db:
            return EditionService(db).publish(self.declaration_id, prepared, actor=actor or self.chair)

    def reword(self, language: Language, place: int, text: str) -> None:
        with self.store.writing() as db:
            declaration = self.declaration(db)
            AmendmentService(db).edit(
                declaration.id,
                [Change(ChangeOp.REWORD, str(self.block(place)), text=text)],
                language=language,
                reason="so decided",
                expected_head=declaration.head_id,
                actor=self.chair,
            )

    def translate(self, language: Language, place: int, text: str, *, sources: tuple[Language, ...] = ()) -> None:
        with self.store.writing() as db:
            row = queries.head_rows(db, self.declaration(db))[place]
            head = row.texts.get(language)
            TranslationService(db).save(
                self.declaration_id,
                row.block_id,
                language,
                text,
                sources=sources,
                expected=head.id if head else None,
                actor=self.translator,
            )

    def leave_out(self, language: Language, place: int, reason: str) -> None:
        with self.store.writing() as db:
            TranslationService(db).leave_out(
                self.declaration_id, self.block(place), language, reason=reason, actor=self.chair
            )

    def block(self, place: int) -> UUID:
        with self.store.reading() as db:
            return queries.head_rows(db, self.declaration(db))[place].block_id


@pytest.fixture
def hall(store: Store) -> Callable[..., Hall]:
    """Put a declaration of these paragraphs before the plenary."""
    return lambda *texts: Hall(store, *texts)


@pytest.fixture
def any_hall(any_store: Store) -> Callable[..., Hall]:
    """The same, once on each database."""
    return lambda *texts: Hall(any_store, *texts)


@pytest.fixture
def visit(store: Store) -> Iterator[Visit]:
    """Open a browser as somebody."""
    with browsers(store) as visit:
        yield visit
