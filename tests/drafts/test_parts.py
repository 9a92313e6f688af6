"""Each paragraph of a declaration is told apart by its first words and its place, in three languages."""

import itertools

import pytest

from drafts.text.block_roles import classify, read_declaration
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


IN_WORDS = """\
DECLARACIÓN DE VALPARAÍSO SOBRE EL AGUA

Valparaíso, 3 de mayo de 2027

Nosotros, alcaldes de 42 ciudades, reunidos en Valparaíso el 3 de mayo de 2027,

Considerando que el agua es un derecho humano;

**ACORDAMOS:**

PRIMERO.- Garantizar el acceso universal al agua potable.

SEGUNDO.- Reducir las pérdidas antes de 2032:

a) renovando las tuberías;

**Seguimiento**

TERCERO.- Informar cada dos años.

Hecho en Valparaíso, a 3 de mayo de 2027.

ANA RUIZ
"""
LINES = """\
VALPARAISO DECLARATION ON WATER
Adopted on 3 May 2027
We, the mayors of 42 cities, meeting in Valparaíso on 3 May 2027 with the regions and the utilities that serve them,
Considering that water is a human right and that the cities of this coast have shared it as long as they remember;
Hereby agree:
1. To guarantee universal access to drinking water.
2. To reduce network losses below 15% before 2032:
(a) by renewing 3% of the pipes every year;
FOLLOW-UP
3. To report every two years.
Done at Valparaíso, 3 May 2027.
"""
LABELS = """\
Déclaration de Valparaíso sur l’eau

Nous, maires de 42 villes, réunis à Valparaíso,

**Considérant** que l’eau est un droit humain ;

Convenons :

**Article 1er** – Garantir l’accès universel à l’eau potable.

**Article 2.** Réduire les pertes avant 2032.

Article 3 : Rendre compte tous les deux ans.
"""


def told(source, language):
    ids = itertools.count()
    return [
        (block.kind, block.text) for block in read_declaration(source, language=language, new_id=lambda: str(next(ids)))
    ]


def test_a_draft_as_offices_write_it_without_styles_has_its_parts():
    assert told(IN_WORDS, Language.ES) == [
        (K.TITLE, "DECLARACIÓN DE VALPARAÍSO SOBRE EL AGUA"),
        (K.PLACE_DATE, "Valparaíso, 3 de mayo de 2027"),
        (K.CHAPEAU, "Nosotros, alcaldes de 42 ciudades, reunidos en Valparaíso el 3 de mayo de 2027,"),
        (K.PREAMBLE, "Considerando que el agua es un derecho humano;"),
        (K.PARAGRAPH, "**ACORDAMOS:**"),
        (K.OPERATIVE, "Garantizar el acceso universal al agua potable."),
        (K.OPERATIVE, "Reducir las pérdidas antes de 2032:"),
        (K.ITEM, "renovando las tuberías;"),
        (K.HEADING, "Seguimiento"),
        (K.OPERATIVE, "Informar cada dos años."),
        (K.CLOSING, "Hecho en Valparaíso, a 3 de mayo de 2027."),
        (K.CLOSING, "ANA RUIZ"),
    ]


def test_lines_that_somebody_ended_are_paragraphs():
    assert [kind for kind, _ in told(LINES, Language.EN)] == [
        *(K.TITLE, K.PLACE_DATE, K.CHAPEAU, K.PREAMBLE, K.PARAGRAPH, K.OPERATIVE, K.OPERATIVE, K.ITEM, K.HEADING),
        *(K.OPERATIVE, K.CLOSING),
    ]


@pytest.mark.parametrize(
    ("language", "lines"),
    [
        (
            Language.FR,
            ("Considérant que deux bateaux errent au large ;", "Considérant que les criées ferment trop tôt ;"),
        ),
        (Language.ES, ("Recordando la declaración de Cádiz de 2019,", "Considerando que las lonjas cierran al alba,")),
        (Language.EN, ("Recalling the declaration of Hull of 2019,", "Noting that the markets close before dawn,")),
    ],
)
def test_recitals_of_one_length_on_lines_of_their_own_are_a_paragraph_each(language, lines):
    assert told("\n".join(lines), language) == [(K.PREAMBLE, line) for line in lines]


ALONE = """CARTA DE LOS MUNICIPIOS POR EL AGUA

Las autoridades locales de la cuenca,

ACUERDAN:

CAPÍTULO I. DEL AGUA

Artículo 1
El agua es un servicio público.

Artículo 2

Se medirán las pérdidas:
• en cada red;
• en cada pozo.
"""
DATED = """Draft 2 – 4 March 2027

The Porthmoor Statement on Small Harbours

The mayors of the western coast,

Recognising that two boats in three have no berth,
and that harbours silt up faster than we dredge,

Resolve:

1) To keep a third of the berths.
"""
DEGREES = """MOTION
pour des cantines ouvertes

Le congrès de la Fédération, réuni à Laval le 3 juin 2027,

Rappelant sa résolution de 2019 ;

1°) Demande que les cantines ouvrent le mercredi ;
2°) Invite les communes à publier leurs menus.
"""


def test_numbers_alone_on_their_lines_are_those_of_what_follows_and_typed_bullets_make_lists():
    assert told(ALONE, Language.ES) == [
        (K.TITLE, "CARTA DE LOS MUNICIPIOS POR EL AGUA"),
        (K.CHAPEAU, "Las autoridades locales de la cuenca,"),
        (K.PARAGRAPH, "ACUERDAN:"),
        (K.HEADING, "CAPÍTULO I. DEL AGUA"),
        (K.OPERATIVE, "El agua es un servicio público."),
        (K.OPERATIVE, "Se medirán las pérdidas:"),
        (K.BULLET, "en cada red;"),
        (K.BULLET, "en cada pozo."),
    ]


