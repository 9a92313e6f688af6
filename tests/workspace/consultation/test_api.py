"""Review, groups, projects, commitments and adopted texts, as programs reach them."""

import pytest
import sqlalchemy as sa

from tests.support import factories
from tests.workspace.consultation.conftest import NOTE, READ
from workspace.core.actor import OPERATOR, Role
from workspace.interchange.import_service import NoteImportService
from workspace.people.service import PeopleService
from workspace.recommendations.models import Recommendation

FORUM = "/forums/third-forum"


@pytest.fixture
def taken(house):
    """A document that was read: its id, that of its session, and those of its items."""
    with house.store.writing() as db:
        taken = NoteImportService(db).take_in(factories.forum(db), READ, NOTE, actor=OPERATOR)
        return taken.document.id, taken.sessions[0].id, [one.id for one in taken.recommendations]


def read(house, document):
    return house[Role.SECRETARIAT].get(f"/documents/{document}/review").json()


def test_a_document_is_read_with_its_lines_items_and_findings(house, taken):
    document, _, items = taken

    told = read(house, document)

    assert told["lines"][0] == "# Water for every district"
    assert [one["id"] for one in told["items"]] == [str(one) for one in items]
    assert [one["is_seen"] for one in told["findings"]] == [False]


def test_items_are_reworded_divided_joined_dropped_added_and_accepted(house, taken):
    document, session, (first, second, third) = taken
    office = house[Role.SECRETARIAT]

    assert office.post(f"/recommendations/{third}/wording", {"text": "Schools must teach."}).status_code == 200
    divided = office.post(
        f"/recommendations/{first}/division", {"parts": ["Towns must publish.", "Towns should mend."]}
    )
    added = office.post(f"/documents/{document}/items", {"session_id": str(session), "first_line": 25})
    joined = office.post(f"/recommendations/{second}/junction", {"other_id": str(third)})
    dropped = office.post(f"/recommendations/{first}/dropping", {"reason": "Said twice."})

    assert [divided.status_code, added.status_code, joined.status_code, dropped.status_code] == [201, 201, 200, 200]
    accepted = office.post(f"/documents/{document}/acceptance").json()["items"]
    standings = {one["text"]: (one["standing"], one["original"] is not None) for one in accepted}
    assert standings == {
        "Towns must publish.": ("dropped", True),
        "Towns should mend.": ("confirmed", True),
        "Regions should lend pumps to the towns that ask for them. Schools must teach.": ("confirmed", True),
        "The mayors want a common price for the water that they sell each other.": ("confirmed", False),
    }


def test_a_finding_is_ticked_as_seen(house, taken):
    document, session, _ = taken
    digest = read(house, document)["findings"][0]["digest"]

    house[Role.SECRETARIAT].post(f"/sessions/{session}/findings-seen", {"digest": digest})

    assert read(house, document)["findings"][0]["is_seen"]


def test_the_facts_of_a_session_are_corrected_field_by_field(house, taken):
    _, session, _ = taken

    answer = house[Role.SECRETARIAT].post(f"/sessions/{session}/facts", {"place": "Fire station"})

    assert answer.json()["session"]["place"] == "Fire station"
    assert answer.json()["session"]["title"] == "Water for every district"
    wrong = house[Role.SECRETARIAT].post(f"/sessions/{session}/facts", {"ends": "2020-01-01T00:00+00:00"})
    assert wrong.status_code == 422


def test_a_list_of_a_group_becomes_its_recommendations(house, taken):
    _, session, _ = taken
    office = house[Role.SECRETARIAT]
    group = office.post(f"/sessions/{session}/groups", {"name": "North", "language": "fr"}).json()

    body = {"text": "- Un.\n- Deux.", "language": "fr", "group_id": group["id"], "confirm": True}
    made = office.post(f"/sessions/{session}/entries", body).json()["items"]

    assert [(one["text"], one["working_group"], one["standing"]) for one in made] == [
        ("Un.", "North", "confirmed"),
        ("Deux.", "North", "confirmed"),
    ]
    assert office.get(f"/sessions/{session}/groups").json()["items"] == [group]


def test_commitments_passages_and_the_calendar_are_read_by_a_member(house, taken):
    assert taken
    office, member = house[Role.SECRETARIAT], house[Role.MEMBER]
    with house.store.writing() as db:
        town = PeopleService(db).add_organisation(factories.forum(db), name="Alto", actor=OPERATOR).id
    body = {"organisation_id": str(town), "text": "To mend.", "language": "en", "due": "2028-01-31"}
    made = office.post(f"{FORUM}/commitments", body).json()
    office.post(f"/commitments/{made['id']}/report", {"status": "under_way", "due": "2028-02-01"})
    words = {"source": "Fountain Charter", "citation": "Article 4", "language": "en", "text": "Water is for all."}
    office.post(f"{FORUM}/passages", words)

    (commitment,) = member.get(f"{FORUM}/commitments").json()["items"]
    assert (commitment["status"], commitment["due"]) == ("under_way", "2028-02-01")
    (passage,) = member.get(f"{FORUM}/passages?words=fountain").json()["items"]
    assert passage["citation"] == "Article 4"
    assert "BEGIN:VEVENT" in member.get(f"{FORUM}/calendar").text
    assert member.get(f"{FORUM}/projects").json() == {"items": []}


@pytest.mark.parametrize("role", [Role.MEMBER, Role.OBSERVER, Role.TRANSLATOR, Role.COMMITTEE])
def test_whoever_settles_nothing_finds_nothing_to_review(house, taken, role):
    document, session, (first, *_) = taken
    caller = house[role]

    answers = [
        caller.get(f"/documents/{document}/review"),
        caller.post(f"/documents/{document}/items", {"session_id": str(session), "first_line": 25}),
        caller.post(f"/documents/{document}/acceptance"),
        caller.post(f"/recommendations/{first}/wording", {"text": "Other."}),
        caller.post(f"/recommendations/{first}/division", {"parts": ["A.", "B."]}),
        caller.post(f"/recommendations/{first}/dropping", {}),
        caller.post(f"/sessions/{session}/facts", {"place": "Nowhere"}),
        caller.post(f"/sessions/{session}/groups", {"name": "North", "language": "en"}),
        caller.post(f"/sessions/{session}/entries", {"text": "- A.", "language": "en"}),
    ]

    assert {one.status_code for one in answers} == {404}
    with house.store.reading() as db:
        assert len(db.scalars(sa.select(Recommendation).where(Recommendation.session_id == session)).all()) == 3
