"""The sentences of a passage."""

from collections.abc import Iterator

from msgspec import Struct

from workspace.interchange.notes.lines import folded
from workspace.interchange.notes.rules.table import ALL, forms

FORM = forms("sentences")
OPENERS = frozenset(folded(word) for cues in ALL.values() for word in cues.questions)

NOT_AN_END = frozenset().union(*(cues.abbreviations for cues in ALL.values()))
BEFORE_QUESTION = " ,:;–—-"


class Sentence(Struct, frozen=True):
    """The words as they stand, and how far into the passage they begin."""

    begins: int
    text: str

    @property
    def is_question(self) -> bool:
        return self.text.startswith("¿") or self.text.rstrip('*_"”») ').endswith("?")


def split_sentences(text: str) -> Iterator[Sentence]:
    """The sentences in order; what parts a statement from the question it leads to is left out."""
    for begins, sentence in _at_full_stops(text):
        yield from _at_question(begins, sentence)


def _at_full_stops(text: str) -> Iterator[tuple[int, str]]:
    begins = 0
    for match in FORM["end"].finditer(text):
        stop = match.start() + 1
        following = text[match.end() : match.end() + 4].lstrip("\"'“«‘(*_[–—- ")
        if text[match.start()] == "." and (_is_abbreviation(text[max(0, stop - 16) : stop]) or following[:1].islower()):
            continue
        yield begins, text[begins : match.end()].rstrip()
        begins = match.end()
    if text[begins:].strip():
        yield begins, text[begins:].rstrip()


def _is_abbreviation(ending: str) -> bool:
    word = FORM["last_word"].search(ending)
    return bool(word) and (len(word[1]) == 1 or word[1].lower() in NOT_AN_END)  # type: ignore[index]


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
