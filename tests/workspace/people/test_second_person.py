"""Roles that confirm what others ask for are given by two, as soon as there are two who may give them."""

import io
from datetime import timedelta

import pytest

from tests.support import factories, site
from tests.support.page import Page
from tests.support.site import token_of
from workspace.accounts.domain.models import Ticket, TicketKind
from workspace.accounts.domain.service import AccountService
from workspace.cli import run
from workspace.core import clock
from workspace.core.actor import OPERATOR, Role
from workspace.core.errors import Invalid
from workspace.core.security.permissions import TABLE, Phase
from workspace.declarations.domain.approvals import ADOPTION, EMBARGO
from workspace.editions.domain.policy import CORRIGENDUM, PUBLICATION, RELEASE
from workspace.people import policy
from workspace.people.mandates import MandateService
from workspace.people.models import Mandate, Organisation, Person
from workspace.procedure.policy import CONSENSUS

NEW = {"name": "S. Econd", "role": "secretariat", "language": "en"}
PEOPLE = "/en/third-forum/people"


@pytest.fixture
def alone(store):
    """A chair who is the only one to give roles."""
    with store.writing() as db:
        factories.declaration(db, phase=Phase.REVIEW)
        return factories.chair(db)


@pytest.fixture
def two(store, alone):
    with store.writing() as db:
        return alone, factories.person(db, Role.SECRETARIAT)


def held(store, name="S. Econd"):
    """Which roles count today."""
    with store.reading() as db:
        [person] = db.query(Person).filter_by(name=name)
        forum = person.mandates[0].forum
        roles = person.as_actor().roles_in(forum.id, clock.today("UTC"))
        return sorted(role.value for role in roles - {Role.OTHER_ORG})


def page_of(store, name="S. Econd"):
    with store.reading() as db:
        return f"{PEOPLE}/{db.query(Person).filter_by(name=name).one().id}"


def post(store, actor, path, **data):
    with site.browser(store, actor) as browser:
        return browser.post(path, data={**data, "csrf": token_of(browser)})


def test_every_role_that_can_be_half_of_two_is_confirmed_itself():
    rules = (ADOPTION, EMBARGO, CONSENSUS, PUBLICATION, RELEASE, CORRIGENDUM)
    table = TABLE.get()
    halves = {role for rule in rules for action in (rule.action, rule.confirming) for role in table[action]}
    assert halves | {Role.ADMIN} == policy.CONFIRMING  # administrators confirm erasures and keys


def test_whoever_is_alone_gives_it_at_once(store, alone):
    assert post(store, alone, f"{PEOPLE}/new", **NEW).status_code == 200
    assert held(store) == ["secretariat"]


def test_a_second_person_confirms_it_on_the_persons_page(store, two):
    chair, secretariat = two
    given = Page(post(store, chair, f"{PEOPLE}/new", **NEW))
    assert (held(store), given.data("state")) == ([], ["waits"])
    where = page_of(store)
    assert given.offers(where, act="drop_role")
    assert not given.offers(where, act="confirm_role")
    with site.browser(store, secretariat) as browser:
        assert "asked:role" in Page(browser.get("/en/notices")).notices
        assert Page(browser.get("/en/third-forum/work")).links_to("/people")
        assert Page(browser.get(PEOPLE)).data("about") == ["held"]
        form = Page(browser.get(where)).form(where, act="confirm_role").values
    mandate = {"act": "confirm_role", "mandate": form["mandate"]}
    assert post(store, chair, where, **mandate).status_code == 422
    assert held(store) == []
    assert post(store, secretariat, where, **mandate).status_code == 200
    assert held(store) == ["secretariat"]
    assert post(store, secretariat, where, **mandate).status_code == 404


