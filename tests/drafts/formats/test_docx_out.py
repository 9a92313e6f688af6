"""Word files going out: real styles and numbers, bookmarks, footnotes, the same bytes; editions; columns."""

import io
import zipfile

import docx
import pytest
from lxml import etree

from drafts.formats.assembly import EditionWording
from drafts.formats.docx import writer
from drafts.formats.docx.origin import bookmark
from drafts.formats.docx.reader import read
from drafts.formats.docx.writer import LanguageColumn, columns_file
from drafts.text.blocks import Block, BlockKind, Document, Language
from drafts.text.markup import plain
from drafts.text.numbering import numbers
from tests.drafts.formats.word_texts import BASE, SHEET, out

TWO_LINES = docx.shared.Pt(22)
W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"


def parts(data):
    with zipfile.ZipFile(io.BytesIO(data)) as file:
        return {name: file.read(name) for name in file.namelist()}


def opened(data):
    return docx.Document(io.BytesIO(data))


def test_each_block_is_a_paragraph_of_its_own_style_with_its_words():
    found = [(one.style.name, one.text) for one in opened(out()).paragraphs if one.text]
    assert found[:6] == [
        ("Title", "Declaration of Vallemar"),
        ("Preambular paragraph", "Recalling the Charter of Open Workshops,"),
        ("Heading 1", "Water"),
        ("Operative paragraph", "Towns shall respect water and its sources in every quarter."),
        ("Item", "the wells;"),
        ("Item", "the springs."),
    ]


def test_looks_links_and_tables_are_words_own():
    file = opened(out())
    [bold] = [run for one in file.paragraphs for run in one.runs if run.bold]
    assert bold.text == "sources"
    [link] = [one for each in file.paragraphs for one in each.hyperlinks if one.address]
    assert (link.text, link.address) == ("map", "https://map.example/of-wells")
    assert [[cell.text for cell in row.cells] for row in file.tables[0].rows] == [
        ["Town", "Wells"],
        ["Lyon", "12"],
        ["Quito", "31"],
    ]


def test_a_footnote_is_a_footnote_and_a_reference_a_link_to_its_paragraph():
    found = parts(out())
    assert b"Counted in 2026 by the eleven towns." in found["word/footnotes.xml"]
    assert b"Counted in 2026" not in found["word/document.xml"]
    assert f'w:anchor="{bookmark("o1")}"'.encode() in found["word/document.xml"]


def test_every_block_has_its_bookmark_and_the_file_says_where_it_came_from():
    text = read(out())
    marks = {mark for paragraph in (*text.paragraphs, *text.notes.values()) for mark in paragraph.marks}
    assert {bookmark(block.id) for block in BASE} <= marks
    assert (text.origin.declaration, text.origin.revision, text.origin.language) == ("d", 1, Language.EN)
    assert [block_id for block_id, _ in text.origin.blocks] == [block.id for block in BASE]


def counted(data):
    """The numbers that a word processor prints, by our own count of its lists."""
    root = etree.fromstring(parts(data)["word/document.xml"])
    numbering = etree.fromstring(parts(data)["word/numbering.xml"])
    starts = {
        one.get(f"{W}numId"): {int(level.get(f"{W}ilvl")) for level in one.iter(f"{W}lvlOverride")}
        for one in numbering.iter(f"{W}num")
    }
    counts, seen, found = {}, set(), []
    for paragraph in root.iter(f"{W}p"):
        number = paragraph.find(f"{W}pPr/{W}numPr/{W}numId")
        if number is None:
            continue
        which, level = number.get(f"{W}val"), int(paragraph.find(f"{W}pPr/{W}numPr/{W}ilvl").get(f"{W}val"))
        if which not in seen:
            seen.add(which)
            for start in starts[which]:
                counts[start] = 0
        counts[level] = counts.get(level, 0) + 1
        counts = {depth: count for depth, count in counts.items() if depth <= level}
        found.append((level, counts[level]))
    return found


