"""Backups that make themselves: one every so often, tried out like any other, and no more kept than wanted."""

import logging
from datetime import UTC, datetime, timedelta
from pathlib import Path

from workspace.core import clock
from workspace.core.errors import BadFile
from workspace.core.jobs import Job, Shift
from workspace.history.backups import write_backup

logger = logging.getLogger("workspace.history")
NAME = "workspace-{:%Y%m%dT%H%M%SZ}.zip"
PATTERN = "workspace-????????T??????Z.zip"
LOOKS_EVERY = timedelta(minutes=5)


def keep_backups(shift: Shift) -> None:
    """Write a backup when the last one is old enough, then take away the oldest. Nothing without a folder for them.

    A backup that was not whole takes nothing away: the ones before it stay.
    """
    if not shift.settings.backups:
        return
    folder = Path(shift.settings.backups)
    now = clock.now()
    if (last := newest(folder)) and last > NAME.format(now - timedelta(hours=shift.settings.backup_hours)):
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


def newest(folder: Path) -> str:
    """The name of the last backup that made itself; "" where there is none. Names sort by their time."""
    return max((path.name for path in folder.glob(PATTERN)), default="")


def made_at(name: str) -> datetime:
    """When the backup of this name was begun."""
    return datetime.strptime(name.removeprefix("workspace-").removesuffix("Z.zip"), "%Y%m%dT%H%M%S").replace(tzinfo=UTC)


KEEP_BACKUPS = Job("keep_backups", every=LOOKS_EVERY, run=keep_backups, is_alone=True)
