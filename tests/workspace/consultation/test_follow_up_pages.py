"""The calendar file, the projects that members join, and the follow-up register, in a browser."""

import re
from datetime import UTC, date, datetime, timedelta

import pytest
import sqlalchemy as sa
from icalendar import Calendar

from drafts.text.blocks import Language
from tests.support import factories
from tests.support.page import Page
from tests.support.site import token_of
from workspace.consultation.models import Commitment, Project
from workspace.consultation.projects import ProjectService
from workspace.core.actor import NOBODY, OPERATOR, Role
from workspace.core.security.permissions import Phase
from workspace.declarations.domain.calendar import CalendarService
from workspace.declarations.domain.models import Stage
from workspace.declarations.domain.service import DeclarationService
from workspace.editions.domain.annexes import project_annex
from workspace.people.models import Forum, Mandate, Organisation
from workspace.people.service import PeopleService
from workspace.sessions.extraction import CollaborationProject, SessionDetails, SessionFound
from workspace.sessions.models import Session
from workspace.sessions.service import SessionService

FORUM = "/en/third-forum/sessions"
ADDRESS = "/en/third-forum/calendar-address"


@pytest.fixture
def town(store):
    with store.writing() as db:
        return PeopleService(db).add_organisation(factories.forum(db), name="Villa Clara", actor=OPERATOR).id


@pytest.fixture
def member(store, town):
    with store.writing() as db:
        actor = factories.person(db, Role.MEMBER, "M. Ember")
        db.scalars(sa.select(Mandate).where(Mandate.person_id == actor.person_id)).one().organisation_id = town
        return actor


@pytest.fixture
def secretariat(store):
    with store.writing() as db:
        return factories.person(db, Role.SECRETARIAT)


@pytest.fixture
def project(store):
    """A session whose document tells of a project."""
    with store.writing() as db:
        return telling_of_pumps(db, factories.forum(db))


def telling_of_pumps(db, forum):
    told = CollaborationProject(title="Shared pumps", promoter="The region", interested=("Alto",), actions=("Count",))
    details = SessionDetails(found=SessionFound(title="Pumps"), collaboration_projects=(told,))
    return SessionService(db).add(forum, details, language="en", document=None, actor=OPERATOR).id


@pytest.mark.usefixtures("project")
@pytest.mark.parametrize("language", Language)
@pytest.mark.parametrize("place", ["sessions/commitments", "sessions/projects", "calendar-address"])
def test_each_page_speaks_three_languages(visit, secretariat, language, place):
    answer = visit(secretariat).get(f"/{language}/third-forum/{place}")

    assert answer.status_code == 200
    assert Page(answer).language == language


@pytest.mark.usefixtures("document")
def test_a_calendar_has_the_sessions_with_their_moment_and_names_nobody(visit, member):
    answer = visit(member).get(f"{FORUM}/calendar.ics")

    assert answer.headers["content-type"] == "text/calendar; charset=utf-8"
    (event,) = Calendar.from_ical(answer.content).walk("VEVENT")
    assert event["summary"] == "Water for every district"
    assert event["location"] == "Town hall, Villa Clara"
    assert event["dtstart"].dt == datetime(2027, 3, 4, 9, tzinfo=UTC)
    assert event["dtend"].dt == datetime(2027, 3, 4, 10, 30, tzinfo=UTC)
    assert "/sessions/" in event["url"]
    assert "Ruiz" not in answer.text


def test_days_of_a_calendar_end_when_the_last_is_over(store, visit, member):
    with store.writing() as db:
        details = SessionDetails(found=SessionFound(title="Summit", start="2027-03-04", end="2027-03-06"))
        SessionService(db).add(factories.forum(db), details, language="en", document=None, actor=OPERATOR)
    (event,) = Calendar.from_ical(visit(member).get(f"{FORUM}/calendar.ics").content).walk("VEVENT")
    assert (event["dtstart"].dt, event["dtend"].dt) == (date(2027, 3, 4), date(2027, 3, 7))


