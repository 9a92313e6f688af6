"""What a person says that words of a note are: each sentence once, and what is marked is confirmed."""

import hashlib
from collections.abc import Collection, Sequence
from typing import Any
from uuid import UUID

import msgspec
import sqlalchemy as sa
from msgspec import Struct
from msgspec.structs import replace

from workspace.consultation import policy
from workspace.consultation.models import MarkKind, NoteMark
from workspace.consultation.review import ReviewService, facts_digest, overlap
from workspace.core import clock
from workspace.core.actor import Actor
from workspace.core.errors import Invalid, existing, required
from workspace.core.provided import TIMES_OF_NOTES
from workspace.core.storage import log
from workspace.core.storage.db import Db, lock_for_writing
from workspace.people.models import Forum
from workspace.recommendations.models import Recommendation, RecommendationStatus
from workspace.recommendations.themes import ThemeService
from workspace.sessions.extraction import Person, SessionDetails, Statement
from workspace.sessions.models import Session, SourceDocument
from workspace.sessions.source_lines import Range, SourceLines

LISTS = {  # the field of a session's details that holds what is of a kind
    MarkKind.OBJECTIVE: "objectives",
    MarkKind.KEY_MESSAGE: "key_messages",
    MarkKind.QUESTION: "discussion_questions",
    MarkKind.DECISION: "decisions",
}
PROPOSED, CONFIRMED, DROPPED = (
    RecommendationStatus.PROPOSED,
    RecommendationStatus.CONFIRMED,
    RecommendationStatus.DROPPED,
)


class Suggestion(Struct, frozen=True):
    """Words of a note that were read as something, or marked. `key` is a recommendation's number, else a digest."""

    key: str
    kind: MarkKind
    session_id: UUID | None
    text: str
    line: int | None
    standing: RecommendationStatus
    number: int = 0


