"""A declaration on the table, with the chair who edits it and a translator who follows."""

from collections.abc import Callable, Iterator, Mapping
from uuid import UUID

import pytest

from drafts.diff.amendments import Change, ChangeOp
from drafts.languages.staleness import State
from drafts.text.blocks import Language
from tests.support import factories
from tests.support.browser import Visit, browsers
from tests.support.prepared import prepared
from workspace.amendments.service import AmendmentService
from workspace.core.actor import Actor, Role
from workspace.core.storage.db import Db, Store
from workspace.declarations.domain import queries
from workspace.declarations.domain.models import Declaration, TextVersion
from workspace.declarations.domain.queries import BlockRow
from workspace.translations.domain.service import TranslationService


class Desk:
    """One declaration in a store; each method is one unit of work through a service's door."""

    def __init__(self, store: Store, *texts: str | Mapping[Language, str]) -> None:
        self.store = store
        key = "desk", *(text if isinstance(text, str) else tuple(text.items()) for text in texts)
        self.declaration_id, self.chair, self.translator = prepared(store, key, lambda db: _laid(db, *texts))

    def edit(self, language: Language, *changes: Change) -> None:
        with self.store.writing() as db:
            AmendmentService(db).edit(
                self.declaration_id,
                changes,
                language=language,
                reason="so decided",
                expected_head=self.declaration(db).head_id,
                actor=self.chair,
            )

    def reword(self, language: Language, place: int, text: str) -> None:
        self.edit(language, Change(ChangeOp.REWORD, self.block(place), text=text))

    def save(
        self,
        language: Language,
        place: int,
        text: str,
        *,
        sources: tuple[Language, ...] = (),
        expected: UUID | None = None,
        actor: Actor | None = None,
    ) -> UUID:
        """Save over what is in force now, unless `expected` names what it was meant for."""
        row = self.rows()[place]
        head = row.texts.get(language)
        with self.store.writing() as db:
            version = TranslationService(db).save(
                self.declaration_id,
                row.block_id,
                language,
                text,
                sources=sources,
                expected=expected or (head.id if head else None),
                actor=actor or self.translator,
            )
            return version.id

    def confirm(self, language: Language, place: int) -> None:
        row = self.rows()[place]
        with self.store.writing() as db:
            TranslationService(db).confirm(
                self.declaration_id, row.block_id, language, expected=row.texts[language].id, actor=self.translator
            )

    def leave_out(self, language: Language, place: int, reason: str, *, actor: Actor | None = None) -> None:
        with self.store.writing() as db:
            TranslationService(db).leave_out(
                self.declaration_id, self.rows()[place].block_id, language, reason=reason, actor=actor or self.chair
            )

    def declaration(self, db: Db) -> Declaration:
        return db.get_one(Declaration, self.declaration_id)

    def rows(self) -> list[BlockRow]:
        with self.store.reading() as db:
            return queries.head_rows(db, self.declaration(db))

    def block(self, place: int) -> str:
        return str(self.rows()[place].block_id)

    def head(self, language: Language, place: int = 0) -> TextVersion:
        return self.rows()[place].texts[language]

    def words(self, language: Language) -> list[str]:
        return [row.content(language) for row in self.rows()]

    def states(self, place: int = 0) -> tuple[State, State, State]:
        """How Spanish, English and French stand, in this order."""
        with self.store.reading() as db:
            standing = TranslationService(db).standings(self.declaration(db))[place]
            spanish, english, french = (standing.states[language] for language in Language)
            return spanish, english, french


def _laid(db: Db, *texts: str | Mapping[Language, str]) -> tuple[UUID, Actor, Actor]:
    return factories.declaration(db, *texts).id, factories.chair(db), factories.person(db, Role.TRANSLATOR)


@pytest.fixture
def desk(store: Store) -> Callable[..., Desk]:
    """Put a declaration of these paragraphs on the table."""
    return lambda *texts: Desk(store, *texts)


@pytest.fixture
def any_desk(any_store: Store) -> Callable[..., Desk]:
    """The same, once on each database."""
    return lambda *texts: Desk(any_store, *texts)


@pytest.fixture
def visit(store: Store) -> Iterator[Visit]:
    """Open a browser as somebody."""
    with browsers(store) as visit:
        yield visit
