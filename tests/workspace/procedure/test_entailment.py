"""Programs learn what a final act would do before it is done, and are held to what they have learned."""

import pytest

from tests.workspace.house import Caller, House
from workspace.core.actor import OPERATOR, Role
from workspace.core.security.permissions import Phase
from workspace.declarations.domain.service import DeclarationService


@pytest.fixture
def table(house: House):
    return house.declaration("Towns share water.", "Towns mend pumps.")


def refused(answer) -> bool:
    return (answer.status_code, answer.json()["facts"]["reason"]) == (422, "entails_otherwise")


def to_adoption(house, table):
    with house.store.writing() as db:
        DeclarationService(db).enter(DeclarationService(db).get(table.id), Phase.ADOPTION, actor=OPERATOR)


def test_a_phase(house, table):
    path = f"{table.path}/phase"
    before = house.chair.get(f"{path}?phase=consultation").json()
    assert (before["open_matters"], before["is_final"]) == (None, False)
    table.propose("Towns share clean water.")
    after = house.chair.get(f"{path}?phase=consultation").json()
    assert after["open_matters"]["amendments"] == 1
    assert house.member.get(f"{path}?phase=consultation").status_code == 404
    assert house.chair.get(f"{path}?phase=archived").status_code == 422
    body = {"phase": "consultation"}
    assert refused(house.chair.post(f"{path}?confirms={before['digest']}", body, if_match=table.head))
    moved = house.chair.post(f"{path}?confirms={after['digest']}", body, if_match=table.head)
    assert (moved.status_code, moved.json()["phase"]) == (200, "consultation")
    assert house.chair.get(f"{path}?phase=adoption").json()["takes_two"]


def test_a_phase_that_takes_two(house, table):
    with house.store.writing() as db:
        DeclarationService(db).enter(DeclarationService(db).get(table.id), Phase.CONSULTATION, actor=OPERATOR)
    path, office = f"{table.path}/requests", house[Role.SECRETARIAT]

    def found(caller):
        return caller.get(f"{table.path}/phase?phase=adoption").json()["digest"]

    for body in ({"matter": "adoption"}, {"matter": "embargo", "wanted": True}):
        assert refused(house.chair.post(f"{path}?confirms=other", body, if_match=table.head))
    body = {"matter": "adoption"}
    assert house.chair.post(f"{path}?confirms={found(house.chair)}", body, if_match=table.head).status_code == 201
    assert refused(office.post(f"{path}/adoption/confirmation?confirms=other"))
    confirmed = office.post(f"{path}/adoption/confirmation?confirms={found(office)}")
    assert (confirmed.status_code, confirmed.json()["phase"]) == (200, "adoption")


def test_consensus_on_the_whole_text(house, table):
    to_adoption(house, table)
    found = house.chair.get(f"{table.path}/consensus").json()
    assert (found["takes_two"], found["open_matters"], found["revision"]) == (True, None, 1)
    assert house.member.get(f"{table.path}/consensus").status_code == 404
    body = {"about": {"subject": "text"}}
    assert refused(house.chair.post(f"{table.path}/consensus?confirms=other", body))
    assert house.chair.post(f"{table.path}/consensus?confirms={found['digest']}", body).status_code == 201
    back = house.chair.get(f"{table.path}/phase?phase=consultation").json()
    assert back["ends"] == [1]


def test_a_withdrawal(house, table):
    amendment = table.propose("Towns share clean water.")["amendment"]
    path = f"/amendments/{amendment['id']}"
    before = house.member.get(f"{path}/withdrawal").json()
    assert (before["falls"], before["is_final"]) == ([], False)
    change = {"changes": table.proposal("Towns share much clean water.")["changes"], "reason": "More."}
    version = house.member.get(path).headers["etag"].strip('"')
    with_it = Caller(house.client, house.people[Role.CHAIR].person_id)
    child = with_it.post(f"{path}/amendments", change, if_match=version)
    assert child.status_code == 201, child.text
    assert refused(house.member.post(f"{path}/withdrawal?confirms={before['digest']}"))
    after = house.member.get(f"{path}/withdrawal").json()
    assert after["falls"] == [child.json()["amendment"]["number"]]
    assert house.chair.get(f"{path}/withdrawal").status_code == 404
    assert house.member.post(f"{path}/withdrawal?confirms={after['digest']}").status_code == 200
