"""What weighs in a change of a source: a translator is told which numbers, dates, orders and terms are others."""

from drafts.blocks import Language
from drafts.checks import Term
from drafts.checks.substance import Changed, Weight, changed

ES, EN, FR = Language
WELL = Term(es=("pozo",), en=("well",), fr=("puits",))


def test_numbers_dates_orders_and_terms_are_told_by_what_was_and_what_is():
    old = "Towns should repair 30 wells before 1 May 2027."
    new = "Towns shall repair 40 pipes before 1 June 2027."
    assert changed(old, new, EN, [WELL]) == (
        Changed(Weight.NUMBERS, ("30",), ("40",)),
        Changed(Weight.DATES, ("1 May 2027",), ("1 June 2027",)),
        Changed(Weight.MODALS, ("should",), ("shall",)),
        Changed(Weight.TERMS, ("well",), ()),
    )


def test_what_stayed_is_left_out_in_every_language():
    assert changed("Las villas deberán reparar 3 pozos.", "Las ciudades deberán reparar 3 pozos.", ES, [WELL]) == ()
    assert changed("Les villes peuvent agir.", "Les villes doivent agir.", FR) == (
        Changed(Weight.MODALS, ("peuvent",), ("doivent",)),
    )
