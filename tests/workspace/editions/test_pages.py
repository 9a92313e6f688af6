"""Readiness, publication by two people and the published edition, in a browser."""

import hashlib
from resource import RUSAGE_CHILDREN, getrusage

import pytest
import sqlalchemy as sa

from drafts.formats.edition import edition_file
from drafts.formats.pdf import LONG
from drafts.text.blocks import Language
from drafts.text.numbering import reference
from tests.benchmarks.editions import declaration as long_declaration
from tests.support import factories
from tests.support.page import Page
from tests.support.site import token_of
from workspace.core import clock
from workspace.core.actor import NOBODY, Role
from workspace.core.security.permissions import Phase
from workspace.declarations.domain.service import DeclarationService
from workspace.editions.domain.edition_store import file_of, files_kept
from workspace.editions.domain.publication import EditionService

ES, EN, FR = Language
AT = "third-forum/declaration"
WATER = {
    ES: "Las ciudades compartirán el agua.",
    EN: "Towns shall share water.",
    FR: "Les villes partagent l’eau.",
}
TREES = {ES: "Las ciudades plantarán árboles.", EN: "Towns shall plant trees.", FR: "Les villes plantent des arbres."}
PARALLEL = "declaration.es-en-fr.html"


@pytest.fixture
def ready(hall):
    return hall(WATER, TREES)


@pytest.fixture
def published(ready):
    ready.request()
    ready.publish()
    return ready


def token(client):
    return {"csrf": token_of(client)}


def ask(client, **asked):
    return client.post(f"/en/{AT}/readiness", data={**token(client), "adopted_on": "2026-06-12", **asked})


def readiness(client):
    return Page(client.get(f"/en/{AT}/readiness"))


def confirm(hall, client, **more):
    with hall.store.reading() as db:
        revision = str(hall.declaration(db).head_id)
    return client.post(
        f"/en/{AT}/readiness/publication",
        data={**token(client), "revision": revision, **more},
    )


def editions(hall):
    with hall.store.reading() as db:
        return [edition.number for edition in EditionService(db).editions(hall.declaration(db))]


@pytest.mark.parametrize("language", Language)
def test_the_pages_speak_three_languages(published, visit, language):
    client = visit(published.chair)
    for address in (f"/{language}/{AT}/readiness", f"/{language}/{AT}/editions/1"):
        answer = client.get(address)
        assert answer.status_code == 200
        assert Page(answer).root.get("lang") == language


def test_each_blocker_is_named_with_its_paragraph_language_state_and_remedy(ready, visit):
    ready.reword(EN, 0, "Towns shall share drinking water.")
    page = readiness(visit(ready.secretary))
    assert page.state == "stopped"
    unsigned, spanish, french = page.rows("stop")  # what concerns the whole text comes first
    for stop, language in ((spanish, "es"), (french, "fr")):
        assert stop.root.get("data-stop") == "stale:substantive"
        assert stop.root.get("data-language") == language
        assert stop.links == [f"/en/{AT}/translation/{ready.block(0)}/{language}"]
    assert unsigned.root.get("data-stop") == "signatures"
    assert not page.offers("/readiness")
    assert not page.has_id("preview-h")


def test_a_reference_that_leads_nowhere_is_a_blocker(hall, visit):
    lost = hall({language: f"{text} {reference('gone')}" for language, text in WATER.items()})
    client = visit(lost.secretary)
    assert "dangling" in readiness(client).data("stop")
    refused = ask(client)
    assert refused.status_code == 422
    assert Page(refused).refusal == "drafts.unknown_block"


def test_two_people_publish(ready, visit):
    first, second = visit(ready.secretary), visit(ready.chair)
    assert readiness(first).state == "ready"

    asked = Page(ask(first))
    assert asked.result == "publication.requested"
    assert not asked.offers("/readiness/publication")
    assert "mine" in asked.data("asked")

    page = readiness(second)
    assert page.state == "asked"
    assert page.data("asked") == ["A secretariat"]
    assert page.offers("/readiness/publication")

    answer = confirm(ready, second)
    assert answer.url.path == f"/en/{AT}/editions/1"
    assert Page(answer).result == "edition.published phase.moved"
    assert "12\u00a0June 2026" in answer.text
    assert readiness(first).state == "published"
    late = confirm(ready, second)  # from a page opened before
    assert (late.status_code, Page(late).refusal) == (404, "web.settled")


