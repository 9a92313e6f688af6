"""What stops publication says what to do, on the page and in the language of whoever reads it."""

import pytest

from drafts.text.blocks import Language
from tests.support.page import Page
from tests.support.site import token_of
from workspace.amendments.decisions.brackets import WantedAlternative
from workspace.amendments.service import AmendmentService
from workspace.core.storage.db import Trilingual

ES, EN, FR = Language
AT = "third-forum/declaration"
WATER = {
    ES: "Las ciudades compartirán el agua.",
    EN: "Towns shall share water.",
    FR: "Les villes partagent l’eau.",
}


def missing(hall):
    return hall({EN: WATER[EN], ES: WATER[ES]})


def bracketed(hall):
    hall = hall(WATER)
    wanted = WantedAlternative(
        Trilingual(es="Las ciudades regalan el agua.", en="Towns shall give water.", fr="Les villes donnent l’eau.")
    )
    with hall.store.writing() as db:
        declaration = hall.declaration(db)
        AmendmentService(db).bracket(
            declaration.id,
            hall.block(0),
            [wanted],
            language=EN,
            reason="",
            expected_head=declaration.head_id,
            actor=hall.chair,
        )
    return hall


def unsigned(hall):
    hall = hall({ES: WATER[ES], EN: WATER[EN]})
    hall.save(FR, 0, WATER[FR], sources=(EN,))
    return hall


GATES = {
    missing: ("missing", "/translation/"),
    bracketed: ("brackets", "/agreement"),
    unsigned: ("signatures", "/translation/concordance"),
}


@pytest.mark.parametrize("gate", GATES, ids=lambda gate: gate.__name__)
def test_the_page_says_what_stops_publication_and_what_to_do_and_nobody_can_ask_for_it(hall, visit, gate):
    hall = gate(hall)
    stop, remedy = GATES[gate]
    secretary = visit(hall.secretary)
    for language in ("en", "es", "fr"):
        page = Page(secretary.get(f"/{language}/{AT}/readiness"))
        [link] = page.rows("stop", stop)[0].links
        assert link.startswith(f"/{language}/{AT}{remedy}")
        assert not page.offers("/readiness")
        refused = secretary.post(f"/{language}/{AT}/readiness", data={"csrf": token_of(secretary)})
        assert refused.status_code == 409
        assert stop in Page(refused).data("stop")
