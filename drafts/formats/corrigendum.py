"""The sheet of a corrigendum, as the United Nations print them: where, for which words, read which.

It is a paper about an edition and comes out with the one that has the corrected text: the same
rows go through the same forms as a declaration does, without a title page or a closing clause.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from itertools import groupby
from typing import Final

from babel.lists import format_list
from msgspec import Struct
from msgspec.structs import replace

from drafts.diff.word_diff import word_diff
from drafts.formats.apparatus import NOTHING, CorrectedText, Corrigendum
from drafts.formats.assembly import EditionRow, EditionText, EditionWording
from drafts.formats.labels import literal, long_date
from drafts.render.wording import wording
from drafts.text.blocks import HARD_BREAK, BlockKind, Language, content_hash
from drafts.text.markup import plain
from drafts.text.numbering import printed, resolve
from drafts.text.tokens import TokenKind, tokenize


class SheetWords(Struct, frozen=True):
    """Sentences hold {named} places."""

    title: str
    about: str
    single: str
    several: str
    text: str
    texts: Mapping[Language, str]
    paragraph: str
    sentence: str
    kinds: Mapping[BlockKind, str]
    preamble: str
    after: str
    instead_of: str
    read: str
    quoted: str


SHEET_WORDS = wording("corrigendum", SheetWords)


AROUND: Final = 6  # words that are quoted on each side of what changes
WHOLE: Final = 90  # characters; a text that is no longer is quoted whole
APART: Final = 60  # characters between two changes that are quoted apart
_SENTENCE_END: Final = re.compile(r"[.!?…](?=[»”’)]*\s+[«“‘(¿¡]*\w)")


def sheet(text: EditionText) -> EditionText | None:
    """Return the sheet that goes with a corrected edition; nothing for an edition that corrects no words."""
    corrigendum = text.apparatus.corrigendum
    if corrigendum is None or not corrigendum.texts:
        return None
    rows = tuple(_rows(text, corrigendum))
    own = replace(NOTHING, corrigendum=corrigendum)
    return replace(text, rows=rows, apparatus=own, stands_for=text.fingerprint)


def _rows(text: EditionText, corrigendum: Corrigendum) -> Iterator[EditionRow]:
    name = text.imprint.declaration

    def title(language: Language) -> str:
        return SHEET_WORDS[language].title.format(number=corrigendum.number) + HARD_BREAK + literal(name[language])

    def about(language: Language) -> str:
        words = SHEET_WORDS[language]
        sentence = words.about.format(before=corrigendum.corrects, after=text.imprint.edition)
        return f"{sentence} {_concerned(corrigendum, language)}"

    yield _row("corr-title", BlockKind.TITLE, {language: title(language) for language in Language})
    yield _row(
        "corr-date", BlockKind.PLACE_DATE, {language: long_date(corrigendum.on, language) for language in Language}
    )
    yield _row("corr-about", BlockKind.PARAGRAPH, {language: literal(about(language)) for language in Language})
    count = 0
    for of, corrected in groupby(corrigendum.texts, key=lambda correction: correction.language):
        heading = {language: literal(_heading(of, SHEET_WORDS[language])) for language in Language}
        yield _row(f"corr-{of}", BlockKind.HEADING, heading, level=1)
        for corrected_text in corrected:
            for quote in quotes(corrected_text, text):
                count += 1
                yield from _entry(corrected_text, quote, text, count)


def _concerned(corrigendum: Corrigendum, language: Language) -> str:
    words = SHEET_WORDS[language]
    names = [words.texts[of] for of in dict.fromkeys(correction.language for correction in corrigendum.texts)]
    template = words.single if len(names) == 1 else words.several
    return template.format(texts=format_list(names, locale=language.value))


def _heading(of: Language, words: SheetWords) -> str:
    return words.text.format(language=words.texts[of])


def _entry(corrected_text: CorrectedText, quote: "Quote", text: EditionText, count: int) -> Iterator[EditionRow]:
    def place(language: Language) -> str:
        words = SHEET_WORDS[language]
        where = _place(corrected_text, text, language)
        if quote.sentence:
            where = words.sentence.format(place=where, count=quote.sentence)
        return f"**{literal(where)}.** {literal(words.instead_of)}"

    name = f"corr-{count}"
    said = SHEET_WORDS[corrected_text.language]
    yield _row(name, BlockKind.OPERATIVE, {language: place(language) for language in Language}, number=str(count))
    yield _quoted(f"{name}-for", said.quoted.format(words=quote.before), corrected_text.language)
    read = {language: literal(SHEET_WORDS[language].read) for language in Language}
    yield _row(f"{name}-read", BlockKind.PARAGRAPH, read, level=1)
    yield _quoted(f"{name}-to", said.quoted.format(words=quote.after), corrected_text.language)


def _quoted(name: str, words: str, of: Language) -> EditionRow:
    cells = {
        language: EditionWording(words, words, content_hash(words), "" if language is of else of.value)
        for language in Language
    }
    return EditionRow(name, BlockKind.PARAGRAPH, 2, "", cells)


def _row(name: str, kind: BlockKind, said: dict[Language, str], *, level: int = 0, number: str = "") -> EditionRow:
    cells = {language: EditionWording(words, words, content_hash(words)) for language, words in said.items()}
    return EditionRow(name, kind, level, number, cells)


# Where it is


def _place(corrected_text: CorrectedText, text: EditionText, language: Language) -> str:
    """A paragraph by its number, a part of the text by its name, anything else by the number before it."""
    words, rows = SHEET_WORDS[language], text.rows
    at = next((place for place, row in enumerate(rows) if row.id == corrected_text.block), len(rows))
    row = rows[at] if at < len(rows) else None
    if row is None:
        return words.kinds[BlockKind.TITLE]
    if row.number:
        return words.paragraph.format(number=printed(row.number, language))
    if row.kind is BlockKind.PREAMBLE:
        count = sum(other.kind is BlockKind.PREAMBLE for other in rows[: at + 1])
        return words.preamble.format(count=count)
    before = next((other.number for other in reversed(rows[:at]) if other.number), "")
    if row.kind in words.kinds or not before:
        return words.kinds.get(row.kind, words.kinds[BlockKind.CHAPEAU])
    return words.after.format(number=printed(before, language))


# Which words


class Quote(Struct, frozen=True):
    """Words as they stood and as they are to be read, as inline Markdown; `sentence` counts from 1, 0 where it is
    the only one.
    """

    before: str
    after: str
    sentence: int = 0


def quotes(change: CorrectedText, text: EditionText) -> Sequence[Quote]:
    """What is quoted of a corrected text: the words that change, in bold, with some before and after.

    Changes that lie close to each other are quoted together. Where only marks such as italics change, it is all.
    """
    old, new = (_shown(words, text, change.language) for words in (change.before, change.after))
    hunks = word_diff(old, new)
    if not hunks:
        return (
            Quote(
                resolve(change.before, text.numbers, change.language),
                resolve(change.after, text.numbers, change.language),
            ),
        )
    spans = [((hunk.start.offset, hunk.end.offset), (hunk.new_start.offset, hunk.new_end.offset)) for hunk in hunks]
    return tuple(
        Quote(_excerpt(old, [was for was, _ in near]), _excerpt(new, [now for _, now in near]), _sentence(old, near))
        for near in _near(spans)
    )


_Span = tuple[int, int]


def _shown(words: str, text: EditionText, language: Language) -> str:
    return plain(resolve(words, text.numbers, language)).replace("\n", " ")


def _near(spans: Sequence[tuple[_Span, _Span]]) -> Iterator[list[tuple[_Span, _Span]]]:
    """The changes in groups of those that are not far apart."""
    group: list[tuple[_Span, _Span]] = []
    for span in spans:
        if group and span[0][0] - group[-1][0][1] > APART:
            yield group
            group = []
        group.append(span)
    if group:
        yield group


def _excerpt(words: str, spans: Sequence[_Span]) -> str:
    """The words around the spans, those of the spans in bold, dots where something is left out."""
    start, end = (0, len(words)) if len(words) <= WHOLE else _edges(words, spans[0][0], spans[-1][1])
    made, at = "", start
    for first, last in _bold(words, spans):
        made += f"{literal(words[at:first])}**{literal(words[first:last])}**"
        at = last
    made += literal(words[at:end])
    return ("… " if start else "") + made.strip() + (" …" if end < len(words) else "")


def _bold(words: str, spans: Sequence[_Span]) -> Iterator[_Span]:
    """The spans as far as the spaces around them, because a comma alone would be bold in no form."""
    before = 0
    for first, last in spans:
        core = words[first:last].strip()
        if not core:
            continue
        at = words.index(core, first)
        start = max(before, words.rfind(" ", 0, at) + 1)
        found = words.find(" ", at + len(core))
        end = len(words) if found < 0 else found
        if end > start:
            yield start, end
        before = max(before, end)


def _edges(words: str, first: int, last: int) -> _Span:
    """Where a quotation of some words begins and ends: whole words, a few on each side."""
    tokens, at = [], 0
    for token in tokenize(words):
        tokens.append((at, at + len(token.text), token.kind is TokenKind.WORD))
        at += len(token.text)
    before = [start for start, end, is_word in tokens if is_word and end <= first]
    after = [end for start, end, is_word in tokens if is_word and start >= last]
    start = before[-AROUND] if len(before) > AROUND else 0
    end = after[AROUND - 1] if len(after) > AROUND else len(words)
    return start, end


def _sentence(words: str, near: Sequence[tuple[_Span, _Span]]) -> int:
    ends = [found.end() for found in _SENTENCE_END.finditer(words)]
    return 1 + sum(end <= near[0][0][0] for end in ends) if ends else 0
