"""Conversations follow the text: each new revision carries the words they are about, in the same unit of work.

Only conversations about paragraphs that the revision changed are looked at, and those that have lost
their words: they may have come back. What could not be carried is kept, and says so.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from uuid import UUID

import sqlalchemy as sa
from msgspec import Struct
from msgspec.structs import replace
from sqlalchemy.orm import joinedload, selectinload

from drafts.diff.document_diff import diff
from drafts.merge.anchors import Anchor, AnchorState, CarriedAnchor, carry_anchor
from drafts.text.blocks import Block, Document, Language
from workspace.comments.models import CommentPlace, CommentThread
from workspace.comments.queries import DiscussedWords, VisibleThread
from workspace.comments.quotes import DiscussedRange, shown_words
from workspace.comments.service import place_of
from workspace.core.events import RevisionMade
from workspace.core.storage.db import Db
from workspace.core.storage.held_writes import as_before
from workspace.declarations.domain import queries
from workspace.declarations.domain.models import Lineage, LineageKind, Revision, TextVersion
from workspace.declarations.domain.queries import BlockRow

Rows = Mapping[UUID, BlockRow]


def follow(db: Db, event: RevisionMade) -> None:
    """Listener: say of every conversation that the revision touches where its words stand now."""
    revision = db.get_one(Revision, event.revision_id)
    if revision.parent_id is None:
        return
    changed = queries.changed_places(db, revision.parent_id, revision.id)
    with as_before(db, TextVersion):  # no conversation is about words that this unit has written
        threads = _touched(db, event.declaration_id, [block_id for block_id, (before, _) in changed.items() if before])
    if threads:
        before, after = (queries.pinned_rows(db, id_) for id_ in (revision.parent_id, revision.id))
        rows = ({row.block_id: row for row in rows} for rows in (before, after))
        _ConversationCarrier(db, revision, *rows).carry(threads)


def carried_to(anchor: Anchor, language: Language, row: BlockRow, old: str) -> Anchor | None:
    """Where words of the text `old` of a block stand in its text in force; None where they are no longer there.

    For the time between a saved translation and the revision that pins it.
    """
    then = Document((replace(row.block(language), text=old),), language)
    now = Document((row.block(language),), language)
    [found] = carry_anchor([anchor], then, now, diff(then, now))
    return None if found.state is AnchorState.ORPHANED else found.anchor


def _touched(db: Db, declaration_id: UUID, changed: Collection[UUID]) -> Sequence[CommentThread]:
    lost = sa.select(CommentPlace.thread_id).where(CommentPlace.state == AnchorState.ORPHANED)
    touched = sa.union(sa.select(CommentThread.id).where(CommentThread.block_id.in_(changed)), lost).subquery()
    statement = (
        sa.select(CommentThread)
        .join(touched, touched.c.id == CommentThread.id)  # "in one or the other" would read every conversation
        .where(CommentThread.declaration_id == declaration_id, CommentThread.block_id.is_not(None))
        .options(selectinload(CommentThread.places).options(joinedload(CommentPlace.text)))
        .order_by(CommentThread.id)
    )
    return db.scalars(statement).all()


class _ConversationCarrier(Struct, frozen=True):
    """Carries conversations from the revision before to a new one."""

    db: Db
    revision: Revision
    before: Rows
    after: Rows

    def carry(self, threads: Sequence[CommentThread]) -> None:
        quoting = []
        for thread in threads:
            if thread.places and thread.places[0].quote:
                quoting.append(thread)
            else:
                self._carry_whole(thread)
        for language in Language:
            for some in _in_passes([thread for thread in quoting if thread.places[0].language is language]):
                self._carry_words(some, language)
        self.db.flush()

    def _carry_words(self, threads: Sequence[CommentThread], language: Language) -> None:
        """Carry words of one language, all at once."""
        moving = [thread for thread in threads if not self._stands(thread.places[-1])]
        if not moving:
            return
        own = {
            thread.places[-1].block_id: thread.places[-1].text.content
            for thread in moving
            if not thread.places[-1].is_lost
        }
        old = Document(tuple(_with_words(row, language, own) for row in self.before.values()), language)
        new = queries.document(self.after.values(), language)
        carried = carry_anchor([thread.places[-1].anchor for thread in moving], old, new, diff(old, new))
        for thread, found in zip(moving, carried, strict=True):
            self._settle(thread, found, language)

    def _stands(self, place: CommentPlace) -> bool:
        """Whether the very text in which the words stand is still in force."""
        row = self.after.get(place.block_id)
        version = row.texts.get(place.language) if row else None
        return not place.is_lost and version is not None and version.id == place.text_version_id

    def _settle(self, thread: CommentThread, found: CarriedAnchor, language: Language) -> None:
        last = thread.places[-1]
        beside = UUID(found.beside) if found.beside else thread.block_id
        if found.state is AnchorState.ORPHANED:
            if not last.is_lost:
                self._add(thread, last.anchor, self._text(last), AnchorState.ORPHANED)
            if last.block_id not in self.after and beside in self.after:
                thread.block_id = beside
            return
        version = self.after[UUID(found.anchor.block)].texts[language]
        self._add(thread, found.anchor, version, found.state)
        thread.block_id = UUID(found.anchor.block)

    def _carry_whole(self, thread: CommentThread) -> None:
        """A conversation about a whole paragraph goes where the paragraph went, or stays beside the one before it."""
        last = thread.places[-1] if thread.places else None
        if last is not None and last.is_lost and last.block_id in self.after:
            self._add(thread, last.anchor, self._text(last), AnchorState.KEPT)
            thread.block_id = last.block_id
        block_id = thread.block_id
        if block_id is None or block_id in self.after or block_id not in self.before:
            return
        gone = self.before[block_id]
        version = gone.texts.get(gone.original_language) or next(iter(gone.texts.values()), None)
        if version is None:
            return
        joined = self._joined_into(block_id)
        if joined is not None and joined in self.after:
            self._add(thread, Anchor(str(joined), 0, 0, ""), version, AnchorState.MOVED)
            thread.block_id = joined
            return
        self._add(thread, Anchor(str(block_id), 0, 0, ""), version, AnchorState.ORPHANED)
        thread.block_id = self._neighbour(block_id)

    def _joined_into(self, block_id: UUID) -> UUID | None:
        return self.db.scalar(
            sa.select(Lineage.block_id).where(
                Lineage.revision_id == self.revision.id, Lineage.kind == LineageKind.JOIN, Lineage.other_id == block_id
            )
        )

    def _neighbour(self, block_id: UUID) -> UUID:
        """The nearest paragraph before it that is still there, else the first of the text."""
        order = list(self.before)
        earlier = (earlier_id for earlier_id in reversed(order[: order.index(block_id)]) if earlier_id in self.after)
        return next(earlier, next(iter(self.after), block_id))

    def _add(self, thread: CommentThread, anchor: Anchor, text: queries.TextValue, state: AnchorState) -> None:
        number = len(thread.places) + 1
        thread.places.append(place_of(anchor, text, state, number=number, revision_id=self.revision.id))

    def _text(self, place: CommentPlace) -> queries.TextValue:
        return queries.texts_of(self.db, (place.text_version_id,))[place.text_version_id]


def _with_words(row: BlockRow, language: Language, own: Mapping[UUID, str]) -> Block:
    """The block as whoever chose words of it saw it, which need not be as the last revision pinned it."""
    return replace(row.block(language), text=own.get(row.block_id, row.content(language)))


def _in_passes(threads: Sequence[CommentThread]) -> Iterator[Sequence[CommentThread]]:
    """Usually all at once: apart only those whose words stand in different texts of one paragraph."""
    passes: list[tuple[dict[UUID, UUID], list[CommentThread]]] = []
    for thread in threads:
        place = thread.places[-1]
        for texts, some in passes:
            if texts.setdefault(place.block_id, place.text_version_id) == place.text_version_id:
                some.append(thread)
                break
        else:
            passes.append(({place.block_id: place.text_version_id}, [thread]))
    return (some for _, some in passes)


def up_to_date(thread: VisibleThread, row: BlockRow) -> VisibleThread:
    """The conversation as it stands to the text in force of the paragraph beside which it is shown."""
    words = thread.words
    if words is None or words.is_whole or words.is_lost or words.block_id != row.block_id:
        return thread
    version = row.texts.get(words.language)
    if version is not None and version.id == words.text_version_id:
        return thread
    return replace(thread, words=_carried(words, row))


def discussed_ranges(threads: Iterable[VisibleThread], row: BlockRow) -> Mapping[Language, Sequence[DiscussedRange]]:
    """The stretches of a paragraph's text in force that open conversations are about, by language."""
    found: dict[Language, list[DiscussedRange]] = {}
    for number, thread in enumerate(threads, start=1):
        words = thread.words
        is_here = words is not None and not words.is_whole and not words.is_lost and words.block_id == row.block_id
        if words is not None and is_here and thread.resolved_at is None:
            found.setdefault(words.language, []).append(
                DiscussedRange(thread.id, number, words.starts_at, words.ends_at)
            )
    return found


def _carried(words: DiscussedWords, row: BlockRow) -> DiscussedWords:
    anchor = Anchor(row.id, words.starts_at, words.ends_at, words.written, "", "")
    found = carried_to(anchor, words.language, row, words.content) if words.language in row.texts else None
    if found is None:
        return replace(words, is_lost=True, now="")
    version = row.texts[words.language]
    return replace(
        words,
        now=shown_words(found.quote),
        written=found.quote,
        content=version.content,
        text_version_id=version.id,
        starts_at=found.start,
        ends_at=found.end,
    )
