"""The translators' pages in a browser: the map, the queues, the bench, and a save that comes too late."""

import pytest
import sqlalchemy as sa

from drafts.diff.amendments import Change, ChangeOp, SplitPart
from drafts.text.blocks import Language
from tests.support import factories
from tests.support.page import Page
from tests.support.site import token_of
from workspace.core.actor import NOBODY, Role
from workspace.core.security.permissions import Phase
from workspace.declarations.domain.service import DeclarationService

ES, EN, FR = Language
PAGE = "third-forum/declaration/translation"
WATER = {
    ES: "Las ciudades compartirán el agua.",
    EN: "Towns shall share water.",
    FR: "Les villes partagent l’eau.",
}


@pytest.fixture
def stale(desk):
    """Paragraph 1 is stale in Spanish and French; paragraph 2 was split off it and is missing there."""
    table = desk(WATER, {EN: "Towns shall plant trees.", ES: "Las ciudades plantarán árboles."})
    table.reword(EN, 0, "Towns shall share drinking water.")
    return table


def translate(table, place, language, *, tail=""):
    return f"/en/{PAGE}/{table.block(place)}/{language}{tail}"


def form(table, client, place, language, words, **more):
    """What the page's own form would send."""
    row = table.rows()[place]
    shown = {f"version_{one}": str(text.id) for one, text in row.texts.items() if one is not language}
    expected = row.texts.get(language)
    return {
        "csrf": token_of(client),
        "words": words,
        "expected": str(expected.id) if expected else "",
        f"from_{row.original_language}": "yes",
        **shown,
        **more,
    }


@pytest.mark.parametrize("language", Language)
def test_the_overview_and_the_bench_speak_three_languages(stale, visit, language):
    client = visit(stale.translator)
    for address in (
        f"/{language}/{PAGE}",
        f"/{language}/{PAGE}/{stale.block(0)}/fr",
        f"/{language}/{PAGE}/{stale.block(1)}/fr",
    ):
        answer = client.get(address)
        assert answer.status_code == 200
        assert Page(answer).language == language


def test_the_overview_says_how_many_texts_wait_and_where(stale, visit):
    page = Page(visit(stale.translator).get(f"/en/{PAGE}"))
    assert page.count == 3
    spanish, french = page.by_id("es"), page.by_id("fr")
    assert (spanish.data("unwritten"), french.data("unwritten")) == (["1"], ["2"])
    [far] = spanish.root.xpath(".//progress")
    assert (far.get("max"), far.get("value")) == ("2", "1")
    squares = {square.root.get("href"): square.root.get("data-state") for square in page.rows("s")}
    assert squares[translate(stale, 0, FR)] == "stale:substantive"
    assert squares[translate(stale, 1, FR)] == "missing"
    assert list(squares.values()).count("original") == 2


def test_a_queue_asks_for_what_is_missing_before_what_is_stale(stale, visit):
    page = Page(visit(stale.translator).get(f"/en/{PAGE}"))
    assert page.by_id("fr").data("state") == ["missing", "stale:substantive"]


def test_a_text_that_needs_nothing_says_so(desk, visit):
    table = desk(WATER)
    page = Page(visit(table.translator).get(f"/en/{PAGE}"))
    assert page.count == 0
    assert page.data("unwritten") == ["0"] * 3


def test_a_long_text_folds_the_parts_that_are_settled(desk, visit):
    table = desk(*[WATER] * 60)
    page = Page(visit(table.translator).get(f"/en/{PAGE}"))
    assert page.root.xpath("//details//table")
    assert not page.root.xpath("//table[not(ancestor::details)]")


def test_the_bench_shows_what_changed_since_the_text_that_was_translated(stale, visit):
    page = Page(visit(stale.translator).get(translate(stale, 0, FR)))
    [inserted] = page.by_id("source").root.xpath(".//ins")
    assert "drinking" in inserted.text_content()
    assert "so decided" in page.text_of("decision")
    assert page.data("third") == ["es"]
    assert page.offers_button("/confirmation")


