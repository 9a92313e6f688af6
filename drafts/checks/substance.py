"""What weighs in a change of one text: the numbers, dates, orders and agreed terms that are others now."""

from collections import Counter
from collections.abc import Sequence
from enum import StrEnum

from msgspec import Struct

from drafts.blocks import Language
from drafts.checks.glossary import stretches
from drafts.checks.numerals import Sort, numbers
from drafts.checks.sides import Side, side
from drafts.checks.values import Term
from drafts.checks.wording import modal_words


class Weight(StrEnum):
    """What kind of thing changed."""

    NUMBERS = "numbers"
    DATES = "dates"
    MODALS = "modals"  # shall, should, may
    TERMS = "terms"


class Changed(Struct, frozen=True):
    """What of one kind is gone, and what is new, as it stands in the texts."""

    weight: Weight
    before: tuple[str, ...]
    after: tuple[str, ...]


def changed(old: str, new: str, language: Language, terms: Sequence[Term] = ()) -> tuple[Changed, ...]:
    """By kind, what a translator must not overlook between two wordings of one text; words that stayed are left out."""
    before, after = side(old, language), side(new, language)
    found = (
        _differing(Weight.NUMBERS, _numbers(before), _numbers(after)),
        _differing(Weight.DATES, _dates(before), _dates(after)),
        _differing(Weight.MODALS, Counter(modal_words(before)), Counter(modal_words(after))),
        _differing(Weight.TERMS, _terms(before, terms), _terms(after, terms)),
    )
    return tuple(change for change in found if change.before or change.after)


def _differing(weight: Weight, before: Counter[str], after: Counter[str]) -> Changed:
    return Changed(weight, tuple((before - after).elements()), tuple((after - before).elements()))


def _numbers(text: Side) -> Counter[str]:
    sorts = (Sort.FIRM, Sort.WORD, Sort.PLACE, Sort.ROMAN)
    return Counter(one.text.strip() for one in numbers(text).of(*sorts))


def _dates(text: Side) -> Counter[str]:
    found = numbers(text)
    return Counter([quantity.text for quantity in found.dates] + [quantity.text for quantity in found.times])


def _terms(text: Side, terms: Sequence[Term]) -> Counter[str]:
    used = (one.wordings(text.language) for one in terms)
    return Counter(wordings[0] for wordings in used if stretches(wordings, text, is_strict=True))
