"""Signatories, reservations and annexes: entered in the pages, printed in the edition, fixed with it."""

import json
from datetime import timedelta

import pytest
import sqlalchemy as sa

from drafts.formats.apparatus import AnnexKind
from drafts.text.blocks import Language
from tests.support.factories import EN, ES, FR
from tests.support.page import Page
from tests.support.site import token_of
from workspace.core import clock
from workspace.core.actor import NOBODY, OPERATOR, Role
from workspace.core.errors import Invalid, NotReady, Stale
from workspace.core.storage.db import Trilingual
from workspace.declarations.domain import queries
from workspace.declarations.domain.service import DeclarationService
from workspace.editions.domain.annexes import AnnexFields, AnnexService
from workspace.editions.domain.models import SignatoryRecord
from workspace.editions.domain.publication import EditionService
from workspace.editions.domain.reservations import ReservationService
from workspace.editions.domain.signatories import read_rows
from workspace.people.service import PeopleService
from workspace.recommendations.service import RecommendationService, VerbatimStatement

AT = "third-forum/declaration"
WATER = {ES: "Las ciudades compartirán el agua.", EN: "Towns shall share water.", FR: "Les villes partagent l’eau."}
ROWS = """Organisation\tPerson\tCapacity\tDate
Ñandubay\tBruno Etcheverry\tGovernor\t12/06/2027
Noirmont\tÉlise Bovet\tMayor\t2026-06-12
"""


@pytest.fixture
def ready(hall):
    return hall(WATER)


@pytest.fixture
def member(ready):
    with ready.store.writing() as db:
        forum = PeopleService(db).forum("third-forum")
        town = PeopleService(db).add_organisation(forum, name="Nyholm", actor=OPERATOR)
        ready.town = town.id
        added = PeopleService(db).add_person(forum, name="K. Ek", role=Role.MEMBER, organisation=town, actor=OPERATOR)
        return added.as_actor()


def sent(client, path, **fields):
    return client.post(f"/en/{AT}/{path}", data={"csrf": token_of(client), **fields})


def open_window(ready):
    with ready.store.writing() as db:
        now = clock.now()
        ReservationService(db).set_window(
            ready.declaration(db), now - timedelta(days=1), now + timedelta(days=9), actor=ready.chair
        )


def signatories(ready):
    with ready.store.reading() as db:
        return {one.person for one in db.scalars(sa.select(SignatoryRecord))}


def test_rows_of_a_spreadsheet_become_signatories_each_once(ready, visit):
    secretary = visit(ready.secretary)
    page = sent(secretary, "signatories/rows", rows=ROWS)
    assert page.status_code == 200
    assert Page(page).result == "signatory.added"
    assert len(Page(page).rows("signatory")) == 2
    assert len(Page(sent(secretary, "signatories/rows", rows=ROWS)).rows("signatory")) == 2
    assert signatories(ready) == {"Bruno Etcheverry", "Élise Bovet"}


@pytest.mark.parametrize(
    ("rows", "refusal", "named"),
    [
        ("Nyholm\tK\tMayor\t12 June\n", "row_without_day", ["1", "12 June"]),
        ("Nyholm\tK\n\tNobody\n", "row_without_name", ["2"]),
        ("Nyholm\tK\nRivers and lakes\n", "row_of_one_cell", ["2", "Rivers and lakes"]),
        ("  \n", "empty", []),
    ],
)
def test_rows_that_cannot_be_read_are_named_and_none_is_entered(ready, visit, rows, refusal, named):
    page = sent(visit(ready.secretary), "signatories/rows", rows=rows)
    assert page.status_code == 422
    assert Page(page).refusal == f"workspace.invalid:{refusal}"
    assert all(words in Page(page).by_id("rows-error").text for words in named)
    assert rows.strip() in page.text
    assert not signatories(ready)


def test_eight_columns_have_organisation_and_capacity_in_three_languages():
    [one] = read_rows("Ciudad A;Town A;Ville A;Ana;Alcaldesa;Mayor;Maire;2026-06-12\n")
    assert (one.organisation, one.capacity) == (
        Trilingual("Ciudad A", "Town A", "Ville A"),
        Trilingual("Alcaldesa", "Mayor", "Maire"),
    )


