"""What must pass through a translation unchanged: addresses, symbols, placeholders, marks, footnotes, enumerators."""

import re
from collections import Counter
from collections.abc import Callable, Iterable, Sequence

from drafts.base.lazy_regex import lazy_regex
from drafts.checks.checked_text import CheckedText, ComparedItem
from drafts.checks.number_words import ORDINALS
from drafts.checks.values import CheckHit, Pair
from drafts.text import markdown_parser
from drafts.text.blocks import Language

_TAG = r"(?:en|es|fr|eng|spa|fra|fre|sp)(?:[-_][a-z]{2,3})?"
_LANGUAGE_SEGMENT = lazy_regex(rf"(?<=/){_TAG}(?=/|$)|[-_.]{_TAG}(?=[./?#]|$)|(?<=[?&])(?:lang|hl|locale|l)=[\w-]*&?")
_LANGUAGE_HOST = lazy_regex(rf"^(https?://)?(?:www\.)?{_TAG}\.(?=[\w-]+\.)")


def url_mismatch(pair: Pair) -> CheckHit | None:
    """Addresses that only one side has; the language they lead to is no difference."""
    if not (pair.source.pieces or pair.target.pieces):
        return None
    ours, theirs = _addresses(pair.source), _addresses(pair.target)
    if _targets(pair.source) and len(_targets(pair.source)) == len(_targets(pair.target)):
        ours, theirs = [*ours, *_linked(pair.source)], [*theirs, *_linked(pair.target)]
    if not (ours or theirs):
        return None
    return _differing(ours, theirs, key=_address)


def _addresses(side: CheckedText) -> list[ComparedItem]:
    found = [*side.of_kind("url", "mail")]
    linked = " ".join(piece.text for piece in side.of_kind("link"))
    return [piece for piece in found if piece.text not in linked]


def _targets(side: CheckedText) -> list[ComparedItem]:
    return [*side.of_kind("link")]


def _linked(side: CheckedText) -> list[ComparedItem]:
    """The addresses that links lead to."""
    pieces = [(piece, re.match(r"\]\(<?([^\s<>)]+)", piece.text)) for piece in _targets(side)]
    return [
        ComparedItem("url", found[1], piece.start, piece.end)
        for piece, found in pieces
        if found and re.match(r"https?:|mailto:|www\.", found[1])
    ]


def _address(text: str) -> str:
    bare = text.lower().removeprefix("mailto:").strip("<>")
    without_host = _LANGUAGE_HOST.sub(r"\1", bare)
    if without_host != bare and not bare.startswith(("http://www.", "https://www.", "www.")):
        return re.sub(r"^https?://", "", without_host).split("/")[0]
    bare = re.sub(r"^(?:https?://)?(?:www\.)?", "", bare)
    return re.sub(r"/{2,}", "/", _LANGUAGE_SEGMENT.sub("", bare)).rstrip("/?#&")


def ref_mismatch(pair: Pair) -> CheckHit | None:
    """Document symbols, and references to other paragraphs, that only one side has."""
    return refs_differ(pair.source, pair.target)


def refs_differ(source: CheckedText, target: CheckedText) -> CheckHit | None:
    ours, theirs = source.of_kind("symbol", "reference"), target.of_kind("symbol", "reference")
    if not (ours or theirs):
        return None
    return _differing(
        [compared_item for compared_item in ours if not _stands(compared_item, target)],
        [compared_item for compared_item in theirs if not _stands(compared_item, source)],
        key=_symbol,
    )


def _stands(piece: ComparedItem, other: CheckedText) -> bool:
    """Whether a symbol stands in the other text in whatever form: "GA/70/1" inside a link's words."""
    return piece.kind == "symbol" and re.search(rf"(?<![\w/]){re.escape(piece.text)}(?![\w/])", other.text) is not None


_UNION = {"UE": "EU", "CE": "EC", "CEE": "EEC"}


def _symbol(text: str) -> str:
    return re.sub(r"UE|CEE?(?!\w)", lambda found: _UNION[found[0]], re.sub(r"\s", "", text))


