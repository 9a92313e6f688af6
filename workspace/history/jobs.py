"""Jobs: daily checkpoints and scheduled backups."""

import logging
from datetime import UTC, datetime, timedelta
from pathlib import Path

from workspace.core import clock
from workspace.core.errors import BadFile, HistoryAltered, NoKey
from workspace.core.jobs import Job, JobContext
from workspace.history.backups import write_backup
from workspace.history.checkpoints import CheckpointService
from workspace.history.signing_keys import key_service

logger = logging.getLogger("workspace.history")


def make_daily_checkpoint(shift: JobContext) -> None:
    """Make a checkpoint when one is due. Without a key, or with an altered log, say so and sign nothing."""
    with shift.store.reading() as db:
        if not CheckpointService(db).is_due():
            return
    try:
        with shift.store.writing() as db:
            CheckpointService(db).make(key_service(db, shift.settings))
    except NoKey as refusal:
        logger.warning("No checkpoint: there is no signing key in %s (workspace keys create).", refusal.facts["folder"])
    except HistoryAltered as refusal:
        logger.error(  # noqa: TRY400  (where it was raised says nothing; what it found does)
            "No checkpoint: the log does not begin as its checkpoint of %s entries says (workspace audit verify).",
            refusal.facts["size"],
        )


MAKE_CHECKPOINT = Job("make_checkpoint", every=timedelta(minutes=1), run=make_daily_checkpoint, is_alone=True)


NAME = "workspace-{:%Y%m%dT%H%M%SZ}.zip"
PATTERN = "workspace-????????T??????Z.zip"
LOOKS_EVERY = timedelta(minutes=5)


def write_scheduled_backup(shift: JobContext) -> None:
    """Write a backup when the last one is old enough, then take away the oldest. Nothing without a folder for them.

    A backup that was not whole takes nothing away: the ones before it stay.
    """
    if not shift.settings.backups:
        return
    folder = Path(shift.settings.backups)
    now = clock.now()
    if (last := newest_backup(folder)) and last > NAME.format(now - timedelta(hours=shift.settings.backup_hours)):
        return
    try:
        folder.mkdir(parents=True, exist_ok=True)
        written = write_backup(shift.store, folder / NAME.format(now))
    except (BadFile, OSError):
        logger.exception("No backup could be written to %s; the earlier ones are kept.", folder)
        return
    if written.findings:
        logger.error("The backup of today is whole, but what it holds was altered (workspace audit verify).")
        return
    for old in sorted(folder.glob(PATTERN))[: -shift.settings.backups_kept]:
        old.unlink(missing_ok=True)


def newest_backup(folder: Path) -> str:
    """The name of the last backup that made itself; "" where there is none. Names sort by their time."""
    return max((path.name for path in folder.glob(PATTERN)), default="")


def backup_time(name: str) -> datetime:
    """When the backup of this name was begun."""
    return datetime.strptime(name.removeprefix("workspace-").removesuffix("Z.zip"), "%Y%m%dT%H%M%S").replace(tzinfo=UTC)


KEEP_BACKUPS = Job("keep_backups", every=LOOKS_EVERY, run=write_scheduled_backup, is_alone=True)
