"""The review screen: from what was read of a document to what the register has, in the browser."""

import re
from collections.abc import Mapping, Sequence
from typing import get_args
from uuid import UUID

import msgspec
from litestar import Controller
from msgspec import Struct, field
from msgspec.structs import replace

from workspace.consultation import policy
from workspace.consultation.marks import MarkService, Suggestion
from workspace.consultation.models import MarkKind, Trace, why_set_aside
from workspace.consultation.ordering import likelihood, order_of
from workspace.consultation.pages.note_page import NoteBlock, marks_of, note_blocks
from workspace.consultation.review import ReviewService, facts_digest, finding_digest
from workspace.core.actor import Actor
from workspace.core.errors import Invalid, NotFound
from workspace.core.shapes import filled
from workspace.core.storage.db import Db
from workspace.core.validation import known_id, whole_number
from workspace.declarations.frame import header
from workspace.people.frame import ForumFrame, FrameInForum, InForum, forum_frame
from workspace.people.models import Forum
from workspace.recommendations.models import Recommendation, RecommendationStatus
from workspace.recommendations.policy import may_settle
from workspace.recommendations.themes import ThemeService
from workspace.sessions.corrections import SessionCorrectionIn, changed_fields, day_first
from workspace.sessions.extraction import Confirmation, Person, SessionDetails
from workspace.sessions.models import Awaiting, Session
from workspace.sessions.pages.programme import SEVERITIES, finding_sentence, is_known_finding, session_choices
from workspace.sessions.service import SessionService
from workspace.sessions.typed_facts import typed_of
from workspace.web.http.request_context import FormBody, PathId, Slug, Work
from workspace.web.http.routing import post
from workspace.web.i18n.marking import N_
from workspace.web.i18n.messages import LANGUAGES
from workspace.web.pages import Done, Page, PageOrRedirect, field_errors, page, redirect, shows, takes

OTHER_LANGUAGES = ("es", "en", "fr", "pt", "ar", "zh", "ru")  # that sessions are held in besides what a note names


class ReviewItem(Struct, frozen=True):
    """What was read as something, or marked. `original` are its words as read, where they were changed.

    `number` is that of a recommendation, 0 for whatever else it is.
    """

    key: str
    kind: MarkKind
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
    """An inconsistency, told in a language, with the places where it can be read."""

    session: UUID
    digest: str
    words: str
    language: str
    kind: str
    evidence: Sequence[tuple[str, int | None]]
    is_seen: bool
    may_see: bool


class ReviewPage(Page, frozen=True, kw_only=True):
    document: UUID
    name: str
    language: str
    blocks: Sequence[NoteBlock]
    items: Sequence[ReviewItem]
    sittings: Sequence[SessionForm]
    undisputed: Mapping[int, str]  # digests of the facts that can be confirmed together, by number of the session
    findings: Sequence[ReviewFinding]
    programme: str
    register: str
    choices: Sequence[tuple[str, str]]  # the sessions to choose one from, where the note awaits one
    awaiting: Awaiting
    themes: Sequence[tuple[UUID, str]]
    labels: Mapping[MarkKind, str]
    left: int  # items that nobody has settled
    unseen: int
    here_is: str  # the item to go on with, "" for none
    errors: Mapping[str, str]
    sent: Mapping[str, str]  # a form that was refused


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
    kind: MarkKind = MarkKind.RECOMMENDATION
    theme: str = ""
    key: list[str] | str = field(default_factory=list)  # one that is alone comes as a word

    def theme_id(self) -> UUID | None:
        """The theme that was chosen; raises `NotFound` for what is no id."""
        return known_id(self.theme, "theme") if self.theme else None

    def keys(self) -> list[str]:
        return [key for key in ([self.key] if isinstance(self.key, str) else self.key) if key]

    def digests(self) -> dict[int, str]:
        """The digests of the facts that were shown, by number of the session."""
        pairs = (key.partition("-") for key in self.keys())
        return {whole_number(number) or 0: digest for number, _, digest in pairs}

    def parts(self) -> list[str]:
        """The text as empty lines divide it."""
        return [part for part in re.split(r"\n\s*\n", self.text.replace("\r\n", "\n").strip()) if part.strip()]

    def line(self, which: str) -> int | None:
        return whole_number(which, most=_MOST_LINE) or None

    def to_dict(self) -> dict[str, str]:
        return {"act": self.act, "number": str(self.number), "text": self.text, "first": self.first, "last": self.last}


