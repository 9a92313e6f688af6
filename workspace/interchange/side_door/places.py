"""Where a mail means: the many ways to name a paragraph, in three languages, read into one."""

import re
from collections.abc import Callable, Iterator, Mapping
from functools import cache

from msgspec.structs import replace

from drafts.patterns import expression
from workspace.interchange.side_door.signs import ANY, PLACE, Masked, Place, Quote, folded, masked

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
    11: "eleventh|undecim[oa]|onzieme",
    12: "twelfth|duodecim[oa]|douzieme",
}
_CARDINALS: Mapping[int, str] = {
    1: "one|uno|un",
    2: "two|dos|deux",
    3: "three|tres|trois",
    4: "four|cuatro|quatre",
    5: "five|cinco|cinq",
    6: "six|seis",
    7: "seven|siete|sept",
    8: "eight|ocho|huit",
    9: "nine|nueve|neuf",
    10: "ten|diez|dix",
    11: "eleven|once|onze",
    12: "twelve|doce|douze",
}
_WORD = "|".join((*_ORDINALS.values(), *_CARDINALS.values()))
_ORDINAL = rf"(?:(?:{'|'.join(_ORDINALS.values())})|\d{{1,2}}(?:st|nd|rd|th|e|eme|\.?[oaº°ª]|\.?er))"
_LAST = r"(?:last|final|ultim[oa]|derni(?:er|ere))"
_BIS = r"bis|ter|quater|quinquies|sexies|septies|octies|novies|decies"
_LETTER = r"(?:[a-z]|[ivx]{1,4})"
_ITEM = (
    rf"(?:(?:[ ,]{{0,2}}\({_LETTER}\))|(?:[ ,]{{0,2}}{_LETTER}\))|(?:\.?{_LETTER}(?![a-z0-9']))"
    rf"|(?: {_LETTER}(?=[ ]?[:;–—])))"
)
_NUMBER = rf"\d{{1,4}}(?![\d%]|[.,]\d)(?: ?(?:{_BIS})\b)?(?:{_ITEM}){{0,3}}"
_NOUN = (
    r"(?:(?:operative|dispositive|numbered) |sub-?\s?)?"
    r"(?:paragraphe?s?|paras?|parrafos?|parrs?|parag|prg|points?|puntos?|alineas?|articles?"
    r"|articulos?|arts?|clauses?|clausulas?|apartados?|numeral(?:es)?|items?|ops?|pts?)"
)
_MARK = r"(?:n\.?[oº°]\.?|no\.|num\.|nr\.|#|number|numero)"
_SUB_NOUN = (
    r"(?:sub-?\s?paragraphs?|sub-?\s?paras?|sub-?\s?items?|items?|letters?|incisos?|letras?|literal(?:es)?"
    r"|subparrafos?|apartados?|sous-?\s?paragraphes?|sous-?\s?alineas?|alineas?|lettres?|al|let|lit|litt)"
)
_OF = r"(?: ?,)? ?(?:of|in|to|del?|de la|en el|du|de l'|au|dans le)? ?(?:the )?"
_SEPARATOR = r" ?(?:,|;|&|\band\b|\by\b|\be\b|\bet\b|\bor\b|\bo\b|\bou\b)+ ?(?:and |y |et )?"
_RANGE = r" ?(?:-|–|—|\bto\b|\bthrough\b|\ba\b|\bal\b|\bhasta\b|\bau\b) ?"
_JOINT = rf"(?:{_SEPARATOR}|{_RANGE})"
_ONE = rf"(?:{_MARK} ?)?{_NUMBER}"
_WITH_NOUN = rf"\b{_NOUN}(?![a-z])(?: (?:operativ|dispositiv)[oaf]?s?\b)?\.?"
_NUMBERED = rf"(?:(?:{_WITH_NOUN}|\b(?:p|pars?|al|aps?)\.|§§?|¶¶?) ?(?:{_MARK} ?)?|#|\b{_MARK} )"
_LISTED = rf"{_ONE}(?:{_JOINT}(?:{_NUMBERED})?{_ONE}(?![.)] ?\S{{0,3}}\w))*"
_PREAMBLE = r"(?:preambular|preambul(?:o|aire)s?|preamble|preambule|considerando|considerant|recital)"
_PREAMBULAR = (
    rf"{_PREAMBLE} (?:paragraph|para)\b",
    rf"(?:parrafo|alinea|paragraphe|paragraph) (?:del? |of the |du |de )?{_PREAMBLE}",
)
_TOWARDS = r"(?:(?:after|before|following|despues del?|antes del?|tras|apres|avant|the|el|la|le)[ ,]+){0,3}"
_SUB_PARENT = rf"{_NUMBERED}(?P<parent>{_NUMBER})"
_TAIL = rf"(?: ?,)? ?(?:in |en el |en la |au |a l')?{_SUB_NOUN}\.? ?\(?(?P<letter>{_LETTER})\)"
_BEFORE_BARE = (
    r"(?:after|before|following|between|(?:despues|antes|luego|delante|detras|a continuacion) de|tras|entre|a partir de"
    r"|apres|avant|a la suite d[eu]|merge|join|combine|unite|swap|fusionar|unir|juntar|intercambiar|fusionner|reunir"
    r"|intervertir)"
)
_BARE = (
    rf"\b(?P<lead>{_BEFORE_BARE}(?:l| el| le| the|) ?)"
    rf"(?P<listed>{_LISTED}(?: (?:and|y|et) (?:el |le )?{_ONE})?)(?= ?[,:;.\n]|$)"
)
_ASKING = r"se|que|replac|delet|insert|add|sustit|cambi|anad|suprim|elimin|supprim|remplac|ajout"
_PATTERNS = (
    ("sub", rf"\b{_SUB_NOUN}\b\.? ?\(?(?P<letter>{_LETTER})\){_OF}{_SUB_PARENT}"),
    ("sub", rf"(?<![\w.])\(?(?P<letter>{_LETTER})\){_OF}{_SUB_PARENT}"),
    ("tail", rf"{_SUB_PARENT}{_TAIL}"),
    ("pp", r"\bpp ?\.?(?P<number>\d{1,2})\b"),
    ("pp_after", rf"\b(?P<lead>{_PREAMBLE}[ ,:]+{_TOWARDS})(?P<word>{_ORDINAL}|{_LAST}) {_NOUN}\b"),
    ("pp", rf"\b(?P<word>{_ORDINAL}|{_LAST}) (?:{'|'.join(_PREAMBULAR)})"),
    ("pp", rf"\b(?:{_NOUN}\.? )?{_PREAMBLE} (?:{_NOUN}\.? )?(?:{_MARK} ?)?(?P<number>\d{{1,2}})\b"),
    ("pp", rf"\b{_NOUN}\.? ?(?P<number>\d{{1,2}}) (?:of the|of|del|de|du) {_PREAMBLE}\b"),
    ("op", rf"\bop ?\.?(?P<listed>{_NUMBER})"),
    ("list", rf"{_NUMBERED}(?P<listed>{_LISTED})"),
    ("bare", _BARE),
    (
        "bare",
        rf"\b(?P<lead>(?:en el|au|in) )(?P<listed>(?!\d{{3}}){_ONE})(?=,| (?:{_ASKING}))",
    ),
    ("word", rf"\b(?P<word>{_ORDINAL}|{_LAST}) {_NOUN}\b(?! ?[(\d])"),
    ("word", rf"\b{_NOUN} (?P<word>{_WORD}|{_LAST})\b(?! (?:sentence|word|line|frase|palabra|phrase|mot|bis))"),
    ("item", rf"\b{_SUB_NOUN}\.? ?\(?(?P<letter>{_LETTER})\)"),
    ("title", r"\b(?:title|titulo|titre)\b(?: of the (?:declaration|text)| de la declaracion| de la declaration)?"),
)
_AT_LINE = expression(
    rf"^(?P<lead>[ \-–—•*·]*)(?:\((?P<inside>{_NUMBER})\)|(?P<number>(?!\d{{4}}){_NUMBER})"
    rf"(?P<end> ?[.:)–—-]|$| (?=[a-z{ANY[1:-1]}])))",
    re.MULTILINE,
)
_FINDS_NUMBER = expression(rf"(?P<whole>\d{{1,4}})(?: ?(?P<bis>{_BIS})\b)?(?P<items>.*)", re.DOTALL)
_IN_LIST = expression(rf"(?P<joint>{_JOINT})?(?:{_NUMBERED})?(?P<one>{_ONE})")
_SENTENCE = expression(
    rf"\b(?:the |la |el |l')?(?P<word>{_ORDINAL}|{_LAST}) (?:complete |full )?(?:sentence|frase|oracion|phrase)\b"
    rf"|\b(?:the |la )?(?:sentence|frase|oracion|phrase) (?P<after>{_WORD}|{_LAST}|\d)\b"
)
_MOST_IN_RANGE = 50


