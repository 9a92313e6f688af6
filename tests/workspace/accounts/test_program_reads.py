"""What a program's reading costs, and what an address says about itself."""

from litestar import Litestar
from litestar.testing import TestClient

from tests.support import site
from tests.workspace.accounts.conftest import MovedClock, Town
from workspace.accounts.domain.credentials import ApiTokenService

OWN = "/api/accounts/me"


def units(sent: list[str]) -> int:
    return sum(statement.startswith("BEGIN") for statement in sent)


def test_a_program_that_reads_is_known_and_answered_in_one_unit(app: Litestar, town: Town, moved_clock: MovedClock):
    ana = town.person()
    with town.store.writing() as db:
        token = ApiTokenService(db).create(actor=ana, name="Calendar", is_read_only=True).token
    with TestClient(app) as program:
        program.headers["Authorization"] = f"Bearer {token}"
        with site.counted(town.store) as first:
            noted = program.get(OWN)
        with site.counted(town.store) as second:
            known = program.get(OWN)
        moved_clock.forward(minutes=6)
        noted_again = program.get(OWN)
        moved_clock.forward(days=4_000)
        expired = program.get(OWN)

    assert [answer.status_code for answer in (noted, known, noted_again, expired)] == [200, 200, 200, 401]
    assert noted.json()["email"] == known.json()["email"] == "ana@example.org"
    assert units(second) == 1
    assert "BEGIN IMMEDIATE" in first  # the first use is noted, in a unit of its own
    assert "BEGIN IMMEDIATE" not in second


def test_an_address_says_every_method_it_has(app: Litestar):
    with TestClient(app) as client:
        api, page = client.options(OWN), client.options("/fr/sign-in")

    assert [answer.status_code for answer in (api, page)] == [204, 204]
    assert api.headers["allow"] == "GET, OPTIONS, PATCH"
    assert page.headers["allow"] == "GET, OPTIONS, POST"