def test_a_saved_translation_is_in_force_and_the_next_one_is_shown(stale, visit):
    client = visit(stale.translator)
    answer = client.post(
        translate(stale, 0, FR), data=form(stale, client, 0, FR, "Les villes partagent l’eau potable.")
    )
    assert answer.status_code == 200
    assert answer.url.path == translate(stale, 1, FR)
    assert Page(answer).result == "translation.saved"
    assert stale.words(FR)[0] == "Les villes partagent l’eau potable."
    assert stale.states(0)[2].value == "current"


def test_the_last_one_leads_back_to_the_overview(stale, visit):
    client = visit(stale.translator)
    answer = client.post(translate(stale, 0, ES), data=form(stale, client, 0, ES, "Compartirán el agua potable."))
    assert answer.url.path == f"/en/{PAGE}"
    assert Page(answer).result == "translation.saved"
    assert Page(answer).by_id("es").data("unwritten") == ["0"]


def test_still_valid_needs_no_typing(stale, visit):
    client = visit(stale.translator)
    client.post(translate(stale, 0, FR, tail="/confirmation"), data=form(stale, client, 0, FR, ""))
    assert stale.words(FR)[0] == WATER[FR]
    assert stale.states(0)[2].value == "current"


def test_a_save_that_comes_too_late_shows_three_views_and_loses_nothing(stale, visit):
    client = visit(stale.translator)
    mine = form(stale, client, 0, FR, "Les villes partagent l’eau <potable>.")
    stale.save(FR, 0, "Les villes mettent l’eau potable en commun.", sources=(EN,))

    answer = client.post(translate(stale, 0, FR), data=mine)

    assert answer.status_code == 412
    assert stale.words(FR)[0] == "Les villes mettent l’eau potable en commun."
    page = Page(answer)
    yours, now, started = page.root.xpath("//article")
    assert "<potable>" in yours.text_content()
    assert "mettent" in now.text_content()
    assert Page(now).data("saved-by") == ["A translator"]
    assert started.xpath(".//p")
    assert not started.xpath(".//ins")
    assert page.field("words").value == "Les villes partagent l’eau <potable>."
    assert page.form(translate(stale, 0, FR)).values["expected"] == str(stale.head(FR).id)

    again = client.post(translate(stale, 0, FR), data=form(stale, client, 0, FR, "Les villes ont l’eau en commun."))
    assert again.status_code == 200
    assert stale.words(FR)[0] == "Les villes ont l’eau en commun."


def test_a_translation_of_a_text_that_moved_meanwhile_is_kept_and_stale(stale, visit):
    client = visit(stale.translator)
    mine = form(stale, client, 0, FR, "Les villes partagent l’eau potable.")
    stale.reword(EN, 0, "Towns shall share drinking water and shade.")

    answer = client.post(translate(stale, 0, FR), data=mine)

    assert answer.url.path == translate(stale, 0, FR)
    assert Page(answer).result == "translation.saved"
    assert stale.words(FR)[0] == "Les villes partagent l’eau potable."
    assert stale.states(0)[2].value == "stale:substantive"


def test_an_empty_translation_is_refused_beside_its_field(stale, visit):
    client = visit(stale.translator)
    answer = client.post(translate(stale, 0, FR), data=form(stale, client, 0, FR, "  "))
    assert answer.status_code == 422
    assert 'id="words-error"' in answer.text
    assert stale.words(FR)[0] == WATER[FR]


def test_a_text_of_another_paragraph_cannot_pass_as_a_source(stale, visit):
    client = visit(stale.translator)
    other = str(stale.rows()[1].texts[EN].id)
    answer = client.post(translate(stale, 0, FR), data=form(stale, client, 0, FR, "Un.", version_en=other))
    assert answer.status_code == 404
    assert client.post(translate(stale, 0, FR), data=form(stale, client, 0, FR, "Un.", expected="x")).status_code == 404


def test_the_original_has_no_bench(stale, visit):
    client = visit(stale.translator)
    assert client.get(translate(stale, 0, EN)).status_code == 404
    assert client.get(translate(stale, 0, "de")).status_code == 404


