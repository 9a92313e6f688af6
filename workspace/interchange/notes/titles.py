"""Titles of sessions: the type they begin with, and lines that state a type alone."""

import re
from functools import cache

from workspace.interchange.notes import times
from workspace.interchange.notes.rules import ALL
from workspace.interchange.notes.words import bare_title, folded, single_spaced, unmarked

LONGEST = 300
LONGEST_LEAD = 60
QUOTED = re.compile(r"^[\"“«'‘]\s?(.+?)\s?[\"”»'’]$")
DASH = re.compile(r"\s[–—-]\s")
OPTIONS = re.compile(r"\s*/\s*")
AFTER_KIND = re.compile(r"\s?:\s|\s[·–—|-]\s")
FEWEST_WORDS = 2
NUMBERED_NAME = re.compile(r"^\d{1,2}(?:\.\d{1,2}){1,3}\.?\s+")


def parted(title: str) -> tuple[str | None, str]:
    """The type a title begins with ("Diálogo de alto nivel. …") and the rest; no type where nothing parts them.

    What kind of paper it is ("Rapporteur's notes — Session 4: …") is left out.
    """
    plain = bare_title(title)[:LONGEST]
    found = _typed().match(plain) or _quoted().match(plain)
    if not found:
        lead, dash, rest = DASH.sub(" — ", plain, count=1).partition(" — ")
        found = _typed().match(rest) if dash and len(lead) < LONGEST_LEAD else None
    if not found:
        return None, unquoted(plain)
    return single_spaced(found["type"]), unquoted(found["title"].strip(" .:-–—"))


def without_kind(title: str) -> str:
    """A title without the kind of paper before it ("Concept note: …")."""
    plain = bare_title(title)
    parts = AFTER_KIND.split(plain, maxsplit=1)
    lead, rest = parts if len(parts) > 1 and len(parts[1].split()) >= FEWEST_WORDS else (plain, "")
    if rest and _kind_alone().fullmatch(folded(lead)):
        return rest
    named = _kind_of().match(folded(lead))
    body = lead[named.end() :] if named else ""
    if rest and body:
        return f"{body}: {rest}" if type_alone(body) else title
    if len(body.split()) < FEWEST_WORDS or times.days(body):
        return title
    return body[:1].upper() + body[1:]


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
def _kinds() -> str:
    names = {
        name for cues in ALL.values() for phrases in cues.kinds.values() for name in phrases if name[:6] != "titulo"
    }
    return "|".join(sorted(map(re.escape, names), key=len, reverse=True))


@cache
def _kind_alone() -> re.Pattern[str]:
    return re.compile(_kinds())


@cache
def _kind_of() -> re.Pattern[str]:
    """What stands before the type of a session in a paper's name: "Acta de la reunión del Grupo de trabajo 2"."""
    meeting = "reunion|sesion|session|seance|meeting|encuentro"
    joint = "de la|del|de|of the|of|de l'|du|for the"
    return re.compile(rf"(?:{_kinds()}) (?:{joint})\s?(?:(?:{meeting}) (?:{joint})\s?)?")


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
def _quoted() -> re.Pattern[str]:
    """A type, a word or two, and the title between quotation marks: 'Taller regional "Agua y ciudad"'."""
    return re.compile(rf"(?P<type>{_types()}(?:\s\w+){{0,2}})\s(?=[\"“«])(?P<title>[\"“«].+[\"”»])$", re.IGNORECASE)


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
