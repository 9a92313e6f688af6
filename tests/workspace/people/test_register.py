"""Organisations, people and mandates through the API: who may do what, and what follows from dates."""

from datetime import timedelta
from uuid import UUID

import pytest

from tests.support import factories, site
from tests.support.factories import EN
from tests.support.page import Page
from workspace.core import clock
from workspace.core.actor import OPERATOR, Role
from workspace.core.security.permissions import Phase
from workspace.core.storage.db import new_id
from workspace.core.storage.log import LogEntry
from workspace.declarations.domain.service import DeclarationService
from workspace.people import policy
from workspace.people.models import Mandate, Organisation, Person
from workspace.people.service import PeopleService
from workspace.web.i18n.messages import messages

FORUM = "/forums/third-forum"


@pytest.fixture
def secretariat(house):
    return house[Role.SECRETARIAT]


def today(days=0):
    return (clock.now().date() + timedelta(days=days)).isoformat()


def added(caller, **fields):
    answer = caller.post(f"{FORUM}/people", {"name": "Ana Ruiz", "role": "member", **fields})
    assert answer.status_code == 201, answer.text
    return answer.json()


def listed(caller, query=""):
    return [(one["name"], one["role"]) for one in caller.get(f"{FORUM}/people{query}").json()["items"]]


def organisation(caller, name="Villa Clara", **fields):
    answer = caller.post(f"{FORUM}/organisations", {"name": name, **fields})
    assert answer.status_code == 201, answer.text
    return answer.json()["id"]


def reason(answer):
    return answer.status_code, answer.json()["facts"]["field"], answer.json()["facts"]["reason"]


def test_an_organisation_is_added_renamed_and_found_under_every_name(secretariat):
    made = secretariat.post(
        f"{FORUM}/organisations", {"name": "Madrid", "country": "ES", "aliases": ["Ayuntamiento de Madrid"]}
    ).json()
    changed = secretariat.post(
        f"{FORUM}/organisations/{made['id']}",
        {"name": "Ciudad de Madrid", "kind": "region", "aliases": made["aliases"]},
    ).json()

    assert (made["kind"], made["country"], made["aliases"]) == ("city", "ES", ["Ayuntamiento de Madrid"])
    assert changed["name"] == "Ciudad de Madrid"
    assert sorted(changed["aliases"]) == ["Ayuntamiento de Madrid", "Madrid"]
    assert secretariat.get(f"{FORUM}/organisations").json()["items"] == [changed]


@pytest.mark.parametrize(
    ("body", "field", "why"),
    [
        ({"name": "  "}, "name", "empty"),
        ({"name": "málaga"}, "name", "taken"),
        ({"name": "Ayto de Malaga"}, "name", "taken"),
        ({"name": "Ronda", "aliases": ["MÁLAGA"]}, "aliases", "taken"),
        ({"name": "Ronda", "country": "XX"}, "country", "unknown_country"),
        ({"name": "Ron\u200eda"}, "name", "not_printable"),
    ],
)
def test_an_organisation_that_cannot_be_is_refused_by_field(secretariat, body, field, why):
    organisation(secretariat, "Málaga", aliases=["Ayto. de Málaga"])
    assert reason(secretariat.post(f"{FORUM}/organisations", body)) == (422, field, why)
    assert len(secretariat.get(f"{FORUM}/organisations").json()["items"]) == 1


def test_two_organisations_become_one_with_the_people_and_names_of_both(house, secretariat):
    town, same = organisation(secretariat, "Villa Clara"), organisation(secretariat, "Town of Villa Clara")
    added(secretariat, organisation_id=same)

    kept = secretariat.post(f"{FORUM}/organisations/{same}/merge", {"into": town}).json()

    assert (kept["id"], kept["aliases"]) == (town, ["Town of Villa Clara"])
    assert [one["organisation"] for one in secretariat.get(f"{FORUM}/people?words=ruiz").json()["items"]] == [
        "Villa Clara"
    ]
    with house.store.reading() as db:
        assert db.query(Organisation).count() == 2
    assert reason(secretariat.post(f"{FORUM}/organisations/{town}/merge", {"into": same})) == (422, "into", "itself")