def _review_page(
    db: Db, found: ForumFrame, document_id: UUID, *, work: Work, form: ReviewForm | None, refusal: Invalid | None
) -> ReviewPage:
    """The document and everything read from it; the number of queries does not grow with either."""
    service = ReviewService(db)
    document, sessions = service.document(document_id, actor=work.actor)
    if document.forum_id != found.forum.id:
        raise NotFound(what="document", id=str(document_id))
    rows = service.items(sessions)
    marks = MarkService(db, document, sessions)
    read = marks.suggestions(rows)
    items = _all_items(rows, read, service.traces(rows), sessions, actor=work.actor)
    if weights := order_of(db, found.forum):
        items.sort(key=lambda item: _rank(item, weights))
    findings = _findings(sessions, service.seen(sessions), work)
    named = {line for finding in findings for _, line in finding.evidence if line}
    waiting = [item for item in items if item.standing is RecommendationStatus.PROPOSED]
    return ReviewPage(
        place=header(db, found, work=work),
        here="sessions",
        document=document.id,
        name=document.name,
        language=_tag(document.language),
        blocks=note_blocks(
            marks.lines.lines,
            marks_of(marks.lines, read),
            named=named,
            open_keys={item.key for item in waiting if item.may_settle},
        ),
        items=items,
        sittings=[_sitting_form(session, work) for session in sessions],
        undisputed={each.number: facts_digest(each) for each in service.undisputed(sessions, actor=work.actor)},
        findings=findings,
        themes=[
            (theme.id, theme.name.said_in(work.language))
            for taxonomy in ThemeService(db).taxonomies(found.forum, actor=work.actor)
            for theme in taxonomy.themes
        ],
        labels={kind: work.messages.gettext(words) for kind, words in KINDS.items()},
        programme=work.url_from_here("sessions"),
        register=work.url_from_here("recommendations", session=sessions[0].id if len(sessions) == 1 else None),
        choices=session_choices(db, found.forum.slug, work) if document.is_awaiting else (),
        awaiting=document.awaiting_statements,
        left=len(waiting),
        unseen=sum(not finding.is_seen for finding in findings),
        here_is=next((item.key for item in waiting), ""),
        errors=field_errors(work, refusal),
        sent=form.to_dict() if form else {},
    )


def _rank(item: ReviewItem, weights: Mapping[str, float]) -> tuple[bool, float]:
    """What waits before what is settled, and the likely before the unlikely."""
    if item.standing is not RecommendationStatus.PROPOSED or item.kind is not MarkKind.RECOMMENDATION:
        return True, 0.0
    return False, -likelihood(weights, item.text, item.language)


