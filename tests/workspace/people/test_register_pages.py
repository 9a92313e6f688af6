"""The register of people in the browser."""

import io
from datetime import timedelta

import openpyxl
import pytest

from drafts.text.blocks import Language
from tests.support import factories
from tests.support.page import Page
from tests.support.sheets import xlsx
from tests.support.site import token_of
from tests.workspace.amendments.browsing import browsing
from workspace.core import clock, instruments
from workspace.core.actor import OPERATOR, Role
from workspace.core.outbox import Letter
from workspace.people.models import Forum, Mandate, Organisation, Person
from workspace.people.roster_file import ROLES, read_sheet
from workspace.people.service import PeopleService
from workspace.people.validation import folded
from workspace.web.i18n import messages
from workspace.web.pages import ROLE_NAMES

PEOPLE = "/en/third-forum/people"


@pytest.fixture
def secretariat(store):
    with store.writing() as db:
        made = factories.person(db, Role.SECRETARIAT)
    with browsing(store, made) as browser:
        yield browser


@pytest.fixture
def town(store):
    """A town with a chair and a member."""
    with store.writing() as db:
        people, forum = PeopleService(db), factories.forum(db)
        made = people.add_organisation(forum, name="Málaga", country="ES", actor=OPERATOR)
        for name, role in (("C. Hair", Role.CHAIR), ("José Núñez", Role.MEMBER)):
            people.add_person(forum, name=name, role=role, organisation=made, actor=OPERATOR)
        return str(made.id)


def someone(store, name):
    with store.reading() as db:
        return str(db.query(Person).filter_by(name=name).one().id)


def mandates_of(store, name):
    with store.reading() as db:
        found = db.query(Mandate).join(Person, Mandate.person_id == Person.id).filter(Person.name == name)
        return [(one.role, one.ends_on) for one in found]


@pytest.mark.parametrize("language", ["es", "en", "fr"])
def test_every_page_renders_in_three_languages(store, secretariat, town, language):
    with store.writing() as db:
        admin = factories.person(db, Role.ADMIN)
    for path in (
        "",
        "?words=malaga&role=chair&kind=city&country=ES&standing=all",
        "?words=nobody",
        "/organisations",
        f"/organisations/{town}",
        "/new",
        f"/{someone(store, 'C. Hair')}",
        "/import",
    ):
        page = secretariat.see(f"/{language}/third-forum/people{path}")
        assert page.status_code == 200, path
    assert "/people" in secretariat.see(f"/{language}/third-forum").text
    with browsing(store, admin) as browser:
        assert browser.see(f"/{language}/third-forum/settings").status_code == 200


@pytest.mark.usefixtures("town")
def test_the_register_names_country_and_role_in_the_readers_language(secretariat):
    page = secretariat.page(PEOPLE.replace("/en/", "/fr/") + "?words=nunez").text
    assert "José Núñez" in page
    assert "Espagne" in page
    assert "C. Hair" not in page


def test_somebody_is_added_with_an_organisation_and_invited(store, secretariat):
    fields = {
        "name": "Ana Ruiz",
        "language": "es",
        "role": "member",
        "organisation": "Alta",
        "email": "ana@alta.example",
    }
    assert 'name="invite" value="yes" checked' in secretariat.see(f"{PEOPLE}/new").text
    answer = secretariat.send(f"{PEOPLE}/new", **fields, invite="yes")
    assert answer.status_code == 303
    assert secretariat.page(answer.headers["location"]).data("entry") == ["invited"]
    with store.reading() as db:
        assert [one.name for one in db.query(Organisation)] == ["Alta"]
        assert [(one.kind, one.to) for one in db.query(Letter)] == [("invitation", "ana@alta.example")]


