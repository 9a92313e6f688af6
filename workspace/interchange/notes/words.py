"""Small facts about characters and words that every reader of a note needs: folding, marks, single spaces."""

import re
import unicodedata
from functools import lru_cache

from workspace.interchange.notes.rules import ALL

MARKS = re.compile(r"[*_`]{1,3}")
TAGS = re.compile(r"<sup>[^<>]{0,20}</sup>|</?[a-zA-Z][^<>]{0,200}>")
ENUMERATION = re.compile(
    r"^(?:(?:\d{1,2}(?:\.\d{1,2}){0,3}|[IVX]{1,5})[.)]\s+|\d{1,2}(?:\.\d{1,2}){1,3}\s+|#{1,6}\s+)+"
)
SENTENCE_END = re.compile(r"[.!?…][)\]\"'”»’*_]{0,4}$")
CLOSING = " .,:;*_-–—"
CONTINUING = frozenset().union(*(cues.continuing for cues in ALL.values()))
LOWERED_BEFORE = re.compile(r"^[(\[\"'“«‘¿¡*_]{0,3}([^\W\d_])")


def single_spaced(text: str) -> str:
    """The text with every run of white space made one space."""
    return " ".join(text.split())


@lru_cache(maxsize=8192)
def folded(text: str) -> str:
    """Lower case without accents, apostrophes made straight: how names and labels are compared."""
    decomposed = unicodedata.normalize("NFD", text.lower().replace("’", "'"))
    return single_spaced("".join(character for character in decomposed if not unicodedata.combining(character)))


def unmarked(text: str) -> str:
    """The words without emphasis, headings' marks or HTML tags."""
    return single_spaced(MARKS.sub("", TAGS.sub("", text)))


def bare_title(text: str) -> str:
    """A title without its marks, its number and the colon after it."""
    return ENUMERATION.sub("", unmarked(text)).strip(CLOSING)


def counted(text: str) -> int:
    """How many words there are, as a word processor counts: runs without white space that hold a letter or digit."""
    return sum(any(character.isalnum() for character in word) for word in unmarked(text).split())


def ends_sentence(text: str) -> bool:
    return bool(SENTENCE_END.search(text[-8:]))


def begins_lower(text: str) -> bool:
    found = LOWERED_BEFORE.match(text)
    return bool(found) and found[1].islower()  # type: ignore[index]


def goes_on(text: str) -> bool:
    """Whether no sentence could end here: after a comma, an article, a preposition."""
    if text.endswith((",", "(", "«", "“", "–", "/")):
        return True
    last = text.rsplit(None, 1)[-1:] or [""]
    return last[0].lower().strip('*_"“«(') in CONTINUING
