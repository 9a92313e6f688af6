"""PDF: every word in its place, nothing in a text acts, and the same bytes each time."""

import time

import pypdfium2
import pytest
from msgspec.structs import replace

from drafts.formats import pdf
from drafts.formats.apparatus import Annex, AnnexKind, AnnexLine, Apparatus
from drafts.formats.assembly import EditionWording
from drafts.formats.inline_runs import unbroken
from drafts.formats.labels import closing
from drafts.text.blocks import BlockKind, Language
from tests.benchmarks.editions import declaration as long_declaration
from tests.drafts.formats.around import APPARATUS

HOSTILE = [
    "<script>alert(1)</script> stays as it is written.",
    '#read("/etc/passwd") and #import "x.typ" stay as they are written.',
    "$math$ costs $5, and @label, ~tilde, = heading, - dash, // comment stay as they are written.",
    "An unbalanced * star and a _lone underscore, \\* and \\[ escaped.",
]


@pytest.mark.parametrize("language", Language)
def test_a_book_holds_every_paragraph_of_its_language_in_order(declaration, language, spoken, words_of_pdf):
    found, start = spoken(words_of_pdf(pdf.language_pdf(declaration, language))), 0
    for row in declaration.rows:
        cell = row.cells[language]
        if isinstance(cell, EditionWording) and row.kind not in (BlockKind.NOTE, BlockKind.TITLE):
            margin = row.number if row.kind is BlockKind.OPERATIVE else ""
            assert (start := found.find(margin + spoken(cell.printed), start)) >= 0, row.id
    assert spoken(closing(declaration, language)) in found


def test_the_parallel_book_holds_every_paragraph_of_all_three(declaration, spoken, words_of_pdf):
    found, start = spoken(words_of_pdf(pdf.parallel_pdf(declaration))), 0
    for row in declaration.rows:
        if row.kind not in (BlockKind.NOTE, BlockKind.TITLE):
            for cell in row.cells.values():
                if isinstance(cell, EditionWording):
                    assert (start := found.find(spoken(cell.printed), start)) >= 0, row.id


def test_the_parallel_book_has_each_note_at_the_foot_in_every_language(declaration, spoken, words_of_pdf):
    found = spoken(words_of_pdf(pdf.parallel_pdf(declaration)))
    notes = [row for row in declaration.rows if row.kind is BlockKind.NOTE]
    assert notes
    for row in notes:
        for cell in row.cells.values():
            words = spoken(cell.printed.partition(": ")[2]) if isinstance(cell, EditionWording) else ""
            assert words == "" or found.count(words) == 1


def test_a_note_is_set_once_at_the_foot_however_often_it_is_marked(declaration, spoken, words_of_pdf):
    found = spoken(words_of_pdf(pdf.language_pdf(declaration, Language.EN)))
    assert found.count(spoken("Count at the collection points of the eleven cities of the Atlas, 2026.")) == 1


def test_a_paragraph_absent_by_decision_says_so_with_its_number_and_reason(declaration, words_of_pdf):
    words = " ".join(words_of_pdf(pdf.language_pdf(declaration, Language.EN)).split())
    assert "10 Absent in English by decision: the remark concerns only Spanish and French" in words


@pytest.mark.parametrize("paragraph", HOSTILE)
def test_what_looks_like_source_is_printed_as_it_is_written(edition_of, paragraph, words_of_pdf):
    words = "".join(words_of_pdf(pdf.language_pdf(edition_of(paragraph), Language.EN)).split())
    assert "".join(paragraph.replace("\\", "").split()) in words.replace("\ufffe", "")


def test_a_character_that_no_font_has_does_not_stop_the_book(edition_of, words_of_pdf):
    assert "trees" in words_of_pdf(pdf.language_pdf(edition_of("We plant trees 🌳 in 城市."), Language.EN))


@pytest.mark.parametrize("make", [lambda text: pdf.language_pdf(text, Language.FR), pdf.parallel_pdf])
def test_the_same_text_gives_the_same_bytes(declaration, make):
    assert make(declaration) == make(declaration)


