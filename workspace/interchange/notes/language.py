"""Which of the three languages a note is written in; the model is loaded when the first note is read."""

from functools import cache
from typing import Any, Literal

from workspace.sessions.extraction import SpokenLanguage

FEWEST_LETTERS = 30
ENOUGH_LETTERS_TO_BE_ANOTHER = 300
MOST_CHARACTERS = 20_000
SURELY_ANOTHER = 0.99
KNOWN: tuple[Literal["es", "en", "fr"], ...] = ("es", "en", "fr")


def identify_language(text: str) -> SpokenLanguage:
    """`es`, `en` or `fr`; `und` where there is too little text, or much text plainly in some other language."""
    sample = text[:MOST_CHARACTERS]
    letters = sum(character.isalpha() for character in sample)
    if letters < FEWEST_LETTERS:
        return "und"
    ranks: dict[str, float] = dict(_identifier().rank(sample))
    best = max(ranks, key=lambda code: ranks[code])
    if best not in KNOWN and letters >= ENOUGH_LETTERS_TO_BE_ANOTHER and ranks[best] > SURELY_ANOTHER:
        return "und"
    return max(KNOWN, key=lambda code: ranks[code])


@cache
def _identifier() -> Any:
    from py3langid.langid import MODEL_FILE, LanguageIdentifier  # noqa: PLC0415 - the model costs memory and time

    return LanguageIdentifier.from_model_file(MODEL_FILE, norm_probs=True)
