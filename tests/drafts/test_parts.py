"""Each paragraph of a declaration is told apart by its first words and its place, in three languages."""

import itertools

import pytest

from drafts.text.block_roles import classify
from drafts.text.blocks import BlockKind, Language
from drafts.text.markup import read_blocks

K = BlockKind


def parts(source, language):
    ids = itertools.count()
    return [block.kind for block in classify(read_blocks(source, language=language, new_id=lambda: str(next(ids))))]


SPANISH = """\
# Declaración de Puerto Claro

Puerto Claro, 14 de mayo de 2027

Nosotras, las ciudades de la Ribera, reunidas en Puerto Claro,

Recordando la Carta de los Manantiales,

Asimismo, conscientes de que el agua escasea,

1. Nos comprometemos a medir los manantiales.

2. Reconociendo su valor, instamos a cuidarlos.

Hecho en Puerto Claro el 14 de mayo de 2027.

## Anexo I

Recordando lo acordado.
"""

ENGLISH = """\
# Declaration of Puerto Claro

Puerto Claro, 14 May 2027

We, the cities of the Ribera, gathered in Puerto Claro,

*Recalling* the Charter of Springs,

Also mindful that water is scarce,

1. We commit to measuring the springs.

2. Recognising their worth, we urge all to care for them.

Done at Puerto Claro on 14 May 2027.

## Annex I

Recalling what was agreed.
"""

FRENCH = """\
# Déclaration de Puerto Claro

Puerto Claro, le 14 mai 2027

Nous, villes de la Ribera, réunies à Puerto Claro,

Rappelant la Charte des sources,

Conscientes également que l’eau est rare,

1. Nous nous engageons à mesurer les sources.

2. Reconnaissant leur valeur, nous demandons d’en prendre soin.

Fait à Puerto Claro, le 14 mai 2027.

## Annexe I

Rappelant ce qui a été convenu.
"""

EXPECTED = [
    *(K.TITLE, K.PLACE_DATE, K.CHAPEAU, K.PREAMBLE, K.PREAMBLE, K.OPERATIVE, K.OPERATIVE, K.CLOSING),
    *(K.ANNEX, K.PARAGRAPH),
]


@pytest.mark.parametrize(("source", "language"), [(SPANISH, "es"), (ENGLISH, "en"), (FRENCH, "fr")])
def test_a_declaration_has_the_same_parts_in_every_language(source, language):
    assert parts(source, Language(language)) == EXPECTED


@pytest.mark.parametrize(
    ("heading", "language"), [("Preámbulo", "es"), ("Preamble", "en"), ("1. Préambule", "fr"), ("**PREAMBLE**", "en")]
)
def test_everything_under_a_heading_of_that_name_is_preamble(heading, language):
    source = f"# T\n\n## {heading}\n\nWater is life.\n\n## Part\n\n1. We act.\n\nWater is life."

    assert parts(source, Language(language)) == [
        *(K.TITLE, K.HEADING, K.PREAMBLE, K.HEADING, K.OPERATIVE, K.PARAGRAPH),
    ]


def test_paragraphs_of_a_text_that_numbers_none_are_operative():
    opening = "# T\n\nWe, the cities,\n\nRecalling our Charter,\n\n"
    source = opening + "We commit to shade.\n\nWe urge all to plant.\n\n## Annex\n\nA list."

    assert parts(source, Language.EN) == [
        *(K.TITLE, K.CHAPEAU, K.PREAMBLE, K.OPERATIVE, K.OPERATIVE, K.ANNEX, K.PARAGRAPH),
    ]


def test_a_commitment_that_begins_with_we_is_no_chapeau():
    assert parts("# T\n\nWe commit to planting trees.", Language.EN) == [K.TITLE, K.OPERATIVE]


def test_a_word_that_only_begins_like_a_participle_opens_no_preamble():
    assert parts("# T\n\n1. One.\n\nNotation is explained below.", Language.EN)[-1] is K.PARAGRAPH
    assert parts("# T\n\nVistazo general.\n\n1. Uno.", Language.ES)[1] is K.PARAGRAPH


def test_words_of_a_closing_early_in_a_text_close_nothing():
    source = "# T\n\nAdopted in 2019, the Charter guides us.\n\n1. One.\n\n2. Two.\n\n3. Three."

    assert parts(source, Language.EN)[1] is K.PARAGRAPH


def test_signatories_after_the_closing_belong_to_it():
    assert parts("# T\n\n1. One.\n\n2. Two.\n\nDone at Puerto Claro.\n\nFor the cities: A. Mar", Language.EN)[-2:] == [
        K.CLOSING,
        K.CLOSING,
    ]


def test_a_further_paragraph_of_an_item_keeps_its_place_in_it():
    assert parts("# T\n\n1. One.\n\n   Recalling that, we go on.", Language.EN)[-1] is K.PARAGRAPH


def test_ids_texts_and_levels_stay_and_telling_twice_changes_nothing():
    ids = itertools.count()
    document = read_blocks(ENGLISH, language=Language.EN, new_id=lambda: str(next(ids)))
    told = classify(document)

    assert [(b.id, b.text, b.level) for b in told] == [(b.id, b.text, b.level) for b in document]
    assert classify(told) == told
