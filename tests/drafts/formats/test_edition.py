"""The whole edition: its files, their names, Markdown, JSON, and the manifest they are verified by."""

import hashlib
import io
import json
import re
import shutil
import subprocess
import time
import zipfile

import pytest
from msgspec.structs import replace

from drafts.formats import text_formats
from drafts.formats.assembly import CorrectedEdition, EditionWording
from drafts.formats.edition import THREE, edition_file, edition_files
from drafts.text.blocks import BlockKind, Language
from tests.conftest import missing
from tests.drafts.formats.conftest import IMPRINT

NAMES = [
    "HOW-TO-VERIFY.txt",
    "declaration.en.akn.xml",
    "declaration.en.docx",
    "declaration.en.html",
    "declaration.en.md",
    "declaration.en.pdf",
    "declaration.en.txt",
    "declaration.es-en-fr.docx",
    "declaration.es-en-fr.html",
    "declaration.es-en-fr.pdf",
    "declaration.es.akn.xml",
    "declaration.es.docx",
    "declaration.es.html",
    "declaration.es.md",
    "declaration.es.pdf",
    "declaration.es.txt",
    "declaration.fr.akn.xml",
    "declaration.fr.docx",
    "declaration.fr.html",
    "declaration.fr.md",
    "declaration.fr.pdf",
    "declaration.fr.txt",
    "declaration.json",
    "manifest.json",
]


@pytest.fixture(scope="module")
def files(declaration):
    return edition_files(declaration)


def test_an_edition_has_every_form_in_every_language(files):
    assert sorted(files) == NAMES


def test_the_same_text_gives_the_same_files(declaration, files):
    assert edition_files(declaration) == files


def test_a_whole_edition_takes_less_than_three_seconds(declaration):
    start = time.process_time()
    edition_files(declaration)
    assert time.process_time() - start < 3


def test_the_manifest_has_the_hash_of_every_other_file(files):
    manifest = json.loads(files["manifest.json"])
    others = {name: hashlib.sha256(data).hexdigest() for name, data in files.items() if name != "manifest.json"}
    assert manifest["files"] == others


def test_the_manifest_has_the_hash_of_every_paragraph_and_a_gap_where_one_is_absent(files):
    paragraphs = {paragraph["id"]: paragraph for paragraph in json.loads(files["manifest.json"])["paragraphs"]}
    spanish = "Talleres al alcance"
    assert paragraphs["h1"]["sha256"]["es"] == hashlib.sha256(spanish.encode()).hexdigest()
    assert paragraphs["o10"]["sha256"]["en"] is None
    assert paragraphs["o10"]["number"] == "10"