@pytest.mark.usefixtures("ready")
def test_members_do_not_enter_signatories_and_see_no_form(member, visit):
    client = visit(member)
    assert 'name="rows"' not in client.get(f"/en/{AT}/signatories").text
    assert sent(client, "signatories/rows", rows=ROWS).status_code == 404


def test_a_reservation_is_filed_within_the_window_and_printed_beside_its_paragraph(ready, member, visit):
    client = visit(member)
    form = {"position": "reservation", "organisation": str(ready.town), "paragraph": str(ready.block(0))}
    refused = sent(client, "reservations", **form, text_en="We have no water.")
    assert refused.status_code == 422
    assert Page(refused).text_of("sent") == "We have no water."  # to be copied, although there is no form
    open_window(ready)
    page = sent(client, "reservations", **form, text_en="We have <no> water.")
    assert Page(page).result == "reservation.filed"
    assert Page(page).has_id("r-1")
    files = ready.prepare().files
    html = files["declaration.en.html"].decode()
    assert html.index("Towns shall share water.") < html.index("Reservation to paragraph\u00a01 – Nyholm")
    assert "We have &lt;no&gt; water." in html
    french = files["declaration.fr.html"].decode()
    assert 'lang="en"' in french.partition('class="reservation"')[2]


def test_nobody_files_for_an_organisation_whose_mandate_they_do_not_hold(ready, member, visit):
    open_window(ready)
    with ready.store.writing() as db:
        forum = PeopleService(db).forum("third-forum")
        other = PeopleService(db).add_organisation(forum, name="Elsewhere", actor=OPERATOR).id
    form = {"position": "reservation", "organisation": str(other), "text_en": "We too."}
    page = sent(visit(member), "reservations", **form)
    assert page.status_code == 422
    assert Page(page).refusal == "workspace.invalid:no_mandate_of_it"
    assert sent(visit(ready.secretary), "reservations", **form).status_code == 404


def test_what_was_filed_is_translated_and_withdrawn_but_never_reworded(ready, member, visit):
    open_window(ready)
    client, secretary = visit(member), visit(ready.secretary)
    sent(client, "reservations", position="explanation", organisation=str(ready.town), text_en="So we read it.")
    assert sent(secretary, "reservations/1/translation", language="en", text="Otherwise.").status_code == 422
    kept = sent(secretary, "reservations/1/translation", language="es", text="Así lo leemos.")
    assert Page(kept).result == "reservation.translated"
    assert "Así lo leemos." in ready.prepare().files["declaration.es.txt"].decode()
    assert Page(sent(client, "reservations/1/withdrawal")).result == "reservation.withdrawn"
    assert "Así lo leemos." not in ready.prepare().files["declaration.es.txt"].decode()


def test_an_annex_that_lacks_a_language_stops_publication_and_says_which(ready, visit):
    secretary = visit(ready.secretary)
    page = sent(
        secretary, "annexes", kind="conduct", title_es="Conducta", title_en="Conduct", title_fr="", text_en="Be kind."
    )
    assert Page(page).result == "annex.added"
    stop = Page(secretary.get(f"/en/{AT}/readiness")).part("stop", "annex")
    assert "Conduct" in stop.text
    assert stop.root.get("data-language") == "es fr"
    with pytest.raises(NotReady):
        ready.prepare()


@pytest.mark.usefixtures("member")
def test_annexes_come_from_the_forum_in_their_order(ready):
    with ready.store.writing() as db:
        service, declaration = AnnexService(db), ready.declaration(db)
        name = Trilingual("Participantes", "Participants", "Participants")
        service.add(declaration, AnnexFields(AnnexKind.PARTICIPANTS, name), actor=ready.secretary)
        text = Trilingual("# Uno\n\n1. Escuchar.", "# One\n\n1. Listen.", "# Un\n\n1. Écouter.")
        written = service.add(
            declaration, AnnexFields(AnnexKind.TEXT, trilingual("Ways"), text, "3"), actor=ready.secretary
        )
        service.move_up(declaration, written.id, actor=ready.secretary)
    markdown = ready.prepare().files["declaration.en.md"].decode()
    places = [markdown.index(words) for words in ("# Annex 1. Ways", "1\\. Listen.", "# Annex 2. Participants")]
    assert places == sorted(places)
    assert "Version 3" in markdown
    assert "Nyholm" in markdown