def test_people_are_found_by_words_without_accents_role_and_organisation(secretariat):
    town = organisation(secretariat, "Málaga")
    added(secretariat, name="José Núñez", organisation_id=town)
    added(secretariat, name="Zoe Park", role="observer")

    assert listed(secretariat, "?words=nunez") == [("José Núñez", "member")]
    assert listed(secretariat, "?words=malaga") == [("José Núñez", "member")]
    assert ("Zoe Park", "observer") in listed(secretariat, "?role=observer")
    assert listed(secretariat, f"?organisation_id={town}") == [("José Núñez", "member")]


def test_the_list_is_read_page_by_page_with_a_fixed_number_of_queries(house, secretariat):
    everybody = listed(secretariat)
    first = secretariat.get(f"{FORUM}/people?limit=3").json()
    rest = secretariat.get(f"{FORUM}/people?limit=200&cursor={first['next']}").json()
    assert [(one["name"], one["role"]) for one in (*first["items"], *rest["items"])] == everybody
    assert rest["next"] is None

    before = house.queries(f"{FORUM}/people")
    for number in range(4):
        added(secretariat, name=f"Person {number}")
    assert house.queries(f"{FORUM}/people") == before


def test_a_mandate_counts_from_its_first_day_to_its_last(house, secretariat):
    person = added(secretariat, starts_on=today(-3), ends_on=today(-1))
    assert ("Ana Ruiz", "member") not in listed(secretariat)
    assert listed(secretariat, "?standing=past") == [("Ana Ruiz", "member")]

    given = secretariat.post(f"{FORUM}/people/{person['id']}/mandates", {"role": "member", "starts_on": today()})
    assert given.status_code == 201
    ended = secretariat.post(f"{FORUM}/mandates/{given.json()['id']}/end", {"on": today(-1)})

    assert ended.json()["ends_on"] == today(-1)
    with house.store.reading() as db:
        assert PeopleService(db).actor(UUID(person["id"])).mandates_in(factories.forum(db).id, clock.now().date()) == ()


@pytest.mark.parametrize(
    ("body", "field", "why"),
    [
        ({"role": "member"}, "role", "held_already"),
        ({"role": "observer", "starts_on": "2027-02-02", "ends_on": "2027-02-01"}, "ends_on", "before_start"),
    ],
)
def test_a_role_that_cannot_be_given_is_refused(secretariat, body, field, why):
    person = added(secretariat)
    assert reason(secretariat.post(f"{FORUM}/people/{person['id']}/mandates", body)) == (422, field, why)


def test_nobody_gives_a_role_to_themselves(house, secretariat):
    own = house.people[Role.SECRETARIAT].person_id
    assert reason(secretariat.post(f"{FORUM}/people/{own}/mandates", {"role": "chair"})) == (
        422,
        "role",
        "not_yourself",
    )


def test_only_an_administrator_makes_an_administrator(house, secretariat, admin):
    body = {"name": "New Admin", "role": "admin"}
    assert secretariat.post(f"{FORUM}/people", body).status_code == 404
    assert house.chair.post(f"{FORUM}/people", body).status_code == 404
    assert admin.post(f"{FORUM}/people", body).status_code == 201


def test_roles_are_assigned_until_publication_and_members_join_at_any_time(house, secretariat):
    house.declaration(phase=Phase.CONSULTATION)
    assert secretariat.post(f"{FORUM}/people", {"name": "Stand-in", "role": "translator"}).status_code == 201
    with house.store.writing() as db:
        service = DeclarationService(db)
        service.enter(service.at(factories.forum(db), "declaration"), Phase.PUBLISHED, actor=OPERATOR)
    assert secretariat.post(f"{FORUM}/people", {"name": "Late Chair", "role": "chair"}).status_code == 404
    assert secretariat.post(f"{FORUM}/people", {"name": "Late Member", "role": "member"}).status_code == 201


