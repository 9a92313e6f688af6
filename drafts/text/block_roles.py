"""Which part of a declaration each paragraph is: told from its first words, its looks and its place.

A declaration runs title, place and date, chapeau, preamble, operative part, closing, annexes. The words that open each
part, without accents, are in `block_roles.json`; what nothing speaks for stays a paragraph.
"""

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import groupby, pairwise
from pathlib import Path

from msgspec import json
from msgspec.structs import replace

from drafts.base.lazy_regex import lazy_regex
from drafts.base.words import without_accents
from drafts.text.blocks import Block, BlockKind, Document, Language
from drafts.text.markup import plain, read_blocks

_WORDS = json.decode(Path(__file__).with_suffix(".json").read_bytes(), type=dict[str, dict[Language, tuple[str, ...]]])
_PLACE_DATE_WORDS, _TITLE_WORDS, _HEADING_WORDS = 16, 30, 12
_FEWEST_CAPITALS = 4
_STOPS = (".", ";", ":", ",")
_BOLD = lazy_regex(r"\*\*(?P<words>(?:(?!\*\*).)+)\*\*")
_LABEL = (
    r"(?P<look>\*{{0,3}})(?P<noun>(?:art(?:iculo|icle)?|punto|point|compromiso|commitment|engagement)\.? )?"
    r"(?:(?P<count>\d{{1,3}})|(?P<word>{ordinals}))(?:\.?[oa]\b|er\b|st\b|[°º])?(?P<sign> ?[.:)–—-]{{0,2}})(?P=look)"
    r"(?P<after> ?[.:)–—-]{{0,2}}) +(?=\S)"
)
_BULLET = lazy_regex(r"(?m)^([^\S\n]*)[•●▪◦·■►➢✓]\s+(?=\S)")
_DASHES = lazy_regex(r"(?m)^(?<![^\W_]\n)(?:[^\S\n]*[–—][^\S\n]+\S.*\n?)+")  # not in a sentence that was broken there
_DASH = lazy_regex(r"(?m)^([^\S\n]*)[–—]")
_ALONE = lazy_regex(r"(?im)^([^\w\n]{0,3}(?:art(?:[íi]culo|icle|\.)|punto|point) (?:\d+|[ivx]+)[^\w\n]{0,4})\n+(?=\w)")
_DATED = lazy_regex(r"[^,]{2,40}, (?:\w+ )?\d{1,2}\w{0,2} .{0,24}\d{4}\.?")  # "Vigo, 20 de mayo de 2027"
_MARKED = lazy_regex(r"^ {0,3}(?:#|\||>|```|~~~)", re.MULTILINE)
_NARROWEST, _WIDEST = 50, 120  # signs of a line at which programs break


def read_declaration(source: str, *, language: Language, new_id: Callable[[], str]) -> Document:
    """The blocks of a first draft in Markdown or plain lines, each with its part. Raises what `read_blocks` does.

    Without Markdown, lines that were ended are paragraphs; typed bullets are lists; "Article 3" alone numbers the next.
    """
    listed = _DASHES.sub(lambda lines: _DASH.sub(r"\1-", lines[0]), _BULLET.sub(r"\1- ", source))
    source = _ALONE.sub(r"\1 ", listed)
    text = source if _MARKED.search(source) else "\n".join(_ended_lines(source.splitlines(), language))
    return classify(read_blocks(text, language=language, new_id=new_id))


def _ended_lines(lines: Sequence[str], language: Language) -> Iterator[str]:
    """The lines, an empty one after each that was ended and not broken: with room for the next word, or by its stop."""
    for is_text, group in groupby(lines, key=lambda line: bool(line.strip())):
        together = list(group)
        longest = max(map(len, together))
        width = max(longest, _NARROWEST) if longest <= _WIDEST else longest * 2
        are_own = is_text and any(_has_room(*pair, width) for pair in pairwise(together))
        yield together[0]
        for line, after in pairwise(together):
            stops = _STOPS if are_own or _is_recital(_folded(after), language) else ";"
            goes_on = after.lstrip(" \t–—")[:1].islower() and not line.rstrip().endswith((".", ";", ":"))
            is_ended = line.rstrip().endswith(stops) or (are_own and _has_room(line, after, width))
            yield from ("", after) if is_ended and not goes_on else (after,)


def _has_room(line: str, after: str, width: int) -> bool:
    return len(line) + len(after.split(maxsplit=1)[0]) < width