def test_a_role_that_is_declined_never_counts_and_whoever_gave_it_is_told(store, two):
    chair, secretariat = two
    post(store, chair, f"{PEOPLE}/new", **NEW)
    where = page_of(store)
    with site.browser(store, secretariat) as browser:
        drop = Page(browser.get(where)).form(where, act="drop_role").values
    assert post(store, secretariat, where, **drop).status_code == 422
    assert post(store, secretariat, where, **{**drop, "reason": "Nobody knows them."}).status_code == 200
    assert held(store) == []
    with site.browser(store, chair) as browser:
        assert "asked:role_declined" in Page(browser.get("/en/notices")).notices


@pytest.mark.parametrize("role", [Role.MEMBER, Role.TRANSLATOR, Role.COMMITTEE])
def test_other_roles_count_at_once(store, two, role):
    post(store, two[0], f"{PEOPLE}/new", **{**NEW, "role": role.value})
    assert held(store) == [role.value]


def test_deputies_other_roles_and_stewards_follow_the_same_rule(store, two):
    chair, _ = two
    post(store, chair, f"{PEOPLE}/new", **{**NEW, "role": "member"})
    where = page_of(store)
    assert post(store, chair, where, act="give", role="chair").status_code == 200
    assert held(store) == ["member"]
    with store.writing() as db:
        service, forum = MandateService(db), factories.forum(db)
        own = db.query(Mandate).filter_by(person_id=chair.person_id).one()
        deputy = db.get(Person, factories.person(db, Role.MEMBER, "D. Eputy").person_id)
        today = clock.today("UTC")
        stands_in = service.appoint_deputy(forum, own.id, deputy, starts_on=today, ends_on=today, actor=chair)
        assert stands_in.is_void
    assert held(store) == ["member"]


def test_an_invitation_and_a_spreadsheet_with_such_a_role_wait_too(store, two):
    chair, _ = two
    rows = "Name,Role,E-mail\nS. Econd,secretariat,s@example.org\nM. Ember,member,m@example.org\n"
    with site.browser(store, chair) as browser:
        files = {"file": ("people.csv", io.BytesIO(rows.encode()), "text/csv")}
        sent = browser.post(f"{PEOPLE}/import", data={"csrf": token_of(browser), "role": "member"}, files=files)
        form = next(form for form in Page(sent).forms if form.buttons and "import" in form.action)
        taken = browser.post(form.action, data={**form.values, "csrf": token_of(browser)})
    assert taken.status_code == 200
    assert (held(store), held(store, "M. Ember")) == ([], ["member"])


@pytest.mark.usefixtures("two")
def test_the_operator_names_the_second_person_or_the_role_waits(store, monkeypatch):
    monkeypatch.setenv("WORKSPACE_DATABASE_URL", store.engine.url.render_as_string())
    asked = ["user", "add", "S. Econd", "--forum", "third-forum", "--role", "secretariat"]
    assert run(asked) == 0
    assert held(store) == []
    again = ["user", "give-role", "S. Econd", "--forum", "third-forum", "--role", "chair", "--second", "A secretariat"]
    assert run(again) == 0
    assert held(store) == ["chair"]


def test_programs_give_and_confirm_it(house):
    secretariat = house[Role.SECRETARIAT]
    [mandate] = secretariat.post("/forums/third-forum/people", NEW).json()["mandates"]
    assert mandate["waits"]
    path = f"/forums/third-forum/mandates/{mandate['id']}/confirmation"
    assert secretariat.post(path).status_code == 422
    confirmed = house.chair.post(path)
    assert (confirmed.status_code, confirmed.json()["waits"], confirmed.json()["ends_on"]) == (200, False, None)
    assert house.chair.post(path).status_code == 404


def answers_of(store, actor, path):
    with site.browser(store, actor) as browser:
        return Page(browser.get(path))


def import_rows(store, actor, rows):
    """Send a spreadsheet and take its good rows in; returns the preview."""
    with site.browser(store, actor) as browser:
        files = {"file": ("people.csv", io.BytesIO(rows.encode()), "text/csv")}
        sent = Page(browser.post(f"{PEOPLE}/import", data={"csrf": token_of(browser), "role": "member"}, files=files))
        form = next(form for form in sent.forms if form.buttons and "import" in form.action)
        assert browser.post(form.action, data={**form.values, "csrf": token_of(browser)}).status_code == 200
    return sent