def test_the_chair_leaves_a_text_out_with_a_reason(stale, visit):
    client = visit(stale.chair)
    page = Page(client.get(translate(stale, 1, FR)))
    assert page.offers("/absence")
    assert not page.has_field("words")
    assert page.data("why") == ["language"]  # who writes there, where one may not

    refused = client.post(translate(stale, 1, FR, tail="/absence"), data={"csrf": token_of(client), "reason": " "})
    assert refused.status_code == 422
    assert 'id="reason-error"' in refused.text

    client.post(
        translate(stale, 1, FR, tail="/absence"),
        data={"csrf": token_of(client), "reason": "It concerns Spanish towns only."},
    )
    assert stale.states(1)[2].value == "absent"
    assert "It concerns Spanish towns only." in Page(client.get(translate(stale, 1, FR))).text


def test_a_translator_reads_that_a_final_text_is_closed_not_that_translators_write_it(stale, visit):
    with stale.store.writing() as db:
        DeclarationService(db).enter(stale.declaration(db), Phase.PUBLISHED, actor=stale.chair)
    for actor, languages in ((stale.translator, ("en", "es", "fr")), (stale.chair, ("en",))):
        for language in languages:
            address = translate(stale, 1, FR).replace("/en/", f"/{language}/", 1)
            assert Page(visit(actor).get(address)).data("why") == ["phase"]


def test_a_translator_is_not_offered_to_leave_a_text_out(stale, visit):
    client = visit(stale.translator)
    page = Page(client.get(translate(stale, 1, FR)))
    assert not page.offers("/absence")
    assert not page.rows("why")
    answer = client.post(translate(stale, 1, FR, tail="/absence"), data={"csrf": token_of(client), "reason": "No."})
    assert answer.status_code == 404


def test_a_member_reads_the_bench_and_is_shown_no_form(stale, visit):
    with stale.store.writing() as db:
        member = factories.person(db, Role.MEMBER)
    client = visit(member)
    page = Page(client.get(translate(stale, 0, FR)))
    assert not page.has_field("words")
    assert page.root.xpath("//main//button") == []
    assert client.post(translate(stale, 0, FR), data=form(stale, client, 0, FR, "Un.")).status_code == 404
    assert stale.words(FR)[0] == WATER[FR]


@pytest.mark.parametrize("phase", [Phase.DRAFTING, Phase.CONSULTATION])
def test_a_visitor_does_not_see_what_waits(stale, visit, phase):
    with stale.store.writing() as db:
        DeclarationService(db).enter(stale.declaration(db), phase, actor=stale.chair)
    client = visit(NOBODY)
    assert client.get(f"/en/{PAGE}").status_code == 404
    assert client.get(translate(stale, 0, FR)).status_code == 404


def test_what_a_split_carried_over_can_be_saved_part_by_part(desk, visit):
    table = desk({ES: "Agua. Sombra.", EN: "Water. Shade.", FR: "Eau. Ombre."})
    table.edit(EN, Change(ChangeOp.SPLIT, table.block(0), text="Water.", parts=(SplitPart("new", "Shade."),)))
    client = visit(table.translator)
    page = Page(client.get(translate(table, 0, FR)))
    assert "stale:restructured" in page.data("state")
    assert page.by_id("source").root.xpath(".//del")
    client.post(translate(table, 0, FR), data=form(table, client, 0, FR, "Eau."))
    client.post(translate(table, 1, FR), data=form(table, client, 1, FR, "Ombre."))
    assert [table.states(place)[2].value for place in (0, 1)] == ["current", "current"]


@pytest.mark.parametrize("tail", ["", "/{block}/fr"])
def test_the_pages_ask_the_same_number_of_questions_for_one_paragraph_and_for_thirty(store, visit, tail):
    def cost(number):
        with store.writing() as db:
            made = factories.declaration(db, *["Water."] * number, slug=f"of-{number}")
            block = made.head.rows[0].block_id
            translator = factories.person(db, Role.TRANSLATOR)
        client = visit(translator)
        address = f"/en/third-forum/of-{number}/translation" + tail.format(block=block)
        client.get(address)
        asked = []
        note = lambda *given: asked.append(given[2])  # noqa: E731  (removed below by name)
        sa.event.listen(store.engine, "before_cursor_execute", note)
        assert client.get(address).status_code == 200
        sa.event.remove(store.engine, "before_cursor_execute", note)
        return len(asked)

    assert cost(1) == cost(30)


