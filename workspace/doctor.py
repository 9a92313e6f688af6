"""A look at everything a workspace needs to run: settings, database, log, keys, mail, disk, clock, jobs.

Nothing is changed and nothing is made: an operator can look at any time, also at a workspace that is running.
"""

import os
import shutil
import tempfile
from collections.abc import Callable, Iterator, Sequence
from datetime import timedelta
from enum import StrEnum
from pathlib import Path
from urllib.parse import urlsplit

import sqlalchemy as sa
from msgspec import Struct

from workspace.accounts.domain.models import Account
from workspace.accounts.domain.sign_ins import secret_context
from workspace.core import clock
from workspace.core.cli_support import ensure_database
from workspace.core.environment import BadSetting
from workspace.core.errors import BadFile
from workspace.core.jobs import JobRun
from workspace.core.outbox import Letter
from workspace.core.security.encryption import FILE, MARK
from workspace.core.settings import Outbound, Settings
from workspace.core.storage import append_only, maintenance
from workspace.core.storage.db import MOVED, Store
from workspace.core.storage.log import LogEntry
from workspace.core.storage.schema import can_serve, has_every_right, is_current, revision_of
from workspace.history.backup_archive import ensure_whole, open_archive, read_manifest
from workspace.history.backups import backup_time, newest_backup
from workspace.history.signing_keys import KeyFolder, current_key
from workspace.jobs import JOBS
from workspace.letters.rendering import LetterSender
from workspace.letters.transports import REASONS, MailServer, SmtpTransport, Undelivered
from workspace.web.i18n.command_line import say
from workspace.web.i18n.marking import N_
from workspace.web.refusals.system_errors import TOO_FEW_RIGHTS, translated_error
from workspace.webhooks.models import Webhook

LITTLE_ROOM, TOO_LITTLE_ROOM = 2_000_000_000, 200_000_000  # bytes
_ASKEW = timedelta(seconds=5)
_WAITING = timedelta(hours=1)
_MOST_MISSED = 10  # rounds of a job that may be late before somebody should look
_BACKUP_IS_LATE = 2  # times the pause between two
_PORTS = 65_536
_MISSED_AT_LEAST = timedelta(minutes=10)


class Health(StrEnum):
    """How one thing is."""

    GOOD = "good"
    WEAK = "weak"  # it works, but somebody should look
    BAD = "bad"  # it does not work


class Finding(Struct, frozen=True):
    """What was looked at, how it is, and the sentence that says so with its facts."""

    part: str
    health: Health
    message: str
    facts: dict[str, str | int]


def _found(part: str, health: Health, message: str, **facts: str | int) -> Finding:
    return Finding(part, health, message, facts)


def examine(settings: Settings) -> list[Finding]:
    """Look at everything. What cannot be looked at because the database does not answer is left out."""
    found = [*_address(settings), *_keys_folder(settings), *_mail(settings), *_disk(settings), *_backups(settings)]
    found.extend(_metrics(settings))
    store = Store(settings)
    try:
        ensure_database(store)
        return [*_database(store), *found, *_inside(store, settings)]
    except BadSetting as error:
        return [_found("database", Health.BAD, error.message, **error.facts), *found]
    except sa.exc.SQLAlchemyError as error:
        lines = str(getattr(error, "orig", error)).strip().splitlines() or [type(error).__name__]
        facts = {"reason": translated_error(lines[0]), "url": store.address}
        message = N_("The database does not answer: %(reason)s. Check WORKSPACE_DATABASE_URL: %(url)s")
        return [_found("database", Health.BAD, message, **facts), *found]
    finally:
        store.close()


def _address(settings: Settings) -> Iterator[Finding]:
    named = urlsplit(settings.url)
    if not settings.url:
        yield _found("address", Health.WEAK, N_("WORKSPACE_URL is not set: e-mails link to this machine only."))
    elif named.scheme not in {"http", "https"} or not named.hostname:
        message = N_("WORKSPACE_URL is “%(given)s”; write it like https://declaration.example.org.")
        yield _found("address", Health.BAD, message, given=settings.url)
    elif named.scheme == "http" and named.hostname not in {"localhost", "127.0.0.1", "::1"}:
        message = N_("%(url)s is not encrypted: put an https proxy before it (“workspace deploy”).")
        yield _found("address", Health.BAD, message, url=settings.url)
    else:
        yield _found("address", Health.GOOD, N_("Address: %(url)s"), url=settings.url)


def _keys_folder(settings: Settings) -> Iterator[Finding]:
    folder = Path(settings.keys)
    if not folder.is_dir():
        yield _found("keys", Health.WEAK, N_("The key folder “%(folder)s” does not exist yet."), folder=settings.keys)
    elif os.name == "posix" and folder.stat().st_mode & 0o077:
        yield _found(
            "keys", Health.BAD, N_("Other users can read “%(folder)s”: run chmod -R go= on it."), folder=settings.keys
        )