def with_places(mail: Masked) -> Masked:
    """The mail with a sign for each place that it names, and for each sentence that it counts."""
    _replace(mail, _SENTENCE, _sentence_sign)
    for kind, pattern in _anywhere():
        _replace(mail, pattern, _SIGNS[kind])
    _replace(mail, _AT_LINE, _weak_sign)
    return mail


def places_of(subject: str) -> tuple[Place, ...]:
    """The places that a line names, if it names them once: the subject of a mail."""
    mail = with_places(masked(subject))
    named = [mail.named(sign) for sign in re.findall(PLACE, mail.text)]
    strong = [places for places in named if not any(one.is_weak for one in places)]
    return strong[0] if len(strong) == 1 else ()


@cache
def _anywhere() -> tuple[tuple[str, re.Pattern[str]], ...]:
    """Made for the first mail: they take as long as a hundred of this program's other patterns together."""
    return tuple((kind, re.compile(pattern)) for kind, pattern in _PATTERNS)


_Sign = Callable[[Masked, re.Match[str], str], str]


def _replace(mail: Masked, pattern: re.Pattern[str], sign: "_Sign") -> None:
    text, out, at = mail.text, [], 0
    for found in pattern.finditer(folded(text)):
        out += [text[at : found.start()], sign(mail, found, text[found.start() : found.end()])]
        at = found.end()
    mail.text = "".join([*out, text[at:]])


