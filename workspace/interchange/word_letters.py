"""Whether a Word file is a letter that asks for changes, or the text itself with changes in it."""

import re

from drafts.blocks import Document, Language
from drafts.formats.docx.origin import by_bookmark
from drafts.formats.docx.read_values import WordText
from drafts.markup import plain
from workspace.core.db import Db
from workspace.declarations import queries
from workspace.declarations.models import Declaration
from workspace.interchange.readers.kinds import DOCX, ODT, media_type
from workspace.interchange.side_door.child import heard, is_sheet
from workspace.interchange.side_door.forms import forms
from workspace.interchange.word_child import word_text

_WORD = re.compile(r"\w+")
_ALIKE = 0.6  # of a paragraph's words, for a line to be that paragraph
_FEWEST = 4  # words of a paragraph that can be told from others
_MOST_LINES = 400


def is_word_text(db: Db, declaration: Declaration, data: bytes, *, source: str) -> bool:
    """Whether a file is the text itself in Word or OpenDocument: no letter, no sheet, and nothing else."""
    if is_sheet(data) or media_type(data, source=source) not in {DOCX, ODT}:
        return False
    return not is_letter(db, declaration, data, source=source)


def is_letter(db: Db, declaration: Declaration, data: bytes, *, source: str) -> bool:
    """Whether a file asks for changes in words instead of making them; raises `BadFile` like `word_text`.

    What was made from the text is the text. So is a file in which most of its paragraphs stand, unless old words
    and new ones stand beside each other in it.
    """
    text = word_text(data, source=source)
    rows = queries.head_rows(db, declaration)
    known = by_bookmark([row.id for row in rows])
    if text.origin is not None or any(mark in known for one in text.paragraphs for mark in one.marks):
        return False
    found = heard(data, source=source)
    if not (found.reading.requests or found.reading.not_read):
        return False
    languages = [one for one in Language if any(one in row.texts for row in rows)]
    most = max((_share(queries.document(rows, one), text) for one in languages), default=0)
    return most < 1 / 2 or bool(forms(found.mail.said).requests)


def _share(document: Document, text: WordText) -> float:
    """How many of the paragraphs stand in the file, more or less in their words."""
    lines = [set(_words("".join(one.text for one in line.words))) for line in text.paragraphs[:_MOST_LINES]]
    paragraphs = [words for block in document if len(words := set(_words(plain(block.text)))) >= _FEWEST]
    here = sum(any(len(words & line) >= _ALIKE * len(words) for line in lines) for words in paragraphs)
    return here / len(paragraphs) if paragraphs else 0


def _words(text: str) -> list[str]:
    return _WORD.findall(text.casefold())
