"""The bank of adopted texts: words agreed somewhere, with where exactly they stand, to quote while drafting.

Every forum of a network reads the bank of all of them, and adds to its own. What is searched by meaning is indexed
in this process, once for a network, and again when its bank has changed.
"""

import math
from collections import defaultdict
from collections.abc import Iterable, Mapping
from datetime import date
from functools import lru_cache
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from cachetools import LRUCache
from msgspec import Struct

from drafts.base.words import fold_text
from drafts.languages.alignment import align
from drafts.text.blocks import BlockKind, Document, Language
from drafts.text.markup import plain
from drafts.text.numbering import numbers, printed
from workspace.consultation import policy
from workspace.consultation.models import AdoptedText, Passage
from workspace.core import clock
from workspace.core.actor import Actor
from workspace.core.errors import Invalid, NotFound, existing
from workspace.core.storage import log
from workspace.core.storage.db import Service, Trilingual, new_id
from workspace.core.storage.text_search import has_words
from workspace.core.validation import ensure_short
from workspace.people.models import Forum
from workspace.people.validation import ensure_printable
from workspace.recommendations.similarity import NOTHING_AGREED, root_weight, shared_roots

LONGEST = {"source": 300, "citation": 200, "text": 4_000}
MOST_FOUND = 50
MOST_PARAGRAPHS = 3_000
OPENING = frozenset({BlockKind.CHAPEAU, BlockKind.PREAMBLE})
_QUOTABLE = OPENING | {
    *(BlockKind.OPERATIVE, BlockKind.PARAGRAPH, BlockKind.ITEM, BlockKind.BULLET),
    *(BlockKind.QUOTATION, BlockKind.CLOSING),
}
_PARAGRAPH = {Language.ES: "párr. {}", Language.EN: "para. {}", Language.FR: "par. {}"}
_LEAST_ALIKE = 0.2  # of what weighs in words; what shares less says something else
_MOST_NEAREST = 5
_MOST_HOLDERS, _FEW = 0.2, 10  # of the bank: a root that more passages have, and more than a few, says nothing
_MOST_INDEXES = 8  # networks that this process keeps ready


class AdoptedTextFields(Struct, frozen=True):
    """A whole text to bring in, in up to three languages. Without a title, each language has that of its document."""

    documents: Mapping[Language, Document]
    title: Trilingual = Trilingual()
    symbol: str = ""
    adopted_on: date | None = None


class AdoptedRow(Struct, frozen=True):
    """One paragraph of an adopted text in the languages that have it."""

    position: int
    kind: str
    is_doubtful: bool
    passages: Mapping[str, Passage]


class BankEntry(Struct, frozen=True):
    """A passage as the index knows it; `folded` are its words alone."""

    id: UUID
    language: str
    text: str
    cited: str
    folded: str
    roots: frozenset[str]


class BankIndex:
    """The passages of a network, by the roots of their words and by how they are cited."""

    def __init__(self, rows: Iterable[Any]) -> None:
        self.entries: list[BankEntry] = []
        self.by_citation: dict[tuple[str, str], list[BankEntry]] = defaultdict(list)
        self._by_root: dict[str, list[int]] = defaultdict(list)
        for key, language, text, source, citation in rows:
            folded = fold_text(text)
            found = _roots(folded)
            cited = ", ".join(part for part in (source, citation) if part)
            entry = BankEntry(key, language, text, cited, folded, found)
            for root in found:
                self._by_root[root].append(len(self.entries))
            self.by_citation[language, cited].append(entry)
            self.entries.append(entry)
        self._weights = {  # squared; a root that few passages have says more
            root: (root_weight(root) * math.log(1 + len(self.entries) / len(held))) ** 2
            for root, held in self._by_root.items()
        }
        self._norms = [math.sqrt(sum(self._weights[root] for root in entry.roots)) for entry in self.entries]

    def nearest(self, words: str, *, limit: int) -> list[BankEntry]:
        """The passages of any language that say most of what these words say and little else, the nearest first."""
        shared, own = self._shared(words)
        alike = {place: weight / (own * self._norms[place]) for place, weight in shared.items()}
        return self._best({place: score for place, score in alike.items() if score >= _LEAST_ALIKE}, limit)

    def holding(self, words: str, *, language: str, limit: int) -> list[BankEntry]:
        """The passages of a language that have most of these words, whatever else they say."""
        shared, _ = self._shared(words)
        return self._best({p: weight for p, weight in shared.items() if self.entries[p].language == language}, limit)

    def _best(self, scores: Mapping[int, float], limit: int) -> list[BankEntry]:
        return [self.entries[place] for place in sorted(scores, key=lambda place: (-scores[place], place))[:limit]]

    def _shared(self, words: str) -> tuple[Mapping[int, float], float]:
        """By place, the weight that each passage shares with some words; and the length of what they weigh."""
        wanted = _roots(fold_text(words))
        most = max(_FEW, round(_MOST_HOLDERS * len(self.entries)))
        shared: dict[int, float] = defaultdict(float)
        for root in wanted:
            holders = self._by_root.get(root, ())
            if len(holders) <= most:
                for place in holders:
                    shared[place] += self._weights[root]
        unknown = math.log(1 + len(self.entries)) ** 2
        weights = (self._weights.get(root, unknown * root_weight(root) ** 2) for root in wanted)
        return shared, math.sqrt(sum(weights))