def test_a_book_names_its_language_title_and_standards(declaration):
    data = pdf.language_pdf(declaration, Language.FR)
    document = pypdfium2.PdfDocument(data)
    assert document.get_metadata_dict()["Title"] == "Déclaration de Vallemar"
    assert document.get_metadata_dict()["CreationDate"].startswith("D:20270701")
    assert document.is_tagged()
    assert b"pdfuaid:part>1<" in data
    assert b"pdfaid:part>2<" in data
    assert b"/Lang(fr" in data.replace(b" ", b"")


def test_only_web_and_mail_addresses_become_links(edition_of):
    text = edition_of(
        "[a](https://a.example) [b](mailto:b@b.example) [c](javascript:alert(1)) [d](ftp://d.example) [](#b-o1)"
    )
    data = pdf.language_pdf(text, Language.EN)
    assert b"https://a.example" in data
    assert b"mailto:b@b.example" in data
    assert b"javascript" not in data
    assert b"ftp:" not in data


def test_spans_without_end_inside_each_other_keep_their_words(edition_of, words_of_pdf):
    paragraph = "*a **b " * 50 + "deep" + "** c*" * 50
    assert "deep" in words_of_pdf(pdf.language_pdf(edition_of(paragraph), Language.EN))


def test_headings_that_skip_a_level_are_set_without_a_gap(edition_of):
    text = edition_of("One.", kind=BlockKind.HEADING)
    deep = [row.__class__(row.id, row.kind, 4, "", row.cells) for row in text.rows]
    assert pdf.language_pdf(text.__class__(text.imprint, tuple(deep)), Language.ES).startswith(b"%PDF-1.7")


def test_no_line_ends_inside_a_number_or_before_a_french_colon(edition_of, words_of_pdf):
    text = edition_of("Nous comptons 40 000 personnes : elles travaillent.")
    assert "40\u00a0000 personnes\u00a0: elles" in words_of_pdf(pdf.language_pdf(text, Language.FR))
    assert text.rows[0].cells[Language.FR].text == "Nous comptons 40 000 personnes : elles travaillent."


def test_the_closing_clause_goes_to_the_page_of_the_first_signatures(edition_of):
    for paragraphs in (22, 27):  # the clause would fit on the page before
        text = replace(edition_of(*["We shall."] * paragraphs), apparatus=APPARATUS)
        words = [
            page.get_textpage().get_text_bounded()
            for page in pypdfium2.PdfDocument(pdf.language_pdf(text, Language.EN))
        ]
        [clause] = [page for page in words if "Done at" in page]
        assert "Mayor" in clause


ENGAGED = "Nous nous engageons à offrir dans chaque ville une crèche de nuit ouverte à tous, quelle que soit leur"


def test_the_last_word_of_a_paragraph_is_never_parted(edition_of):
    words, ends = ENGAGED.split(" "), ["administrative.", "professionnelle.", "internationale."]
    texts = [" ".join([*words[:count], "situation", end]) for count in range(10, len(words) + 1) for end in ends]
    document = pypdfium2.PdfDocument(pdf.language_pdf(edition_of(*texts), Language.FR))
    said = "".join(page.get_textpage().get_text_bounded() for page in document)
    assert sum(said.count(end) for end in ends) == len(texts)


def test_short_annexes_share_a_page(edition_of):
    annexes = [Annex(f"a{one}", AnnexKind.TEXT, dict.fromkeys(Language, f"Way {one}")) for one in "xyz"]
    text = replace(edition_of("We shall."), apparatus=Apparatus(annexes=tuple(annexes)))
    document = pypdfium2.PdfDocument(pdf.language_pdf(text, Language.EN))
    pages = [page.get_textpage().get_text_bounded() for page in document]
    assert [all(f"Way {one}" in page for one in "xyz") for page in pages[-1:]] == [True]
    assert "We shall" not in pages[-1]


