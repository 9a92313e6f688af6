"""Circulars and yearly reports, as programs read and send them."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

from litestar import Controller
from msgspec import Meta, Struct

from workspace.core.actor import Actor
from workspace.core.shapes import Shape, filled
from workspace.core.storage.db import Db, Trilingual
from workspace.editions.domain.circulars import WRITE, CircularService, CircularWords
from workspace.editions.domain.models import Circular, CircularKind
from workspace.people.frame import InForum
from workspace.people.models import Forum
from workspace.people.policy import may_in
from workspace.web.api import DONE, ListOf, Number, reads, writes
from workspace.web.http.request_context import JSONBody


class CircularKindIn(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What to begin: a circular of what is open, or a yearly report."""

    kind: CircularKind


class CircularIn(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The words of a circular, in up to three languages until it is sent."""

    subject: Trilingual
    text: Trilingual
    wants_answer: bool = False


class CircularAnswerIn(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What is answered, for the organisation that one speaks for."""

    text: Annotated[str, Meta(max_length=20_000)]


class CircularAnswerOut(Shape, frozen=True, kw_only=True):
    """What an organisation answered, or a person who speaks for none."""

    organisation_id: UUID | None
    person_id: UUID
    text: str
    answered_at: datetime


class CircularOut(Struct, frozen=True, kw_only=True):
    """A circular. `sent_to` counts the e-mails; `answers` are listed for who writes circulars."""

    id: UUID
    number: int
    kind: CircularKind
    subject: Trilingual
    text: Trilingual
    wants_answer: bool
    sent_at: datetime | None
    sent_to: int
    answers: list[CircularAnswerOut]

    @classmethod
    def of(cls, circular: Circular, forum: Forum, actor: Actor) -> "CircularOut":
        answers = circular.answers if may_in(actor, WRITE, forum) else ()
        return filled(cls, circular, answers=[CircularAnswerOut.of(answer) for answer in answers])


class CircularApi(Controller):
    """What is written to the members of a forum."""

    path = "/api/forums/{forum:str}/circulars"
    tags = ("Follow-up",)

    @reads("/", policy="circular.read")
    def list_circulars(self, db: Db, actor: Actor, forum: InForum) -> ListOf[CircularOut]:
        """List the circulars that were sent, newest first; and those being written, for who writes them."""
        rows = CircularService(db).listed(forum, actor=actor)
        return ListOf(items=[CircularOut.of(row, forum, actor) for row in rows])

    @writes("/", policy="circular.write")
    def begin_circular(self, db: Db, actor: Actor, forum: InForum, data: JSONBody[CircularKindIn]) -> CircularOut:
        """Begin one in three languages with what the record knows."""
        return CircularOut.of(CircularService(db).begin(forum, data.kind, actor=actor), forum, actor)

    @writes("/{number:str}/text", status=DONE, policy="circular.write")
    def write_circular(
        self, db: Db, actor: Actor, forum: InForum, number: Number, data: JSONBody[CircularIn]
    ) -> CircularOut:
        """Put these words in one that is not sent."""
        service = CircularService(db)
        found = service.get(forum, number, actor=actor)
        service.write(found, filled(CircularWords, data), actor=actor)
        return CircularOut.of(found, forum, actor)

    @writes("/{number:str}/sending", status=DONE, policy="circular.write")
    def send_circular(self, db: Db, actor: Actor, forum: InForum, number: Number) -> CircularOut:
        """Send it to everybody who takes part; it does not change any more."""
        service = CircularService(db)
        found = service.get(forum, number, actor=actor)
        service.send(found, actor=actor)
        return CircularOut.of(found, forum, actor)

    @writes("/{number:str}/answers", policy="circular.read")
    def answer_circular(
        self, db: Db, actor: Actor, forum: InForum, number: Number, data: JSONBody[CircularAnswerIn]
    ) -> CircularAnswerOut:
        """Answer for the organisation that one speaks for; the answer before is replaced."""
        service = CircularService(db)
        found = service.get(forum, number, actor=actor)
        return CircularAnswerOut.of(service.answer(found, data.text, actor=actor))
