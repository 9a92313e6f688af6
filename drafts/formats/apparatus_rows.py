"""What stands around an adopted text, as rows that every form prints like those of the text itself.

Reservations follow the paragraph they name, signatories and what concerns the whole text
follow the closing clause, annexes come last. A row made here never belongs to the adopted text (`Part`).
"""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import lru_cache
from itertools import count, zip_longest
from typing import Final

from msgspec import Struct
from msgspec.structs import replace

from drafts.base.words import without_accents
from drafts.formats.apparatus import Annex, AnnexLine, Origin, Position, Renumbered, Reservation, Said, Signatory
from drafts.formats.assembly import EditionRow, EditionText, EditionWording, RowPart, once
from drafts.formats.labels import literal, literal_lines, long_date
from drafts.render.wording import wording
from drafts.text.blocks import HARD_BREAK, Block, BlockKind, Language, content_hash
from drafts.text.markup import read_blocks
from drafts.text.numbering import label, numbers, printed


class AddedWords(Struct, frozen=True):
    """Labels of one language. Sentences hold {named} places."""

    signatories: str
    reservations: str
    by: Mapping[Position, str]
    by_on: Mapping[Position, str]  # the same about one paragraph
    original: str
    languages: Mapping[str, str]
    annex: str
    renumbered: str
    old_number: str
    new_number: str
    is_new: str
    is_gone: str
    origin: str
    provenance: str
    recommendation: str
    since_first: str
    adopted: str  # this, the two below and `edited` are marked, as `workspace.core.instruments` says
    amendment: str
    amendment_by: str
    edited: str
    decision: str
    version: str
    promoter: str
    members: str


ADDED_WORDS = wording("apparatus", AddedWords)


_INSIDE: Final = frozenset({BlockKind.ITEM, BlockKind.BULLET, BlockKind.TABLE, BlockKind.QUOTATION, BlockKind.CODE})
_LIGATURES: Final = str.maketrans({"œ": "oe", "æ": "ae", "ß": "ss", "ø": "o", "ł": "l", "đ": "d"})


def with_margin_rows(text: EditionText, rows: Iterable[EditionRow]) -> Iterator[EditionRow]:
    """Yield the rows with what is printed beside each: where it came from right under it, a reservation after a
    paragraph and all that belongs to it.
    """
    notes: list[EditionRow] = []
    about = _beside(text)
    origins = {origin.block: _origin(origin) for origin in text.apparatus.origins}
    for row in rows:
        if not _belongs_above(row):
            yield from notes
            notes = []
        yield row
        if row.id in origins:
            yield origins[row.id]
        notes += about.get(row.id, [])
    yield from notes


@once
def signatory_rows(text: EditionText) -> tuple[EditionRow, ...]:
    """What follows the closing clause: signatories, then reservations about the whole text."""
    apparatus = text.apparatus
    found: list[EditionRow] = []
    if apparatus.signatories:
        found.append(_heading("signatories", lambda language: ADDED_WORDS[language].signatories))
        found += _signatories(apparatus.signatories, text.leading)
    whole = [reservation for reservation in apparatus.reservations if not _place(text, reservation)]
    if whole:
        found.append(_heading("reservations", lambda language: ADDED_WORDS[language].reservations))
        found += [row for reservation in whole for row in _reservation(reservation, "")]
    return tuple(found)


@once
def annex_rows(text: EditionText) -> tuple[EditionRow, ...]:
    """The annexes that the text does not bring itself, counted on after its own; the table of numbers is the last."""
    own = sum(row.kind is BlockKind.ANNEX for row in text.rows)
    found: list[EditionRow] = []
    for number, annex in enumerate(text.apparatus.annexes, own + 1):
        found += _annex(annex, number)
    if text.apparatus.renumbered:
        number = own + len(text.apparatus.annexes) + 1
        found.append(_annex_heading("renumbered", number, lambda language: ADDED_WORDS[language].renumbered))
        found.append(
            _row("renumbered-table", BlockKind.TABLE, lambda language: _numbers(text.apparatus.renumbered, language))
        )
    return tuple(found)


@once
def every_added_row(text: EditionText) -> tuple[EditionRow, ...]:
    """All rows that are printed around the text, in their order."""
    beside = tuple(row for row in with_margin_rows(text, text.rows) if row.part is not RowPart.TEXT)
    return (*beside, *signatory_rows(text), *annex_rows(text))


