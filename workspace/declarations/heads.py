"""Writing text versions and moving heads, with one record of every move.

Only this file makes text versions and edges. What it did is told to the log by
the caller, in one entry that names the cause and each head's old and new hash.
"""

from collections.abc import Iterable, Mapping, Sequence
from uuid import UUID

import sqlalchemy as sa
from msgspec import Struct

from drafts.blocks import BlockKind, Language, canonical, content_hash, folded_hash
from drafts.staleness import ChangeClass, EdgeKind
from workspace.core import clock
from workspace.core.actor import Actor
from workspace.core.db import Db, new_id
from workspace.core.log import Fact
from workspace.declarations.models import Absence, Declaration, Edge, Head, TextVersion
from workspace.declarations.queries import BlockRow

Heads = dict[tuple[UUID, Language], TextVersion]


class Move(Struct, frozen=True):
    """One head that moved: the text version it left (None for the first) and the one it came to."""

    before: TextVersion | None
    after: TextVersion

    def as_fact(self) -> Mapping[str, Fact]:
        return {
            "block": str(self.after.block_id),
            "language": self.after.language.value,
            "from": _named(self.before),
            "to": _named(self.after),
        }


class TextWriter:
    """Makes text versions of one declaration within one unit of work."""

    def __init__(self, db: Db, declaration: Declaration, *, rows: Sequence[BlockRow], actor: Actor) -> None:
        self.db = db
        self.declaration = declaration
        self.actor = actor
        self.at = clock.now()
        self.heads: Heads = {(row.block_id, language): text for row in rows for language, text in row.texts.items()}
        self.moves: list[Move] = []

    def know(self, blocks: Iterable[UUID]) -> None:
        """Read what is in force for blocks that come back into the text: until now they stood in no place."""
        gone = list(blocks)
        texts = sa.select(TextVersion).join(Head, Head.text_version_id == TextVersion.id)
        for text in self.db.scalars(texts.where(Head.block_id.in_(gone))) if gone else ():
            self.heads[text.block_id, text.language] = text

    def write(
        self,
        block_id: UUID,
        language: Language,
        content: str,
        *,
        kind: BlockKind,
        started_from: TextVersion | None = None,
    ) -> TextVersion:
        """Make a new version and put it in force; how it differs from the one before is found from the words."""
        before = self.heads.get((block_id, language))
        origin = started_from or before
        text = canonical(content, kind=kind)
        after = TextVersion(
            id=new_id(),
            declaration_id=self.declaration.id,
            block_id=block_id,
            language=language,
            sequence=self.next_sequence(),
            content=text,
            content_hash=content_hash(text),
            folded_hash=folded_hash(text),
            change_class=_class_of(text, before),
            predecessor_id=before.id if before else None,
            started_from_id=origin.id if origin else None,
            author_id=self.actor.person_id,
            made_at=self.at,
        )
        self.db.add(after)
        self.db.flush()
        self._put_in_force(before, after)
        if before is not None and after.change_class is ChangeClass.TYPOGRAPHIC:
            self._copy_edges(before, after)
        return after

    def link(self, kind: EdgeKind, *, source: TextVersion, target: TextVersion) -> Edge:
        """Record that `target` answers `source`."""
        edge = Edge(
            declaration_id=self.declaration.id,
            block_id=target.block_id,
            kind=kind,
            source_id=source.id,
            target_id=target.id,
            sequence=self.next_sequence(),
            made_by_id=self.actor.person_id,
            made_at=self.at,
        )
        self.db.add(edge)
        return edge

    def next_sequence(self) -> int:
        self.declaration.sequence += 1
        return self.declaration.sequence

    def _put_in_force(self, before: TextVersion | None, after: TextVersion) -> None:
        if before is None:
            self.db.add(Head(block_id=after.block_id, language=after.language, text_version_id=after.id))
        else:
            moved = sa.update(Head).where(Head.block_id == after.block_id, Head.language == after.language)
            self.db.execute(moved.values(text_version_id=after.id))
        if before is None and (absence := self.db.get(Absence, (after.block_id, after.language))):
            self.db.delete(absence)
        self.heads[after.block_id, after.language] = after
        self.moves.append(Move(before, after))

    def _copy_edges(self, before: TextVersion, after: TextVersion) -> None:
        """A typographic change answers whatever its predecessor answered (`trilingual.md`, 1)."""
        old = self.db.scalars(sa.select(Edge).where(sa.or_(Edge.source_id == before.id, Edge.target_id == before.id)))
        for edge in old.all():
            if not edge.kind.is_basis:
                continue
            source, target = (after.id if end == before.id else end for end in (edge.source_id, edge.target_id))
            self.db.add(
                Edge(
                    declaration_id=edge.declaration_id,
                    block_id=edge.block_id,
                    kind=edge.kind,
                    source_id=source,
                    target_id=target,
                    sequence=self.next_sequence(),
                    made_by_id=edge.made_by_id,
                    made_at=self.at,
                )
            )


def _class_of(text: str, before: TextVersion | None) -> ChangeClass:
    is_typographic = before is not None and folded_hash(text) == before.folded_hash
    return ChangeClass.TYPOGRAPHIC if is_typographic else ChangeClass.SUBSTANTIVE


def _named(version: TextVersion | None) -> Fact:
    return {"id": str(version.id), "hash": version.content_hash} if version else None
