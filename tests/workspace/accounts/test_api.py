"""One's own account and invitations, as programs reach them."""

from collections.abc import Iterator
from typing import Any

import pytest
from httpx import Response
from litestar.testing import TestClient

from tests.support import factories, site
from tests.workspace.accounts.conftest import Town
from workspace.accounts.domain.credentials import ApiTokenService
from workspace.accounts.domain.models import Account
from workspace.core import events
from workspace.core.actor import OPERATOR, Actor, Role
from workspace.core.storage.db import new_id
from workspace.people.models import Network, Organisation

FORUM = "/forums/third-forum"


class Programs:
    """The API as programs of several people call it."""

    def __init__(self, town: Town, client: TestClient[Any]) -> None:
        self.town, self.client = town, client

    def of(self, actor: Actor, *, is_read_only: bool = False) -> "Program":
        with self.town.store.writing() as db:
            made = ApiTokenService(db).create(actor=actor, name="Test", is_read_only=is_read_only)
        return Program(self.client, {"Authorization": f"Bearer {made.token}"})


class Program:
    def __init__(self, client: TestClient[Any], headers: dict[str, str]) -> None:
        self.client, self.headers = client, headers

    def __call__(self, method: str, path: str, body: object = None) -> Response:
        given = {} if body is None else {"json": body}
        return self.client.request(method, f"/api{path}", headers=self.headers, **given)


@pytest.fixture
def programs(town: Town) -> Iterator[Programs]:
    with TestClient(site.with_accounts(town.store)) as client:
        yield Programs(town, client)


@pytest.fixture
def browser(programs: Programs):
    """The API as a page in a browser calls it that is signed in."""

    def signed_in(email: str = "ana@example.org") -> Program:
        cookie = f"sign-in={programs.town.sign_in(email).token}"
        return Program(programs.client, {"Cookie": cookie, "Sec-Fetch-Site": "same-origin"})

    return signed_in


def test_a_person_reads_and_changes_their_profile(town: Town, programs: Programs):
    ana = programs.of(town.person())

    before = ana("GET", "/accounts/me").json()
    answer = ana("PATCH", "/accounts/me", {"language": "fr", "timezone": "Europe/Paris", "notices": {"phases": False}})

    assert (before["name"], before["email"], before["language"]) == ("Ana Ruiz", "ana@example.org", "en")
    assert before["notices"] == {"phases": True, "checkpoints": True}
    assert (before["has_password"], before["second_factor_since"], before["must_enrol"]) == (True, None, False)
    after = {"language": "fr", "timezone": "Europe/Paris", "notices": {"phases": False, "checkpoints": True}}
    assert answer.status_code == 200
    assert answer.json() == {**before, **after}
    assert ana("GET", "/accounts/me").json() == answer.json()
    assert answer.headers["cache-control"] == "no-store"


@pytest.mark.parametrize(
    ("change", "status"),
    [
        ({"timezone": "Mars/Olympus"}, 422),
        ({"timezone": "../../etc/passwd"}, 422),
        ({"name": "  "}, 422),
        ({"language": "de"}, 400),
        ({"notices": {"gossip": True}}, 400),
        ({"email": "new@example.org"}, 400),
        ({"name": "a\x00b"}, 422),
    ],
)
def test_what_a_profile_cannot_hold_is_refused(town: Town, programs: Programs, change: dict, status: int):
    ana = programs.of(town.person())

    answer = ana("PATCH", "/accounts/me", change)

    assert answer.status_code == status
    assert answer.headers["content-type"] == "application/problem+json"
    assert ana("GET", "/accounts/me").json()["name"] == "Ana Ruiz"


def test_a_visitor_has_no_account(programs: Programs):
    nobody = Program(programs.client, {})
    for path in ("", "/sign-ins", "/tokens"):
        assert nobody("GET", f"/accounts/me{path}").status_code == 404


def test_sign_ins_are_listed_and_ended(town: Town, browser):
    town.person()
    here, there, third = browser(), browser(), browser()

    listed = here("GET", "/accounts/me/sign-ins").json()["items"]
    assert [one["is_this_one"] for one in listed].count(True) == 1
    assert len(listed) == 3
    assert {one["agent"] for one in listed} == {"Firefox on Linux"}
    its_own = next(one["id"] for one in there("GET", "/accounts/me/sign-ins").json()["items"] if one["is_this_one"])
    assert here("DELETE", f"/accounts/me/sign-ins/{its_own}").status_code == 204

    assert there("GET", "/accounts/me").status_code == 404
    assert here("DELETE", "/accounts/me/sign-ins").status_code == 204
    assert third("GET", "/accounts/me").status_code == 404
    assert here("GET", "/accounts/me").status_code == 200


def test_somebody_elses_sign_in_is_not_there(town: Town, browser, programs: Programs):
    town.person()
    luc = programs.of(town.person("luc@example.org", name="Luc"))
    [hers] = browser()("GET", "/accounts/me/sign-ins").json()["items"]

    assert luc("DELETE", f"/accounts/me/sign-ins/{hers['id']}").status_code == 404
    assert luc("DELETE", f"/accounts/me/sign-ins/{new_id()}").status_code == 404


