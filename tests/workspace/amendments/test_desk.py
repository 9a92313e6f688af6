"""The committee's desk in the browser: marks, parts, brackets, undoing, opinions, tables, agreement."""

import hashlib
import io
import re

import openpyxl
import pytest
import sqlalchemy as sa
from msgspec.structs import replace

from drafts.text.blocks import BlockKind, Language
from tests.support.page import Page
from tests.support.texts import delete, insert, move, reword
from tests.workspace.amendments.browsing import DRAFT, browsing
from tests.workspace.amendments.room import LIGHT, SHADE, WATER, opened
from workspace.amendments.domain.models import Amendment, Disposition
from workspace.amendments.snapshots import SnapshotService
from workspace.amendments.views import pagination
from workspace.core.actor import Role
from workspace.core.security.permissions import Phase
from workspace.translations.domain.suggestions import SuggestionService
from workspace.web.i18n.messages import LANGUAGES

EN, ES, FR = Language.EN, Language.ES, Language.FR
FREE = "Towns shall share free water with their neighbours."
COLD = "Towns shall share cold water with their neighbours."
FRIA = "Las ciudades comparten el agua fría."
LUCES = "Las ciudades iluminan las calles."
TWO_CHANGES = "Cities shall share clean water with their friends."
DESK, LIST, AGREED = f"{DRAFT}/desk", f"{DRAFT}/amendments", f"{DRAFT}/agreement"
WHOLE = f"{DESK}?all=yes"


@pytest.fixture
def chair(room):
    with browsing(room.store, room.chair) as browser:
        yield browser


@pytest.fixture
def member(room):
    with browsing(room.store, room.member) as browser:
        yield browser


def words(answer):
    body = answer.text.partition("<main")[2].partition("</main>")[0]
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", "", body))


def mark(browser, **marked):
    """Send the desk's form with these marks (`verdict_1="adopt"`), as its button `action` would."""
    fields = {name.replace("_", "-", 2) if name != "action" else name: value for name, value in marked.items()}
    return browser.fill(browser.see(WHOLE), f"{DESK}/decisions", **fields)


def contested(room):
    room.propose(reword(room.block(0), FREE))
    room.propose(reword(room.block(0), COLD), by=room.other)


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_desk_and_its_pages_render_in_every_language(room, language):
    contested(room)
    room.propose(reword(room.block(1), "Towns shall light paths, and squares."))
    path = DRAFT.replace("/en/", f"/{language}/")
    with browsing(room.store, room.chair) as browser:
        mark(browser, verdict_1="bracket", verdict_2="bracket", action="decide")
        browser.send(f"{LIST}/tables")
        addresses = [
            "/desk",
            "/agreement",
            "/agreement?view=clean",
            f"/agreement/{room.block(0)}",
            "/amendments/tables",
            "/amendments/tables/1",
            "",
            "/readiness",
        ]
        assert [browser.see(path + one).status_code for one in addresses] == [200] * len(addresses)


def test_the_undisputed_are_marked_at_once_and_recorded_with_one_button(room, chair):
    contested(room)
    room.propose(reword(room.block(1), "Towns shall light all."))
    room.propose(reword(room.block(2), "Towns shall plant trees."), by=room.other)

    marked = mark(chair, action="free")
    shown = Page(marked)
    found = re.findall(r'verdict-(\d+)" value="adopt"[^>]* checked', marked.text)
    fields = {f"verdict-{number}": "adopt" for number in found}
    answer = chair.fill(marked, f"{DESK}/decisions", action="decide", **fields)

    assert fields.keys() == {"verdict-3", "verdict-4"}
    assert shown.data("foreseen")
    assert answer.status_code == 303
    assert room.texts() == [WATER, "Towns shall light all.", "Towns shall plant trees."]
    assert room.revisions() == 2


def test_what_came_after_the_window_had_closed_is_not_among_the_undisputed(room, chair):
    room.propose(reword(room.block(1), "Towns shall light all."))
    room.propose(reword(room.block(2), "Towns shall plant trees."), by=room.other)
    with room.store.writing() as db:
        db.scalars(sa.select(Amendment).where(Amendment.number == 2)).one().is_late = True

    found = re.findall(r'verdict-(\d+)" value="adopt"[^>]* checked', mark(chair, action="free").text)

    assert found == ["1"]


