"""The three texts of a paragraph held against each other: two that agree name the odd one out."""

import re
from collections.abc import Callable, Iterator, Mapping

from msgspec import Struct, field
from msgspec.structs import replace

from drafts.base.lazy_regex import lazy_regex
from drafts.base.words import without_accents
from drafts.checks.checked_text import CheckedText, checked_text, expressions, patterns
from drafts.checks.invariants import refs_differ
from drafts.checks.numbers import differing, differing_dates
from drafts.checks.numerals import NumberSort
from drafts.checks.running import Finding
from drafts.checks.values import CheckHit, House
from drafts.text.blocks import BlockKind, Language

_THREE = 3


class Triplet(Struct, frozen=True):
    """One paragraph in three languages, None where there is no text, and what is known of it.

    `absent` holds languages left without text by decision, `stale` those whose
    text does not follow the original, `structure` the kind and level of each
    language's block where they were written apart. `changed_last` is the leading
    language where its text was changed after the others: they are behind it, and
    it is not wrong. `must_concord` in a declaration of equally authentic texts.
    """

    texts: Mapping[Language, str | None]
    house: House = field(default_factory=House)
    absent: frozenset[Language] = frozenset()
    stale: frozenset[Language] = frozenset()
    structure: Mapping[Language, tuple[BlockKind, int]] = field(default_factory=dict)
    known_references: frozenset[str] | None = None
    changed_last: Language | None = None
    must_concord: bool = False
    is_concorded: bool = True

    def sides(self) -> dict[Language, CheckedText]:
        return {language: checked_text(text, language) for language in Language if (text := self.texts.get(language))}


def check_triplet(triplet: Triplet) -> tuple[Finding, ...]:
    """Everything that is the matter between the three texts, in the alphabetical order of the checks."""
    sides = triplet.sides()
    found = [
        *(("missing", CheckHit(odd=language)) for language in Language if language not in {*sides, *triplet.absent}),
        *(("stale_source", CheckHit(odd=language)) for language in sorted(triplet.stale)),
        *_structure(triplet),
        *_dangling(triplet, sides),
        *_odd_language("tri_number_mismatch", sides, _number_words),
        *_odd_language("tri_ref_mismatch", sides, _reference_words),
        *_authentic(sides),
        *_list_order(sides),
    ]
    if triplet.must_concord and not triplet.is_concorded and len(sides) == _THREE:
        found.append(("not_concorded", CheckHit()))
    judged = [Finding.of(name, _judged(hit, triplet), triplet.house) for name, hit in found]
    return tuple(sorted(judged, key=lambda finding: finding.check))


def _judged(hit: CheckHit, triplet: Triplet) -> CheckHit:
    """Where the odd one out leads and was changed last, it is the others that are to be changed."""
    if hit.odd is None or hit.odd is not triplet.changed_last:
        return hit
    return replace(hit, behind=tuple(language for language in Language if language is not hit.odd))


Named = Iterator[tuple[str, CheckHit]]


def _structure(triplet: Triplet) -> Named:
    shapes = {language: shape for language, shape in triplet.structure.items() if triplet.texts.get(language)}
    if len(set(shapes.values())) <= 1:
        return
    odd = _alone({language: str(shape) for language, shape in shapes.items()})
    yield "structure_mismatch", CheckHit(tuple(f"{shape[0].value} {shape[1]}" for shape in shapes.values()), odd=odd)


def _alone(values: Mapping[Language, str]) -> Language | None:
    """The one of three that differs from two that are alike."""
    alone = [language for language in values if sum(values[other] == values[language] for other in values) == 1]
    return alone[0] if len(alone) == 1 and len(values) == _THREE else None


def _dangling(triplet: Triplet, sides: Mapping[Language, CheckedText]) -> Named:
    """References to paragraphs that are not there."""
    if triplet.known_references is None:
        return
    for language, side in sides.items():
        loose = [piece.text for piece in side.of_kind("reference") if piece.text[5:-1] not in triplet.known_references]
        if loose:
            yield "xref_dangling", CheckHit((), tuple(loose), odd=language)


Differ = Callable[[CheckedText, CheckedText], tuple[str, ...]]