@lru_cache(100_000)
def _roots_of_word(word: str) -> frozenset[str]:
    return frozenset(shared_roots([word], NOTHING_AGREED))


def _roots(folded: str) -> frozenset[str]:
    """What folded words say in any language."""
    return frozenset().union(*map(_roots_of_word, set(folded.split())))


class BankService(Service):
    """Passages of adopted texts, and whole texts."""

    # Passages

    def find(
        self, forum: Forum, words: str, *, actor: Actor, language: str = "", is_single: bool = False
    ) -> list[Passage]:
        """The passages that have all these words, in any order and whatever their accents; the newest first.

        With `is_single`, only those that are of no whole text.
        """
        policy.ensure_may_read(actor, forum)
        rows = sa.select(Passage).where(_in_network(forum), has_words(Passage.folded, words))
        if language:
            rows = rows.where(Passage.language == language)
        if is_single:
            rows = rows.where(Passage.text_id.is_(None))
        newest = rows.order_by(Passage.added_at.desc(), Passage.text_id, Passage.position, Passage.id.desc())
        return list(self.db.scalars(newest.limit(MOST_FOUND)))

    def nearest(self, forum: Forum, words: str, *, language: str, actor: Actor) -> list[Passage]:
        """The passages that say what is nearest to these words, be it in another language, nearest first.

        One that is there in `language` too comes in it.
        """
        policy.ensure_may_read(actor, forum)
        ids = [entry.id for entry in self.index(forum).nearest(words, limit=3 * _MOST_NEAREST)]
        rows = {row.id: row for row in self.db.scalars(sa.select(Passage).where(Passage.id.in_(ids)))}
        twins = {(row.text_id, row.position) for row in rows.values() if row.text_id}
        beside = sa.select(Passage).where(
            Passage.language == language, sa.tuple_(Passage.text_id, Passage.position).in_(twins)
        )
        said = {(row.text_id, row.position): row for row in self.db.scalars(beside)} if twins else {}
        shown = [said.get((row.text_id, row.position), row) for row in (rows[key] for key in ids if key in rows)]
        return list(dict.fromkeys(shown))[:_MOST_NEAREST]

    def get(self, forum: Forum, passage_id: UUID, *, actor: Actor) -> Passage:
        """One passage of the network's bank; raises `NotFound`."""
        policy.ensure_may_read(actor, forum)
        found = self.db.scalar(sa.select(Passage).where(Passage.id == passage_id, _in_network(forum)))
        return existing(found, "passage", passage_id)

    def add(self, forum: Forum, *, source: str, citation: str, language: str, text: str, actor: Actor) -> Passage:
        """Put words of an adopted text into the bank. Raises `Invalid`: each part is needed, the citation too."""
        policy.ensure_may_quote(actor, forum)
        parts = {
            name: " ".join(value.split())
            for name, value in (("source", source), ("citation", citation), ("text", text))
        }
        for name, value in parts.items():
            if not value:
                raise Invalid(field=name, reason="required")
            ensure_short(value, LONGEST[name], name)
        made = Passage(forum_id=forum.id, language=language, added_by_id=actor.person_id, added_at=clock.now(), **parts)
        self.db.add(made)
        self.db.flush()
        log.record(self.db, "passage.added", actor=actor, forum_id=forum.id, passage=str(made.id))
        return made

    def index(self, forum: Forum) -> BankIndex:
        """The network's bank as it is now. The caller has asked who may read it."""
        counted = sa.select(sa.func.count(), sa.func.min(Passage.added_at), sa.func.max(Passage.added_at))
        state = tuple(self.db.execute(counted.where(_in_network(forum))).one())
        key = (str(self.db.get_bind().engine.url), forum.network_id)

        def read() -> BankIndex:
            columns = (Passage.id, Passage.language, Passage.text, Passage.source, Passage.citation)
            return BankIndex(self.db.execute(sa.select(*columns).where(_in_network(forum)).order_by(Passage.id)))

        return log.as_of(_INDEXES, key, state, read)

    # Whole texts

    def texts(self, forum: Forum, *, actor: Actor) -> list[tuple[AdoptedText, int]]:
        """The whole texts of the network's bank and how many paragraphs each has, the one adopted last first."""
        policy.ensure_may_read(actor, forum)
        paragraphs = sa.func.count(sa.distinct(Passage.position))
        statement = (
            sa.select(AdoptedText, paragraphs)
            .join(Passage, Passage.text_id == AdoptedText.id)
            .where(AdoptedText.forum_id.in_(_network(forum)))
            .group_by(AdoptedText.id)
            .order_by(AdoptedText.adopted_on.is_(None), AdoptedText.adopted_on.desc(), AdoptedText.id)
        )
        return [(text, count) for text, count in self.db.execute(statement)]

    def text(self, forum: Forum, text_id: UUID, *, actor: Actor) -> tuple[AdoptedText, list[AdoptedRow]]:
        """One whole text with its paragraphs in order; raises `NotFound`."""
        policy.ensure_may_read(actor, forum)
        found = self.db.get(AdoptedText, text_id)
        if found is None or found.forum_id not in set(self.db.scalars(_network(forum))):
            raise NotFound(what="adopted_text", id=str(text_id))
        statement = sa.select(Passage).where(Passage.text_id == text_id).order_by(Passage.position, Passage.language)
        rows: dict[int, dict[str, Passage]] = {}
        for passage in self.db.scalars(statement):
            rows.setdefault(passage.position or 0, {})[passage.language] = passage
        return found, [_row(position, passages) for position, passages in rows.items()]

    def take_in(self, forum: Forum, wanted: AdoptedTextFields, *, actor: Actor) -> AdoptedText:
        """Bring a whole text in: every paragraph a passage in each language, aligned by what it says.

        Raises `Invalid` for a text without a title or without a paragraph, and for one that the network has already.
        """
        policy.ensure_may_quote(actor, forum)
        if wanted.adopted_on and wanted.adopted_on > clock.today(forum.timezone):
            raise Invalid(field="adopted_on", reason="not_come_yet")
        title = self._title(forum, wanted)
        symbol = " ".join(wanted.symbol.split())
        ensure_short(symbol, LONGEST["citation"], "symbol")
        ensure_printable("symbol", Trilingual(en=symbol))
        rows = [row for row in align(wanted.documents) if any(block.kind in _QUOTABLE for block in row.blocks.values())]
        if not rows:
            raise Invalid(field="text", reason="required")
        if len(rows) > MOST_PARAGRAPHS:
            raise Invalid(field="text", reason="too_many", limit=MOST_PARAGRAPHS)
        made = AdoptedText(
            id=new_id(),
            forum_id=forum.id,
            title=title,
            symbol=symbol,
            adopted_on=wanted.adopted_on,
            added_by_id=actor.person_id,
            added_at=clock.now(),
        )
        self.db.add(made)
        numbered = {language: numbers(document) for language, document in wanted.documents.items()}
        for position, row in enumerate(rows, start=1):
            for language, block in row.blocks.items():
                number = printed(numbered[language].get(block.id, ""), language)
                words = {"text": " ".join(plain(block.text).split()), "kind": block.kind.value}
                doubt = row.doubt is not None
                self.db.add(_passage(made, language, number, **words, position=position, is_doubtful=doubt))
        self._record("adopted_text.added", made, actor)
        return made

    def settle_row(self, forum: Forum, text_id: UUID, position: int, *, is_same: bool, actor: Actor) -> None:
        """Say that the languages of a paragraph answer one another, or let each stand alone. `NotFound` for none."""
        found, rows = self._own(forum, text_id, actor)
        row = existing(next((row for row in rows if row.position == position), None), "passage", position)
        for passage in row.passages.values():
            passage.is_doubtful = False
        if not is_same:
            more = len(row.passages) - 1
            after = sa.update(Passage).where(Passage.text_id == text_id, Passage.position > position)
            self.db.execute(after.values(position=Passage.position + more))
            for place, passage in enumerate(row.passages.values(), start=position):
                passage.position = place
        self._record("adopted_text.aligned", found, actor)

    def remove(self, forum: Forum, text_id: UUID, *, actor: Actor) -> None:
        """Take a whole text out of the bank of the forum that brought it in; raises `NotFound` for any other."""
        found, _ = self._own(forum, text_id, actor)
        self._record("adopted_text.removed", found, actor)
        self.db.execute(sa.delete(Passage).where(Passage.text_id == text_id))
        self.db.delete(found)
        self.db.flush()

    def opening(self, forum: Forum, text_id: UUID, *, actor: Actor) -> list[AdoptedRow]:
        """The paragraphs that open an adopted text, before its first operative one."""
        _, rows = self.text(forum, text_id, actor=actor)
        return [row for row in rows if row.kind in OPENING]

    # Parts

    def _own(self, forum: Forum, text_id: UUID, actor: Actor) -> tuple[AdoptedText, list[AdoptedRow]]:
        policy.ensure_may_quote(actor, forum)
        found, rows = self.text(forum, text_id, actor=actor)
        if found.forum_id != forum.id:
            raise NotFound(what="adopted_text", id=str(text_id))
        return found, rows

    def _title(self, forum: Forum, wanted: AdoptedTextFields) -> Trilingual:
        given = {language: " ".join(text.split()) for language, text in wanted.title.to_dict().items()}
        for language, document in wanted.documents.items():
            own = (plain(block.text) for block in document if block.kind is BlockKind.TITLE)
            given[language.value] = given[language.value] or next(own, "")
        title = Trilingual.of(given)
        if not any(given.values()):
            raise Invalid(field="title", reason="required")
        for text in given.values():
            ensure_short(text, LONGEST["source"], "title")
        ensure_printable("title", title)
        known = sa.select(AdoptedText).where(AdoptedText.forum_id.in_(_network(forum)))
        if any((other.title, other.adopted_on) == (title, wanted.adopted_on) for other in self.db.scalars(known)):
            raise Invalid(field="title", reason="text_known")
        return title

    def _record(self, kind: str, text: AdoptedText, actor: Actor) -> None:
        self.db.flush()
        log.record(self.db, kind, actor=actor, forum_id=text.forum_id, adopted_text=str(text.id))


_INDEXES: log.Readings = LRUCache(_MOST_INDEXES)


def _network(forum: Forum) -> sa.Select[UUID]:
    return sa.select(Forum.id).where(Forum.network_id == forum.network_id)


def _in_network(forum: Forum) -> sa.ColumnElement[bool]:
    return Passage.forum_id.in_(_network(forum))


def _row(position: int, passages: Mapping[str, Passage]) -> AdoptedRow:
    said = list(passages.values())
    return AdoptedRow(position, said[0].kind, any(passage.is_doubtful for passage in said), passages)


def _passage(whole: AdoptedText, language: Language, number: str, **fields: Any) -> Passage:
    where = _PARAGRAPH[language].format(number) if number else ""
    return Passage(
        forum_id=whole.forum_id,
        source=whole.title.said_in(language),
        citation=", ".join(part for part in (whole.symbol, where) if part),
        language=language.value,
        text_id=whole.id,
        added_by_id=whole.added_by_id,
        added_at=whole.added_at,
        **fields,
    )
