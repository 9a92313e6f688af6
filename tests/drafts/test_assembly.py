"""A revision becomes the text of an edition: numbers, references, absences, hashes."""

from datetime import date

import pytest

from drafts.base.errors import UnknownBlock
from drafts.formats.assembly import (
    Absence,
    Authenticity,
    EditionWording,
    Imprint,
    MissingText,
    RevisionRow,
    edition_text,
)
from drafts.text.blocks import BlockKind, Language, content_hash

ES, EN, FR = Language
NAMES = dict.fromkeys(Language, "Vallemar")
IMPRINT = Imprint(forum=NAMES, declaration=NAMES, place=NAMES, date=date(2027, 7, 1))


def paragraph(block, words, kind=BlockKind.OPERATIVE, level=0, **others):
    texts = {language: others.get(language, words) for language in Language}
    return RevisionRow(id=block, kind=kind, texts=texts, level=level)


def printed(text, language):
    return [row.cells[language].printed for row in text.rows]


def test_numbers_are_the_same_in_every_language_also_where_one_lacks_a_paragraph():
    silent = RevisionRow(id="b", kind=BlockKind.OPERATIVE, texts={ES: "Dos."}, absent={EN: "no need", FR: "no need"})
    text = edition_text([paragraph("a", "One."), silent, paragraph("c", "Three.")], IMPRINT)
    assert [row.number for row in text.rows] == ["1", "2", "3"]
    assert text.rows[1].cells == {
        ES: EditionWording(text="Dos.", printed="Dos.", content_hash=content_hash("Dos.")),
        EN: Absence("no need"),
        FR: Absence("no need"),
    }


def test_references_are_printed_as_each_language_prints_numbers():
    rows = [
        paragraph("a", "See [](#b-b)."),
        paragraph("b", "first", kind=BlockKind.ITEM, level=1),
    ]
    text = edition_text(rows, IMPRINT)
    assert [printed(text, language)[0] for language in Language] == ["See 1 a).", "See 1(a).", "See 1 a)."]
    assert text.rows[0].cells[EN].text == "See [](#b-b)."
    assert text.rows[0].cells[EN].content_hash == content_hash("See [](#b-b).")


def test_code_is_printed_as_it_stands():
    fence = "```\n[](#b-a)\n```"
    text = edition_text([paragraph("a", "One."), paragraph("k", fence, kind=BlockKind.CODE)], IMPRINT)
    assert printed(text, FR)[1] == fence


@pytest.mark.parametrize(
    ("words", "target"), [("[](#b-gone)", "gone"), ("[the annex](#b-gone)", "gone"), ("[](#b-h)", "h")]
)
def test_a_reference_that_leads_nowhere_or_has_no_number_to_print_is_refused(words, target):
    rows = [paragraph("h", "Part", kind=BlockKind.HEADING, level=1), paragraph("a", f"See {words}.")]
    with pytest.raises(UnknownBlock) as refusal:
        edition_text(rows, IMPRINT)
    assert refusal.value.facts == {"block": target}


def test_a_reference_with_words_of_its_own_keeps_them():
    rows = [paragraph("h", "Part", kind=BlockKind.HEADING, level=1), paragraph("a", "See [the part](#b-h).")]
    assert printed(edition_text(rows, IMPRINT), EN)[1] == "See [the part](#b-h)."


def test_a_text_that_is_missing_without_a_decision_is_refused():
    with pytest.raises(MissingText) as refusal:
        edition_text([RevisionRow(id="a", kind=BlockKind.OPERATIVE, texts={ES: "Uno.", EN: "One."})], IMPRINT)
    assert refusal.value.facts == {"block": "a", "language": "fr"}


def test_the_fingerprint_changes_with_any_word_order_or_level():
    one, two = paragraph("a", "One."), paragraph("b", "Two.")
    texts = [
        edition_text(rows, IMPRINT)
        for rows in (
            [one, two],
            [two, one],
            [one, paragraph("b", "Two.", fr="Deux.")],
            [one, paragraph("b", "Two.", kind=BlockKind.PARAGRAPH)],
            [one, paragraph("b", "Two.", kind=BlockKind.PARAGRAPH, level=1)],
        )
    ]
    assert len({text.fingerprint for text in texts}) == len(texts)


def test_a_closing_clause_in_the_text_is_noticed():
    assert edition_text([paragraph("c", "Done at …", kind=BlockKind.CLOSING)], IMPRINT).has_closing
    assert not edition_text([paragraph("a", "One.")], IMPRINT).has_closing


@pytest.mark.parametrize(("authenticity", "authoritative"), [(Authenticity.EQUAL, ES), (Authenticity.PREVAILING, None)])
def test_one_language_is_authoritative_exactly_when_the_texts_are_not_equal(authenticity, authoritative):
    with pytest.raises(ValueError, match="authoritative"):
        Imprint(NAMES, NAMES, NAMES, date(2027, 7, 1), authenticity=authenticity, authoritative=authoritative)
