"""Keeping the documents of a forum and the sessions they tell of."""

import hashlib
from calendar import monthrange
from collections.abc import Collection, Iterable, Iterator, Sequence
from datetime import UTC, date, datetime, time
from typing import Any, Protocol, TypeVar
from uuid import UUID
from zoneinfo import ZoneInfo

import msgspec
import sqlalchemy as sa
from sqlalchemy.orm import joinedload

from workspace.core import clock
from workspace.core.actor import Actor
from workspace.core.errors import Invalid, NotFound, existing
from workspace.core.events import SessionDivided, SessionRemoved, SessionRestored, SessionsJoined, publish
from workspace.core.storage import log
from workspace.core.storage.db import Db, Service, next_number
from workspace.core.storage.search_index import C, Searchable, SearchDocument
from workspace.core.validation import read_reason
from workspace.people.models import Forum, Person
from workspace.sessions import policy
from workspace.sessions.corrections import (
    PERIOD,
    SessionCorrectionIn,
    SessionPart,
    corrected_details,
    divided_details,
    joined_details,
)
from workspace.sessions.extraction import SessionDetails, SessionFound
from workspace.sessions.models import Session, SourceDocument
from workspace.sessions.source_lines import source_lines


class Dated(Protocol):
    """Whatever has a number and a time of its own in the programme."""

    @property
    def number(self) -> int: ...
    @property
    def starts(self) -> str | None: ...


Entry = TypeVar("Entry", bound=Dated)


def by_date(entries: Iterable[Entry], forum: Forum) -> list[Entry]:
    """Sessions in the order in which they begin; one of a month or a year after its days, those of none at the end."""
    home = ZoneInfo(forum.timezone)

    def begins(entry: Entry) -> tuple[bool, datetime, str, int]:
        moment = moment_of(entry.starts)
        if moment is None:
            end = _end_of_period(entry.starts or "", home)
            return end is None, end or datetime.max.replace(tzinfo=UTC), entry.starts or "~", entry.number
        return False, moment if moment.tzinfo else moment.replace(tzinfo=home), "", entry.number

    return sorted(entries, key=begins)


def moment_of(text: str | None) -> datetime | None:
    """The moment that a note names, with offset where it gives one, a day as its midnight; None for anything else."""
    try:
        return datetime.fromisoformat(text or "")
    except ValueError:
        return None


def period_of(text: str) -> date | None:
    """The first day of the month or the year that a note names instead of a day."""
    found = PERIOD.fullmatch(text)
    return date(int(found[1]), int(found[2] or 1), 1) if found else None


def _end_of_period(text: str, home: ZoneInfo) -> datetime | None:
    first = period_of(text)
    if first is None:
        return None
    month = first.month if "-" in text else 12
    return datetime.combine(date(first.year, month, monthrange(first.year, month)[1]), time.max, home)


_LEARNT = ("details", "as_read", "starts", "ends", "place", "document_id", "rapporteur_id")  # by joining another