def test_what_was_translated_before_is_found_with_the_words_marked_and_no_marks_of_markdown(desk, visit):
    table = desk({EN: "Towns share **clean** [water](https://water.example) every day."})
    table.save(FR, 0, "Les villes partagent l’[eau](https://water.example) **propre** chaque jour.", sources=(EN,))
    page = Page(visit(table.translator).get(f"/en/{PAGE}/memory?text=fr&words=propre chaq"))
    assert page.data("count") == ["1"]
    assert "Les villes partagent l’eau propre chaque jour." in page.text
    assert [mark.text for mark in page.root.xpath("//mark")] == ["propre chaque"]
    assert "Towns share clean water every day." in page.text


def test_next_and_previous_follow_what_waits(stale, visit):
    client = visit(stale.translator)

    def beside(place, way):
        return Page(client.get(translate(stale, place, FR))).root.xpath(f"//a[@rel='{way}']/@href")

    assert [beside(1, "next"), beside(1, "prev")] == [[translate(stale, 0, FR)], []]
    assert [beside(0, "next"), beside(0, "prev")] == [[], [translate(stale, 1, FR)]]


def keep(table, client, place, language, words, **more):
    answer = client.post(
        translate(table, place, language, tail="/draft"), data=form(table, client, place, language, words, **more)
    )
    assert answer.status_code == 200, answer.text
    return answer.json()


def test_what_is_being_written_is_kept_for_its_author_alone_until_it_is_saved(stale, visit):
    client, words = visit(stale.translator), "Les villes partagent l’eau pot"
    kept = keep(stale, client, 0, FR, words)
    page = Page(client.get(translate(stale, 0, FR)))
    assert page.field("words").value == words
    assert page.form("/fr").values["draft"] == kept["draft"]
    assert stale.words(FR)[0] == WATER[FR]
    with stale.store.writing() as db:
        other = factories.person(db, Role.TRANSLATOR)
    assert Page(visit(other).get(translate(stale, 0, FR))).field("words").value == WATER[FR]

    saved = {"draft": kept["draft"], "version": kept["version"], "stay": "yes"}
    client.post(
        translate(stale, 0, FR), data=form(stale, client, 0, FR, "Les villes partagent l’eau potable.", **saved)
    )
    page = Page(client.get(translate(stale, 0, FR)))
    assert page.form("/fr").values["draft"] == ""
    assert page.field("words").value == "Les villes partagent l’eau potable."


def test_a_draft_written_over_a_text_that_has_moved_meanwhile_shows_three_sides(stale, visit):
    client = visit(stale.translator)
    keep(stale, client, 0, FR, "Les villes partagent l’eau pot")
    stale.save(FR, 0, "Les cités partagent l’eau potable.", sources=(EN,))
    page = Page(client.get(translate(stale, 0, FR)))
    assert page.field("words").value == "Les villes partagent l’eau pot"
    assert page.by_id("clash-h") is not None


def test_two_tabs_keep_their_words_apart_and_a_draft_is_thrown_away(stale, visit):
    client = visit(stale.translator)
    first = keep(stale, client, 0, FR, "Un")
    keep(stale, client, 0, FR, "Un deux", draft=first["draft"], version=first["version"])
    other = keep(stale, client, 0, FR, "Autre", draft=first["draft"], version=first["version"])
    assert other["draft"] != first["draft"]
    token = {"csrf": token_of(client)}
    for draft, left in ((other["draft"], "Un deux"), (first["draft"], WATER[FR])):
        client.post(translate(stale, 0, FR, tail="/draft/discard"), data={**token, "draft": draft})
        assert Page(client.get(translate(stale, 0, FR))).field("words").value == left


def test_the_same_words_sent_twice_by_a_page_that_is_left_are_one_draft(stale, visit):
    client = visit(stale.translator)
    first, again = (keep(stale, client, 0, FR, "Un") for _ in range(2))
    known = {"draft": first["draft"], "version": again["version"]}
    sent = [keep(stale, client, 0, FR, "Un deux", **known)["draft"] for _ in range(2)]
    assert {again["draft"], *sent} == {first["draft"]}


def test_without_scripts_a_button_keeps_the_draft(stale, visit):
    client = visit(stale.translator)
    answer = client.post(translate(stale, 0, FR), data=form(stale, client, 0, FR, "Les villes", keep="yes"))
    assert Page(answer).field("words").value == "Les villes"
    assert stale.words(FR)[0] == WATER[FR]