def test_a_role_that_waits_is_not_asked_for_a_second_time(store, two):
    chair, _ = two
    post(store, chair, f"{PEOPLE}/new", **{**NEW, "role": "member"})
    where = page_of(store)
    assert post(store, chair, where, act="give", role="chair").status_code == 200
    again = post(store, chair, where, act="give", role="chair")
    assert (again.status_code, Page(again).refusal) == (422, "workspace.invalid:held_already")
    import_rows(store, chair, "Name,Role\nS. Econd,chair\n")
    assert answers_of(store, chair, where).data("state") == ["waits"]


def test_whoever_confirms_a_role_is_told_where_it_is_held_by_then(store, two):
    chair, secretariat = two
    post(store, chair, f"{PEOPLE}/new", **{**NEW, "role": "member"})
    where = page_of(store)
    post(store, chair, where, act="give", role="chair")
    form = answers_of(store, secretariat, where).form(where, act="confirm_role").values
    with store.writing() as db:
        person = db.query(Person).filter_by(name="S. Econd").one()
        db.add(Mandate(person_id=person.id, forum_id=factories.forum(db).id, role=Role.CHAIR))
    refused = post(store, secretariat, where, **{**form, "act": "confirm_role"})
    assert (refused.status_code, Page(refused).refusal) == (422, "workspace.invalid:held_already")


def test_a_role_of_another_that_confirms_ends_when_a_second_person_says_so(store, two):
    chair, secretariat = two
    where, yesterday = page_of(store, secretariat.name), (clock.now() - timedelta(days=1)).date().isoformat()
    form = answers_of(store, chair, where).form(where, act="end").values
    assert post(store, chair, where, **{**form, "act": "end", "on": yesterday}).status_code == 200
    assert held(store, secretariat.name) == ["secretariat"]
    assert answers_of(store, chair, where).data("state") == ["waits"]
    assert post(store, chair, where, **{**form, "act": "end", "on": yesterday}).status_code == 422
    post(store, chair, f"{PEOPLE}/new", **NEW)
    assert held(store) == []  # nobody is alone by ending the other's role
    confirm = {"act": "confirm_role", "mandate": form["mandate"]}
    assert post(store, chair, where, **confirm).status_code == 422
    with site.browser(store, secretariat) as browser:
        assert "asked:role" in Page(browser.get("/en/notices")).notices
    assert post(store, secretariat, where, **confirm).status_code in {200, 404}  # who has no role sees nobody
    assert held(store, secretariat.name) == []


def test_whoever_confirms_the_end_of_a_role_that_ended_before_does_not_give_it(store, two):
    chair, secretariat = two
    with store.writing() as db:
        third = factories.person(db, Role.SECRETARIAT, "T. Hird")
        role = db.query(Mandate).filter_by(person_id=third.person_id).one()
        role.starts_on, mandate = clock.today("UTC"), role.id
    where, later = page_of(store, third.name), (clock.now() + timedelta(days=30)).date().isoformat()
    assert post(store, chair, where, act="end", mandate=str(mandate), on=later).status_code == 200
    with store.writing() as db:
        yesterday = clock.today("UTC") - timedelta(days=1)
        MandateService(db).end(factories.forum(db), mandate, on=yesterday, actor=OPERATOR)
    refused = post(store, secretariat, where, act="confirm_role", mandate=str(mandate))
    assert (refused.status_code, Page(refused).refusal) == (422, "workspace.invalid:ended_already")
    assert held(store, third.name) == []


