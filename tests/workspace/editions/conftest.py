"""A declaration before the plenary, and the two people who publish it."""

from collections.abc import Callable, Mapping
from datetime import date
from uuid import UUID

import pytest

from drafts.text.blocks import Language
from tests.support import factories
from tests.support.declarations import PreparedDeclaration
from tests.support.prepared import prepared
from workspace.core.actor import Actor, Role
from workspace.core.security.permissions import Phase
from workspace.core.storage.db import Db, Store
from workspace.editions.domain.models import Edition
from workspace.editions.domain.publication import EditionService, Prepared

ADOPTED = date(2026, 6, 12)


class Hall(PreparedDeclaration):
    """One declaration in the adoption phase."""

    def __init__(self, store: Store, *texts: str | Mapping[Language, str]) -> None:
        def make(db: Db) -> tuple[UUID, Actor, Actor, Actor]:
            return (
                factories.declaration(db, *texts, phase=Phase.ADOPTION).id,
                factories.chair(db),
                factories.person(db, Role.SECRETARIAT),
                factories.person(db, Role.TRANSLATOR),
            )

        declaration_id, chair, self.secretary, translator = prepared(store, ("hall", repr(texts)), make)
        super().__init__(store, declaration_id, chair, translator)

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

    def block(self, place: int) -> UUID:
        return self.block_id(place)


@pytest.fixture
def hall(store: Store) -> Callable[..., Hall]:
    """Put a declaration of these paragraphs before the plenary."""
    return lambda *texts: Hall(store, *texts)


@pytest.fixture
def any_hall(any_store: Store) -> Callable[..., Hall]:
    """The same, once on each database."""
    return lambda *texts: Hall(any_store, *texts)
