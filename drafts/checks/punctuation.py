"""Ends of sentences, brackets, quotation marks and opening marks."""

import re
from collections.abc import Iterator
from functools import lru_cache

from drafts.blocks import Language
from drafts.checks.sides import Side
from drafts.checks.values import Found, Pair, Profile
from drafts.patterns import expression

_CLOSERS = "\"'”’»›)]}*_`~\ue000 \u00a0\u202f\n\t¹²³⁰⁴⁵⁶⁷⁸⁹"
_TERMINAL = ".:;,?!…"
_CONJUNCTION = expression(
    r"(?<=[;,])\s+(?:and|or|and/or|y|e|o|u|y/o|et|ou|et/ou|as well as|así como|ainsi que)\s*$", re.IGNORECASE
)
_ABBREVIATION = expression(
    r"(?<!\w)(?:[ap]\.\s?m|etc|inc|jr|sr|ee\.\s?uu|ee\. uu|s\.\s?a|art|núm|no|ltd|co|et al|cf|p|pp|vol|ed|op\. cit"
    r"|ibid|ibíd|[A-Z])\.$",
    re.IGNORECASE,
)


def end_punct(pair: Pair) -> Found | None:
    """The mark that ends the paragraph."""
    ours, theirs = _ending(pair.source), _ending(pair.target)
    if ours == theirs or ours & theirs:
        return None
    if ours | theirs == {";", ","} and _is_recital(pair):
        return None
    if "…" in ours | theirs and _is_and_so_on(pair):
        return None
    if not pair.source.words or not pair.target.words:
        return None
    source, target = _mark(ours), _mark(theirs)
    return Found(
        (_tail(pair.source),), (_tail(pair.target),), _tail_span(pair.target), _ended(pair.target, source, target)
    )


@lru_cache(maxsize=8192)
def _ending(side: Side) -> frozenset[str]:
    """Every mark that may count as the end; "none" where there is none."""
    text = _CONJUNCTION.sub("", side.prose.rstrip(_CLOSERS).replace("...", "…"))
    found = set()
    while text and text[-1] in _TERMINAL:
        found.add(text[-1])
        bare = text[:-1].rstrip(_CLOSERS)
        if text[-1] == "." and _ABBREVIATION.search(text):
            found.add("")
        if bare == text[:-1] or not bare or bare[-1] not in _TERMINAL:
            text = bare if bare and bare[-1:] in _TERMINAL and bare != text[:-1] else ""
            if bare[-1:] in _TERMINAL and bare != text:
                continue
            break
        text = bare
    return frozenset(found or {""})


_RECITAL = {
    Language.EN: expression(
        r"\W*(?:whereas|\w+ing|deeply|fully|bearing|having|convinced|aware|concerned|mindful|alarmed)\b", re.IGNORECASE
    ),
    Language.ES: expression(
        r"\W*(?:considerando|\w+[aei]ndo|\w+iéndo\w+|habida|profundamente|teniendo|consciente|convencid)", re.IGNORECASE
    ),
    Language.FR: expression(
        r"\W*(?:considérant|\w+ant|profondément|ayant|conscient|convaincu|préoccup|inquiet)", re.IGNORECASE
    ),
}


def _is_recital(pair: Pair) -> bool:
    """Recitals end in a comma or a semicolon, as each language's usage has it."""
    return all(_RECITAL[side.language].match(side.prose) for side in (pair.source, pair.target))


def _mark(found: frozenset[str]) -> str:
    return next(iter(sorted(found - {""})), "")


def _is_and_so_on(pair: Pair) -> bool:
    return any(re.search(r"etc\.?\W*$|…\W*$|\.\.\.\W*$", side.prose) for side in (pair.source, pair.target))


_TAIL = 24  # characters of an end that is quoted


def _tail(side: Side) -> str:
    """The last whole words of a text."""
    text = side.text.rstrip()
    tail = text[-_TAIL:]
    return tail if len(text) <= _TAIL or " " not in tail.strip() else tail[tail.index(" ") + 1 :]


def _tail_span(side: Side) -> tuple[tuple[int, int], ...]:
    end = len(side.text.rstrip())
    return ((max(0, end - 1), end),)


def _ended(side: Side, wanted: str, present: str) -> str | None:
    """The text with the end of the other; None where that is not one mark for another."""
    text = side.text.rstrip()
    if not wanted or wanted in "?!" or present in ("?", "!") or not text:
        return None
    before = ("\u00a0" if wanted == ":" else "\u202f") if side.language is Language.FR and wanted in ";:" else ""
    if present:
        if not text.endswith(present):
            return None
        text = text[: -len(present)].rstrip()
    return text + before + wanted


