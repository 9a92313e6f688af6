"""Whether a change to a published text is a correction: a slip of typing, or a language brought back to the others.

What two people may put right after publication is narrow. A change that gives the text another meaning is
refused, with the reason. One that no rule can judge, such as a better word in a translation, is for everybody
concerned to see: it is a correction only if nobody objects (`CorrectionJudgement.needs_silence`).
"""

from collections import Counter
from collections.abc import Collection, Iterator, Mapping, Sequence
from difflib import SequenceMatcher
from enum import StrEnum

from msgspec import Struct, field
from rapidfuzz.distance import OSA

from drafts.base.words import word_set
from drafts.checks.catalogue import Severity
from drafts.checks.checked_text import CheckedText, checked_text
from drafts.checks.glossary import stretches
from drafts.checks.numerals import NumberSort, numbers
from drafts.checks.running import Finding, check_pair
from drafts.checks.sentences import modal_words, modals, negations
from drafts.checks.triplets import Triplet, check_triplet
from drafts.checks.values import House, Pair, Term
from drafts.text.blocks import BlockKind, Language, folded_hash
from drafts.text.tokens import TokenKind, tokenize

_HEADINGS = frozenset({BlockKind.TITLE, BlockKind.HEADING, BlockKind.ANNEX})
_UNTOUCHED = frozenset({TokenKind.NUMBER, TokenKind.LINK, TokenKind.FOOTNOTE, TokenKind.REFERENCE})
_SHORTEST = 4  # letters of a word that can be told from another by one of them
_OF_VALUES = word_set(
    "number_mismatch date_mismatch url_mismatch ref_mismatch enumerator_mismatch modal_mismatch negation "
    "tri_number_mismatch tri_ref_mismatch"
)
_OF_WORDS = _OF_VALUES | word_set(  # what goes away with these speaks for other words; a mark put right does not
    "same_as_source wrong_language untranslated_fragment placeholder_mismatch md_link_mismatch footnote_mismatch "
    "acronym_mismatch glossary_mismatch glossary_forbidden"
)
_MOST = 1 / 3  # share of the words that a correction may touch
_FEW = 4  # words that it may touch however short the paragraph is


class Correction(StrEnum):
    """What kind of correction a change is."""

    TYPOGRAPHIC = "typographic"  # spaces, quotation marks, dashes, other marks, capitals: not a word is another
    SPELLING = "spelling"  # a letter or an accent of a word that stands nowhere else in the text
    CONCORDANCE = "concordance"  # one language is brought back to what the others say


class CorrectionRefusal(StrEnum):
    """Why a change is no correction."""

    SAME = "same"  # nothing is changed
    EMPTY = "empty"  # the words are taken away, or put where there are none
    ORIGINAL = "original"  # the language in which the paragraph was decided, and the others do not contradict it
    MEANING = "meaning"  # numbers, references, orders or negations change, and the other languages do not say so
    CONTRADICTS = "contradicts"  # it would part from the other languages
    TOO_MUCH = "too_much"  # the paragraph is written anew


class CorrectionJudgement(Struct, frozen=True):
    """What a change is: a `kind` of correction, or `refused`.

    `is_proved`: a disagreement between the languages goes away with it. `findings` are those that it would bring.
    """

    kind: Correction | None = None
    refused: CorrectionRefusal | None = None
    is_proved: bool = False
    findings: tuple[Finding, ...] = ()

    @property
    def needs_silence(self) -> bool:
        """Whether no rule tells a correction from a change here, so that everybody concerned has to see it."""
        return self.kind is Correction.CONCORDANCE and not self.is_proved


class PublishedParagraph(Struct, frozen=True):
    """A paragraph as it was published. `elsewhere` has the words of the other paragraphs in each language."""

    kind: BlockKind
    original: Language
    texts: Mapping[Language, str]
    house: House = field(default_factory=House)
    elsewhere: Mapping[Language, Collection[str]] = field(default_factory=dict)


def judge_correction(paragraph: PublishedParagraph, language: Language, wording: str) -> CorrectionJudgement:
    """Tell what it would be to write `wording`, which is canonical, in one language of a published paragraph."""
    before = paragraph.texts.get(language, "")
    if wording == before:
        return CorrectionJudgement(refused=CorrectionRefusal.SAME)
    if not before or not wording.strip():
        return CorrectionJudgement(refused=CorrectionRefusal.EMPTY)
    if paragraph.kind is not BlockKind.CODE and (kind := _slip(paragraph, language, before, wording)):
        gone, come = _between(paragraph, language, wording)
        return (
            CorrectionJudgement(refused=CorrectionRefusal.CONTRADICTS, findings=come)
            if come
            else CorrectionJudgement(kind, is_proved=gone)
        )
    return _concordance(paragraph, language, before, wording)


def _slip(paragraph: PublishedParagraph, language: Language, before: str, wording: str) -> Correction | None:
    """Whether only marks, or letters of a misspelt word, are put right."""
    old, new = _words(before), _words(wording)
    if len(old) != len(new) or _meaning(before, language) != _meaning(wording, language):
        return None
    changed = [(before, after) for before, after in zip(old, new, strict=True) if before != after]
    if all(folded_hash(before.casefold()) == folded_hash(after.casefold()) for before, after in changed):
        return Correction.TYPOGRAPHIC
    known = {word.casefold() for word in paragraph.elsewhere.get(language, ())} | Counter(map(str.casefold, new)).keys()
    return Correction.SPELLING if all(_is_misspelt(before, after, known) for before, after in changed) else None