@pytest.mark.usefixtures("member")
def test_participants_of_several_regions_are_listed_by_region(ready):
    with ready.store.writing() as db:
        people, declaration = PeopleService(db), ready.declaration(db)
        for name, country in (("Zárate", "AR"), ("Évora", "PT"), ("Aveiro", "PT"), ("Lima", "PE")):
            body = people.add_organisation(declaration.forum, name=name, country=country, actor=OPERATOR)
            people.add_person(declaration.forum, name="M. L.", role=Role.MEMBER, organisation=body, actor=OPERATOR)
        fields = AnnexFields(AnnexKind.PARTICIPANTS, trilingual("Participants"))
        AnnexService(db).add(declaration, fields, actor=ready.secretary)
    files = ready.prepare().files
    wanted = {
        "en": ["Nyholm", "Europe", "Aveiro (Portugal)", "Évora", "Latin America", "Lima (Peru)", "Zárate"],
        "es": ["Nyholm", "Europa", "Aveiro", "Évora", "Latinoamérica", "Lima (Perú)", "Zárate"],
    }
    for language, names in wanted.items():
        _, _, annex = files[f"declaration.{language}.md"].decode().rpartition("Participants")
        places = [annex.find(name) for name in names]
        assert places == sorted(places)
        assert -1 not in places


def trilingual(words):
    return Trilingual(words, words, words)


def test_what_stands_around_a_published_text_is_fixed_and_later_reservations_stand_beside_it(ready, member, visit):
    secretary = visit(ready.secretary)
    sent(secretary, "signatories/rows", rows=ROWS)
    open_window(ready)
    ready.sign()
    ready.request()
    ready.publish()
    assert sent(secretary, "signatories/rows", rows="New\tOne\n").status_code == 422
    with ready.store.writing() as db:
        declaration = ready.declaration(db)
        service = ReservationService(db)
        service.file(declaration, "reservation", ready.town, trilingual("Late."), language=Language.EN, actor=member)
        edition = EditionService(db).editions(declaration)[0]
        around = EditionService(db).around(edition)
        assert [one.person for one in around.signatories] == ["Bruno Etcheverry", "Élise Bovet"]
        assert [one.number for one in service.not_in(declaration, around)] == [1]
        assert EditionService(db).text(edition).apparatus == around


def test_a_text_whose_signatories_moved_since_it_was_prepared_is_not_published(ready, visit):
    ready.sign()
    ready.request()
    prepared = ready.prepare()
    sent(visit(ready.secretary), "signatories/rows", rows=ROWS)
    with pytest.raises(Stale):
        ready.publish(prepared)


def test_programs_read_and_write_what_stands_around_a_text(ready, member, visit):
    secretary, path = visit(ready.secretary), f"/api/declarations/{ready.declaration_id}"
    name = {"es": "Ciudad A", "en": "Town A", "fr": "Ville A"}
    made = secretary.post(f"{path}/signatories", json={"organisation": name, "person": "Ana"})
    assert made.status_code == 201, made.text
    again = secretary.post(f"{path}/signatories", json={"organisation": name, "person": "Ana"})
    assert (again.status_code, json.loads(again.content)["facts"]["reason"]) == (422, "listed_already")
    assert secretary.delete(f"{path}/signatories/{made.json()['id']}").status_code == 204
    annex = {"kind": "text", "title": name, "text": {"es": "Uno.", "en": "One.", "fr": "Un."}}
    assert secretary.post(f"{path}/annexes", json=annex).status_code == 201
    assert [one["title"] for one in secretary.get(f"{path}/annexes").json()["items"]] == [name]
    window = {"opens_at": "2026-01-01T00:00:00Z", "closes_at": "2999-01-01T00:00:00Z"}
    assert visit(ready.chair).post(f"{path}/reservation-window", json=window).status_code == 200
    filed = {"position": "dissociation", "organisation_id": str(ready.town), "language": "fr", "text": {"fr": "Non."}}
    assert visit(member).post(f"{path}/reservations", json=filed).json()["number"] == 1
    assert secretary.get(f"{path}/reservations").json()["items"][0]["text"]["fr"] == "Non."


