"""The few words a published file says itself, in the language of its text: dates, the closing clause, labels."""

import re
from collections.abc import Mapping
from datetime import date
from functools import lru_cache
from types import MappingProxyType

from babel.dates import format_date
from msgspec import Struct

from drafts.base.words import without_accents
from drafts.formats.assembly import Authenticity, EditionText, Imprint
from drafts.render.wording import wording
from drafts.text.blocks import HARD_BREAK, Language

NBSP = "\u00a0"


class EditionLabels(Struct, frozen=True):
    """What a file says in one language. Sentences hold {named} places."""

    name: str  # of the language, in itself
    adopted: str  # agrees with what the text calls itself
    adoption: str  # where it calls itself what is not known
    original: str
    contents: str
    absent: str
    skip: str
    paragraph: str
    edition: str
    corrected: str
    languages: str
    fingerprint: str
    equal: str
    prevailing: str
    information: str
    language_names: Mapping[Language, str]  # as the clause of this language names them
    translations: Mapping[Language, str]  # the other two, in alphabetical order of this language
    instruments: Mapping[str, str]  # what adopted texts call themselves, by the ending of the participle that agrees


WORDS = wording("edition", EditionLabels)

# "en langue espagnole": the only place where a clause needs another form of the name
FRENCH_FEMININE = MappingProxyType({Language.ES: "espagnole", Language.EN: "anglaise", Language.FR: "française"})

# British order in English: the day stands first, as the other two have it
LOCALES = MappingProxyType({Language.ES: "es", Language.EN: "en_GB", Language.FR: "fr"})


@lru_cache(maxsize=1_024)  # every signature has one
def long_date(day: date, language: Language) -> str:
    """Return "27 November 2026", "27 de noviembre de 2026", "27 novembre 2026"; in French the first is "1er".

    The day never parts from its month at the end of a line.
    """
    printed = format_date(day, "long", locale=LOCALES[language])
    if language is Language.FR and day.day == 1:
        printed = printed.replace("1 ", "1er ", 1)
    return printed.replace(" ", NBSP, 2 if language is Language.ES else 1)


def at_place(place: str) -> str:
    """Return the French "à Lyon", with the article drawn together: "au Havre", "aux Lilas"."""
    for article, contracted in (("Le ", "au "), ("Les ", "aux ")):
        if place.startswith(article):
            return contracted + place.removeprefix(article)
    return f"à {place}"


def _ending(name: str, language: Language) -> str | None:
    """The ending of "adopted" for a text of this name; None where it is not known what agrees with it."""
    known = WORDS[language].instruments.items()
    endings = {word: ending for ending, words in known for word in without_accents(words).split()}
    words = re.findall(r"\w+", without_accents(name))
    return next((endings[word] for word in words if word in endings), None)


def adopted(imprint: Imprint, language: Language) -> str:
    """Return the line under the title: where and when the text was adopted, its original, the edition it corrects."""
    words, facts = WORDS[language], when_and_where(imprint, language)
    ending = _ending(imprint.declaration[language], language)
    lines = [words.adoption.format(**facts) if ending is None else words.adopted.format(**facts, ending=ending)]
    if imprint.original is not None:
        lines.append(words.original.format(language=words.language_names[imprint.original]))
    if imprint.corrects is not None:
        lines.append(words.corrected.format(number=imprint.edition, before=imprint.corrects.edition))
    return ". ".join(lines)


def imprint_line(text: EditionText, language: Language) -> str:
    """Return the same with the number of the edition, for a form that says it nowhere else; empty for a sheet."""
    imprint, words = text.imprint, WORDS[language]
    number = () if imprint.corrects else (words.edition.format(number=imprint.edition).replace(" ", NBSP),)
    return "" if text.stands_for else ". ".join((adopted(imprint, language), *number))


def closing(text: EditionText, language: Language) -> str:
    """Return the closing clause that the imprint implies; empty when the text brings its own."""
    if text.has_closing:
        return ""
    imprint, words = text.imprint, WORDS[language]
    facts = when_and_where(imprint, language)
    if imprint.authoritative is None:
        return words.equal.format(**facts)
    if imprint.authenticity is Authenticity.PREVAILING:
        return words.prevailing.format(**facts, language=words.language_names[imprint.authoritative])
    names = FRENCH_FEMININE if language is Language.FR else words.language_names
    translations = words.translations[imprint.authoritative]
    return words.information.format(**facts, language=names[imprint.authoritative], translations=translations)


def when_and_where(imprint: Imprint, language: Language) -> dict[str, str]:
    place = imprint.place[language]
    return {"place": place, "at_place": at_place(place), "date": long_date(imprint.date, language)}


_MARKS = re.compile(r"([\\`*_\[\]<>])")


def literal(words: str) -> str:
    """Return plain words as inline Markdown that prints them."""
    return _MARKS.sub(r"\\\1", words)


def literal_lines(words: str) -> str:
    """The same for words in several lines, which stay lines; empty ones are dropped."""
    return HARD_BREAK.join(literal(line) for line in map(str.strip, words.splitlines()) if line)
