"""Ends of sentences, brackets, quotation marks and opening marks."""

import re
from collections.abc import Iterator, Sequence
from functools import lru_cache

from drafts.base.lazy_regex import lazy_regex
from drafts.checks.checked_text import FILLER, CheckedText, pattern, patterns
from drafts.checks.values import CheckHit, Pair, Profile
from drafts.text.blocks import Language

_CLOSERS = "\"'”’»›)]}*_`~\ue000 \u00a0\u202f\n\t¹²³⁰⁴⁵⁶⁷⁸⁹"
_TERMINAL = ".:;,?!…"
_CONJUNCTION = lazy_regex(
    r"(?<=[;,])\s+(?:and|or|and/or|y|e|o|u|y/o|et|ou|et/ou|as well as|así como|ainsi que)\s*$", re.IGNORECASE
)
_ABBREVIATION = pattern("abbreviated_end", re.IGNORECASE)


def end_punct(pair: Pair) -> CheckHit | None:
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
    tails = (_tail(pair.source),), (_tail(pair.target),)
    return CheckHit(*tails, _tail_span(pair.target), _ended(pair.target, source, target))


@lru_cache(maxsize=8192)
def _ending(side: CheckedText) -> frozenset[str]:
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


_RECITAL = patterns("recitals", re.IGNORECASE)


def _is_recital(pair: Pair) -> bool:
    """Recitals end in a comma or a semicolon, as each language's usage has it."""
    return all(_RECITAL[side.language].match(side.prose) for side in (pair.source, pair.target))


def _mark(found: frozenset[str]) -> str:
    return next(iter(sorted(found - {""})), "")


def _is_and_so_on(pair: Pair) -> bool:
    return any(re.search(r"etc\.?\W*$|…\W*$|\.\.\.\W*$", side.prose) for side in (pair.source, pair.target))


_TAIL = 24  # characters of an end that is quoted


def _tail(side: CheckedText) -> str:
    """The last whole words of a text."""
    text = side.text.rstrip()
    tail = text[-_TAIL:]
    return tail if len(text) <= _TAIL or " " not in tail.strip() else tail[tail.index(" ") + 1 :]


def _tail_span(side: CheckedText) -> tuple[tuple[int, int], ...]:
    end = len(side.text.rstrip())
    return ((max(0, end - 1), end),)


def _ended(side: CheckedText, wanted: str, present: str) -> str | None:
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


def bracket_mismatch(pair: Pair) -> CheckHit | None:
    """Brackets that are not closed or not opened, and square brackets (what is not agreed) that one side lacks."""
    ours, theirs = _brackets(pair.source), _brackets(pair.target)
    if ours == theirs or (ours[0] and not theirs[0] and ours[1] == theirs[1]):  # only the source is unbalanced
        return None
    return CheckHit(tuple(ours[0]), tuple(theirs[0]))


_BRACKET = lazy_regex(r"[()\[\]{}]")
_NOT_BRACKETS = lazy_regex(r"(?<![\w(])(?:[a-zñ]|[ivx]{1,5}|\d{1,2})\)|:-?[()]|;-?\)")


@lru_cache(maxsize=8192)
def _brackets(side: CheckedText) -> tuple[tuple[str, ...], int]:
    """The brackets without a partner, and the number of square pairs."""
    text = side.body
    if not any(bracket in text for bracket in "()[]{}"):
        return (), 0
    if FILLER in text:
        text = re.sub(r"!?\[(?=[^\[\]]*\ue000{3})|(?<=\[)\ue000+(?=\])", "", text)
    found = _unpaired(text)
    return (
        min(found, _unpaired(_NOT_BRACKETS.sub(" ", text)), key=lambda counted: len(counted[0])) if found[0] else found
    )


def _unpaired(text: str) -> tuple[tuple[str, ...], int]:
    open_ones: list[str] = []
    loose: list[str] = []
    squares = 0
    for character in _BRACKET.findall(text):
        if character in "([{":
            open_ones.append(character)
        elif open_ones and open_ones[-1] == _PAIRS[character]:
            open_ones.pop()
            squares += character == "]"
        else:
            loose.append(character)
    return (*loose, *open_ones), squares


