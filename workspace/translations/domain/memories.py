"""The memory as translators meet it: fed by what they save and sign, asked on the bench, cited by its source."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from uuid import UUID

import sqlalchemy as sa
from msgspec import Struct

from drafts.languages.translation_memory import Match, Segment
from drafts.text.blocks import Language, folded_hash
from workspace.core.actor import Actor
from workspace.core.security.permissions import Phase
from workspace.core.shapes import filled
from workspace.core.storage.db import Db
from workspace.declarations.domain import queries
from workspace.declarations.domain.models import Declaration
from workspace.declarations.domain.queries import BlockRow
from workspace.terms.models import Trust
from workspace.terms.policy import ensure_may_edit
from workspace.terms.translation_memory import MemoryInput, MemoryService
from workspace.translations.domain import policy
from workspace.translations.domain.queries import BlockStanding


class SegmentCitation(Struct, frozen=True):
    """Where a segment comes from: a file, or a paragraph of a declaration. `number` is "" for one without."""

    trust: Trust
    origin: str
    declaration: str  # its slug; "" for a file
    name: Mapping[Language, str]
    number: str
    block_id: UUID | None
    is_published: bool
    made_at: datetime

    def as_line(self, language: Language) -> str:
        """In one line for a terminal; what was published is agreed language."""
        where = self.origin if not self.declaration else ", ".join(filter(None, (self.name[language], self.number)))
        return f"{where} ({self.made_at.date()}{', published' if self.is_published else ''})"


class RecalledSegment(Struct, frozen=True):
    """A segment that answers what was asked; `match` is None where it was found by its words."""

    segment: Segment
    match: Match | None
    citation: SegmentCitation


class MemoryRecorder:
    """The memory of a declaration's forum."""

    def __init__(self, db: Db, declaration: Declaration, rows: Sequence[BlockRow] | None = None) -> None:
        """`rows` are the text in force, where the caller has read it already."""
        self.db = db
        self.declaration = declaration
        self.rows = queries.head_rows(db, declaration) if rows is None else rows
        self.memory = MemoryService(db)

    def keep(self, standing: BlockStanding, *, trust: Trust, actor: Actor) -> None:
        """Remember the texts of a paragraph that answer its original as it is now; what is stale teaches nothing."""
        row = standing.row
        current = {
            language: text.content
            for language, text in row.texts.items()
            if language is row.original_language or not standing.states[language].stops_publication
        }
        before = self._before(row)
        heard = MemoryInput(
            declaration_id=self.declaration.id,
            block_id=row.block_id,
            original=row.original_language,
            texts=current,
            before={language: folded_hash(before.content(language)) for language in before.texts} if before else {},
            trust=trust,
        )
        self.memory.feed(self.declaration.forum_id, heard, actor=actor)

    def matches(self, row: BlockRow, target: Language, *, limit: int = 5) -> list[RecalledSegment]:
        """How the original of a paragraph was translated before; not what it is itself."""
        before, source = self._before(row), row.original_language
        found = self.memory.matches(
            self.declaration.forum_id,
            row.content(source),
            source=source,
            target=target,
            before=folded_hash(before.content(source)) if before else "",
            limit=limit + 1,
        )
        cited = self._cited([match.segment for match in found])
        remembered = [RecalledSegment(match.segment, match, cited[match.segment.id]) for match in found]
        itself = (row.block_id, row.content(target))  # what one has is no help
        return [each for each in remembered if (each.citation.block_id, each.segment.texts[target]) != itself][:limit]

    def containing(self, words: str, language: Language, *, actor: Actor, limit: int = 50) -> list[RecalledSegment]:
        """Where these words were written before: in the memory, and so in every text that was signed or published."""
        ensure_may_edit(actor, policy.scope_of(self.declaration))
        found = self.memory.containing(self.declaration.forum_id, words, language=language, limit=limit)
        cited = self._cited(found)
        remembered = [RecalledSegment(segment, None, cited[segment.id]) for segment in found]
        return sorted(
            remembered, key=lambda recalled_segment: not recalled_segment.citation.is_published
        )  # agreed language first

    def _before(self, row: BlockRow) -> BlockRow | None:
        place = next((place for place, block_row in enumerate(self.rows) if block_row.block_id == row.block_id), 0)
        return self.rows[place - 1] if place else None

    def _cited(self, segments: Sequence[Segment]) -> Mapping[str, SegmentCitation]:
        records = self.memory.records(segment.id for segment in segments)
        ids = {record.declaration_id for record in records.values() if record.declaration_id}
        found = self.db.scalars(sa.select(Declaration).where(Declaration.id.in_(ids))) if ids else ()
        declarations = {declaration.id: declaration for declaration in found}
        numbered = {id_: queries.numbers_of(queries.bare_rows(self.db, of.head_id)) for id_, of in declarations.items()}
        cited = {}
        for record in records.values():
            declaration = declarations.get(record.declaration_id) if record.declaration_id else None
            known = numbered[declaration.id] if declaration else {}
            cited[str(record.id)] = filled(
                SegmentCitation,
                record,
                declaration=declaration.slug if declaration else "",
                name={language: declaration.name.said_in(language) for language in Language} if declaration else {},
                number=known.get(str(record.block_id), ""),
                is_published=declaration is not None and declaration.phase in {Phase.PUBLISHED, Phase.ARCHIVED},
            )
        return cited