def test_what_is_marked_is_kept_for_its_chair_until_it_is_recorded(room, chair):
    contested(room)
    assert mark(chair, verdict_1="reject", reason_1="No money.", action="preview").status_code == 200
    again = chair.page(WHOLE)

    assert again.field("reason-1").value == "No money."
    assert again.data("marked") == ["1"]
    sill = chair.fill(chair.see(WHOLE), f"{DESK}/sill", **{"verdict-1": "adopt"})
    assert Page(sill).data("foreseen")
    assert "<html" not in sill.text
    assert room.texts()[0] == WATER
    mark(chair, verdict_1="adopt", action="decide")
    assert chair.page(WHOLE).data("marked") == ["0"]


def test_the_sill_says_what_cannot_stand_yet(room, chair):
    contested(room)
    sill = chair.fill(chair.see(WHOLE), f"{DESK}/sill", **{"verdict-1": "fall"})

    assert sill.status_code == 200
    assert Page(sill).refusal == "workspace.invalid:required"


def test_some_changes_are_taken_from_the_form(room, chair):
    room.propose(reword(room.block(0), TWO_CHANGES))
    page = chair.see(WHOLE)

    assert 'name="piece-1-1"' in page.text
    chair.fill(page, f"{DESK}/decisions", **{"verdict-1": "adopt_partly", "piece-1-1": "1", "rest-1": "open"})
    assert room.texts()[0] == "Towns shall share clean water with their friends."
    assert room.disposition(1) is Disposition.PARTLY


def test_one_falls_because_of_another_and_its_page_says_so(room, chair):
    contested(room)
    mark(chair, verdict_1="adopt", verdict_2="fall", because_2="1", action="decide")

    assert room.disposition(2) is Disposition.FALLEN
    [fallen] = chair.page(f"{LIST}/2").rows("decision")
    assert (fallen.root.get("data-decision"), fallen.root.get("data-because")) == ("fall", "1")


def test_a_bracket_is_set_shown_counted_and_resolved(room, chair, member):
    contested(room)
    answer = mark(chair, verdict_1="bracket", verdict_2="bracket", action="decide")

    assert chair.page(answer.headers["location"]).by_id("brackets").data("bracket") == ["1"]
    view = member.page(f"{AGREED}?text=en")
    assert view.data("alternative") == ["A", "B", "C"]
    assert "free" in view.part("alternative", "B").text
    assert "[A: clean] [B: free] [C: cold] water" in member.see(f"{AGREED}/text?text=en").text
    assert "free" not in member.page(f"{AGREED}?text=en&view=clean").text
    assert member.page(DRAFT).data("brackets") == ["1"]
    assert chair.page(f"{DRAFT}/readiness").data("stop").count("brackets") == 1
    page = chair.page(DESK)
    head = page.form("/brackets/1").values["head"]
    sent = {"head": head, "text": "en", "alternative": "1", "reason": "Water is free."}
    assert member.send(f"{DESK}/brackets/1", **sent).status_code == 404
    assert chair.send(f"{DESK}/brackets/1", **sent).status_code == 303
    assert room.texts()[0] == FREE
    assert "[A:" not in member.see(f"{AGREED}/text?text=en").text


def test_the_committee_sets_a_bracket_and_a_status_by_hand(store):
    room = opened(store, {EN: WATER, ES: "Las ciudades comparten el agua."})
    address = f"{AGREED}/{room.block(0)}"
    with browsing(store, room.chair) as chair, browsing(store, room.member) as member:
        form = {"alternative-1-en": "Towns shall sell water.", "alternative-1-es": "Las ciudades venden el agua."}
        assert [person.page(address).offers("/bracket") for person in (chair, member)] == [True, False]
        assert chair.fill(chair.see(address), f"{address}/bracket", **form).status_code == 303
        assert "Las ciudades venden el agua." in member.see(address).text
        empty = chair.fill(chair.see(address), f"{address}/bracket")
        assert empty.status_code == 422
        assert member.send(f"{address}/status", status="closed").status_code == 404
        assert chair.send(f"{address}/status", status="ad_referendum", reason="The regions ask.").status_code == 303
        agreed = member.page(address)
        assert agreed.data("state")[0] == "ad_referendum"
        assert "The regions ask." in agreed.quotes


def test_the_last_decisions_are_undone_from_the_desk(room, chair):
    contested(room)
    mark(chair, verdict_1="adopt", verdict_2="reject", action="decide")
    page = chair.see(DESK)
    without = chair.fill(page, f"{DESK}/undoing", reason=" ", round="1")
    answer = chair.fill(page, f"{DESK}/undoing", reason="We miscounted.", round="1")

    assert (without.status_code, answer.status_code) == (422, 303)
    assert room.texts() == [WATER, LIGHT, SHADE]
    assert room.disposition(1) is Disposition.OPEN