def test_without_an_address_somebody_is_added_and_nobody_is_written_to(store, secretariat):
    answer = secretariat.send(f"{PEOPLE}/new", name="Ana Ruiz", language="es", role="member", email=" ", invite="yes")
    assert answer.status_code == 303
    assert secretariat.page(answer.headers["location"]).data("entry") == ["none"]
    with store.reading() as db:
        assert db.query(Letter).count() == 0


@pytest.mark.parametrize(
    ("fields", "refusal"),
    [
        ({"name": ""}, "workspace.invalid:empty"),
        ({"starts_on": "soon"}, "workspace.invalid:unknown_day"),
        ({"starts_on": "2027-02-02", "ends_on": "2027-02-01"}, "workspace.invalid:before_start"),
        ({"email": "nowhere"}, "workspace.invalid:bad_email"),
        ({"role": "king"}, "workspace.invalid:required"),
    ],
)
def test_a_person_that_cannot_be_added_comes_back_with_the_form(store, secretariat, fields, refusal):
    before = mandates_of(store, "Ana Ruiz")
    answer = secretariat.send(f"{PEOPLE}/new", **{"name": "Ana Ruiz", "language": "es", "role": "member", **fields})
    assert answer.status_code == 422
    assert Page(answer).refusal == refusal
    assert mandates_of(store, "Ana Ruiz") == before == []


@pytest.mark.usefixtures("town")
def test_a_member_is_made_a_steward_on_their_page_and_relieved_of_it_again(store, secretariat):
    path = f"{PEOPLE}/{someone(store, 'José Núñez')}"

    def held():
        with store.reading() as db:
            rows = db.query(Mandate).join(Person).filter(Person.name == "José Núñez").order_by(Mandate.id)
            return [(str(one.id), one.is_steward, one.ends_on) for one in rows]

    before = held()[-1]
    assert secretariat.page(path).has_button("entrust")
    assert secretariat.send(path, act="entrust", mandate=before[0]).headers["location"] == path
    assert [one[1] for one in held()] == [False, True]
    assert (held()[0][2], held()[1][2]) == (clock.now().date() - timedelta(days=1), before[2])
    assert secretariat.page(path).has_button("relieve")
    twice = secretariat.send(path, act="entrust", mandate=held()[-1][0])
    assert (twice.status_code, Page(twice).refusal) == (422, "workspace.invalid:is_so_already")
    assert secretariat.send(path, act="relieve", mandate=held()[-1][0]).status_code == 303
    assert held()[-1][1:] == (False, before[2])


@pytest.mark.usefixtures("town")
def test_a_role_is_given_and_ended_on_the_page_of_the_person(store, secretariat):
    path = f"{PEOPLE}/{someone(store, 'José Núñez')}"
    given = secretariat.send(path, act="give", role="committee", organisation="Málaga")
    assert given.headers["location"] == path
    with store.reading() as db:
        mandate = db.query(Mandate).filter_by(role=Role.COMMITTEE).one().id
    yesterday = clock.now().date() - timedelta(days=1)
    assert secretariat.send(path, act="end", mandate=str(mandate), on=yesterday.isoformat()).status_code == 303
    assert (Role.COMMITTEE, yesterday) in mandates_of(store, "José Núñez")
    again = secretariat.send(path, act="give", role="member", organisation="Málaga")
    assert (again.status_code, Page(again).refusal) == (422, "workspace.invalid:held_already")
    assert secretariat.send(path, act="rename", name="J. Núñez", language="es").status_code == 303
    assert "<h1>J. Núñez</h1>" in secretariat.see(path).text
    assert secretariat.send(path, act="dance").status_code == 422


@pytest.mark.usefixtures("town")
def test_a_deputy_is_appointed_on_the_page_of_the_chair(store, secretariat):
    path = f"{PEOPLE}/{someone(store, 'C. Hair')}"
    with store.reading() as db:
        mandate = str(db.query(Mandate).filter_by(role=Role.CHAIR).one().id)
    days = {"starts_on": "2027-03-01", "ends_on": "2027-03-05"}
    deputy = someone(store, "José Núñez")
    assert secretariat.send(path, act="deputy", mandate=mandate, deputy=deputy, **days).status_code == 303
    assert secretariat.page(f"{PEOPLE}/{deputy}").data("deputy-of") == ["C. Hair"]
    refused = secretariat.send(path, act="deputy", mandate=mandate, deputy="", **days)
    assert refused.status_code == 422


