"""The review screen: from what was read of a document to what the register has, in the browser."""

import re
from typing import get_args
from uuid import UUID

import msgspec
from litestar import Controller, Response, get, post
from litestar.di import NamedDependency
from msgspec import Struct, field
from msgspec.structs import replace

from workspace.consultation.service import ReviewService
from workspace.core.actor import Actor
from workspace.core.db import Db
from workspace.core.errors import Invalid, NotFound
from workspace.core.shapes import filled
from workspace.desk.review import review_page
from workspace.people.frame import forum_frame
from workspace.people.models import Forum
from workspace.recommendations.models import Standing
from workspace.sessions.correcting import CorrectionIn
from workspace.sessions.extraction import Confirmation, SessionDetails
from workspace.sessions.models import Session
from workspace.sessions.service import SessionService
from workspace.web.i18n import N_
from workspace.web.pages import field_errors, page, redirect
from workspace.web.params import FromPath, URLEncodedBody
from workspace.web.services import Work

SAID = {
    "confirm": N_("Recommendation %(number)s is confirmed."),
    "drop": N_("Recommendation %(number)s is dropped; it stays listed here."),
    "take_back": N_("Recommendation %(number)s is to be confirmed again."),
    "reword": N_("The words of recommendation %(number)s are changed; those of the note stay beside them."),
    "divide": N_("Recommendation %(number)s is divided."),
    "join": N_("Recommendation %(number)s has the words of its neighbour too."),
    "add": N_("Recommendation %(number)s is added, to be confirmed."),
}
CONFIRM_ALL, ADD = "confirm_all", "add"
_CONFIRMATIONS: tuple[str, ...] = get_args(Confirmation)
_MOST_LINE = 2_000_000


class ReviewForm(Struct, frozen=True):
    """Any of the forms of the screen: `act` says which; `number` is the item's."""

    act: str = ""
    number: int = 0
    other: int = 0
    text: str = ""
    reason: str = ""
    first: str = ""
    last: str = ""
    session: str = ""
    digest: str = ""

    def parts(self) -> list[str]:
        """The text as empty lines divide it."""
        return [part for part in re.split(r"\n\s*\n", self.text.replace("\r\n", "\n").strip()) if part.strip()]

    def line(self, which: str) -> int | None:
        number = int(which) if which.isdecimal() and len(which) < 8 else 0  # noqa: PLR2004  (no document is longer)
        return number if 0 < number <= _MOST_LINE else None

    def to_dict(self) -> dict[str, str]:
        return {"act": self.act, "number": str(self.number), "text": self.text, "first": self.first, "last": self.last}


class SittingFields(Struct, frozen=True):
    """The facts of a session as they were sent."""

    title: str = ""
    starts: str = ""
    ends: str = ""
    place: str = ""
    room: str = ""
    platform: str = ""
    kind: str = ""
    theme: str = ""
    subtheme: str = ""
    language: list[str] | str = field(default_factory=list)  # one that is ticked alone comes as a word
    confirmed: list[str] | str = field(default_factory=list)
    back: str = ""

    def correction(self, moderators: int) -> CorrectionIn:
        """What is corrected; of the people of a session, those who moderate come first."""
        states = [self.confirmed] if isinstance(self.confirmed, str) else self.confirmed
        people: tuple[Confirmation, ...] = tuple(
            msgspec.convert(one if one in _CONFIRMATIONS else "unknown", Confirmation) for one in states
        )
        languages = [self.language] if isinstance(self.language, str) else self.language
        return filled(
            CorrectionIn,
            self,
            working_languages=tuple(languages),
            moderators=people[:moderators],
            speakers=people[moderators:],
        )


class ReviewPages(Controller):
    """Looking through what was read."""

    path = "/{forum:str}/sessions"

    @get("/documents/{document_id:uuid}", name="review", sync_to_thread=True, policy="recommendation.confirm_merge")
    def review(self, work: NamedDependency[Work], forum: FromPath[str], document_id: FromPath[UUID]) -> Response[str]:
        """The document and what was read from it."""
        with work.reading() as db:
            context = review_page(db, forum, document_id, work=work)
        return page(work, "desk/review.html", context)

    @post(
        "/documents/{document_id:uuid}",
        name="settle_review",
        sync_to_thread=True,
        policy="recommendation.confirm_merge",
    )
    def settle(
        self,
        work: NamedDependency[Work],
        forum: FromPath[str],
        document_id: FromPath[UUID],
        data: URLEncodedBody[ReviewForm],
    ) -> Response[str] | Response[None]:
        """One step of the review; then on to the next item."""
        actor = work.actor
        try:
            with work.writing() as db:
                where = forum_frame(db, forum, work=work).forum
                step = _Step(db, where, document_id, actor, work)
                said, to = step.take(data)
        except Invalid as refusal:
            with work.reading() as db:
                context = review_page(
                    db, forum, document_id, work=work, errors=field_errors(work, refusal), sent=data.to_dict()
                )
            return page(work, "desk/review.html", context, status=422)
        return redirect(work, work.url_for("review", forum=forum, document_id=document_id) + to, said=said)

    @post("/{session_id:uuid}/facts", name="correct_session", sync_to_thread=True, policy="session.edit")
    def correct_session(
        self,
        work: NamedDependency[Work],
        forum: FromPath[str],
        session_id: FromPath[UUID],
        data: URLEncodedBody[SittingFields],
    ) -> Response[str] | Response[None]:
        """Confirm or correct what was read of one session."""
        actor = work.actor
        with work.reading() as db:
            document_id = _sitting(db, forum_frame(db, forum, work=work).forum, session_id, actor).document_id
        sent = CorrectionIn()
        try:
            with work.writing() as db:
                service = SessionService(db)
                session = _sitting(db, forum_frame(db, forum, work=work).forum, session_id, actor)
                moderators = len(msgspec.convert(session.details, SessionDetails).found.moderators)
                sent = data.correction(moderators)
                service.correct(session, sent, actor=actor)
                number = session.number
        except Invalid as refusal:
            if document_id is None:
                raise
            errors = field_errors(work, refusal)
            with work.reading() as db:
                context = review_page(db, forum, document_id, work=work, errors=errors)
            kept = [session.with_sent(sent) if session.id == session_id else session for session in context.sittings]
            return page(work, "desk/review.html", replace(context, sittings=kept), status=422)
        said = work.messages.gettext("The facts of session %(number)s are confirmed.", number=number)
        to = work.url_for("session", forum=forum, session_id=session_id)
        if document_id is not None:
            to = work.url_for("review", forum=forum, document_id=document_id) + f"#session-{number}"
        return redirect(work, to, said=said)


