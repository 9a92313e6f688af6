"""Titles of sessions: the type they begin with, and lines that state a type alone."""

import re
from functools import cache

from workspace.interchange.notes.rules import ALL
from workspace.interchange.notes.words import bare_title, folded, single_spaced, unmarked

LONGEST = 300
LONGEST_LEAD = 60
QUOTED = re.compile(r"^[\"“«'‘]\s?(.+?)\s?[\"”»'’]$")
DASH = re.compile(r"\s[–—-]\s")
OPTIONS = re.compile(r"\s*/\s*")
NUMBERED_NAME = re.compile(r"^\d{1,2}(?:\.\d{1,2}){1,3}\.?\s+")


def parted(title: str) -> tuple[str | None, str]:
    """The type a title begins with ("Diálogo de alto nivel. …") and the rest; no type where nothing parts them.

    What kind of paper it is ("Rapporteur's notes — Session 4: …") is left out.
    """
    plain = bare_title(title)[:LONGEST]
    found = _typed().match(plain)
    if not found:
        lead, dash, rest = DASH.sub(" — ", plain, count=1).partition(" — ")
        found = _typed().match(rest) if dash and len(lead) < LONGEST_LEAD else None
    if not found:
        return None, unquoted(plain)
    return single_spaced(found["type"]), unquoted(found["title"].strip(" .:-–—"))


def without_kind(title: str) -> str:
    """A title without the kind of paper before it ("Concept note: …")."""
    lead, mark, rest = title.partition(": ")
    names = {name for cues in ALL.values() for phrases in cues.kinds.values() for name in phrases}
    return rest if mark and folded(lead) in names else title


def type_alone(text: str) -> str | None:
    """The type of a line that holds nothing else ("Diálogo", "Taller de Aprendizaje No 10")."""
    found = _alone().match(bare_title(text)[:LONGEST])
    return single_spaced(found["type"]) if found else None


def type_options(text: str) -> tuple[str, ...]:
    """The types of a form's line on which none was chosen ("Panel / Taller / Mesa redonda")."""
    options = OPTIONS.split(bare_title(text)[:LONGEST])
    if len(options) > 1 and sum(type_alone(option) is not None for option in options) > 1:
        return tuple(options)
    return ()


def unquoted(title: str) -> str:
    """A title without the quotation marks around the whole of it."""
    found = QUOTED.match(title)
    return found[1] if found else title


def named(title: str) -> str:
    """A session's title without the number a programme gave it."""
    return unquoted(NUMBERED_NAME.sub("", unmarked(title)))


def mentioned_type(text: str) -> str | None:
    """The type by which a text calls its own session ("Esta mesa redonda …")."""
    found = _mentioned().search(text)
    return found[1] if found else None


@cache
def _types() -> str:
    names = sorted({name for cues in ALL.values() for name in cues.session_types}, key=len, reverse=True)
    qualities = sorted({name for cues in ALL.values() for name in cues.type_qualities}, key=len, reverse=True)
    return rf"(?:{'|'.join(map(re.escape, names))})(?:\s(?:{'|'.join(map(re.escape, qualities))}))*"


@cache
def _typed() -> re.Pattern[str]:
    return re.compile(
        rf"(?P<type>{_types()})(?:\s(?:n[.ºo°]{{0,2}}\s?)?(?:\d{{1,2}}[a-z]?(?:\.\d)?|[IVX]{{1,4}}|[A-H])\b)?"
        rf"\s?(?:[.:–—]\s|\s-\s|-\s)\s?(?P<title>\S.+)$",
        re.IGNORECASE | re.DOTALL,
    )


@cache
def _alone() -> re.Pattern[str]:
    return re.compile(rf"(?P<type>{_types()})(?:\s(?:n[.ºo°]{{0,2}}\s?)?\d{{1,3}})?$", re.IGNORECASE)


@cache
def _mentioned() -> re.Pattern[str]:
    names = sorted({name for cues in ALL.values() for name in cues.session_types}, key=len, reverse=True)
    generic = [name for name in names if name not in {"sesión", "session", "séance", "foro", "forum"}]
    return re.compile(
        rf"\b(?:est[ae]|this|cette?|ce)\s({'|'.join(map(re.escape, generic))})\b",
        re.IGNORECASE,
    )