def test_two_organisations_are_made_one_in_the_browser(secretariat, town):
    made = secretariat.send(f"{PEOPLE}/organisations", name="Ayto. de Málaga", kind="city", country="ES")
    assert made.status_code == 303
    refused = secretariat.send(f"{PEOPLE}/organisations", name="MALAGA", kind="city")
    assert (refused.status_code, Page(refused).refusal) == (422, "workspace.invalid:taken")
    assert secretariat.send(made.headers["location"], act="merge", into="").status_code == 422
    merged = secretariat.send(made.headers["location"], act="merge", into=town)
    assert merged.headers["location"] == f"{PEOPLE}/organisations/{town}"
    assert "Ayto. de Málaga" in secretariat.page(merged.headers["location"]).text_of("aliases")
    changed = secretariat.send(merged.headers["location"], act="change", name="Málaga", kind="region", aliases="M\nN")
    assert changed.status_code == 303


def test_a_spreadsheet_is_shown_before_it_is_taken_in(store, secretariat):
    book = xlsx(["Name", "E-mail", "Odd"], ["Ana Ruiz", "ana@alta.example", 1], ["", "x@alta.example", 2])
    token = {"csrf": token_of(secretariat.client)}
    sent = secretariat.client.post(
        f"{PEOPLE}/import", data={**token, "role": "member"}, files={"file": ("p.xlsx", book)}, follow_redirects=False
    )
    assert sent.status_code == 303, sent.text
    preview = secretariat.page(sent.headers["location"])
    assert preview.count == 1
    assert preview.refusals == ["workspace.invalid:empty"]
    assert "Odd" in preview.by_id("toast").text
    assert mandates_of(store, "Ana Ruiz") == []
    assert secretariat.send(sent.headers["location"], rows="all").status_code == 422
    assert secretariat.send(sent.headers["location"], rows="good", invite="yes").headers["location"] == PEOPLE
    assert mandates_of(store, "Ana Ruiz") == [(Role.MEMBER, None)]
    assert secretariat.see(sent.headers["location"]).status_code == 404


def test_a_file_that_is_no_spreadsheet_says_so_beside_the_field(secretariat):
    token = {"csrf": token_of(secretariat.client)}
    for files in ({"file": ("p.csv", b"red,green\n1,2\n")}, None):
        answer = secretariat.client.post(f"{PEOPLE}/import", data=token, files=files or {"other": ("a", b"b")})
        assert answer.status_code == 422
        assert 'id="file-error"' in answer.text


@pytest.mark.parametrize("language", ["es", "en", "fr"])
def test_the_spreadsheet_to_fill_in_is_understood_when_it_comes_back(secretariat, language):
    answer = secretariat.see(f"/{language}/third-forum/people/import/template")
    book = openpyxl.load_workbook(io.BytesIO(answer.content))
    sheet = book.worksheets[0]
    assert len(sheet.data_validations.dataValidation) == 3
    assert len(book.worksheets[1]["A"]) == 9
    sheet["A2"] = "Ana Ruiz"
    filled = io.BytesIO()
    book.save(filled)
    assert len(read_sheet(filled.getvalue(), source="people.xlsx").columns) == 9


@pytest.mark.parametrize("language", ["es", "en", "fr"])
@pytest.mark.parametrize("instrument", ["member", "committee"])
def test_roles_are_understood_by_whatever_name_a_forum_has_for_them(language, instrument):
    role = Role.MEMBER if instrument == "member" else Role.COMMITTEE
    for name in instruments.NAMES[instrument]:
        with instruments.named({instrument: name}):
            said = messages.messages(Language(language)).gettext(ROLE_NAMES[role])
        assert ROLES.get(folded(said)) is role, said