def test_what_one_asked_for_they_do_not_confirm_and_another_does_not_replace(ready, visit):
    first, second = visit(ready.secretary), visit(ready.chair)
    ask(first, release="2030-06-12T10:00", zone="UTC")
    for refused, reason in ((confirm(ready, first), "second_person"), (ask(second), "asked_already")):
        assert (refused.status_code, Page(refused).refusal) == (422, f"workspace.invalid:{reason}")
    assert readiness(second).data("release") == ["2030-06-12T10:00:00+00:00"]


@pytest.mark.parametrize(("day", "reason"), [("the twelfth", "not_a_day"), ("2999-06-12", "not_come_yet")])
def test_a_day_that_is_no_day_or_has_not_come_is_refused_beside_its_field(ready, visit, day, reason):
    answer = ask(visit(ready.secretary), adopted_on=day)
    assert answer.status_code == 422
    field = Page(answer).field("adopted_on")
    assert (field.value, field.error) == (day, f"workspace.invalid:{reason}")
    assert readiness(visit(ready.chair)).state == "ready"


def test_both_who_publish_see_day_and_time_and_the_second_confirms_exactly_those(ready, visit):
    first, second = visit(ready.secretary), visit(ready.chair)
    today = ready_day(readiness(first))
    assert today == clock.today("UTC").isoformat()
    for reader in (Page(ask(first)), readiness(second)):
        assert (reader.data("adopted-on"), reader.data("release")) == (["2026-06-12"], [])
        assert not reader.has_field("adopted_on")
    seen = readiness(second).form("/readiness/publication").values["request"]
    ask(first, release="2030-06-12T10:00", zone="UTC")
    assert confirm(ready, second, request=seen).status_code == 412
    assert readiness(second).data("release") == ["2030-06-12T10:00:00+00:00"]
    assert Page(confirm(ready, second)).state == "sealed"


def ready_day(page):
    return page.form("/readiness").values["adopted_on"]


def test_a_text_that_changed_since_the_request_has_to_be_asked_for_again(ready, visit):
    first, second = visit(ready.secretary), visit(ready.chair)
    ask(first)
    ready.save(FR, 0, "Les villes mettent l’eau en commun.")
    answer = confirm(ready, second)
    assert answer.status_code == 412
    page = Page(answer)
    assert page.refusal == "workspace.stale"
    assert not page.offers("/readiness/publication")
    assert not page.offers("/readiness")
    ready.sign()
    assert readiness(first).offers("/readiness")
    assert editions(ready) == []


def test_the_second_person_confirms_the_text_that_was_looked_at(ready, visit):
    first, second = visit(ready.secretary), visit(ready.chair)
    ask(first)
    with ready.store.reading() as db:
        seen = str(ready.declaration(db).head_id)
    ready.save(FR, 0, "Les villes mettent l’eau en commun.")
    ready.sign()
    ask(first)
    assert confirm(ready, second, revision=seen).status_code == 412
    assert editions(ready) == []
    assert confirm(ready, second).status_code == 200


def test_a_text_that_turned_stale_stops_the_confirmation(ready, visit):
    ask(visit(ready.secretary))
    ready.reword(EN, 0, "Towns shall share drinking water.")
    answer = confirm(ready, visit(ready.chair))
    assert answer.status_code == 409
    assert Page(answer).state == "stopped"
    assert len(Page(answer).rows("stop")) == 3
    assert editions(ready) == []


