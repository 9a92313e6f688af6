"""Three texts written apart are put into rows, and a paragraph that one of them lacks shifts nothing."""

import itertools

import pytest

from drafts.languages.alignment import Doubt, align, doubtful
from drafts.text.blocks import Document, Language
from drafts.text.markup import read_blocks

ES, EN, FR = Language.ES, Language.EN, Language.FR

SPANISH = """\
# Declaración de Puerto Claro sobre el agua

## Preámbulo

Recordando la Carta de los Manantiales de 2019,

Conscientes de que la sequía no golpea a todos los barrios por igual,

Así pues,

## Artículo 1

Toda persona tiene derecho a beber agua limpia cerca de su casa.

## Artículo 2

Las ciudades medirán cada año sus 140 manantiales y publicarán los resultados.

Nadie pagará por consultar esos resultados.

Las escuelas recibirán un ejemplar impreso.

## Artículo 3

La red de ciudades se reunirá en Puerto Claro antes del 1 de marzo de 2029.

- programas de sombra para las plazas
- mapas de las fuentes de los mercados
- bancos en todas las paradas
"""

ENGLISH = """\
# Puerto Claro Declaration on Water

## Preamble

Recalling the 2019 Charter of Springs,

Aware that drought does not strike every neighbourhood alike,

Therefore,

## Article 1

Everyone has the right to drink clean water close to home.

## Article 2

Cities shall measure their 140 springs every year and publish the results.

No one shall pay to consult those results.

Schools shall receive a printed copy.

## Article 3

The network of cities shall meet in Puerto Claro before 1 March 2029.

- programmes of shade for the squares
- maps of the fountains in the markets
- benches at every stop
"""

FRENCH = """\
# Déclaration de Puerto Claro sur l’eau

## Préambule

Rappelant la Charte des sources de 2019,

Conscientes que la sécheresse ne frappe pas tous les quartiers de la même manière,

En conséquence,

## Article premier

Toute personne a le droit de boire une eau propre près de chez elle.

## Article 2

Les villes mesurent chaque année leurs 140 sources et publient les résultats.

Nul ne paie pour consulter ces résultats.

Les écoles reçoivent un exemplaire imprimé.

## Article 3

Le réseau des villes se réunit à Puerto Claro avant le 1er mars 2029.

- des programmes d’ombre pour les places
- des plans des fontaines des marchés
- des bancs à tous les arrêts
"""

SOURCES = {ES: SPANISH, EN: ENGLISH, FR: FRENCH}


def document(language, without=()):
    """A text whose block ids are the places of its paragraphs in the whole."""
    ids = itertools.count()
    whole = read_blocks(SOURCES[language], language=language, new_id=lambda: str(next(ids)))
    return Document(tuple(block for block in whole if int(block.id) not in without), language)


def places(rows):
    """For each row the place of its block in the whole text, per language."""
    blocks = [[row.block(language) for language in Language] for row in rows]
    return [[int(block.id) if block else None for block in row] for row in blocks]


WHOLE = range(len(document(ES)))


def test_a_text_alone_leaves_nothing_to_doubt():
    assert doubtful(align({ES: document(ES)})) == ()


def test_texts_with_the_same_paragraphs_stand_side_by_side():
    rows = align({language: document(language) for language in Language})

    assert places(rows) == [[place] * 3 for place in WHOLE]
    assert doubtful(rows) == ()


@pytest.mark.parametrize("language", list(Language))
@pytest.mark.parametrize("lacking", [[2], [4], [6], [9], [10], [12], [14], [9, 14], [5, 6]])
def test_a_paragraph_that_one_language_lacks_shifts_nothing(language, lacking):
    texts = {other: document(other, without=lacking if other is language else ()) for other in Language}

    rows = align(texts)

    assert places(rows) == [
        [None if other is language and place in lacking else place for other in Language] for place in WHOLE
    ]
    assert doubtful(rows) == tuple(lacking)


def test_paragraphs_that_different_languages_lack_shift_nothing():
    rows = align({ES: document(ES, [4]), EN: document(EN, [9]), FR: document(FR, [14])})

    lacking = {(4, 0), (9, 1), (14, 2)}
    assert places(rows) == [[None if (place, n) in lacking else place for n in range(3)] for place in WHOLE]


def test_what_only_one_language_has_is_a_row_of_its_own():
    rows = align({ES: document(ES, [10]), EN: document(EN), FR: document(FR, [10])})

    assert places(rows)[10] == [None, 10, None]
    assert rows[10].doubt is Doubt.ALONE
    assert rows[10].confidence == 0


def test_whole_sections_may_be_missing():
    rows = align({ES: document(ES), EN: document(EN, range(5, 11)), FR: document(FR)})

    assert places(rows) == [[place, None if 5 <= place < 11 else place, place] for place in WHOLE]


def test_a_paragraph_written_as_two_in_another_language_is_pointed_out():
    split = FRENCH.replace(" et publient les résultats.", ".\n\nElles en publient les résultats.")
    ids = itertools.count(100)
    french = read_blocks(split, language=FR, new_id=lambda: str(next(ids)))

    rows = align({ES: document(ES), EN: document(EN), FR: french})

    at = next(n for n, row in enumerate(rows) if row.es and "140" in row.es.text)
    assert rows[at].fr is not None
    assert "140" in rows[at].fr.text
    assert rows[at + 1].fr is not None
    assert "Elles en publient" in rows[at + 1].fr.text
    assert rows[at + 1].es is None
    assert at in doubtful(rows)


def test_every_block_stands_in_one_row_in_the_order_of_its_text():
    texts = {ES: document(ES, [1, 2, 3]), EN: document(EN, [9, 12]), FR: document(FR, [5, 6, 15])}

    rows = align(texts)

    for language, text in texts.items():
        assert [row.block(language) for row in rows if row.block(language)] == list(text)


def test_two_languages_or_one_or_none_can_be_aligned():
    assert places(align({ES: document(ES), FR: document(FR)})) == [[place, None, place] for place in WHOLE]
    assert [row.en for row in align({EN: document(EN)})] == list(document(EN))
    assert align({}) == ()


def test_short_texts_of_which_one_names_a_figure_and_that_share_nothing_are_doubted():
    said = {ES: "Reparar 12 fuentes cada año.", EN: "To open the archives to everybody."}
    ids = itertools.count()

    rows = align({of: read_blocks(text, language=of, new_id=lambda: str(next(ids))) for of, text in said.items()})

    assert [row.doubt for row in rows] == [Doubt.WEAK]


def test_a_heading_is_never_put_beside_a_paragraph():
    ids = itertools.count()
    spanish = read_blocks("# Agua\n\nUno.", language=ES, new_id=lambda: str(next(ids)))
    english = read_blocks("Water\n\nOne.", language=EN, new_id=lambda: str(next(ids)))

    assert [(row.es is None, row.en is None) for row in align({ES: spanish, EN: english})].count((False, False)) == 1