def test_items_are_counted_as_the_text_counts_them():
    blocks = [
        *(
            Block(f"{n}", BlockKind(kind), f"{kind} {n}", level)
            for n, (kind, level) in enumerate(
                [
                    ("operative", 0),
                    ("item", 1),
                    ("item", 2),
                    ("item", 2),
                    ("item", 1),
                    ("item", 2),
                    ("operative", 0),
                    ("item", 1),
                    ("heading", 1),
                    ("item", 1),
                    ("item", 1),
                ]
            )
        )
    ]
    document = Document(tuple(blocks), Language.EN)
    assert counted(out(document)) == [(0, 1), (1, 1), (1, 2), (0, 2), (1, 1), (0, 1), (0, 1), (0, 2)]
    assert [numbers(document).get(block.id) for block in document if block.kind is BlockKind.ITEM] == [
        "1(a)",
        "1(a)(i)",
        "1(a)(ii)",
        "1(b)",
        "1(b)(i)",
        "2(a)",
        "(a)",
        "(b)",
    ]


def test_the_same_text_gives_the_same_bytes():
    assert out() == out()


def test_no_character_of_a_text_breaks_the_file():
    strange = Document((Block("a", BlockKind.PARAGRAPH, "a\x01b & <c> ]]> \U0001f468‍\U0001f469 \ufffe"),), Language.EN)
    assert [one.text for one in opened(out(strange)).paragraphs if one.text] == [
        "a\ufffdb & <c> ]]> \U0001f468‍\U0001f469 \ufffd"
    ]


@pytest.mark.parametrize("language", Language)
def test_an_edition_holds_every_printed_word_in_its_order(declaration, language):
    text = read(writer.edition_docx(declaration, language))
    said = [line for line in ("".join(w.text for w in one.words) for one in text.paragraphs) if line]
    everything = " ".join(
        [*said, *("".join(w.text for row in one.rows for c in row.cells for w in c.words) for one in text.paragraphs)]
    )
    for row in declaration.rows:
        cell = row.cells[language]
        if isinstance(cell, EditionWording) and row.kind.value in {"operative", "preamble", "item", "heading"}:
            assert plain(cell.printed).split("\n")[0][:30].rstrip("0123456789") in everything


def test_running_lines_keep_clear_of_the_text_and_contents_of_what_follows(declaration):
    single, columns = writer.edition_docx(declaration, Language.FR), writer.parallel_docx(declaration)
    for page in (opened(data).sections[0] for data in (single, columns)):
        room = (page.top_margin - page.header_distance, page.bottom_margin - page.footer_distance)
        assert min(room) >= TWO_LINES
    styles = [paragraph.style.name for paragraph in opened(single).paragraphs]
    assert styles[styles.index("Chapeau") - 1] == "Rule"


def test_the_columns_of_an_edition_have_a_row_for_each_block(declaration):
    [table, *_] = opened(writer.parallel_docx(declaration)).tables
    assert [cell.text for cell in table.rows[0].cells] == ["", "Español", "English", "Français"]
    numbered = [[cell.text[:12] for cell in row.cells] for row in table.rows if row.cells[0].text == "1"]
    assert all(len(row) == 4 and all(row[1:]) for row in numbered)


def test_columns_name_the_paragraphs_of_each_language_apart():
    spanish = Document(tuple(Block(b.id, b.kind, b.text and f"ES {b.id}", b.level) for b in BASE), Language.ES)
    columns = [LanguageColumn(BASE, "English", "en"), LanguageColumn(spanish, "Español", "es")]
    data = columns_file(columns, SHEET, numbers=numbers(BASE))
    body = parts(data)["word/document.xml"].decode()
    assert f'w:name="{bookmark("o1", "en")}"' in body
    assert f'w:name="{bookmark("o1", "es")}"' in body
    opened(data)