@pytest.mark.parametrize("kind", [BlockKind.BULLET, BlockKind.ITEM])
def test_each_level_of_a_list_stands_further_in(edition_of, kind):
    top = 0 if kind is BlockKind.BULLET else 1
    lines = [AnnexLine(kind, dict.fromkeys(Language, word), top + at) for at, word in enumerate(("Pumps", "Wells"))]
    annex = Annex("a1", AnnexKind.TEXT, dict.fromkeys(Language, "Ways"), tuple(lines))
    text = replace(edition_of("We shall."), apparatus=Apparatus(annexes=(annex,)))
    document = pypdfium2.PdfDocument(pdf.language_pdf(text, Language.EN))
    page = document[len(document) - 1].get_textpage()
    lefts = [page.get_charbox(page.search(word).get_next()[0])[0] for word in ("Pumps", "Wells")]
    assert lefts[0] < lefts[1]


def test_no_row_of_a_table_parts_across_pages(edition_of):
    cells = "a cell of words that takes many lines of its narrow column " * 4
    lines = "\n".join(f"| first{place:02} {cells} | last{place:02} {cells} end{place:02} |" for place in range(30))
    table = edition_of(f"| One | Two |\n| --- | --- |\n{lines}", kind=BlockKind.TABLE)
    for data in (pdf.language_pdf(table, Language.EN), pdf.parallel_pdf(table)):
        pages = [page.get_textpage().get_text_bounded() for page in pypdfium2.PdfDocument(data)]
        for place in range(30):
            assert [f"first{place:02}" in page for page in pages] == [f"end{place:02}" in page for page in pages], place
        assert sum("first" in page for page in pages) > 1


def test_a_row_of_a_table_that_is_taller_than_a_page_goes_on_over_the_next(edition_of, words_of_pdf):
    long = " ".join(f"word{place}" for place in range(900))
    table = edition_of(f"| One | Two |\n| --- | --- |\n| {long} | short |", kind=BlockKind.TABLE)
    for data in (pdf.language_pdf(table, Language.EN), pdf.parallel_pdf(table)):
        said = words_of_pdf(data)
        assert all(f"word{place}" in said for place in (0, 450, 899))


def test_after_one_changed_word_only_a_fraction_of_the_work_is_done_again(edition_of):
    said = [f"{place} " + "We shall plant a tree for each child that is born in our towns. " * 4 for place in range(70)]
    taken = []
    for text in (edition_of(*said), edition_of(*said[:40], f"{said[40]} now", *said[41:])):
        began = time.process_time()
        pdf.parallel_pdf(text)
        taken.append(time.process_time() - began)
    assert taken[1] < taken[0] / 2


@pytest.mark.parametrize(
    ("language", "words", "kept"),
    [
        (Language.ES, "el 11 de junio de 2027", "el 11~de~junio de 2027"),
        (Language.EN, "on 11 June 2027", "on 11~June 2027"),
        (Language.FR, "le 1er juin 2027", "le 1er~juin 2027"),
        (
            Language.ES,
            "en el párrafo [](#b-o1) y en los párrafos 3 y 4",
            "en el párrafo~[](#b-o1) y en los párrafos~3 y 4",
        ),
        (Language.EN, "see Annex 2 and paragraphs of annexes", "see Annex~2 and paragraphs of annexes"),
        (Language.FR, "au paragraphe [](#b-o1) : dit", "au paragraphe~[](#b-o1)~: dit"),
    ],
)
def test_no_line_ends_between_a_day_and_its_month_or_before_the_number_of_a_paragraph(language, words, kept):
    assert unbroken(words, language).replace("\u00a0", "~") == kept


def test_words_left_in_the_language_in_which_they_were_said_stand_once_across_the_columns(edition_of, words_of_pdf):
    line = AnnexLine(BlockKind.BULLET, {Language.FR: "Il en faut 2 500 ; pas moins."}, 1, Language.FR)
    annex = Annex("said", AnnexKind.TEXT, dict.fromkeys(Language, "Said"), (line,))
    text = replace(edition_of("One."), apparatus=Apparatus(annexes=(annex,)))
    assert words_of_pdf(pdf.parallel_pdf(text)).count("pas moins") == 1


def test_nothing_of_a_long_text_is_kept_in_mind():
    """What the compiler keeps for the next text that is nearly the same would add up, file by file."""
    text, taken = long_declaration(pdf.LONG), []
    for _ in range(2):
        began = time.process_time()
        pdf.language_pdf(text, Language.EN)
        taken.append(time.process_time() - began)
    assert taken[1] > taken[0] / 2
