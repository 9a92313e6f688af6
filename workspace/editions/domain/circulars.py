"""Circulars and yearly reports: begun from the record, edited by people, sent to the members, and answered."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime, timedelta

import sqlalchemy as sa
from msgspec import Struct
from sqlalchemy.orm import selectinload

from drafts.text.blocks import Language
from workspace.consultation.models import Commitment, CommitmentStatus
from workspace.core import clock
from workspace.core.actor import Actor
from workspace.core.errors import Invalid, NotFound
from workspace.core.security.permissions import Phase
from workspace.core.storage import log
from workspace.core.storage.db import Db, Service, Trilingual, first_id, lock_for_writing, next_number
from workspace.core.storage.log import LogEntry
from workspace.core.validation import ensure_short
from workspace.declarations.domain.models import Declaration, Stage
from workspace.editions.domain.commitments import OPEN
from workspace.editions.domain.models import Circular, CircularAnswer, CircularKind
from workspace.forms.models import AnswerState, Form, FormAnswer
from workspace.letters.service import LetterService
from workspace.notices.listeners import About, people_of, tell
from workspace.notices.models import NoticeKind
from workspace.people.models import Forum
from workspace.people.policy import ensure_may_in, may_in
from workspace.recommendations.models import Recommendation, RecommendationStatus
from workspace.recommendations.policy import spoken_for
from workspace.sessions.models import Session
from workspace.web.i18n import messages as i18n
from workspace.web.i18n.marking import N_
from workspace.web.i18n.messages import AMENDMENT_WINDOW, PHASE_NAMES, Messages

WRITE, READ = "circular.write", "circular.read"
LONGEST_SUBJECT, LONGEST_TEXT = 300, 20_000
YEAR = timedelta(days=365)
_NOT_OPEN = (Phase.SETUP, Phase.PUBLISHED, Phase.ARCHIVED)
_COUNTED: Mapping[str, str] = {  # what a report counts, by kinds of the log
    "session.made": N_("Sessions"),
    "notes.imported": N_("Session notes"),
    "recommendations.settled": N_("Recommendations"),
    "form.answered": N_("Answers to forms"),
    "comment.opened": N_("Comments"),
    "sitting.began": N_("Sittings"),
    "amendment.proposed": N_("Amendments"),
    "decision.taken": N_("Decisions"),
    "edition.published": N_("Editions"),
    "commitment.made": N_("Commitments"),
    "commitment.reported": N_("Progress reports"),
}


class CircularWords(Struct, frozen=True):
    """What somebody wrote, in up to three languages until it is sent."""

    subject: Trilingual
    text: Trilingual
    wants_answer: bool = False


class CircularService(Service):
    """The circulars of a forum."""

    def listed(self, forum: Forum, *, actor: Actor) -> Sequence[Circular]:
        """Every circular that was sent, newest first; those being written too for who writes them."""
        ensure_may_in(actor, READ, forum)
        rows = sa.select(Circular).where(Circular.forum_id == forum.id).options(selectinload(Circular.answers))
        if not may_in(actor, WRITE, forum):
            rows = rows.where(Circular.sent_at.is_not(None))
        return self.db.scalars(rows.order_by(Circular.number.desc())).all()

    def get(self, forum: Forum, number: int, *, actor: Actor) -> Circular:
        """One that is open to the actor; raises `NotFound`."""
        found = self.db.scalar(sa.select(Circular).filter_by(forum_id=forum.id, number=number))
        is_open = found is not None and may_in(actor, WRITE if found.sent_at is None else READ, forum)
        if found is None or not is_open:
            raise NotFound(what="circular", id=str(number))
        return found

    def begin(self, forum: Forum, kind: CircularKind, *, actor: Actor) -> Circular:
        """Begin one in three languages with what the record knows; nothing of it is sent before a person does."""
        ensure_may_in(actor, WRITE, forum)
        lock_for_writing(self.db, Forum, forum.id)
        subject, text = _begun(self.db, forum, kind)
        number = next_number(self.db, Circular.number, Circular.forum_id == forum.id)
        made = Circular(forum_id=forum.id, number=number, kind=kind, subject=subject, text=text)
        made.written_by_id, made.written_at = actor.person_id, clock.now()
        self.db.add(made)
        self._record("circular.written", made, actor)
        return made

    def write(self, circular: Circular, words: CircularWords, *, actor: Actor) -> None:
        """Put these words in it. Raises `Invalid` once it is sent, and for what is too long."""
        self._ensure_open(circular, actor)
        for field, most in (("subject", LONGEST_SUBJECT), ("text", LONGEST_TEXT)):
            for said in getattr(words, field).to_dict().values():
                ensure_short(said, most, field)
        circular.subject, circular.text = words.subject, words.text
        circular.wants_answer = words.wants_answer
        circular.written_by_id, circular.written_at = actor.person_id, clock.now()
        self._record("circular.written", circular, actor)

    def send(self, circular: Circular, *, actor: Actor) -> None:
        """Send it to all who take part, and notify them. Raises `Invalid` where words lack a language, or once sent."""
        self._ensure_open(circular, actor)
        for field in ("subject", "text"):
            if not all(said.strip() for said in getattr(circular, field).to_dict().values()):
                raise Invalid(field=field, reason="not_in_every_language")
        forum = circular.forum
        title, text = circular.subject.to_dict(), circular.text.to_dict()
        path = f"/{{language}}/{forum.slug}/sessions/circulars/{circular.number}"
        kind = "circular_question" if circular.wants_answer else "circular"
        circular.sent_to = LetterService(self.db).announce(forum, kind, path=path, title=title, text=text)
        about: About = {"forum_id": forum.id, "by_id": actor.person_id, "word": "circular"}
        tell(self.db, NoticeKind.ASKED, people_of(self.db, forum) - {actor.person_id}, lambda _: True, about)
        circular.sent_by_id, circular.sent_at = actor.person_id, clock.now()
        self._record("circular.sent", circular, actor)

    def discard(self, circular: Circular, *, actor: Actor) -> None:
        """Remove one that nobody was sent. Raises `Invalid` once it is sent."""
        self._ensure_open(circular, actor)
        self._record("circular.discarded", circular, actor)
        self.db.delete(circular)

    def answer(self, circular: Circular, text: str, *, actor: Actor) -> CircularAnswer:
        """Answer for the organisation they speak for, or themselves; the answer before is replaced.

        Raises `Invalid` for no words, and where no answer is asked for.
        """
        ensure_may_in(actor, READ, circular.forum)
        words = text.strip()
        if not words or actor.person_id is None or not (circular.sent_at and circular.wants_answer):
            raise Invalid(field="answer", reason="required")
        ensure_short(words, LONGEST_TEXT, "answer")
        lock_for_writing(self.db, Forum, circular.forum_id)
        made = self.own_answer(circular, actor=actor)
        if made is None:
            voices = spoken_for(actor, circular.forum)
            made = CircularAnswer(circular_id=circular.id, organisation_id=voices[0] if voices else None)
            self.db.add(made)
        made.person_id, made.text, made.answered_at = actor.person_id, words, clock.now()
        self._record("circular.answered", circular, actor)
        return made

    def own_answer(self, circular: Circular, *, actor: Actor) -> CircularAnswer | None:
        """What their organisation, or they themselves, answered."""
        voice = next(iter(spoken_for(actor, circular.forum)), None)
        own = {"organisation_id": voice} if voice else {"organisation_id": None, "person_id": actor.person_id}
        return self.db.scalar(sa.select(CircularAnswer).filter_by(circular_id=circular.id, **own))

    def _ensure_open(self, circular: Circular, actor: Actor) -> None:
        ensure_may_in(actor, WRITE, circular.forum)
        lock_for_writing(self.db, Forum, circular.forum_id)
        self.db.refresh(circular)
        if circular.sent_at is not None:
            raise Invalid(field="subject", reason="sent_already")

    def _record(self, kind: str, circular: Circular, actor: Actor) -> None:
        self.db.flush()
        about, key = circular.forum_id, str(circular.id)
        log.record(self.db, kind, actor=actor, forum_id=about, circular=key, number=circular.number)


def _begun(db: Db, forum: Forum, kind: CircularKind) -> tuple[Trilingual, Trilingual]:
    """The subject and the text that a person goes on from."""
    facts = _Facts(db, forum, kind)
    said = {language.value: i18n.messages(language) for language in Language}
    subject = {language: facts.subject(words) for language, words in said.items()}
    text = {language: "\n".join(facts.lines(words)) for language, words in said.items()}
    return Trilingual.of(subject), Trilingual.of(text)


class _Facts:
    """What the record knows, to be written in any language."""

    def __init__(self, db: Db, forum: Forum, kind: CircularKind) -> None:
        self.forum, self.now = forum, clock.now()
        self.since = self._last_report(db) if kind is CircularKind.REPORT else self.now
        known = sa.select(Declaration).where(Declaration.forum_id == forum.id, Declaration.phase.not_in(_NOT_OPEN))
        self.declarations = db.scalars(known.order_by(Declaration.slug)).all()
        kinds = sa.select(LogEntry.kind).where(LogEntry.forum_id == forum.id, LogEntry.at >= self.since)
        self.counts = Counter(db.scalars(kinds.where(LogEntry.kind.in_(_COUNTED))))
        answers = sa.select(sa.func.count()).select_from(FormAnswer).join(Form).where(Form.forum_id == forum.id)
        these = answers.where(FormAnswer.state == AnswerState.COUNTED, FormAnswer.sent_at >= self.since)
        self.counts["form.answered"] = db.scalar(these) or 0
        standing = sa.select(sa.func.count()).select_from(Session).filter_by(forum_id=forum.id, removed_at=None)
        self.counts["session.made"] = db.scalar(standing.where(Session.id >= first_id(self.since))) or 0
        made = sa.select(sa.func.count()).select_from(Recommendation).where(Recommendation.id >= first_id(self.since))
        confirmed = made.filter_by(forum_id=forum.id, standing=RecommendationStatus.CONFIRMED)
        self.counts["recommendations.settled"] = db.scalar(confirmed) or 0
        forms = sa.select(Form).where(Form.forum_id == forum.id).order_by(Form.number)
        self.forms = [form for form in db.scalars(forms) if form.is_open]
        promised = sa.select(Commitment).where(Commitment.forum_id == forum.id).order_by(Commitment.number)
        self.commitments = db.scalars(promised).all()
        self.is_report = kind is CircularKind.REPORT

    def subject(self, said: Messages) -> str:
        """What it is about."""
        if not self.is_report:
            return said.gettext("%(forum)s: what is open", forum=self.forum.name.said_in(said.language))
        first, last = (said.date(self.forum.local(moment).date()) for moment in (self.since, self.now))
        return said.gettext("Report, %(first)s to %(last)s", first=first, last=last)

    def lines(self, said: Messages) -> Iterator[str]:
        """Its text, line by line."""
        return self._report(said) if self.is_report else self._circular(said)

    def _last_report(self, db: Db) -> datetime:
        """When the last yearly report was sent, a year ago where none was."""
        sent = sa.select(sa.func.max(Circular.sent_at)).filter_by(forum_id=self.forum.id, kind=CircularKind.REPORT)
        return db.scalar(sent) or self.now - YEAR

    def _circular(self, said: Messages) -> Iterator[str]:
        for declaration in self.declarations:
            name, phase = declaration.name.said_in(said.language), said.gettext(PHASE_NAMES[declaration.phase])
            yield "- " + _pair(said, name, phase)
            ends = ((deadline.closes_at, stage) for stage in Stage if (deadline := declaration.deadline(stage)))
            for at, stage in sorted((at, stage) for at, stage in ends if at and at > self.now):
                what = said.gettext(PHASE_NAMES[stage.phase] if stage.phase else AMENDMENT_WINDOW)
                yield "  - " + _pair(said, what, self._until(said, at))
        for form in self.forms:
            state = self._until(said, form.closes_at) if form.closes_at else said.gettext("open")
            yield "- " + _pair(said, form.title.said_in(said.language), state)

    def _until(self, said: Messages, at: datetime) -> str:
        return said.gettext("until %(day)s", day=said.moment(at, self.forum.local(self.now).tzinfo))

    def _report(self, said: Messages) -> Iterator[str]:
        for kind, words in _COUNTED.items():
            if self.counts[kind]:
                yield "- " + _pair(said, said.gettext(words), said.number(self.counts[kind]))
        kept = sum(each.status is CommitmentStatus.KEPT for each in self.commitments)
        still = sum(each.status in OPEN for each in self.commitments)
        if self.commitments:
            yield "- " + said.gettext(
                "Commitments kept: %(kept)s; open: %(open)s", kept=said.number(kept), open=said.number(still)
            )


def _pair(said: Messages, name: str, value: str) -> str:
    return said.gettext("%(field)s: %(problem)s", field=name, problem=value)
