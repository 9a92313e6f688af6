"""What happened to a paragraph since a text of it was translated: other words, another number, a split or a join.

A translator looks at the whole way from the text that the translation agreed with, not at the last step of it.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from msgspec import Struct
from msgspec.structs import replace

from drafts.languages.staleness import BlockTexts, State, agree
from drafts.text.blocks import Language
from workspace.amendments.domain.models import Decision
from workspace.core.storage.db import Service
from workspace.declarations.domain import queries
from workspace.declarations.domain.models import Declaration, Lineage, LineageKind, Revision, RevisionBlock
from workspace.declarations.domain.queries import BlockRow, TextValue
from workspace.translations.domain.queries import edges_of, history_of
from workspace.translations.domain.service import TranslationService


class ParagraphShape(Struct, frozen=True):
    """Where the paragraph stood when it was translated and stands now (language-neutral numbers, "" for none).

    `then` is the whole text of that moment: it still has the paragraphs that were joined into this one since.
    """

    number_then: str = ""
    number_now: str = ""
    split_from: UUID | None = None
    split_into: tuple[UUID, ...] = ()
    joined: tuple[UUID, ...] = ()
    then: tuple[BlockRow, ...] = ()

    @property
    def is_renumbered(self) -> bool:
        return bool(self.number_then and self.number_now) and self.number_then != self.number_now


class ChangesSince(Struct, frozen=True):
    """Everything since a translation agreed with its original; `before` is the original of that time, if there is one.

    `decisions` are those that changed the original's words, oldest first. `counterparts` has, for the third
    language, the text that agreed with `before` where another one is in force by now.
    """

    before: TextValue | None
    decisions: Sequence[Decision]
    shape: ParagraphShape
    counterparts: Mapping[Language, TextValue]


class ChangesSinceService(Service):
    """Answers what a translator has to look at, in a fixed number of queries."""

    def since(self, declaration: Declaration, row: BlockRow, language: Language, known: State) -> ChangesSince:
        """What happened to a block since its text in `language` was right; nothing where it is right, or not wanted."""
        if not known.stops_publication:
            return ChangesSince(None, (), ParagraphShape(), {})
        translations = TranslationService(self.db)
        before = translations.last_agreed(declaration, row, language) if known.is_stale else None
        return ChangesSince(
            before=before,
            decisions=translations.decisions_since(row, before) if before else (),
            shape=self._shape(declaration, row, language),
            counterparts=self._counterparts(declaration, row, language, before) if before else {},
        )

    def _counterparts(
        self, declaration: Declaration, row: BlockRow, language: Language, before: TextValue
    ) -> dict[Language, TextValue]:
        texts, found = history_of(self.db, declaration, row), {}
        for third in row.texts.keys() - {language, row.original_language}:
            answering = next((text for text in _latest_first(texts, third) if agree(texts, text, str(before.id))), None)
            version = queries.text_of(self.db, UUID(answering)) if answering else None
            if version is not None and version.folded_hash != row.texts[third].folded_hash:
                found[third] = version
        return found

    def _shape(self, declaration: Declaration, row: BlockRow, language: Language) -> ParagraphShape:
        head = row.texts.get(language)
        edges = self._edges(head) if head else []
        branches = self._branches(
            declaration, row, max([head.sequence, *(edge.sequence for edge in edges)]) if head else 0
        )
        shape = ParagraphShape(
            split_from=next(
                (lineage.block_id for lineage in branches if _is(lineage, LineageKind.SPLIT, other=row.block_id)), None
            ),
            split_into=tuple(
                lineage.other_id for lineage in branches if _is(lineage, LineageKind.SPLIT, block=row.block_id)
            ),
            joined=tuple(
                lineage.other_id for lineage in branches if _is(lineage, LineageKind.JOIN, block=row.block_id)
            ),
        )
        if head is None:
            return shape
        moment = max([head.made_at, *(edge.made_at for edge in edges)])
        then = self._revision_at(head, moment, branches)
        rows = tuple(queries.pinned_rows(self.db, then)) if then else ()
        return replace(
            shape,
            number_then=queries.numbers_of(rows).get(row.id, ""),
            number_now=queries.text_in_force(self.db, declaration).numbers.get(row.id, ""),
            then=rows,
        )

    def _edges(self, head: TextValue) -> Sequence[Any]:
        found = edges_of(self.db, [head.block_id])
        return [edge for edge in found if edge.kind.is_basis and head.id in {edge.source_id, edge.target_id}]

    def _branches(self, declaration: Declaration, row: BlockRow, after: int) -> Sequence[Lineage]:
        """The splits and joins of a block after a moment of its declaration's sequence, oldest first."""
        every = queries.lineage(self.db, declaration.id)
        return [
            lineage
            for lineage in every
            if row.block_id in {lineage.block_id, lineage.other_id} and lineage.sequence > after
        ]

    def _revision_at(self, text: TextValue, moment: datetime, branches: Sequence[Lineage]) -> UUID | None:
        """The revision that was in force at a moment, and before any of the `branches`; else the first of the block."""
        having = (
            sa.select(Revision.id)
            .join(RevisionBlock, RevisionBlock.revision_id == Revision.id)
            .where(Revision.declaration_id == text.declaration_id, RevisionBlock.block_id == text.block_id)
        )
        at_the_time = having.where(Revision.made_at <= moment).order_by(Revision.number.desc()).limit(1)
        if branches:
            made = sa.select(Revision.number).where(Revision.id == branches[0].revision_id).scalar_subquery()
            at_the_time = at_the_time.where(Revision.number < made)
        return self.db.scalar(at_the_time) or self.db.scalar(having.order_by(Revision.number).limit(1))


def _latest_first(texts: BlockTexts, language: Language) -> Iterable[str]:
    own = [version for version in texts.versions if version.language is language]
    return [version.id for version in sorted(own, key=lambda version: -version.sequence)]


def _is(lineage: Lineage, kind: LineageKind, *, block: UUID | None = None, other: UUID | None = None) -> bool:
    return lineage.kind is kind and (lineage.block_id == block if block else lineage.other_id == other)
