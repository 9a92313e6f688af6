"""Looking through what was read from a document: each item confirmed, corrected, dropped, split, joined, or added.

The words as they were read stay beside those somebody made of them, and nothing is ever removed.
"""

import hashlib
from collections.abc import Mapping, Sequence
from uuid import UUID

import msgspec
import sqlalchemy as sa
from sqlalchemy.orm import joinedload

from workspace.consultation import policy
from workspace.consultation.models import ReviewedFinding, Trace
from workspace.core import clock
from workspace.core.actor import Actor
from workspace.core.errors import Invalid, NotFound, required
from workspace.core.storage import log
from workspace.core.storage.db import Db, lock_for_writing
from workspace.core.validation import ensure_short
from workspace.people.models import Forum
from workspace.recommendations.models import LONGEST_TEXT, Recommendation, RecommendationStatus
from workspace.recommendations.policy import ensure_may_confirm, ensure_may_settle
from workspace.recommendations.service import RecommendationService, VerbatimStatement
from workspace.sessions.corrections import SessionCorrectionIn
from workspace.sessions.extraction import Inconsistency
from workspace.sessions.models import Session, SourceDocument
from workspace.sessions.service import SessionService
from workspace.sessions.source_lines import Range, SourceLines

OPEN = frozenset({RecommendationStatus.PROPOSED, RecommendationStatus.CONFIRMED})