class MarkService:
    """The marks on one document: what was read as a suggestion, what a person says instead."""

    def __init__(self, db: Db, document: SourceDocument, sessions: Sequence[Session]) -> None:
        self.db, self.document, self.sessions = db, document, sessions
        self.review = ReviewService(db)
        self.lines = SourceLines(document.text)

    def suggestions(self, items: Sequence[Recommendation] | None = None) -> list[Suggestion]:
        """Everything that was read or marked, in the order of the document; of one sentence one proposal."""
        rows = self.review.items(self.sessions) if items is None else items
        read = [
            Suggestion(
                str(row.number), MarkKind.RECOMMENDATION, row.session_id, row.text, row.line, row.standing, row.number
            )
            for row in rows
        ]
        marks = self._marks()
        for session in self.sessions:
            for each in _statements(session, [mark for mark in marks if mark.session_id == session.id]):
                if each.standing is not PROPOSED or not self._is_said(each, read):
                    read.append(each)
        return sorted(read, key=lambda suggestion: (suggestion.line is None, suggestion.line or 0))

    def mark(
        self,
        kind: MarkKind,
        text: str,
        *,
        near: int | None = None,
        session: Session | None = None,
        theme_id: UUID | None = None,
        instead_of: str = "",
        reason: str = "",
        actor: Actor,
    ) -> Suggestion:
        """Say what words of the document are. This confirms them; `instead_of` is the suggestion they change.

        Suggestions of the same kind that the words touch go into the mark. Raises `Invalid` for words that the
        document does not have, and for those that are confirmed as this already. `reason` is kept with a
        recommendation that turns out to be something else.
        """
        lock_for_writing(self.db, Forum, self.document.forum_id)
        if kind is MarkKind.NOTHING and instead_of:
            return self.dismiss(instead_of, reason=reason, actor=actor)
        place = required(self.lines.range(text, near=near), Invalid(field="text", reason="not_in_document"))
        known = self.suggestions()
        changed = self._named(known, instead_of) if instead_of else None
        touched = [each for each in known if each != changed and self._touches(each, place)]
        self._ensure_new(kind, touched)
        waiting = [each for each in touched if each.kind is kind and each.standing is not CONFIRMED]
        if changed is None and waiting:
            changed = waiting.pop(0)
        here = self._session(changed.session_id if changed else None) or session or self._nearest(known, place)
        words, line = self.lines.words(place), min(self.lines.spans(place))
        if kind is MarkKind.NOTHING:
            waiting = [each for each in touched if each.standing is PROPOSED]
        if kind is MarkKind.RECOMMENDATION:
            made = self._recommend(words, line, here, changed, actor=actor)
            self._take_in(made, waiting, theme_id, actor=actor)
            return next(each for each in self.suggestions() if each.number == made.number)
        for each in (*([changed] if changed else ()), *waiting):
            self._withdraw(each, reason or kind.value, actor=actor)
        return self._state(kind, words, line, here, changed, actor=actor)

    def take(self, keys: Collection[str], *, theme_id: UUID | None = None, actor: Actor) -> int:
        """Confirm these suggestions; how many were not confirmed before. A sentence is confirmed once.

        Recommendations come under the theme.

        Raises `NotFound` for a suggestion that the document does not have.
        """
        lock_for_writing(self.db, Forum, self.document.forum_id)
        known = self.suggestions()
        chosen = [self._named(known, key) for key in dict.fromkeys(keys)]
        chosen = [each for each in chosen if each.standing is PROPOSED]
        numbers = {each.number for each in chosen if each.number}
        rows = [row for row in self.review.items(self.sessions) if row.number in numbers]
        count = len(self.review.confirm(rows, actor=actor)) if rows else 0
        if rows and theme_id:
            ThemeService(self.db).assign(self.sessions[0].forum, sorted(numbers), [theme_id], actor=actor)
        for each in chosen:
            if not each.number:
                session = self._editable(each, actor)
                self._note(session, each.kind, each.kind, each.text, each.line, actor=actor)
                self._record(session, actor=actor)
                count += 1
        return count

    def dismiss(self, key: str, *, reason: str, actor: Actor) -> Suggestion:
        """Say that words are none of what they were read as."""
        lock_for_writing(self.db, Forum, self.document.forum_id)
        chosen = self._named(self.suggestions(), key)
        if chosen.standing is not DROPPED:
            self._withdraw(chosen, reason, actor=actor)
            if not chosen.number and (chosen.kind in LISTS):
                session = self._editable(chosen, actor)
                self._note(session, MarkKind.NOTHING, chosen.kind, chosen.text, chosen.line, actor=actor)
        return chosen

    def take_back(self, key: str, *, actor: Actor) -> None:
        """Let a suggestion wait again that was confirmed or dismissed; what was only marked is no longer marked."""
        lock_for_writing(self.db, Forum, self.document.forum_id)
        chosen = self._named(self.suggestions(), key)
        if chosen.number:
            (item,) = self.review.register.chosen(self.sessions[0].forum, [chosen.number])
            self.review.take_back(item, actor=actor)
            return
        session = self._editable(chosen, actor)
        mark = next((mark for mark in self._marks() if _key(session, _kind_of(mark), mark.text) == key), None)
        if mark is None:
            return
        if mark.kind is MarkKind.NOTHING:
            self._put_back(session, chosen)
        elif mark.suggested != mark.kind:
            self._remove(session, chosen)
        self.db.delete(mark)
        self._record(session, actor=actor)

    # Parts

    def _marks(self) -> list[NoteMark]:
        here = NoteMark.session_id.in_([session.id for session in self.sessions])
        return list(self.db.scalars(sa.select(NoteMark).where(here).order_by(NoteMark.id)))

    def _named(self, known: Sequence[Suggestion], key: str) -> Suggestion:
        return existing(next((each for each in known if each.key == key), None), "suggestion", key)

    def _session(self, session_id: UUID | None) -> Session | None:
        return next((session for session in self.sessions if session.id == session_id), None)

    def _nearest(self, known: Sequence[Suggestion], place: Range) -> Session:
        """The session that the suggestions before these words belong to."""
        line = min(self.lines.spans(place))
        before = [each for each in known if each.line and each.line <= line]
        return self._session(before[-1].session_id if before else None) or self.sessions[0]

    def _is_said(self, suggestion: Suggestion, read: Sequence[Suggestion]) -> bool:
        """Whether its words are suggested as something else already."""
        here = [each for each in read if each.line and each.line == suggestion.line and each.standing is not DROPPED]
        place = self.lines.range(suggestion.text, near=suggestion.line) if here else None
        return place is not None and any(self._touches(each, place) for each in here)

    def _touches(self, suggestion: Suggestion, place: Range) -> bool:
        return overlap(place, self.lines.range(suggestion.text, near=suggestion.line))

    def _ensure_new(self, kind: MarkKind, touched: Sequence[Suggestion]) -> None:
        for each in touched:
            if each.kind is kind and each.standing is CONFIRMED:
                raise Invalid(field="text", reason="already_marked")

    def _recommend(
        self, words: str, line: int, session: Session, changed: Suggestion | None, *, actor: Actor
    ) -> Recommendation:
        if changed is None or not changed.number:
            if changed:
                self._withdraw(changed, "", actor=actor)
            item = self.review.add(self.document, session, text=words, first=line, actor=actor)
            self._note(session, MarkKind.RECOMMENDATION, changed.kind if changed else "", words, line, actor=actor)
        else:
            (item,) = self.review.register.chosen(session.forum, [changed.number])
            if changed.standing is DROPPED:
                self.review.take_back(item, actor=actor)
            self.review.reword(item, words, actor=actor)
        if item.standing is PROPOSED:
            self.review.register.settle(session.forum, [item.number], CONFIRMED, actor=actor)
        return item

    def _take_in(
        self, made: Recommendation, waiting: Sequence[Suggestion], theme_id: UUID | None, *, actor: Actor
    ) -> None:
        """Let what was read of the same words go into a mark, and put it under a theme."""
        forum, numbers = self.sessions[0].forum, [each.number for each in waiting if each.standing is PROPOSED]
        if numbers:
            self.review.register.merge(forum, made.number, numbers, actor=actor)
        if theme_id:
            ThemeService(self.db).assign(forum, [made.number], [theme_id], actor=actor)

    def _state(
        self, kind: MarkKind, words: str, line: int, session: Session, changed: Suggestion | None, *, actor: Actor
    ) -> Suggestion:
        policy.ensure_may_edit(actor, session)
        self._note(session, kind, changed.kind if changed else "", words, line, actor=actor)
        said = Statement(text=words, line=line)
        if kind in LISTS:
            place = self.lines.range(words, near=line)
            others = [
                known
                for known in self._of_kind(session, kind)
                if place is None or not overlap(place, self.lines.range(known.text, near=known.line))
            ]
            self._put(session, kind, [*others, said])
        elif kind is MarkKind.SPEAKER:
            name, role, *rest = [*(part.strip(" .") for part in words.split(",", 2)), "", ""]
            speaker = Person(name=name, role=role or None, organisation=rest[0] or None)
            self._change(session, speakers=(*self._details(session).found.speakers, speaker))
        elif kind is MarkKind.DATE:
            times = TIMES_OF_NOTES.get()(words, self.document.language)
            self._change(session, time_verbatim=words, **times)
        self._record(session, actor=actor)
        return Suggestion(_key(session, kind, words), kind, session.id, words, line, CONFIRMED)

    def _withdraw(self, suggestion: Suggestion, reason: str, *, actor: Actor) -> None:
        """Let it no longer stand as what it was read as."""
        if suggestion.number:
            (item,) = self.review.register.chosen(self.sessions[0].forum, [suggestion.number])
            if item.standing is not DROPPED:
                self.review.drop(item, reason=reason, actor=actor)
            return
        session = self._editable(suggestion, actor)
        for mark in self._marks():
            if _key(session, _kind_of(mark), mark.text) == suggestion.key:
                self.db.delete(mark)
        self._remove(session, suggestion)
        self._record(session, actor=actor)

    def _editable(self, suggestion: Suggestion, actor: Actor) -> Session:
        session = existing(self._session(suggestion.session_id), "suggestion", suggestion.key)
        policy.ensure_may_edit(actor, session)
        return session

    def _details(self, session: Session) -> SessionDetails:
        return msgspec.convert(session.details, SessionDetails)

    def _of_kind(self, session: Session, kind: MarkKind) -> tuple[Statement, ...]:
        said: tuple[Statement, ...] = getattr(self._details(session), LISTS[kind])
        return said

    def _put(self, session: Session, kind: MarkKind, said: Sequence[Statement]) -> None:
        placed = tuple(sorted(said, key=lambda statement: statement.line or 0))
        self._keep(session, replace(self._details(session), **{LISTS[kind]: placed}))

    def _put_back(self, session: Session, dropped: Suggestion) -> None:
        if dropped.kind in LISTS:
            said = Statement(text=dropped.text, line=dropped.line)
            self._put(session, dropped.kind, [*self._of_kind(session, dropped.kind), said])

    def _remove(self, session: Session, suggestion: Suggestion) -> None:
        details = self._details(session)
        if suggestion.kind in LISTS:
            left = [said for said in self._of_kind(session, suggestion.kind) if said.text != suggestion.text]
            self._put(session, suggestion.kind, left)
        elif suggestion.kind is MarkKind.SPEAKER:
            name = suggestion.text.split(",", 1)[0].strip(" .")
            self._change(session, speakers=tuple(who for who in details.found.speakers if who.name != name))

    def _change(self, session: Session, **facts: Any) -> None:
        details = self._details(session)
        self._keep(session, replace(details, found=replace(details.found, **facts)))

    def _keep(self, session: Session, details: SessionDetails) -> None:
        session.as_read = session.as_read or session.details
        session.details = msgspec.to_builtins(details)
        session.starts, session.ends = details.found.start, details.found.end

    def _note(
        self, session: Session, kind: MarkKind, suggested: str, text: str, line: int | None, *, actor: Actor
    ) -> None:
        self.db.add(
            NoteMark(
                session_id=session.id,
                kind=kind,
                suggested=suggested,
                text=text,
                language=self.document.language,
                line=line,
                made_by_id=actor.person_id,
                made_at=clock.now(),
            )
        )

    def _record(self, session: Session, *, actor: Actor) -> None:
        self.db.flush()
        log.record(
            self.db,
            "session.marked",
            actor=actor,
            forum_id=session.forum_id,
            session=str(session.id),
            sha256=facts_digest(session),
        )


