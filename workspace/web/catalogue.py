"""What a catalogue says, read in the moment a program starts: Babel's own reader takes most of a second for three.

It reads what `workspace.web.i18n` writes: plain messages and those with two forms, without contexts. What is marked
as a guess ("fuzzy") or is not translated yet is said in English.
"""

import re
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from decimal import Decimal

_LINES = r'((?:".*"\n)+)'  # what is quoted, over as many lines as it takes
_ONE_FORM = rf"msgstr {_LINES}"
_TWO_FORMS = rf"msgid_plural {_LINES}msgstr\[0\] {_LINES}msgstr\[1\] {_LINES}"
_ENTRY = re.compile(rf"^((?:#.*\n)*)msgid {_LINES}(?:{_ONE_FORM}|{_TWO_FORMS})", re.MULTILINE)
_GUESS = re.compile(r"^#,.*fuzzy", re.MULTILINE)
_ESCAPED = re.compile(r"\\(.)")
_CHARACTERS = {"n": "\n", "t": "\t", "r": "\r"}


class Catalogue(NamedTuple):
    """The messages of one language by their English sentence: `said` those with one form, `counted` those with two."""

    said: dict[str, str]
    counted: dict[str, tuple[str, str]]

    @classmethod
    def read(cls, path: Path) -> "Catalogue":
        """The messages of a `.po` file."""
        catalogue = cls({}, {})
        text = path.read_text(encoding="utf-8").replace("\r\n", "\n") + "\n"
        for notes, message, said, _, one, many in _ENTRY.findall(text):
            if not ("fuzzy" in notes and _GUESS.search(notes)):
                catalogue._keep(_unquoted(message), _unquoted(said), (_unquoted(one), _unquoted(many)))
        return catalogue

    def gettext(self, message: str) -> str:
        """`message` in this language; as it is where the catalogue does not know it."""
        return self.said.get(message) or self.counted.get(message, (message, ""))[0]

    def ngettext(self, one: str, many: str, n: "float | Decimal") -> str:
        """The first form for one thing only: it may say "one" in words, and so none takes the other."""
        forms = self.counted.get(one, (one, many))
        return forms[int(n != 1)]

    def _keep(self, message: str, said: str, counted: tuple[str, str]) -> None:
        if message and said:
            self.said[message] = said
        elif message and all(counted):
            self.counted[message] = counted


def _unquoted(lines: str) -> str:
    text = lines[1:-2].replace('"\n"', "")
    return _ESCAPED.sub(lambda found: _CHARACTERS.get(found[1], found[1]), text) if "\\" in text else text
