"""What organisations promised, for which published paragraph, and how far they report to have come."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta
from itertools import groupby
from operator import attrgetter
from urllib.parse import urlsplit
from uuid import UUID

import sqlalchemy as sa
from msgspec import Struct
from sqlalchemy.orm import joinedload, selectinload

from workspace.consultation import policy
from workspace.consultation.models import Commitment, CommitmentReport, CommitmentStatus
from workspace.consultation.projects import short_text
from workspace.core import clock
from workspace.core.actor import CALENDAR, Actor
from workspace.core.errors import BadFile, Invalid, NotFound
from workspace.core.security.conditions import Case
from workspace.core.security.permissions import STAFF
from workspace.core.storage import log
from workspace.core.storage.db import Db, Service, lock_for_writing, next_number
from workspace.core.storage.log import Fact
from workspace.declarations.domain import queries
from workspace.declarations.domain.models import BlockRecord, Declaration
from workspace.declarations.domain.queries import BlockRow
from workspace.editions.domain.models import Edition
from workspace.editions.domain.policy import may_read_editions
from workspace.notices.listeners import actors_of, tell
from workspace.notices.models import NoticeKind
from workspace.people.mandates import counting
from workspace.people.models import Forum, Mandate
from workspace.people.organisations import OrganisationService
from workspace.people.policy import may_in

OPEN = frozenset({CommitmentStatus.PROMISED, CommitmentStatus.UNDER_WAY})
LARGEST_EVIDENCE = 5_000_000  # bytes
LONGEST_LINK = 500
EVERY, QUIET = timedelta(days=365), timedelta(days=90)
_TOLD = joinedload(Commitment.forum), joinedload(Commitment.organisation), selectinload(Commitment.reports)


class Progress(Struct, frozen=True):
    """One report: how far, as of which day, and what shows it."""

    status: CommitmentStatus
    note: str = ""
    reported_on: date | None = None
    link: str = ""
    file_name: str = ""
    content: bytes = b""
    language: str = ""  # of the note, "" for that of the commitment


class PublishedText(Struct, frozen=True):
    """The newest edition of a declaration that the reader may read, with its paragraphs."""

    declaration: Declaration
    edition: Edition
    rows: Sequence[BlockRow]


def newest_editions(db: Db, forum: Forum, *, actor: Actor) -> list[Edition]:
    """The newest edition of each declaration of a forum, as far as the reader may read it. One query."""
    statement = sa.select(Edition).join(Declaration).where(Declaration.forum_id == forum.id)
    every = db.scalars(statement.options(joinedload(Edition.declaration)).order_by(Edition.number))
    newest = {edition.declaration_id: edition for edition in every}
    return [edition for edition in newest.values() if may_read_editions(actor, edition.declaration)]


def published_texts(db: Db, forum: Forum, *, actor: Actor) -> list[PublishedText]:
    """The same with their paragraphs."""
    return [
        PublishedText(edition.declaration, edition, queries.pinned_rows(db, edition.revision_id))
        for edition in newest_editions(db, forum, actor=actor)
    ]


class CommitmentService(Service):
    """The follow-up register."""

    def register(self, forum: Forum, *, actor: Actor) -> list[Commitment]:
        """Every commitment with its reports, those that are due first before the others."""
        policy.ensure_may_read(actor, forum)
        rows = sa.select(Commitment).where(Commitment.forum_id == forum.id).options(*_TOLD)
        return list(self.db.scalars(rows.order_by(Commitment.due.is_(None), Commitment.due, Commitment.number)))

    def by_paragraph(self, declaration: Declaration, *, actor: Actor) -> Mapping[UUID, list[Commitment]]:
        """The commitments tied to each paragraph; nothing for who may not read the register."""
        found: dict[UUID, list[Commitment]] = {}
        if policy.may_read(actor, declaration.forum):
            own = sa.select(Commitment).where(Commitment.declaration_id == declaration.id).options(*_TOLD)
            for commitment in self.db.scalars(own.order_by(Commitment.number)):
                found.setdefault(commitment.block_id or declaration.id, []).append(commitment)
        return found

    def get(self, commitment_id: UUID, *, actor: Actor) -> Commitment:
        """One commitment; raises `NotFound`."""
        found = self.db.get(Commitment, commitment_id)
        if found is None or not policy.may_read(actor, found.forum):
            raise NotFound(what="commitment", id=str(commitment_id))
        return found

    def promise(
        self,
        forum: Forum,
        organisation_id: UUID,
        text: str,
        *,
        language: str,
        due: date | None,
        actor: Actor,
        block_id: UUID | None = None,
    ) -> Commitment:
        """Note what an organisation of the network promised, for a published paragraph where one is named.

        Raises `Invalid` for an empty text, `NotFound` for a paragraph of no edition that the actor may read.
        """
        policy.ensure_may_keep_commitments(actor, forum, organisation_id)
        organisation = OrganisationService(self.db).get(forum, organisation_id)
        text = short_text("text", text)
        declaration_id = self._published(forum, block_id, actor) if block_id else None
        lock_for_writing(self.db, Forum, forum.id)
        made = Commitment(
            forum_id=forum.id,
            number=next_number(self.db, Commitment.number, Commitment.forum_id == forum.id),
            organisation_id=organisation.id,
            text=text,
            language=language,
            due=due,
            status=CommitmentStatus.PROMISED,
            note="",
            made_by_id=actor.person_id,
            made_at=clock.now(),
            declaration_id=declaration_id,
            block_id=block_id,
        )
        self.db.add(made)
        self._record("commitment.made", made, actor, declaration_id, **({"block": str(block_id)} if block_id else {}))
        return made

    def tie(self, commitment: Commitment, block_id: UUID, *, actor: Actor) -> None:
        """Say which published paragraph it carries out; raises `NotFound` as `promise` does."""
        policy.ensure_may_keep_commitments(actor, commitment.forum, commitment.organisation_id)
        commitment.declaration_id = self._published(commitment.forum, block_id, actor)
        commitment.block_id = block_id
        self._record("commitment.tied", commitment, actor, commitment.declaration_id, block=str(block_id))

    def report(self, commitment: Commitment, progress: Progress, *, due: date | None, actor: Actor) -> CommitmentReport:
        """Say how far it got, with what shows it, and until when it is now due. Earlier reports stay.

        It stands where the report of the latest day says.

        Raises `Invalid` for a day to come or a link that is none, `BadFile` for a file that is too large.
        """
        policy.ensure_may_keep_commitments(actor, commitment.forum, commitment.organisation_id)
        lock_for_writing(self.db, Forum, commitment.forum_id)
        made = _report(commitment, progress)
        made.number = next_number(self.db, CommitmentReport.number, CommitmentReport.commitment_id == commitment.id)
        made.made_by_id = actor.person_id
        self.db.add(made)
        self.db.flush()
        self.db.expire(commitment, ["reports"])
        last, before = commitment.reports[-1], commitment.due
        commitment.status, commitment.note, commitment.due = last.status, last.note, due
        self._record("commitment.reported", commitment, actor, status=made.status.value, report=made.number)
        if due != before:
            self._record("commitment.due_changed", commitment, actor, due=str(due or ""), was_due=str(before or ""))
        return made

    def set_reminder(self, forum: Forum, month: int | None, *, actor: Actor) -> None:
        """Choose the month of the yearly reminder, 0 for none, None for a year after each report."""
        policy.ensure_may_keep_commitments(actor, forum, None)
        forum.reminder_month = month
        self.db.flush()
        log.record(self.db, "commitment.reminder_set", actor=actor, forum_id=forum.id, month=month)

    def evidence(self, commitment: Commitment, number: int) -> tuple[str, bytes]:
        """The name and the bytes of the file of a report; raises `NotFound`."""
        found = self.db.scalar(sa.select(CommitmentReport).filter_by(commitment_id=commitment.id, number=number))
        if found is None or found.content is None:
            raise NotFound(what="file", id=str(number))
        return found.file_name, found.content

    def _record(
        self, kind: str, commitment: Commitment, actor: Actor, declaration_id: UUID | None = None, **facts: Fact
    ) -> None:
        self.db.flush()
        done = log.LogEvent(kind, {"commitment": str(commitment.id), "number": commitment.number, **facts})
        log.record_all(self.db, [done], actor=actor, forum_id=commitment.forum_id, declaration_id=declaration_id)

    def _published(self, forum: Forum, block_id: UUID, actor: Actor) -> UUID:
        block = self.db.get(BlockRecord, block_id)
        for text in published_texts(self.db, forum, actor=actor) if block else ():
            if any(row.block_id == block_id for row in text.rows):
                return text.declaration.id
        raise NotFound(what="block", id=str(block_id))


def _report(commitment: Commitment, progress: Progress) -> CommitmentReport:
    today = clock.today(commitment.forum.timezone)
    day = progress.reported_on or today
    if day > today:
        raise Invalid(field="reported_on", reason="not_come_yet")
    if len(progress.content) > LARGEST_EVIDENCE:
        raise BadFile(source=progress.file_name, reason="too_large", bytes=len(progress.content), most=LARGEST_EVIDENCE)
    return CommitmentReport(
        commitment_id=commitment.id,
        status=progress.status,
        reported_on=day,
        note=short_text("note", progress.note, is_required=False),
        language=progress.language or commitment.language,
        link=_link(progress.link.strip()),
        file_name=progress.file_name if progress.content else "",
        content=progress.content or None,
        made_at=clock.now(),
    )


def _link(link: str) -> str:
    """A web address, or nothing; raises `Invalid` for anything else."""
    try:
        found = urlsplit(link)
    except ValueError:
        raise Invalid(field="link", reason="no_web_address") from None
    is_plain = link.isprintable() and " " not in link and len(link) <= LONGEST_LINK
    if link and not (is_plain and found.scheme in {"http", "https"} and found.hostname):
        raise Invalid(field="link", reason="no_web_address")
    return link


def next_reminder(commitment: Commitment) -> date | None:
    """The day on which a report on it is asked for, if nothing is told before; None where nobody will be asked.

    Where the forum has chosen a month that is its first day, a quarter after the last that was told at least.
    """
    forum = commitment.forum
    if commitment.status not in OPEN or forum.reminder_month == 0:
        return None
    heard = [report.made_at for report in commitment.reports]
    last = max(commitment.made_at, commitment.reminded_at or commitment.made_at, *heard)
    if forum.reminder_month is None:
        return forum.local(last + EVERY).date()
    earliest = forum.local(last + QUIET).date()
    first = earliest.replace(month=forum.reminder_month, day=1)
    return first if first >= earliest else first.replace(year=first.year + 1)


def remind_of_commitments(db: Db, now: datetime) -> int:
    """Ask for a report on every open commitment whose day has come; returns how many there were.

    Its focal points are asked; where it has none, the secretariat and the chair of the forum.
    """
    every = sa.select(Commitment).where(Commitment.status.in_(OPEN), Commitment.made_at <= now - QUIET)
    rows = every.options(joinedload(Commitment.forum), selectinload(Commitment.reports))
    found = [
        commitment
        for commitment in db.scalars(rows.order_by(Commitment.forum_id, Commitment.number))
        if (day := next_reminder(commitment)) and day <= commitment.forum.local(now).date()
    ]
    for forum, commitments in groupby(found, key=attrgetter("forum")):
        _remind(db, forum, list(commitments), now)
    return len(found)


def _remind(db: Db, forum: Forum, commitments: Sequence[Commitment], now: datetime) -> None:
    people: set[UUID | None] = set()
    for commitment in commitments:
        commitment.reminded_at = now
        people |= _reporters(db, commitment)
    about = {"forum_id": forum.id, "by_id": CALENDAR.person_id, "word": "commitment"}
    tell(db, NoticeKind.ASKED, people, lambda _: True, about)
    ids = [str(commitment.id) for commitment in commitments]
    log.record(db, "commitment.reminded", actor=CALENDAR, forum_id=forum.id, commitments=ids)


def _reporters(db: Db, commitment: Commitment) -> set[UUID | None]:
    """Who is asked to report: the organisation's focal points, else those who keep the register."""
    here = sa.select(Mandate).where(*counting(commitment.forum))
    held = db.scalars(here.where(sa.or_(Mandate.is_steward, Mandate.role.in_(STAFF)))).all()
    own = {mandate.person_id for mandate in held if mandate.is_steward}
    case = Case(organisation_id=commitment.organisation_id)
    stewards = {
        actor.person_id for actor in actors_of(db, own) if may_in(actor, "commitment.keep", commitment.forum, case)
    }
    return set(stewards) or {mandate.person_id for mandate in held if mandate.role in STAFF}