def _statements(session: Session, marks: Sequence[NoteMark]) -> list[Suggestion]:
    """What was read of a session beside its recommendations, and what was marked in it."""
    details = msgspec.convert(session.details, SessionDetails)
    settled = {(mark.kind, mark.text) for mark in marks}
    found = [
        Suggestion(
            _key(session, kind, said.text),
            kind,
            session.id,
            said.text,
            said.line,
            CONFIRMED if session.confirmed_at or (kind, said.text) in settled else PROPOSED,
        )
        for kind, name in LISTS.items()
        for said in getattr(details, name)
    ]
    known = {each.key for each in found}
    for mark in marks:
        kind = _kind_of(mark)
        key = _key(session, kind, mark.text)
        if key not in known and mark.kind not in {MarkKind.RECOMMENDATION, *LISTS}:
            standing = DROPPED if mark.kind is MarkKind.NOTHING else CONFIRMED
            found.append(Suggestion(key, kind, session.id, mark.text, mark.line, standing))
    return found


def _kind_of(mark: NoteMark) -> MarkKind:
    """What it is, or was read as where it is nothing of the kind."""
    return MarkKind(mark.suggested) if mark.kind is MarkKind.NOTHING and mark.suggested else mark.kind


def _key(session: Session, kind: MarkKind, text: str) -> str:
    return hashlib.sha256(f"{session.id} {kind} {text}".encode()).hexdigest()[:16]
