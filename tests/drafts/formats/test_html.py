"""HTML: files that stand alone, say their languages, and let nothing in a text act."""

import re
from itertools import pairwise

import pytest

from drafts.formats import html
from drafts.formats.assembly import EditionWording
from drafts.text.blocks import BlockKind, Language


@pytest.mark.parametrize("language", Language)
def test_a_page_holds_every_paragraph_of_its_language_in_order(declaration, language, spoken, words_of_html):
    found, start = spoken(words_of_html(html.page(declaration, language))), 0
    for row in declaration.rows:
        cell = row.cells[language]
        if isinstance(cell, EditionWording) and row.kind is not BlockKind.NOTE:
            assert (start := found.find(spoken(cell.printed), start)) >= 0, row.id


def test_the_parallel_page_holds_every_paragraph_in_its_language(declaration, spoken, words_of_html):
    page = html.parallel(declaration).decode()
    cells = re.findall(r'<div class="text" data-col="(\w\w)" lang="(\w\w)"[^>]*>(.*?)</div>', page, re.DOTALL)
    assert all(column == language for column, language, _ in cells)
    for language in Language:
        said = [spoken(words_of_html(cell.encode())) for column, _, cell in cells if column == language]
        for row in declaration.rows:
            cell = row.cells[language]
            if isinstance(cell, EditionWording) and row.kind is BlockKind.OPERATIVE:
                assert spoken(cell.printed) in said


def test_a_page_stands_alone(declaration):
    page = html.page(declaration, Language.ES).decode()
    assert "<script" not in page
    assert not re.findall(r"""(?:src|href)=["'](?!#|https://planos\.example)""", page)
    assert not re.findall(r"""url\((?!"data:font/woff2;)""", page)
    assert len(page) < 450_000


def test_a_page_can_be_read_by_keyboard_and_ear(declaration):
    page = html.page(declaration, Language.FR).decode()
    assert '<html lang="fr">' in page
    assert '<a class="skip" href="#text">' in page
    assert '<a class="no" id="p3" href="#p3" aria-label="Paragraphe 3">3</a>' in page
    levels = [int(level) for level in re.findall(r"<h([1-6])", page)]
    assert levels[0] == 1
    assert all(deeper <= upper + 1 for upper, deeper in pairwise(levels))


def test_references_lead_to_the_paragraph_they_name(declaration):
    page = html.page(declaration, Language.EN).decode()
    assert re.search(r'paragraph\s<a[^>]*href="#b-o1"[^>]*>1</a>', page)
    assert 'id="b-o1"' in page


def test_a_footnote_mark_leads_to_its_note_in_the_same_language(declaration):
    page = html.parallel(declaration).decode()
    for language in Language:
        assert f'href="#{language}-note-1"' in page
        assert page.count(f'id="{language}-note-1"') == 1


def test_every_link_within_a_file_arrives_and_no_address_is_given_twice(declaration):
    for page in (html.page(declaration, Language.FR).decode(), html.parallel(declaration).decode()):
        targets = re.findall(r' id="([^"]+)"', page)
        assert len(targets) == len(set(targets))
        assert set(re.findall(r'href="#([^"]+)"', page)) <= set(targets)


def test_a_paragraph_absent_by_decision_says_so_with_its_reason(declaration, words_of_html):
    words = words_of_html(html.page(declaration, Language.EN))
    assert "Absent in English by decision: the remark concerns only Spanish and French" in words


@pytest.mark.parametrize(
    "paragraph",
    ["<script>alert(1)</script>", '<img src=x onerror="alert(1)">', '"><svg onload=alert(1)>', "&lt;b&gt; & co"],
)
def test_markup_in_a_text_is_printed_as_it_is_written(edition_of, paragraph):
    for page in (html.page(edition_of(paragraph), Language.EN), html.parallel(edition_of(paragraph))):
        assert b"<script" not in page
        assert b"<img" not in page
        assert b"<svg onload" not in page


def test_only_web_and_mail_addresses_become_links(edition_of):
    text = edition_of("[a](https://a.example) [b](mailto:b@b.example) [c](javascript:alert(1)) [d](ftp://d.example)")
    targets = set(re.findall(r'href="(?!#)([^"]*)"', html.page(text, Language.EN).decode()))
    assert targets == {"https://a.example", "mailto:b@b.example"}


def test_names_are_escaped_too(edition_of, hostile_imprint):
    for page in (html.page(edition_of("One.", imprint=hostile_imprint), Language.EN),):
        assert b"<script" not in page


@pytest.mark.parametrize("make", [lambda text: html.page(text, Language.FR), html.parallel])
def test_the_same_text_gives_the_same_bytes(declaration, make):
    assert make(declaration) == make(declaration)
