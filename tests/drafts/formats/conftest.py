"""An invented declaration in three languages, with one of everything an edition can hold."""

import csv
import re
import unicodedata
from datetime import date
from html.parser import HTMLParser
from pathlib import Path

import pypdfium2
import pytest
from msgspec.structs import replace

from drafts.formats.assembly import Imprint, RevisionRow, edition_text
from drafts.text.blocks import BlockKind, Language

IMPRINT = Imprint(
    forum={
        Language.ES: "Atlas Vecinal de Ciudades",
        Language.EN: "Neighbour Atlas of Cities",
        Language.FR: "Atlas des voisinages urbains",
    },
    declaration={
        Language.ES: "Declaración de Vallemar",
        Language.EN: "Declaration of Vallemar",
        Language.FR: "Déclaration de Vallemar",
    },
    place=dict.fromkeys(Language, "Vallemar"),
    date=date(2027, 7, 1),
)

WHY_ABSENT = {Language.EN: "the remark concerns only Spanish and French"}


def revision_row(line):
    texts = {language: line[language] for language in Language if line[language]}
    return RevisionRow(
        id=line["id"],
        kind=BlockKind(line["kind"]),
        level=int(line["level"]),
        texts=texts,
        absent=WHY_ABSENT if len(texts) < len(Language) else None,
    )


@pytest.fixture(scope="session")
def declaration():
    with (Path(__file__).parent / "declaration.csv").open(encoding="utf-8", newline="") as lines:
        return edition_text([revision_row(line) for line in csv.DictReader(lines)], IMPRINT)


@pytest.fixture
def edition_of():
    """Make an edition of plain operative paragraphs that say the same in every language."""

    def made(*paragraphs, kind=BlockKind.OPERATIVE, imprint=IMPRINT):
        rows = [
            RevisionRow(id=f"o{index}", kind=kind, texts=dict.fromkeys(Language, words))
            for index, words in enumerate(paragraphs, 1)
        ]
        return edition_text(rows, imprint)

    return made


MARKDOWN_MARKS = re.compile(r"\*+|\[\^\d+\]: ")
LINK = re.compile(r"\[([^\]]*)\]\([^)]*\)")
NOTE_MARK = re.compile(r"\[\^(\d+)\]")
TABLE_RULE = re.compile(r"\|\s*(?:---\s*\|\s*)+")


@pytest.fixture(scope="session")
def spoken():
    """What a reader finds of a text, letters and digits only: no marks, spaces or hyphens of line ends."""

    def letters(markdown):
        words = NOTE_MARK.sub(r"\1", MARKDOWN_MARKS.sub("", TABLE_RULE.sub("", LINK.sub(r"\1", markdown))))
        return "".join(character for character in unicodedata.normalize("NFKC", words) if character.isalnum())

    return letters


@pytest.fixture(scope="session")
def words_of_pdf():
    """The words of a PDF as a reader by ear gets them, in reading order."""

    def extracted(data):
        document = pypdfium2.PdfDocument(data)
        return "\n".join(page.get_textpage().get_text_bounded() for page in document)

    return extracted


@pytest.fixture(scope="session")
def words_of_html():
    """The words of an HTML file that a person sees; style sheets left out."""

    def extracted(data):
        reader = WordsOfHtml()
        reader.feed(data.decode())
        return " ".join(reader.words)

    return extracted


class WordsOfHtml(HTMLParser):
    def __init__(self):
        super().__init__()
        self.words = []
        self.is_shown = True

    def handle_starttag(self, tag, attrs):
        self.is_shown = tag not in ("style", "title") and ("class", "vh") not in attrs

    def handle_endtag(self, _):
        self.is_shown = True

    def handle_data(self, data):
        if self.is_shown:
            self.words.append(data)


@pytest.fixture
def hostile_imprint():
    names = dict.fromkeys(Language, '<script>alert("name")</script> #read("/etc/passwd") {0} {place}')
    return replace(IMPRINT, forum=names, declaration=names, place=names)