_INVERTED = {"?": "¿", "!": "¡"}


def es_inverted(pair: Pair) -> CheckHit | None:
    """Spanish opens a question and an exclamation as well."""
    side = pair.target
    if side.language is not Language.ES or not any(mark in side.prose for mark in "?!¿¡"):
        return None
    wrong = list(_unopened(side.prose))
    if not wrong:
        return None
    return CheckHit(
        (),
        tuple(side.text[max(0, at - 16) : at + 1] for at in wrong),
        tuple((at, at + 1) for at in wrong),
        _opened(side, wrong),
    )


def _unopened(text: str) -> Iterator[int]:
    """Places of closing marks that nothing opens, and of opening ones that nothing closes."""
    open_marks: list[int] = []
    closed_at = -1
    for at, character in enumerate(text):
        if character in "¿¡":
            open_marks.append(at)
        elif character in "?!":
            if text[at - 1 : at] == "(" and text[at + 1 : at + 2] == ")":
                continue
            if open_marks:
                open_marks.clear()
                closed_at = at
            elif closed_at != at - 1:
                yield at
            else:
                closed_at = at
    yield from open_marks


def _opened(side: CheckedText, wrong: list[int]) -> str | None:
    """The whole sentence opened; None where it is not plain where that is."""
    text = side.text
    if len(wrong) != 1 or text[wrong[0]] not in _INVERTED:
        return None
    start = max((found.end() for found in re.finditer(r"[.!?…:;,]\s+|[«“(\"]|^\s*", text[: wrong[0]])), default=0)
    return text[:start] + _INVERTED[text[wrong[0]]] + text[start:]


_DOUBLE = '«»“”„‟"'
_QUOTED = lazy_regex(r"«|»|“|”|„|‟|(?<![\d])\"|(?<=\d)\"(?=[\s.,;:)]|$)")


def quote_mismatch(pair: Pair) -> CheckHit | None:
    """Another number of quotations, or one that is not closed."""
    ours, theirs = _quotes(pair.source), _quotes(pair.target)
    if ours == theirs or (not (ours[1] or theirs[1]) and _quotes_alike(pair)):
        return None
    if ours[1] and not theirs[1]:
        return None
    if not theirs[1] and _has_italics_instead(pair, ours[0] - theirs[0]):
        return None
    return CheckHit((str(ours[0]),), (str(theirs[0]),))


@lru_cache(maxsize=8192)
def _quotes(side: CheckedText) -> tuple[int, int]:
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


_SINGLE = lazy_regex(r"(?<![\w’'])[‘'](?=\w)[^‘’'\n]{1,200}?(?:[’'](?=\w)[^‘’'\n]{0,200}?)*[’'](?!\w)")


def _quotations(side: CheckedText) -> int:
    """With single ones, as English has them inside or instead of double ones."""
    return _quotes(side)[0] + len(_SINGLE.findall(side.prose))


def _quotes_alike(pair: Pair) -> bool:
    """Whether the quotations are as many with single marks counted, or where one that is resumed counts once."""
    ours, theirs = pair.source, pair.target
    are_resumed = _quotes(ours)[0] - _resumed(ours) == _quotes(theirs)[0] - _resumed(theirs)
    return are_resumed or _quotations(ours) == _quotations(theirs)


_SPEAKER = lazy_regex(r"(?:,[”»]|[”»],)\s[^“”«»\n]{1,48},\s[“«]")


def _resumed(side: CheckedText) -> int:
    """How often a quotation goes on after the one who is quoted was named: “We,” she said, “decide.”."""
    return len(_SPEAKER.findall(side.prose))


def _has_italics_instead(pair: Pair, missing: int) -> bool:
    fuller, sparser = (pair.target, pair.source) if missing > 0 else (pair.source, pair.target)
    italics = [
        len(re.findall(r"(?<![*\w])\*[^*\n]+\*(?!\*)|(?<![_\w])_[^_\n]+_(?!\w)", side.text))
        for side in (fuller, sparser)
    ]
    return italics[0] - italics[1] == abs(missing)