@pytest.mark.parametrize("role", [Role.MEMBER, Role.COMMITTEE, Role.TRANSLATOR])
def test_others_see_what_stops_publication_and_no_button(ready, visit, role):
    with ready.store.writing() as db:
        somebody = factories.person(db, role)
    client = visit(somebody)
    page = client.get(f"/en/{AT}/readiness")
    assert page.status_code == 200
    assert not Page(page).offers("/readiness")
    assert ask(client).status_code == 404
    ready.request()
    assert not readiness(client).offers("/readiness/publication")
    assert confirm(ready, client).status_code == 404
    assert editions(ready) == []


def test_before_the_adoption_nobody_is_offered_to_publish(ready, visit):
    with ready.store.writing() as db:
        DeclarationService(db).enter(ready.declaration(db), Phase.REVIEW, actor=ready.chair)
    page = readiness(visit(ready.chair))
    assert page.state == "before_adoption"
    assert not page.offers("/readiness")


@pytest.mark.usefixtures("ready")
def test_a_visitor_sees_no_readiness_page(visit):
    assert visit(NOBODY).get(f"/en/{AT}/readiness").status_code == 404


def test_a_preview_is_the_file_that_would_be_published_and_nothing_is_kept(ready, visit):
    client = visit(ready.chair)
    assert f"/en/{AT}/preview/{PARALLEL}" in readiness(client).links
    assert readiness(client).has_id("preview-h")
    answer = client.get(f"/en/{AT}/preview/{PARALLEL}?on=2026-06-12")
    assert answer.content == ready.prepare().files[PARALLEL]
    assert answer.headers["cache-control"] == "no-store"
    assert editions(ready) == []
    assert client.get(f"/en/{AT}/preview/declaration.de.html").status_code == 404


def test_only_a_long_book_takes_a_process_of_its_own():
    text = long_declaration(LONG)

    def took(name: str) -> float:
        before = getrusage(RUSAGE_CHILDREN).ru_utime
        assert file_of(text, name) == edition_file(text, name)
        return getrusage(RUSAGE_CHILDREN).ru_utime - before

    assert took(PARALLEL) == took("declaration.en.docx") == 0 < took("declaration.en.pdf")


def test_a_preview_of_what_is_not_ready_is_refused_and_leads_to_what_is_missing(ready, visit):
    ready.reword(EN, 0, "Towns shall share drinking water.")
    refused = visit(ready.chair).get(f"/en/{AT}/preview/{PARALLEL}")
    assert refused.status_code == 409
    assert Page(refused).links_to("/readiness")


def test_a_member_sees_no_preview(ready, visit):
    with ready.store.writing() as db:
        member = factories.person(db, Role.MEMBER)
    assert visit(member).get(f"/en/{AT}/preview/{PARALLEL}").status_code == 404


@pytest.mark.usefixtures("published")
def test_anyone_reads_the_edition_in_the_language_they_choose(visit):
    client = visit(NOBODY)
    page = client.get(f"/es/{AT}/editions/1?text=fr").text
    assert WATER[FR] in page
    assert WATER[EN] not in page
    assert 'id="p1"' in page
    assert "Adoptée à Villa Clara" in page
    side_by_side = client.get(f"/es/{AT}/editions/1?text=es,en,fr").text
    assert all(text in side_by_side for text in WATER.values())
    ids = [part.partition('"')[0] for part in side_by_side.split(' id="')[1:]]
    assert len(ids) == len(set(ids))


def test_the_edition_page_names_its_files_with_size_and_hash(published, visit):
    page = visit(NOBODY).get(f"/en/{AT}/editions/1").text
    with published.store.reading() as db:
        service = EditionService(db)
        edition = service.edition(published.declaration(db), 1, actor=NOBODY)
        for file in files_kept(db, edition.id):
            assert f'href="/en/{AT}/editions/1/{file.name}"' in page
            assert file.sha256 in page
            assert file.size == len(service.file(edition, file.name).content)
        assert edition.manifest_sha256 in page
    assert Page(page).data("intact") == ["yes"]


