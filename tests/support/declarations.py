"""A declaration that a test works on; each method is one unit of work through a service's door."""

from collections.abc import Sequence
from uuid import UUID

from drafts.diff.amendments import Change, ChangeOp
from drafts.text.blocks import Language
from workspace.amendments.service import AmendmentService
from workspace.core.actor import Actor
from workspace.core.storage.db import Db, Store
from workspace.declarations.domain import queries
from workspace.declarations.domain.models import Declaration
from workspace.declarations.domain.queries import BlockRow
from workspace.translations.domain.service import TranslationService


class PreparedDeclaration:
    """A declaration in a store, the chair who edits it and the translator who follows."""

    def __init__(self, store: Store, declaration_id: UUID, chair: Actor, translator: Actor) -> None:
        self.store = store
        self.declaration_id = declaration_id
        self.chair = chair
        self.translator = translator

    def declaration(self, db: Db) -> Declaration:
        return db.get_one(Declaration, self.declaration_id)

    def rows(self) -> list[BlockRow]:
        with self.store.reading() as db:
            return queries.head_rows(db, self.declaration(db))

    def block_id(self, place: int) -> UUID:
        return self.rows()[place].block_id

    def words(self, language: Language) -> list[str]:
        return [row.content(language) for row in self.rows()]

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
        self.edit(language, Change(ChangeOp.REWORD, str(self.block_id(place)), text=text))

    def save(
        self,
        language: Language,
        place: int,
        text: str,
        *,
        sources: Sequence[Language] = (),
        expected: UUID | None = None,
        actor: Actor | None = None,
    ) -> UUID:
        """Save over what is in force now, unless `expected` names what it was meant for; the new version's id."""
        row = self.rows()[place]
        head = row.texts.get(language)
        with self.store.writing() as db:
            version = TranslationService(db).save(
                self.declaration_id,
                row.block_id,
                language,
                text,
                sources=tuple(sources),
                expected=expected or (head.id if head else None),
                actor=actor or self.translator,
            )
            return version.id

    def leave_out(self, language: Language, place: int, reason: str, *, actor: Actor | None = None) -> None:
        with self.store.writing() as db:
            TranslationService(db).leave_out(
                self.declaration_id, self.block_id(place), language, reason=reason, actor=actor or self.chair
            )
