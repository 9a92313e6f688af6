"""Each fault that the operator's look can find, provoked: it is named, and looking ends with code 1."""

import errno
import json
import shutil
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import NamedTuple

import pytest
import sqlalchemy as sa

from drafts.text.blocks import Language
from tests.support import factories
from workspace.cli import run
from workspace.core import clock
from workspace.core.jobs import JobRun
from workspace.core.outbox import Letter, queue_letter
from workspace.core.storage.db import Store, new_id
from workspace.people.models import Forum
from workspace.web.i18n import messages
from workspace.web.refusals.system_errors import NUMBERED
from workspace.webhooks.models import Webhook

LONG_AGO = timedelta(days=3)


class Room(NamedTuple):
    """What is left of a disk, as the system tells it."""

    total: int
    used: int
    free: int


@pytest.fixture(autouse=True)
def founded(store: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Store:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("WORKSPACE_DATABASE_URL", store.engine.url.render_as_string(hide_password=False))
    monkeypatch.setenv("WORKSPACE_URL", "https://declaration.example.org")
    with store.writing() as db:
        factories.forum(db)
    return store


def said_of(part: str, capsys: pytest.CaptureFixture[str]) -> list[tuple[str, str]]:
    capsys.readouterr()
    code = run(["doctor", "--json"])
    found = json.loads(capsys.readouterr().out)
    assert code == 1
    return [(one["health"], one["said"]) for one in found if one["part"] == part]


def of_another_version(store: Store) -> None:
    with store.engine.begin() as connection:
        connection.exec_driver_sql("UPDATE alembic_version SET version_num = '20200101_0000'")


def of_a_later_version(store: Store) -> None:
    with store.engine.begin() as connection:
        connection.exec_driver_sql("UPDATE alembic_version SET version_num = '29991231_9999'")


def damaged(store: Store) -> None:
    """A row that points at nothing, as a file has that was copied while somebody wrote."""
    connection = store.engine.raw_connection()
    connection.execute("PRAGMA foreign_keys=OFF")
    connection.execute("UPDATE forum SET network_id = ?", (new_id().hex,))
    connection.commit()
    connection.close()


def ahead(store: Store) -> None:
    """The log was written by a clock that ran two hours ahead."""
    with store.engine.begin() as connection:
        connection.exec_driver_sql("DROP TRIGGER IF EXISTS log_entry_refuse_update")
        for (name,) in connection.exec_driver_sql(
            "SELECT name FROM sqlite_master WHERE type = 'trigger' AND tbl_name = 'log_entry'"
        ).all():
            connection.exec_driver_sql(f"DROP TRIGGER {name}")
        connection.execute(sa.text("UPDATE log_entry SET at = datetime('now', '+2 hours')"))


def with_letters_that_wait(store: Store) -> None:
    with store.writing() as db:
        queue_letter(db, "test", to="ana@town.example", language="en")
        db.execute(sa.update(Letter).values(due_at=clock.now() - LONG_AGO))


def that_rests(store: Store) -> None:
    with store.writing() as db:
        db.add(JobRun(name="make_checkpoint", began_at=clock.now() - LONG_AGO))


def with_somebody_to_tell(store: Store) -> None:
    with store.writing() as db:
        chair, forum = factories.chair(db), db.scalars(sa.select(Forum)).one()
        where = {"url": "https://hooks.town.example", "kinds": ["edition"], "secret": "x", "seen": 0}
        db.add(Webhook(forum_id=forum.id, made_by_id=chair.person_id, made_at=clock.now(), **where))


@pytest.mark.parametrize(
    ("fault", "part", "found"),
    [
        (of_another_version, "database", ("bad", "migrate")),
        (of_a_later_version, "database", ("bad", "")),
        (damaged, "database", ("bad", "")),
        (ahead, "clock", ("bad", "timedatectl")),
        (with_letters_that_wait, "mail", ("weak", "--state waiting")),
        (that_rests, "jobs", ("weak", "make_checkpoint")),
        (lambda _: None, "jobs", ("weak", "")),
        (lambda _: None, "keys", ("weak", "")),
        (with_somebody_to_tell, "webhooks", ("weak", "WORKSPACE_WEBHOOKS")),
    ],
)
def test_what_is_wrong_inside_is_named(
    founded: Store, capsys, fault: Callable[[Store], None], part: str, found: tuple[str, str]
):
    fault(founded)

    health, words = found
    assert [one for one in said_of(part, capsys) if one[0] == health and words in one[1]]


@pytest.mark.parametrize(
    ("given", "health"),
    [("", "weak"), ("declaration.example.org", "bad"), ("http://declaration.example.org", "bad")],
)
def test_an_address_that_nobody_reaches_safely_is_named(monkeypatch, capsys, given: str, health: str):
    monkeypatch.setenv("WORKSPACE_URL", given)

    [(found, said)] = said_of("address", capsys)
    assert (found, given in said) == (health, True)


def test_a_file_that_is_damaged_is_named_with_what_to_do(founded: Store, capsys):
    founded.close()
    with Path(founded.engine.url.database or "").open("r+b") as file:
        file.seek(4096)
        file.write(b"\xff" * 4096 * 40)

    [(health, said)] = said_of("database", capsys)
    assert (health, "workspace.sqlite3" in said) == ("bad", True)


@pytest.mark.parametrize(("free", "health"), [(1_500_000_000, "weak"), (100_000_000, "bad")])
def test_a_disk_that_is_nearly_full_is_named(monkeypatch, capsys, free: int, health: str):
    monkeypatch.setattr(shutil, "disk_usage", lambda _: Room(10**11, 10**11 - free, free))

    assert {found for found, _ in said_of("disk", capsys)} == {health}


@pytest.mark.parametrize("language", list(Language))
def test_a_database_that_does_not_answer_is_named_in_the_language_of_the_operator(
    monkeypatch, capsys, language: Language
):
    monkeypatch.setenv("WORKSPACE_DATABASE_URL", "postgresql+psycopg://workspace:hidden@127.0.0.1:1/workspace")
    monkeypatch.setenv("WORKSPACE_LANGUAGE", language)

    [(health, said)] = said_of("database", capsys)
    why = messages.messages(language).gettext(NUMBERED[errno.ECONNREFUSED])
    assert (health, why in said, "hidden" in said) == ("bad", True, False)