def test_a_token_is_made_in_a_browser_told_once_and_ended(town: Town, browser, programs: Programs):
    town.person()
    ana = browser()

    made = ana("POST", "/accounts/me/tokens", {"name": "Calendar", "days": 30})

    assert made.status_code == 201
    token = made.json()["token"]
    program = Program(programs.client, {"Authorization": f"Bearer {token}"})
    assert program("GET", "/accounts/me").json()["name"] == "Ana Ruiz"
    listed = ana("GET", "/accounts/me/tokens")
    assert token not in listed.text
    assert [one["prefix"] for one in listed.json()["items"]] == [token[:9]]
    assert program("PATCH", "/accounts/me", {"name": "Eve"}).status_code == 403
    assert ana("DELETE", f"/accounts/me/tokens/{made.json()['made']['id']}").status_code == 204
    assert program("GET", "/accounts/me").status_code == 401


def test_a_program_cannot_make_itself_another_token(town: Town, programs: Programs):
    program = programs.of(town.person())

    assert program("POST", "/accounts/me/tokens", {"name": "Another"}).status_code == 404


def test_a_program_stops_as_soon_as_the_rights_of_its_person_change(town: Town, programs: Programs):
    ana = town.person()
    program = programs.of(ana)
    assert program("GET", "/accounts/me").status_code == 200

    with town.store.writing() as db:
        events.publish(db, events.RightsChanged(person_id=ana.person_id, actor=OPERATOR))

    assert program("GET", "/accounts/me").status_code == 401


def test_the_secretariat_invites_lists_and_withdraws(town: Town, programs: Programs):
    secretary = programs.of(town.person(role=Role.SECRETARIAT))

    made = secretary("POST", f"{FORUM}/invitations", {"email": "Luc@example.org", "role": "member", "language": "fr"})

    assert made.status_code == 201
    assert (made.json()["email"], made.json()["role"]) == ("luc@example.org", "member")
    assert town.letters("invitation")[0]["path"].startswith("/fr/invitations/")
    listed = secretary("GET", f"{FORUM}/invitations")
    assert listed.json()["items"] == [made.json()]
    assert town.link("invitation") not in listed.text + made.text
    assert secretary("DELETE", f"{FORUM}/invitations/{made.json()['id']}").status_code == 204
    assert secretary("GET", f"{FORUM}/invitations").json() == {"items": []}


def test_somebody_listed_is_invited_by_their_id(town: Town, programs: Programs):
    secretary = programs.of(town.person(role=Role.SECRETARIAT))
    with town.store.writing() as db:
        listed = factories.person(db, Role.MEMBER, "Eva")

    made = secretary("POST", f"{FORUM}/invitations", {"email": "eva@example.org", "person_id": str(listed.person_id)})

    assert made.status_code == 201
    assert (made.json()["person_id"], made.json()["role"]) == (str(listed.person_id), None)


@pytest.mark.parametrize(
    ("body", "status"),
    [
        ({"email": "luc@example.org"}, 422),
        ({"email": "luc", "role": "member"}, 422),
        ({"email": "luc@example.org", "role": "admin"}, 404),
        ({"email": "luc@example.org", "role": "emperor"}, 400),
        ({"email": "luc@example.org", "role": "member", "person_id": str(new_id())}, 404),
        ({"email": "luc@example.org", "role": "member", "organisation_id": str(new_id())}, 404),
    ],
)
def test_an_invitation_that_makes_no_sense_is_refused(town: Town, programs: Programs, body: dict, status: int):
    secretary = programs.of(town.person(role=Role.SECRETARIAT))

    assert secretary("POST", f"{FORUM}/invitations", body).status_code == status
    assert town.letters("invitation") == []


def test_an_organisation_of_another_network_is_not_there(town: Town, programs: Programs):
    secretary = programs.of(town.person(role=Role.SECRETARIAT))
    with town.store.writing() as db:
        network = Network(name=factories.trilingual("Network of Islands"))
        db.add(network)
        db.flush()
        stranger = Organisation(network_id=network.id, name="Far Island")
        db.add(stranger)
        db.flush()

    body = {"email": "luc@example.org", "role": "member", "organisation_id": str(stranger.id)}
    assert secretary("POST", f"{FORUM}/invitations", body).status_code == 404


def test_to_a_member_invitations_are_not_there(town: Town, programs: Programs):
    member = programs.of(town.person())

    assert member("GET", f"{FORUM}/invitations").status_code == 404
    body = {"email": "luc@example.org", "role": "member"}
    assert member("POST", f"{FORUM}/invitations", body).status_code == 404


def test_a_closed_account_is_closed_to_its_programs(town: Town, programs: Programs):
    ana = town.person()
    program = programs.of(ana)
    with town.store.writing() as db:
        db.get_one(Account, ana.person_id).closed_at = db.get_one(Account, ana.person_id).made_at

    assert program("GET", "/accounts/me").status_code == 401
