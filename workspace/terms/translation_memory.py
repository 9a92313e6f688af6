"""The translation memory of a forum: what goes into it, what comes out, and its index in this process.

The index is made when somebody first searches, and follows what was added since at every search. It belongs to
this process alone; another one makes its own from the same rows.
"""

import hashlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import islice
from threading import Lock
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from cachetools import LRUCache
from msgspec import Struct, field

from drafts.formats import tmx
from drafts.formats.tmx import TranslationUnit
from drafts.languages.translation_memory import Match, Segment, TranslationMemory
from drafts.text.blocks import Language, folded_hash
from workspace.core import clock
from workspace.core.actor import Actor
from workspace.core.detection import ensure_unlocked
from workspace.core.storage import log
from workspace.core.storage.db import Db, Service, new_id
from workspace.core.validation import refuse_nul_in
from workspace.people.models import Forum
from workspace.terms import policy
from workspace.terms.models import SegmentRecord, Trust
from workspace.terms.policy import Scope

_BATCH = 1_000  # rows written at once
_ALIKE = 0.8  # how much a segment has to be like a text to say the same
_MOST_INDEXES = 8  # memories that this process keeps ready
_TRUSTED = {trust: place for place, trust in enumerate(Trust)}
_COLUMNS = (
    SegmentRecord.id,
    SegmentRecord.es,
    SegmentRecord.en,
    SegmentRecord.fr,
    SegmentRecord.before,
    SegmentRecord.trust,
    SegmentRecord.position,
)


class MemoryInput(Struct, frozen=True):
    """Texts of one paragraph that say the same, on their way into the memory; `before` what stood before them."""

    declaration_id: UUID
    block_id: UUID
    original: Language
    texts: Mapping[Language, str]
    before: Mapping[Language, str]
    trust: Trust


class MemoryImport(Struct, frozen=True):
    """What a file brought: units that are new, and that were known."""

    added: int
    known: int


class MemoryService(Service):
    """Feeding the memory, searching it, and carrying it to other tools and back."""

    def feed(self, forum_id: UUID, heard: MemoryInput, *, actor: Actor) -> None:
        """Remember texts that answer one another. The same wording of the original keeps one segment.

        The caller has logged what the texts are; a memory of them is no news.
        """
        texts = {language: text for language, text in heard.texts.items() if text}
        if heard.original not in texts or len(texts) == 1:
            return
        position = self._last(forum_id) + 1
        key = _key(str(heard.block_id), folded_hash(texts[heard.original]))
        found = self.db.scalar(sa.select(SegmentRecord).filter_by(forum_id=forum_id, key=key))
        if found is None:
            found = SegmentRecord(id=new_id(), forum_id=forum_id, key=key, trust=heard.trust, es=None, en=None, fr=None)
            self.db.add(found)
        for language, text in texts.items():
            setattr(found, language.value, text)
        found.before = {language.value: text_hash for language, text_hash in heard.before.items()}
        found.trust = heard.trust
        found.declaration_id, found.block_id = heard.declaration_id, heard.block_id
        found.made_by_id, found.made_at = actor.person_id, clock.now()
        found.position = position
        self.db.flush()

    def take_in(self, forum: Forum, data: bytes, *, name: str, actor: Actor) -> MemoryImport:
        """Take in a memory of another tool (TMX). Units that are there already, word for word, stay as they are.

        Raises `BadExchange`, `TooLarge` or `BadFile`; then nothing is kept.
        """
        policy.ensure_may_edit(actor, Scope(forum))
        ensure_unlocked(data, source=name)
        refuse_nul_in({"name": name})
        known = {_key(*_words(_segment(row).texts)) for row in self._rows(forum.id, 0)}
        common = {
            "forum_id": forum.id,
            "position": self._last(forum.id) + 1,
            "trust": Trust.IMPORTED,
            "origin": name,
            "made_by_id": actor.person_id,
            "made_at": clock.now(),
        }
        added = seen = 0
        units = tmx.read(data)
        while some := list(islice(units, _BATCH)):
            rows = {
                key: translation_unit
                for translation_unit in some
                if (key := _key(*_words(translation_unit.texts))) not in known
            }
            known |= rows.keys()
            seen += len(some)
            added += len(rows)
            if rows:
                self.db.execute(
                    sa.insert(SegmentRecord),
                    [_row(key, translation_unit, common) for key, translation_unit in rows.items()],
                )
        log.record(
            self.db, "memory.taken_in", actor=actor, forum_id=forum.id, sha256=hashlib.sha256(data).hexdigest(),
            added=added, known=seen - added,
        )  # fmt: skip
        return MemoryImport(added, seen - added)

    def as_tmx(self, forum: Forum, *, source: Language, actor: Actor) -> bytes:
        """The whole memory of a forum."""
        policy.ensure_may_edit(actor, Scope(forum))
        statement = (
            sa.select(SegmentRecord).filter_by(forum_id=forum.id).order_by(SegmentRecord.position, SegmentRecord.id)
        )
        return tmx.write((_pairing(segment_record) for segment_record in self.db.scalars(statement)), source=source)

    def size(self, forum_id: UUID) -> int:
        statement = sa.select(sa.func.count()).select_from(SegmentRecord).where(SegmentRecord.forum_id == forum_id)
        return self.db.scalar(statement) or 0

    def matches(
        self, forum_id: UUID, text: str, *, source: Language, target: Language, before: str = "", limit: int = 5
    ) -> tuple[Match, ...]:
        """How `text` was translated before, best first. The caller has asked who may know."""
        with _LOCK:
            memory = self._indexed(forum_id)
            return memory.matches(text, source=source, target=target, before=before, limit=limit)

    def containing(self, forum_id: UUID, words: str, *, language: Language, limit: int = 50) -> tuple[Segment, ...]:
        """Where these words were written before. The caller has asked who may know."""
        with _LOCK:
            return self._indexed(forum_id).containing(words, language=language, limit=limit)

    def records(self, ids: Iterable[str]) -> Mapping[str, SegmentRecord]:
        """The rows behind segments, by id."""
        wanted = [UUID(text) for text in ids]
        if not wanted:
            return {}
        rows = self.db.scalars(sa.select(SegmentRecord).where(SegmentRecord.id.in_(wanted)))
        return {str(row.id): row for row in rows}

    def _last(self, forum_id: UUID) -> int:
        statement = sa.select(sa.func.max(SegmentRecord.position)).where(SegmentRecord.forum_id == forum_id)
        return self.db.scalar(statement) or 0

    def _indexed(self, forum_id: UUID) -> TranslationMemory:
        """The index of a forum, brought up to what this unit of work sees."""
        key = (str(self.db.get_bind().engine.url), forum_id)
        index = _INDEXES.setdefault(key, _Index())
        counted = sa.select(sa.func.count(), sa.func.max(SegmentRecord.position))
        count, last = self.db.execute(counted.where(SegmentRecord.forum_id == forum_id)).one()
        index.follow(self._rows(forum_id, index.position), last or 0)
        if len(index.memory) != count and (last or 0) >= index.position:
            index = _INDEXES[key] = _Index()  # rows have gone, or came later than others that are known
            index.follow(self._rows(forum_id, 0), last or 0)
        return index.memory

    def _rows(self, forum_id: UUID, after: int) -> Iterator[sa.Row[Any]]:
        """What was added since; twice what came last, since several rows may share a position."""
        statement = sa.select(*_COLUMNS).where(SegmentRecord.forum_id == forum_id, SegmentRecord.position >= after)
        return iter(self.db.execute(statement))


