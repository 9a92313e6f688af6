"""What a line announces: a section with a role, a labelled value, a limit of words."""

import re
from collections.abc import Sequence
from functools import lru_cache

from msgspec import Struct

from workspace.interchange.notes.rules import ALL
from workspace.interchange.notes.rules.table import words
from workspace.interchange.notes.words import bare_title, folded, unmarked

LONGEST = 120
MOST_WORDS = 7
LONGEST_LABEL = 60
MOST_WORDS_ALONE = 12
PARENTHESIS = re.compile(r"\([^()]{0,120}\)")
LABELLED = re.compile(r"^[-*•\s|]{0,4}(?P<label>[^:|]{2,60}?)\s?:\s?(?P<value>.*)$", re.DOTALL)
LIMITS = tuple(re.compile(limit, re.IGNORECASE) for cues in ALL.values() for limit in cues.limits)
EMPHASISED = re.compile(r"^\*\*[^*]{2,100}\*\*:?$|^__[^_]{2,100}__:?$")
MINUTES = re.compile(r"\d\s?(?:min\b|min[.u]|['’′])")
ITEM_OF_AGENDA = re.compile(
    r"^(?:agenda item|item|point|punto|bloque|parte|part|partie|section|sección)\s\d{1,2}\s?[.:–—-]\s\S", re.IGNORECASE
)
ROMAN = re.compile(r"^[IVX]{1,5}\.\s+\S")
JOINTS = words(
    "de del de la para of for to from by from de des du d'ouverture pour a au aux y and et "
    "dirigidas adressees addressed "
    "unos unas un une a an principales finales final finals main cles clave"
)
ROLES = {name: section for cues in ALL.values() for section, names in cues.sections.items() for name in names}
OWNERS = words("the our its their las los nuestras nuestros sus les nos leurs ses")
ANNEX = re.compile(r"^(?:annex|anexo|annexe|appendix)(?:\s[\dIVXA-F]{1,3})?\s?[:.–—-]\s(?=\w)", re.IGNORECASE)
QUALIFIED = words("questions recommendations conclusions objectives key_messages speakers")  # "Open questions"
PEOPLE = words("speakers moderators")
LABELS = {label: role for cues in ALL.values() for role, labels in cues.fields.items() for label in labels}


class Field(Struct, frozen=True):
    """A labelled line: what it is about, and its value as it stands."""

    role: str
    value: str


def name(text: str) -> str:
    """A heading as it is cited: without marks, limit, and colon, with its number."""
    return unmarked(PARENTHESIS.sub("", unmarked(text).lstrip("# "))).strip(" .,:;*_-–—")


@lru_cache(maxsize=4096)
def role(text: str) -> str | None:
    """The role of the section this line opens ("recommendations"), None if it opens none that is known."""
    if len(text) > LONGEST or MINUTES.search(text):
        return None
    whole = bare_title(PARENTHESIS.sub("", text))
    title = ANNEX.sub("", whole)
    if not whole[:1].isupper() or ":" in title or text.rstrip(" *_").endswith((".", "?", ";", ",")):
        return None
    spelled = _without_owner(folded(title.split("/")[0]).split())
    if len(spelled) > MOST_WORDS:
        return None
    for length in range(len(spelled), 0, -1):
        if found := ROLES.get(" ".join(spelled[:length])):
            is_qualified = found in QUALIFIED and length + 1 == len(spelled)
            return found if length == len(spelled) or is_qualified or spelled[length] in JOINTS else None
    return None


def _without_owner(spelled: list[str]) -> list[str]:
    """A heading's words without whose section it is: "Our recommendations", "The group's proposals"."""
    if len(spelled) < 2 or spelled[0] not in OWNERS:  # the owner and what is owned
        return spelled
    named = next((place for place, word in enumerate(spelled[:4]) if word.endswith(("'s", "s'"))), 0)
    return spelled[named + 1 :] or spelled


@lru_cache(maxsize=4096)
def field(text: str) -> Field | None:
    """The labelled value a line holds ("Lugar: Sala D"), None if it has no label that is known."""
    if ":" not in text[: LONGEST_LABEL + 6]:
        return None
    labelled = LABELLED.match(text.replace("**", "").replace("__", ""))
    if not labelled:
        return None
    label = folded(PARENTHESIS.sub("", labelled["label"])).strip(" *_#")
    role = LABELS.get(label) or _qualified(label.split())
    return Field(role, labelled["value"].strip()) if role else None


def _qualified(label: Sequence[str]) -> str | None:
    """The role of a label of people with one word more: "Ponentes invitados", "Invited speakers"."""
    if len(label) != 2:  # the label and the word more
        return None
    return next((role for word in label if (role := LABELS.get(word)) in PEOPLE), None)


def limit(text: str) -> int | None:
    """The number of words a heading allows ("máx. 250 palabras"); only a parenthesis of a short line can say so."""
    if len(text) > LONGEST or not (aside := PARENTHESIS.search(text)):
        return None
    for form in LIMITS:
        if found := form.search(aside[0]):
            return int(found[1])
    return None


def stands_out(text: str, *, is_alone: bool) -> bool:
    """Whether a line without a known role still looks like a heading."""
    if len(text) > LONGEST or len(text.split()) > MOST_WORDS_ALONE:
        return False
    if EMPHASISED.match(text) or ROMAN.match(text) or (ITEM_OF_AGENDA.match(text) and text[-1:] not in ".,;?!:"):
        return True
    return is_alone and text[:1].isupper() and text[-1:] not in ".,;?!…"
