"""Takes letters out of the outbox and sees that each one leaves; the jobs that do so."""

import time
from collections.abc import Callable, Mapping
from datetime import UTC, timedelta, tzinfo
from zoneinfo import ZoneInfo

import sqlalchemy as sa
from msgspec import Struct

from workspace.core import clock, instruments
from workspace.core.jobs import Job, JobContext
from workspace.core.outbox import LINK, Letter, facts_with_link
from workspace.core.settings import Settings
from workspace.core.storage.db import Db, Store, new_id
from workspace.letters import bounces
from workspace.letters.preferences import unsubscribe_path
from workspace.letters.rendering import CHOICE, FIRST, ITEMS, LetterSender, Unwritable, render_letter
from workspace.letters.transports import Transport, Undelivered, transport
from workspace.people.models import Forum, Person
from workspace.web.refusals.slice_registry import REGISTRY

LEASE = timedelta(minutes=10)  # longer than any letter takes
FIRST_PAUSE, LONGEST_PAUSE = timedelta(minutes=1), timedelta(hours=6)
GIVES_UP_AFTER = timedelta(days=3)
KEPT_FOR = timedelta(days=30)


class DeliveryRound(Struct, frozen=True):
    """How a round went: letters sent, put off to a later try, and given up."""

    sent: int = 0
    put_off: int = 0
    failed: int = 0

    def and_(self, other: "DeliveryRound") -> "DeliveryRound":
        return DeliveryRound(self.sent + other.sent, self.put_off + other.put_off, self.failed + other.failed)


class ClaimedLetter(Struct, frozen=True):
    """A letter that is ours to send, the time zone of its reader, and the path by which they end such letters."""

    letter: Letter
    zone: tzinfo
    ending: str
    labels: Mapping[str, str]  # of the forum that it is about


def deliver(store: Store, road: Transport, desk: LetterSender, *, is_over: Callable[[], bool] = bool) -> DeliveryRound:
    """Send every letter that is due, until `is_over` or the server is out of reach; the urgent ones first."""
    so_far = DeliveryRound()
    with road:
        while not is_over() and (in_hand := claim_letter(store, desk)):
            try:
                _send(in_hand, road, desk)
            except Undelivered as refusal:
                so_far = so_far.and_(_put_back(store, in_hand.letter, refusal))
                if refusal.is_servers:
                    break
            else:
                _tick_off(store, in_hand.letter)
                so_far = so_far.and_(DeliveryRound(sent=1))
    return so_far


def pause_after(attempts: int) -> timedelta:
    """How long a letter waits after so many tries."""
    return min(FIRST_PAUSE * (1 << min(attempts - 1, 10)), LONGEST_PAUSE)


def claim_letter(store: Store, desk: LetterSender) -> ClaimedLetter | None:
    """The next letter that is due, kept from every other worker for the length of a lease; None if there is none."""
    now = clock.now()
    due = sa.select(Letter).where(Letter.next_try_at <= now)
    with store.reading() as db:
        if db.scalar(due.limit(1)) is None:
            return None  # the usual case, and it writes nothing
    urgent = [kind for kind, wording in REGISTRY.get().letters.items() if wording.is_urgent]
    urgent_first = sa.case((Letter.kind.in_(urgent), 0), else_=1)
    next_due = due.order_by(urgent_first, Letter.next_try_at, Letter.id).limit(1).with_for_update(skip_locked=True)
    with store.writing() as db:
        letter = db.scalar(next_due)
        if letter is None:
            return None  # another worker was quicker
        letter.attempts += 1
        letter.next_try_at = now + LEASE
        letter.message_id = letter.message_id or desk.message_id(letter)
        zone = _zone(db, letter)
        forum = db.get(Forum, letter.forum_id) if letter.forum_id else None
        labels = forum.labels if forum else {}
    letter.facts = facts_with_link(store, letter.facts)  # in our hands only: what is stored stays sealed
    return ClaimedLetter(letter, zone, _ending(store, letter), labels)


def blank_old_letters(store: Store) -> int:
    """Blank the addresses and facts of letters that left, or failed, long ago; returns how many."""
    past = clock.now() - KEPT_FOR
    old = sa.or_(Letter.sent_at < past, Letter.failed_at < past)
    with store.writing() as db:
        blanked = sa.update(Letter).where(old, Letter.to != "").values(to="", facts={}).returning(Letter.id)
        return len(db.execute(blanked.execution_options(synchronize_session=False)).all())


