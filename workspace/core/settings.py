"""What an operator can choose: one frozen struct read from `WORKSPACE_*` at start-up."""

import os
from collections.abc import Mapping
from enum import StrEnum
from pathlib import Path

import msgspec


class BadSetting(Exception):
    """A setting that makes no sense; its text is a sentence for the operator."""


class Outbound(StrEnum):
    """Whom the program may call of its own accord."""

    OFF = "off"
    ON = "on"
    LOOPBACK = "loopback"  # also programs on this machine: to try things out


class Settings(msgspec.Struct, frozen=True, kw_only=True):
    """Settings of one process. Every field can be set by the environment variable in its comment."""

    database_url: str = (
        "sqlite:///workspace.sqlite3"  # WORKSPACE_DATABASE_URL: sqlite:///FILE or postgresql+psycopg://…
    )
    language: str = "en"  # WORKSPACE_LANGUAGE: interface language of the command line: es, en or fr
    url: str = ""  # WORKSPACE_URL: the public address, https://declaration.example.org; what letters link to
    smtp: str = ""  # WORKSPACE_SMTP: smtp://user:password@host:587 or smtps://…; without it letters become files
    mail_from: str = "workspace@localhost"  # WORKSPACE_MAIL_FROM: the sender of letters
    mail_dir: str = "letters"  # WORKSPACE_MAIL_DIR: the folder of letters where no server is configured
    keys: str = "keys"  # WORKSPACE_KEYS: the folder of keys, outside the database and its backups
    backups: str = ""  # WORKSPACE_BACKUPS: a folder for backups that make themselves; none without it
    backup_hours: int = 24  # WORKSPACE_BACKUP_HOURS: from one of them to the next
    backups_kept: int = 14  # WORKSPACE_BACKUPS_KEPT: how many stay; older ones are taken away
    log: str = "plain"  # WORKSPACE_LOG: plain, or json (a line for each request and event, without personal data)
    metrics: str = ""  # WORKSPACE_METRICS: host:port where Prometheus may read figures; nowhere without it

    webhooks: Outbound = Outbound.OFF  # WORKSPACE_WEBHOOKS: off, on, or loopback (also this machine, for trials)

    @classmethod
    def read(cls, environ: Mapping[str, str] = os.environ) -> "Settings":
        """Read the settings from `environ`; raises `BadSetting` for one that makes no sense."""
        given = {
            field: environ[f"WORKSPACE_{field.upper()}"]
            for field in cls.__struct_fields__
            if f"WORKSPACE_{field.upper()}" in environ
        }
        try:
            settings = msgspec.convert(given, cls, strict=False)
        except msgspec.ValidationError as error:
            raise BadSetting(f"A setting WORKSPACE_… cannot be read: {error}.") from error
        if settings.backup_hours < 1 or settings.backups_kept < 1:
            raise BadSetting("WORKSPACE_BACKUP_HOURS and WORKSPACE_BACKUPS_KEPT are numbers from 1 on.")
        if settings.log not in {"plain", "json"}:
            raise BadSetting(f"WORKSPACE_LOG is {settings.log!r}; it can be plain or json.")
        if settings.language not in {"es", "en", "fr"}:
            raise BadSetting(f"WORKSPACE_LANGUAGE is {settings.language!r}; it can be es, en or fr.")
        return settings

    @classmethod
    def for_file(cls, path: Path) -> "Settings":
        """Settings for an embedded database at `path`, and keys beside it."""
        return cls(database_url=f"sqlite:///{path}", keys=str(path.parent / "keys"))