class ReviewService:
    """The review of imported documents."""

    def __init__(self, db: Db) -> None:
        self.db = db
        self.register = RecommendationService(db)

    # Reading

    def document(self, document_id: UUID, *, actor: Actor) -> tuple[SourceDocument, list[Session]]:
        """A document and its sessions; raises `NotFound`, also for whoever may review none of them."""
        document = self.db.get(SourceDocument, document_id)
        statement = (
            sa.select(Session)
            .where(Session.document_id == document_id, Session.removed_at.is_(None))
            .options(joinedload(Session.forum))
            .order_by(Session.number)
        )
        sessions = list(self.db.scalars(statement))
        if document is None or not sessions or not policy.may_review(actor, sessions[0].forum, sessions):
            raise NotFound(what="document", id=str(document_id))
        return document, sessions

    def items(self, sessions: Sequence[Session]) -> list[Recommendation]:
        """What these sessions gave, in the order of the document; what was merged into another comes no more."""
        statement = (
            sa.select(Recommendation)
            .where(
                Recommendation.session_id.in_([session.id for session in sessions]),
                Recommendation.standing != RecommendationStatus.MERGED,
            )
            .options(joinedload(Recommendation.session).defer(Session.details))
        )
        return sorted(
            self.db.scalars(statement),
            key=lambda recommendation: (recommendation.line is None, recommendation.line or 0, recommendation.number),
        )

    def traces(self, items: Sequence[Recommendation]) -> Mapping[UUID, Trace]:
        """What review did to each of these, by their ids."""
        rows = sa.select(Trace).where(Trace.recommendation_id.in_([recommendation.id for recommendation in items]))
        return {follow_up.recommendation_id: follow_up for follow_up in self.db.scalars(rows)}

    def seen(self, sessions: Sequence[Session]) -> frozenset[tuple[UUID, str]]:
        """The inconsistencies that somebody has looked at: session and digest."""
        rows = sa.select(ReviewedFinding.session_id, ReviewedFinding.digest).where(
            ReviewedFinding.session_id.in_([session.id for session in sessions])
        )
        return frozenset((session_id, digest) for session_id, digest in self.db.execute(rows))

    # What becomes of an item

    def reword(self, item: Recommendation, text: str, *, actor: Actor) -> None:
        """Give an item other words; those that were read stay beside them. Nothing for the words it has."""
        self._ensure_open(item, actor)
        text = _words(text)
        if text == item.text:
            return
        self._trace(item)
        item.text = text
        self._record("recommendations.reworded", item.forum, [item], actor=actor)

    def divide(self, item: Recommendation, parts: Sequence[str], *, actor: Actor) -> list[Recommendation]:
        """Make an item two or more: it keeps the first part, and the others come after it, each to be confirmed."""
        self._ensure_open(item, actor)
        words = [_words(part) for part in parts]
        if len(words) < 2:  # noqa: PLR2004  (a division gives two at least)
            raise Invalid(field="text", reason="one_part")
        original = self._trace(item).original
        lines = self._lines(item.session)
        item.text = words[0]
        said = [
            VerbatimStatement(
                text,
                item.language,
                item.section,
                min(lines.find(text, near=item.line), default=item.line) if lines else item.line,
                item.marker,
                item.working_group,
            )
            for text in words[1:]
        ]
        made = self.register.split_off(item, said, actor=actor)
        self.db.add_all(
            Trace(recommendation_id=recommendation.id, original=original, came_from_id=item.id)
            for recommendation in made
        )
        self._record("recommendations.divided", item.forum, [item, *made], actor=actor)
        return [item, *made]

    def join(self, item: Recommendation, other: Recommendation, *, actor: Actor) -> None:
        """Put another item's words behind those of an item; the other is merged into it, with its own words kept."""
        self._ensure_open(item, actor)
        self._ensure_open(other, actor)
        if item.id == other.id or item.session_id != other.session_id:
            raise Invalid(field="number", reason="not_neighbours")
        self._trace(item)
        self._trace(other)
        item.text = _words(f"{item.text} {other.text}")
        self.register.merge(item.forum, item.number, [other.number], confirms=False, actor=actor)
        self._record("recommendations.joined", item.forum, [item, other], actor=actor)

    def drop(self, item: Recommendation, *, reason: str, actor: Actor) -> None:
        """Leave an item out of the register, with the reason. It stays listed as set aside."""
        self.register.settle(item.forum, [item.number], RecommendationStatus.DROPPED, reason=reason, actor=actor)
        self._trace(item)

    def take_back(self, item: Recommendation, *, actor: Actor) -> None:
        """Put an item that was confirmed or dropped among those to be confirmed again."""
        self.register.settle(item.forum, [item.number], RecommendationStatus.PROPOSED, actor=actor)

    def add(
        self,
        document: SourceDocument,
        session: Session,
        *,
        text: str = "",
        first: int | None = None,
        last: int | None = None,
        actor: Actor,
    ) -> Recommendation:
        """Add an item that the reading passed over: words of the document, or whole lines of it.

        Raises `Invalid` for words that the document does not have, as an item is what somebody said, and for those
        that are one already.
        """
        ensure_may_confirm(actor, session.forum, [session])
        lines = SourceLines(document.text)
        if not text.strip() and first:
            last = max(first, min(last or first, len(lines.lines)))
            text = lines.between(first, last)
        text = _words(text)
        place = required(lines.range(text, near=first), Invalid(field="text", reason="not_in_document"))
        items = [row for row in self._rows_of(document.id) if row.standing in OPEN]
        if any(lines.range(row.text, near=row.line) == place for row in items):
            raise Invalid(field="text", reason="already_marked")
        (made,) = self.register.propose(
            session, [VerbatimStatement(text, document.language, line=min(lines.spans(place)), marker="")], actor=actor
        )
        self._record("recommendations.added", session.forum, [made], actor=actor)
        return made

    def confirm(self, items: Sequence[Recommendation], *, actor: Actor) -> list[Recommendation]:
        """Confirm these items of one document, except where the same words are confirmed; what was confirmed."""
        document = items[0].session.document if items and items[0].session else None
        chosen = [item for item in items if item.standing is not RecommendationStatus.CONFIRMED]
        if document is not None:
            chosen = self._each_once(chosen, document)
        numbers = [item.number for item in chosen]
        return (
            self.register.settle(items[0].forum, numbers, RecommendationStatus.CONFIRMED, actor=actor) if items else []
        )

    def confirm_rest(self, sessions: Sequence[Session], *, actor: Actor) -> int:
        """Confirm everything of a document that nobody has settled; how many that were."""
        rest = [row for row in self.items(sessions) if row.standing is RecommendationStatus.PROPOSED]
        return len(self.confirm(rest, actor=actor))

    def undisputed(self, sessions: Sequence[Session], *, actor: Actor) -> list[Session]:
        """The sessions whose facts nobody has confirmed and nothing contradicts that nobody has looked at."""
        seen = self.seen(sessions)
        return [
            session
            for session in sessions
            if session.confirmed_at is None
            and policy.may_edit(actor, session)
            and all((session.id, finding_digest(found)) in seen for found in _speaking_of(session, sessions))
        ]

    def confirm_facts(self, sessions: Sequence[Session], shown: Mapping[int, str], *, actor: Actor) -> list[int]:
        """Confirm the facts of the undisputed ones among these sessions; the numbers of those that were confirmed.

        `shown` are digests of the facts that were looked at, by number: where others stand now, nothing is confirmed.
        """
        for session in sessions:
            lock_for_writing(self.db, Session, session.id, joinedload(Session.forum))
        same = [each for each in self.undisputed(sessions, actor=actor) if shown.get(each.number) == facts_digest(each)]
        for session in same:
            SessionService(self.db).correct(session, SessionCorrectionIn(), actor=actor)
        return [session.number for session in same]

    def look_at(self, session: Session, digest: str, *, actor: Actor) -> None:
        """Note that an inconsistency was looked at; raises `NotFound` for one that the session does not have."""
        policy.ensure_may_edit(actor, session)
        inconsistencies = session.details.get("inconsistencies", ())
        if digest not in {
            finding_digest(msgspec.convert(inconsistency, Inconsistency)) for inconsistency in inconsistencies
        }:
            raise NotFound(what="finding", id=digest)
        if self.db.get(ReviewedFinding, (session.id, digest)) is None:
            self.db.add(
                ReviewedFinding(session_id=session.id, digest=digest, seen_by_id=actor.person_id, seen_at=clock.now())
            )
            log.record(
                self.db,
                "session.finding_seen",
                actor=actor,
                forum_id=session.forum_id,
                session=str(session.id),
                finding=digest,
            )

    # Parts

    def _ensure_open(self, item: Recommendation, actor: Actor) -> None:
        ensure_may_settle(actor, item.forum, [item])
        if item.standing not in OPEN:
            raise Invalid(field="number", reason="out_of_register", number=item.number)

    def _trace(self, item: Recommendation) -> Trace:
        known = self.db.get(Trace, item.id)
        if known is None:
            known = Trace(recommendation_id=item.id, original=item.text)
            self.db.add(known)
            self.db.flush()
        return known

    def _rows_of(self, document_id: UUID) -> list[Recommendation]:
        here = sa.select(Session.id).where(Session.document_id == document_id)
        return list(self.db.scalars(sa.select(Recommendation).where(Recommendation.session_id.in_(here))))

    def _each_once(self, items: Sequence[Recommendation], document: SourceDocument) -> list[Recommendation]:
        """Those of which no words are confirmed already, nor are those of another before it."""
        lines = SourceLines(document.text)
        taken = [row for row in self._rows_of(document.id) if row.standing is RecommendationStatus.CONFIRMED]
        places = [lines.range(row.text, near=row.line) for row in taken]
        chosen = []
        for item in items:
            place = lines.range(item.text, near=item.line)
            if place is None or not any(overlap(place, other) for other in places):
                places.append(place)
                chosen.append(item)
        return chosen

    def _lines(self, session: Session | None) -> SourceLines | None:
        document = session.document if session else None
        return SourceLines(document.text) if document else None

    def _record(self, kind: str, forum: Forum, concerned: Sequence[Recommendation], *, actor: Actor) -> None:
        self.db.flush()
        log.record(
            self.db,
            kind,
            actor=actor,
            forum_id=forum.id,
            recommendations=[str(recommendation.id) for recommendation in concerned],
        )


def _speaking_of(session: Session, sessions: Sequence[Session]) -> list[Inconsistency]:
    """What contradicts the facts of a session; what is remarked, or is of a note of several as a whole, does not."""
    found = msgspec.convert(session.details.get("inconsistencies", ()), list[Inconsistency])
    of_its_own = [each for each in found if each.session is not None or len(sessions) == 1]
    return [each for each in of_its_own if each.severity != "info"]


def overlap(place: Range, other: Range | None) -> bool:
    """Whether two places of a document have words in common."""
    return other is not None and other[0] < place[1] and place[0] < other[1]


def facts_digest(session: Session) -> str:
    """What names the facts of a session as they stand: the hash of all that is kept of it."""
    return hashlib.sha256(msgspec.json.encode(session.details, order="sorted")).hexdigest()


def finding_digest(finding: Inconsistency) -> str:
    """What names an inconsistency: the hash of all that it says."""
    return hashlib.sha256(msgspec.json.encode(finding, order="sorted")).hexdigest()


def _words(text: str) -> str:
    text = " ".join(text.split())
    if not text:
        raise Invalid(field="text", reason="required")
    ensure_short(text, LONGEST_TEXT, "text")
    return text
