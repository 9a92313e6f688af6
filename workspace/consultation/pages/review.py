"""The review screen: from what was read of a document to what the register has, in the browser."""

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from typing import get_args
from uuid import UUID

import msgspec
from litestar import Controller, Response
from msgspec import Struct, field
from msgspec.structs import replace

from workspace.consultation import policy
from workspace.consultation.models import Trace, why_set_aside
from workspace.consultation.review import ReviewService, finding_digest
from workspace.core.actor import Actor
from workspace.core.errors import Invalid, NotFound
from workspace.core.shapes import filled
from workspace.core.storage.db import Db
from workspace.core.validation import whole_number
from workspace.declarations.frame import header
from workspace.people.frame import forum_frame
from workspace.people.models import Forum
from workspace.recommendations.models import Recommendation, RecommendationStatus
from workspace.recommendations.policy import may_settle
from workspace.sessions.corrections import SessionCorrectionIn, changed_fields
from workspace.sessions.extraction import Confirmation, Person, SessionDetails
from workspace.sessions.models import Session, SourceDocument
from workspace.sessions.pages.programme import SEVERITIES, finding_sentence
from workspace.sessions.service import SessionService
from workspace.sessions.source_lines import SourceLines, Span
from workspace.web.http.request_context import CurrentWork, FromPath, Slug, URLEncodedBody, Work
from workspace.web.http.routing import get, post
from workspace.web.i18n.marking import N_
from workspace.web.i18n.messages import LANGUAGES
from workspace.web.pages import Page, field_errors, page, redirect

OTHER_LANGUAGES = ("es", "en", "fr", "pt", "ar", "zh", "ru")  # that sessions are held in besides what a note names


class LinePart(Struct, frozen=True):
    """Words of one line: those of an item carry its number."""

    words: str
    number: int = 0
    standing: RecommendationStatus | None = None


class SourceLine(Struct, frozen=True):
    """One line of the document. `findings` are the places of inconsistencies told about it."""

    pieces: Sequence[LinePart]
    has_finding: bool


class ReviewItem(Struct, frozen=True):
    """What was read as a recommendation, or added. `original` are its words as read, where they were changed."""

    number: int
    text: str
    language: str
    standing: RecommendationStatus
    line: int | None
    section: str
    original: str
    reason: str
    came_from: int | None
    may_settle: bool
    next_number: int | None  # of the neighbour that it can be joined with


class ReviewedSpeaker(Struct, frozen=True):
    """Who speaks or moderates, and whether they have confirmed."""

    name: str
    about: str
    confirmed: str
    is_moderator: bool


class SessionForm(Struct, frozen=True):
    """The facts of one session, to confirm or correct. `was` is what the note says, where something else is said."""

    id: UUID
    number: int
    title: str
    language: str
    values: Mapping[str, str]
    was: Mapping[str, str]
    languages: Sequence[tuple[str, str, bool]]
    people: Sequence[ReviewedSpeaker]
    verbatim: str
    is_confirmed: bool
    may_edit: bool
    is_sent: bool = False

    def with_sent(self, sent: SessionCorrectionIn) -> "SessionForm":
        """The same with what somebody typed, where that was refused: nothing of it has to be typed again."""
        states = [*(sent.moderators or ()), *(sent.speakers or ())]
        ticked = sent.working_languages or ()
        people = [replace(person, confirmed=state) for person, state in zip(self.people, states, strict=False)]
        return replace(
            self,
            is_sent=True,
            values={name: getattr(sent, name) or "" for name in self.values},
            languages=[(code, name, code in ticked) for code, name, _ in self.languages],
            people=[*people, *self.people[len(people) :]],
        )


class ReviewFinding(Struct, frozen=True):
    """An inconsistency, told in English, with the places where it can be read."""

    session: UUID
    digest: str
    words: str
    kind: str
    evidence: Sequence[tuple[str, int | None]]
    is_seen: bool
    may_see: bool