def classify(document: Document) -> Document:
    """Give paragraphs at the margin their part: title, heading, place and date, chapeau, preamble, operative, closing.

    Ids and levels stay, and so does every block that has a part already. A title or heading that only its looks tell
    loses them, and paragraphs that are numbered in words or labels from the first on ("Primero.-", "Art. 1") lose
    those for numbers. Other paragraphs outside the preamble become operative only where the text numbers none itself,
    but for the one that opens them with a colon.
    """
    parts = tuple(_parts_in_order(Document(tuple(_without_looks(document)), document.language)))
    if any(block.kind is BlockKind.OPERATIVE for block in parts):
        return Document(parts, document.language)
    return Document(tuple(_operative(parts)), document.language)


def _without_looks(document: Document) -> Iterator[Block]:
    """The blocks, with titles, headings and numbers that only looks or words tell made such."""
    kinds = {block.kind for block in document}
    is_open = True  # before the closing, after which names may stand in capitals
    is_first = True  # but for a place and date
    for block in _numbered(document):
        words = _folded(plain(block.text))
        is_open = is_open and not _opens(words, _WORDS["closing"][document.language])
        kind = _kind_by_looks(block, words, document.language, is_first=is_first) if is_open else None
        is_first = is_first and _is_place_date(words, document.language)
        made = replace(block, kind=kind, level=int(kind is BlockKind.HEADING), text=_without_bold(block.text))
        yield made if kind and kind not in kinds else block


def _kind_by_looks(block: Block, words: str, language: Language, *, is_first: bool) -> BlockKind | None:
    """Title or heading, for a paragraph that looks like one."""
    shown = _without_bold(block.text)
    is_plain = block.kind is BlockKind.PARAGRAPH and not (block.level or shown.endswith(_STOPS))
    if not is_plain or _is_place_date(words, language) or _is_recital(words, language):
        return None
    is_set_off = shown != block.text or (shown.isupper() and sum(map(str.isalpha, shown)) >= _FEWEST_CAPITALS)
    if is_first:
        is_named = re.match(rf"(?:\S+ ){{0,5}}(?:{'|'.join(_WORDS['titles'][language])})\b", words)
        return BlockKind.TITLE if (is_set_off or is_named) and len(words.split()) <= _TITLE_WORDS else None
    return BlockKind.HEADING if is_set_off and len(words.split()) <= _HEADING_WORDS else None


def _without_bold(text: str) -> str:
    return bold["words"] if (bold := _BOLD.fullmatch(text)) else text


def _numbered(document: Document) -> Iterator[Block]:
    """The blocks; paragraphs, two at least, whose words or labels count from one are numbered ones without them."""
    ordinals = _WORDS["ordinals"][document.language]
    label = re.compile(_LABEL.format(ordinals="|".join(ordinals)))
    found = {
        block.id: match
        for block in document
        if block.kind is BlockKind.PARAGRAPH and not block.level and (match := label.match(without_accents(block.text)))
        if match["noun"] or match["sign"].strip() or match["after"].strip()
    }
    counts = [_count(match, ordinals) for match in found.values()]
    if not counts[1:] or counts != list(range(1, len(counts) + 1)):
        found = {}
    for block in document:
        at = found[block.id].end() if block.id in found else 0
        yield replace(block, kind=BlockKind.OPERATIVE, text=block.text[at:]) if at else block


def _count(match: re.Match[str], ordinals: Sequence[str]) -> int:
    word = match["word"]
    return int(match["count"] or next(at for at, words in enumerate(ordinals, 1) if re.fullmatch(words, word)))


def _parts_in_order(document: Document) -> Iterator[Block]:
    """The blocks in order, each with the part that its first words and its place give it."""
    teller = _PartClassifier(document.language, has_closing_from=_last_quarter(document), enacts_at=_enacting(document))
    for index, block in enumerate(document.blocks):
        yield replace(block, kind=teller.kind(block, index))


def _last_quarter(document: Document) -> int:
    annexes = (i for i, block in enumerate(document.blocks) if _is_annex(block, document.language))
    return 3 * next(annexes, len(document.blocks)) // 4


def _enacting(document: Document) -> int:
    """The place of the last line with a colon over numbered paragraphs, headings between them aside; -1 if none is."""
    over = [(at, block) for at, block in enumerate(document.blocks) if block.kind is not BlockKind.HEADING]
    leads = (at for (at, block), (_, under) in pairwise(over) if _is_lead(block) and under.kind is BlockKind.OPERATIVE)
    return max(leads, default=-1)


def _is_lead(block: Block) -> bool:
    return block.kind is BlockKind.PARAGRAPH and not block.level and plain(block.text).rstrip().endswith(":")


