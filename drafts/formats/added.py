"""What stands around an adopted text, as rows that every form prints like those of the text itself.

Reservations follow the paragraph they name, signatories and what concerns the whole text
follow the closing clause, annexes come last. A row made here never belongs to the adopted text (`Part`).
"""

import unicodedata
from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import lru_cache
from typing import Final

from drafts.apparatus import Annex, AnnexLine, Origin, Renumbered, Reservation, Said, Signatory
from drafts.assembly import EditionRow, EditionText, Part, Wording
from drafts.blocks import HARD_BREAK, BlockKind, Language, content_hash
from drafts.formats.added_words import ADDED_WORDS
from drafts.formats.literal import lines, literal
from drafts.formats.words import long_date
from drafts.numbering import printed

_INSIDE: Final = frozenset({BlockKind.ITEM, BlockKind.BULLET, BlockKind.TABLE, BlockKind.QUOTATION, BlockKind.CODE})
_LIGATURES: Final = str.maketrans({"œ": "oe", "æ": "ae", "ß": "ss", "ø": "o", "ł": "l", "đ": "d"})


def with_beside(text: EditionText, rows: Iterable[EditionRow]) -> Iterator[EditionRow]:
    """Yield the rows with what is printed beside each: where it came from right under it, a reservation after a
    paragraph and all that belongs to it.
    """
    waiting: list[EditionRow] = []
    about = _beside(text)
    origins = {one.block: _origin(one) for one in text.apparatus.origins}
    for row in rows:
        if not _belongs_above(row):
            yield from waiting
            waiting = []
        yield row
        if row.id in origins:
            yield origins[row.id]
        waiting += about.get(row.id, [])
    yield from waiting


def signed(text: EditionText) -> tuple[EditionRow, ...]:
    """What follows the closing clause: signatories, then reservations about the whole text."""
    apparatus = text.apparatus
    found: list[EditionRow] = []
    if apparatus.signatories:
        found.append(_heading("signatories", lambda language: ADDED_WORDS[language].signatories))
        found += _signatories(apparatus.signatories)
    whole = [one for one in apparatus.reservations if not _place(text, one)]
    if whole:
        found.append(_heading("reservations", lambda language: ADDED_WORDS[language].reservations))
        found += [row for one in whole for row in _reservation(one, "")]
    return tuple(found)


def annexed(text: EditionText) -> tuple[EditionRow, ...]:
    """The annexes that the text does not bring itself, counted on after its own; the table of numbers is the last."""
    own = sum(row.kind is BlockKind.ANNEX for row in text.rows)
    found: list[EditionRow] = []
    for number, annex in enumerate(text.apparatus.annexes, own + 1):
        found += _annex(annex, number)
    if text.apparatus.renumbered:
        number = own + len(text.apparatus.annexes) + 1
        found.append(_annex_heading("renumbered", number, lambda language: ADDED_WORDS[language].renumbered))
        found.append(_row("renumbered-table", BlockKind.TABLE, lambda one: _numbers(text.apparatus.renumbered, one)))
    return tuple(found)


def every(text: EditionText) -> tuple[EditionRow, ...]:
    """All rows that are printed around the text, in their order."""
    beside = tuple(row for row in with_beside(text, text.rows) if row.part is not Part.TEXT)
    return (*beside, *signed(text), *annexed(text))


@lru_cache(maxsize=1_024)
def collated(words: str, language: Language) -> tuple[str, str]:
    """What orders names as a dictionary of the language does: accents apart, in Spanish ñ after n."""
    folded = words.casefold().translate(_LIGATURES)
    if language is Language.ES:
        folded = folded.replace("ñ", "n\U0010ffff")
    bare = "".join(sign for sign in unicodedata.normalize("NFKD", folded) if not unicodedata.combining(sign))
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


def _place(text: EditionText, one: Reservation) -> EditionRow | None:
    """The row that a reservation names; nothing where it names the whole text, or what is no longer there."""
    return next((row for row in text.rows if row.id == one.block), None) if one.block else None


def _beside(text: EditionText) -> Mapping[str, list[EditionRow]]:
    found: dict[str, list[EditionRow]] = {}
    for one in text.apparatus.reservations:
        if row := _place(text, one):
            found.setdefault(row.id, []).extend(_reservation(one, row.number))
    return found


def _reservation(one: Reservation, number: str) -> list[EditionRow]:
    def head(language: Language) -> str:
        words = ADDED_WORDS[language]
        template = words.by_on[one.position] if number else words.by[one.position]
        name = said_in(one.organisation, language)[0]
        made = template.format(organisation=name, number=printed(number, language) if number else "")
        of = said_in(one.text, language)[1]
        source = f" ({words.original.format(language=words.languages[of])})" if of else ""
        return f"**{literal(made)}**{literal(source)}"

    def words(language: Language) -> Wording:
        said, of = said_in(one.text, language)
        return _wording(lines(said), of)

    return [
        _row(f"reservation-{one.id}", BlockKind.QUOTATION, head, Part.RESERVATION),
        EditionRow(
            f"reservation-{one.id}-text",
            BlockKind.QUOTATION,
            0,
            "",
            {language: words(language) for language in Language},
            Part.RESERVATION,
        ),
    ]


def _origin(origin: Origin) -> EditionRow:
    def words(language: Language) -> str:
        told = [said_in(line, language)[0] for line in origin.lines]
        return HARD_BREAK.join([f"**{ADDED_WORDS[language].origin}**", *told])

    return _row(f"origin-{origin.block}", BlockKind.QUOTATION, words, Part.ORIGIN)


# After the closing clause


def _signatories(signatories: Iterable[Signatory]) -> Iterator[EditionRow]:
    """One row for each place in the list: whose it is differs, since every language has its own alphabet."""
    every_one = list(signatories)
    ordered = {language: sorted(every_one, key=lambda one: _signing_order(one, language)) for language in Language}
    for place in range(len(every_one)):
        cells = {language: _wording(_signatory(ordered[language][place], language)) for language in Language}
        yield EditionRow(f"signatory-{place + 1}", BlockKind.PARAGRAPH, 0, "", cells, Part.SIGNATORY)


def _signing_order(one: Signatory, language: Language) -> tuple[tuple[str, str], tuple[str, str]]:
    return collated(said_in(one.organisation, language)[0], language), collated(one.person, language)


def _signatory(one: Signatory, language: Language) -> str:
    told = [
        f"**{literal(said_in(one.organisation, language)[0])}**",
        literal(one.person),
        literal(said_in(one.capacity, language)[0]),
        long_date(one.signed_on, language) if one.signed_on else "",
    ]
    return HARD_BREAK.join(line for line in told if line)


# Annexes


def _annex(annex: Annex, number: int) -> Iterator[EditionRow]:
    name = f"annex-{annex.id}"
    yield _annex_heading(name, number, lambda language: said_in(annex.title, language)[0])
    for place, line in enumerate(annex.lines, 1):
        cells = {language: _annex_wording(line, language) for language in Language}
        yield EditionRow(f"{name}-{place}", line.kind, line.level, "", cells, Part.BACK)


def _annex_wording(line: AnnexLine, language: Language) -> Wording:
    if line.language:
        words = next(iter(line.texts.values()), "")
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
    name: str, kind: BlockKind, words: Callable[[Language], str], part: Part = Part.BACK, *, level: int = 0
) -> EditionRow:
    return EditionRow(name, kind, level, "", {language: _wording(words(language)) for language in Language}, part)


def _wording(words: str, spoken: str = "") -> Wording:
    return Wording(text=words, printed=words, content_hash=content_hash(words), spoken=spoken)
