"""The plain text of an edition: wrapped lines that still say every word, and agreement between all its forms."""

import json

import msgspec
import pytest

from drafts.formats import akoma_ntoso, text_formats
from drafts.text.blocks import BlockKind, Language
from drafts.verification.comparison import JsonDeclaration, differing_formats

LONG = "We commit to offering in each city, before 2030, at least one night nursery for every 50,000 inhabitants."
HOSTILE = [
    "A [link](https://a.example/b_c?d=[e]) and <https://auto.example/x> end.",
    "Footnote[^1] and [sic] and \\[kept\\] and `code [^2]` here.",
    "*Emphasis* and **strong *both***; 5 < 6 > 4 and a_b_c.",
    "First line\\\nsecond line.",
    "10\u00a0% « mot » — 1 000 ﬁn ½ ² №",
    "Link with [*marked* words](https://b.example/(x)) inside, [](#b-o1).",
    "| A | B |\n| --- | --- |\n| one | two |",
    "![picture](https://c.example/p.png) shown",
    "https://bare.example/path stays",
    "Text with <b>angle</b> brackets and a < b.",
]


def forms(text):
    files = {}
    for language in Language:
        files[f"declaration.{language}.md"] = text_formats.markdown_page(text, language)
        files[f"declaration.{language}.txt"] = text_formats.plain_text_page(text, language)
        files[f"declaration.{language}.akn.xml"] = akoma_ntoso.expression(text, language)
    return msgspec.json.decode(text_formats.edition_json(text), type=JsonDeclaration), files


def test_no_line_is_longer_than_72_characters_unless_a_word_is(declaration):
    for language in Language:
        for line in text_formats.plain_text_page(declaration, language).decode().split("\n"):
            assert len(line) <= 72 or " " not in line.strip() or " | " in line, line


def test_a_numbered_paragraph_hangs_beside_its_number(edition_of):
    said = text_formats.plain_text_page(edition_of(LONG), Language.EN).decode()
    assert "1.  We commit to offering in each city, before 2030, at least one night\n    nursery for every" in said


def test_a_footnote_stands_at_the_end_under_its_mark(declaration):
    said = text_formats.plain_text_page(declaration, Language.FR).decode()
    notes = [row for row in declaration.rows if row.kind is BlockKind.NOTE]
    assert notes
    _, _, end = said.rpartition("------------------------\n")
    assert end.strip().startswith("[1]")
    assert end.strip().count("\n[") == len(notes) - 1 or len(notes) == 1


def test_a_link_is_followed_by_its_address(edition_of):
    said = text_formats.plain_text_page(edition_of("See [the map](https://map.example)."), Language.EN).decode()
    assert "See the map <https://map.example>." in said


def test_what_is_absent_by_decision_says_why(declaration):
    said = " ".join(text_formats.plain_text_page(declaration, Language.EN).decode().split())
    assert "[Absent in English by decision: the remark concerns only Spanish and French]" in said


def test_all_forms_of_an_edition_agree(declaration):
    text, files = forms(declaration)
    assert [(name, one.id) for name, one, _ in differing_formats(text, files, altered=files)] == []


@pytest.mark.parametrize("words", HOSTILE)
@pytest.mark.parametrize("kind", [BlockKind.OPERATIVE, BlockKind.PREAMBLE, BlockKind.BULLET, BlockKind.QUOTATION])
def test_forms_agree_whatever_marks_a_paragraph_has(edition_of, words, kind):
    text, files = forms(edition_of("Towns.", words, kind=kind) if "#b-" not in words else edition_of("Towns.", words))
    assert [(name, one.id) for name, one, _ in differing_formats(text, files, altered=files)] == []


@pytest.mark.parametrize("form", ["md", "txt", "akn.xml"])
def test_a_form_that_says_something_else_is_named(declaration, form):
    text, files = forms(declaration)
    row = next(one for one in json.loads(text_formats.edition_json(declaration))["paragraphs"] if one["number"] == "1")
    word = max(row["texts"]["es"]["printed"].split(), key=len).strip(".,;:")
    name = f"declaration.es.{form}"
    assert word.encode() in files[name]
    files[name] = files[name].replace(word.encode(), b"nada")
    assert (name, "1") in {(found, one.number) for found, one, _ in differing_formats(text, files)}