def send_now(settings: Settings, kind: str, *, to: str, language: str) -> None:
    """Send one letter past the outbox, and only try once; raises `Undelivered` or `Unwritable`."""
    desk, now = LetterSender.of(settings), clock.now()
    letter = Letter(id=new_id(), kind=kind, to=to, language=language, facts={}, due_at=now)
    letter.message_id = desk.message_id(letter)
    with transport(settings) as opened:
        opened.send(letter, render_letter(letter, desk, now=now))


def _send(in_hand: ClaimedLetter, road: Transport, desk: LetterSender) -> None:
    letter = in_hand.letter
    try:
        with instruments.named(in_hand.labels):
            message = render_letter(letter, desk, zone=in_hand.zone, now=clock.now(), ending=in_hand.ending)
    except Unwritable as error:
        raise Undelivered(error.reason, is_permanent=True) from error
    road.send(letter, message)


def _tick_off(store: Store, letter: Letter) -> None:
    """Note that it was sent, and cut its link, which may open an account, and the words that nobody needs any more."""
    kept = {name: fact for name, fact in letter.facts.items() if name not in {LINK, ITEMS, FIRST}}
    _note(store, letter, sent_at=clock.now(), next_try_at=None, last_error="", facts=kept)


def _put_back(store: Store, letter: Letter, refusal: Undelivered) -> DeliveryRound:
    """Try again later, ever more rarely; after three days, or where it is of no use, never."""
    now = clock.now()
    error = f"{refusal.reason} {refusal.code}" if refusal.code else refusal.reason
    again = now + pause_after(letter.attempts)
    if refusal.is_permanent or again > letter.due_at + GIVES_UP_AFTER:
        _note(store, letter, failed_at=now, next_try_at=None, last_error=error)
        if refusal.is_permanent and refusal.reason == "recipient_refused":
            with store.writing() as db:
                bounces.mark_bounced(db, letter, refusal.status)
        return DeliveryRound(failed=1)
    _note(store, letter, next_try_at=again, last_error=error)
    return DeliveryRound(put_off=1)


def _note(store: Store, letter: Letter, **values: object) -> None:
    """Write down how it went; what has come back meanwhile stays so."""
    with store.writing() as db:
        waits = (Letter.id == letter.id, Letter.next_try_at.is_not(None))
        db.execute(sa.update(Letter).where(*waits).values(values))


def _ending(store: Store, letter: Letter) -> str:
    """Where its receiver ends letters of this kind; "" for what has to come in any case."""
    wording = REGISTRY.get().letters.get(letter.kind)
    word = str(letter.facts.get(CHOICE) or (wording.choice if wording else ""))
    return unsubscribe_path(store, letter.person_id, word) if word and letter.person_id else ""


def _zone(db: Db, letter: Letter) -> tzinfo:
    """That of the person; else that of the forum the letter is about; else UTC."""
    person = db.get(Person, letter.person_id) if letter.person_id else None
    if person and person.timezone:
        return ZoneInfo(person.timezone)
    forum = db.get(Forum, letter.forum_id) if letter.forum_id else None
    return ZoneInfo(forum.timezone) if forum else UTC


ROUND = 15.0  # seconds


def send_letters(shift: JobContext) -> DeliveryRound:
    """Send the letters that are due, for as long as a round may take: other jobs wait meanwhile."""
    settings, end = shift.settings, time.monotonic() + ROUND

    def is_over() -> bool:
        return shift.is_over() or time.monotonic() > end

    return deliver(shift.store, transport(settings), LetterSender.of(settings), is_over=is_over)


def ensure_sendable(settings: Settings) -> None:
    """Raise `BadSetting` for settings that no letter can be sent with, before anything is served."""
    transport(settings)
    LetterSender.of(settings)


def forget_letters(shift: JobContext) -> int:
    return blank_old_letters(shift.store)


SEND_LETTERS = Job("letters", every=timedelta(seconds=2), run=send_letters)
FORGET_LETTERS = Job("letters.forget", every=timedelta(days=1), run=forget_letters, is_alone=True)
