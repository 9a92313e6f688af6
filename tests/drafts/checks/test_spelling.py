"""Spelling, where a dictionary is installed: what it knows by its rules, and what is left alone."""

import pytest

from drafts.checks import Dictionary, House, Pair, Term, check_pair
from drafts.text.blocks import Language

ES, EN, FR = Language
SPANISH = Dictionary(
    "SET UTF-8\nFLAG UTF-8\nSFX S Y 2\nSFX S 0 s [aeo]\nSFX S 0 es [^aeo]\n"
    "SFX B Y 1\nSFX B ner nible/S ner\nPFX R Y 1\nPFX R 0 re .\nFORBIDDENWORD X\n",
    "7\nvivienda/S\nderecho/S\nciudad/S\nsostener/BR\necológica\nempresa/S\nhaiga/X\n",
)
FRENCH = Dictionary(
    "FLAG long\nSFX S. Y 1\nSFX S. 0 s/D' [^s]\nPFX D' Y 1\nPFX D' 0 d' [aeiou]\n", "2\nlogement/S.D'\neau/D'\n"
)
NUMBERED = Dictionary("FLAG num\nSFX 101 Y 1\nSFX 101 0 ing .\n", "1\nbuild/7,101\n")
HOUSE = House(dictionaries={ES: (SPANISH,), FR: (FRENCH,)}, terms=(Term(es=("gentrificación",), en=("x",)),))


def strange(target, language=ES, source="Housing."):
    pair = Pair.of(source, target, languages=(EN, language), house=HOUSE)
    return [word for one in check_pair(pair) if one.check == "spelling" for word in one.target]


@pytest.mark.parametrize("word", ["viviendas", "ciudades", "sostenible", "sostenibles", "resostener", "Vivienda"])
def test_a_dictionary_knows_a_word_by_its_endings_and_beginnings(word):
    assert SPANISH.knows(word)


@pytest.mark.parametrize("word", ["viviendaes", "ciudads", "reciudad", "haiga", "nible"])
def test_a_dictionary_takes_no_ending_that_its_rules_do_not_give(word):
    assert not SPANISH.knows(word)


def test_rules_may_be_named_by_numbers_or_by_two_letters():
    assert [NUMBERED.knows(word) for word in ("build", "building", "builds")] == [True, True, False]
    assert [FRENCH.knows(word) for word in ("logements", "d'eau", "logementss")] == [True, True, False]


def test_a_word_that_no_dictionary_has_is_named_where_it_stands():
    target = "La vivenda y el derecho."
    pair = Pair.of("Housing and rights.", target, languages=(EN, ES), house=HOUSE)
    [finding] = [one for one in check_pair(pair) if one.check == "spelling"]
    assert [target[start:end] for start, end in finding.spans] == ["vivenda"]
    assert finding.severity == "info"


@pytest.mark.parametrize(
    "target",
    [
        "La gentrificación.",  # the glossary says it
        "Los derechos de Metropolis.",  # a name
        "La «vivenda» y *vivenda*.",  # quoted, or foreign
        "Las microempresas, ecológicamente.",  # made freely
        "Los housing.",  # as the source has it
    ],
)
def test_names_quotations_terms_and_free_compositions_are_left_alone(target):
    assert strange(target) == []


def test_elisions_and_inclusive_writing_are_no_mistakes():
    assert strange("L’eau, d’eau, logement·e·s.", FR) == []
    assert strange("Le logment.", FR) == ["logment"]


def test_without_a_dictionary_nothing_is_said():
    pair = Pair.of("La vivienda.", "Housng rihgt.", languages=(ES, EN), house=HOUSE)
    assert "spelling" not in [one.check for one in check_pair(pair)]
