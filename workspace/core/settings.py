"""What an operator can choose: one frozen struct, read at start-up from `WORKSPACE_*` and from one file below it."""

import os
import re
from collections.abc import Iterator, Mapping
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Any

import msgspec
from msgspec import Struct

from workspace.core.environment import FILE, LANGUAGES, PREFIX, BadSetting, settings_of_file, terminal_language

HIDDEN = "***"
SECRET = frozenset({"bounce_secret"})
LONG_ENOUGH = 20  # characters of a secret that is shown over the network
LOCAL = "127.0.0.1"
DEFAULT_PORT = 8017
_FIELD = re.compile(r"\$\.(\w+)")  # how the reader of settings names the one it could not take


class Outbound(StrEnum):
    """Whom the program may call of its own accord."""

    OFF = "off"
    ON = "on"
    LOOPBACK = "loopback"  # also programs on this machine: to try things out


def _means(words: str) -> msgspec.Meta:
    return msgspec.Meta(description=words)


class Settings(msgspec.Struct, frozen=True, kw_only=True):
    """Settings of one process. Every field can be set by `WORKSPACE_` and its name in capitals."""

    database_url: Annotated[str, _means("sqlite:///FILE, or postgresql+psycopg://USER:PASSWORD@HOST/NAME")] = (
        "sqlite:///workspace.sqlite3"
    )
    language: Annotated[str, _means("language of the commands: es, en or fr (otherwise LANG)")] = "en"
    url: Annotated[str, _means("public address, https://declaration.example.org, for links in e-mails")] = ""
    smtp: Annotated[str, _means("smtp://USER:PASSWORD@HOST:587 or smtps://HOST; without it, e-mails become files")] = ""
    mail_from: Annotated[str, _means("sender of e-mails")] = "workspace@localhost"
    mail_dir: Annotated[str, _means("folder for e-mails without a mail server")] = "letters"
    bounce_secret: Annotated[str, _means("secret for programs that report bounced e-mails")] = ""
    keys: Annotated[str, _means("folder of keys, not in backups: keep a copy")] = "keys"
    backups: Annotated[str, _means("folder for automatic backups (otherwise none)")] = ""
    backup_hours: Annotated[int, _means("hours between automatic backups")] = 24
    backups_kept: Annotated[int, _means("number of backups to keep")] = 14
    dictionaries: Annotated[str, _means("folder of Hunspell dictionaries (es.aff, es.dic …) for checking spelling")] = (
        ""
    )
    log: Annotated[str, _means("plain, or json: one line per request, no personal data")] = "plain"
    metrics: Annotated[str, _means("HOST:PORT for Prometheus metrics (otherwise none)")] = ""
    proxies: Annotated[str, _means("trusted proxies: addresses or networks, separated by commas")] = LOCAL
    webhooks: Annotated[Outbound, _means("webhooks: off, on, or loopback (for trials)")] = Outbound.OFF

    @property
    def address(self) -> str:
        """Where the workspace answers: its public address, or that of `serve` without options."""
        return self.url.rstrip("/") or f"http://{LOCAL}:{DEFAULT_PORT}"

    @classmethod
    def read(cls, environ: Mapping[str, str] = os.environ) -> "Settings":
        """Read the settings from `environ`, and what it leaves out from the file that WORKSPACE_CONFIG names.

        Raises `BadSetting` for one that makes no sense, and for a file that cannot be read or names an unknown one.
        """
        given: dict[str, Any] = {
            "language": terminal_language(environ),
            **_of_file(cls, environ.get(FILE, "")),
            **_of_environment(cls, environ),
        }
        try:
            settings = msgspec.convert(given, cls, strict=False)
        except msgspec.ValidationError as error:
            raise _refuse_invalid(given, str(error)) from error
        if settings.backup_hours < 1 or settings.backups_kept < 1:
            raise BadSetting("WORKSPACE_BACKUP_HOURS and WORKSPACE_BACKUPS_KEPT must be 1 or more.")
        if settings.bounce_secret and len(settings.bounce_secret) < LONG_ENOUGH:
            raise BadSetting("WORKSPACE_BOUNCE_SECRET must have %(count)s characters or more.", count=str(LONG_ENOUGH))
        if settings.log not in {"plain", "json"}:
            raise BadSetting("WORKSPACE_LOG is “%(given)s”; use plain or json.", given=settings.log)
        if settings.proxies != LOCAL and not _are_networks(settings.proxies):
            raise BadSetting(
                "WORKSPACE_PROXIES is “%(given)s”; write for example 127.0.0.1,10.0.3.0/24.", given=settings.proxies
            )
        if settings.language not in LANGUAGES:
            raise BadSetting("WORKSPACE_LANGUAGE is “%(given)s”; use es, en or fr.", given=settings.language)
        return settings

    @classmethod
    def for_file(cls, path: Path) -> "Settings":
        """Settings for an embedded database at `path`, and keys beside it."""
        return cls(database_url=f"sqlite:///{path}", keys=str(path.parent / "keys"))


