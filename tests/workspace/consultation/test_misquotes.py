"""Words that a paragraph quotes otherwise than the bank of adopted texts has them are flagged wherever it matters."""

import pytest

from tests.support.page import Page
from workspace.core.actor import Role
from workspace.core.security.permissions import Phase

BANK = {
    "source": "Charter of the Rivers",
    "citation": "art. 4",
    "language": "en",
    "text": "Every town shall share the water of its springs with the towns below.",
}
DRAFT = "/en/third-forum/declaration"


@pytest.fixture
def banked(house):
    assert house.chair.post("/forums/third-forum/passages", BANK).status_code == 201
    return house


@pytest.mark.parametrize(
    ("text", "is_wrong"),
    [
        ("We recall that “Every town shall share the water of its springs with the towns below.”", False),
        ("We recall that “every town shall share the water of its springs”.", False),
        ("We recall that “Every town shall sell the water of its springs with the towns below.”", True),
        ("Every town may share the water of its springs with towns below (Charter of the Rivers, art. 4).", True),
        ("“Every street shall have a lime tree and a bench to sit upon.”", False),
        ("Every town shall share water.", False),
    ],
)
def test_a_misquote_is_flagged_on_the_paragraph_and_before_publication(banked, visit, text, is_wrong):
    table = banked.declaration(text, "They mend fountains.", phase=Phase.ADOPTION)
    client = visit(banked.people[Role.CHAIR])
    for page in (f"{DRAFT}/paragraphs/{table.block()}", f"{DRAFT}/readiness"):
        answer = client.get(page)
        assert answer.status_code == 200
        flagged = Page(answer).rows("misquote")
        assert bool(flagged) is is_wrong, page
        assert all(BANK["text"] in flag.text for flag in flagged)


def test_a_text_without_a_bank_is_not_looked_through(house, visit):
    table = house.declaration("“Every town shall sell the water.”", phase=Phase.ADOPTION)
    client = visit(house.people[Role.CHAIR])
    assert not Page(client.get(f"{DRAFT}/paragraphs/{table.block()}")).rows("misquote")