def _sentence_sign(mail: Masked, found: re.Match[str], written: str) -> str:
    return mail.sign_of_quote(Quote("", sentence=_count(found["word"] or found["after"])), written)


def _listed(mail: Masked, found: re.Match[str], written: str) -> str:
    return mail.sign_of_places(tuple(_in_list(found["listed"])), written)


def _bare(mail: Masked, found: re.Match[str], written: str) -> str:
    """A number after a preposition, without a noun: "after 5"."""
    lead = len(found["lead"])
    return written[:lead] + mail.sign_of_places(tuple(_in_list(found["listed"])), written[lead:])


def _in_list(listed: str) -> Iterator[Place]:
    before: Place | None = None
    for found in _IN_LIST.finditer(listed):
        place = numbered(found["one"])
        if before and found["joint"] and re.fullmatch(_RANGE, found["joint"]):
            first, last = int(before.number.split()[0]), int(place.number.split()[0])
            yield from (Place(str(one)) for one in range(first + 1, min(last, first + _MOST_IN_RANGE)))
        yield place
        before = place


def numbered(written: str) -> Place:
    """ "6", "6 bis", "6(b)(i)", "6.b" as a place."""
    found = _FINDS_NUMBER.search(written)
    if found is None:
        return Place()
    number = f"{int(found['whole'])} {found['bis']}" if found["bis"] else str(int(found["whole"]))
    return Place(number, tuple(re.findall(r"[a-z]+", found["items"])))


def _sub(mail: Masked, found: re.Match[str], written: str) -> str:
    parent = numbered(found["parent"])
    return mail.sign_of_places((replace(parent, items=(*parent.items, found["letter"])),), written)


def _preamble(mail: Masked, found: re.Match[str], written: str) -> str:
    groups = found.groupdict()
    number = groups.get("number") or str(_count(groups["word"] or ""))
    return mail.sign_of_places((Place(number, part="preamble"),), written)


def _preamble_after(mail: Masked, found: re.Match[str], written: str) -> str:
    """The second paragraph, once the preamble was named: "in the preamble, second paragraph"."""
    lead = len(found["lead"])
    place = Place(str(_count(found["word"])), part="preamble")
    return written[:lead] + mail.sign_of_places((place,), written[lead:])


def _word(mail: Masked, found: re.Match[str], written: str) -> str:
    count = _count(found["word"])
    place = Place(part="last") if count < 0 else Place(str(count))
    return mail.sign_of_places((place,), written)


def _item(mail: Masked, found: re.Match[str], written: str) -> str:
    return mail.sign_of_places((Place(items=(found["letter"],), part="item"),), written)


def _title(mail: Masked, _: re.Match[str], written: str) -> str:
    return mail.sign_of_places((Place(part="title"),), written)


def _weak_sign(mail: Masked, found: re.Match[str], written: str) -> str:
    lead = len(found["lead"])
    place = replace(numbered(found["number"] or found["inside"]), is_weak=True)
    return written[:lead] + mail.sign_of_places((place,), written[lead:]) + " "


def _count(word: str) -> int:
    """The number that a word says; -1 for the last."""
    if re.fullmatch(_LAST, word):
        return -1
    if digits := re.match(r"\d+", word):
        return int(digits[0])
    said = ((count, words) for table in (_ORDINALS, _CARDINALS) for count, words in table.items())
    return next(count for count, words in said if re.fullmatch(words, word))


_SIGNS: Mapping[str, _Sign] = {
    "sub": _sub,
    "tail": _sub,
    "pp": _preamble,
    "pp_after": _preamble_after,
    "op": _listed,
    "list": _listed,
    "bare": _bare,
    "word": _word,
    "item": _item,
    "title": _title,
}