def test_an_opinion_with_other_words_is_answered_and_stands_on_the_desk(room, chair, member):
    contested(room)
    sent = {"stance": "modify", "wording": "Towns shall share iced water.", "reason": "Colder still."}
    assert member.send(f"{DESK}/opinions/1", **sent).status_code == 404
    assert chair.send(f"{DESK}/opinions/1", **sent).status_code == 303
    assert member.page(f"{LIST}/1").offers("/answers/1")
    assert member.send(f"{DESK}/answers/2", reply="accept").status_code == 404
    assert member.send(f"{DESK}/answers/1", reply="accept", word="Gladly.").status_code == 303

    card = chair.page(WHOLE).part("amendment", 1)
    assert card.data("reply") == ["accept"]
    assert card.text.index("Colder still.") < card.text.index("Gladly.")


def test_a_table_is_cited_by_an_address_that_never_changes(room, chair, member):
    room.propose(reword(room.block(0), '=HYPERLINK("http://evil.example")'))
    room.propose(reword(room.block(1), "Towns shall light all."), by=room.other)
    assert member.send(f"{LIST}/tables").status_code == 404
    taken = chair.send(f"{LIST}/tables").headers["location"]
    before = words(chair.see(taken))
    mark(chair, verdict_2="adopt", action="decide")

    after = words(chair.see(taken))
    assert before.partition("SHA-256")[2] == after.partition("SHA-256")[2]
    sheet = openpyxl.load_workbook(io.BytesIO(chair.see(f"{taken}/sheet").content)).active
    assert sheet.freeze_panes == "A2"
    assert [type(cell.value).__name__ for cell in sheet[2]][:2] == ["int", "NoneType"]
    assert sheet["J2"].value == '=HYPERLINK("http://evil.example")'
    assert sheet["J2"].data_type == "s"
    with room.store.reading() as db:
        service = SnapshotService(db)
        found = service.numbered_table(service.declarations.get(room.declaration.id), 1, actor=room.chair)
        assert hashlib.sha256(found.content.encode()).hexdigest() == found.sha256


def test_a_visitor_of_a_consultation_sees_the_text_and_not_what_is_contested(store):
    opened(store, phase=Phase.CONSULTATION)
    with browsing(store, None) as visitor:
        assert visitor.see(DRAFT).status_code == 200
        assert visitor.see(AGREED).status_code == 404
        assert visitor.see(DESK).status_code == 404


def test_more_amendments_take_no_more_queries_at_the_desk(room, chair):
    contested(room)
    one = chair.queries(WHOLE)
    for number in range(5):
        room.propose(reword(room.block(1), f"Towns shall light {number} paths."))
    assert chair.queries(WHOLE) == one


def test_a_rapporteur_advises_and_does_not_decide(room):
    contested(room)
    with room.store.writing() as db:
        rapporteur = room.person(db, Role.RAPPORTEUR)
    with browsing(room.store, rapporteur) as browser:
        page = browser.see(WHOLE)
        assert page.status_code == 200
        assert f"{LIST}/1#opinion" in Page(page).links
        assert not Page(page).offers("/desk/decisions")
        assert browser.send(f"{DESK}/opinions/1", stance="reject", reason="It costs too much.").status_code == 303
        assert browser.fill(page, f"{DESK}/decisions", text="en", **{"verdict-1": "adopt"}).status_code == 404


def test_a_desk_of_many_pages_keeps_what_is_marked_on_each_and_records_it_together(room, chair, monkeypatch):
    monkeypatch.setattr(pagination, "A_PAGE", 2)
    contested(room)
    room.propose(reword(room.block(1), "Towns shall light all."))
    room.propose(reword(room.block(2), "Towns shall plant trees."), by=room.other)

    second = mark(chair, verdict_1="reject", action="beyond-0").headers["location"]
    page = chair.see(second)
    assert Page(page).data("marked") == ["1"]
    assert "verdict-1" not in page.text
    left = chair.fill(page, f"{DESK}/decisions", action="only-unmarked", **{"verdict-3": "adopt"})
    left = chair.see(left.headers["location"])
    assert "verdict-2" in left.text
    goal = chair.fill(left, f"{DESK}/decisions", action="go-2.2").headers["location"]
    assert goal.endswith("?all=yes&only=unmarked&page=2#place-2")
    last = chair.see(goal.partition("#")[0]).text
    assert ("verdict-3" in last, "verdict-4" in last) == (False, True)
    assert chair.fill(left, f"{DESK}/decisions", action="decide").status_code == 303

    assert room.texts()[1] == "Towns shall light all."
    assert room.disposition(1) is Disposition.REJECTED
    assert room.disposition(4) is Disposition.OPEN