def _odd_language(check: str, sides: Mapping[Language, CheckedText], differ: Differ) -> Named:
    """Where two agree, the third that contradicts both; where none agree, all three."""
    if len(sides) < _THREE:
        return
    languages = list(sides)
    words = {
        frozenset((language, other)): differ(sides[language], sides[other])
        for place, language in enumerate(languages)
        for other in languages[place + 1 :]
    }
    if not any(words.values()):
        return
    contradicted = {
        language: [pair for pair, said in words.items() if language in pair and said] for language in languages
    }
    odd = [language for language in languages if len(contradicted[language]) == _THREE - 1]
    if len(odd) in (1, _THREE):
        said = dict.fromkeys(
            word for pair in (contradicted[odd[0]] if len(odd) == 1 else words) for word in words[pair]
        )
        yield check, CheckHit((), tuple(said), odd=odd[0] if len(odd) == 1 else None)


def _number_words(first: CheckedText, second: CheckedText) -> tuple[str, ...]:
    """Figures and dates; a number in words that is simply not there is too little to stop a publication."""
    lost, added = differing(first, second)
    if not (lost and added) and all(quantity.sort is NumberSort.WORD for quantity in (*lost, *added)):
        lost, added = [], []
    return (*(quantity.text.strip() for quantity in (*lost, *added)), *differing_dates(first, second))


def _reference_words(first: CheckedText, second: CheckedText) -> tuple[str, ...]:
    found = refs_differ(first, second)
    return (*found.source, *found.target) if found else ()


_AUTHENTIC = patterns("authentic")
_EQUALLY = expressions("equally_authentic")
_NAMED = expressions("language_names")
_NAMES = {
    language: dict(zip((said := words.split())[1::2], said[::2], strict=True)) for language, words in _NAMED.items()
}


def _authentic(sides: Mapping[Language, CheckedText]) -> Named:
    """A clause on authenticity that names other languages, or gives them another weight, than in the others."""
    clauses = {
        language: (
            "".join(sorted({code for name, code in _NAMES[language].items() if re.search(rf"\b{name}\b", side.lower)})),
            _EQUALLY[language] in side.lower,
        )
        for language, side in sides.items()
        if any(name in side.lower for name in _NAMES[language]) and _AUTHENTIC[language].search(side.lower)
    }
    if len(clauses) < 2 or (len(clauses) == len(sides) and len(set(clauses.values())) == 1):
        return  # one alone says "authentic" of something else
    missing = [language for language in sides if language not in clauses]
    odd = missing[0] if missing else _alone({language: str(clause) for language, clause in clauses.items()})
    yield "authentic_clause", CheckHit((), tuple(sides[odd].text for odd in [odd] if odd), odd=odd)


_LIST = lazy_regex(r"(?:[^,;:.]+, ){3,}[^,;:.]+(?: (?:and|y|e|et) )[^,;:.]+")


def _list_order(sides: Mapping[Language, CheckedText]) -> Named:
    """A list that is alphabetical in one language and not in another: it is sorted again in each."""
    orders = {language: _is_alphabetical(checked_text) for language, checked_text in sides.items()}
    if len(sides) < _THREE or None in orders.values() or len(set(orders.values())) == 1:
        return
    for language, is_sorted in orders.items():
        if not is_sorted:
            yield "list_order", CheckHit((), (sides[language].text[:60],), odd=language)


def _is_alphabetical(checked_text: CheckedText) -> bool | None:
    """Whether the text's list of names is in alphabetical order; None where it has no such list."""
    found = _LIST.search(checked_text.prose) if checked_text.prose.count(", ") >= 3 else None
    if not found:
        return None
    items = [item.strip().split(" and ")[0] for item in re.split(r", | and | y | e | et ", found[0])]
    names = [re.sub(r"^(?:[\w\s]* )?(?=[A-ZÁÉÍÓÚÑÇÀÈ][\wáéíóúñç]+$)", "", item) for item in items]
    if not all(name[:1].isupper() for name in names):
        return None
    keys = [collated(name, checked_text.language) for name in names]
    return keys == sorted(keys)


def collated(text: str, language: Language) -> str:
    """A key by which words stand in alphabetical order: ñ after n in Spanish, œ as oe, accents secondary."""
    text = text.casefold().replace("œ", "oe").replace("æ", "ae")
    if language is Language.ES:
        text = text.replace("ñ", "n\uffff")
    return without_accents(text)
