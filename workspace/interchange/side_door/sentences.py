"""The sentences of a language's table as regular expressions over text with signs."""

import re
from collections.abc import Sequence
from functools import cache
from itertools import pairwise

from msgspec import Struct

from workspace.interchange.side_door.rules import TABLES, around
from workspace.interchange.side_door.rules.table import Kind, Table
from workspace.interchange.side_door.signs import ANY, PLACE, QUOTE, VERB

_SIGNS = ANY[1:-1]
_QUOTES = QUOTE[1:-1]
_VERBS = ("replace", "delete", "insert", "add", "move")
_APART = r"[ ,:;()–—\-]*"
_LAZY = 70  # characters that a sentence may hold between its parts
_LONGEST_BARE = 600  # characters of words of the text that nobody quoted
_BECAUSE = r"because|since|so that|in order to|porque|ya que|puesto que|dado que|car|parce que|puisque|afin de"
_GROUPS = {"OLD": "old", "NEW": "new", "MARK": "mark", "TO": "to"}


class Pattern(Struct, frozen=True):
    """One sentence of a table."""

    kind: Kind
    table: Table
    rank: int
    expression: re.Pattern[str]


@cache
def patterns() -> Sequence[Pattern]:
    """The sentences of every language, in the order of their tables."""
    return tuple(
        Pattern(kind, table, rank, re.compile(_expression(sentence, table)))
        for table in TABLES
        for rank, (kind, sentence) in enumerate(table.requests)
    )


def with_verbs(text: str, small: str) -> str:
    """`text` with a sign before each word that asks for something; `small` is the same text folded."""
    found = [match.start() for match in _verbs().finditer(small)]
    cuts = [0, *found, len(text)]
    return VERB.join(text[start:end] for start, end in pairwise(cuts)) if found else text


@cache
def _verbs() -> re.Pattern[str]:
    words = "|".join(table.words[name] for table in TABLES for name in _VERBS)
    return re.compile(rf"(?<![^\W_])(?:{words})(?![^\W_])")


def _expression(sentence: str, table: Table) -> str:
    """The parts with commas and colons between them; a gap belongs to what follows it."""
    made, gap = "", ""
    for at, part in enumerate(parts := sentence.split()):
        is_gap = part in {"~", "_"}
        if is_gap and not _may_be_bare(parts[at - 1]):
            gap = _gap(part)
        elif not is_gap:
            written = _part(part, table, parts[at + 1 : at + 2], last=at == len(parts) - 1)
            made += f"{_APART if made else ''}{gap}{written}"
            gap = ""
    return made


def _may_be_bare(part: str) -> bool:
    return part in _GROUPS


def _part(token: str, table: Table, following: Sequence[str], *, last: bool) -> str:  # noqa: C901, PLR0911 - one for each sign
    bare = token.strip("'")
    match bare:
        case "OLD" | "NEW" | "MARK" | "TO":
            gap = _gap(following[0]) if following and following[0] in {"~", "_"} else ""
            return _operand(_GROUPS[bare], gap, is_quoted=bare != token, is_last=last or following == ["END"])
        case "PLACE":
            return rf"(?P<place>{PLACE})"
        case "TOPLACE":
            return rf"(?P<toplace>{PLACE})"
        case "TEXT":
            return _whole(table, is_quoted=bare != token)
        case "LOOSE":
            return rf"(?P<text>[^{_SIGNS}\n:]{{12,}}?)(?=\n|$)"
        case "END":
            return _end()
        case "LEADS":
            return rf"(?:(?:{around('leads')})\b[ ]*)?"
        case "WHOLETEXT":
            return rf"(?:[:–—-][ ]*\n{{0,2}}[ ]*(?P<text>{QUOTE})[ .]*(?=\n|$)|(?::[ ]*\n{{0,2}}|\n)[ ]*{_bare_text()})"
        case "STOP":
            return r"[ .;\n]*"
        case "#OLD" | "#NEW":
            return _number(bare.removeprefix("#").lower())
        case _ if token.startswith("{"):
            return _words(token, table)
        case _:
            return rf"\b{token}\b" if token.isalpha() else token


def _number(group: str) -> str:
    """Words of the text by quotation, or a number as it is: a year, a share."""
    number = (
        r"(?<![\w.,])\d{1,3}(?:[., \u00a0\u202f]\d{3})+(?!\w)|(?<![\w.,])\d+(?:[.,]\d+)?(?:[ \u00a0\u202f]?%)?(?!\w)"
    )
    return rf"(?:(?P<{group}>{QUOTE})|(?P<bare_{group}>{number}))"


def _end() -> str:
    in_place = rf",?[ ]*(?:{around('in_')})\b(?: the| la| el| le)?[ ]*{PLACE}"
    return rf"(?=[ ]*(?:[.;!?]|\n|$|{in_place}|,?[ ]*(?:{_BECAUSE})\b|[ ]*\([^()]{{0,20}}{PLACE}))"


def _gap(token: str) -> str:
    signs = _QUOTES if token == "~" else _SIGNS  # noqa: S105 - a sign of the tables
    return rf"[^{signs}{VERB}.;\n]{{0,{_LAZY}}}?"


def _words(token: str, table: Table) -> str:
    name = token.strip("{}?")
    found = table.words[name].replace(" ", f" {VERB}?")
    bounded = f"(?:{found})" if name == "arrow" else rf"(?<![^\W_])(?:{found})(?![^\W_])"
    return rf"(?:{VERB}?{bounded})?" if token.endswith("?") else rf"{VERB}?{bounded}"


def _operand(group: str, gap: str, *, is_quoted: bool, is_last: bool) -> str:
    """Words of the text. Quoted ones may have others after them; bare ones reach up to what comes next."""
    if is_quoted:
        return rf"(?P<{group}>{QUOTE})"
    inside = rf"[^{_SIGNS}{VERB}\n;:.]{{0,{_LONGEST_BARE}}}?"
    written = rf"(?P<bare_{group}>(?<![^\W_])\w(?:{inside}[^\W_])??)"
    bare = rf"{_APART}(?:(?:{around('leads')})\b[ ]*)?{written}(?![^\W_])"
    if is_last:
        bare += rf"[^\w{_SIGNS}\n.;]*?{_end()}"
    return rf"(?:(?P<{group}>{QUOTE}){gap}|{bare})"


def _whole(table: Table, *, is_quoted: bool) -> str:
    """A paragraph: quoted, or what stands after a colon to the end of the paragraph, or the next one."""
    lead = r"[ ]*[:–—\-]?[ ]*\n{0,2}[ ]*"
    quoted = rf"{lead}(?P<text>{QUOTE})(?![ ,]*{_words('{instead}', table)})"
    if is_quoted:
        return quoted
    return rf"(?:{quoted}|[ ]*(?::|\n|[–—])[ ]*\n{{0,2}}[ ]*{_bare_text()})"


def _bare_text() -> str:
    end = rf"\n\n|\n[ ]*(?:[\-•*–—][ ]|{PLACE}|{VERB}|(?:{around('reasons')})[ ]*:)|$"
    return rf"(?P<bare_text>(?!{VERB})(?:(?!{end})[^{_SIGNS}])+)"