class _PartClassifier:
    """Reads a text from the top and knows which part it has reached."""

    def __init__(self, language: Language, *, has_closing_from: int, enacts_at: int) -> None:
        self._language = language
        self._closing_from, self._enacts_at = has_closing_from, enacts_at
        self._is_opening = True  # before the preamble and the operative part
        self._is_preamble = False  # under a heading that says so
        self._has_chapeau = self._has_preamble = self._has_operative = False
        self._lists_recitals = False  # under "Considering:", until the line that enacts
        self._is_annex = False
        self._is_closed = False

    def kind(self, block: Block, index: int) -> BlockKind:
        if block.kind in (BlockKind.HEADING, BlockKind.ANNEX):
            return self._heading(block)
        if block.kind is BlockKind.OPERATIVE and self._lists_recitals and index < self._enacts_at:
            return BlockKind.PREAMBLE
        if block.kind is BlockKind.OPERATIVE:
            self._has_operative = True
            self._is_opening = self._is_preamble = False
        if block.kind is not BlockKind.PARAGRAPH or block.level or self._is_annex:
            return block.kind
        return self._paragraph(_folded(plain(block.text)), index)

    def _heading(self, block: Block) -> BlockKind:
        is_annex = _is_annex(block, self._language)
        self._is_annex = self._is_annex or is_annex
        self._is_preamble = _opens(_folded(plain(block.text)), _WORDS["preamble_headings"][self._language])
        self._is_opening = self._is_opening and self._is_preamble
        return BlockKind.ANNEX if is_annex else block.kind

    def _paragraph(self, words: str, index: int) -> BlockKind:
        if index == self._enacts_at and not _is_recital(words, self._language):
            self._is_opening = self._is_preamble = False
            return BlockKind.PARAGRAPH
        is_place_date = _is_place_date(words, self._language)
        closes = _opens(words, _WORDS["closing"][self._language]) or (is_place_date and _DATED.fullmatch(words))
        if self._is_closed or (index >= self._closing_from and not self._is_opening and closes):
            self._is_closed = True
            return BlockKind.CLOSING
        is_chapeau = _opens(words, _WORDS["chapeau"][self._language]) and not self._is_past_chapeau(words)
        is_chapeau = is_chapeau or (self._has_chapeau and not self._has_preamble and is_place_date)
        if self._is_opening and is_place_date and not (self._has_preamble or is_chapeau):
            return BlockKind.PLACE_DATE
        is_further = self._has_preamble and words.endswith((";", ","))  # "Whereas:", and "A. …;" under it
        if not self._has_operative and (is_further or _is_recital(words, self._language)):
            self._has_preamble, self._lists_recitals = True, words.endswith(":")
            return BlockKind.PREAMBLE
        if self._is_opening and is_chapeau:
            self._has_chapeau = True
            return BlockKind.CHAPEAU
        self._is_opening = self._is_opening and self._is_preamble
        return BlockKind.PREAMBLE if self._is_preamble else BlockKind.PARAGRAPH

    def _is_past_chapeau(self, words: str) -> bool:
        """A chapeau names its authors between commas or leaves its sentence open; "We commit to …." is a commitment."""
        names_authors = words.split(" ", 1)[0].endswith(",")
        return self._is_preamble or (words.endswith((".", ";")) and not names_authors)


def _operative(blocks: Sequence[Block]) -> Iterator[Block]:
    """Paragraphs of the body as operative ones, for a text that numbers none itself; an annex keeps its own."""
    is_body, has_begun = True, False
    for block, after in zip(blocks, (*blocks[1:], None), strict=True):
        is_body = is_body and block.kind is not BlockKind.ANNEX
        is_operative = is_body and block.kind is BlockKind.PARAGRAPH and block.level == 0
        has_more = after is not None and after.kind is BlockKind.PARAGRAPH and not after.level
        is_lead = has_more and not has_begun and _is_lead(block)
        has_begun = has_begun or is_operative
        yield replace(block, kind=BlockKind.OPERATIVE) if is_operative and not is_lead else block


def _is_annex(block: Block, language: Language) -> bool:
    is_heading = block.kind in (BlockKind.HEADING, BlockKind.ANNEX)
    return is_heading and _opens(_folded(plain(block.text)), _WORDS["annex"][language])


def _is_recital(words: str, language: Language) -> bool:
    before = "|".join(map(re.escape, _WORDS["before_participle"][language]))
    return _opens(re.sub(rf"^(?:{before}),? ", "", words), _WORDS["participles"][language])


def _is_place_date(words: str, language: Language) -> bool:
    if len(words.split()) > _PLACE_DATE_WORDS or not re.search(r"\b\d{4}\b", words):
        return False
    return re.search(rf"\b(?:{'|'.join(_WORDS['months'][language])})\b", words) is not None


def _opens(words: str, openings: Iterable[str]) -> bool:
    return any(re.match(rf"{opening}(?![^\W_])", words) for opening in openings)


def _folded(text: str) -> str:
    """Lower case, no accents, straight apostrophes, no mark or number in front: how the lexicon is written."""
    return re.sub(r"^[\W\d_]+", "", " ".join(without_accents(text).replace("’", "'").split()))
