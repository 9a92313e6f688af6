"""What a published file says itself: dates, places, closing clauses."""

from datetime import date

import pytest
from msgspec.structs import replace

from drafts.formats.assembly import Authenticity
from drafts.formats.labels import adopted, at_place, closing, long_date
from drafts.text.blocks import BlockKind, Language

ES, EN, FR = Language


@pytest.mark.parametrize(
    ("day", "language", "printed"),
    [
        (date(2026, 6, 24), ES, "24 de junio de 2026"),
        (date(2026, 6, 24), EN, "24 June 2026"),
        (date(2026, 6, 24), FR, "24 juin 2026"),
        (date(2026, 7, 1), FR, "1er juillet 2026"),
        (date(2026, 7, 1), ES, "1 de julio de 2026"),
        (date(2026, 7, 11), FR, "11 juillet 2026"),
    ],
)
def test_a_date_is_written_as_its_language_writes_it(day, language, printed):
    assert long_date(day, language).replace("\u00a0", " ") == printed


def test_a_day_never_parts_from_its_month():
    assert long_date(date(2026, 7, 1), FR) == "1er\u00a0juillet 2026"


@pytest.mark.parametrize(
    ("place", "printed"),
    [("Lyon", "à Lyon"), ("Le Havre", "au Havre"), ("Les Lilas", "aux Lilas"), ("La Rochelle", "à La Rochelle")],
)
def test_french_draws_the_article_of_a_place_together(place, printed):
    assert at_place(place) == printed


def clauses(text, **changes):
    text = replace(text, imprint=replace(text.imprint, **changes))
    return [closing(text, language).replace("\u00a0", " ") for language in Language]


def test_three_equally_authentic_texts_say_so_each_with_the_languages_in_its_own_order(declaration):
    assert clauses(declaration) == [
        (
            "Hecho en Vallemar el 1 de julio de 2027, en un solo original en los idiomas español, francés e inglés, "
            "siendo los tres textos igualmente auténticos."
        ),
        (
            "Done at Vallemar on 1 July 2027, in a single original in the English, French and Spanish languages, "
            "the three texts being equally authentic."
        ),
        (
            "Fait à Vallemar, le 1er juillet 2027, en un seul exemplaire original, en langues anglaise, espagnole et "
            "française, les trois textes faisant également foi."
        ),
    ]


def test_a_prevailing_text_is_named(declaration):
    assert [
        clause.split(". ")[1] for clause in clauses(declaration, authenticity=Authenticity.PREVAILING, authoritative=ES)
    ] == [
        "En caso de divergencia, prevalecerá el texto español.",
        "In case of divergence, the Spanish text shall prevail.",
        "En cas de divergence, le texte espagnol prévaudra.",
    ]


def test_translations_for_information_are_named(declaration):
    assert clauses(declaration, authenticity=Authenticity.INFORMATION, authoritative=FR) == [
        (
            "Hecho en Vallemar el 1 de julio de 2027, en idioma francés. "
            "Los textos español e inglés son traducciones a título informativo."
        ),
        (
            "Done at Vallemar on 1 July 2027, in the French language. "
            "The English and Spanish texts are translations provided for information."
        ),
        (
            "Fait à Vallemar, le 1er juillet 2027, en langue française. "
            "Les textes anglais et espagnol sont des traductions fournies à titre d’information."
        ),
    ]


def test_a_text_with_a_closing_clause_of_its_own_gets_no_second_one(edition_of):
    assert closing(edition_of("Done at Vallemar.", kind=BlockKind.CLOSING), EN) == ""


def test_names_with_braces_are_names(edition_of, hostile_imprint):
    assert "{0} {place} on" in adopted(edition_of("One.", imprint=hostile_imprint).imprint, EN)


@pytest.mark.parametrize(
    ("name", "spanish", "french"),
    [
        ("Declaración / Déclaration", "Adoptada en", "Adoptée à"),
        ("Manifiesto / Manifeste", "Adoptado en", "Adopté à"),
        ("LA DECLARACION / LA DECLARATION", "Adoptada en", "Adoptée à"),
        ("Compromiso / Engagement", "Adoptado en", "Adopté à"),
        ("Nuestra agenda / Notre agenda", "Adoptada en", "Adopté à"),
        ("Cien ciudades / Cent villes", "Adopción en", "Adoption à"),
    ],
)
def test_adopted_agrees_with_what_the_text_calls_itself(declaration, name, spanish, french):
    es, fr = name.split(" / ")
    named = replace(declaration.imprint, declaration={ES: es, EN: es, FR: fr})
    assert adopted(named, ES).startswith(spanish)
    assert adopted(named, FR).startswith(french)
    assert adopted(replace(named, original=ES), FR).endswith("Original en espagnol")