class ReviewPage(Page, frozen=True, kw_only=True):
    document: UUID
    name: str
    language: str
    lines: Sequence[SourceLine]
    items: Sequence[ReviewItem]
    sittings: Sequence[SessionForm]
    findings: Sequence[ReviewFinding]
    programme: str
    register: str
    left: int  # items that nobody has settled
    unseen: int
    here_is: int  # the item to go on with, 0 for none
    errors: Mapping[str, str]
    sent: Mapping[str, str]  # a form that was refused


def review_page(
    db: Db,
    forum_slug: str,
    document_id: UUID,
    *,
    work: Work,
    errors: Mapping[str, str] | None = None,
    sent: Mapping[str, str] | None = None,
) -> ReviewPage:
    """The document and everything read from it; the number of queries does not grow with either."""
    found = forum_frame(db, forum_slug, work=work)
    service = ReviewService(db)
    document, sessions = service.document(document_id, actor=work.actor)
    if document.forum_id != found.forum.id:
        raise NotFound(what="document", id=str(document_id))
    rows = service.items(sessions)
    items = _items(rows, service.traces(rows), actor=work.actor)
    findings = _findings(sessions, service.seen(sessions), work)
    return ReviewPage(
        place=header(db, found, work=work),
        here="sessions",
        document=document.id,
        name=document.name,
        language=_tag(document.language),
        lines=document_lines(document, rows, findings),
        items=items,
        sittings=[_sitting_form(session, work) for session in sessions],
        findings=findings,
        programme=work.url_for("sessions", forum=forum_slug),
        register=work.url_for(
            "recommendations", forum=forum_slug, session=sessions[0].id if len(sessions) == 1 else None
        ),
        left=sum(review_item.standing is RecommendationStatus.PROPOSED for review_item in items),
        unseen=sum(not finding.is_seen for finding in findings),
        here_is=next(
            (review_item.number for review_item in items if review_item.standing is RecommendationStatus.PROPOSED), 0
        ),
        errors=errors or {},
        sent=sent or {},
    )


def document_lines(
    document: SourceDocument, rows: Sequence[Recommendation], findings: Sequence[ReviewFinding]
) -> list[SourceLine]:
    """The lines of a document, in pieces: the words of an item apart from those around it."""
    lines = SourceLines(document.text)
    marks: dict[int, list[tuple[Span, Recommendation]]] = defaultdict(list)
    for row in rows:
        spans = lines.find(row.text, near=row.line)
        if not spans and row.line and row.line <= len(lines.lines):
            spans = {row.line: (0, len(lines.lines[row.line - 1]))}
        for line, span in spans.items():
            marks[line].append((span, row))
    named = {line for finding in findings for _, line in finding.evidence if line}
    return [
        SourceLine(tuple(_pieces(text, marks.get(place, ()))), place in named)
        for place, text in enumerate(lines.lines, start=1)
    ]


def _pieces(text: str, marks: Sequence[tuple[Span, Recommendation]]) -> Iterator[LinePart]:
    at = 0
    for (start, end), row in sorted(marks, key=lambda mark: mark[0]):
        begin = max(start, at)
        if begin >= end:
            continue
        if begin > at:
            yield LinePart(text[at:begin])
        yield LinePart(text[begin:end], row.number, row.standing)
        at = end
    if at < len(text) or not at:
        yield LinePart(text[at:])


def _items(rows: Sequence[Recommendation], traces: Mapping[UUID, Trace], *, actor: Actor) -> list[ReviewItem]:
    numbers = {row.id: row.number for row in rows}
    return [
        _item(row, traces.get(row.id), numbers, _neighbour(row, rows[place + 1 :]), actor)
        for place, row in enumerate(rows)
    ]


def _neighbour(row: Recommendation, after: Sequence[Recommendation]) -> int | None:
    """The next item that is not dropped, if it was said in the same session."""
    following = next(
        (recommendation for recommendation in after if recommendation.standing is not RecommendationStatus.DROPPED),
        None,
    )
    return following.number if following and following.session_id == row.session_id else None


