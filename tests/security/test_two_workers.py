"""Two workers share what is due on one PostgreSQL; one is killed in the middle: everything is done, and once.

Only a letter, or a message to a program elsewhere, that the killed one had handed over and not yet noted goes out
again, when its lease is over, under the id that it had: by that its receiver can tell.
"""

import os
import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from uuid import UUID

import pytest
import sqlalchemy as sa

from tests.support import factories
from tests.workspace.letters.post_office import PostOffice, opened
from tests.workspace.webhooks.receiver import Receiver, receiving
from workspace.accounts.domain.service import AccountService
from workspace.core import clock
from workspace.core.actor import OPERATOR, Role
from workspace.core.jobs import JobRun
from workspace.core.outbox import Letter, queue_letter
from workspace.core.settings import Outbound
from workspace.core.storage.db import Db, Store
from workspace.core.storage.log import LogEntry
from workspace.declarations.domain.models import Deadline, Declaration, Stage
from workspace.notices.models import Notice, NoticeKind
from workspace.people.models import Forum, Person
from workspace.webhooks.models import Delivery
from workspace.webhooks.service import WebhookService

pytestmark = pytest.mark.long
LETTERS, TEXTS, MEMBERS = 20, 8, 6
TAKES = 0.15  # seconds that the mail server thinks about a letter, so that somebody can be killed meanwhile
AGO, SOON = timedelta(hours=1), timedelta(hours=5)


@dataclass
class Due:
    """A database in which all of this is due, and where it goes."""

    store: Store
    folder: Path
    office: PostOffice
    receiver: Receiver
    members: list[UUID]

    @contextmanager
    def worker(self) -> "Iterator[subprocess.Popen[bytes]]":
        """`workspace worker`, as an operator starts it."""
        environment = {
            **os.environ,
            "WORKSPACE_DATABASE_URL": self.store.engine.url.render_as_string(hide_password=False),
            "WORKSPACE_KEYS": str(self.folder / "keys"),
            "WORKSPACE_SMTP": self.office.url(),
            "WORKSPACE_WEBHOOKS": "loopback",
        }
        process = subprocess.Popen([sys.executable, "-m", "workspace", "worker"], env=environment)
        try:
            yield process
        finally:
            process.terminate()
            process.wait(60)

    def until(self, is_so: Callable[[], bool], what: str) -> None:
        began = time.monotonic()
        while not is_so():
            assert time.monotonic() - began < 120, what
            time.sleep(0.05)

    def pending(self) -> list[str]:
        """The letters that have not left, whoever has them in hand."""
        with self.store.reading() as db:
            return list(db.scalars(sa.select(Letter.kind).where(Letter.next_try_at.is_not(None))))

    def count(self, statement: sa.Select[tuple[int]]) -> int:
        with self.store.reading() as db:
            return db.scalar(statement) or 0

    def leases_end(self) -> int:
        """The time that a killed process keeps what it had in hand goes by; how many letters and messages it had."""
        now = clock.now()
        kept = 0
        with self.store.writing() as db:
            db.execute(sa.update(JobRun).where(JobRun.held_until.is_not(None)).values(held_until=now))
            for table in (Letter, Delivery):
                held = sa.update(table).where(table.next_try_at > now, table.attempts == 1)
                kept += len(db.execute(held.values(next_try_at=now).returning(table.id)).all())
        return kept


@pytest.fixture
def due(postgresql_store: Store, tmp_path: Path) -> Iterator[Due]:
    with opened(PostOffice(takes=TAKES)) as office, receiving() as receiver:
        with postgresql_store.writing() as db:
            members = _furnish(db, receiver)
        yield Due(postgresql_store, tmp_path, office, receiver, members)