_PAIRS = {")": "(", "]": "[", "}": "{"}


def bracket_mismatch(pair: Pair) -> Found | None:
    """Brackets that are not closed or not opened, and square brackets (what is not agreed) that one side lacks."""
    ours, theirs = _brackets(pair.source), _brackets(pair.target)
    if ours == theirs:
        return None
    if ours[0] == theirs[0] and ours[1] == theirs[1]:
        return None
    if ours[0] and not theirs[0] and ours[1] == theirs[1]:
        return None  # only the source is unbalanced
    return Found(tuple(ours[0]), tuple(theirs[0]))


_NOT_BRACKETS = expression(r"(?<![\w(])(?:[a-zñ]|[ivx]{1,5}|\d{1,2})\)|:-?[()]|;-?\)")


@lru_cache(maxsize=8192)
def _brackets(side: Side) -> tuple[tuple[str, ...], int]:
    """The brackets without a partner, and the number of square pairs."""
    text = side.body
    if not any(bracket in text for bracket in "()[]{}"):
        return (), 0
    text = re.sub(r"!?\[(?=[^\[\]]*\ue000{3})|(?<=\[)\ue000+(?=\])", "", text)
    return min((_unpaired(text), _unpaired(_NOT_BRACKETS.sub(" ", text))), key=lambda found: len(found[0]))


def _unpaired(text: str) -> tuple[tuple[str, ...], int]:
    open_ones: list[str] = []
    loose: list[str] = []
    squares = 0
    for character in text:
        if character in "([{":
            open_ones.append(character)
        elif character in ")]}":
            if open_ones and open_ones[-1] == _PAIRS[character]:
                open_ones.pop()
                squares += character == "]"
            else:
                loose.append(character)
    return (*loose, *open_ones), squares


_INVERTED = {"?": "¿", "!": "¡"}


def es_inverted(pair: Pair) -> Found | None:
    """Spanish opens a question and an exclamation as well."""
    side = pair.target
    if side.language is not Language.ES or not any(mark in side.prose for mark in "?!¿¡"):
        return None
    wrong = list(_unopened(side.prose))
    if not wrong:
        return None
    return Found(
        (),
        tuple(side.text[max(0, at - 16) : at + 1] for at in wrong),
        tuple((at, at + 1) for at in wrong),
        _opened(side, wrong),
    )


def _unopened(text: str) -> Iterator[int]:
    """Places of closing marks that nothing opens, and of opening ones that nothing closes."""
    waiting: list[int] = []
    closed_at = -1
    for at, character in enumerate(text):
        if character in "¿¡":
            waiting.append(at)
        elif character in "?!":
            if text[at - 1 : at] == "(" and text[at + 1 : at + 2] == ")":
                continue
            if waiting:
                waiting.clear()
                closed_at = at
            elif closed_at != at - 1:
                yield at
            else:
                closed_at = at
    yield from waiting


def _opened(side: Side, wrong: list[int]) -> str | None:
    """The whole sentence opened; None where it is not plain where that is."""
    text = side.text
    if len(wrong) != 1 or text[wrong[0]] not in _INVERTED:
        return None
    start = max((found.end() for found in re.finditer(r"[.!?…:;,]\s+|[«“(\"]|^\s*", text[: wrong[0]])), default=0)
    return text[:start] + _INVERTED[text[wrong[0]]] + text[start:]


_DOUBLE = '«»“”„‟"'
_QUOTED = expression(r"«|»|“|”|„|‟|(?<![\d])\"|(?<=\d)\"(?=[\s.,;:)]|$)")


def quote_mismatch(pair: Pair) -> Found | None:
    """Another number of quotations, or one that is not closed."""
    ours, theirs = _quotes(pair.source), _quotes(pair.target)
    if ours == theirs or (not (ours[1] or theirs[1]) and _quotes_alike(pair)):
        return None
    if theirs[1] and theirs[1] == ours[1] and ours[0] == theirs[0]:
        return None
    if ours[1] and not theirs[1]:
        return None
    if not theirs[1] and _has_italics_instead(pair, ours[0] - theirs[0]):
        return None
    return Found((str(ours[0]),), (str(theirs[0]),))