def _item(
    row: Recommendation, trace: Trace | None, numbers: Mapping[UUID, int], following: int | None, actor: Actor
) -> ReviewItem:
    return filled(
        ReviewItem,
        row,
        language=_tag(row.language),
        original=trace.original if trace and trace.original != row.text else "",
        reason=why_set_aside(row, trace),
        came_from=numbers.get(trace.came_from_id) if trace and trace.came_from_id else None,
        may_settle=may_settle(actor, row.forum, row),
        next_number=following,
    )


def _sitting_form(session: Session, work: Work) -> SessionForm:
    details = msgspec.convert(session.details, SessionDetails)
    found = details.found
    was = changed_fields(msgspec.convert(session.as_read, SessionDetails).found, found) if session.as_read else {}
    spoken = dict.fromkeys((*found.working_languages, *OTHER_LANGUAGES))
    return SessionForm(
        id=session.id,
        number=session.number,
        title=found.title,
        language=_tag(session.language),
        values={
            "title": found.title,
            "starts": found.start or "",
            "ends": found.end or "",
            "place": found.place or "",
            "room": found.room or "",
            "platform": found.platform or "",
            "kind": found.type or "",
            "theme": found.thematic_line or "",
            "subtheme": found.subtheme or "",
        },
        was={field: words for field, words in was.items() if words},
        languages=[
            (language, str(work.messages.locale.languages.get(language, language)), language in found.working_languages)
            for language in spoken
        ],
        people=[_somebody(person, is_moderator=True) for person in found.moderators]
        + [_somebody(person, is_moderator=False) for person in found.speakers],
        verbatim=found.time_verbatim or "",
        is_confirmed=session.confirmed_at is not None,
        may_edit=policy.may_edit(work.actor, session),
    )


def _somebody(person: Person, *, is_moderator: bool) -> ReviewedSpeaker:
    parts = [part for part in (person.name, person.role, person.organisation) if part]
    return ReviewedSpeaker(parts[0] if parts else "", ", ".join(parts[1:]), person.confirmed, is_moderator)


def _findings(sessions: Sequence[Session], seen: frozenset[tuple[UUID, str]], work: Work) -> list[ReviewFinding]:
    found = []
    for session in sessions:
        details = msgspec.convert(session.details, SessionDetails)
        may_see = policy.may_edit(work.actor, session)
        for inconsistency in details.inconsistencies:
            digest = finding_digest(inconsistency)
            evidence = [(each.quote, each.line) for each in inconsistency.evidence]
            said = finding_sentence(inconsistency.description, work.messages)
            found.append(
                ReviewFinding(
                    session.id,
                    digest,
                    f"{session.title}: {said}" if len(sessions) > 1 and inconsistency.session is not None else said,
                    SEVERITIES[inconsistency.severity],
                    evidence,
                    (session.id, digest) in seen,
                    may_see,
                )
            )
    return found


def _tag(language: str) -> str:
    return language if language in LANGUAGES else "und"


