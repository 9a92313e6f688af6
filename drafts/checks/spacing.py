"""Spaces where a language wants them, none where it does not, and no-break ones in between."""

import re
from collections.abc import Iterator, Sequence

from drafts.blocks import Language
from drafts.checks.sides import Side
from drafts.checks.values import Found, Pair, Profile
from drafts.patterns import expression

_THIN, _FULL = "\u202f", "\u00a0"
_SPACES = " \u00a0\u202f\u2009"
Edit = tuple[int, int, str]


def _found(side: Side, edits: Sequence[Edit]) -> Found | None:
    """What is wrong at each place, and the text with all of it mended."""
    if not edits:
        return None
    text = side.text
    for start, end, mended in sorted(edits, reverse=True):
        text = text[:start] + mended + text[end:]
    shown = tuple(_around(side.text, start, end) for start, end, _ in edits)
    return Found((), shown, tuple((start, end) for start, end, _ in edits), text)


_NEAR = 40  # characters on either side of a place


def _around(text: str, start: int, end: int) -> str:
    """A place with the words that it stands between."""
    before = re.search(r"\S*\s?\S*$", text[max(0, start - _NEAR) : start])
    after = re.match(r"\s?\S*", text[end : end + _NEAR])
    return f"{before[0] if before else ''}{text[start:end]}{after[0] if after else ''}"


_HIGH = expression(r"(?<=\S)(?P<space>[ \u00a0\u202f\u2009]*)(?P<mark>[;!?:»])|«(?P<inner>[ \u00a0\u202f\u2009]*)")
_NO_HIGH_BEFORE = "!?…(«¿¡[:"


def fr_spacing(pair: Pair) -> Found | None:
    """French sets a no-break space before ; : ! ? and inside « »; the European Union before : alone."""
    side = pair.target
    if side.language is not Language.FR or not any(mark in side.prose for mark in ";:!?«»"):
        return None
    return _found(side, list(_french(side, is_union=pair.house.profile is Profile.EU)))


def _french(side: Side, *, is_union: bool) -> Iterator[Edit]:
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


_BEFORE_MARK = expression(
    r"(?<=[\w)\]»”\"’\ue000*])(?P<space>[ \u00a0\u202f]+)(?P<mark>[,;:!?)\]]|\.(?![.\w]))(?![^\s\w]*[()][^\w\s])"
)
_AFTER_OPENING = expression(r"[(\[¿¡](?P<space>[ \u00a0]+)(?=[\w])")


def space_before_punct(pair: Pair) -> Found | None:
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


_PERCENT = expression(r"(?<=\d)(?P<space>[ \u00a0\u202f\u2009]*)[%‰](?!\w)")


def percent_spacing(pair: Pair) -> Found | None:
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


_LOOSE = expression(
    r"(?<=\d)(?P<unit> )(?=[%‰](?!\w))|(?<=\d)(?P<group> )(?=\d{3}(?!\d))"
    r"|(?<!\w)n[°º]s?(?P<number> )(?=\d)"
)


def nbsp_missing(pair: Pair) -> Found | None:
    """An ordinary space where a line must not break: 100 %, 1 250 000, n° 5. Units are left to the printer."""
    side = pair.target
    if side.language is Language.EN or not side.has_digits:
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


_DOUBLE = expression(r"(?<=\S)[ \u00a0\u202f]{2,}(?=\S)")


def double_space(pair: Pair) -> Found | None:
    """Two spaces in a row; tables and code keep theirs."""
    side = pair.target
    text = side.text
    if not re.search(r"[ \u00a0\u202f]{2}", text) or text.lstrip().startswith(("|", "```", "~~~")):
        return None
    edits = [(*found.span(), _kept(found[0])) for found in _DOUBLE.finditer(side.prose)]
    return _found(side, edits)


def _kept(spaces: str) -> str:
    return next((space for space in spaces if space != " "), " ")


def edge_space(pair: Pair) -> Found | None:
    """A space at the beginning or the end that the source does not have."""
    source, text = pair.source.text, pair.target.text
    edits: list[Edit] = []
    if text[:1].isspace() and not source[:1].isspace():
        edits.append((0, len(text) - len(text.lstrip()), ""))
    if text[-1:].isspace() and not source[-1:].isspace() and text.strip():
        edits.append((len(text.rstrip()), len(text), ""))
    return _found(pair.target, edits)
