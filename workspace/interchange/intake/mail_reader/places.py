"""Where a mail means: the ways to name a paragraph, in three languages, read into one."""

import re
from collections.abc import Iterator, Mapping
from functools import cache

from drafts.base.lazy_regex import lazy_regex
from workspace.interchange.intake.mail_reader.masking import (
    PLACE,
    MailPlace,
    MaskedText,
    fold_characters,
    mask_quotations,
)

_ORDINALS: Mapping[int, str] = {
    1: "first|1st|primer[oa]?|premi(?:er|ere)|1\\.?er|1re",
    2: "second|2nd|segund[oa]|deuxieme|seconde",
    3: "third|3rd|tercer[oa]?|troisieme",
    4: "fourth|cuart[oa]|quatrieme",
    5: "fifth|quint[oa]|cinquieme",
    6: "sixth|sext[oa]|sixieme",
    7: "seventh|septim[oa]|septieme",
    8: "eighth|octav[oa]|huitieme",
    9: "ninth|noven[oa]|neuvieme",
    10: "tenth|decim[oa]|dixieme",
}
_ORDINAL = rf"(?:{'|'.join(_ORDINALS.values())}|\d{{1,2}}(?:st|nd|rd|th|eme|\.?[oa]))"
_BIS = r"bis|ter|quater|quinquies|sexies|septies|octies|novies|decies"
_LETTER = r"(?:[a-z]|[ivx]{1,4})"
_ITEM = rf"(?:[ ,]{{0,2}}\({_LETTER}\)|[ ,]{{0,2}}{_LETTER}\)|\.?{_LETTER}(?![a-z0-9']))"
_NUMBER = rf"\d{{1,4}}(?![\d%]|[.,]\d)(?:er\b)?(?: ?(?:{_BIS})\b)?(?:{_ITEM}){{0,3}}"
_NOUN = (
    r"(?:(?:operative|dispositive|numbered) )?"
    r"(?:paragraphe?s?|paras?|parrafos?|parrs?|pars?|points?|puntos?|alineas?|articles?|articulos?|arts?|clauses?"
    r"|apartados?|numeral(?:es)?|ops?)"
)
_MARK = r"(?:n\.?[oº°]\.?|no\.|number|numero)"
_SUB_NOUN = (
    r"(?:sub-?\s?paragraph|sub-?\s?item|item|letter|inciso|letra|literal|subparrafo|sous-?\s?paragraphe|alinea|lettre"
    r"|lit|let)"
)
_OF = r" ?,? ?(?:of|in|to|del?|du|au)? ?(?:the )?"
_NUMBERED = rf"(?:(?:\b{_NOUN}(?![a-z])(?: (?:operativ|dispositiv)[oaf]s?)?\.?|§§?|¶¶?) ?(?:{_MARK} ?)?)"
_JOINT = r"(?: ?(?:,|;|&|\band\b|\by\b|\be\b|\bet\b) ?| ?(?:-|–|—|\bto\b|\bthrough\b|\ba\b|\bal\b) ?)"
_RANGE = lazy_regex(r" ?(?:-|–|—|to|through|a|al) ?")
_LISTED = rf"{_NUMBER}(?:{_JOINT}(?:{_NUMBERED})?{_NUMBER}(?![.)] ?\S{{0,3}}\w))*"
_PREAMBLE = r"(?:preambular|preambul(?:o|aire)s?|preamble|preambule|considerando|considerant|recital)"
_PARENT = rf"{_NUMBERED}(?P<parent>{_NUMBER})"
_PATTERNS = (
    rf"(?:\b{_SUB_NOUN}\b\.? ?\(?|(?<![\w.])\()(?P<letter>{_LETTER})\){_OF}{_PARENT}",
    rf"{_PARENT}(?: ?,)? ?{_SUB_NOUN}\.? ?\(?(?P<letter>{_LETTER})\)",
    r"\bpp ?\.?(?P<preambular>\d{1,2})\b",
    rf"\b(?P<nth_preambular>{_ORDINAL}) (?:{_PREAMBLE}(?: para(?:graph)?)?|{_NOUN} (?:del? |du |of the )?{_PREAMBLE})",
    rf"\b(?:{_NOUN}\.? )?{_PREAMBLE} (?:{_NOUN}\.? )?(?:{_MARK} ?)?(?P<preambular>\d{{1,2}})\b",
    rf"\bop ?\.?(?P<listed>{_NUMBER})",
    rf"{_NUMBERED}(?P<listed>{_LISTED})",
    rf"\b(?P<nth>{_ORDINAL}) {_NOUN}\b(?! ?[(\d])",
    r"\b(?P<title>title|titulo|titre)\b",
)
_PARTS = lazy_regex(rf"(?P<whole>\d{{1,4}})(?:er\b)?(?: ?(?P<bis>{_BIS})\b)?(?P<items>.*)", re.DOTALL)
_IN_LIST = lazy_regex(rf"(?P<joint>{_JOINT})?(?:{_NUMBERED})?(?P<number>{_NUMBER})")
_MOST_IN_RANGE = 50


