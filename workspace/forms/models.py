"""Forms with a public address, and the answers that came in by them."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

import msgspec
import sqlalchemy as sa
from msgspec import Struct
from sqlalchemy.orm import Mapped, mapped_column, relationship

from workspace.core import clock
from workspace.core.events import PersonErased
from workspace.core.storage.db import Db, Model, Trilingual, primary_key
from workspace.core.storage.forum_scope import scope
from workspace.people.models import Forum, Organisation, Person


class FormKind(StrEnum):
    """What a form is for."""

    CALL = "call"
    CONCEPT_NOTE = "concept_note"
    QUESTIONNAIRE = "questionnaire"
    REPORT = "report"


class Respondent(StrEnum):
    """Who answers a form once: each organisation, or each person."""

    ORGANISATION = "organisation"
    PERSON = "person"


class FieldKind(StrEnum):
    """How a question of a form is answered."""

    TEXT = "text"
    CHOICE = "choice"
    CHOICES = "choices"
    SCALE = "scale"
    SESSION = "session"


class AnswerState(StrEnum):
    """How far an answer got: its address is not confirmed, or another of the same organisation counts; or it counts."""

    RECEIVED = "received"
    COUNTED = "counted"
    SET_ASIDE = "set_aside"


class FormField(Struct, frozen=True, kw_only=True):
    """A question. `limit` is the most words of a text (0: none), or the highest number of a scale.

    `options` are the wordings of what can be chosen; an answer names each by its place, from "0".
    """

    key: str
    kind: FieldKind = FieldKind.TEXT
    label: dict[str, str]
    options: Sequence[dict[str, str]] = ()
    limit: int = 0
    is_required: bool = False

    def said_in(self, language: str) -> str:
        return Trilingual.of(self.label).said_in(language)

    def values(self, language: str) -> Mapping[str, str]:
        """What can be chosen, each with its wording; empty for a text."""
        if self.kind is FieldKind.SCALE:
            return {str(number): str(number) for number in range(1, self.limit + 1)}
        return {str(place): Trilingual.of(option).said_in(language) for place, option in enumerate(self.options)}


class Form(Model):
    """A form of a forum. It is open from `opens_at`, without one it is a draft; until `closes_at`, where there is one.

    `fields` are `FormField`s.
    """

    __tablename__ = "form"
    __table_args__ = (sa.UniqueConstraint("forum_id", "number"),)

    id: Mapped[UUID] = primary_key()
    forum_id: Mapped[UUID] = mapped_column(sa.ForeignKey("forum.id"))
    number: Mapped[int]
    kind: Mapped[FormKind]
    respondent: Mapped[Respondent]
    title: Mapped[Trilingual]
    introduction: Mapped[Trilingual]
    fields: Mapped[list[dict[str, Any]]] = mapped_column(sa.JSON)
    opens_at: Mapped[datetime | None]
    closes_at: Mapped[datetime | None]

    forum: Mapped[Forum] = relationship()

    @property
    def questions(self) -> list[FormField]:
        return msgspec.convert(self.fields, list[FormField])

    @property
    def is_open(self) -> bool:
        now = clock.now()
        return self.opens_at is not None and self.opens_at <= now and (self.closes_at is None or now < self.closes_at)


class FormAnswer(Model):
    """What somebody answered: text, the place of a choice or a list of places, by the key of the question.

    `organisation_name` is as it was given, where the register does not know it; `is_name_kept` says that somebody
    looked and left it so. `taken` are the numbers of the recommendations that came of each text, `earlier` what it
    said before each correction, oldest first: its `content`, and the moment `until` which it stood.
    """

    __tablename__ = "form_answer"
    __table_args__ = (sa.UniqueConstraint("form_id", "number"),)

    id: Mapped[UUID] = primary_key()
    form_id: Mapped[UUID] = mapped_column(sa.ForeignKey("form.id"))
    number: Mapped[int]
    language: Mapped[str] = mapped_column(sa.String(3))
    person_id: Mapped[UUID] = mapped_column(sa.ForeignKey("person.id"), index=True)
    organisation_id: Mapped[UUID | None] = mapped_column(sa.ForeignKey("organisation.id"), index=True)
    organisation_name: Mapped[str]
    is_name_kept: Mapped[bool] = mapped_column(default=False)
    content: Mapped[dict[str, Any]] = mapped_column(sa.JSON)
    state: Mapped[AnswerState]
    reason: Mapped[str] = mapped_column(default="")
    sent_at: Mapped[datetime]
    changed_at: Mapped[datetime | None]
    settled_by_id: Mapped[UUID | None] = mapped_column(sa.ForeignKey("person.id"))
    session_id: Mapped[UUID | None] = mapped_column(sa.ForeignKey("session.id"), index=True)
    taken: Mapped[dict[str, list[int]]] = mapped_column(sa.JSON, default=dict)
    earlier: Mapped[list[dict[str, Any]]] = mapped_column(sa.JSON, default=list, server_default="[]")

    form: Mapped[Form] = relationship()
    person: Mapped[Person] = relationship(foreign_keys=[person_id])
    organisation: Mapped[Organisation | None] = relationship()

    @property
    def voice(self) -> str:
        """For whom it was given."""
        return self.organisation.name if self.organisation else self.organisation_name or self.person.name

    @property
    def is_used(self) -> bool:
        """Whether something was made of it."""
        return self.session_id is not None or bool(self.taken)


def forget(db: Db, event: PersonErased) -> None:
    """Listener: what an erased person answered for themselves goes; what they answered for an organisation stays."""
    own = (FormAnswer.person_id == event.person_id, FormAnswer.organisation_id.is_(None))
    gone = db.scalars(sa.select(FormAnswer).where(*own, FormAnswer.organisation_name == ""))
    for answer in gone:
        answer.content, answer.earlier, answer.state = {}, [], AnswerState.SET_ASIDE


SCOPES = (scope(Form, Form.forum_id), scope(FormAnswer, FormAnswer.form_id, persons=FormAnswer.person_id))