def _sitting(db: Db, forum: Forum, session_id: UUID, actor: Actor) -> Session:
    session = SessionService(db).get(session_id, actor=actor)
    if session.forum_id != forum.id:
        raise NotFound(what="session", id=str(session_id))
    return session


class _Step:
    """One step of the review, taken inside a unit of work."""

    def __init__(self, db: Db, forum: Forum, document_id: UUID, actor: Actor, work: Work) -> None:
        self.service, self.actor, self.work, self.forum = ReviewService(db), actor, work, forum
        self.document, self.sessions = self.service.document(document_id, actor=actor)
        if self.document.forum_id != forum.id:
            raise NotFound(what="document", id=str(document_id))

    def take(self, form: ReviewForm) -> tuple[str, str]:
        """Do it; what was kept, in words, and the place of the page to go on with."""
        say = self.work.messages
        if form.act == CONFIRM_ALL:
            count = self.service.confirm_rest(self.sessions, actor=self.actor)
            words = say.ngettext("One recommendation is confirmed.", "%(n)s recommendations are confirmed.", count)
            return words, "#items"
        if form.act == "look_at":
            self._look_at(form)
            return say.gettext("Noted: somebody has looked at it."), "#findings"
        number = self._add(form) if form.act == ADD else self._settled(form)
        act = "divide" if form.act == "reword" and len(form.parts()) > 1 else form.act
        return say.gettext(SAID[act], number=number), f"#item-{self._next(form, number)}"

    def _settled(self, form: ReviewForm) -> int:
        (item,) = self.service.register.chosen(self.forum, [form.number])
        if item.session_id not in {one.id for one in self.sessions}:
            raise NotFound(what="recommendation", id=str(form.number))
        match form.act:
            case "confirm":
                self.service.register.settle(self.forum, [item.number], Standing.CONFIRMED, actor=self.actor)
            case "drop":
                self.service.drop(item, reason=form.reason, actor=self.actor)
            case "take_back":
                self.service.take_back(item, actor=self.actor)
            case "reword":
                parts = form.parts()
                if len(parts) > 1:
                    self.service.divide(item, parts, actor=self.actor)
                else:
                    self.service.reword(item, form.text, actor=self.actor)
            case "join":
                (other,) = self.service.register.chosen(self.forum, [form.other])
                self.service.join(item, other, actor=self.actor)
            case _:
                raise Invalid(field="act", reason="required")
        return item.number

    def _add(self, form: ReviewForm) -> int:
        first = form.line(form.first)
        session = next((one for one in self.sessions if str(one.id) == form.session), None)
        return self.service.add(
            self.document,
            session or self._nearest(first),
            text=form.text,
            first=first,
            last=form.line(form.last),
            actor=self.actor,
        ).number

    def _nearest(self, line: int | None) -> Session:
        """The session that the items before this line belong to."""
        before = [one for one in self.service.items(self.sessions) if line and one.line and one.line <= line]
        known = {one.id: one for one in self.sessions}
        return next((known[one.session_id] for one in reversed(before) if one.session_id in known), self.sessions[0])

    def _look_at(self, form: ReviewForm) -> None:
        session = next((one for one in self.sessions if str(one.id) == form.session), None)
        if session is None:
            raise NotFound(what="session", id=form.session)
        self.service.look_at(session, form.digest, actor=self.actor)

    def _next(self, form: ReviewForm, number: int) -> int:
        """The item to go on with: the next one to be confirmed after one that was settled, else the same one."""
        if form.act not in {"confirm", "drop"}:
            return number
        items = self.service.items(self.sessions)
        place = next((at for at, one in enumerate(items) if one.number == number), 0)
        waiting = (one for one in (*items[place + 1 :], *items[:place]) if one.standing is Standing.PROPOSED)
        return next((one.number for one in waiting), number)