@lru_cache(maxsize=8192)
def _quotes(side: Side) -> tuple[int, int]:
    """How many quotations, and how many marks without a partner, by double marks alone."""
    text = side.prose
    if not any(mark in text for mark in _DOUBLE):
        return 0, 0
    marks = _QUOTED.findall(text)
    opened = marks.count("«") + marks.count("“") + marks.count("„")
    closed = marks.count("»") + marks.count("”") + marks.count("‟")
    if "„" in marks:  # „…“
        closed, opened = closed + marks.count("“"), opened - marks.count("“")
    straight = marks.count('"')
    return min(opened, closed) + straight // 2, abs(opened - closed) + straight % 2


_SINGLE = expression(r"(?<![\w’'])[‘'](?=\w)[^‘’'\n]{1,200}?(?:[’'](?=\w)[^‘’'\n]{0,200}?)*[’'](?!\w)")


def _quotations(side: Side) -> int:
    """With single ones, as English has them inside or instead of double ones."""
    return _quotes(side)[0] + len(_SINGLE.findall(side.prose))


def _quotes_alike(pair: Pair) -> bool:
    """Whether the quotations are as many with single marks counted, or where one that is resumed counts once."""
    ours, theirs = pair.source, pair.target
    are_resumed = _quotes(ours)[0] - _resumed(ours) == _quotes(theirs)[0] - _resumed(theirs)
    return are_resumed or _quotations(ours) == _quotations(theirs)


_SPEAKER = expression(r"(?:,[”»]|[”»],)\s[^“”«»\n]{1,48},\s[“«]")


def _resumed(side: Side) -> int:
    """How often a quotation goes on after the one who is quoted was named: “We,” she said, “decide.”."""
    return len(_SPEAKER.findall(side.prose))


def _has_italics_instead(pair: Pair, missing: int) -> bool:
    fuller, sparser = (pair.target, pair.source) if missing > 0 else (pair.source, pair.target)
    italics = [
        len(re.findall(r"(?<![*\w])\*[^*\n]+\*(?!\*)|(?<![_\w])_[^_\n]+_(?!\w)", side.text))
        for side in (fuller, sparser)
    ]
    return italics[0] - italics[1] == abs(missing)


def quote_style(pair: Pair) -> Found | None:
    """Quotation marks of another language, or straight ones."""
    side = pair.target
    if not any(mark in side.prose for mark in _DOUBLE):
        return None
    wrong = list(_foreign_quotes(side, pair))
    if not wrong:
        return None
    return Found((), tuple(side.prose[at] for at in wrong), tuple((at, at + 1) for at in wrong), _requoted(pair))


def _foreign_quotes(side: Side, pair: Pair) -> Iterator[int]:
    outer = _outer(pair)
    depth = 0
    for found in _QUOTED.finditer(side.prose):
        mark = found[0]
        if outer == "«":
            depth += {"«": 1, "»": -1}.get(mark, 0)
            is_wrong = mark == '"' or (mark in "“”„‟" and depth <= 0)
        else:
            is_wrong = mark in "«»„‟" or (mark == '"' and '"' not in pair.source.prose)
            is_wrong = is_wrong or (mark == '"' and side.language is not Language.EN)
        if is_wrong:
            yield found.start()


def _outer(pair: Pair) -> str:
    if pair.target.language is Language.EN:
        return "“"
    return "“" if pair.target.language is Language.ES and pair.house.profile is Profile.UN else "«"


def _requoted(pair: Pair) -> str | None:
    """The target with its outer quotation marks as they should be; None where marks do not pair or nest."""
    side = pair.target
    marks = [(found.start(), found[0]) for found in _QUOTED.finditer(side.prose)]
    if len(marks) % 2 or _quotes(side)[1]:
        return None
    opening, closing = _marks(pair)
    text = side.text
    for place, (at, mark) in reversed(list(enumerate(marks))):
        is_opening = mark in "«“„" or (mark == '"' and place % 2 == 0)
        if is_opening is not (place % 2 == 0):
            return None
        before, after = text[:at], text[at + 1 :]
        if is_opening:
            text = before + opening + after.lstrip(" \u00a0\u202f")
        else:
            text = before.rstrip(" \u00a0\u202f") + closing + after
    return text


def _marks(pair: Pair) -> tuple[str, str]:
    if _outer(pair) == "“":
        return "“", "”"
    if pair.target.language is Language.FR and pair.house.profile is not Profile.EU:
        return "«\u00a0", "\u00a0»"
    return "«", "»"
