"""What the environment and the file of settings say, as words: read before any setting is checked.

Apart from the settings, so that a command which only has to speak the reader's language starts at once.
"""

import os
from collections.abc import Iterator, Mapping
from typing import Any

PREFIX = "WORKSPACE_"
FILE = "WORKSPACE_CONFIG"  # names the file
LANGUAGES = ("es", "en", "fr")
_TERMINAL = ("LC_ALL", "LC_MESSAGES", "LANG")  # the first that says anything tells the language of a terminal


class BadSetting(Exception):
    """A setting that makes no sense: a message for the operator, and the facts that stand in it."""

    def __init__(self, message: str, **facts: str) -> None:
        super().__init__(message % facts)
        self.message, self.facts = message, facts


def spoken_language(environ: Mapping[str, str] = os.environ) -> str:
    """The language that commands answer in, also where another setting makes no sense."""
    wanted = environ.get(f"{PREFIX}LANGUAGE") or _language_of_file(environ.get(FILE, ""))
    return wanted if wanted in LANGUAGES else terminal_language(environ)


def terminal_language(environ: Mapping[str, str]) -> str:
    """The language of the terminal, as LANG=es_ES.UTF-8 says it, where it is one of ours; else English."""
    said = next((environ[name] for name in _TERMINAL if environ.get(name)), "")
    return said[:2] if said[:2] in LANGUAGES else "en"


def settings_of_file(path: str) -> dict[str, Any]:
    """What a file says: TOML (`url = "…"`), or lines of KEY=VALUE as service managers read them.

    Raises `BadSetting` where it cannot be read.
    """
    if not path:
        return {}
    from pathlib import Path  # noqa: PLC0415  (a twentieth of the time that a command takes to start)

    try:
        text = Path(path).read_text(encoding="utf-8")
        said = _of_toml(text) if path.endswith(".toml") else dict(_lines(text))
    except (OSError, ValueError) as error:
        raise BadSetting(
            "WORKSPACE_CONFIG: “%(file)s” cannot be read: %(reason)s.", file=path, reason=str(error)
        ) from error
    return {name.upper().removeprefix(PREFIX).lower(): value for name, value in said.items()}


def _language_of_file(path: str) -> str:
    try:
        return str(settings_of_file(path).get("language", ""))
    except BadSetting:
        return ""


def _of_toml(text: str) -> dict[str, Any]:
    import tomllib  # noqa: PLC0415  (a tenth of the time that a command takes to start)

    return tomllib.loads(text)


def _lines(text: str) -> Iterator[tuple[str, str]]:
    for number, line in enumerate(text.splitlines(), 1):
        words = line.strip()
        if words and not words.startswith(("#", ";")):
            name, mark, value = words.partition("=")
            if not mark:
                raise ValueError(f"line {number} is not KEY=VALUE")
            yield name.strip(), value.strip().strip("\"'")