@pytest.mark.parametrize("role", [Role.MEMBER, Role.OBSERVER, Role.TRANSLATOR, Role.RAPPORTEUR, Role.COMMITTEE])
def test_the_register_is_not_there_for_those_who_do_not_look_after_it(house, role):
    for path in ("/people", "/organisations", f"/people/{house.people[Role.CHAIR].person_id}"):
        assert house[role].get(FORUM + path).status_code == 404
    assert house[role].post(f"{FORUM}/people", {"name": "X", "role": "member"}).status_code == 404
    assert house[role].post(f"{FORUM}/organisations", {"name": "X"}).status_code == 404
    assert house.nobody.get(f"{FORUM}/people").status_code == 404


def test_a_steward_looks_after_the_people_of_their_own_organisation_alone(secretariat, steward):
    other = organisation(secretariat, "Baja")
    added(secretariat, name="Somebody Else", organisation_id=other)
    mine = added(steward, name="Own Member", organisation_id=steward.town)

    assert {name for name, _ in listed(steward)} == {"S. Teward", "Own Member"}
    assert steward.get(f"{FORUM}/people/{mine['id']}").status_code == 200
    for body in (
        {"name": "X", "role": "member", "organisation_id": other},
        {"name": "X", "role": "member"},
        {"name": "X", "role": "committee", "organisation_id": steward.town},
    ):
        assert steward.post(f"{FORUM}/people", body).status_code == 404
    assert steward.post(f"{FORUM}/organisations", {"name": "Another"}).status_code == 404
    ended = steward.post(f"{FORUM}/mandates/{mine['mandates'][0]['id']}/end", {"on": today()})
    assert ended.status_code == 200


def test_a_deputy_is_chair_on_the_days_of_the_deputy_and_no_others(house):
    house.declaration(phase=Phase.CONSULTATION)  # when roles are no longer assigned
    member, chair = house.people[Role.MEMBER], house.people[Role.CHAIR]
    mandate = house.chair.get(f"{FORUM}/people/{chair.person_id}").json()["mandates"][0]["id"]
    days = {"starts_on": today(1), "ends_on": today(2)}

    answer = house.chair.post(f"{FORUM}/mandates/{mandate}/deputies", {"person_id": str(member.person_id), **days})

    assert answer.status_code == 201, answer.text
    assert (answer.json()["role"], answer.json()["deputy_of"], answer.json()["waits"]) == ("chair", mandate, True)
    confirm = f"{FORUM}/mandates/{answer.json()['id']}/confirmation"
    assert house[Role.SECRETARIAT].post(confirm).status_code == 200
    with house.store.reading() as db:
        deputy, forum = PeopleService(db).actor(member.person_id), factories.forum(db)
        day = clock.now().date()
        held = [deputy.roles_in(forum.id, day + timedelta(days=one)) for one in range(4)]
    assert [Role.CHAIR in roles for roles in held] == [False, True, True, False]
    with site.browser(house.store, member) as browser:
        days = [messages(EN).date(clock.now().date() + timedelta(days=one)) for one in (1, 2)]
        [notice] = [one.text for one in Page(browser.get("/en/notices")).rows("notice") if "A chair" in one.text]
        assert all(day in notice for day in days)