def remembered_translations(
    db: Db, forum_id: UUID, texts: Mapping[UUID, tuple[str, str]]
) -> Sequence[tuple[UUID, str, str]]:
    """How texts, or ones very like them, were translated before: the id of each with a language and the words in it."""
    service = MemoryService(db)
    if not service.size(forum_id):
        return []
    return [
        (key, target.value, match.segment.texts[target])
        for key, (language, text) in texts.items()
        for target in Language
        if language in set(Language) and language != target
        for match in service.matches(forum_id, text, source=Language(language), target=target, limit=1)
        if match.score >= _ALIKE
    ]


class _Index(Struct):
    """A memory, and the highest position in it."""

    memory: TranslationMemory = field(default_factory=TranslationMemory)
    position: int = 0
    _newest: set[UUID] = field(default_factory=set)  # at that position

    def follow(self, rows: Iterable[sa.Row[Any]], last: int) -> None:
        newest = set()
        for row in rows:
            if row.position == last:
                newest.add(row.id)
            if row.position == self.position and row.id in self._newest:
                continue
            self.memory.add(_segment(row))
        if last >= self.position:
            self.position, self._newest = last, newest


_INDEXES: LRUCache[tuple[str, UUID], _Index] = LRUCache(_MOST_INDEXES)
_LOCK = Lock()  # an index is changed by whoever searches first after something was added


def _segment(row: sa.Row[Any]) -> Segment:
    texts = {language: text for language in Language if (text := getattr(row, language.value))}
    before = {Language(language): text_hash for language, text_hash in row.before.items()}
    return Segment(str(row.id), texts, before, rank=(_TRUSTED[row.trust], row.position))


def _row(key: str, translation_unit: TranslationUnit, common: Mapping[str, object]) -> Mapping[str, object]:
    return {
        **common,
        "id": new_id(),
        "key": key,
        **{language.value: translation_unit.texts.get(language) for language in Language},
        "before": {language.value: text_hash for language, text_hash in translation_unit.before.items()},
        "origin": translation_unit.origin or common["origin"],
    }


def _pairing(record: SegmentRecord) -> TranslationUnit:
    texts = {language: text for language in Language if (text := record.text(language))}
    before = {Language(language): text_hash for language, text_hash in record.before.items()}
    return TranslationUnit(texts, record.origin, record.made_at, before)


def _words(texts: Mapping[Language, str]) -> Sequence[str]:
    return [f"{language}:{texts[language]}" for language in Language if language in texts]


def _key(*parts: str) -> str:
    return hashlib.sha256("\n".join(parts).encode()).hexdigest()