def _furnish(db: Db, receiver: Receiver) -> list[UUID]:
    now = clock.now()
    chair = factories.chair(db)
    members = [factories.person(db, Role.MEMBER, f"Member {number}") for number in range(MEMBERS)]
    texts = [factories.declaration(db, slug=f"text-{number}") for number in range(TEXTS)]
    forum = db.get_one(Forum, texts[0].forum_id)
    hooks = WebhookService(db, Outbound.LOOPBACK)
    hooks.add(forum, url=f"{receiver.url}/news", kinds=["phase"], actor=chair)
    for number, one in enumerate(members):
        person = db.get_one(Person, one.person_id)
        AccountService(db).make(person, email=f"m{number}@town.example", password_hash=None, actor=OPERATOR)
        db.add(_notice(one.person_id, texts[0], now))
    for text in texts:
        dates = {"opens_at": now - AGO, "opens_offset": 0, "closes_at": now + SOON, "closes_offset": 0}
        db.add(Deadline(declaration_id=text.id, stage=Stage.CONSULTATION, zone="UTC", set_at=now - AGO, **dates))
    for number in range(LETTERS):
        queue_letter(db, "test", to=f"somebody{number}@town.example", language="en")
    return [one.person_id for one in members if one.person_id]


def _notice(person_id: UUID | None, text: Declaration, now: datetime) -> Notice:
    """Of two days ago, which a letter of once a day tells."""
    return Notice(
        person_id=person_id,
        kind=NoticeKind.REVISION,
        forum_id=text.forum_id,
        declaration_id=text.id,
        revision_id=text.head_id,
        made_at=now - timedelta(days=2),
    )


def test_two_workers_do_everything_once_and_one_of_them_does_what_a_killed_one_left(due: Due):
    with due.worker() as doomed, due.worker():
        due.until(lambda: len(due.office.letters) >= 5, "no letter leaves")
        doomed.send_signal(signal.SIGKILL)
        doomed.wait()
        at_the_kill = len(due.office.letters)
        moved = sa.select(sa.func.count()).where(LogEntry.kind == "phase.moved", LogEntry.actor_id.is_(None))
        due.until(lambda: due.count(moved) >= 2 * TEXTS, "phases do not open")  # the first half when they were made
        closing = sa.select(sa.func.count()).where(Notice.kind == NoticeKind.CLOSING)
        due.leases_end()
        due.until(lambda: due.count(closing) > 0, "nobody is told that it closes")
        due.until(lambda: len(due.pending()) <= 1, "letters stay")
        kept = due.leases_end()
        due.until(lambda: due.pending() == [], "a letter stays")
        due.until(lambda: len(due.receiver.received) >= TEXTS, "programs elsewhere are not told")
        time.sleep(3)  # in which nothing more may happen

    letters = Counter(str(one["Message-ID"]) for one in due.office.letters)
    with due.store.reading() as db:
        due_then = sa.select(Letter).where(Letter.kind != "told")  # of the end that is near, written a minute later
        every = {one.message_id: one for one in db.scalars(due_then)}
        phases = Counter(
            db.scalars(sa.select(LogEntry.declaration_id).where(LogEntry.kind == "phase.moved", LogEntry.sequence > 0))
        )
        of_all = sa.select(Notice.person_id, Notice.declaration_id, Notice.kind, Notice.word)
        rows = db.execute(of_all.where(Notice.kind.in_([NoticeKind.CLOSING, NoticeKind.PHASE])))
        told = Counter(tuple(row) for row in rows)
    again = sum(letters.values()) - len(letters)
    messages = Counter(one.headers["webhook-id"] for one in due.receiver.received)
    again_elsewhere = sum(messages.values()) - len(messages)
    kinds = Counter(one.kind for one in every.values())
    sys.stdout.write(
        f"{len(letters)} letters ({dict(kinds)}), {TEXTS} phases, {len(messages)} messages elsewhere; one worker "
        f"killed after {at_the_kill} letters; {kept} kept by it, {again + again_elsewhere} sent twice\n"
    )
    assert letters.keys() >= every.keys()
    assert all(one.sent_at for one in every.values())
    assert (kinds["test"], kinds["digest"]) == (LETTERS, MEMBERS)
    assert again + again_elsewhere <= 1  # what it had in hand
    assert len(messages) == TEXTS
    assert set(phases.values()) == {2}  # into review when it was made, and then by the calendar
    assert set(told.values()) == {1}
