"""Every page that counts recommendations counts the same ones."""

import pytest

from drafts.text.blocks import Language
from tests.support.page import Page
from workspace.core.actor import NOBODY, OPERATOR, Role
from workspace.core.security.permissions import Phase
from workspace.declarations.domain.service import DeclarationService

API = "/forums/third-forum/recommendations"
REGISTER = "/en/third-forum/recommendations"
DRAFT = "/en/third-forum/declaration"


@pytest.fixture
def table(house):
    """Six recommendations: two confirmed, of which one is in a paragraph; one merged, one declined, two proposed."""
    house.session("Water", "Repair fountains.", "Lend pumps.", "Open the records.", "Plant limes.", "Paint.", "Sing.")
    table = house.declaration("Towns mend.", "Towns share.", phase=Phase.DRAFTING)
    house.chair.post(f"{API}/settlement", {"standing": "confirmed", "numbers": [1, 2, 3]})
    house.chair.post(f"{API}/merger", {"kept": 1, "numbers": [4]})
    house.chair.post(f"{API}/rulings", {"numbers": [3], "outcome": "declined", "reason": "Too dear."})
    first = house.chair.get(API).json()["items"][0]["id"]
    house.chair.post(f"{table.path}/provenance", {"block_id": table.block(), "recommendation_id": first})
    return table


def rows(page):
    return len(page.root.xpath("//tr[starts-with(@id, 'r-')]"))


def homeless(client):
    """How many have no place, as each page says: (register, its list, coverage, drafting)."""
    register, coverage = Page(client.get(REGISTER)), Page(client.get(f"{DRAFT}/coverage"))
    drafting = Page(client.get(f"{DRAFT}/drafting"))
    listed = rows(Page(client.get(f"{REGISTER}?went=nowhere")))
    return [*map(int, register.data("homeless")), listed, *map(int, coverage.data("homeless")), drafting.count]


def test_the_pages_agree_on_how_many_have_no_place(house, table, visit):
    client = visit(house.people[Role.CHAIR])
    assert homeless(client) == [3, 3, 3, 3]
    house.chair.post(f"{API}/settlement", {"standing": "dropped", "numbers": [5, 6], "reason": "No."})
    assert homeless(client) == [1, 1, 1, 1]
    second = house.chair.get(API).json()["items"][1]["id"]
    house.chair.post(f"{table.path}/provenance", {"block_id": table.block(1), "recommendation_id": second})
    assert homeless(client) == [0, 0, 0, 0]


def test_what_went_into_a_paragraph_that_is_gone_has_no_place(house, table, visit):
    client = visit(house.people[Role.CHAIR])
    before = homeless(client)
    change = {"op": "delete", "block": table.block()}
    edit = {"language": Language.EN.value, "changes": [change], "reason": "Said elsewhere."}
    answer = house[Role.COMMITTEE].post(f"{table.path}/edits", edit, if_match=table.head)
    assert answer.status_code in {200, 201}, answer.text
    assert homeless(client) == [count + 1 for count in before]


@pytest.mark.parametrize("role", [Role.CHAIR, Role.MEMBER, None])
def test_the_heading_counts_what_its_reader_finds_in_the_list(house, table, visit, role):
    if role is None:
        with house.store.writing() as db:
            service = DeclarationService(db)
            service.enter(service.get(table.id), Phase.CONSULTATION, actor=OPERATOR)
    page = Page(visit(house.people[role] if role else NOBODY).get(REGISTER))
    assert (page.count, page.status) == (rows(page), 200)


def test_the_front_page_leads_to_as_many_as_it_says(house, table, visit):
    assert table
    client = visit(house.people[Role.CHAIR])
    home = Page(client.get("/en/third-forum"))
    [link] = home.root.xpath("//a[contains(@href, '/recommendations?standing=confirmed')]")
    assert int(link.text) == rows(Page(client.get(link.get("href"))))


def test_drafting_in_another_phase_says_why_it_is_closed(house, table, visit):
    client = visit(house.people[Role.COMMITTEE])
    with house.store.writing() as db:
        service = DeclarationService(db)
        service.enter(service.get(table.id), Phase.CONSULTATION, actor=OPERATOR)
    answer = client.get(f"{DRAFT}/drafting")
    assert (answer.status_code, str(answer.url).endswith("/declaration")) == (200, True)
    assert Page(answer).root.xpath("//*[@id='toast']")
    assert visit(house.people[Role.MEMBER]).get(f"{DRAFT}/drafting").status_code == 404