def test_the_manifest_is_canonical_json(files):
    data = json.loads(files["manifest.json"])
    canonical = json.dumps(data, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    assert files["manifest.json"].decode() == canonical


def test_the_fingerprint_can_be_made_again_from_the_manifest(files, declaration):
    manifest = json.loads(files["manifest.json"])
    lines = [[one["id"], one["kind"], one["level"], one["sha256"]] for one in manifest["paragraphs"]]
    made = hashlib.sha256(json.dumps(lines, sort_keys=True, separators=(",", ":")).encode()).hexdigest()
    assert made == manifest["fingerprint"] == declaration.fingerprint


def test_json_holds_every_wording_with_the_hash_of_its_text(declaration):
    data = json.loads(text_formats.edition_json(declaration))
    assert data["date"] == "2027-07-01"
    assert len(data["paragraphs"]) == len(declaration.rows)
    for paragraph in data["paragraphs"]:
        for cell in paragraph["texts"].values():
            assert "absent" in cell or cell["sha256"] == hashlib.sha256(cell["text"].encode()).hexdigest()
    by_id = {paragraph["id"]: paragraph["texts"] for paragraph in data["paragraphs"]}
    assert by_id["o10"]["en"] == {"absent": "the remark concerns only Spanish and French"}
    assert by_id["o3"]["en"]["text"].startswith("We will devote to the workshops described in paragraph [](#b-o1)")
    assert by_id["o3"]["en"]["printed"].startswith("We will devote to the workshops described in paragraph 1 ")


@pytest.mark.parametrize("language", Language)
def test_markdown_holds_every_paragraph_in_order(declaration, language, spoken):
    found, start = spoken(text_formats.markdown_page(declaration, language).decode()), 0
    for row in declaration.rows:
        cell = row.cells[language]
        if isinstance(cell, EditionWording) and row.kind is not BlockKind.TITLE:
            assert (start := found.find(spoken(cell.printed), start)) >= 0, row.id


def test_markdown_has_a_table_of_contents_whose_lines_lead_to_headings(declaration):
    page = text_formats.markdown_page(declaration, Language.ES).decode()
    assert "**Índice**\n\n- [Talleres al alcance](#talleres-al-alcance)\n" in page
    assert "\n## Talleres al alcance\n" in page


def test_markdown_keeps_the_number_of_a_paragraph_that_is_absent(declaration):
    page = text_formats.markdown_page(declaration, Language.EN).decode()
    assert "10. *Absent in English by decision: the remark concerns only Spanish and French*" in page
    assert "11. We ask development banks" in page


def test_markdown_ends_with_the_closing_clause_before_the_annexes(declaration):
    page = text_formats.markdown_page(declaration, Language.ES).decode()
    assert page.index("Hecho en Vallemar") < page.index("## Anexo: la medida común")


@pytest.mark.parametrize(
    ("language", "adopted", "numbered"),
    [
        (
            Language.ES,
            "Adoptada en Vallemar el 1 de julio de 2027",
            ("Edición 1", "Edición 2, que corrige la edición 1"),
        ),
        (Language.EN, "Adopted at Vallemar on 1 July 2027", ("Edition 1", "Edition 2, which corrects edition 1")),
        (
            Language.FR,
            "Adoptée à Vallemar le 1er juillet 2027",
            ("Édition 1", "Édition 2, qui corrige l’édition 1"),
        ),
    ],
)
def test_every_form_says_when_the_text_was_adopted_and_which_edition_it_is(
    *, edition_of, language, adopted, numbered, words_of_pdf, words_of_html
):
    imprint = replace(IMPRINT, edition=2, corrects=CorrectedEdition(1, "ab" * 32))
    for of, number in zip((IMPRINT, imprint), numbered, strict=True):
        text = edition_of("Vallemar, 1 July 2027", kind=BlockKind.PLACE_DATE, imprint=of)
        wide, own = (
            {form: edition_file(text, f"declaration.{which}.{form}") for form in ("docx", "html", "pdf", "md", "txt")}
            for which in (THREE, language)
        )
        said = {
            **{form: data.decode() for form, data in own.items() if form in ("md", "txt")},
            **{("pdf", id(files)): words_of_pdf(files["pdf"]) for files in (own, wide)},
            **{("html", id(files)): words_of_html(files["html"]) for files in (own, wide)},
            **{("docx", id(files)): words_of_docx(files["docx"]) for files in (own, wide)},
        }
        for form, words in said.items():
            plain = "".join(words.split())
            assert "".join(adopted.split()) in plain, form
            assert "".join(number.split()) in plain, form


def words_of_docx(data):
    """Those of paragraphs and cells."""
    return re.sub(r"<[^>]*>", "", zipfile.ZipFile(io.BytesIO(data)).read("word/document.xml").decode())


def test_the_guide_finds_every_file_of_an_edition_that_corrects_another_as_it_is_listed(edition_of, tmp_path):
    if shutil.which("sha256sum") is None:
        missing("sha256sum")
    imprint = replace(edition_of("Towns share water.").imprint, edition=2, corrects=CorrectedEdition(1, "ab" * 32))
    made = edition_files(edition_of("Towns share water.", imprint=imprint))
    for name, content in made.items():
        (tmp_path / name).write_bytes(content)
    [command] = re.findall(r"\(2\)  (grep.+?-c)\n", made["HOW-TO-VERIFY.txt"].decode(), re.DOTALL)
    told = subprocess.run(["/bin/sh", "-c", command], cwd=tmp_path, capture_output=True, text=True, check=True)
    assert {line.removesuffix(": OK") for line in told.stdout.splitlines()} == set(made) - {"manifest.json"}