def test_a_text_that_no_longer_matches_is_not_called_the_adopted_one(published, visit):
    with published.store.engine.begin() as connection:
        connection.exec_driver_sql("DROP TRIGGER refuse_update_of_text_version")
        connection.exec_driver_sql("UPDATE text_version SET content = 'Towns may share.', content_hash = 'x'")
    page = visit(NOBODY).get(f"/en/{AT}/editions/1").text
    assert Page(page).data("intact") == ["no"]


@pytest.mark.parametrize("method", ["get", "head"])
def test_a_file_is_served_byte_for_byte_and_for_ever(published, visit, method):
    answer = getattr(visit(NOBODY), method)(f"/en/{AT}/editions/1/{PARALLEL}")
    with published.store.reading() as db:
        service = EditionService(db)
        file = service.file(service.edition(published.declaration(db), 1, actor=NOBODY), PARALLEL)
        content, sha256 = file.content, file.sha256
    assert answer.status_code == 200
    assert answer.headers["etag"] == f'"{sha256}"'
    assert answer.headers["cache-control"] == "public, max-age=31536000, immutable"
    assert answer.headers["content-length"] == str(len(content))
    assert answer.content == (content if method == "get" else b"")
    assert hashlib.sha256(content).hexdigest() == sha256


@pytest.mark.usefixtures("published")
def test_a_file_that_a_cache_holds_is_not_sent_again(visit):
    client = visit(NOBODY)
    address = f"/en/{AT}/editions/1/declaration.json"
    tag = client.get(address).headers["etag"]
    again = client.get(address, headers={"If-None-Match": f'"other", W/{tag}'})
    assert (again.status_code, again.content) == (304, b"")
    assert "content-security-policy" not in again.headers  # a browser would put it in the place of the page's own
    assert again.headers["etag"] == tag


@pytest.mark.usefixtures("published")
def test_the_book_runs_nothing_and_loads_nothing(visit):
    headers = visit(NOBODY).get(f"/en/{AT}/editions/1/{PARALLEL}").headers
    policy = headers["content-security-policy"]
    assert policy.startswith("sandbox; default-src 'none'; style-src 'unsafe-inline'; font-src data:;")
    assert "script-src" not in policy
    assert headers["content-type"] == "text/html; charset=utf-8"
    assert headers["x-content-type-options"] == "nosniff"


@pytest.mark.usefixtures("published")
@pytest.mark.parametrize(
    ("name", "disposition"),
    [
        (PARALLEL, "inline"),
        ("declaration.en.pdf", "inline"),
        ("declaration.en.md", "attachment"),
        ("declaration.json", "attachment"),
    ],
)
def test_what_a_browser_can_show_it_shows_and_the_rest_it_keeps(visit, name, disposition):
    headers = visit(NOBODY).get(f"/en/{AT}/editions/1/{name}").headers
    assert headers["content-disposition"] == f'{disposition}; filename="{name}"'
    if name != PARALLEL:
        assert "unsafe-inline" not in headers["content-security-policy"]


@pytest.mark.usefixtures("published")
@pytest.mark.parametrize("address", ["editions/2", "editions/1/declaration.de.html", "editions/1/..%2Fx"])
def test_what_was_not_published_is_not_there(visit, address):
    assert visit(NOBODY).get(f"/en/{AT}/{address}").status_code == 404


def test_an_edition_is_not_there_before_it_is_published(ready, visit):
    assert visit(ready.chair).get(f"/en/{AT}/editions/1").status_code == 404


def test_the_readiness_page_asks_the_same_number_of_questions_for_one_paragraph_and_for_thirty(store, visit):
    def cost(number):
        with store.writing() as db:
            factories.declaration(db, *["Water."] * number, slug=f"of-{number}")
            chair = factories.chair(db)
        client = visit(chair)
        address = f"/en/third-forum/of-{number}/readiness"
        client.get(address)
        asked = []

        def note(*given):
            asked.append(given[2])

        sa.event.listen(store.engine, "before_cursor_execute", note)
        assert client.get(address).status_code == 200
        sa.event.remove(store.engine, "before_cursor_execute", note)
        return len(asked)

    assert cost(1) == cost(30)