def with_places(mail: MaskedText) -> MaskedText:
    """The mail with a sign for each place that it names."""
    for pattern in _patterns():
        text, out, at = mail.text, [], 0
        for found in pattern.finditer(fold_characters(text)):
            out += [text[at : found.start()], mail.sign_of_places(tuple(_places(found)), text[slice(*found.span())])]
            at = found.end()
        mail.text = "".join([*out, text[at:]])
    return mail


def places_of(subject: str) -> tuple[MailPlace, ...]:
    """The places that a line names, if it names them once: the subject of a mail."""
    mail = with_places(mask_quotations(subject))
    named = [mail.named(sign) for sign in re.findall(PLACE, mail.text)]
    return named[0] if len(named) == 1 else ()


@cache
def _patterns() -> tuple[re.Pattern[str], ...]:
    """Made for the first mail: they take as long as a hundred of this program's other patterns together."""
    return tuple(map(re.compile, _PATTERNS))


def _places(found: re.Match[str]) -> Iterator[MailPlace]:
    match found.groupdict():
        case {"parent": str(parent), "letter": letter}:
            place = _numbered(parent)
            yield MailPlace(place.number, (*place.items, letter))
        case {"preambular": str(number)}:
            yield MailPlace(str(int(number)), part="preamble")
        case {"nth_preambular": str(word)}:
            yield MailPlace(_count(word), part="preamble")
        case {"listed": str(listed)}:
            yield from _in_list(listed)
        case {"nth": str(word)}:
            yield MailPlace(_count(word))
        case _:
            yield MailPlace(part="title")


def _in_list(listed: str) -> Iterator[MailPlace]:
    before: MailPlace | None = None
    for found in _IN_LIST.finditer(listed):
        place = _numbered(found["number"])
        if before and found["joint"] and _RANGE.fullmatch(found["joint"]):
            first, last = int(before.number.split()[0]), int(place.number.split()[0])
            yield from (MailPlace(str(number)) for number in range(first + 1, min(last, first + _MOST_IN_RANGE)))
        yield place
        before = place


def _numbered(written: str) -> MailPlace:
    """ "6", "6 bis", "6(b)(i)", "6.b" as a place."""
    found = _PARTS.search(written)
    if found is None:
        return MailPlace()
    number = f"{int(found['whole'])} {found['bis']}" if found["bis"] else str(int(found["whole"]))
    return MailPlace(number, tuple(re.findall(r"[a-z]+", found["items"])))


def _count(word: str) -> str:
    """The number that an ordinal says."""
    if digits := re.match(r"\d+", word):
        return str(int(digits[0]))
    return str(next(count for count, words in _ORDINALS.items() if re.fullmatch(words, word)))
