"""The facts of a letter as its reader's language says them, made harmless: names are other people's words."""

import unicodedata
from collections.abc import Mapping
from datetime import datetime, tzinfo

from workspace.core.db import Trilingual
from workspace.core.log import Fact
from workspace.letters.items import ITEMS
from workspace.letters.wordings import ANYTHING_ELSE, PHASES, ROLES, SECURITY_NOTICES
from workspace.web.i18n import Messages

MOMENTS = frozenset({"expires", "until"})
WORDS: Mapping[str, Mapping[str, str]] = {"role": ROLES, "phase": PHASES, "what": SECURITY_NOTICES}
OTHERWISE: Mapping[str, str] = {"what": ANYTHING_ELSE}
LONGEST = 300
HELD = frozenset("\u00a0\u202f")  # no line is broken there


def said(facts: Mapping[str, Fact], messages: Messages, zone: tzinfo) -> dict[str, str]:
    """Each fact in words; those that are empty are left out, because there is nothing to tell of them."""
    told = {name: _said(name, fact, messages, zone) for name, fact in facts.items() if name != ITEMS}
    return {name: words for name, words in told.items() if words}


def _said(name: str, fact: Fact, messages: Messages, zone: tzinfo) -> str:
    if fact is None or fact == "":
        return ""
    if name in WORDS:
        return messages.gettext(WORDS[name].get(str(fact), OTHERWISE.get(name, str(fact))))
    if name in MOMENTS:
        return messages.moment(datetime.fromisoformat(str(fact)), zone)
    if isinstance(fact, Mapping):  # a name in several languages
        return one_line(Trilingual.of({str(key): str(text) for key, text in fact.items()}).said_in(messages.language))
    if isinstance(fact, int):
        return messages.number(fact)
    return one_line(str(fact))


def one_line(text: str) -> str:
    """The text on one line and not endless, without control and format characters, so that nobody's name can
    make a header of its own or turn the line around. Spaces that hold a line together, as French has, stay.
    """
    visible = "".join(
        " " if character.isspace() and character not in HELD else character for character in text[: 4 * LONGEST]
    )
    kept = "".join(character for character in visible if not unicodedata.category(character).startswith("C"))
    line = " ".join(
        filter(None, kept.replace("=?", "= ?").split(" "))
    ).strip()  # an encoded word could hold the end of a header
    return line if len(line) <= LONGEST else f"{line[: LONGEST - 1]}…"
