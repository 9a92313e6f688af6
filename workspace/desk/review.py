"""Looking through an imported document: its lines on one side, what was read from them on the other."""

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from uuid import UUID

import msgspec
from msgspec import Struct
from msgspec.structs import replace

from workspace.consultation import policy
from workspace.consultation.models import Trace
from workspace.consultation.service import ReviewService, digest_of
from workspace.core.actor import Actor
from workspace.core.db import Db
from workspace.core.errors import NotFound
from workspace.core.shapes import filled
from workspace.declarations.frame import header
from workspace.desk.findings_said import said
from workspace.desk.session import SEVERITIES
from workspace.people.frame import forum_frame
from workspace.recommendations.models import Recommendation, Standing
from workspace.recommendations.policy import may_settle
from workspace.sessions.correcting import CorrectionIn, changed
from workspace.sessions.extraction import Person, SessionDetails
from workspace.sessions.lines import Lines, Span
from workspace.sessions.models import Session, SourceDocument
from workspace.web.i18n import LANGUAGES
from workspace.web.pages import Page
from workspace.web.services import Work

OTHER_LANGUAGES = ("es", "en", "fr", "pt", "ar", "zh", "ru")  # that sessions are held in besides what a note names


class Piece(Struct, frozen=True):
    """Words of one line: those of an item carry its number."""

    words: str
    number: int = 0
    standing: Standing | None = None


class SourceLine(Struct, frozen=True):
    """One line of the document. `findings` are the places of inconsistencies told about it."""

    pieces: Sequence[Piece]
    has_finding: bool


class Item(Struct, frozen=True):
    """What was read as a recommendation, or added. `original` are its words as read, where they were changed."""

    number: int
    text: str
    language: str
    standing: Standing
    line: int | None
    section: str
    original: str
    reason: str
    came_from: int | None
    may_settle: bool
    next_number: int | None  # of the neighbour that it can be joined with


class Somebody(Struct, frozen=True):
    """Who speaks or moderates, and whether they have confirmed."""

    name: str
    about: str
    confirmed: str
    is_moderator: bool


class SittingForm(Struct, frozen=True):
    """The facts of one session, to confirm or correct. `was` is what the note says, where something else is said."""

    id: UUID
    number: int
    title: str
    language: str
    values: Mapping[str, str]
    was: Mapping[str, str]
    languages: Sequence[tuple[str, str, bool]]
    people: Sequence[Somebody]
    verbatim: str
    is_confirmed: bool
    may_edit: bool
    is_sent: bool = False

    def with_sent(self, sent: CorrectionIn) -> "SittingForm":
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


class Told(Struct, frozen=True):
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
    items: Sequence[Item]
    sittings: Sequence[SittingForm]
    findings: Sequence[Told]
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
        lines=source(document, rows, findings),
        items=items,
        sittings=[_sitting(one, work) for one in sessions],
        findings=findings,
        programme=work.url_for("sessions", forum=forum_slug),
        register=work.url_for(
            "recommendations", forum=forum_slug, session=sessions[0].id if len(sessions) == 1 else None
        ),
        left=sum(one.standing is Standing.PROPOSED for one in items),
        unseen=sum(not finding.is_seen for finding in findings),
        here_is=next((one.number for one in items if one.standing is Standing.PROPOSED), 0),
        errors=errors or {},
        sent=sent or {},
    )


def source(document: SourceDocument, rows: Sequence[Recommendation], findings: Sequence[Told]) -> list[SourceLine]:
    """The lines of a document, in pieces: the words of an item apart from those around it."""
    lines = Lines(document.text)
    marks: dict[int, list[tuple[Span, Recommendation]]] = defaultdict(list)
    for row in rows:
        spans = lines.find(row.text, near=row.line)
        if not spans and row.line and row.line <= len(lines.lines):
            spans = {row.line: (0, len(lines.lines[row.line - 1]))}
        for line, span in spans.items():
            marks[line].append((span, row))
    told = {line for finding in findings for _, line in finding.evidence if line}
    return [
        SourceLine(tuple(_pieces(text, marks.get(place, ()))), place in told)
        for place, text in enumerate(lines.lines, start=1)
    ]


def _pieces(text: str, marks: Sequence[tuple[Span, Recommendation]]) -> Iterator[Piece]:
    at = 0
    for (start, end), row in sorted(marks, key=lambda mark: mark[0]):
        begin = max(start, at)
        if begin >= end:
            continue
        if begin > at:
            yield Piece(text[at:begin])
        yield Piece(text[begin:end], row.number, row.standing)
        at = end
    if at < len(text) or not at:
        yield Piece(text[at:])


def _items(rows: Sequence[Recommendation], traces: Mapping[UUID, Trace], *, actor: Actor) -> list[Item]:
    numbers = {row.id: row.number for row in rows}
    return [
        _item(row, traces.get(row.id), numbers, _neighbour(row, rows[place + 1 :]), actor)
        for place, row in enumerate(rows)
    ]


def _neighbour(row: Recommendation, after: Sequence[Recommendation]) -> int | None:
    """The next item that is not dropped, if it was said in the same session."""
    following = next((one for one in after if one.standing is not Standing.DROPPED), None)
    return following.number if following and following.session_id == row.session_id else None


def _item(
    row: Recommendation, trace: Trace | None, numbers: Mapping[UUID, int], following: int | None, actor: Actor
) -> Item:
    return filled(
        Item,
        row,
        language=_tag(row.language),
        original=trace.original if trace and trace.original != row.text else "",
        reason=trace.reason if trace and row.standing is Standing.DROPPED else "",
        came_from=numbers.get(trace.came_from_id) if trace and trace.came_from_id else None,
        may_settle=may_settle(actor, row.forum, row),
        next_number=following,
    )


def _sitting(session: Session, work: Work) -> SittingForm:
    details = msgspec.convert(session.details, SessionDetails)
    found = details.found
    was = changed(msgspec.convert(session.as_read, SessionDetails).found, found) if session.as_read else {}
    spoken = dict.fromkeys((*found.working_languages, *OTHER_LANGUAGES))
    return SittingForm(
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
        people=[_somebody(one, is_moderator=True) for one in found.moderators]
        + [_somebody(one, is_moderator=False) for one in found.speakers],
        verbatim=found.time_verbatim or "",
        is_confirmed=session.confirmed_at is not None,
        may_edit=policy.may_edit(work.actor, session.forum, session),
    )


def _somebody(person: Person, *, is_moderator: bool) -> Somebody:
    parts = [part for part in (person.name, person.role, person.organisation) if part]
    return Somebody(parts[0] if parts else "", ", ".join(parts[1:]), person.confirmed, is_moderator)


def _findings(sessions: Sequence[Session], seen: frozenset[tuple[UUID, str]], work: Work) -> list[Told]:
    found = []
    for session in sessions:
        details = msgspec.convert(session.details, SessionDetails)
        may_see = policy.may_edit(work.actor, session.forum, session)
        for one in details.inconsistencies:
            digest = digest_of(one)
            evidence = [(each.quote, each.line) for each in one.evidence]
            found.append(
                Told(
                    session.id,
                    digest,
                    said(one.description, work.messages),
                    SEVERITIES[one.severity],
                    evidence,
                    (session.id, digest) in seen,
                    may_see,
                )
            )
    return found


def standings(items: Sequence[Item]) -> Mapping[Standing, int]:
    """How many items stand how."""
    return Counter(one.standing for one in items)


def _tag(language: str) -> str:
    return language if language in LANGUAGES else "und"