@pytest.mark.parametrize(
    "source",
    [
        "Nous appelons les communes\n– toutes les communes – à ouvrir leurs quais.",
        "Pedimos a los municipios\n— a todos — que abran los muelles.",
        "We call on the towns\n– all of them – to open their quays.",
    ],
)
def test_a_dash_at_which_a_line_was_broken_begins_no_list(source):
    assert [kind for kind, _ in told(source, Language.EN)] == [K.OPERATIVE]


def test_typed_dashes_after_a_stop_make_a_list():
    source = "Nous demandons :\n– des quais ouverts\n– des criées tardives\n\nEt rien d'autre."
    assert [kind for kind, _ in told(source, Language.FR)][1:3] == [K.BULLET, K.BULLET]


@pytest.mark.parametrize(
    ("language", "source"),
    [
        (Language.ES, "CONSIDERANDO:\n\n1. Que llueve.\n2. Que nieva.\n\nACUERDAN:\n\n1. Medir.\n2. Plantar."),
        (Language.EN, "Whereas:\n\n1. it rains;\n2. it snows;\n\nWe resolve:\n\n1. To measure.\n2. To plant."),
        (Language.FR, "Considérant :\n\n1. qu'il pleut ;\n2. qu'il neige ;\n\nDécidons :\n\n1. Mesurer.\n2. Planter."),
    ],
)  # fmt: skip
def test_numbered_recitals_take_no_number_from_what_is_decided(language, source):
    kinds = [kind for kind, _ in told(source, language)]
    assert kinds == [K.PREAMBLE] * 3 + [K.PARAGRAPH] + [K.OPERATIVE] * 2


def test_numbered_paragraphs_after_a_preamble_without_a_list_stay_numbered():
    source = "Whereas the rain is heavy;\n\n1. We measure.\n2. We plant, and ask:\n\nMembers to help:\n\n3. Daily."
    assert [kind for kind, _ in told(source, Language.EN)].count(K.OPERATIVE) == 3


def test_a_title_may_stand_under_its_date_and_a_line_goes_on_in_small_letters():
    assert told(DATED, Language.EN) == [
        (K.PLACE_DATE, "Draft 2 – 4 March 2027"),
        (K.TITLE, "The Porthmoor Statement on Small Harbours"),
        (K.CHAPEAU, "The mayors of the western coast,"),
        (
            K.PREAMBLE,
            "Recognising that two boats in three have no berth, and that harbours silt up faster than we dredge,",
        ),
        (K.PARAGRAPH, "Resolve:"),
        (K.OPERATIVE, "To keep a third of the berths."),
    ]


LETTERED = """RESOLUTION ON NIGHT BUSES

The undersigned,
meeting at Hull on 5 June 2027,

Whereas:

A. night workers pay more;
B. no bus runs between one and five;

1. We run one bus an hour.
2. We report before 5 May 2030.

Hull, 6 June 2027
"""


def test_lettered_recitals_and_a_date_at_the_end_have_their_parts():
    assert told(LETTERED, Language.EN) == [
        (K.TITLE, "RESOLUTION ON NIGHT BUSES"),
        (K.CHAPEAU, "The undersigned, meeting at Hull on 5 June 2027,"),
        (K.PREAMBLE, "Whereas:"),
        (K.PREAMBLE, "A. night workers pay more;"),
        (K.PREAMBLE, "B. no bus runs between one and five;"),
        (K.OPERATIVE, "We run one bus an hour."),
        (K.OPERATIVE, "We report before 5 May 2030."),
        (K.CLOSING, "Hull, 6 June 2027"),
    ]
    assert told("Nous agissons.\n\nEn retour, nous dirons tout en mai 2030.", Language.FR)[-1][0] is K.OPERATIVE


def test_a_motion_numbered_in_degrees_has_its_parts():
    assert told(DEGREES, Language.FR) == [
        (K.TITLE, "MOTION pour des cantines ouvertes"),
        (K.CHAPEAU, "Le congrès de la Fédération, réuni à Laval le 3 juin 2027,"),
        (K.PREAMBLE, "Rappelant sa résolution de 2019 ;"),
        (K.OPERATIVE, "Demande que les cantines ouvrent le mercredi ;"),
        (K.OPERATIVE, "Invite les communes à publier leurs menus."),
    ]


def test_lines_that_a_program_broke_are_one_paragraph():
    broken = (
        "We commit to guarantee universal access to drinking water in\n"
        "every district of our cities. We shall report on it every\nsecond year."
    )
    assert told(broken, Language.EN) == [(K.OPERATIVE, " ".join(broken.split()))]


def test_paragraphs_numbered_by_labels_have_numbers_instead():
    assert told(LABELS, Language.FR)[3:] == [
        (K.PARAGRAPH, "Convenons :"),
        (K.OPERATIVE, "Garantir l’accès universel à l’eau potable."),
        (K.OPERATIVE, "Réduire les pertes avant 2032."),
        (K.OPERATIVE, "Rendre compte tous les deux ans."),
    ]


@pytest.mark.parametrize(
    "source",
    [
        "Segundo. Sin primero.\n\nTercero. Tampoco.",
        "Primero, medimos.\n\nSegundo, plantamos.",
        "Article 2 of the Charter binds us.\n\nArticle 3 does not.",
        "2027 – a year of drought.\n\n2028 – another.",
    ],
)
def test_what_does_not_count_from_one_keeps_its_words(source):
    assert [text for _, text in told(source, Language.ES)] == source.split("\n\n")
