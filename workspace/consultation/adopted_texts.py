"""The bank of adopted texts: words agreed somewhere, with where exactly they stand, to quote while drafting."""

from uuid import UUID

import sqlalchemy as sa

from workspace.consultation import policy
from workspace.consultation.models import Passage
from workspace.core import clock
from workspace.core.actor import Actor
from workspace.core.errors import Invalid, NotFound
from workspace.core.storage import log
from workspace.core.storage.db import Db
from workspace.core.storage.text_search import has_words
from workspace.people.models import Forum

LONGEST = {"source": 300, "citation": 200, "text": 4_000}
MOST_FOUND = 50


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
