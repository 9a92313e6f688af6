"""A declaration on the table, with the chair who edits it and a translator who follows."""

from collections.abc import Callable, Mapping
from uuid import UUID

import pytest

from drafts.languages.staleness import State
from drafts.text.blocks import Language
from tests.support import factories
from tests.support.declarations import PreparedDeclaration
from tests.support.prepared import prepared
from workspace.core.actor import Actor, Role
from workspace.core.storage.db import Db, Store
from workspace.declarations.domain.models import TextVersion
from workspace.translations.domain.service import TranslationService


class Desk(PreparedDeclaration):
    """One declaration under review."""

    def __init__(self, store: Store, *texts: str | Mapping[Language, str]) -> None:
        def make(db: Db) -> tuple[UUID, Actor, Actor]:
            return factories.declaration(db, *texts).id, factories.chair(db), factories.person(db, Role.TRANSLATOR)

        super().__init__(store, *prepared(store, ("desk", repr(texts)), make))

    def confirm(self, language: Language, place: int) -> None:
        row = self.rows()[place]
        with self.store.writing() as db:
            TranslationService(db).confirm(
                self.declaration_id, row.block_id, language, expected=row.texts[language].id, actor=self.translator
            )

    def block(self, place: int) -> str:
        return str(self.block_id(place))

    def head(self, language: Language, place: int = 0) -> TextVersion:
        return self.rows()[place].texts[language]

    def states(self, place: int = 0) -> tuple[State, State, State]:
        """How Spanish, English and French stand, in this order."""
        with self.store.reading() as db:
            standing = TranslationService(db).standings(self.declaration(db))[place]
            spanish, english, french = (standing.states[language] for language in Language)
            return spanish, english, french


@pytest.fixture
def desk(store: Store) -> Callable[..., Desk]:
    """Put a declaration of these paragraphs on the table."""
    return lambda *texts: Desk(store, *texts)


@pytest.fixture
def any_desk(any_store: Store) -> Callable[..., Desk]:
    """The same, once on each database."""
    return lambda *texts: Desk(any_store, *texts)