def _differing(
    ours: Sequence[ComparedItem], theirs: Sequence[ComparedItem], *, key: Callable[[str], str]
) -> CheckHit | None:
    mine, others = Counter(key(piece.text) for piece in ours), Counter(key(piece.text) for piece in theirs)
    lost = [piece for piece in ours if mine[key(piece.text)] and not others[key(piece.text)]]
    added = [piece for piece in theirs if others[key(piece.text)] and not mine[key(piece.text)]]
    if not (lost or added):
        return None
    spans = tuple((piece.start, piece.end) for piece in added)
    return CheckHit(tuple(piece.text for piece in lost), tuple(piece.text for piece in added), spans)


def placeholder_mismatch(pair: Pair) -> CheckHit | None:
    """Places that a program or a person fills in later."""
    ours, theirs = pair.source.of_kind("placeholder"), pair.target.of_kind("placeholder")
    return _counted(ours, theirs) if ours or theirs else None


def footnote_mismatch(pair: Pair) -> CheckHit | None:
    """Footnote references whose labels differ, or that stand in a different number."""
    ours, theirs = _notes(pair.source), _notes(pair.target)
    return _counted(ours, theirs) if ours or theirs else None


_RAISED = lazy_regex(
    r"(?<=[^\W\d_][.,;:)»”\"'’])[\u00b9\u00b2\u00b3\u2070-\u2079]+|(?<=[^\W\d_]{3})[\u00b9\u00b2\u00b3\u2070-\u2079]+"
)


_ANY_RAISED = lazy_regex(r"[\u00b9\u00b2\u00b3\u2070-\u2079]")


def _notes(side: CheckedText) -> list[ComparedItem]:
    if not _ANY_RAISED.search(side.text):
        return [*side.of_kind("footnote")]
    raised = [ComparedItem("raised", found[0], *found.span()) for found in _RAISED.finditer(side.text)]
    return [*side.of_kind("footnote"), *raised]


def _counted(ours: Iterable[ComparedItem], theirs: Iterable[ComparedItem]) -> CheckHit | None:
    """The same as many times, in whatever order."""
    mine = Counter(re.sub(r"\s", "", piece.text).rstrip(":") for piece in ours)
    others = Counter(re.sub(r"\s", "", piece.text).rstrip(":") for piece in theirs)
    if mine == others:
        return None
    spans = tuple((piece.start, piece.end) for piece in theirs if piece.text.rstrip(":") not in mine)
    return CheckHit(tuple((mine - others).elements()), tuple((others - mine).elements()), spans)


def md_link_mismatch(pair: Pair) -> CheckHit | None:
    """Links that one side lacks, or that lead elsewhere inside the text."""
    ours, theirs = _targets(pair.source), _targets(pair.target)
    if not (ours or theirs):
        return None
    if len(ours) != len(theirs):
        return CheckHit(tuple(map(_target, ours)), tuple(map(_target, theirs)), tuple((p.start, p.end) for p in theirs))
    inner = [
        Counter(_target(p) for p in side if not re.match(r"https?:|mailto:|www\.", _target(p)))
        for side in (ours, theirs)
    ]
    lost, added = inner[0] - inner[1], inner[1] - inner[0]
    same = Counter(_address(target) for target in inner[0]) == Counter(_address(target) for target in inner[1])
    return CheckHit(tuple(lost), tuple(added)) if (lost or added) and not same else None


def _target(piece: ComparedItem) -> str:
    return piece.text[2:-1].strip("<>").split(" ")[0]


_MARKED, _OPENED = lazy_regex(r"[*_~`|]"), lazy_regex(r"\s*(?:#{1,6}|[-+•>])\s")
_INLINE_MARK = lazy_regex(r"[*_~`]")
_OPENING = lazy_regex(r"\s*(#{1,6}|[-+•](?=\s)|>)\s*")


def md_syntax_mismatch(pair: Pair) -> CheckHit | None:
    """Emphasis, code, headings, lists and tables that are marked on one side only, or marked wrongly."""
    if not any(_MARKED.search(side.text) or _OPENED.match(side.text) for side in (pair.source, pair.target)):
        return None
    ours, theirs = _syntax(pair.source), _syntax(pair.target)
    if ours == theirs:
        return None
    lost, added = ours - theirs, theirs - ours
    if _is_only_italics(pair, lost, added):
        return None
    return CheckHit(tuple(sorted(lost)), tuple(sorted(added)))


