"""Circulars and yearly reports, in a browser and as JSON: the list, the form in three languages, what was sent."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Annotated
from uuid import UUID

from litestar import Controller
from markupsafe import Markup
from msgspec import Meta, Struct

from drafts.text.blocks import Language
from workspace.core.actor import Actor
from workspace.core.errors import Invalid
from workspace.core.shapes import Shape, filled
from workspace.core.storage.db import Db, Trilingual
from workspace.declarations.frame import header
from workspace.editions.domain.circulars import WRITE, CircularService, CircularWords
from workspace.editions.domain.models import Circular, CircularKind
from workspace.letters.service import LetterService
from workspace.notices.listeners import people_of
from workspace.people.frame import FrameInForum, InForum
from workspace.people.models import Forum
from workspace.people.policy import may_in
from workspace.web.api import DONE, ListOf, Number, reads, removes, writes
from workspace.web.http.request_context import Body, FormBody, FromPath, Work
from workspace.web.i18n.marking import N_
from workspace.web.pages import Done, Page, field_errors, shows, takes
from workspace.web.text_html import written_html


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
    def begin_circular(self, db: Db, actor: Actor, forum: InForum, data: Body[CircularKindIn]) -> CircularOut:
        """Begin one in three languages with what the record knows."""
        return CircularOut.of(CircularService(db).begin(forum, data.kind, actor=actor), forum, actor)

    @writes("/{number:str}/text", status=DONE, policy="circular.write")
    def write_circular(
        self, db: Db, actor: Actor, forum: InForum, number: Number, data: Body[CircularIn]
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

    @removes("/{number:str}", policy="circular.write")
    def discard_circular(self, db: Db, actor: Actor, forum: InForum, number: Number) -> None:
        """Remove one that is not sent."""
        service = CircularService(db)
        service.discard(service.get(forum, number, actor=actor), actor=actor)

    @writes("/{number:str}/answers", policy="circular.read")
    def answer_circular(
        self, db: Db, actor: Actor, forum: InForum, number: Number, data: Body[CircularAnswerIn]
    ) -> CircularAnswerOut:
        """Answer for the organisation that one speaks for; the answer before is replaced."""
        service = CircularService(db)
        found = service.get(forum, number, actor=actor)
        return CircularAnswerOut.of(service.answer(found, data.text, actor=actor))


KINDS: Mapping[CircularKind, str] = {CircularKind.CIRCULAR: N_("Circular"), CircularKind.REPORT: N_("Yearly report")}


class CircularLine(Struct, frozen=True):
    """One circular. `sent_at` is None while it is being written."""

    number: int
    kind: str
    subject: str
    href: str
    sent_at: datetime | None
    sent_to: int
    answers: int
    wants_answer: bool


class CircularsPage(Page, frozen=True, kw_only=True):
    lines: Sequence[CircularLine]
    kinds: Sequence[tuple[str, str]]  # that the reader may begin


class KindForm(Struct, frozen=True):
    """What to begin."""

    kind: str = ""


class CircularForm(Struct, frozen=True):
    """The words in three languages; `act` is to keep, send or discard them. `answer` is what a member sends."""

    act: str = ""
    subject_es: str = ""
    subject_en: str = ""
    subject_fr: str = ""
    text_es: str = ""
    text_en: str = ""
    text_fr: str = ""
    wants_answer: str = ""
    answer: str = ""

    def words(self) -> CircularWords:
        return CircularWords(
            Trilingual(es=self.subject_es, en=self.subject_en, fr=self.subject_fr),
            Trilingual(es=self.text_es, en=self.text_en, fr=self.text_fr),
            bool(self.wants_answer),
        )


class AnswerLine(Struct, frozen=True):
    """What somebody answered, and when."""

    who: str
    text: str
    answered_at: datetime


class CircularPage(Page, frozen=True, kw_only=True):
    line: CircularLine
    own: CircularWords
    text: Markup
    language: str
    may_write: bool
    reached: int  # people who take part
    unreached: int  # those of them who get no letter
    answers: Sequence[AnswerLine]
    answer: str  # one's own
    languages: Sequence[Language]
    errors: Mapping[str, str]


class CircularPages(Controller):
    """What is written to the members of a forum."""

    path = "/{forum:str}/sessions/circulars"

    @shows("editions/circulars.html", name="circulars", policy="circular.read")
    def circulars(self, db: Db, work: Work, found: FrameInForum) -> CircularsPage:
        """What was sent, and what is being written."""
        rows = CircularService(db).listed(found.forum, actor=work.actor)
        may = may_in(work.actor, WRITE, found.forum)
        return CircularsPage(
            place=header(db, found, work=work),
            here="sessions",
            lines=[_line(row, found.forum, work) for row in rows],
            kinds=[(kind.value, work.messages.gettext(words)) for kind, words in KINDS.items()] if may else (),
        )

    @takes(name="begin_circular", policy="circular.write")
    def begin(self, db: Db, actor: Actor, forum: InForum, data: FormBody[KindForm]) -> Done:
        """Begin one with what the record knows."""
        kind = CircularKind(data.kind) if data.kind in set(CircularKind) else CircularKind.CIRCULAR
        return Done("circular", at={"number": CircularService(db).begin(forum, kind, actor=actor).number})

    @shows("editions/circular.html", "/{number:int}", name="circular", policy="circular.read")
    def circular(
        self,
        *,
        db: Db,
        work: Work,
        found: FrameInForum,
        number: FromPath[int],
        form: CircularForm | None = None,
        refusal: Invalid | None = None,
    ) -> CircularPage:
        """Read it, go on writing it, or answer it."""
        service, forum = CircularService(db), found.forum
        row = service.get(forum, number, actor=work.actor)
        may, own = may_in(work.actor, WRITE, forum), service.own_answer(row, actor=work.actor)
        return CircularPage(
            place=header(db, found, work=work),
            here="sessions",
            line=_line(row, forum, work),
            own=form.words()
            if form and form.act != "answer"
            else CircularWords(row.subject, row.text, row.wants_answer),
            text=written_html(row.text.said_in(work.language)),
            language=work.language,
            may_write=may and row.sent_at is None,
            reached=len(people_of(db, forum)) if may else 0,
            unreached=LetterService(db).unreached(forum) if may else 0,
            answers=[
                AnswerLine((answer.organisation or answer.person).name, answer.text, forum.local(answer.answered_at))
                for answer in row.answers
                if may
            ],
            answer=form.answer if form else own.text if own else "",
            languages=tuple(Language),
            errors=field_errors(work, refusal),
        )

    @takes("/{number:int}", again=circular, name="write_circular", policy="circular.read")
    def write(self, db: Db, work: Work, forum: InForum, number: FromPath[int], data: FormBody[CircularForm]) -> Done:
        """Keep its words, send it, discard it, or answer it."""
        service, actor, say = CircularService(db), work.actor, work.messages
        found = service.get(forum, number, actor=actor)
        if data.act == "answer":
            service.answer(found, data.answer, actor=actor)
            return Done("circular", say.gettext("Answer sent."))
        if data.act == "discard":
            service.discard(found, actor=actor)
            return Done("circulars", say.gettext("Discarded."))
        service.write(found, data.words(), actor=actor)
        if data.act != "send":
            return Done("circular", say.gettext("Saved."))
        service.send(found, actor=actor)
        return Done("circular", say.ngettext("One e-mail sent.", "%(n)s e-mails sent.", found.sent_to or 0))


def _line(row: Circular, forum: Forum, work: Work) -> CircularLine:
    return CircularLine(
        number=row.number,
        kind=work.messages.gettext(KINDS[row.kind]),
        subject=row.subject.said_in(work.language),
        href=work.url_for("circular", forum=forum.slug, number=row.number),
        sent_at=forum.local(row.sent_at) if row.sent_at else None,
        sent_to=row.sent_to,
        answers=len(row.answers),
        wants_answer=row.wants_answer,
    )
