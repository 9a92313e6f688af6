"""Everyday words of the field that look nothing alike in Spanish, English and French, by how they begin.

Most words that matter are cousins (*resiliencia, resilience, résilience*) and found by their roots, and so are names
and figures. These are the others, without accents, so that two recommendations on the same thing in two languages can
be shown side by side. It is no dictionary: what is missing here only makes a likeness a little smaller.
"""

from collections.abc import Iterator, Mapping
from typing import Final

_SAID: Final = (  # a concept in each line; words are told by their beginnings
    "agua agua water eau eaux",
    "barrio barrio neighbourhood neighborhood quartier",
    "basura basura residuo waste dechet",
    "bosque bosque forest woodland foret",
    "calle calle street rue rues",
    "ciudad ciudad city cities town ville",
    "comercio mercado market marche",
    "cuidado cuidado care caring soin",
    "datos datos data donnee",
    "derecho derecho right rights droit",
    "deuda deuda debt dette",
    "dinero fondo fund funds fonds",
    "edad mayores older elderly aine ainee",
    "empleo empleo trabajo employment work jobs emploi travail",
    "escuela escuela school ecole",
    "gobierno gobierno government gouvernement",
    "hogar hogar household menage foyer",
    "igualdad igualdad equality egalite",
    "impuesto impuesto tax taxes impot",
    "infancia nino nina child children enfant",
    "joven joven jovenes youth young jeune",
    "ley ley law laws loi lois",
    "lluvia lluvia rain pluie",
    "mar mar sea seas mers",
    "mujer mujer women woman femme",
    "noche noche night nuit",
    "obra obra works travaux",
    "paz paz peace paix",
    "pueblo pueblo village",
    "rio rio river riviere fleuve",
    "salud salud health sante",
    "seguridad seguridad safety security securite surete",
    "tierra tierra suelo land soil terre sol",
    "vecino vecino neighbour neighbor voisin",
    "verano verano summer ete",
    "vida vida life vie",
    "vivienda vivienda housing home logement habitat",
)


def _known() -> Iterator[tuple[str, str]]:
    for line in _SAID:
        concept, *words = line.split()
        for word in words:
            yield word, concept


_CONCEPTS: Final[Mapping[str, str]] = dict(_known())
_ENDINGS: Final = ("", "s", "es", "ies", "x", "al", "aux")


def concept(word: str) -> str | None:
    """What a folded word stands for in every language; None for one that is not known."""
    for ending in _ENDINGS:
        if word.endswith(ending):
            found = _CONCEPTS.get(word[: len(word) - len(ending)] if ending else word)
            if found:
                return found
    return None
