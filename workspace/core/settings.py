"""What an operator can choose: one frozen struct read from `WORKSPACE_*` at start-up."""

import os
from collections.abc import Mapping
from pathlib import Path

import msgspec


class BadSetting(Exception):
    """A setting that makes no sense; its text is a sentence for the operator."""


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
    keys: str = "keys"  # WORKSPACE_KEYS: the folder of signing keys, outside the database and its backups

    @classmethod
    def read(cls, environ: Mapping[str, str] = os.environ) -> "Settings":
        """Read the settings from `environ`; raises `BadSetting` for one that makes no sense."""
        given = {
            field: environ[f"WORKSPACE_{field.upper()}"]
            for field in cls.__struct_fields__
            if f"WORKSPACE_{field.upper()}" in environ
        }
        settings = cls(**given)
        if settings.language not in {"es", "en", "fr"}:
            raise BadSetting(f"WORKSPACE_LANGUAGE is {settings.language!r}; it can be es, en or fr.")
        return settings

    @classmethod
    def for_file(cls, path: Path) -> "Settings":
        """Settings for an embedded database at `path`."""
        return cls(database_url=f"sqlite:///{path}")