SAID = {
    "confirm": N_("Recommendation %(number)s confirmed."),
    "drop": N_("Recommendation %(number)s set aside."),
    "take_back": N_("Recommendation %(number)s is to be confirmed again."),
    "reword": N_("Recommendation %(number)s changed; the note’s text stays beside it."),
    "divide": N_("Recommendation %(number)s divided."),
    "join": N_("Recommendation %(number)s now includes its neighbour’s text."),
    "add": N_("Recommendation %(number)s added, to be confirmed."),
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
        return whole_number(which, most=_MOST_LINE) or None

    def to_dict(self) -> dict[str, str]:
        return {"act": self.act, "number": str(self.number), "text": self.text, "first": self.first, "last": self.last}


_TYPED = ("title", "starts", "ends", "place", "room", "platform", "kind", "theme", "subtheme")


class SessionFields(Struct, frozen=True):
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

    def correction(self, moderators: int) -> SessionCorrectionIn:
        """What is corrected; of the people of a session, those who moderate come first."""
        states = [self.confirmed] if isinstance(self.confirmed, str) else self.confirmed
        people: tuple[Confirmation, ...] = tuple(
            msgspec.convert(state if state in _CONFIRMATIONS else "unknown", Confirmation) for state in states
        )
        languages = [self.language] if isinstance(self.language, str) else self.language
        typed = {name: getattr(self, name) for name in _TYPED}
        return SessionCorrectionIn(
            **typed, working_languages=tuple(languages), moderators=people[:moderators], speakers=people[moderators:]
        )


class ReviewPages(Controller):
    """Looking through what was read."""

    path = "/{forum:str}/sessions"

    @get("/documents/{document_id:uuid}", name="review", policy="recommendation.confirm_merge")
    def review(self, work: CurrentWork, forum: Slug, document_id: FromPath[UUID]) -> Response[str]:
        """The document and what was read from it."""
        with work.reading() as db:
            context = review_page(db, forum, document_id, work=work)
        return page(work, "desk/review.html", context)

    @post("/documents/{document_id:uuid}", name="settle_review", policy="recommendation.confirm_merge")
    def settle(
        self, work: CurrentWork, forum: Slug, document_id: FromPath[UUID], data: URLEncodedBody[ReviewForm]
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

    @post("/{session_id:uuid}/facts", name="correct_session", policy="session.edit")
    def correct_session(
        self, work: CurrentWork, forum: Slug, session_id: FromPath[UUID], data: URLEncodedBody[SessionFields]
    ) -> Response[str] | Response[None]:
        """Confirm or correct what was read of one session."""
        actor = work.actor
        with work.reading() as db:
            document_id = _session_of(db, forum_frame(db, forum, work=work).forum, session_id, actor).document_id
        sent = SessionCorrectionIn()
        try:
            with work.writing() as db:
                service = SessionService(db)
                session = _session_of(db, forum_frame(db, forum, work=work).forum, session_id, actor)
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
        said = work.messages.gettext("Facts of session %(number)s confirmed.", number=number)
        to = work.url_for("session", forum=forum, session_id=session_id)
        if document_id is not None:
            to = work.url_for("review", forum=forum, document_id=document_id) + f"#session-{number}"
        return redirect(work, to, said=said)


def _session_of(db: Db, forum: Forum, session_id: UUID, actor: Actor) -> Session:
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
            words = say.ngettext("One recommendation confirmed.", "%(n)s recommendations confirmed.", count)
            return words, "#items"
        if form.act == "look_at":
            self._look_at(form)
            return say.gettext("Marked as looked at."), "#findings"
        number = self._add(form) if form.act == ADD else self._settled(form)
        act = "divide" if form.act == "reword" and len(form.parts()) > 1 else form.act
        return say.gettext(SAID[act], number=number), f"#item-{self._next(form, number)}"

    def _settled(self, form: ReviewForm) -> int:
        (item,) = self.service.register.chosen(self.forum, [form.number])
        if item.session_id not in {session.id for session in self.sessions}:
            raise NotFound(what="recommendation", id=str(form.number))
        match form.act:
            case "confirm":
                self.service.register.settle(
                    self.forum, [item.number], RecommendationStatus.CONFIRMED, actor=self.actor
                )
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
        session = next((session for session in self.sessions if str(session.id) == form.session), None)
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
        before = [
            recommendation
            for recommendation in self.service.items(self.sessions)
            if line and recommendation.line and recommendation.line <= line
        ]
        known = {session.id: session for session in self.sessions}
        return next(
            (
                known[recommendation.session_id]
                for recommendation in reversed(before)
                if recommendation.session_id in known
            ),
            self.sessions[0],
        )

    def _look_at(self, form: ReviewForm) -> None:
        session = next((session for session in self.sessions if str(session.id) == form.session), None)
        if session is None:
            raise NotFound(what="session", id=form.session)
        self.service.look_at(session, form.digest, actor=self.actor)

    def _next(self, form: ReviewForm, number: int) -> int:
        """The item to go on with: the next one to be confirmed after one that was settled, else the same one."""
        if form.act not in {"confirm", "drop"}:
            return number
        items = self.service.items(self.sessions)
        place = next((at for at, recommendation in enumerate(items) if recommendation.number == number), 0)
        following = (
            recommendation
            for recommendation in (*items[place + 1 :], *items[:place])
            if recommendation.standing is RecommendationStatus.PROPOSED
        )
        return next((recommendation.number for recommendation in following), number)