def test_a_role_whose_end_waits_is_not_given_anew_with_the_people_of_its_organisation(store, two):
    chair, _ = two
    with store.writing() as db:
        third = factories.person(db, Role.SECRETARIAT, "T. Hird")
        role = db.query(Mandate).filter_by(person_id=third.person_id).one()
        role.organisation = Organisation(network_id=factories.forum(db).network_id, name="Town")
        service, forum, today = MandateService(db), factories.forum(db), clock.today("UTC")
        db.flush()
        service.end(forum, role.id, on=today - timedelta(days=1), actor=chair)
        with pytest.raises(Invalid) as refused:
            service.entrust(forum, role.id, is_steward=True, actor=chair)
    assert refused.value.facts["reason"] == "end_waits"


def test_programs_ask_for_the_end_of_a_role_likewise(house):
    secretariat, today = house[Role.SECRETARIAT], clock.today("UTC").isoformat()
    [mandate] = [
        one for one in house.chair.get("/forums/third-forum/people").json()["items"] if one["role"] == "secretariat"
    ]
    path = f"/forums/third-forum/mandates/{mandate['id']}"
    asked = house.chair.post(f"{path}/end", {"on": today}).json()
    assert (asked["waits"], asked["ends_on"]) == (True, None)
    assert house.chair.post(f"{path}/confirmation").status_code == 422
    assert secretariat.post(f"{path}/confirmation").json()["ends_on"] == today


@pytest.mark.parametrize("is_alone", [True, False])
def test_the_holder_refuses_the_end_of_a_role_only_where_nobody_else_can_confirm_it(store, two, *, is_alone):
    chair, secretariat = two
    if not is_alone:
        with store.writing() as db:
            factories.person(db, Role.CHAIR, "T. Hird")
    where, today = page_of(store, secretariat.name), clock.today("UTC").isoformat()
    form = answers_of(store, chair, where).form(where, act="end").values
    asked = Page(post(store, chair, where, **{**form, "act": "end", "on": today}))
    assert asked.has_id("only-operator") is is_alone
    drop = {"act": "drop_role", "mandate": form["mandate"], "reason": "No."}
    assert post(store, secretariat, where, **drop).status_code == (200 if is_alone else 404)
    assert answers_of(store, chair, where).data("state") == ([] if is_alone else ["waits"])


def ticket(db, person, kind):
    """A link that was sent to somebody; a registration is one that was used."""
    now = clock.now()
    used, where = now if kind is TicketKind.REGISTRATION else None, factories.forum(db).id
    address = {"email": "s@town.example", "person_id": person.id, "forum_id": where, "role": None}
    db.add(Ticket(kind=kind, token_hash="-", made_at=now, expires_at=now + timedelta(days=1), used_at=used, **address))


def test_whose_first_role_was_declined_is_among_those_who_registered(store, two):
    chair, secretariat = two
    with store.writing() as db:
        person = Person(name="S. Econd")
        db.add(person)
        db.flush()
        AccountService(db).make(person, email="s@town.example", password_hash=None, actor=OPERATOR)
        ticket(db, person, TicketKind.REGISTRATION)
        first_role = f"{PEOPLE}/registered/{person.id}"
    registered = f"{PEOPLE}/registered"
    assert answers_of(store, chair, registered).offers(first_role)
    assert post(store, chair, first_role, role="chair").status_code == 200
    assert not answers_of(store, chair, registered).offers(first_role)
    where = page_of(store)
    drop = answers_of(store, secretariat, where).form(where, act="drop_role").values
    post(store, secretariat, where, **{**drop, "reason": "Nobody knows them."})
    assert answers_of(store, chair, registered).offers(first_role)


def test_a_spreadsheet_whose_role_waits_signs_nobody_out(store, two):
    chair, secretariat = two
    with store.writing() as db:
        ticket(db, db.get(Person, secretariat.person_id), TicketKind.INVITATION)
        factories.person(db, Role.SECRETARIAT, "T. Hird")
    import_rows(store, chair, f"Name,Role\n{secretariat.name},chair\n")
    assert held(store, secretariat.name) == ["secretariat"]
    with store.reading() as db:
        assert db.query(Ticket).one().ended_at is None
