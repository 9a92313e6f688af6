"""A text written in a word processor as the Markdown of a first draft."""

import io
import zipfile

import docx
import pytest
from docx.enum.style import WD_STYLE_TYPE

from drafts.formats import odt
from drafts.formats.docx.document_model import Oddity
from drafts.formats.docx.reader import first_text, read
from drafts.text.blocks import BlockKind, Language
from drafts.text.markup import read_blocks as markdown
from tests.conftest import missing
from tests.drafts.formats.word_texts import BASE, out
from tests.support.office import converted, office
from tests.support.word import InWord

ODT = """<office:document-content xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0"
 xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0" xmlns:style="urn:oasis:names:tc:opendocument:xmlns:style:1.0"
 xmlns:fo="urn:oasis:names:tc:opendocument:xmlns:xsl-fo-compatible:1.0"
 xmlns:table="urn:oasis:names:tc:opendocument:xmlns:table:1.0">
<office:automatic-styles><style:style style:name="T1"><style:text-properties fo:font-weight="bold"/></style:style>
<text:list-style style:name="L1"><text:list-level-style-number/></text:list-style></office:automatic-styles>
<office:body><office:text><text:tracked-changes><text:p>gone</text:p></text:tracked-changes>
<text:h text:outline-level="1">Water</text:h>
<text:p>Towns <text:span text:style-name="T1">share</text:span><text:s text:c="2"/>it.<text:note><text:note-citation>1</text:note-citation><text:note-body><text:p>By law.</text:p></text:note-body></text:note></text:p>
<text:list text:style-name="L1"><text:list-item><text:p>One.</text:p></text:list-item><text:list-item><text:p>Two.</text:p></text:list-item></text:list>
<table:table><table:table-row><table:table-cell><text:p>Town</text:p></table:table-cell><table:table-cell><text:p>Wells</text:p></table:table-cell></table:table-row>
<table:table-row><table:table-cell><text:p>Lyon</text:p></table:table-cell><table:table-cell><text:p>12</text:p></table:table-cell></table:table-row></table:table>
</office:text></office:body></office:document-content>"""  # noqa: E501  (spaces between elements would be words)


def told(text):
    names = iter(range(1000))
    document = markdown(text, language=Language.EN, new_id=lambda: f"n{next(names)}")
    return [(block.kind.value, block.level, block.text) for block in document]


def as_markdown_has_it(document):
    """Parts of a declaration are told apart later; a reference has become the number it printed."""
    prose = {BlockKind.PREAMBLE, BlockKind.CHAPEAU, BlockKind.CLOSING, BlockKind.PLACE_DATE}
    return sorted(
        ("paragraph" if one.kind in prose else one.kind.value, one.level, one.text.replace("[](#b-o1)", "1"))
        for one in document
    )


def test_a_text_that_went_out_is_the_same_first_text():
    assert sorted(told(first_text(read(out())))) == as_markdown_has_it(BASE)


def test_tracked_changes_are_taken_as_accepted():
    data = InWord(out()).replace("sell it", "give it away").delete_paragraph("Every fountain").save()
    said = first_text(read(data))
    assert "They shall not give it away." in said
    assert "sell it" not in said
    assert "fountain" not in said


def test_the_first_heading_is_the_title_where_there_is_none():
    file = docx.Document()
    file.add_heading("Water", 1)
    file.add_paragraph("Towns share it.")
    file.add_paragraph("Wells", style="List Bullet")
    made = io.BytesIO()
    file.save(made)
    assert told(first_text(read(made.getvalue()))) == [
        ("title", 0, "Water"),
        ("paragraph", 0, "Towns share it."),
        ("bullet", 0, "Wells"),
    ]


def test_dashes_and_dots_that_somebody_typed_are_a_list():
    file = docx.Document()
    for words in ("1. Towns repair:", "- their wells;", "•\ttheir pumps.", "-5 °C is no list."):
        file.add_paragraph(words)
    made = io.BytesIO()
    file.save(made)
    assert told(first_text(read(made.getvalue()))) == [
        ("operative", 0, "Towns repair:"),
        ("bullet", 0, "their wells;"),
        ("bullet", 0, "their pumps."),
        ("paragraph", 0, "-5 °C is no list."),
    ]


def test_an_open_document_is_read_with_its_lists_notes_and_tables():
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as file:
        file.writestr("content.xml", ODT)
    assert told(first_text(odt.read(made.getvalue()))) == [
        ("title", 0, "Water"),
        ("paragraph", 0, "Towns **share** it.[^1]"),
        ("operative", 0, "One."),
        ("operative", 0, "Two."),
        ("table", 0, "| Town | Wells |\n|---|---|\n| Lyon | 12 |"),
        ("note", 0, "[^1]: By law."),
    ]


@pytest.mark.long
def test_what_libreoffice_saves_as_open_document_is_the_same_text(tmp_path):
    if not office():
        missing("LibreOffice")
    found = sorted(told(first_text(odt.read(converted(out(), "odt", tmp_path)))))
    words = {text for _, _, text in found}
    assert {one for one in words if "fountain" in one} == {BASE.block("o4").text}
    assert ("title", 0, "Declaration of Vallemar") in found
    assert ("operative", 0, BASE.block("o3").text) in found


def test_words_struck_through_by_hand_stay_in_a_first_draft_where_nobody_could_be_told():
    file = docx.Document()
    paragraph = file.add_paragraph("Towns shall respect ")
    paragraph.add_run("all ").font.strike = True
    paragraph.add_run("water.")
    data = io.BytesIO()
    file.save(data)
    assert "Towns shall respect all water." in first_text(read(data.getvalue(), keeps_struck=True))


def test_what_the_style_of_a_paragraph_hides_is_none_of_its_words():
    document = docx.Document()
    hiding = document.styles.add_style("Hiding", WD_STYLE_TYPE.PARAGRAPH)
    hiding.font.hidden = True
    below = document.styles.add_style("Below", WD_STYLE_TYPE.PARAGRAPH)
    below.base_style = hiding
    document.add_paragraph("Towns rest.")
    document.add_paragraph("Towns close wells.", below)
    document.add_paragraph("Towns close ", hiding).add_run("wells open.").font.hidden = False
    cell = document.add_table(1, 1).cell(0, 0)
    cell.paragraphs[0].style, cell.paragraphs[0].text = hiding, "Towns close taps."
    cell.add_paragraph("Towns mend taps.")
    content = io.BytesIO()
    document.save(content)
    found = read(content.getvalue())
    assert [oddity.what for oddity in found.oddities] == [Oddity.HIDDEN] * 3
    text = first_text(found)
    assert [word for word in ("rest", "open", "mend", "close") if word in text] == ["rest", "open", "mend"]