def test_what_stands_in_the_way_on_another_page_is_shown_there(room, chair, monkeypatch):
    monkeypatch.setattr(pagination, "A_PAGE", 2)
    contested(room)
    room.propose(reword(room.block(1), "Towns shall light all."))
    room.propose(reword(room.block(2), "Towns shall plant trees."), by=room.other)
    mark(chair, verdict_4="adopt", action="preview")
    page = chair.see(WHOLE)
    room.amend(4, reword(room.block(2), "Towns shall plant tall trees."), by=room.member)

    answer = chair.fill(page, f"{DESK}/decisions", action="decide", **{"verdict-1": "reject"})

    assert answer.status_code == 422
    assert "verdict-4" in answer.text
    assert Page(answer).root.xpath("//main/*//*[contains(@class, 'notice')][@data-kind='bad']")
    assert room.disposition(1) is Disposition.OPEN
    assert re.search(r'verdict-1" value="reject"[^>]* checked', chair.see(WHOLE).text)


def test_a_rapporteur_walks_the_desk_by_links(room, monkeypatch):
    monkeypatch.setattr(pagination, "A_PAGE", 2)
    contested(room)
    room.propose(reword(room.block(1), "Towns shall light all."))
    with room.store.writing() as db:
        rapporteur = room.person(db, Role.RAPPORTEUR)
    with browsing(room.store, rapporteur) as browser:
        first = browser.page(WHOLE)
        assert f"{LIST}/3#opinion" in browser.page(first.following).links
        assert f"{LIST}/3#opinion" in browser.page(f"{WHOLE}&go=go-2.1").links
        assert not first.data("marked")
        assert browser.page(f"{WHOLE}&only=several").data("amendment") == ["1", "2"]


def test_a_paragraph_without_number_is_told_by_the_letters_of_its_kind(room, chair):
    room.edit(replace(insert("preamble", "Mindful of water,", after=None), kind=BlockKind.PREAMBLE))
    room.propose(reword(room.block(0), "Mindful of clean water,"))
    room.propose(reword(room.block(1), FREE))

    assert chair.page(WHOLE).root.xpath("//nav[@class='rail']//b/text()") == ["P1", "1"]


@pytest.fixture
def trilingual(store):
    """One amendment in English to the first paragraph, one in Spanish to the second."""
    first = {EN: WATER, ES: "Las ciudades comparten el agua.", FR: "Les villes partagent l’eau."}
    room = opened(store, first, {EN: LIGHT, ES: "Las ciudades iluminan los caminos."})
    room.propose(reword(room.block(0), FREE))
    room.propose(reword(room.block(1), LUCES), language=ES, by=room.other)
    return room


def test_what_waits_in_every_language_stands_at_its_paragraph(trilingual):
    with browsing(trilingual.store, trilingual.chair) as chair:
        first = chair.page(DESK)
        assert (first.data("amendment"), first.data("own")) == (["1"], [])
        second = chair.page(f"{DESK}?page=2")
        assert (second.data("amendment"), second.data("own")) == (["2"], ["missing"])
        with trilingual.store.writing() as db:
            amendment, block = trilingual.amendment(2), trilingual.rows()[1].block_id
            translator = trilingual.person(db, Role.TRANSLATOR)
            SuggestionService(db).prepare(amendment.id, block, EN, "Towns shall light streets.", actor=translator)
        ready = chair.page(f"{DESK}?amendment=2")
        assert "streets" in ready.text_of("own", "prepared")
        assert chair.page(f"{DESK}?text=es").data("amendment") == ["2"]


def test_the_way_to_decide_on_a_sub_amendment_leads_to_what_it_amends(trilingual):
    trilingual.amend(2, reword(trilingual.block(1), "Las ciudades iluminan caminos y plazas."))
    with browsing(trilingual.store, trilingual.chair) as chair:
        page = chair.page(f"{DESK}?amendment=3")
        assert "3" in page.data("amendment")
        assert page.has_id("amendment-3")


def test_a_deletion_stands_against_other_words_of_its_paragraph_in_any_language(trilingual):
    trilingual.propose(delete(trilingual.block(1)))
    with browsing(trilingual.store, trilingual.chair) as chair:
        order = chair.client.get(f"/api/declarations/{trilingual.declaration.id}/floor/order").json()["items"]
    assert {line["amendment"]: line["lapses"] for line in order} == {1: [], 2: [3], 3: [2]}


