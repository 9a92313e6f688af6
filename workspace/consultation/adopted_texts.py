"""The bank of adopted texts: words agreed somewhere, with where exactly they stand, to quote while drafting."""

import re
from collections.abc import Sequence
from uuid import UUID

import sqlalchemy as sa
from msgspec import Struct
from rapidfuzz import fuzz

from drafts.text.markup import plain
from workspace.consultation import policy
from workspace.consultation.models import Passage
from workspace.core import clock
from workspace.core.actor import Actor
from workspace.core.errors import Invalid, NotFound
from workspace.core.storage import log
from workspace.core.storage.db import Db
from workspace.core.storage.text_search import fold_text, has_words
from workspace.declarations.domain.queries import BlockRow
from workspace.people.models import Forum

QUOTED = re.compile(r"[“«\"]\s*([^”»\"]{20,4000}?)\s*[”»\"]")
ALIKE = 80  # of a hundred: from here on words are those of the passage, with something changed
LONGEST = {"source": 300, "citation": 200, "text": 4_000}
MOST_FOUND = 50


class Misquote(Struct, frozen=True):
    """Words of a paragraph that cite an adopted text, and the passage as it was adopted, which has them otherwise."""

    block_id: UUID
    language: str
    quoted: str
    passage: str
    source: str


def misquotes(db: Db, forum_id: UUID, rows: Sequence[BlockRow]) -> list[Misquote]:
    """Every quotation in these paragraphs that is not what the bank of the forum has."""
    passages = db.scalars(sa.select(Passage).where(Passage.forum_id == forum_id)).all()
    return [
        Misquote(row.block_id, language.value, quoted, passage.text, f"{passage.source}, {passage.citation}")
        for row in (rows if passages else ())
        for language in row.texts
        for text in (" ".join(plain(row.content(language)).split()),)
        for passage in passages
        if passage.language == language and (quoted := _misquoted(text, passage))
    ]


def _misquoted(text: str, passage: Passage) -> str:
    """What the text has instead of words of the passage; "" where it quotes them rightly, or not at all."""
    adopted = fold_text(passage.text)
    cited = text.partition(f"({passage.source}, {passage.citation})")
    if cited[1] and adopted not in fold_text(cited[0]):
        return cited[0].strip()
    spans = (found[1] for found in QUOTED.finditer(text))
    return next((said for said in spans if _differs(fold_text(said).strip(" ."), adopted)), "")


def _differs(said: str, adopted: str) -> bool:
    return said not in adopted and fuzz.partial_ratio(said, adopted) >= ALIKE


class BankService:
    """Passages of adopted texts."""

    def __init__(self, db: Db) -> None:
        self.db = db

    def find(self, forum: Forum, words: str, *, actor: Actor, language: str = "") -> list[Passage]:
        """The passages that have all these words, in any order and whatever their accents; the newest first."""
        policy.ensure_may_read(actor, forum)
        rows = sa.select(Passage).where(Passage.forum_id == forum.id, has_words(Passage.folded, words))
        if language:
            rows = rows.where(Passage.language == language)
        return list(self.db.scalars(rows.order_by(Passage.id.desc()).limit(MOST_FOUND)))

    def get(self, forum: Forum, passage_id: UUID, *, actor: Actor) -> Passage:
        """One passage; raises `NotFound`."""
        policy.ensure_may_read(actor, forum)
        found = self.db.get(Passage, passage_id)
        if found is None or found.forum_id != forum.id:
            raise NotFound(what="passage", id=str(passage_id))
        return found

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
            if len(value) > LONGEST[name]:
                raise Invalid(field=name, reason="too_long", most=LONGEST[name])
        made = Passage(forum_id=forum.id, language=language, added_by_id=actor.person_id, added_at=clock.now(), **parts)
        self.db.add(made)
        self.db.flush()
        log.record(self.db, "passage.added", actor=actor, forum_id=forum.id, passage=str(made.id))
        return made