def test_the_switches_are_kept_and_shown_again(store):
    with store.writing() as db:
        admin = factories.person(db, Role.ADMIN)
    with browsing(store, admin) as browser:
        sent = browser.send("/en/third-forum/settings", registration="open", guest_comments="yes", one_voice="yes")
        page = browser.see(sent.headers["location"]).text
    with store.reading() as db:
        forum = db.query(Forum).one()
        assert (forum.registration, forum.guest_comments, forum.one_voice, forum.is_public_programme) == (
            "open", True, True, False,
        )  # fmt: skip
    assert 'name="guest_comments" value="yes" checked' in page
    assert 'name="is_public_programme" value="yes" checked' not in page


def test_the_forum_is_described_anew_and_what_is_wrong_is_shown_beside_what_was_typed(store):
    with store.writing() as db:
        admin = factories.person(db, Role.ADMIN)
    typed = {"name_es": "Cuarto Foro", "place_fr": "Alta", "timezone": "Europe/Madrid", "starts_on": "2027-06-10"}
    with browsing(store, admin) as browser:
        refused = browser.send("/en/third-forum/settings/forum", **typed, ends_on="2027-06-01")
        assert refused.status_code == 422
        assert Page(refused).field("name_es").value == "Cuarto Foro"
        assert Page(refused).field("ends_on").is_wrong
        assert browser.send("/en/third-forum/settings/forum", **typed, ends_on="2027-06-12").status_code == 303
    with store.reading() as db:
        forum = db.query(Forum).one()
        assert (forum.slug, forum.name.said_in("en"), forum.place.fr) == ("third-forum", "Cuarto Foro", "Alta")
        assert (forum.timezone, str(forum.ends_on)) == ("Europe/Madrid", "2027-06-12")


@pytest.mark.parametrize("role", [Role.MEMBER, Role.COMMITTEE, None])
def test_the_register_is_not_there_for_others(store, town, role):
    with store.writing() as db:
        actor = factories.person(db, role) if role else None
    chair = someone(store, "C. Hair")
    with browsing(store, actor) as browser:
        for path in (
            "", "/organisations", f"/organisations/{town}", "/new", f"/{chair}", "/import", "/import/template",
        ):  # fmt: skip
            assert browser.see(PEOPLE + path).status_code == 404, path
        assert browser.see("/en/third-forum/settings").status_code == 404
        assert browser.send(f"{PEOPLE}/new", name="X", language="en", role="member").status_code == 404
        assert browser.send(f"{PEOPLE}/{chair}", act="rename", name="X", language="en").status_code == 404
        assert browser.send("/en/third-forum/settings", registration="open").status_code == 404
        assert f'href="{PEOPLE}"' not in browser.see("/en/third-forum").text


def test_names_never_become_markup(store, secretariat):
    nasty = '"><script>alert(1)</script>'
    secretariat.send(f"{PEOPLE}/new", name=nasty, language="es", role="member", organisation=nasty)
    for path in ("", "/organisations", "/new", f"/{someone(store, nasty)}"):
        assert "<script>alert" not in secretariat.see(PEOPLE + path).text


@pytest.mark.usefixtures("town")
def test_more_people_take_no_more_queries(store, secretariat):
    before = secretariat.queries(PEOPLE), secretariat.queries(f"{PEOPLE}/organisations")
    with store.writing() as db:
        people, forum = PeopleService(db), factories.forum(db)
        for number in range(5):
            body = people.add_organisation(forum, name=f"Town {number}", actor=OPERATOR)
            people.add_person(forum, name=f"P {number}", role=Role.MEMBER, organisation=body, actor=OPERATOR)
    assert (secretariat.queries(PEOPLE), secretariat.queries(f"{PEOPLE}/organisations")) == before