def test_the_chair_opens_the_window_after_publication_too_and_what_comes_in_stands_beside_the_edition(
    ready, member, visit, monkeypatch
):
    ready.sign()
    ready.request()
    ready.publish()
    opens, closes = (clock.now() + timedelta(days=days) for days in (-1, 9))
    dates = {"opens_at": f"{opens:%Y-%m-%dT%H:%M}", "closes_at": f"{closes:%Y-%m-%dT%H:%M}"}
    assert Page(sent(visit(ready.chair), "reservations/window", **dates)).data("about") == ["window-open"]
    assert sent(visit(ready.secretary), "reservations/window", **dates).status_code == 404
    form = {"position": "reservation", "organisation": str(ready.town), "text_en": "We have no water."}
    assert Page(sent(visit(member), "reservations", **form)).result == "reservation.filed"
    assert "We have no water." in visit(None).get(f"/en/{AT}/editions/1").text
    monkeypatch.setattr(clock, "now", lambda: closes + timedelta(days=1))
    assert Page(visit(None).get(f"/en/{AT}/reservations")).data("about") == ["window-over"]


def test_a_window_does_not_close_before_it_opens(ready):
    now = clock.now()
    with ready.store.writing() as db:
        service, declaration = ReservationService(db), ready.declaration(db)
        with pytest.raises(Invalid):
            service.set_window(declaration, now, now - timedelta(hours=1), actor=ready.chair)


@pytest.mark.parametrize("language", Language)
@pytest.mark.parametrize("where", ["signatories", "reservations", "annexes", "readiness"])
def test_each_page_opens_in_each_language(ready, member, visit, language, where):
    for who in (ready.chair, ready.secretary, member):
        assert visit(who).get(f"/{language}/{AT}/{where}").status_code == 200


@pytest.mark.usefixtures("ready")
def test_visitors_see_none_of_it_before_publication(visit):
    for where in ("signatories", "reservations", "annexes"):
        assert visit(NOBODY).get(f"/en/{AT}/{where}").status_code == 404


@pytest.mark.parametrize("form", ["html", "pdf"])
def test_the_provenance_edition_names_the_source_of_a_paragraph_and_no_decision_while_history_is_closed(
    ready, visit, form
):
    with ready.store.writing() as db:
        declaration = ready.declaration(db)
        said = [VerbatimStatement(text="Share water.", language="en")]
        [sent_in] = RecommendationService(db).submit(declaration.forum, said, actor=OPERATOR)
        block_id = queries.head_rows(db, declaration)[0].block_id
        DeclarationService(db).link(declaration, block_id, sent_in, actor=OPERATOR)
    ready.sign()
    ready.request()
    ready.publish()
    at = f"/en/{AT}/editions/1/provenance/provenance.en.{form}"
    answer = visit(NOBODY).get(at)
    assert answer.status_code == 200
    again = visit(NOBODY).get(at, headers={"If-None-Match": answer.headers["ETag"]})
    assert again.status_code == 304
    if form == "html":
        assert "Recommendation 1" in answer.text
        assert "decision" not in answer.text.partition("<body>")[2]
    assert visit(NOBODY).get(f"/en/{AT}/editions/1/provenance/declaration.en.pdf").status_code == 404


def test_a_name_that_turns_letters_round_is_refused(ready, visit):
    page = sent(visit(ready.secretary), "signatories/rows", rows="Nyholm\tA\u202eB\tMayor\n")
    assert page.status_code == 422
    assert Page(page).refusal == "workspace.invalid:not_printable"
