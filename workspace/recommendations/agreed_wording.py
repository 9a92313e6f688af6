"""What a forum's glossary says of the words of a recommendation: one notion, however it is said in three languages."""

from collections.abc import Iterator, Mapping, Sequence

from workspace.core.search import folded

_LEAST = 3  # letters that are left of a word without its ending
_MOST_MORE = 2  # letters that an inflected word has beyond the agreed one
Wording = tuple[str, ...]


class Agreed:
    """The wordings of a glossary, folded; a notion is known by its place in it."""

    def __init__(self, notions: Sequence[Sequence[str]]) -> None:
        self._by_opening: dict[str, list[tuple[Wording, str]]] = {}
        for place, wordings in enumerate(notions):
            for wording in {tuple(folded(one).split()) for one in wordings} - {()}:
                self._by_opening.setdefault(wording[0][:_LEAST], []).append((wording, f"agreed-{place}"))

    def found(self, words: Sequence[str]) -> Iterator[tuple[str, range]]:
        """The notions that stand in a text, and the places of their words."""
        for at, word in enumerate(words):
            for wording, notion in self._by_opening.get(word[:_LEAST], ()):
                here = words[at : at + len(wording)]
                if len(here) == len(wording) and all(map(_is_form, here, wording)):
                    yield notion, range(at, at + len(wording))


NOTHING_AGREED = Agreed(())


def _is_form(word: str, wanted: str) -> bool:
    """Whether a word is the agreed one in another number or gender."""
    trunk = wanted.rstrip("aeosx")
    trunk = trunk if len(trunk) >= _LEAST else wanted
    return word.startswith(trunk) and len(word) <= len(wanted) + _MOST_MORE


def notions_of(words: Sequence[str], agreed: Agreed) -> Mapping[int, str]:
    """For each word that belongs to an agreed wording, its notion."""
    return {place: notion for notion, places in agreed.found(words) for place in places}