class SessionService(Service):
    """Sessions and their documents."""

    def keep_document(
        self,
        forum: Forum,
        *,
        name: str,
        language: str,
        text: str,
        actor: Actor,
        media_type: str = "text/plain",
        original: bytes | None = None,
    ) -> SourceDocument | None:
        """Store a document whole, and the file it was read from where that was more than text.

        None if the forum has this very text already: nothing is taken in twice.
        """
        policy.ensure_may_import_notes(actor, forum)
        digest = hashlib.sha256(text.encode()).hexdigest()
        known = sa.select(SourceDocument.id).where(SourceDocument.forum_id == forum.id, SourceDocument.sha256 == digest)
        if self.db.scalar(known):
            return None
        original_digest = None if original is None else hashlib.sha256(original).hexdigest()
        document = SourceDocument(
            forum_id=forum.id,
            name=name,
            language=language,
            sha256=digest,
            text=text,
            media_type=media_type,
            original=original,
            original_sha256=original_digest,
            imported_by_id=actor.person_id,
            imported_at=clock.now(),
        )
        self.db.add(document)
        self.db.flush()
        facts: dict[str, Any] = {"document": str(document.id), "sha256": digest}
        if original_digest is not None:
            facts["original_sha256"] = original_digest
        log.record(self.db, "notes.imported", actor=actor, forum_id=forum.id, **facts)
        return document

    def add(
        self, forum: Forum, details: SessionDetails, *, language: str, document: SourceDocument | None, actor: Actor
    ) -> Session:
        """Add a session at the end of the programme, as a document tells of it."""
        policy.ensure_may_import_notes(actor, forum)
        session = Session(
            forum_id=forum.id,
            document=document,
            number=next_number(self.db, Session.number, Session.forum_id == forum.id),
            title=details.found.title,
            language=language,
            starts=details.found.start,
            ends=details.found.end,
            place=details.found.place,
            rapporteur_id=policy.rapporteur_of_new(actor, forum),
            details=msgspec.to_builtins(details),
        )
        self.db.add(session)
        self.db.flush()
        return session

    def awaiting(self, forum: Forum, *, actor: Actor) -> list[SourceDocument]:
        """The notes of a forum of which nobody knows the session, as far as they may say it."""
        rows = sa.select(SourceDocument).where(
            SourceDocument.forum_id == forum.id, SourceDocument.awaits_session | SourceDocument.awaiting.is_not(None)
        )
        found = self.db.scalars(rows.order_by(SourceDocument.imported_at))
        return [document for document in found if policy.may_place(actor, forum, document)]

    def of_document(self, document: SourceDocument) -> list[Session]:
        """The sessions that a document tells of."""
        rows = sa.select(Session).filter_by(document_id=document.id, removed_at=None)
        return list(self.db.scalars(rows.order_by(Session.number)))

    def bring(self, session: Session, document: SourceDocument, details: SessionDetails, *, actor: Actor) -> int:
        """Make a document a note of a session that exists: where the session is silent, the note speaks.

        How many lines stand before its own in the note of the session.
        """
        policy.ensure_may_edit(actor, session)
        lines = self._join_notes(session, document, actor=actor)
        self._join_facts(session, details, lines)
        session.confirmed_by_id = session.confirmed_at = None  # nobody has looked through what is new
        self.db.flush()
        facts: dict[str, Any] = {"session": str(session.id), "document": str(document.id)}
        log.record(self.db, "session.noted", actor=actor, forum_id=session.forum_id, **facts)
        return lines

    def make(self, forum: Forum, facts: SessionCorrectionIn, *, language: str, actor: Actor) -> Session:
        """Add a session that no document tells of. Raises `Invalid` as `correct` does."""
        found = SessionFound(title=facts.title or "")
        details = corrected_details(SessionDetails(found=found), facts)
        session = self.add(forum, details, language=language, document=None, actor=actor)
        session.confirmed_by_id, session.confirmed_at = actor.person_id, clock.now()
        self.db.flush()
        log.record(self.db, "session.made", actor=actor, forum_id=forum.id, session=str(session.id))
        return session

    def remove(self, session: Session, reason: str, *, actor: Actor) -> None:
        """Take a session that never was out of the programme. Raises `Invalid` where something hangs on it."""
        policy.ensure_may_edit(actor, session)
        facts: dict[str, Any] = {"session": str(session.id), "reason": read_reason(reason)}
        publish(self.db, SessionRemoved(session.id))
        session.removed_at = clock.now()
        self.db.flush()
        log.record(self.db, "session.removed", actor=actor, forum_id=session.forum_id, **facts)

    def removed(self, forum: Forum, *, actor: Actor) -> list[Session]:
        """The sessions that were removed and that they may restore, the last one first."""
        rows = sa.select(Session).where(Session.forum_id == forum.id, Session.removed_at.is_not(None))
        found = self.db.scalars(rows.options(joinedload(Session.forum)).order_by(Session.removed_at.desc()))
        return [session for session in found if policy.may_edit(actor, session)]

    def restore(self, session_id: UUID, *, actor: Actor) -> Session:
        """Put a session that was removed into the programme again, as it was; raises `NotFound`.

        One that was joined with another has again what it had then, and so has the other, unless it was corrected.
        """
        session = self.db.get(Session, session_id)
        if session is None or session.removed_at is None or not policy.may_edit(actor, session):
            raise NotFound(what="session", id=str(session_id))
        if session.joined_into_id is not None:
            lines = (session.moved or {}).get("lines", 0)
            publish(self.db, SessionRestored(session.id, session.joined_into_id, lines))
            self._take_back(session, self.db.get_one(Session, session.joined_into_id), lines)
        session.removed_at = session.joined_into_id = session.moved = None
        self.db.flush()
        log.record(self.db, "session.restored", actor=actor, forum_id=session.forum_id, session=str(session.id))
        return session

    def join(self, session: Session, into: Session, reason: str, *, actor: Actor) -> Session:
        """Make two sessions of one forum that are the same a single one; what hangs on `session` hangs on `into` then.

        The note that is kept is that of `into` with the other's behind it; the other can be restored. Raises `Invalid`
        for a session that is joined with itself, and without a reason.
        """
        policy.ensure_may_edit(actor, session)
        policy.ensure_may_edit(actor, into)
        if session.id == into.id or session.forum_id != into.forum_id:
            raise Invalid(field="into", reason="same_session")
        facts: dict[str, Any] = {"session": str(session.id), "into": str(into.id), "reason": read_reason(reason)}
        before = msgspec.to_builtins({name: getattr(into, name) for name in _LEARNT})
        lines = self._join_notes(into, session.document, actor=actor)
        self._join_facts(into, self.details(session), lines)
        into.rapporteur_id = into.rapporteur_id or session.rapporteur_id
        session.joined_into_id, session.moved = into.id, {"lines": lines, "before": before}
        publish(self.db, SessionsJoined(session.id, into.id, lines))
        session.removed_at = clock.now()
        self.db.flush()
        log.record(self.db, "session.joined", actor=actor, forum_id=into.forum_id, **facts)
        return into

    def divide(
        self, session: Session, parts: Sequence[SessionPart], reason: str = "", *, actor: Actor
    ) -> list[Session]:
        """Make new sessions of parts of one, which keeps the rest; they have its note, and no followers.

        Raises `Invalid` where there is no part, and as `divided_details` does; `NotFound` for a recommendation that
        was not said in it.
        """
        policy.ensure_may_edit(actor, session)
        if not parts:
            raise Invalid(field="title", reason="required")
        kept, found = divided_details(self.details(session), parts)
        session.as_read, session.details = session.as_read or session.details, msgspec.to_builtins(kept)
        made = [self._part(session, details, actor) for details in found]
        given = {part.id: said.recommendations for part, said in zip(made, parts, strict=True)}
        publish(self.db, SessionDivided(session.id, given))
        self.db.flush()
        facts: dict[str, Any] = {"session": str(session.id), "made": [str(part.id) for part in made]}
        facts["reason"] = reason.strip()
        log.record(self.db, "session.divided", actor=actor, forum_id=session.forum_id, **facts)
        return made

    def _part(self, session: Session, details: SessionDetails, actor: Actor) -> Session:
        made = self.add(session.forum, details, language=session.language, document=session.document, actor=actor)
        made.rapporteur_id = session.rapporteur_id
        made.confirmed_by_id, made.confirmed_at = actor.person_id, clock.now()
        return made

    def _take_back(self, session: Session, into: Session, lines: int) -> None:
        """Let `into` be what it was before `session` was joined with it, where nobody has corrected it since."""
        before: dict[str, Any] = (session.moved or {}).get("before", {})
        if not before:
            return
        facts = msgspec.convert(before["details"], SessionDetails)
        if self.details(into) == joined_details(facts, self.details(session), lines):
            ids = {name: before[name] and UUID(before[name]) for name in ("document_id", "rapporteur_id")}
            for name, value in {**before, **ids}.items():
                setattr(into, name, value)

    def _join_facts(self, into: Session, other: SessionDetails, lines: int) -> None:
        into.as_read = into.as_read or into.details
        after = joined_details(self.details(into), other, lines)
        into.details, into.place = msgspec.to_builtins(after), after.found.place
        into.starts, into.ends = after.found.start, after.found.end

    def _join_notes(self, into: Session, note: SourceDocument | None, *, actor: Actor) -> int:
        """How many lines of the note that the session has now stand before those of this one."""
        if note is None or into.document is None:
            into.document = into.document or note
            return 0
        kept, other = ("\n".join(source_lines(document.text)) for document in (into.document, note))
        place = f"\n{kept}\n".find(f"\n{other}\n")
        if place >= 0:
            return kept.count("\n", 0, place)
        text = f"{kept}\n{other}\n"
        digest = hashlib.sha256(text.encode()).hexdigest()
        known = sa.select(SourceDocument).filter_by(forum_id=into.forum_id, sha256=digest)
        into.document = self.db.scalar(known) or SourceDocument(
            forum_id=into.forum_id,
            name=f"{into.document.name} + {note.name}",
            language=into.document.language,
            sha256=digest,
            text=text,
            imported_by_id=actor.person_id,
            imported_at=clock.now(),
        )
        return kept.count("\n") + 1

    def correct(self, session: Session, correction: SessionCorrectionIn, *, actor: Actor) -> None:
        """Say what a session really is, where its note was read wrongly or says nothing; this confirms the rest.

        What was read is kept beside it. Raises `Invalid` for a title that is empty, and for moments that are none.
        """
        policy.ensure_may_edit(actor, session)
        before = self.details(session)
        after = corrected_details(before, correction)
        if session.as_read is None:
            session.as_read = session.details
        session.details = msgspec.to_builtins(after)
        session.title, session.place = after.found.title, after.found.place
        session.starts, session.ends = after.found.start, after.found.end
        session.confirmed_by_id, session.confirmed_at = actor.person_id, clock.now()
        self.db.flush()
        log.record(
            self.db,
            "session.corrected",
            actor=actor,
            forum_id=session.forum_id,
            session=str(session.id),
            sha256=hashlib.sha256(msgspec.json.encode(session.details, order="sorted")).hexdigest(),
        )

    def give_to(self, session: Session, rapporteur_id: UUID, *, actor: Actor) -> None:
        """Say whose session it is to note down. Raises `Invalid` for somebody who is no rapporteur of the forum today.

        A rapporteur may hand over a session of their own; it is no longer theirs then.
        """
        policy.ensure_may_edit(actor, session)
        rapporteur = existing(self.db.get(Person, rapporteur_id), "person", rapporteur_id)
        if not policy.is_rapporteur(rapporteur.as_actor(), session.forum):
            raise Invalid(field="rapporteur", reason="not_a_rapporteur")
        session.rapporteur_id = rapporteur.id
        self.db.flush()
        log.record(
            self.db,
            "session.given",
            actor=actor,
            forum_id=session.forum_id,
            session=str(session.id),
            rapporteur=str(rapporteur.id),
        )

    def programme(self, forum: Forum, *, actor: Actor) -> list[Session]:
        """The sessions of a forum that are shown to them, by date; those without one at the end, by number."""
        policy.ensure_may_read(actor, forum)
        rows = sa.select(Session).where(Session.forum_id == forum.id, policy.shown_to(actor, forum))
        return by_date(self.db.scalars(rows.options(joinedload(Session.forum))), forum)

    def numbered(self, forum: Forum, number: int, *, actor: Actor) -> Session:
        """The session of this number; raises `NotFound`."""
        session_id = self.db.scalar(sa.select(Session.id).filter_by(forum_id=forum.id, number=number))
        if session_id is None:
            raise NotFound(what="session", id=str(number))
        return self.get(session_id, actor=actor)

    def get(self, session_id: UUID, *, actor: Actor, forum: Forum | None = None) -> Session:
        """One session with its document; raises `NotFound`, where a `forum` is given also for one of another."""
        session = self.db.scalar(
            sa.select(Session).filter_by(id=session_id).options(joinedload(Session.document), joinedload(Session.forum))
        )
        is_elsewhere = session is not None and forum is not None and session.forum_id != forum.id
        if session is None or is_elsewhere or not policy.may_read_session(actor, session):
            raise NotFound(what="session", id=str(session_id))
        return session

    def kept_for(self, session_id: UUID, *, actor: Actor) -> Session:
        """The session that one was joined with; raises `NotFound` where it was not, or that may not be read."""
        found = self.db.get(Session, session_id)
        if found is None or found.joined_into_id is None:
            raise NotFound(what="session", id=str(session_id))
        return self.get(found.joined_into_id, actor=actor)

    def details(self, session: Session) -> SessionDetails:
        return msgspec.convert(session.details, SessionDetails)


_STATEMENTS = ("objectives", "key_messages", "discussion_questions")


def _documents(db: Db, ids: Collection[UUID] | None) -> Iterator[SearchDocument]:
    """The title of each session, its place, and what it was to say."""
    chosen = sa.true() if ids is None else Session.id.in_(ids)
    for found in db.scalars(sa.select(Session).where(chosen).order_by(Session.number)):
        said = [each.get("text", "") for name in _STATEMENTS for each in found.details.get(name, ())]
        text = "\n".join(filter(None, (found.title, found.place, *said)))
        yield SearchDocument(found.id, found.forum_id, None, found.language, text, f"s {found.number}")


def _found_by(actor: Actor, forum: Forum) -> sa.ColumnElement[bool]:
    shown = sa.select(Session.id).where(Session.forum_id == forum.id, policy.shown_to(actor, forum))
    return C.subject_id.in_(shown)


SEARCHED = Searchable(
    kind="session",
    tables={"session": ("id", "title", "place", "details")},
    documents=_documents,
    readable=lambda _, forum, actor: _found_by(actor, forum) if policy.may_read(actor, forum) else None,
)