def _is_misspelt(before: str, after: str, known: Collection[str]) -> bool:
    """Whether a word is another one with one letter wrong, missing, too many or out of place.

    A word that stands elsewhere in the text is a word of its own, and changing it is no matter of spelling.
    """
    old, new = before.casefold(), after.casefold()
    is_near = OSA.distance(old, new) == 1 and min(len(old), len(new)) >= _SHORTEST
    return folded_hash(old) == folded_hash(new) or (is_near and old[0] == new[0] and old not in known)


def _concordance(paragraph: PublishedParagraph, language: Language, before: str, wording: str) -> CorrectionJudgement:
    gone, come = _between(paragraph, language, wording)
    if come:
        return CorrectionJudgement(refused=CorrectionRefusal.CONTRADICTS, findings=come)
    if not gone:
        if language is paragraph.original or len(paragraph.texts) == 1:
            return CorrectionJudgement(refused=CorrectionRefusal.ORIGINAL)
        if _meaning(before, language) != _meaning(wording, language):
            return CorrectionJudgement(refused=CorrectionRefusal.MEANING)
    if _is_written_anew(_words(before), _words(wording)):
        return CorrectionJudgement(refused=CorrectionRefusal.TOO_MUCH)
    return CorrectionJudgement(Correction.CONCORDANCE, is_proved=gone)


def _between(paragraph: PublishedParagraph, language: Language, wording: str) -> tuple[bool, tuple[Finding, ...]]:
    """Whether a disagreement of the languages about words would go away, and what new or other ones would come."""
    before = _findings(paragraph, paragraph.texts)
    after = _findings(paragraph, {**paragraph.texts, language: wording})
    come = tuple(finding for key, finding in after.items() if key not in before or _is_other(finding, before[key]))
    return not come and any(check in _OF_WORDS for check, _ in before.keys() - after.keys()), come


def _is_other(finding: Finding, before: Finding) -> bool:
    """Whether a disagreement that was there is about other values now."""
    return finding.check in _OF_VALUES and (finding.source, finding.target) != (before.source, before.target)


_Key = tuple[str, Language | None]


def _findings(paragraph: PublishedParagraph, texts: Mapping[Language, str]) -> Mapping[_Key, Finding]:
    """What is the matter between the languages, by check and language; what merely informs is left out."""
    source = texts.get(paragraph.original, "")
    found: dict[_Key, Finding] = {}
    for language, text in texts.items():
        if language is not paragraph.original and source and text:
            pair = Pair.of(
                source,
                text,
                languages=(paragraph.original, language),
                house=paragraph.house,
                is_heading=paragraph.kind in _HEADINGS,
            )
            found |= {(finding.check, language): finding for finding in check_pair(pair) if _counts(finding)}
    if len(texts) == len(Language):
        three = check_triplet(Triplet(dict(texts), paragraph.house))
        found |= {(finding.check, None): finding for finding in three if _counts(finding)}
    return found


def _counts(finding: Finding) -> bool:
    """Whether a finding weighs here: those of words left out are guesses."""
    return (finding.severity is not Severity.INFO or finding.check == "negation") and finding.check != "omission"


def _meaning(text: str, language: Language) -> tuple[object, ...]:
    """What of a text a rule can tell to carry its meaning: numbers, references, orders, negations."""
    checked_side = checked_text(text, language)
    fixed = [token.text for token in tokenize(text) if token.kind in _UNTOUCHED]
    written = [
        number.value
        for number in sorted(numbers(checked_side).of(NumberSort.WORD, NumberSort.PLACE), key=lambda it: it.start)
    ]
    return fixed, written, modals(checked_side), len(negations(checked_side))


def _words(text: str) -> Sequence[str]:
    return [token.text for token in tokenize(text) if token.is_word]


def _is_written_anew(old: Sequence[str], new: Sequence[str]) -> bool:
    kept = sum(run.size for run in SequenceMatcher(None, old, new, autojunk=False).get_matching_blocks())
    touched = max(len(old), len(new)) - kept
    return touched > _FEW and touched > _MOST * max(len(old), len(new))


class SubstanceKind(StrEnum):
    """What kind of thing changed."""

    NUMBERS = "numbers"
    DATES = "dates"
    MODALS = "modals"  # shall, should, may
    TERMS = "terms"


class SubstanceChange(Struct, frozen=True):
    """What of one kind is gone, and what is new, as it stands in the texts."""

    weight: SubstanceKind
    before: tuple[str, ...]
    after: tuple[str, ...]


def substance_changes(
    old: str, new: str, language: Language, terms: Sequence[Term] = ()
) -> tuple[SubstanceChange, ...]:
    """By kind, what a translator must not overlook between two wordings of one text; words that stayed are left out."""
    before, after = checked_text(old, language), checked_text(new, language)
    found = [
        SubstanceChange(kind, tuple((lost - come).elements()), tuple((come - lost).elements()))
        for kind, lost, come in zip(SubstanceKind, _weighty(before, terms), _weighty(after, terms), strict=True)
    ]
    return tuple(change for change in found if change.before or change.after)


_SORTS = (NumberSort.FIRM, NumberSort.WORD, NumberSort.PLACE, NumberSort.ROMAN)


def _weighty(text: CheckedText, terms: Sequence[Term]) -> Iterator[Counter[str]]:
    """What weighs in a text, in the order of the kinds."""
    found, used = numbers(text), (term.wordings(text.language) for term in terms)
    yield Counter(quantity.text.strip() for quantity in found.of(*_SORTS))
    yield Counter([date.text for date in found.dates] + [time.text for time in found.times])
    yield Counter(modal_words(text))
    yield Counter(wordings[0] for wordings in used if stretches(wordings, text, is_strict=True))
