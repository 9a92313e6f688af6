"""What weighs in a change of a source: a translator is told which numbers, dates, orders and terms are others."""

from drafts.checks import Term
from drafts.checks.changes import SubstanceChange, SubstanceKind, substance_changes
from drafts.text.blocks import Language

ES, EN, FR = Language
WELL = Term(es=("pozo",), en=("well",), fr=("puits",))


def test_numbers_dates_orders_and_terms_are_told_by_what_was_and_what_is():
    old = "Towns should repair 30 wells before 1 May 2027."
    new = "Towns shall repair 40 pipes before 1 June 2027."
    assert substance_changes(old, new, EN, [WELL]) == (
        SubstanceChange(SubstanceKind.NUMBERS, ("30",), ("40",)),
        SubstanceChange(SubstanceKind.DATES, ("1 May 2027",), ("1 June 2027",)),
        SubstanceChange(SubstanceKind.MODALS, ("should",), ("shall",)),
        SubstanceChange(SubstanceKind.TERMS, ("well",), ()),
    )


def test_what_stayed_is_left_out_in_every_language():
    assert (
        substance_changes("Las villas deberán reparar 3 pozos.", "Las ciudades deberán reparar 3 pozos.", ES, [WELL])
        == ()
    )
    assert substance_changes("Les villes peuvent agir.", "Les villes doivent agir.", FR) == (
        SubstanceChange(SubstanceKind.MODALS, ("peuvent",), ("doivent",)),
    )
