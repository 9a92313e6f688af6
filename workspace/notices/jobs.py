"""Telling people in time that something closes."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from itertools import groupby
from operator import attrgetter
from uuid import UUID
from zoneinfo import ZoneInfo

import sqlalchemy as sa
from msgspec import Struct
from sqlalchemy.orm import selectinload

from drafts.text.blocks import Language
from workspace.accounts.domain.models import Account
from workspace.core import clock
from workspace.core.actor import Actor
from workspace.core.jobs import Job, JobContext
from workspace.core.outbox import Receiver, queue_each_letter
from workspace.core.storage.db import Db, Store
from workspace.core.storage.log import Fact
from workspace.declarations.domain.models import Deadline, Declaration
from workspace.letters.models import MailFrequency, MailKind
from workspace.letters.preferences import DIGEST, MailPreferences, Paces, bounced_addresses
from workspace.letters.rendering import LetterItem, items_as_fact
from workspace.notices import listeners
from workspace.notices.listeners import tell_that_it_closes
from workspace.notices.models import Notice, NoticeKind
from workspace.notices.views import NoticeLine, NoticeSubjects, NoticeWriter, by_day
from workspace.people.models import Forum, Person
from workspace.procedure.models import Means, Question
from workspace.web.i18n import messages
from workspace.web.i18n.messages import Messages

AHEAD = timedelta(days=1)
_ROOM = timedelta(hours=1)  # between two runs of the job, whatever the clock does


def tell_of_closing(store: Store) -> int:
    """Tell of everything that closes within a day, once for each date; returns how many there were."""
    now = clock.now()
    with store.writing() as db:
        statement = sa.select(Deadline).where(
            Deadline.closes_at > now,
            Deadline.closes_at <= now + AHEAD,
            Deadline.closed_at.is_(None),
            sa.or_(Deadline.opens_at.is_(None), Deadline.opens_at <= now, Deadline.opened_at.is_not(None)),
        )
        count = sum(_tell(db, deadline, now) for deadline in db.scalars(statement).all())
        for question in (ending := _ending_silences(db, now)):
            listeners.that_silence_ends(db, question)
        return count + len(ending)


def _tell(db: Db, deadline: Deadline, now: datetime) -> bool:
    """Whether this is open now, and nobody was told yet that it closes at this date."""
    declaration = db.get_one(Declaration, deadline.declaration_id)
    due = sa.select(Notice.id).where(
        Notice.kind == NoticeKind.CLOSING,
        Notice.declaration_id == declaration.id,
        Notice.word == deadline.stage.value,
        Notice.made_at > (deadline.closes_at or now) - AHEAD - _ROOM,
    )
    is_open = deadline.stage.phase in {None, declaration.phase}
    if not is_open or db.scalar(due.limit(1)) is not None:
        return False
    tell_that_it_closes(db, declaration, deadline.stage.value)
    return True


def _ending_silences(db: Db, now: datetime) -> Sequence[Question]:
    """Those that end within a day, and of whose end nobody was told; each was opened more than a day before it."""
    notified = sa.select(Notice.id).where(Notice.kind == NoticeKind.CLOSING, Notice.question_id == Question.id)
    statement = sa.select(Question).where(
        Question.means == Means.SILENCE,
        Question.closes_at > now,
        Question.closes_at <= now + AHEAD,
        ~Question.end.has(),
        ~notified.exists(),
    )
    return [
        question
        for question in db.scalars(statement)
        if question.closes_at and question.closes_at - question.put_at > AHEAD
    ]


def _run_closing(shift: JobContext) -> None:
    tell_of_closing(shift.store)


TELL_OF_CLOSING = Job("notices.closing", every=timedelta(minutes=10), run=_run_closing, is_alone=True)


KIND_OF: Mapping[NoticeKind, MailKind] = {  # of phases and dates there are letters of their own
    NoticeKind.MENTION: MailKind.MENTIONS,
    NoticeKind.REPLY: MailKind.MENTIONS,
    NoticeKind.DECISION: MailKind.DECISIONS,
    NoticeKind.RECOMMENDATION: MailKind.DECISIONS,
    NoticeKind.COMMENT: MailKind.MENTIONS,
    NoticeKind.ASKED: MailKind.TASKS,
    NoticeKind.QUESTION: MailKind.TASKS,
    NoticeKind.ENDED: MailKind.TASKS,
    NoticeKind.AMENDMENT: MailKind.TEXT,
    NoticeKind.REVISION: MailKind.TEXT,
    NoticeKind.REMARK: MailKind.TEXT,
    NoticeKind.CLOSING: MailKind.DEADLINES,
}
WRITTEN_ALREADY = frozenset({"corrigendum_silence", "circular"})  # their notices come with a letter of their own
Facts = Mapping[str, Fact]
PAUSE = timedelta(minutes=1)  # what belongs together comes in one letter
TOO_OLD = timedelta(days=3)
HOUR = 7  # of the digest, by the reader's clock
MOST = 40  # things in one letter; the others are in the list of notices
AT_A_TIME = 20  # people in one unit of work: the others who write wait for it


class _MailReader(Struct, frozen=True):
    """Somebody who is written to, as the list of notices knows its readers.

    The link of a letter holds the id of the notice alone; of its page it matters only whether there is one.
    """

    actor: Actor
    language: Language

    @property
    def messages(self) -> Messages:
        return messages.messages(self.language)

    def url_for(self, name: str, **values: object) -> str:  # noqa: ARG002  (the protocol's)
        return "/"


def write_of_notices(store: Store) -> int:
    """Put the letters in the outbox that are due now; returns how many.

    Nobody else's writing waits for it longer than a few letters take, and while nothing is due nothing is written.
    """
    now = clock.now()
    with store.reading() as db:
        people = _MailRound(db, now).due()
    count = 0
    for start in range(0, len(people), AT_A_TIME):
        with store.writing() as db:
            count += _MailRound(db, now).write_to(people[start : start + AT_A_TIME])
    return count


class _NoticeLetter(Struct, frozen=True):
    """What is put in the outbox."""

    kind: str
    forum_id: UUID
    receiver: Receiver
    facts: Facts


class _MailRound:
    """One look at what waits for some people."""

    def __init__(self, db: Db, now: datetime) -> None:
        self.db = db
        self.now = now

    def due(self) -> Sequence[UUID]:
        """Those of whom something is due, or done with. As many queries for everybody as for one."""
        rows = self.db.execute(
            sa.select(Notice.person_id, Notice.forum_id, Notice.kind, sa.func.min(Notice.made_at))
            .where(self._waits())
            .group_by(Notice.person_id, Notice.forum_id, Notice.kind)
            .order_by(Notice.person_id)
        ).all()
        people = {person_id for person_id, *_ in rows}
        zones = self._zones()
        paces = MailPreferences(self.db).of_all(people)
        found: dict[UUID, None] = {}
        for person_id, forum_id, kind, first in rows:
            is_daily = kind in KIND_OF and paces[person_id][KIND_OF[kind]] is MailFrequency.DAILY
            zone = zones.get(person_id) or zones[forum_id]
            if not is_daily or first < self._last_morning(zone):
                found[person_id] = None
        return list(found)

    def write_to(self, people: Sequence[UUID]) -> int:
        statement = (
            sa.select(Notice)
            .where(Notice.person_id.in_(people), self._waits())
            .order_by(Notice.person_id, Notice.id)
            .with_for_update(skip_locked=True)
        )
        accounts = self._accounts(people)
        paces = MailPreferences(self.db).of_all(people)
        notices = self.db.scalars(statement).all()
        things = NoticeSubjects(
            self.db, [notice for notice in notices if notice.person_id in accounts and self._is_worth_it(notice)]
        )
        letters: dict[tuple[str, UUID], list[tuple[Receiver, Facts]]] = {}
        for person_id, own in groupby(notices, key=attrgetter("person_id")):
            for notice_letter in self._letters_to(accounts.get(person_id), list(own), paces[person_id], things):
                letters.setdefault((notice_letter.kind, notice_letter.forum_id), []).append(
                    (notice_letter.receiver, notice_letter.facts)
                )
        return sum(
            queue_each_letter(self.db, kind, some, forum_id=forum_id) for (kind, forum_id), some in letters.items()
        )

    def _letters_to(
        self, account: Account | None, notices: Sequence[Notice], paces: Paces, things: NoticeSubjects
    ) -> Iterable["_NoticeLetter"]:
        """The letters to one person. What is not due yet stays as it is; everything else is done with."""
        wanted = [
            notice
            for notice in notices
            if account and self._is_worth_it(notice) and _pace(notice, paces) is not MailFrequency.NEVER
        ]
        later = {notice.id for notice in wanted if _pace(notice, paces) is MailFrequency.DAILY}
        if account and any(
            notice.made_at < self._morning_of(account, notice) for notice in wanted if notice.id in later
        ):
            later = set()
        for notice in notices:
            if notice.id not in later:
                notice.mailed_at = self.now
        due = [notice for notice in wanted if notice.id not in later]
        if account is None or not due:
            return ()
        found = (self._letter(account, word, some, things) for word, some in _letters(due, paces))
        return [notice_letter for notice_letter in found if notice_letter]

    def _letter(
        self, account: Account, word: str, notices: Sequence[Notice], things: NoticeSubjects
    ) -> "_NoticeLetter | None":
        person = account.person
        language = Language(person.language) if person.language in messages.LANGUAGES else Language.EN
        teller = NoticeWriter(self.db, _MailReader(person.as_actor(), language), notices, things)
        lines = [line for notice in notices if (line := teller.line(notice)).href]
        is_digest = word == DIGEST
        if is_digest:
            lines = [line for day in by_day(lines) for group in day.groups for line in group.lines]
        items = [_item(line, is_digest=is_digest) for line in lines[:MOST]]
        if not items:
            return None
        forum = things.forums[notices[0].forum_id]
        facts: Facts = {
            "forum": forum.name.to_dict(),
            "first": items[0].title,
            "items": items_as_fact(items),
            "choice": word,
            "path": "/{language}/notices",
        }
        kind = "digest" if is_digest else "told"
        return _NoticeLetter(kind, forum.id, Receiver(account.email, language.value, person.id), facts)

    def _is_worth_it(self, notice: Notice) -> bool:
        is_fresh = notice.made_at > self.now - TOO_OLD
        is_news = notice.read_at is None and notice.word not in WRITTEN_ALREADY
        return is_news and is_fresh and notice.kind in KIND_OF

    def _waits(self) -> sa.ColumnElement[bool]:
        return sa.and_(Notice.mailed_at.is_(None), Notice.made_at <= self.now - PAUSE)

    def _zones(self) -> Mapping[UUID, str]:
        """By the clock of which zone a person lives, or a forum meets."""
        people = sa.select(Person.id, Person.timezone).where(Person.timezone != "")
        forums = sa.select(Forum.id, Forum.timezone)
        return {row_id: zone for statement in (people, forums) for row_id, zone in self.db.execute(statement)}

    def _morning_of(self, account: Account, notice: Notice) -> datetime:
        return self._last_morning(account.person.timezone or self.db.get_one(Forum, notice.forum_id).timezone)

    def _last_morning(self, zone: str) -> datetime:
        """When the hour of the digest was last in this zone."""
        here = self.now.astimezone(ZoneInfo(zone))
        morning = here.replace(hour=HOUR, minute=0, second=0, microsecond=0)
        return morning if morning <= here else morning - timedelta(days=1)

    def _accounts(self, people: Sequence[UUID]) -> Mapping[UUID, Account]:
        """Those whom letters can reach."""
        some = (
            sa.select(Account)
            .where(Account.person_id.in_(people), Account.closed_at.is_(None))
            .options(
                selectinload(Account.person).selectinload(Person.mandates),
                selectinload(Account.person).selectinload(Person.lent),
            )
        )
        found = self.db.scalars(some).all()
        returned = bounced_addresses(self.db, [account.email for account in found])
        return {account.person_id: account for account in found if account.email not in returned}


def _item(line: NoticeLine, *, is_digest: bool) -> LetterItem:
    """In a digest, when it was by the reader's clock, and words of what is not guarded."""
    path = f"/{{language}}/notices/{line.id}"
    if not is_digest:
        return LetterItem(line.title, line.about, path)
    words = () if line.is_guarded else line.words
    return LetterItem(line.title, line.about, path, line.at.isoformat(), words, line.language)


def _pace(notice: Notice, paces: Paces) -> MailFrequency:
    kind = KIND_OF.get(notice.kind)
    return paces[kind] if kind else MailFrequency.NEVER


def _letters(notices: Iterable[Notice], paces: Paces) -> Iterable[tuple[str, Sequence[Notice]]]:
    """What goes into one letter: of one forum, and of one kind, or all that comes once a day."""
    found: dict[tuple[UUID, str], list[Notice]] = {}
    for notice in notices:
        word = DIGEST if _pace(notice, paces) is MailFrequency.DAILY else KIND_OF[notice.kind].value
        found.setdefault((notice.forum_id, word), []).append(notice)
    return [(word, some) for (_, word), some in found.items()]


def _run_mailing(shift: JobContext) -> None:
    write_of_notices(shift.store)


WRITE_OF_NOTICES = Job("notices.mail", every=PAUSE, run=_run_mailing)