@lru_cache(maxsize=1_024)
def collated(words: str, language: Language) -> tuple[str, str]:
    """What orders names as a dictionary of the language does: accents apart, in Spanish ñ after n."""
    folded = words.casefold().translate(_LIGATURES)
    if language is Language.ES:
        folded = folded.replace("ñ", "n\U0010ffff")
    bare = without_accents(folded)
    letters = "".join(sign if sign.isalnum() or sign == "\U0010ffff" else " " for sign in bare)
    return " ".join(letters.split()), folded


def said_in(said: Said, language: Language) -> tuple[str, str]:
    """The words in a language; where they are missing, those of another one and its tag."""
    if words := said.get(language, ""):
        return words, ""
    return next(((words, other.value) for other in Language if (words := said.get(other, ""))), ("", ""))


# Beside a paragraph


def _belongs_above(row: EditionRow) -> bool:
    return row.kind in _INSIDE or (row.kind is BlockKind.PARAGRAPH and row.level > 0)


def _place(text: EditionText, reservation: Reservation) -> EditionRow | None:
    """The row that a reservation names; nothing where it names the whole text, or what is no longer there."""
    return next((row for row in text.rows if row.id == reservation.block), None) if reservation.block else None


def _beside(text: EditionText) -> Mapping[str, list[EditionRow]]:
    found: dict[str, list[EditionRow]] = {}
    for reservation in text.apparatus.reservations:
        if row := _place(text, reservation):
            found.setdefault(row.id, []).extend(_reservation(reservation, row.number))
    return found


def _reservation(reservation: Reservation, number: str) -> list[EditionRow]:
    def head(language: Language) -> str:
        words = ADDED_WORDS[language]
        template = words.by_on[reservation.position] if number else words.by[reservation.position]
        name = said_in(reservation.organisation, language)[0]
        made = template.format(organisation=name, number=printed(number, language) if number else "")
        of = said_in(reservation.text, language)[1]
        source = f" ({words.original.format(language=words.languages[of])})" if of else ""
        return f"**{literal(made)}**{literal(source)}"

    def words(language: Language) -> EditionWording:
        said, of = said_in(reservation.text, language)
        return _wording(literal_lines(said), of)

    name, cells = f"reservation-{reservation.id}", {language: words(language) for language in Language}
    return [
        _row(name, BlockKind.QUOTATION, head, RowPart.RESERVATION),
        EditionRow(f"{name}-text", BlockKind.QUOTATION, 0, "", cells, RowPart.RESERVATION),
    ]


def _origin(origin: Origin) -> EditionRow:
    def words(language: Language) -> str:
        lines = [said_in(line, language)[0] for line in origin.lines]
        return HARD_BREAK.join([f"**{ADDED_WORDS[language].origin}**", *lines])

    return _row(f"origin-{origin.block}", BlockKind.QUOTATION, words, RowPart.ORIGIN)


# After the closing clause


def _signatories(signatories: Sequence[Signatory], leading: Language | None) -> Iterator[EditionRow]:
    """One row for each place in the list: every language has its own alphabet, unless one leads."""
    ordered = {
        language: sorted(signatories, key=lambda signatory: _signing_order(signatory, leading or language))
        for language in Language
    }
    for place in range(len(signatories)):
        cells = {language: _wording(_signatory(ordered[language][place], language)) for language in Language}
        yield EditionRow(f"signatory-{place + 1}", BlockKind.PARAGRAPH, 0, "", cells, RowPart.SIGNATORY)


def _signing_order(signatory: Signatory, language: Language) -> tuple[tuple[str, str], tuple[str, str]]:
    return collated(said_in(signatory.organisation, language)[0], language), collated(signatory.person, language)


def _signatory(signatory: Signatory, language: Language) -> str:
    details = [
        f"**{literal(said_in(signatory.organisation, language)[0])}**",
        literal(signatory.person),
        literal(said_in(signatory.capacity, language)[0]),
        long_date(signatory.signed_on, language) if signatory.signed_on else "",
    ]
    return HARD_BREAK.join(line for line in details if line)


# Annexes