def quote_style(pair: Pair) -> CheckHit | None:
    """Quotation marks of another language, or straight ones."""
    side = pair.target
    if not any(mark in side.prose for mark in _DOUBLE):
        return None
    wrong = list(_foreign_quotes(side, pair))
    if not wrong:
        return None
    return CheckHit((), tuple(side.prose[at] for at in wrong), tuple((at, at + 1) for at in wrong), _requoted(pair))


def _foreign_quotes(side: CheckedText, pair: Pair) -> Iterator[int]:
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


_THIN, _FULL = "\u202f", "\u00a0"
_SPACES = " \u00a0\u202f\u2009"
Edit = tuple[int, int, str]


def _found(side: CheckedText, edits: Sequence[Edit]) -> CheckHit | None:
    """What is wrong at each place, and the text with all of it mended."""
    if not edits:
        return None
    text = side.text
    for start, end, mended in sorted(edits, reverse=True):
        text = text[:start] + mended + text[end:]
    shown = tuple(_around(side.text, start, end) for start, end, _ in edits)
    return CheckHit((), shown, tuple((start, end) for start, end, _ in edits), text)


_NEAR = 40  # characters on either side of a place


def _around(text: str, start: int, end: int) -> str:
    """A place with the words that it stands between."""
    before = re.search(r"\S*\s?\S*$", text[max(0, start - _NEAR) : start])
    after = re.match(r"\s?\S*", text[end : end + _NEAR])
    return f"{before[0] if before else ''}{text[start:end]}{after[0] if after else ''}"


_HIGH = lazy_regex(r"(?<=\S)(?P<space>[ \u00a0\u202f\u2009]*)(?P<mark>[;!?:»])|«(?P<inner>[ \u00a0\u202f\u2009]*)")
_NO_HIGH_BEFORE = "!?…(«¿¡[:"


def fr_spacing(pair: Pair) -> CheckHit | None:
    """French sets a no-break space before ; : ! ? and inside « »; the European Union before : alone."""
    side = pair.target
    if side.language is not Language.FR or not any(mark in side.prose for mark in ";:!?«»"):
        return None
    return _found(side, list(_french(side, is_union=pair.house.profile is Profile.EU)))


def _french(side: CheckedText, *, is_union: bool) -> Iterator[Edit]:
    text = side.prose
    for found in _HIGH.finditer(text):
        mark, space = found["mark"] or "«", found["space"] if found["mark"] else found["inner"]
        start, end = found.span("space") if found["mark"] else found.span("inner")
        if _is_not_prose(text, found.start("mark") if found["mark"] else end, mark, start):
            continue
        if is_union and mark != ":":
            if space and mark in ";!?«»":
                yield start, end, ""
        elif space not in (_THIN, _FULL):
            yield start, end, _THIN if mark in ";!?" else _FULL


def _is_not_prose(text: str, at: int, mark: str, start: int) -> bool:
    """Marks of another kind: 13:30, 3:1, the end of an entity, a table's rule, the second of "?!", an address."""
    before, after = text[start - 1 : start], text[at + 1 : at + 2]
    if mark == ":":
        return (
            (before.isdigit() and after.isdigit())
            or before in ":|-"
            or (after in ":/\\-" and bool(after))
            or (before == "\ue000" and start > 1 and text[start - 2] == "\ue000" and not text[start:at])
        )
    if mark == ";":
        return re.search(r"&#?\w{1,8}$", text[max(0, start - 10) : start]) is not None
    if mark in "!?":
        return before in _NO_HIGH_BEFORE or (mark == "!" and after == "[")
    if mark == "«":
        return not after and at >= len(text)
    return False


_BEFORE_MARK = lazy_regex(
    r"(?P<space>[ \u00a0\u202f](?<=[\w)\]»”\"’\ue000*].)[ \u00a0\u202f]*)"
    r"(?P<mark>[,;:!?)\]]|\.(?![.\w]))(?![^\s\w]*[()][^\w\s])"
)
_AFTER_OPENING = lazy_regex(r"[(\[¿¡](?P<space>[ \u00a0]+)(?=[\w])")


