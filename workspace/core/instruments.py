"""What a forum calls its instruments: the declaration, amendments, sessions, members, the committee.

`instruments.json` holds the names to choose from, with their forms, and the pairs of words that agree with them.
Messages say the first name of each. Translations mark it, with the words that agree with it and the prepositions that
melt into its article, by the letter it begins with in English: `{d:la declaración} está {d:lista}`. English has no
genders, so there the words are found as they stand. What is said without a forum in hand says the first names.
"""

import json
import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from functools import cache, lru_cache
from pathlib import Path
from typing import NamedTuple

Chosen = tuple[tuple[str, str], ...]  # instrument and name, where it is not the first; a key of caches

_DATA = json.loads(Path(__file__).with_suffix(".json").read_text(encoding="utf-8"))
NAMES: Mapping[str, Mapping[str, Mapping[str, str]]] = _DATA["names"]
AGREEING: Mapping[str, list[str]] = _DATA["agreeing"]  # “masculine feminine”, by language
_MARK = re.compile(r"\{([dasmc]):([^{}]*)\}")
_WORD = re.compile(r"%\(\w+\)s|<[^>]*>|[lLdD]’|\w+")
_ENGLISH = re.compile(
    r"(?<![\w(/.-])(?:(an?) )?(sub-)?(declaration|amendment|session|member|committee)(s?)(?![\w)]|\.\w|:\d| Workspace)",
    re.IGNORECASE,
)
_VOWEL = "(?=(?:<[^>]*>)?[aàâeéèêiîoôu])"
# What is drawn apart before words are changed, and together again afterwards: in this order
_APART = {
    "fr": (("l’", "le "), ("d’", "de "), ("du ", "de le "), ("au ", "à le "), ("cet ", "ce "), ("nouvel ", "nouveau ")),
    "es": (("del ", "de el "), ("al ", "a el ")),
}
_TOGETHER = {
    "fr": (
        (f"l[ea] {_VOWEL}", "l’"),
        (f"de {_VOWEL}", "d’"),
        ("de le ", "du "),
        ("à le ", "au "),
        (f"ce {_VOWEL}", "cet "),
        (f"nouveau {_VOWEL}", "nouvel "),
        (f"sa {_VOWEL}", "son "),
    ),
    "es": (("de el ", "del "), ("a el ", "al ")),
}
_in_force: ContextVar[list[Chosen] | None] = ContextVar("instruments", default=None)


class Forms(NamedTuple):
    """One name in one language. English has no gender."""

    singular: str
    plural: str
    gender: str = ""


def chosen(names: Mapping[str, str]) -> Chosen:
    """What differs from the first names; what is not on the list is left out."""
    return tuple(sorted((of, name) for of, name in names.items() if name in tuple(NAMES.get(of, ()))[1:]))


def use(names: Mapping[str, str]) -> None:
    """Say what follows with these names, to the end of the `named` block that is open; without one, nothing happens."""
    if (found := _in_force.get()) is not None:
        found[0] = chosen(names)


def begin() -> None:
    """What is said from here on in this context takes the names in use, the first ones until there are others."""
    _in_force.set([()])


@contextmanager
def named(names: Mapping[str, str]) -> Iterator[None]:
    """What is said inside, and in threads that begin inside, says these names until others are in use."""
    token = _in_force.set([chosen(names)])
    try:
        yield
    finally:
        _in_force.reset(token)


def in_force() -> Chosen:
    """The names that what is said now takes; empty for the first ones."""
    found = _in_force.get()
    return found[0] if found else ()


def choices(instrument: str, language: str) -> list[tuple[str, str]]:
    """The names to choose from, and how each is said; the first one first."""
    return [(name, forms(instrument, name, language).singular.capitalize()) for name in NAMES[instrument]]


@cache
def forms(instrument: str, name: str, language: str) -> Forms:
    """How a name is said; raises `KeyError` for one that is not on the list."""
    return Forms(*NAMES[instrument][name][language].split())


def plain(text: str) -> str:
    """A translation with the first names: as it stands, without its marks."""
    return _MARK.sub(r"\2", text)


@lru_cache(maxsize=8_192)
def said(text: str, language: str, names: Chosen) -> str:
    """A message, or its marked translation, with these names."""
    wanted = {of[0]: (of, name) for of, name in names}
    if language == "en":
        return _ENGLISH.sub(lambda found: _english(found, wanted), text)
    return _MARK.sub(
        lambda mark: _agreeing(mark[2], language, *wanted[mark[1]]) if mark[1] in wanted else mark[2], text
    )


def _english(found: re.Match[str], wanted: Mapping[str, tuple[str, str]]) -> str:
    article, sub, word, many = found.groups(default="")
    if word[0].casefold() not in wanted or word.isupper():
        return found[0]
    kept = forms(*wanted[word[0].casefold()], "en")
    name = (sub or "") + _as_written(kept.plural if many else kept.singular, word)
    before = _as_written("an " if name[0] in "aeiouAEIOU" else "a ", article) if article else ""
    return before + name


def _agreeing(words: str, language: str, instrument: str = "", name: str = "") -> str:
    if not name:
        return words
    old, new = (forms(instrument, each, language) for each in (next(iter(NAMES[instrument])), name))
    turned = _turned(language, old.gender, new.gender) | {
        prefix + was: prefix + becomes for was, becomes in zip(old[:2], new[:2], strict=True) for prefix in ("", "sub")
    }
    for joined, apart in _APART[language]:
        words = _replaced(joined, "la " if (joined, old.gender) == ("l’", "f") else apart, words)
    words = _WORD.sub(lambda word: _as_written(turned.get(word[0].casefold(), word[0]), word[0]), words)
    for apart, joined in _TOGETHER[language]:
        words = _replaced(apart, joined, words)
    return words


@cache
def _turned(language: str, old: str, new: str) -> dict[str, str]:
    """Each word of one gender, and what it becomes in the other."""
    if old == new:
        return {}
    return {pair[old == "f"]: pair[new == "f"] for pair in map(str.split, reversed(AGREEING[language]))}


def _replaced(pattern: str, by: str, words: str) -> str:
    return re.sub(rf"(?<!\w){pattern}", lambda found: _as_written(by, found[0]), words, flags=re.IGNORECASE)


def _as_written(word: str, as_in: str) -> str:
    """With a capital where the other word has one."""
    return word[0].upper() + word[1:] if as_in[0].isupper() else word
