"""What a catalogue says, read in the moment a program starts: Babel's own reader takes most of a second for three.

It reads what `workspace.web.i18n` writes: plain messages and those with two forms, without contexts. What is marked
as a guess ("fuzzy") or is not translated yet is said in English.
"""

import re
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path

from msgspec import Struct

_FIELD = re.compile(r'^(msg[a-z_]+(?:\[\d\])?) ("(?:[^"\\]|\\.)*"(?:\n"(?:[^"\\]|\\.)*")*)', re.MULTILINE)
_ESCAPED = re.compile(r"\\(.)")
_CHARACTERS = {"n": "\n", "t": "\t", "r": "\r"}
ONE, MANY = "msgstr[0]", "msgstr[1]"


class Catalogue(Struct, frozen=True):
    """The messages of one language by their English sentence: `said` those with one form, `counted` those with two."""

    said: dict[str, str]
    counted: dict[str, tuple[str, str]]

    @classmethod
    def read(cls, path: Path) -> "Catalogue":
        """The messages of a `.po` file."""
        catalogue = cls({}, {})
        for entry in _entries(path.read_text(encoding="utf-8")):
            catalogue._keep(entry)
        return catalogue

    def gettext(self, message: str) -> str:
        """`message` in this language; as it is where the catalogue does not know it."""
        return self.said.get(message) or self.counted.get(message, (message, ""))[0]

    def ngettext(self, one: str, many: str, n: float | Decimal) -> str:
        """The first form for one thing only: it may say "one" in words, and so none takes the other."""
        forms = self.counted.get(one, (one, many))
        return forms[int(n != 1)]

    def _keep(self, entry: dict[str, str]) -> None:
        message = entry.get("msgid")
        if message and entry.get("msgstr"):
            self.said[message] = entry["msgstr"]
        elif message and entry.get(ONE) and entry.get(MANY):
            self.counted[message] = entry[ONE], entry[MANY]


def _entries(text: str) -> Iterator[dict[str, str]]:
    """The fields of each message that is no guess; an empty line stands between messages."""
    for part in text.replace("\r\n", "\n").split("\n\n"):
        fields = {name: _unquoted(quoted) for name, quoted in _FIELD.findall(part)}
        if fields and not _is_guess(part):
            yield fields


def _is_guess(part: str) -> bool:
    return any(line.startswith("#,") and "fuzzy" in line for line in part.splitlines())


def _unquoted(quoted: str) -> str:
    text = quoted[1:-1].replace('"\n"', "")
    return _ESCAPED.sub(lambda found: _CHARACTERS.get(found[1], found[1]), text) if "\\" in text else text
