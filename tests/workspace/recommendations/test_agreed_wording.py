"""Two recommendations in two languages that only the forum's glossary shows to be about the same."""

import pytest

from tests.workspace.recommendations.test_becoming import REGISTER, items
from workspace.core.security.permissions import Phase
from workspace.recommendations.similarity import AgreedNotions

TERMS = (
    {"es": ["guardería nocturna"], "fr": ["crèche de nuit"], "en": ["night nursery"]},
    {"es": ["alumbrado público"], "fr": ["éclairage des rues"]},
)


@pytest.mark.parametrize("is_agreed", [False, True])
def test_what_the_glossary_agrees_on_counts_as_the_same_in_two_languages(house, is_agreed):
    house.declaration("Towns shall share water.", phase=Phase.DRAFTING)
    for term in TERMS if is_agreed else ():
        assert house.chair.post("/forums/third-forum/glossary/terms", term).status_code == 201
    house.session("Noche", "Hacen falta guarderías nocturnas y mejor alumbrado público.", language="es")
    house.session("Nuit", "Il manque des crèches de nuit et un bon éclairage des rues.", language="fr")

    pairs = items(house.chair.get(f"{REGISTER}/resemblances"))

    assert len(pairs) == is_agreed


MEMORY = """<?xml version="1.0"?><tmx version="1.4"><header creationtool="x" creationtoolversion="1" segtype="block"
o-tmf="x" adminlang="en" srclang="es" datatype="plaintext"/><body><tu>
<tuv xml:lang="es"><seg>Cada barrio tendrá su propia huerta.</seg></tuv>
<tuv xml:lang="fr"><seg>Il faut un potager par quartier.</seg></tuv></tu></body></tmx>"""


@pytest.mark.parametrize("is_remembered", [False, True])
def test_what_the_memory_has_translated_before_counts_as_the_same_in_two_languages(house, is_remembered):
    """Not a word of the two is alike; the memory has nearly the first sentence, and what it was in French."""
    house.declaration("Towns shall share water.", phase=Phase.DRAFTING)
    if is_remembered:
        taken = house.chair.post("/forums/third-forum/memory", {"content": MEMORY, "name": "old.tmx"})
        assert taken.json()["added"] == 1
    house.session("Potagers", "Il faut un potager par quartier et une haie.", language="fr")
    house.session("Huertas", "Cada barrio tendrá muy pronto su propia huerta.", language="es")

    pairs = items(house.chair.get(f"{REGISTER}/resemblances"))

    assert len(pairs) == is_remembered


def test_a_wording_is_known_in_another_number_and_not_inside_another_word():
    agreed = AgreedNotions([("pozo", "well", "puits"), ("gobierno local", "local government")])
    assert [notion for notion, _ in agreed.found(["los", "pozos", "de", "los", "gobiernos", "locales"])] == [
        "agreed-0",
        "agreed-1",
    ]
    assert list(agreed.found(["welcome", "to", "local", "people", "and", "governments"])) == []