def _annex(annex: Annex, number: int) -> Iterator[EditionRow]:
    name = f"annex-{annex.id}"
    yield _annex_heading(name, number, lambda language: said_in(annex.title, language)[0])
    for place, line in enumerate(annex.lines, 1):
        cells = {language: _annex_wording(line, language) for language in Language}
        yield EditionRow(f"{name}-{place}", line.kind, line.level, "", cells, RowPart.BACK)


def _annex_wording(line: AnnexLine, language: Language) -> EditionWording:
    if line.language:
        words = f"{next(iter(line.texts.values()), '')} {literal(f'[{line.language.upper()}]')}"
        return _wording(words, line.language if line.language != language else "")
    return _wording(line.texts.get(language, ""))


def _annex_heading(name: str, number: int, title: Callable[[Language], str]) -> EditionRow:
    def words(language: Language) -> str:
        return literal(ADDED_WORDS[language].annex.format(number=number, title=title(language)))

    return _row(name, BlockKind.ANNEX, words)


def _numbers(changed: Iterable[Renumbered], language: Language) -> str:
    words = ADDED_WORDS[language]
    lines_ = [f"| {words.old_number} | {words.new_number} |", "| --- | --- |"]
    lines_ += [f"| {renumbering.old or words.is_new} | {renumbering.new or words.is_gone} |" for renumbering in changed]
    return "\n".join(lines_)


# Rows


def _heading(name: str, words: Callable[[Language], str]) -> EditionRow:
    return _row(name, BlockKind.HEADING, lambda language: literal(words(language)), level=1)


def _row(
    name: str, kind: BlockKind, words: Callable[[Language], str], part: RowPart = RowPart.BACK, *, level: int = 0
) -> EditionRow:
    return EditionRow(name, kind, level, "", {language: _wording(words(language)) for language in Language}, part)


def _wording(words: str, spoken: str = "") -> EditionWording:
    return EditionWording(text=words, printed=words, content_hash=content_hash(words), spoken=spoken)


_REFERENCE = re.compile(r"\[([^\[\]]*)\]\(#b-[^()\s]*\)")
_NOTE = re.compile(r"\[\^([^\[\]\s]+)\]")
_KEPT = frozenset(
    {BlockKind.BULLET, BlockKind.QUOTATION, BlockKind.NOTE, BlockKind.TABLE, BlockKind.CODE, BlockKind.RULE}
)
_HEADS = frozenset({BlockKind.TITLE, BlockKind.HEADING, BlockKind.ANNEX})


def annex_lines(texts: Said, name: str) -> tuple[AnnexLine, ...]:
    """Return the lines of an annex; the same place in every language is one line.

    `name` tells its footnotes from those of other annexes. Where a language has other blocks than the first one,
    its words stand in the first one's place and kind.
    """
    columns = {language: list(_lines(text, language, name)) for language, text in texts.items() if text.strip()}
    found = []
    for blocks in zip_longest(*columns.values()):
        first = next(block for block in blocks if block is not None)
        said = {language: block.text for language, block in zip(columns, blocks, strict=True) if block is not None}
        found.append(AnnexLine(first.kind, said, first.level))
    return tuple(found)


def _lines(text: str, language: Language, name: str) -> Iterator[Block]:
    document = read_blocks(text, language=language, new_id=_ids())
    found = numbers(document)
    for block in document:
        yield _line(block, found.get(block.id, ""), language, name)


def _ids() -> Callable[[], str]:
    made = count(1)
    return lambda: str(next(made))


def _line(block: Block, number: str, language: Language, name: str) -> Block:
    """A block that counts is printed with its number as words, because the text alone has numbered paragraphs."""
    words = block.text
    if block.kind is not BlockKind.CODE:
        words = _NOTE.sub(rf"[^{name}-\1]", _REFERENCE.sub(r"\1", words))
    if block.kind in _HEADS:
        return replace(block, kind=BlockKind.HEADING, text=words, level=max(block.level, 1))
    if block.kind in _KEPT:
        return replace(block, text=words)
    mark = label(block, number, language)
    spoken = f"{mark}. {words}" if block.kind is BlockKind.OPERATIVE else f"{mark} {words}" if mark else words
    return Block(block.id, BlockKind.PARAGRAPH, spoken, block.level)
