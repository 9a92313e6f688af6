"""Writing text versions and moving heads, with one record of every move.

Only this file makes text versions and edges. What it did is told to the log by
the caller, in one entry that names the cause and each head's old and new hash.
"""

from collections.abc import Iterable, Mapping, Sequence
from uuid import UUID

import sqlalchemy as sa
from msgspec import Struct

from drafts.languages.staleness import ChangeClass, EdgeKind
from drafts.text.blocks import BlockKind, Language, canonical, content_hash, folded_hash
from workspace.core import clock
from workspace.core.actor import Actor
from workspace.core.events import RevisionMade, publish
from workspace.core.storage import log
from workspace.core.storage.db import Db, new_id
from workspace.core.storage.log import Fact
from workspace.declarations.domain import provenance, queries
from workspace.declarations.domain.models import (
    Absence,
    Declaration,
    Edge,
    Head,
    Revision,
    RevisionBlock,
    RevisionCause,
    TextVersion,
)
from workspace.declarations.domain.policy import ensure_not_sealed
from workspace.declarations.domain.queries import BlockRow, Pinned

Heads = dict[tuple[UUID, Language], TextVersion]


class HeadMove(Struct, frozen=True):
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
        self.moves: list[HeadMove] = []

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

    def answer(
        self,
        block_id: UUID,
        language: Language,
        content: str,
        *,
        kind: BlockKind,
        sources: Iterable[TextVersion],
        edge: EdgeKind = EdgeKind.TRANSLATED,
        is_carried: bool = False,
    ) -> TextVersion:
        """Put words in force that answer `sources`. Words that say what is in force already are confirmed instead.

        The very same words make no version, unless a split or join carried them over: then they become a text of
        their own. Words that differ in typography alone are no step to a third language.
        """
        before = self.heads.get((block_id, language))
        is_same = before is not None and before.content == canonical(content, kind=kind)
        is_kept = is_same and not is_carried
        after = before if before is not None and is_kept else self.write(block_id, language, content, kind=kind)
        is_confirmed = before is not None and before.folded_hash == after.folded_hash
        for source in sources:
            self.link(EdgeKind.CONFIRMED if is_confirmed else edge, source=source, target=after)
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
        self.moves.append(HeadMove(before, after))

    def _copy_edges(self, before: TextVersion, after: TextVersion) -> None:
        """A typographic change answers whatever its predecessor answered (`docs/trilingual.md`, 1.3)."""
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


class BlockPlace(Struct, frozen=True):
    """A block in a revision, without its texts."""

    block_id: UUID
    kind: BlockKind
    level: int
    original_language: Language


def pin_revision(
    writer: TextWriter,
    places: Sequence[BlockPlace],
    *,
    cause: RevisionCause,
    note: str,
    decisions: Sequence[UUID] = (),
) -> Revision:
    """Make the next revision out of these places and the texts now in force, and say so on the log."""
    declaration = writer.declaration
    parent = declaration.head
    revision = Revision(
        id=new_id(),
        declaration_id=declaration.id,
        number=parent.number + 1 if parent else 1,
        parent_id=parent.id if parent else None,
        cause=cause,
        note=note,
        made_by_id=writer.actor.person_id,
        made_at=writer.at,
    )
    before = {place.block_id: place for place in queries.places_in(writer.db, parent.id)} if parent else {}
    writer.db.add(revision)
    writer.db.flush()
    pinned = [_pinned(place, writer) for place in places]
    writer.db.add_all(_row(revision, position, place) for position, place in enumerate(pinned))
    declaration.head = revision
    writer.db.flush()
    queries.keep_made(writer.db, revision.id, pinned, writer.heads)
    log.record(
        writer.db,
        "revision.made",
        actor=writer.actor,
        forum_id=declaration.forum_id,
        declaration_id=declaration.id,
        revision=str(revision.id),
        parent=str(revision.parent_id) if revision.parent_id else None,
        number=revision.number,
        cause=cause.value,
        note=note,
        decisions=[str(decision) for decision in decisions],
        order=[str(place.block_id) for place in pinned],
        places=[_as_fact(place) for place in pinned if place != before.get(place.block_id)],
        heads=[move.as_fact() for move in writer.moves],
    )
    return revision


def _pinned(place: BlockPlace, writer: TextWriter) -> Pinned:
    texts = {language: writer.heads.get((place.block_id, language)) for language in Language}
    pins = {language: text.id for language, text in texts.items() if text}
    return Pinned(place.block_id, place.kind, place.level, place.original_language, pins)


def _row(revision: Revision, position: int, place: Pinned) -> RevisionBlock:
    return RevisionBlock(
        revision_id=revision.id,
        block_id=place.block_id,
        position=position,
        kind=place.kind,
        level=place.level,
        original_language=place.original_language,
        es_id=place.pins.get(Language.ES),
        en_id=place.pins.get(Language.EN),
        fr_id=place.pins.get(Language.FR),
    )


def _as_fact(place: Pinned) -> log.Fact:
    return {
        "block": str(place.block_id),
        "kind": place.kind.value,
        "level": place.level,
        "original": place.original_language.value,
        "texts": {of.value: str(place.pins[of]) if of in place.pins else None for of in Language},
    }


def restore_revision(
    db: Db, declaration: Declaration, earlier: Revision, *, note: str, decisions: Sequence[UUID], actor: Actor
) -> Revision:
    """Make the text what it was at `earlier`: order, kinds and words of every language.

    A text that somebody has saved since the head revision was made is theirs and
    stays. The caller holds the lock.
    """
    ensure_not_sealed(declaration)
    rows, wanted = queries.head_rows(db, declaration), queries.pinned_rows(db, earlier.id)
    replaced = {row.block_id: row for row in queries.pinned_rows(db, declaration.head.id)}
    writer = TextWriter(db, declaration, rows=rows, actor=actor)
    present = {row.block_id for row in rows}
    writer.know(row.block_id for row in wanted if row.block_id not in present)
    for row in wanted:
        for language, text in row.texts.items():
            if _is_to_go_back(writer, row, language, replaced):
                writer.write(row.block_id, language, text.content, kind=row.kind)
    places = [BlockPlace(row.block_id, row.kind, row.level, row.original_language) for row in wanted]
    revision = pin_revision(writer, places, cause=RevisionCause.UNDO, note=note, decisions=decisions)
    provenance.flag_moved(db, [row.block_id for row in rows], [place.block_id for place in places])
    publish(db, RevisionMade(declaration.id, revision.id, revision.number, actor))
    return revision


def _is_to_go_back(writer: TextWriter, row: BlockRow, language: Language, replaced: Mapping[UUID, BlockRow]) -> bool:
    now = writer.heads.get((row.block_id, language))
    if now is None or now.content == row.texts[language].content:
        return now is None
    before = replaced.get(row.block_id)
    return before is None or before.texts.get(language) is None or before.texts[language].id == now.id
