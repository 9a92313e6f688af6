"""The sentences of a passage."""

from collections.abc import Iterator

from msgspec import Struct

from workspace.interchange.notes.lines import folded
from workspace.interchange.notes.rules import ALL, forms

FORM = forms("sentences")
OPENERS = frozenset(folded(word) for cues in ALL.values() for word in cues.questions)

NOT_AN_END = frozenset().union(*(cues.abbreviations for cues in ALL.values()))
BEFORE_QUESTION = " ,:;–—-"
LONGEST_UNKNOWN = 3  # letters of an abbreviation that no list has


class Sentence(Struct, frozen=True):
    """The words as they stand, and how far into the passage they begin."""

    begins: int
    text: str

    @property
    def is_question(self) -> bool:
        return self.text.startswith("¿") or self.text.rstrip('*_"”») ').endswith("?")


def split_sentences(text: str) -> Iterator[Sentence]:
    """The sentences in order; what parts a statement from the question it leads to is left out."""
    for begins, sentence in at_full_stops(text):
        yield from _at_question(begins, sentence)


def at_full_stops(text: str) -> Iterator[tuple[int, str]]:
    """The sentences in order, each with how far into the text it begins."""
    begins = 0
    for match in FORM["end"].finditer(text):
        stop = match.start() + 1
        following = text[match.end() : match.end() + 4].lstrip("\"'“«‘(*_[–—- ")
        ending = text[max(0, stop - 16) : stop]
        if text[match.start()] == "." and _is_abbreviation(ending, goes_on=following[:1].islower()):
            continue
        yield begins, text[begins : match.end()].rstrip()
        begins = match.end()
    if text[begins:].strip():
        yield begins, text[begins:].rstrip()


def _is_abbreviation(ending: str, *, goes_on: bool) -> bool:
    """Whether a stop ends no sentence; before a small letter only a longer word's does."""
    word = FORM["last_word"].search(ending)
    if word is None:
        return goes_on
    return len(word[1]) <= (LONGEST_UNKNOWN if goes_on else 1) or word[1].lower() in NOT_AN_END


def _at_question(begins: int, sentence: str) -> Iterator[Sentence]:
    found = FORM["spanish_question"].search(sentence)
    place = found.end() - 1 if found else None
    if place is None and sentence.endswith("?"):
        after_colon = FORM["asking_after_colon"].search(sentence)
        place = after_colon.end() if after_colon else None
    if place is None:
        yield Sentence(begins, sentence)
        return
    if lead := sentence[:place].rstrip(BEFORE_QUESTION):
        yield Sentence(begins, lead)
    yield Sentence(begins + place, sentence[place:])


def begins_as_question(text: str) -> bool:
    """Whether a text begins as a question for debate does ("How can …", "¿Qué …", "Comment …")."""
    words = folded(text).lstrip('¿*_"“« ').split()[:4]
    return any(" ".join(words[:length]) in OPENERS for length in range(1, 5))