@pytest.mark.usefixtures("document")
def test_a_calendar_has_the_deadlines_of_what_its_reader_may_know_of(visit, store, member):
    year = datetime.now(tz=UTC).year + 1
    with store.writing() as db:
        secret = factories.declaration(db, slug="secret", phase=Phase.SETUP)
        secret.name = factories.trilingual("Secret")
        drafted = factories.declaration(db)
        for made, stage in ((drafted, Stage.AMENDMENTS), (secret, Stage.DRAFTING)):
            dates = {"opens": "", "closes": f"{year}-03-04T18:00", "zone": "America/Lima"}
            CalendarService(db).set_dates(made, stage, **dates, reason="", actor=OPERATOR)

    answer = visit(member).get(f"/fr{FORUM.removeprefix('/en')}/calendar.ics")

    [deadline] = [one for one in Calendar.from_ical(answer.content).walk("VEVENT") if "/calendar" in one["url"]]
    assert deadline["dtstart"].dt == datetime(year, 3, 4, 23, tzinfo=UTC)
    assert "Draft Declaration" in deadline["summary"]
    assert "Secret" not in answer.text
    [alarm] = deadline.walk("VALARM")
    assert alarm["trigger"].dt == timedelta(days=-1)
    with store.writing() as db:
        dates = {"opens": "", "closes": f"{year}-03-11T18:00", "zone": "America/Lima"}
        drafted = DeclarationService(db).get(drafted.id)
        CalendarService(db).set_dates(drafted, Stage.AMENDMENTS, **dates, reason="More time.", actor=OPERATOR)
    answer = visit(member).get(f"/fr{FORUM.removeprefix('/en')}/calendar.ics")
    [moved] = [one for one in Calendar.from_ical(answer.content).walk("VEVENT") if one["uid"] == deadline["uid"]]
    assert moved["dtstart"].dt == datetime(year, 3, 11, 23, tzinfo=UTC)
    assert moved["sequence"] >= deadline["sequence"]
    assert moved["last-modified"].dt >= deadline["last-modified"].dt


@pytest.mark.usefixtures("document")
def test_a_calendar_is_the_publics_where_the_programme_is(visit, store):
    with store.writing() as db:
        db.scalars(sa.select(Forum)).one().is_public_programme = False
    assert visit(NOBODY).get(f"{FORUM}/calendar.ics").status_code == 404

    with store.writing() as db:
        db.scalars(sa.select(Forum)).one().is_public_programme = True
    assert visit(NOBODY).get(f"{FORUM}/calendar.ics").status_code == 200


def test_a_project_of_a_document_is_put_into_the_annex_once_and_a_member_joins_and_leaves(
    visit, store, member, secretariat, project
):
    office, browser = visit(secretariat), visit(member)
    with store.writing() as db:
        report = telling_of_pumps(db, db.scalars(sa.select(Forum)).one())  # as the report of a workshop does again
    for session in (project, project, report):
        office.post(f"{FORUM}/{session}/projects", data={"csrf": token_of(office)})
    with store.reading() as db:
        found = db.scalars(sa.select(Project)).one()
        town = db.scalars(sa.select(Organisation)).one().id
    form = {"csrf": token_of(browser), "organisation": str(town)}

    browser.post(f"{FORUM}/projects/{found.id}", data={**form, "act": "join"})
    page = Page(browser.get(f"{FORUM}/projects"))
    assert [words in page.text for words in ("Shared pumps", "Alto")] == [True] * 2
    assert (page.has_button("join"), page.has_button("leave")) == (False, True)

    browser.post(f"{FORUM}/projects/{found.id}", data={**form, "act": "leave"})
    page = Page(browser.get(f"{FORUM}/projects"))
    assert (page.has_button("join"), page.has_button("leave")) == (True, False)


def test_nobody_joins_for_an_organisation_they_do_not_speak_for(visit, store, secretariat, project, town):
    office = visit(secretariat)
    office.post(f"{FORUM}/{project}/projects", data={"csrf": token_of(office)})
    with store.writing() as db:
        found = db.scalars(sa.select(Project)).one().id
        stranger = visit(factories.person(db, Role.MEMBER, "S. Tranger"))
    form = {"csrf": token_of(stranger), "organisation": str(town), "act": "join"}

    assert stranger.post(f"{FORUM}/projects/{found}", data=form).status_code == 404


def test_a_promise_is_noted_and_brought_up_to_date(visit, store, secretariat, town):
    office = visit(secretariat)
    form = {"csrf": token_of(office), "organisation": str(town), "language": "en", "due": "2026-01-31"}
    office.post(f"{FORUM}/commitments", data={**form, "text": "To mend ten fountains."})
    assert "overdue" in Page(office.get(f"{FORUM}/commitments")).data("state")
    with store.reading() as db:
        made = db.scalars(sa.select(Commitment)).one().id

    report = {"csrf": token_of(office), "status": "kept", "note": "Eleven were mended.", "due": "2026-01-31"}
    office.post(f"{FORUM}/commitments/{made}", data=report)

    page = Page(office.get(f"{FORUM}/commitments"))
    assert page.count == 0
    assert "Eleven were mended." in page.text
    assert page.data("state") == ["kept"]


