"""Glossaries, memories and translators' files: what goes out comes back, and what is damaged is named by its line."""

import re

import pytest

from drafts.base.errors import BadExchange
from drafts.formats import glossary_csv, tmx, xliff
from drafts.formats.xliff import (
    CodeEdge,
    InlineCode,
    UnitProgress,
    XliffDocument,
    XliffUnit,
    XliffVersion,
    coded_pieces,
    restore_codes,
)
from drafts.text.blocks import Language

ES, EN, FR = Language
MARKED = (
    "Towns **shall *all* share** [water](https://water.example/en) under [](#b-1)[^1] `x*y`,\\\nat 10\u00a0% & <more>."
)
TARGET = "Les villes **partagent** l’[eau](https://water.example/fr)[^1]."


def exchange(*units):
    return XliffDocument("d1", "third-forum/declaration", 4, EN, FR, units)


def unit(source=MARKED, target=TARGET, **more):
    return XliffUnit("b1", "Paragraph 1", source, target, "v1", "v2" if target else "", UnitProgress.TRANSLATED, **more)


@pytest.mark.parametrize("form", XliffVersion)
def test_a_unit_that_goes_out_comes_back_byte_for_byte(form):
    sent = exchange(unit(), unit(source="Plain.", target=""))
    back = xliff.read(xliff.write(sent, form))
    assert (back.declaration, back.source, back.target) == ("d1", EN, FR)
    first, second = back.units
    assert (first.block, first.source_version, first.target_version) == ("b1", "v1", "v2")
    assert restore_codes(first.target, MARKED, TARGET).text == TARGET
    assert second.target is None


@pytest.mark.parametrize("text", [MARKED, "", "a * b", "**open", "[x](y) [](#b-2) [^a]", "«**x**» (_y_)", "\\*no\\*"])
def test_words_and_codes_in_their_order_are_the_text(text):
    parts = coded_pieces(text)
    assert "".join(one if isinstance(one, str) else one.mark for one in parts) == text
    assert restore_codes(parts, text).text == text


def test_codes_are_what_they_were_in_the_source_wherever_a_tool_moves_them():
    made = restore_codes(
        [
            "De l’",
            InlineCode("3", CodeEdge.OPENS),
            "eau",
            InlineCode("3", CodeEdge.CLOSES),
            InlineCode("5", CodeEdge.ALONE),
        ],
        MARKED,
    )
    assert made.text == "De l’[eau](https://water.example/en)[^1]"
    assert set(made.lost) == {"1", "2", "4", "6", "7", "8"}


def test_a_code_that_nobody_knows_is_named():
    assert restore_codes(["x", InlineCode("99", CodeEdge.ALONE)], MARKED).unknown == ("99",)


def test_a_unit_carries_its_notes_and_its_progress():
    written = xliff.write(exchange(unit(notes=("What changed: 3 → 4",)))).decode()
    assert 'state="translated"' in written
    assert "What changed: 3 → 4" in written
    assert 'canResegment="no"' in written


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"no xml",
        b"<xliff/>",
        b"<a xmlns='urn:oasis:names:tc:xliff:document:2.0'/>",
        b"<!DOCTYPE xliff [<!ENTITY a 'b'>]><xliff xmlns='urn:oasis:names:tc:xliff:document:2.0'><file/></xliff>",
        b"<xliff xmlns='urn:oasis:names:tc:xliff:document:2.0' srcLang='de' trgLang='fr'><file id='f'/></xliff>",
    ],
)
def test_what_is_no_file_of_ours_is_refused_with_a_line(data):
    with pytest.raises(BadExchange) as refused:
        xliff.read(data)
    assert refused.value.facts["line"] >= 1


def test_a_memory_goes_out_and_comes_back():
    units = [
        tmx.TranslationUnit({EN: MARKED, FR: TARGET, ES: "Ciudades."}, origin="Charter", before={EN: "abc"}),
        tmx.TranslationUnit({EN: "Trees.", FR: "Arbres."}),
    ]
    assert list(tmx.read(tmx.write(units, source=EN))) == units
    assert b'srclang="*all*"' in tmx.write(units, source=EN)


def test_a_memory_of_another_tool_gives_its_words_without_its_codes():
    data = b"""<?xml version="1.0"?><tmx version="1.4"><header creationtool="Other" srclang="en"/><body>
    <tu><tuv xml:lang="EN-GB"><seg>Towns <bpt i="1">&lt;b&gt;</bpt>share<ept i="1">&lt;/b&gt;</ept> it.</seg></tuv>
        <tuv xml:lang="fr-FR"><seg>Les villes <hi>la</hi> partagent.</seg></tuv>
        <tuv xml:lang="de"><seg>Teilen.</seg></tuv></tu>
    <tu><tuv xml:lang="en"><seg>Alone.</seg></tuv></tu></body></tmx>"""
    assert list(tmx.read(data)) == [tmx.TranslationUnit({EN: "Towns share it.", FR: "Les villes la partagent."})]


@pytest.mark.parametrize("data", [b"", b"<html/>", b"<tmx><body><tu>", b"<!DOCTYPE tmx [<!ENTITY a 'b'>]><tmx/>"])
def test_what_is_no_memory_is_refused(data):
    with pytest.raises(BadExchange):
        list(tmx.read(data))


GLOSSARY = (
    'Español;English;fr;note;forbidden_fr;keep\r\n'
    'proponente / patrocinador;sponsor (tabler);auteur / parrain;;parrainage;\r\n'
    'presentar (una enmienda);to table (an amendment);déposer (un amendement);"a; b";;\r\n'
    "CGLU;UCLG;CGLU;;;yes\r\n;;;;;\r\n"
)  # fmt: skip


def test_a_glossary_is_read_whatever_its_separator_and_names_and_written_again():
    entries = glossary_csv.read(GLOSSARY)
    assert [entry.wordings[ES] for entry in entries] == [
        ("proponente", "patrocinador"),
        ("presentar (una enmienda)",),
        ("CGLU",),
    ]
    assert entries[0].forbidden == {FR: ("parrainage",)}
    assert entries[1].note == "a; b"
    assert entries[2].is_kept
    assert glossary_csv.read(glossary_csv.write(entries)) == entries


def test_the_checks_look_for_a_wording_without_what_hangs_on_it():
    sponsor, table, _ = (entry.term() for entry in glossary_csv.read(GLOSSARY))
    assert sponsor.en == ("sponsor", "tabler")
    assert table.en == ("table",)
    assert table.es == ("presentar",)


@pytest.mark.parametrize("text", ["", "es,de\r\na,b\r\n", f"es,en\r\na,{'b' * 401}\r\n", "es,en\r\na,b,c\r\n"])
def test_what_is_no_glossary_is_refused_with_its_line(text):
    with pytest.raises(BadExchange) as refused:
        glossary_csv.read(text)
    assert refused.value.facts["line"] >= 1


def test_a_column_that_stands_twice_is_refused():
    with pytest.raises(BadExchange) as refused:
        glossary_csv.read("es,en,English\r\na,b,c\r\n")
    assert refused.value.facts == {"reason": "doubled_column", "given": "en"}


@pytest.mark.parametrize("form", XliffVersion)
def test_a_tool_that_drops_the_declaration_of_our_names_loses_nothing_by_it(form):
    written = xliff.write(exchange(unit()), form)
    returned = re.sub(rb' xmlns:dw="[^"]*"', b"", written)
    assert returned != written
    assert xliff.read(returned) == xliff.read(written)