def space_before_punct(pair: Pair) -> CheckHit | None:
    """A space before a mark that takes none, or after an opening bracket."""
    side = pair.target
    free = ";:!?" if side.language is Language.FR else ""
    edits = [
        (*found.span("space"), "")
        for found in _BEFORE_MARK.finditer(side.prose)
        if found["mark"] not in free and not _is_smiley(side.prose, found.start("mark"))
    ]
    edits += [(*found.span("space"), "") for found in _AFTER_OPENING.finditer(side.prose)]
    return _found(side, edits)


def _is_smiley(text: str, at: int) -> bool:
    return re.match(r"[:;]-?[()D]", text[at : at + 3]) is not None


_PERCENT = lazy_regex(r"(?<=\d)(?P<space>[ \u00a0\u202f\u2009]*)[%‰](?!\w)")


def percent_spacing(pair: Pair) -> CheckHit | None:
    """Spanish and French set a space before %, English none."""
    side = pair.target
    if "%" not in side.prose and "‰" not in side.prose:
        return None
    is_free = side.language is Language.ES and pair.house.profile is Profile.UN  # its documents print 7%
    edits: list[Edit] = []
    for found in _PERCENT.finditer(side.prose):
        if side.language is Language.EN and found["space"]:
            edits.append((*found.span("space"), ""))
        elif side.language is not Language.EN and not found["space"] and not is_free:
            edits.append((*found.span("space"), _FULL))
    return _found(side, edits)


_QUICK_LOOSE = lazy_regex(r" [%‰\d]")
_LOOSE = lazy_regex(
    r"(?<=\d)(?P<unit> )(?=[%‰](?!\w))|(?<=\d)(?P<group> )(?=\d{3}(?!\d))"
    r"|(?<!\w)n[°º]s?(?P<number> )(?=\d)"
)


def nbsp_missing(pair: Pair) -> CheckHit | None:
    """An ordinary space where a line must not break: 100 %, 1 250 000, n° 5. Units are left to the printer."""
    side = pair.target
    if side.language is Language.EN or not (side.has_digits and _QUICK_LOOSE.search(side.prose)):
        return None
    edits: list[Edit] = []
    for found in _LOOSE.finditer(side.prose):
        name = found.lastgroup or "unit"
        if name == "group" and not _is_grouped(side.prose, found.start()):
            continue
        edits.append((*found.span(name), _THIN if name == "group" and side.language is Language.FR else _FULL))
    return _found(side, edits)


def _is_grouped(text: str, at: int) -> bool:
    """Whether a space between digits parts thousands rather than two numbers."""
    before = re.search(r"(?<![\d.,\u00a0\u202f])\d{1,3}(?: \d{3})*$", text[:at])
    is_telephone = re.search(r"\+\d[\d ]*$", text[:at]) or re.match(r" \d{3}(?: \d\d)+(?!\d)", text[at:])
    return before is not None and text[before.start() - 1 : before.start()] != "/" and not is_telephone


_TWO_SPACES = lazy_regex(r"[ \u00a0\u202f]{2}")
_REPEATED_SPACE = lazy_regex(r"(?<=\S)[ \u00a0\u202f]{2,}(?=\S)")


def double_space(pair: Pair) -> CheckHit | None:
    """Two spaces in a row; tables and code keep theirs."""
    side = pair.target
    text = side.text
    if not _TWO_SPACES.search(text) or text.lstrip().startswith(("|", "```", "~~~")):
        return None
    edits = [(*found.span(), _kept(found[0])) for found in _REPEATED_SPACE.finditer(side.prose)]
    return _found(side, edits)


def _kept(spaces: str) -> str:
    return next((space for space in spaces if space != " "), " ")


def edge_space(pair: Pair) -> CheckHit | None:
    """A space at the beginning or the end that the source does not have."""
    source, text = pair.source.text, pair.target.text
    edits: list[Edit] = []
    if text[:1].isspace() and not source[:1].isspace():
        edits.append((0, len(text) - len(text.lstrip()), ""))
    if text[-1:].isspace() and not source[-1:].isspace() and text.strip():
        edits.append((len(text.rstrip()), len(text), ""))
    return _found(pair.target, edits)
