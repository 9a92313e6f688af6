"""Where the words that somebody looked for stand in a text, accents and case aside."""

import re
import unicodedata
from collections.abc import Sequence

from drafts.markup import plain

_WORD = re.compile(r"\w+")
_LABEL = re.compile(r"^\[\^[^\]]+\]:\s*")
Piece = tuple[str, bool]  # some words, and whether they were looked for


def shown_with_hits(text: str, words: str) -> Sequence[Piece]:
    """A text without marks, in pieces: what was looked for, and what stands between."""
    text = plain(_LABEL.sub("", text))
    wanted = [_folded(found[0]) for found in _WORD.finditer(words)]
    places = [(_folded(found[0]), found.start(), found.end()) for found in _WORD.finditer(text)]
    pieces: list[Piece] = []
    at = 0
    for index in range(len(places) - len(wanted) + 1) if wanted else ():
        run = places[index : index + len(wanted)]
        if run[0][1] >= at and _is_run([word for word, _, _ in run], wanted):
            pieces += [(text[at : run[0][1]], False), (text[run[0][1] : run[-1][2]], True)]
            at = run[-1][2]
    return [piece for piece in (*pieces, (text[at:], False)) if piece[0]]


def _is_run(words: Sequence[str], wanted: Sequence[str]) -> bool:
    """Whether these are the words, the last one perhaps longer than it was written."""
    return words[:-1] == wanted[:-1] and words[-1].startswith(wanted[-1])


def _folded(word: str) -> str:
    bare = unicodedata.normalize("NFD", word.casefold())
    return "".join(character for character in bare if not unicodedata.combining(character))