def _mail(settings: Settings) -> Iterator[Finding]:
    if not settings.smtp:
        folder = Path(settings.mail_dir)
        yield _found(
            "mail", Health.WEAK, N_("No mail server is set: e-mails become files in “%(folder)s”."), folder=str(folder)
        )
        return
    try:
        with SmtpTransport(MailServer.read(settings.smtp)) as server:
            server.reach(LetterSender.of(settings).address)
    except (Undelivered, BadSetting) as error:
        message = N_("E-mails cannot leave. %(reason)s Then test: workspace letters test ADDRESS")
        why = say(error.message, **error.facts) if isinstance(error, BadSetting) else say(REASONS[error.reason])
        yield _found("mail", Health.BAD, message, reason=why)
    else:
        yield _found("mail", Health.GOOD, N_("The mail server answers."))


def _disk(settings: Settings) -> Iterator[Finding]:
    url = sa.make_url(settings.database_url)
    file = url.database if url.get_backend_name() == "sqlite" else None
    folders = {Path(file).absolute().parent if file else Path.cwd(), Path(tempfile.gettempdir())}
    for folder in sorted(folder for folder in folders if folder.is_dir()):
        room = shutil.disk_usage(folder).free
        health = Health.BAD if room < TOO_LITTLE_ROOM else Health.WEAK if room < LITTLE_ROOM else Health.GOOD
        message = (
            N_("“%(folder)s” has %(size)s MB free.")
            if health is Health.GOOD
            else N_("“%(folder)s” has only %(size)s MB free: make room.")
        )
        yield _found("disk", health, message, folder=str(folder), size=room // 1_000_000)


def _backups(settings: Settings) -> Iterator[Finding]:
    """Whether backups make themselves, and whether the last one is as young as it should be and can be read."""
    if not settings.backups:
        yield _found("backups", Health.WEAK, N_("No backups are made: set WORKSPACE_BACKUPS to a folder."))
        return
    folder = Path(settings.backups)
    name = newest_backup(folder)
    if not name:
        yield _found(
            "backups", Health.WEAK, N_("No backup in “%(folder)s” yet: is the workspace running?"), folder=str(folder)
        )
        return
    made = backup_time(name)
    late = clock.now() - made > timedelta(hours=settings.backup_hours) * _BACKUP_IS_LATE
    try:
        with open_archive(folder / name) as archive:
            ensure_whole(archive, read_manifest(archive, name), name)
    except (BadFile, OSError):
        message = N_("The backup “%(name)s” cannot be read: run workspace backup.")
        yield _found("backups", Health.BAD, message, name=name)
    else:
        message = (
            N_("The last backup, “%(name)s”, is old: is the workspace running?")
            if late
            else N_("The last backup, “%(name)s”, is intact.")
        )
        yield _found("backups", Health.WEAK if late else Health.GOOD, message, name=name)


def _metrics(settings: Settings) -> Iterator[Finding]:
    """Whether figures would be shown to others than this machine and its neighbours."""
    if not settings.metrics:
        return
    host, _, port = settings.metrics.rpartition(":")
    if not port.isdecimal() or not 0 < int(port) < _PORTS:
        yield _found("metrics", Health.BAD, N_("WORKSPACE_METRICS is not HOST:PORT: %(given)s"), given=settings.metrics)
    elif host in {"0.0.0.0", "::", "[::]"}:  # noqa: S104  (looked for, and warned of)
        yield _found(
            "metrics",
            Health.WEAK,
            N_("Anyone who reaches %(given)s can read the metrics: give one address."),
            given=settings.metrics,
        )
    else:
        yield _found("metrics", Health.GOOD, N_("Metrics are at %(given)s."), given=settings.metrics)


def _database(store: Store) -> Iterator[Finding]:
    if not is_current(store):
        with store.engine.connect() as connection:
            is_empty = revision_of(connection) is None
        if is_empty:
            message = N_("The database %(url)s is empty: run workspace init.")
        elif can_serve(store):
            message = N_("The database %(url)s is of a newer version: start the newer program.")
        else:
            message = N_("The database %(url)s is of another version: run workspace migrate.")
        yield _found("database", Health.BAD, message, url=store.address)
        return
    with store.engine.connect() as connection:
        if connection.dialect.name == "sqlite":
            result = connection.exec_driver_sql("PRAGMA quick_check").scalar_one()
            broken = connection.exec_driver_sql("PRAGMA foreign_key_check").first() is not None
            if result != "ok" or broken:
                yield _found("database", Health.BAD, N_("The database file is damaged: restore a backup."))
                return
        may_all = has_every_right(connection)
        lacking = append_only.missing(connection)
    if not may_all:
        yield _found("database", Health.BAD, TOO_FEW_RIGHTS)
    elif lacking:
        yield _found(
            "database",
            Health.BAD,
            N_("History triggers are missing (%(count)s): workspace audit verify lists them."),
            count=len(lacking),
        )
    else:
        message = N_("The database %(url)s is intact and up to date.")
        yield _found("database", Health.GOOD, message, url=store.address)
        yield from _readers(store)


def _readers(store: Store) -> Iterator[Finding]:
    """Whether others on this machine may read the file of the database: it holds addresses and secrets' hashes."""
    file = Path(store.engine.url.database or "")
    if store.is_sqlite and os.name == "posix" and file.is_file() and file.stat().st_mode & 0o077:
        message = N_("Other users can read the database %(url)s: run chmod go= on it.")
        yield _found("database", Health.WEAK, message, url=store.address)


def _inside(store: Store, settings: Settings) -> Iterator[Finding]:
    """What only the database knows; nothing of one that is of another version."""
    if not is_current(store):
        return
    looks: Sequence[Callable[[Store, Settings], Iterator[Finding]]] = (
        _clock,
        _key_in_force,
        _secrets,
        _letters,
        _jobs,
        _switch,
        _webhooks,
    )
    for look in looks:
        yield from look(store, settings)


def _clock(store: Store, _: Settings) -> Iterator[Finding]:
    with store.reading() as db:
        last = db.scalar(sa.select(sa.func.max(LogEntry.at)))
        theirs = db.scalar(sa.select(sa.func.now())) if store.engine.dialect.name == "postgresql" else None
    now = clock.now()
    if last is not None and last > now + _ASKEW:
        yield _found(
            "clock",
            Health.BAD,
            N_("The clock is behind the last log entry of %(moment)s: set it (timedatectl)."),
            moment=f"{last:%Y-%m-%d %H:%M} UTC",
        )
    elif theirs is not None and abs(theirs - now) > _ASKEW:
        message = N_("The clocks of database server and machine differ.")
        yield _found("clock", Health.WEAK, message)
    else:
        yield _found("clock", Health.GOOD, N_("The clock agrees with the log."))


def _key_in_force(store: Store, settings: Settings) -> Iterator[Finding]:
    with store.reading() as db:
        key = current_key(db)
    if key is None:
        yield _found("keys", Health.WEAK, N_("There is no signing key: run workspace keys create."))
    elif not KeyFolder(Path(settings.keys)).has(key.hint):
        yield _found(
            "keys",
            Health.BAD,
            N_("The signing key %(key)s is not in “%(folder)s”: restore that folder."),
            key=key.hint,
            folder=settings.keys,
        )
    else:
        yield _found("keys", Health.GOOD, N_("The signing key %(key)s is in its folder."), key=key.hint)


def _secrets(store: Store, settings: Settings) -> Iterator[Finding]:
    """Whether second steps can still be checked: what was sealed with another key, or a lost one, opens no more."""
    with store.reading() as db:
        account = db.scalar(sa.select(Account).where(Account.totp_secret.startswith(MARK)).limit(1))
    if account is None or account.totp_secret is None:
        return
    has_key = (Path(settings.keys) / FILE).is_file()
    if not has_key or store.sealer.open(account.totp_secret, about=secret_context(account)) is None:
        yield _found(
            "keys",
            Health.BAD,
            N_("The key of the second factors is not in “%(folder)s”: restore that folder."),
            folder=settings.keys,
        )
    else:
        yield _found("keys", Health.GOOD, N_("The key of the second factors is in its folder."))


def _letters(store: Store, _: Settings) -> Iterator[Finding]:
    with store.reading() as db:
        unsent = sa.select(sa.func.count()).where(
            Letter.next_try_at.is_not(None), Letter.due_at < clock.now() - _WAITING
        )
        count = db.scalar(unsent) or 0
    if count:
        yield _found(
            "mail",
            Health.WEAK,
            N_("E-mails have waited for over an hour (%(count)s): workspace letters list --state waiting"),
            count=count,
        )


def _jobs(store: Store, _: Settings) -> Iterator[Finding]:
    with store.reading() as db:
        began = {run.name: run.began_at for run in db.scalars(sa.select(JobRun))}
    if not began:
        yield _found(
            "jobs", Health.WEAK, N_("No background work has run yet: start workspace serve or workspace worker.")
        )
        return
    now = clock.now()
    late = [
        job.name
        for job in JOBS
        if job.is_alone
        and job.name in began
        and now - began[job.name] > max(job.every * _MOST_MISSED, _MISSED_AT_LEAST)
    ]
    if late:
        yield _found("jobs", Health.WEAK, N_("Background work has not run for long: %(names)s."), names=", ".join(late))
    else:
        yield _found("jobs", Health.GOOD, N_("Background work is up to date."))


def _switch(store: Store, _: Settings) -> Iterator[Finding]:
    with store.reading() as db:
        switch = maintenance.current(db)
    if switch is not None:
        yield _found(
            "maintenance",
            Health.WEAK,
            N_("Read-only since %(moment)s: run workspace maintenance off.")
            if switch.id != MOVED
            else N_("The database was moved at %(moment)s: set WORKSPACE_DATABASE_URL to the new one."),
            moment=f"{switch.since:%Y-%m-%d %H:%M} UTC",
        )


def _webhooks(store: Store, settings: Settings) -> Iterator[Finding]:
    """Addresses that were entered, and are not told because the operator has switched that off since."""
    with store.reading() as db:
        count = db.scalar(sa.select(sa.func.count()).where(Webhook.ended_at.is_(None))) or 0
    if count and settings.webhooks is Outbound.OFF:
        yield _found(
            "webhooks", Health.WEAK, N_("Webhooks wait (%(count)s), and WORKSPACE_WEBHOOKS is off."), count=count
        )