@pytest.mark.parametrize("wrong", [{"text": " "}, {"due": "soon"}, {"organisation": "x"}])
def test_a_promise_that_cannot_be_noted_stays_in_the_form(visit, store, secretariat, town, wrong):
    office = visit(secretariat)
    form = {"csrf": token_of(office), "organisation": str(town), "language": "en", "text": "To mend.", "due": ""}

    assert office.post(f"{FORUM}/commitments", data=form | wrong).status_code == 422
    with store.reading() as db:
        assert db.scalars(sa.select(Commitment)).all() == []


def test_a_member_without_stewardship_notes_no_promises(visit, member, town):
    browser = visit(member)
    form = {"csrf": token_of(browser), "organisation": str(town), "language": "en", "text": "To mend."}

    assert browser.post(f"{FORUM}/commitments", data=form).status_code == 404
    assert not Page(browser.get(f"{FORUM}/commitments")).forms


@pytest.mark.usefixtures("document")
def test_the_programme_tells_languages_and_speakers_to_be_confirmed(visit, rapporteur, store):
    with store.writing() as db:
        session = db.scalars(sa.select(Session)).one()
        session.details = {
            **session.details,
            "found": {**session.details["found"], "working_languages": ["es", "pt"], "thematic_line": "Water"},
        }
    page = Page(visit(rapporteur).get(FORUM))

    assert all(language in page.text for language in ("Spanish", "Portuguese"))
    assert page.data("unconfirmed-speakers") == ["1"]
    assert any("/sessions/documents/" in link for link in page.links)


@pytest.mark.usefixtures("document")
def test_a_calendar_address_of_ones_own_shows_what_its_owner_may_read_until_it_is_revoked(visit, member):
    own = visit(member)
    form = {"csrf": token_of(own)}
    made = own.post(ADDRESS, data={**form, "act": "make"})
    first = address(made)
    second = address(own.post(ADDRESS, data={**form, "act": "make"}))
    nobody = visit(NOBODY)

    assert first in made.text
    assert second not in own.get(ADDRESS).text
    assert [one["SUMMARY"] for one in Calendar.from_ical(nobody.get(second).content).walk("VEVENT")]
    assert nobody.get(first).status_code == 404
    own.post(ADDRESS, data={**form, "act": "revoke"})
    assert nobody.get(second).status_code == 404


def test_a_visitor_has_no_calendar_address(visit):
    nobody = visit(NOBODY)
    assert nobody.get(ADDRESS).status_code == 404
    assert nobody.post(ADDRESS, data={"csrf": token_of(nobody)}).status_code == 404


def test_the_chair_keeps_the_follow_up_register_and_looks_after_nobody(visit, store):
    with store.writing() as db:
        chair = visit(factories.chair(db))
        town = PeopleService(db).add_organisation(factories.forum(db), name="Puerto Sereno", actor=OPERATOR)
    fields = {"organisation": str(town.id), "text": "Mend the quay.", "language": "en", "due": ""}
    answer = chair.post(f"{FORUM}/commitments", data={"csrf": token_of(chair), **fields})
    assert "Mend the quay." in Page(answer).text
    assert chair.get(f"/en/third-forum/people/organisations/{town.id}").status_code == 200
    assert chair.post("/en/third-forum/people/organisations", data={"csrf": token_of(chair)}).status_code == 404


def address(answer):
    return "/" + re.search(r"<code>https?://[^/]+/([^<]+)</code>", answer.text)[1]


@pytest.mark.usefixtures("project")
def test_an_annex_has_each_project_with_its_members_once(store, town):
    with store.writing() as db:
        forum = db.scalars(sa.select(Forum)).one()
        session = db.scalars(sa.select(Session)).one()
        [project] = ProjectService(db).take_up(session, actor=OPERATOR)
        project.interested = ["Alto", "VILLA CLARA"]
        ProjectService(db).join(project, town, actor=OPERATOR)
        db.flush()
        db.refresh(project)
        [shown] = project_annex(db, forum, actor=OPERATOR)
    assert (shown.title, shown.promoter, shown.members) == ("Shared pumps", "The region", ("Alto", "Villa Clara"))