def test_what_is_marked_on_another_device_is_recorded_once_the_page_has_shown_it(trilingual):
    with browsing(trilingual.store, trilingual.chair) as chair:
        first = chair.see(DESK)
        to = chair.fill(first, f"{DESK}/decisions", action="beyond-0").headers["location"]
        chair.fill(chair.see(to), f"{DESK}/sill", **{"verdict-2": "adopt"})
        chair.fill(first, f"{DESK}/decisions", action="decide", **{"verdict-1": "adopt"})
        assert (trilingual.texts()[0], trilingual.texts(ES)[1] == LUCES) == (FREE, False)
        again = chair.see(DESK)
        assert Page(again).data("marked") == ["1"]
        assert chair.fill(again, f"{DESK}/decisions", action="decide").status_code == 303
    assert trilingual.texts(ES)[1] == LUCES


def test_what_is_marked_in_several_languages_is_recorded_at_once(trilingual):
    with browsing(trilingual.store, trilingual.chair) as chair:
        marked = chair.fill(chair.see(DESK), f"{DESK}/decisions", action="beyond-0", **{"verdict-1": "adopt"})
        second = chair.see(marked.headers["location"])
        sill = Page(chair.fill(second, f"{DESK}/sill", **{"verdict-2": "adopt"}))
        assert sill.data("marked") == ["2"]
        assert sill.by_id("would").data("change") == ["reword", "stale", "missing"]
        answer = chair.fill(second, f"{DESK}/decisions", action="decide", **{"verdict-2": "adopt"})
        after = chair.page(answer.headers["location"])
    assert after.result == "revision.made decision.taken"
    assert after.root.xpath("//*[@id='toast']//a/@href") == [f"{DESK}#undo-reason"]
    assert trilingual.revisions() == 2
    assert (trilingual.texts()[0], trilingual.texts(ES)[1]) == (FREE, LUCES)


def test_where_two_languages_change_a_paragraph_one_leads(trilingual):
    trilingual.propose(reword(trilingual.block(0), FRIA), language=ES, by=trilingual.other)
    leading = f"leading-{trilingual.block(0)}"
    with browsing(trilingual.store, trilingual.chair) as chair:
        page = chair.see(DESK)
        assert [Page(page).part("amendment", number).data("collide") for number in (1, 3)] == [["3"], ["1"]]
        assert Page(page).form("/desk/decisions").options(leading) == ["es", "en"]
        refused = chair.fill(page, f"{DESK}/decisions", action="decide", **{leading: "es", "verdict-1": "adopt"})
        assert Page(refused).refusal == "workspace.undecidable:other_language_leads"
        marked = {leading: "es", "verdict-1": "hand_over", "verdict-3": "adopt"}
        assert chair.fill(page, f"{DESK}/decisions", action="decide", **marked).status_code == 303
    assert trilingual.texts(ES)[0] == FRIA
    assert trilingual.disposition(1) is Disposition.HANDED_OVER


@pytest.mark.parametrize("asks", ["moves", "deletion"])
def test_where_two_languages_want_a_paragraph_elsewhere_or_gone_one_leads_too(store, asks):
    both = [{EN: words, ES: f"Las villas {place}."} for place, words in enumerate((WATER, LIGHT, SHADE))]
    room = opened(store, *both)
    first, second, third = map(room.block, range(3))
    room.propose(move(first, after=second))
    room.propose(move(first, after=third) if asks == "moves" else delete(first), language=ES, by=room.other)
    leading = f"leading-{first}"
    with browsing(room.store, room.chair) as chair:
        page = chair.see(DESK)
        form = Page(page).form("/desk/decisions")
        assert form.options(leading) == ["es", "en"]
        assert "hand_over" not in [*form.options("verdict-1"), *form.options("verdict-2")]
        of_one_language = Page(chair.see(f"{DESK}?text=en")).form("/desk/decisions")
        assert of_one_language.options(leading) == ["es", "en"], "what is undisputed among one language is not so"
        refused = chair.fill(page, f"{DESK}/decisions", action="decide", **{leading: "es", "verdict-1": "adopt"})
        assert Page(refused).refusal == "workspace.undecidable:other_language_leads"
        marked = {leading: "es", "verdict-1": "fall", "because-1": "2", "verdict-2": "adopt"}
        assert chair.fill(page, f"{DESK}/decisions", action="decide", **marked).status_code == 303
    assert room.texts() == ([LIGHT, SHADE, WATER] if asks == "moves" else [LIGHT, SHADE])
    assert room.disposition(1) is Disposition.FALLEN