def _all_items(
    rows: Sequence[Recommendation],
    read: Sequence[Suggestion],
    traces: Mapping[UUID, Trace],
    sessions: Sequence[Session],
    *,
    actor: Actor,
) -> list[ReviewItem]:
    """Recommendations and whatever else was read or marked, in the order of the document."""
    told = {item.key: item for item in _items(rows, traces, actor=actor)}
    editable: dict[UUID | None, bool] = {session.id: policy.may_edit(actor, session) for session in sessions}
    languages: dict[UUID | None, str] = {session.id: _tag(session.language) for session in sessions}
    return [
        told[each.key]
        if each.number
        else filled(
            ReviewItem,
            each,
            number=0,
            language=languages.get(each.session_id, "und"),
            section="",
            original="",
            reason="",
            came_from=None,
            may_settle=editable.get(each.session_id, False),
            next_number=None,
        )
        for each in read
    ]


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
        key=str(row.number),
        kind=MarkKind.RECOMMENDATION,
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
        values={name: day_first(words) for name, words in typed_of(details, work.messages).items() if name in _TYPED},
        was={field: day_first(words) for field, words in was.items() if words},
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
            evidence = list(dict.fromkeys((each.quote, each.line) for each in inconsistency.evidence))
            said = finding_sentence(inconsistency.description, work.messages)
            found.append(
                ReviewFinding(
                    session.id,
                    digest,
                    f"{session.title}: {said}" if len(sessions) > 1 and inconsistency.session is not None else said,
                    work.language if is_known_finding(inconsistency.description) else "en",
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
}
KINDS = {
    MarkKind.RECOMMENDATION: N_("Recommendation"),
    MarkKind.OBJECTIVE: N_("Objective"),
    MarkKind.KEY_MESSAGE: N_("Key message"),
    MarkKind.QUESTION: N_("Question for debate"),
    MarkKind.SPEAKER: N_("Speaker"),
    MarkKind.DATE: N_("Date"),
    MarkKind.DECISION: N_("Decision of the plenary"),
    MarkKind.NOTHING: N_("None of these"),
}
MARKING = frozenset({"mark", "add", "take", "put_back"})
_CONFIRMATIONS: tuple[str, ...] = get_args(Confirmation)
_MOST_LINE = 2_000_000


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

    @shows("desk/review.html", "/documents/{document_id:uuid}", name="review", policy="recommendation.confirm_merge")
    def review(
        self,
        *,
        db: Db,
        work: Work,
        found: FrameInForum,
        document_id: PathId,
        form: ReviewForm | None = None,
        refusal: Invalid | None = None,
    ) -> ReviewPage:
        """The document and what was read from it."""
        return _review_page(db, found, document_id, work=work, form=form, refusal=refusal)

    @takes(
        "/documents/{document_id:uuid}",
        again=review,
        name="settle_review",
        policy="recommendation.confirm_merge",
    )
    def settle(self, db: Db, work: Work, forum: InForum, document_id: PathId, data: FormBody[ReviewForm]) -> Done:
        """One step of the review; then on to the next item."""
        said, anchor = _Step(db, forum, document_id, work.actor, work).take(data)
        return Done("review", said, anchor=anchor)

    @post("/{session_id:uuid}/facts", name="correct_session", policy="session.edit")
    def correct_session(
        self, work: Work, forum: Slug, session_id: PathId, data: FormBody[SessionFields]
    ) -> PageOrRedirect:
        """Confirm or correct what was read of one session."""
        actor = work.actor
        with work.reading() as db:
            here = forum_frame(db, forum, work=work).forum
            document_id = SessionService(db).get(session_id, actor=actor, forum=here).document_id
        sent = SessionCorrectionIn()
        try:
            with work.writing() as db:
                service = SessionService(db)
                here = forum_frame(db, forum, work=work).forum
                session = SessionService(db).get(session_id, actor=actor, forum=here)
                moderators = len(msgspec.convert(session.details, SessionDetails).found.moderators)
                sent = data.correction(moderators)
                service.correct(session, sent, actor=actor)
                number, following = session.number, _next_to_confirm(db, session, actor)
        except Invalid as refusal:
            if document_id is None:
                raise
            with work.reading() as db:
                found = forum_frame(db, forum, work=work)
                context = _review_page(db, found, document_id, work=work, form=None, refusal=refusal)
            kept = [session.with_sent(sent) if session.id == session_id else session for session in context.sittings]
            return page(work, "desk/review.html", replace(context, sittings=kept), status=422)
        said = work.messages.gettext("Facts of session %(number)s confirmed.", number=number)
        to = work.url_for("session", forum=forum, session_id=session_id)
        if document_id is not None:
            to = work.url_for("review", forum=forum, document_id=document_id) + f"#session-{following}"
        return redirect(work, to, said=said)


def _next_to_confirm(db: Db, session: Session, actor: Actor) -> int:
    """The number of its note's next session whose facts are to be confirmed; its own where there is none."""
    if session.document_id is None:
        return session.number
    _, sessions = ReviewService(db).document(session.document_id, actor=actor)
    return next((other.number for other in sessions if other.confirmed_at is None), session.number)


class _Step:
    """One step of the review, taken inside a unit of work."""

    def __init__(self, db: Db, forum: Forum, document_id: UUID, actor: Actor, work: Work) -> None:
        self.service, self.actor, self.work, self.forum = ReviewService(db), actor, work, forum
        self.document, self.sessions = self.service.document(document_id, actor=actor)
        if self.document.forum_id != forum.id:
            raise NotFound(what="document", id=str(document_id))
        self.marks = MarkService(db, self.document, self.sessions)

    def take(self, form: ReviewForm) -> tuple[str, str]:
        """Do it; what was kept, in words, and the place of the page to go on at."""
        say = self.work.messages
        if form.act == "confirm_all":
            waiting = [each.key for each in self.marks.suggestions() if each.standing is RecommendationStatus.PROPOSED]
            return self._confirmed(waiting), "items"
        if form.act == "confirm_facts":
            return self._facts_confirmed(form), "sittings"
        if form.act == "look_at":
            self._look_at(form)
            return say.gettext("Marked as looked at."), "findings"
        if form.act in MARKING:
            return self._marked(form)
        number = self._settled(form)
        act = "divide" if form.act == "reword" and len(form.parts()) > 1 else form.act
        return say.gettext(SAID[act], number=number), f"item-{self._next(form, number)}"

    def _facts_confirmed(self, form: ReviewForm) -> str:
        say, shown = self.work.messages, form.digests()
        confirmed = self.service.confirm_facts(self.sessions, shown, actor=self.actor)
        said = say.ngettext("Facts of one session confirmed.", "Facts of %(n)s sessions confirmed.", len(confirmed))
        if others := [str(number) for number in shown if number not in confirmed]:
            said += " " + say.gettext("Not confirmed, as changed since: %(numbers)s.", numbers=say.listed(others))
        return said

    def _settled(self, form: ReviewForm) -> int:
        (item,) = self.service.register.chosen(self.forum, [form.number])
        if item.session_id not in {session.id for session in self.sessions}:
            raise NotFound(what="recommendation", id=str(form.number))
        match form.act:
            case "confirm":
                if not self.service.confirm([item], actor=self.actor):
                    raise Invalid(field="number", reason="already_marked")
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

    def _marked(self, form: ReviewForm) -> tuple[str, str]:
        """Words marked, or suggestions of a section taken; then on to the next suggestion in the document."""
        say, keys = self.work.messages, form.keys()
        known = {each.key: each for each in self.marks.suggestions()}
        if form.act == "put_back":
            (key,) = keys[:1] or [""]
            self.marks.take_back(key, actor=self.actor)
            return say.gettext("To be confirmed again."), f"item-{key}"
        if form.act == "take":
            lines = [known[key].line or 0 for key in keys if key in known]
            return self._confirmed(keys, form.theme_id()), self._onwards(max(lines, default=0))
        if keys and keys[0] not in known:
            raise NotFound(what="suggestion", id=keys[0])
        changed = known[keys[0]] if keys else None
        if changed and changed.kind is form.kind and not form.text.strip():
            return self._confirmed([changed.key], form.theme_id()), self._onwards(changed.line or 0)
        made = self._mark(form, changed)
        return say.gettext("Marked: %(kind)s.", kind=say.gettext(KINDS[form.kind])), self._onwards(made.line or 0)

    def _mark(self, form: ReviewForm, changed: Suggestion | None) -> Suggestion:
        first, last = form.line(form.first), form.line(form.last)
        text = form.text if form.text.strip() or changed is None else changed.text
        if not text.strip() and first:
            text = self.marks.lines.between(first, min(last or first, len(self.marks.lines.lines)))
        return self.marks.mark(
            form.kind,
            text,
            near=first or (changed.line if changed else None),
            session=next((session for session in self.sessions if str(session.id) == form.session), None),
            theme_id=form.theme_id(),
            instead_of=changed.key if changed else "",
            reason=self.work.messages.gettext(KINDS[form.kind]),
            actor=self.actor,
        )

    def _confirmed(self, keys: Sequence[str], theme_id: UUID | None = None) -> str:
        count = self.marks.take(keys, theme_id=theme_id, actor=self.actor)
        return self.work.messages.ngettext("One suggestion confirmed.", "%(n)s suggestions confirmed.", count)

    def _onwards(self, line: int) -> str:
        """The place of the next suggestion that waits, or of these words where none is left."""
        waiting = [
            each.line
            for each in self.marks.suggestions()
            if each.line and each.standing is RecommendationStatus.PROPOSED
        ]
        following = next((place for place in waiting if place >= line), min(waiting, default=line))
        return f"line-{following}"

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