def test_a_deputy_ends_with_the_chair_and_lies_within_the_chairs_days(house, secretariat):
    person = added(secretariat, name="Second Chair", role="chair", ends_on=today(10))
    mandate = person["mandates"][0]["id"]
    assert house.chair.post(f"{FORUM}/mandates/{mandate}/confirmation").status_code == 200
    member = str(house.people[Role.MEMBER].person_id)

    def appoint(first, last, who=member):
        body = {"person_id": who, "starts_on": today(first), "ends_on": today(last)}
        return secretariat.post(f"{FORUM}/mandates/{mandate}/deputies", body)

    assert reason(appoint(5, 20)) == (422, "starts_on", "outside_mandate")
    assert reason(appoint(6, 5)) == (422, "ends_on", "before_start")
    assert reason(appoint(1, 2, person["id"])) == (422, "person", "itself")
    assert appoint(1, 2, str(new_id())).status_code == 404
    stands_in = appoint(2, 8).json()
    assert house.chair.post(f"{FORUM}/mandates/{stands_in['id']}/confirmation").status_code == 200
    secretariat.post(f"{FORUM}/mandates/{mandate}/end", {"on": today(4)})
    assert house.chair.post(f"{FORUM}/mandates/{mandate}/confirmation").status_code == 200
    found = secretariat.get(f"{FORUM}/people/{member}").json()["mandates"]
    assert [one["ends_on"] for one in found if one["id"] == stands_in["id"]] == [today(4)]


def test_a_member_appoints_no_deputy(house):
    chair = house.people[Role.CHAIR]
    mandate = house.chair.get(f"{FORUM}/people/{chair.person_id}").json()["mandates"][0]["id"]
    body = {"person_id": str(house.people[Role.OBSERVER].person_id), "starts_on": today(), "ends_on": today()}
    assert house.member.post(f"{FORUM}/mandates/{mandate}/deputies", body).status_code == 404


def test_the_switches_of_a_forum_are_the_administrators(house, admin):
    as_it_is = {"registration": "invitation", "guest_comments": False, "one_voice": False, "is_public_programme": True}
    assert house.nobody.get(f"{FORUM}/settings").json() == {**as_it_is, "labels": {}, "late_needs_leave": True}
    wished = {"registration": "open", "guest_comments": True, "one_voice": True, "is_public_programme": False}
    wished |= {"labels": {"declaration": "manifesto"}, "late_needs_leave": False}
    for role in (Role.CHAIR, Role.SECRETARIAT, Role.MEMBER):
        assert house[role].post(f"{FORUM}/settings", wished).status_code == 404
    assert admin.post(f"{FORUM}/settings", wished).json() == wished
    assert house.nobody.get(f"{FORUM}/settings").json() == wished
    of_old = {name: wished[name] for name in as_it_is}  # as programs know the settings: what is newer stays
    assert admin.post(f"{FORUM}/settings", of_old).json() == wished


@pytest.mark.parametrize("labels", [{"declaration": "poem"}, {"poem": "declaration"}, {"session": ""}])
def test_a_name_that_is_not_on_the_list_is_refused(house, admin, labels):
    switches = {"registration": "open", "guest_comments": True, "one_voice": True, "is_public_programme": False}
    refused = admin.post(f"{FORUM}/settings", {**switches, "labels": labels})
    assert (refused.status_code, refused.json()["facts"]["field"]) == (422, "labels")
    assert house.nobody.get(f"{FORUM}/settings").json()["labels"] == {}


def test_a_delegation_has_one_voice_where_that_is_switched_on(store):
    with store.writing() as db:
        people, forum = PeopleService(db), factories.forum(db)
        town = people.add_organisation(forum, name="Alta", actor=OPERATOR)
        member = people.add_person(forum, name="A", role=Role.MEMBER, organisation=town, actor=OPERATOR).as_actor()
        watcher = people.add_person(forum, name="B", role=Role.OBSERVER, organisation=town, actor=OPERATOR).as_actor()
        day = clock.now().date()
        alone = policy.delegation(member, forum, day)
        forum.one_voice = True
        together = [policy.delegation(one, forum, day) for one in (member, watcher)]
        assert (alone, together) == (None, [town.id, None])


def test_the_log_names_nobody(house, secretariat):
    added(secretariat, name="Ximena Q. Unmistakable", email="ximena@unmistakable.example")
    with house.store.reading() as db:
        entries = [line.entry for line in db.query(LogEntry)]
        assert db.query(Person).filter_by(name="Ximena Q. Unmistakable").count() == 1
        assert db.query(Mandate).count() > 0
    assert any('"person.added"' in entry for entry in entries)
    assert not any("nmistakable" in entry for entry in entries)
