"""What somebody is still writing: kept on the server for its author alone, on whatever device.

Nothing of a draft is in the log or in an export: it is nobody else's until it is filed or saved. Where two tabs write
on one draft, the later one does not overwrite what it has not seen; a door keeps its words as a draft of their own.
"""

from datetime import datetime
from typing import Any, Generic, TypeVar
from uuid import UUID

import msgspec
import sqlalchemy as sa
from msgspec import Struct
from sqlalchemy.orm import Mapped, mapped_column

from workspace.core import clock
from workspace.core.actor import Actor
from workspace.core.errors import Invalid, NotFound, Stale
from workspace.core.events import PersonErased
from workspace.core.storage.db import Db, Model, Service, lock_for_writing, new_id, primary_key
from workspace.declarations.domain.models import Declaration

MOST_DRAFTS = 50  # of one kind, of one person in one declaration


class PersonalDraft(Model):
    """Something that somebody is still writing: theirs alone, kept as often as they pause, gone once it is filed.

    `content` is encoded. Each time it is kept it gets another `version`, so that what is written at two desks at once
    is never overwritten unseen.
    """

    __abstract__ = True

    id: Mapped[UUID] = primary_key()
    declaration_id: Mapped[UUID] = mapped_column(sa.ForeignKey("declaration.id"), index=True)
    person_id: Mapped[UUID] = mapped_column(sa.ForeignKey("person.id"), index=True)
    version: Mapped[UUID]
    content: Mapped[dict[str, Any]] = mapped_column(sa.JSON)
    begun_at: Mapped[datetime]
    kept_at: Mapped[datetime]


D = TypeVar("D", bound=PersonalDraft)
C = TypeVar("C", bound=Struct)


class DraftService(Service, Generic[D, C]):
    """The drafts of one person; nobody else's are ever seen."""

    model: type[D]

    def of(self, declaration: Declaration, *, actor: Actor) -> list[D]:
        """One's own drafts in this declaration, the one kept last first."""
        statement = sa.select(self.model).where(
            self.model.declaration_id == declaration.id, self.model.person_id == actor.person_id
        )
        return list(self.db.scalars(statement.order_by(self.model.kept_at.desc(), self.model.id)))

    def get(self, draft_id: UUID, *, actor: Actor) -> D:
        """Raises `NotFound` for one that is not there, or is somebody else's."""
        draft = self.db.get(self.model, draft_id)
        if draft is None or actor.person_id is None or draft.person_id != actor.person_id:
            raise NotFound(what="draft", id=str(draft_id))
        return draft

    def begin(self, declaration: Declaration, content: C, *, actor: Actor) -> D:
        """Keep something new; raises `Invalid` for too much of it, or for too many drafts."""
        self.ensure_may_keep(actor, declaration, content)
        if len(self.of(declaration, actor=actor)) >= MOST_DRAFTS:
            raise Invalid(field="draft", reason="too_many", limit=MOST_DRAFTS)
        draft = self.model(declaration_id=declaration.id, person_id=actor.person_id, begun_at=clock.now())
        self.db.add(draft)
        return self._kept(draft, content)

    def keep(self, draft_id: UUID, content: C, *, expected: UUID, actor: Actor) -> D:
        """Put newer words in the place of those of version `expected`; raises `Stale` where others were kept since."""
        lock_for_writing(self.db, self.model, draft_id)
        draft = self.get(draft_id, actor=actor)
        self.ensure_may_keep(actor, self.db.get_one(Declaration, draft.declaration_id), content)
        if draft.version != expected:
            raise Stale(expected=str(expected), head=str(draft.version))
        return self._kept(draft, content)

    def kept(
        self, declaration: Declaration, content: C, *, draft_id: UUID | None, version: UUID | None, actor: Actor
    ) -> D:
        """Keep what is in a form, once. Where another tab has kept other words since, both are kept."""
        if draft_id is not None and version is not None:
            try:
                return self.keep(draft_id, content, expected=version, actor=actor)
            except (Stale, NotFound):  # kept by another tab, or filed or thrown away there: then this is another one
                pass
        same = msgspec.json.decode(msgspec.json.encode(content))  # sent again by a page that was left meanwhile
        kept = (draft for draft in self.of(declaration, actor=actor) if draft.content == same)
        return next(kept, None) or self.begin(declaration, content, actor=actor)

    def discard(self, draft_id: UUID, *, actor: Actor) -> None:
        """Throw a draft of one's own away, for good."""
        self.db.delete(self.get(draft_id, actor=actor))
        self.db.flush()

    def ensure_may_keep(self, actor: Actor, declaration: Declaration, content: C) -> None:
        """Raise `NotAllowed` for who may not write such a thing here, `Invalid` for more than can be kept."""
        raise NotImplementedError

    def _kept(self, draft: D, content: C) -> D:
        draft.content, draft.version, draft.kept_at = msgspec.to_builtins(content), new_id(), clock.now()
        self.db.flush()
        return draft


def forget(db: Db, event: PersonErased) -> None:
    """What somebody had not filed goes with them."""
    for model in PersonalDraft.__subclasses__():
        db.execute(sa.delete(model).where(model.person_id == event.person_id))