def _syntax(side: CheckedText) -> Counter[str]:
    text = side.text
    found: Counter[str] = Counter()
    opening = _OPENING.match(text)
    if opening:
        found["-" if opening[1] in "-+•" else opening[1]] += 1
        text = text[opening.end() :]
    if _INLINE_MARK.search(text):
        for token in markdown_parser.inline(text):
            if token.type in ("strong_open", "em_open", "s_open"):
                found[{"strong_open": "**", "em_open": "*", "s_open": "~~"}[token.type]] += 1
            elif token.type == "code_inline":
                found["`"] += 1
            elif token.type == "text":
                found.update(
                    {f"lone {mark}": count for mark in ("**", "~~", "`") if (count := token.content.count(mark))}
                )
                found.update({f"lone {mark}": 1 for mark in "*_" if _is_lone(mark, token.content)})
    if text.lstrip().startswith("|"):
        found["|"] += text.count("|")
    return found


def _is_lone(mark: str, text: str) -> bool:
    bare = text.replace(mark * 2, "")
    return re.search(rf"(?:^|[\s(«“])\{mark}(?=\w)|(?<=\w)\{mark}(?=[\s.,;:)»”]|$)", bare) is not None


_ITALIC = lazy_regex(r"(?<![*\w])\*([^*\n]{1,60})\*(?![*\w])|(?<![_\w])_([^_\n]{1,60})_(?![_\w])")


def _is_only_italics(pair: Pair, lost: Counter[str], added: Counter[str]) -> bool:
    """Foreign words are set in italics by one language and not by another: *ad hoc*, *de facto*."""
    if set(lost) | set(added) != {"*"}:
        return False
    (fuller, sparser) = (pair.source, pair.target) if lost else (pair.target, pair.source)
    phrases = [(found[1] or found[2]).lower() for found in _ITALIC.finditer(fuller.text)]
    plain = [phrase for phrase in phrases if phrase in sparser.text.lower()]
    return len(plain) >= sum((lost + added).values())


_INLINE = lazy_regex(r"(?<![^\W\d_])(?P<open>\()?(?<![\w(]\()(?P<value>[a-z]|[ivx]{2,5})\)(?=[\s\ue000.,;:]|$)")


def enumerator_mismatch(pair: Pair) -> CheckHit | None:
    """Letters and numbers of lists: other ones, or written as another language does."""
    ours, theirs = _enumerators(pair.source), _enumerators(pair.target)
    if not (ours or theirs):
        return None
    if [value for value, _, _ in ours] != [value for value, _, _ in theirs]:
        if _is_spelled(pair.source, pair.target) or _is_spelled(pair.target, pair.source):
            return None
        if Counter(value for value, _, _ in ours) != Counter(value for value, _, _ in theirs):
            return CheckHit(
                tuple(text for _, text, _ in ours),
                tuple(text for _, text, _ in theirs),
                tuple((at, at + len(text)) for _, text, at in theirs),
            )
    wrong = [
        (text, at) for value, text, at in theirs if not value.isdecimal() and _is_foreign(text, pair.target.language)
    ]
    if not wrong:
        return None
    return CheckHit(
        (), tuple(text for text, _ in wrong), tuple((at, at + len(text)) for text, at in wrong), _mended(pair, wrong)
    )


def _enumerators(side: CheckedText) -> list[tuple[str, str, int]]:
    """The value, the text and the place of each."""
    found: list[tuple[str, str, int]] = []
    opening = side.enumerator
    if opening:
        value = opening["value"] or opening["number"] or opening["letter"]
        found.append((value, opening["all"], opening.start("all")))
    if ")" in side.body:
        found += [(match["value"], match[0], match.start()) for match in _INLINE.finditer(side.body)]
    return found


def _is_foreign(text: str, language: Language) -> bool:
    return text.endswith(")") and text.startswith("(") is not (language is Language.EN)


def _mended(pair: Pair, wrong: Sequence[tuple[str, int]]) -> str:
    text = pair.target.text
    for mark, at in sorted(wrong, key=lambda item: -item[1]):
        mended = f"({mark}" if pair.target.language is Language.EN else mark[1:]
        text = text[:at] + mended + text[at + len(mark) :]
    return text


def _is_spelled(numbered: CheckedText, other: CheckedText) -> bool:
    """A numbered paragraph may open with an ordinal in words: "Primero."."""
    opening = numbered.enumerator
    first = other.lower_words[:1]
    if not opening or not first or other.enumerator:
        return False
    value = opening["value"] or opening["number"] or ""
    return value.isdecimal() and ORDINALS[other.language].get(first[0]) == int(value)
