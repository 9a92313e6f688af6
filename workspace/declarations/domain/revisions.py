"""Writing text versions and moving heads, with one record of every move.

Only this file makes text versions and edges. What it did is told to the log by
the caller, in one entry that names the cause and each head's old and new hash.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from itertools import islice, takewhile, zip_longest
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from msgspec import Struct
from msgspec.structs import asdict, replace

from drafts.languages.staleness import ChangeClass, EdgeKind
from drafts.text.blocks import BlockKind, Language, canonical, content_hash, folded_hash
from workspace.core import clock
from workspace.core.actor import Actor
from workspace.core.events import RevisionMade, publish
from workspace.core.storage import log, row_digests
from workspace.core.storage.db import Db, id_text, new_id
from workspace.core.storage.log import Fact
from workspace.declarations.domain import provenance, queries
from workspace.declarations.domain.models import (
    Absence,
    Declaration,
    Edge,
    Head,
    Lineage,
    LineageKind,
    Revision,
    RevisionBlock,
    RevisionCause,
    TextVersion,
)
from workspace.declarations.domain.policy import ensure_not_sealed
from workspace.declarations.domain.queries import BlockRow, Pinned, TextValue, text_of


class HeadMove(Struct, frozen=True):
    """One head that moved: the text version it left (None for the first) and the one it came to (None where a text
    that had come with an undone decision is gone).
    """

    before: TextValue | None
    after: TextValue | None

    def as_fact(self) -> Mapping[str, Fact]:
        there = self.after or self.before
        return {
            "block": str(there.block_id) if there else None,
            "language": there.language.value if there else None,
            "from": _named(self.before),
            "to": _named(self.after),
        }


class TextWriter:
    """Makes text versions of one declaration within one unit of work."""

    def __init__(self, db: Db, declaration: Declaration, *, actor: Actor) -> None:
        self.db = db
        self.declaration = declaration
        self.actor = actor
        self.at = clock.now()
        self.rows = queries.text_in_force(db, declaration).by_block
        self.moves: list[HeadMove] = []
        self._written: dict[UUID, dict[Language, TextValue]] = {}  # all texts of each block of which one moved

    def texts(self, block_id: UUID) -> Mapping[Language, TextValue]:
        """What is in force for a block now."""
        row = self.rows.get(block_id)
        return self._written.get(block_id, row.texts if row else {})

    def row(self, place: BlockRow) -> BlockRow:
        """A place with the texts now in force; the very row that was there before, where nothing of it has changed."""
        before = self.rows.get(place.block_id)
        if before is place and place.block_id not in self._written:
            return place
        row = replace(place, texts=dict(self.texts(place.block_id)))
        return before if before == row else row

    def know(self, blocks: Iterable[UUID]) -> None:
        """Read what is in force for blocks that come back into the text: until now they stood in no place."""
        gone = list(blocks)
        heads = sa.select(Head.text_version_id).where(Head.block_id.in_(gone))
        for text in queries.texts_of(self.db, self.db.scalars(heads).all()).values() if gone else ():
            self._moving(text.block_id)[text.language] = text

    def _moving(self, block_id: UUID) -> dict[Language, TextValue]:
        return self._written.setdefault(block_id, dict(self.texts(block_id)))

    def write(
        self,
        block_id: UUID,
        language: Language,
        content: str,
        *,
        kind: BlockKind,
        started_from: TextValue | None = None,
    ) -> TextValue:
        """Make a new version and put it in force; how it differs from the one before is found from the words."""
        before = self.texts(block_id).get(language)
        text = canonical(content, kind=kind)
        after = self._made(block_id, language, text, follows=before, started_from=started_from or before)
        self._put_in_force(before, after)
        return after

    def restore(self, earlier: TextValue, *, before: Revision | None = None) -> None:
        """Put an earlier wording in force again, with all that it rested on, as if nobody had ever touched it.

        It comes back as a version that follows it and differs in nothing; itself, if a split or join (`before` that
        revision, where one is named) had carried it over, for then it still waits for somebody to save it.
        """
        place = earlier.block_id, earlier.language
        revisions = (self.db.get_one(Revision, lineage.revision_id) for lineage in carrying(self.db, earlier))
        is_carried = any(before is None or revision.number < before.number for revision in revisions)
        again = earlier if is_carried else self._made(*place, earlier.content, follows=earlier, started_from=earlier)
        in_force = self.texts(earlier.block_id).get(earlier.language)
        if in_force is None or again.id != in_force.id:
            self._put_in_force(in_force, again)

    def remove(self, text: TextValue) -> None:
        """Leave a block without text in one language again."""
        del self._moving(text.block_id)[text.language]
        self.db.execute(sa.delete(Head).where(Head.block_id == text.block_id, Head.language == text.language))
        self.moves.append(HeadMove(text, None))

    def _made(
        self,
        block_id: UUID,
        language: Language,
        text: str,
        *,
        follows: TextValue | None,
        started_from: TextValue | None,
    ) -> TextValue:
        version = TextValue(
            id=new_id(),
            declaration_id=self.declaration.id,
            block_id=block_id,
            language=language,
            sequence=self.next_sequence(),
            content=text,
            content_hash=content_hash(text),
            folded_hash=folded_hash(text),
            change_class=_class_of(text, follows),
            predecessor_id=follows.id if follows else None,
            started_from_id=started_from.id if started_from else None,
            author_id=self.actor.person_id,
            made_at=self.at,
        )
        self.db.add(TextVersion(**asdict(version)))
        self.db.flush()
        if follows is not None and version.change_class is ChangeClass.TYPOGRAPHIC:
            self._copy_edges(follows, version)
        return version

    def answer(
        self,
        block_id: UUID,
        language: Language,
        content: str,
        *,
        kind: BlockKind,
        sources: Iterable[TextValue],
        edge: EdgeKind = EdgeKind.TRANSLATED,
        is_carried: bool = False,
    ) -> TextValue:
        """Put words in force that answer `sources`. Words that say what is in force already are confirmed instead.

        The very same words make no version, unless a split or join carried them over: then they become a text of
        their own. Words that differ in typography alone are no step to a third language.
        """
        before = self.texts(block_id).get(language)
        is_same = before is not None and before.content == canonical(content, kind=kind)
        is_kept = is_same and not is_carried
        after = before if before is not None and is_kept else self.write(block_id, language, content, kind=kind)
        is_confirmed = before is not None and before.folded_hash == after.folded_hash
        for source in sources:
            self.link(EdgeKind.CONFIRMED if is_confirmed else edge, source=source, target=after)
        return after

    def link(self, kind: EdgeKind, *, source: TextValue, target: TextValue) -> Edge:
        """Record that `target` answers `source`."""
        return self._link(kind, target.block_id, source.id, target.id, self.actor.person_id)

    def _link(self, kind: EdgeKind, block_id: UUID, source: UUID, target: UUID, made_by: UUID | None) -> Edge:
        edge = Edge(
            declaration_id=self.declaration.id,
            block_id=block_id,
            kind=kind,
            source_id=source,
            target_id=target,
            sequence=self.next_sequence(),
            made_by_id=made_by,
            made_at=self.at,
        )
        self.db.add(edge)
        return edge

    def next_sequence(self) -> int:
        self.declaration.sequence += 1
        return self.declaration.sequence

    def _put_in_force(self, before: TextValue | None, after: TextValue) -> None:
        if before is None:
            self.db.add(Head(block_id=after.block_id, language=after.language, text_version_id=after.id))
        else:
            moved = sa.update(Head).where(Head.block_id == after.block_id, Head.language == after.language)
            self.db.execute(moved.values(text_version_id=after.id))
        if before is None and (absence := self.db.get(Absence, (after.block_id, after.language))):
            self.db.delete(absence)
        self._moving(after.block_id)[after.language] = after
        self.moves.append(HeadMove(before, after))

    def _copy_edges(self, before: TextValue, after: TextValue) -> None:
        """A typographic change answers whatever its predecessor answered (`docs/trilingual.md`, 1.3)."""
        old = self.db.scalars(sa.select(Edge).where(sa.or_(Edge.source_id == before.id, Edge.target_id == before.id)))
        for edge in old.all():
            if not edge.kind.is_basis:
                continue
            source, target = (after.id if end == before.id else end for end in (edge.source_id, edge.target_id))
            self._link(edge.kind, edge.block_id, source, target, edge.made_by_id)


def _class_of(text: str, before: TextValue | None) -> ChangeClass:
    is_typographic = before is not None and folded_hash(text) == before.folded_hash
    return ChangeClass.TYPOGRAPHIC if is_typographic else ChangeClass.SUBSTANTIVE


def _named(version: TextValue | None) -> Fact:
    return {"id": str(version.id), "hash": version.content_hash} if version else None


def pin_revision(
    writer: TextWriter, places: Sequence[BlockRow], *, cause: RevisionCause, note: str, decisions: Sequence[UUID] = ()
) -> Revision:
    """Make the next revision out of these places with the texts now in force, and say so on the log.

    What stands as it stood is copied within the database: a change costs what it touches.
    """
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
    before = queries.places_in(writer.db, parent.id if parent else None)
    known = {place.block_id: place for place in before}
    writer.db.add(revision)
    writer.db.flush()
    rows = [writer.row(place) for place in places]
    pinned = [_pinned(row, known.get(row.block_id)) for row in rows]
    _insert(writer.db, revision, pinned, before)
    declaration.head = revision
    writer.db.flush()
    queries.keep_made(writer.db, revision.id, pinned, rows, [move.after for move in writer.moves if move.after])
    log.record_in(
        writer.db,
        "revision.made",
        declaration,
        actor=writer.actor,
        revision=str(revision.id),
        parent=str(revision.parent_id) if revision.parent_id else None,
        number=revision.number,
        cause=cause.value,
        note=note,
        decisions=[str(decision) for decision in decisions],
        order=[id_text(place.block_id) for place in pinned],
        places=[_as_fact(place) for place in pinned if place is not known.get(place.block_id)],
        heads=[move.as_fact() for move in writer.moves],
    )
    return revision


def _pinned(row: BlockRow, before: Pinned | None) -> Pinned:
    """The block with its texts; the very same value where nothing of it has changed."""
    pins = {of: text.id for of, text in row.texts.items()}
    pinned = Pinned(row.block_id, row.kind, row.level, row.original_language, pins)
    return before if before == pinned else pinned


def _row(revision: Revision, position: int, place: Pinned) -> Mapping[str, Any]:
    return {
        "revision_id": revision.id,
        "block_id": place.block_id,
        "position": position,
        "kind": place.kind,
        "level": place.level,
        "original_language": place.original_language,
        **{name: place.pins.get(language) for language, name in _PINS.items()},
    }


_PINS = {language: f"{language}_id" for language in Language}
_FEW = 20


def _insert(db: Db, revision: Revision, places: Sequence[Pinned], before: Sequence[Pinned]) -> None:
    """A row for each paragraph, without an object for each: nobody changes them, and a decision makes hundreds."""
    table = RevisionBlock.metadata.tables[RevisionBlock.__tablename__]
    rows = [_row(revision, position, place) for position, place in enumerate(places)]
    stays = [place is was for place, was in zip(places, before, strict=False)]
    stays = stays if sum(stays) > _FEW else []  # a statement for a few takes longer than they do
    if new := [row for row, is_there in zip_longest(rows, stays) if not is_there]:
        db.execute(sa.insert(table), new)
    if stays:
        gone = [was.block_id for was, is_there in zip_longest(before, stays) if not is_there]
        parent = table.c.revision_id == revision.parent_id, table.c.block_id.not_in(gone)
        copied = sa.select(*(sa.literal(rows[0][c.name]) if c.name == "revision_id" else c for c in table.c))
        db.execute(sa.insert(table).from_select(table.c.keys(), copied.where(*parent)))
    row_digests.note_rows(db, table, rows)


def _as_fact(place: Pinned) -> log.Fact:
    return {
        "block": str(place.block_id),
        "kind": place.kind.value,
        "level": place.level,
        "original": place.original_language.value,
        "texts": {of.value: str(place.pins[of]) if of in place.pins else None for of in Language},
    }


def restore_revision(
    db: Db,
    declaration: Declaration,
    undone: Revision,
    *,
    note: str,
    decisions: Sequence[UUID],
    actor: Actor,
    only: Mapping[UUID, bool] | None = None,
    moved: Collection[UUID] = (),
) -> Revision:
    """Take back what a revision did to the text, or to `only` these blocks: kinds, words of every language, and the
    order, of those that are said to have moved. What others have `moved` is no place to put them.

    A text that somebody has saved since is theirs and stays; every other one, and all that it rested on, is as it was
    before. The caller holds the lock, and knows that no later change of these blocks stands.
    """
    ensure_not_sealed(declaration)
    rows, wanted = queries.head_rows(db, declaration), queries.pinned_rows(db, undone.parent_id or undone.id)
    writer = TextWriter(db, declaration, actor=actor)
    present = {row.block_id for row in rows}
    writer.know(row.block_id for row in wanted if row.block_id not in present)
    kept, pinned = {row.block_id for row in wanted}, {text.id for row in wanted for text in row.texts.values()}
    for row in queries.pinned_rows(db, undone.id):
        if row.block_id in (kept if only is None else kept & only.keys()):
            _take_back(writer, row, undone, pinned)
    tree = wanted if only is None else _put_back(writer, wanted, only, moved)
    revision = pin_revision(writer, tree, cause=RevisionCause.UNDO, note=note, decisions=decisions)
    provenance.flag_moved(db, [row.block_id for row in rows], [row.block_id for row in tree])
    publish(db, RevisionMade(declaration.id, revision.id, revision.number, actor))
    return revision


def _put_back(
    writer: TextWriter, wanted: Sequence[BlockRow], only: Mapping[UUID, bool], moved: Collection[UUID]
) -> list[BlockRow]:
    """The text in force with these blocks as they stood before; those that moved or went away come behind the same
    block as then, and the parts split off it since, but not behind one that has moved by itself.
    """
    then = {row.block_id: row for row in wanted}
    here = {id_: row for id_, row in writer.rows.items() if not only.get(id_)}
    order = [id_ for id_ in here if id_ in then or id_ not in only]
    away = provenance.out_of_order(list(then), order, moved)
    lineage = queries.lineage(writer.db, writer.declaration.id)
    parts = {each.other_id for each in lineage if each.kind is LineageKind.SPLIT} - then.keys()
    for number, block in enumerate(then):
        if block in only and block not in here:
            places = {other: place for place, other in enumerate(order, start=1) if other not in away}
            place = max((places[other] for other in islice(then, number) if other in places), default=0)
            order.insert(place + sum(1 for _ in takewhile(parts.__contains__, order[place:])), block)
    return [then[id_] if id_ in only else here[id_] for id_ in order]


def is_as_pinned(
    db: Db, declaration: Declaration, revision: Revision, blocks: Collection[UUID], language: Language
) -> bool:
    """Whether these blocks stand in the text in force as they did in a revision, and say the same in `language`."""
    now = queries.text_in_force(db, declaration).by_block
    then = {row.block_id: row for row in queries.pinned_rows(db, revision.id)}
    for block in blocks:
        here, there = now.get(block), then.get(block)
        if here is None or there is None:
            if here is not there:
                return False
            continue
        text, pin = here.texts.get(language), there.texts.get(language)
        is_same = text is pin if text is None or pin is None else _is_still(db, text, pin)
        if not is_same or (here.kind, here.level) != (there.kind, there.level):
            return False
    return True


def _take_back(writer: TextWriter, row: BlockRow, undone: Revision, pinned: Collection[UUID]) -> None:
    """Give one block the words back that it had before the revision that pinned `row`, in each untouched language.

    A revision of several acts may have written one text several times; `pinned` are the texts of the one before it.
    """
    made = undone.made_at, undone.made_by_id
    for pin in row.texts.values():
        now = writer.texts(pin.block_id).get(pin.language)
        if now is None or not _is_still(writer.db, now, pin):
            continue
        before: TextValue | None = pin
        while before and before.id not in pinned and (before.made_at, before.author_id) == made:
            before = text_of(writer.db, before.predecessor_id) if before.predecessor_id else None
        if before is None:
            writer.remove(now)
        elif before is not pin:
            writer.restore(before, before=undone)
        elif any(lineage.revision_id == undone.id for lineage in carrying(writer.db, now)):
            writer.restore(now, before=undone)


def carrying(db: Db, text: TextValue) -> list[Lineage]:
    """The splits and joins since a text was saved, led in another language: what was carried over to them by nobody."""
    return [
        lineage
        for lineage in queries.lineage(db, text.declaration_id)
        if lineage.block_id == text.block_id
        and lineage.language is not text.language
        and lineage.sequence > text.sequence
    ]


def _is_still(db: Db, now: TextValue, pin: TextValue) -> bool:
    """Whether a text in force is the one that was pinned, or what undoing has put in its place."""
    step: TextValue | None = now
    while step is not None and step.id != pin.id and step.content_hash == pin.content_hash:
        step = text_of(db, step.predecessor_id) if step.predecessor_id else None
    return step is not None and step.id == pin.id