class Explained(Struct, frozen=True):
    """One setting, for a person: its name, what it means, what it is now and what it is if nobody says."""

    name: str
    meaning: str
    value: str
    usual: str
    comes_from: str  # "environment", "file" or "" where nobody said


def explained(settings: Settings, environ: Mapping[str, str] = os.environ) -> Iterator[Explained]:
    """Every setting; passwords in addresses are hidden."""
    from_file = _of_file(Settings, environ.get(FILE, ""))
    usual = Settings()
    for field in msgspec.structs.fields(Settings):
        name, [meaning] = field.name, field.type.__metadata__
        variable = PREFIX + name.upper()
        origin = "environment" if variable in environ else "file" if name in from_file else ""
        value = str(getattr(settings, name))
        shown = HIDDEN if value and name in SECRET else without_password(value)
        yield Explained(variable, meaning.description, shown, str(getattr(usual, name)), origin)


def without_password(value: str) -> str:
    """An address without the password in it; anything else as it is."""
    scheme, mark, rest = value.partition("://")
    who, at, where = rest.rpartition("@")
    user, colon, _ = who.partition(":")
    return f"{scheme}{mark}{user}:{HIDDEN}{at}{where}" if mark and at and colon else value


def _refuse_invalid(given: Mapping[str, Any], error: str) -> BadSetting:
    """Name the setting that could not be taken, and what it is now."""
    found = _FIELD.search(error)
    name = found[1] if found else ""
    facts = {"name": PREFIX + name.upper(), "given": str(given.get(name, ""))}
    if name in {"backup_hours", "backups_kept"}:
        return BadSetting("%(name)s is “%(given)s”; use a whole number.", **facts)
    return BadSetting("%(name)s is “%(given)s”, which is not valid; see “workspace settings”.", **facts)


def _are_networks(said: str) -> bool:
    """Whether these are addresses or networks, and not everybody."""
    from ipaddress import ip_network  # noqa: PLC0415  (every command reads the settings, and this one is rarely set)

    try:
        return all(ip_network(network.strip(), strict=False).prefixlen > 0 for network in said.split(","))
    except ValueError:
        return False


def _of_environment(kind: type[Settings], environ: Mapping[str, str]) -> dict[str, str]:
    names = ((field, PREFIX + field.upper()) for field in kind.__struct_fields__)
    return {field: environ[name] for field, name in names if name in environ}


def _of_file(kind: type[Settings], path: str) -> dict[str, Any]:
    """What the file says. Raises `BadSetting` where it cannot be read, or names an unknown one."""
    said = settings_of_file(path)
    if unknown := sorted(set(said) - set(kind.__struct_fields__)):
        raise BadSetting(
            "“%(file)s”: “%(name)s” is not a setting; see “workspace settings”.", file=path, name=unknown[0]
        )
    return said
