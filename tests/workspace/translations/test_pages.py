"""The translators' pages in a browser: the map, the queues, the bench, and a save that comes too late."""

import re

import pytest
import sqlalchemy as sa

from drafts.amendments import Change, ChangeOp, Part
from drafts.blocks import Language
from tests.support import factories
from tests.support.site import token_of
from workspace.core.actor import NOBODY, Role
from workspace.core.permissions import Phase
from workspace.declarations.service import DeclarationService

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
        assert f'<html lang="{language}">' in answer.text


def test_the_overview_says_how_many_texts_wait_and_where(stale, visit):
    page = visit(stale.translator).get(f"/en/{PAGE}").text
    assert "<h1>3 texts wait for a translator</h1>" in page
    assert "Español: one text waits" in page
    assert "Français: 2 texts wait" in page
    assert '<progress class="far" max="2" value="1" aria-labelledby="es-far">' in page
    assert '<span class="vh">Paragraph 1, French: stale: the original has changed</span>' in page
    assert '<span class="vh">Paragraph 2, French: no text yet</span>' in page
    assert '<span class="vh">Paragraph 1, English: original</span>' in page
    assert translate(stale, 1, FR) in page


def test_a_queue_asks_for_what_is_missing_before_what_is_stale(stale, visit):
    page = visit(stale.translator).get(f"/en/{PAGE}").text
    french = page.partition('id="fr"')[2].partition("</section>")[0]
    assert french.index("no text yet") < french.index("stale: the original has changed")


def test_a_text_that_needs_nothing_says_so(desk, visit):
    table = desk(WATER)
    page = visit(table.translator).get(f"/en/{PAGE}").text
    assert "<h1>All three languages are up to date</h1>" in page
    assert page.count(": nothing waits<") == 3


def test_a_long_text_folds_the_parts_that_are_settled(desk, visit):
    table = desk(*[WATER] * 60)
    page = visit(table.translator).get(f"/en/{PAGE}").text
    assert "Show the parts in which everything is settled" in page


def test_the_bench_shows_what_changed_since_the_text_that_was_translated(stale, visit):
    page = visit(stale.translator).get(translate(stale, 0, FR)).text
    assert '<ins><span class="vh">inserted: </span>drinking ' in page.replace("drinking<", "drinking <")
    assert "Edited by the committee on" in page
    assert "so decided" in page
    assert "Third language: Spanish" in page
    assert "Still valid as it is" in page


def test_a_saved_translation_is_in_force_and_the_next_one_is_shown(stale, visit):
    client = visit(stale.translator)
    answer = client.post(
        translate(stale, 0, FR), data=form(stale, client, 0, FR, "Les villes partagent l’eau potable.")
    )
    assert answer.status_code == 200
    assert answer.url.path == translate(stale, 1, FR)
    assert "Kept, and up to date in French. Here is the next one." in answer.text
    assert stale.words(FR)[0] == "Les villes partagent l’eau potable."
    assert stale.states(0)[2].value == "current"


def test_the_last_one_leads_back_to_the_overview(stale, visit):
    client = visit(stale.translator)
    answer = client.post(translate(stale, 0, ES), data=form(stale, client, 0, ES, "Compartirán el agua potable."))
    assert answer.url.path == f"/en/{PAGE}"
    assert "Kept. Nothing else waits in Spanish." in answer.text


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
    assert "Somebody has saved this text meanwhile" in answer.text
    assert stale.words(FR)[0] == "Les villes mettent l’eau potable en commun."
    yours, now, started = answer.text.partition('class="views"')[2].split("<article")[1:4]
    assert "&lt;potable&gt;" in yours
    assert "mettent" in re.sub("<[^>]+>", "", now)
    assert "Saved by A translator" in now
    assert "<p" in started
    assert "<ins>" not in started
    area = answer.text.partition('id="words"')[2].partition("</textarea>")[0]
    assert area.endswith("\nLes villes partagent l’eau &lt;potable&gt;.")
    assert f'name="expected" value="{stale.head(FR).id}"' in answer.text

    again = client.post(translate(stale, 0, FR), data=form(stale, client, 0, FR, "Les villes ont l’eau en commun."))
    assert again.status_code == 200
    assert stale.words(FR)[0] == "Les villes ont l’eau en commun."


def test_a_translation_of_a_text_that_moved_meanwhile_is_kept_and_stale(stale, visit):
    client = visit(stale.translator)
    mine = form(stale, client, 0, FR, "Les villes partagent l’eau potable.")
    stale.reword(EN, 0, "Towns shall share drinking water and shade.")

    answer = client.post(translate(stale, 0, FR), data=mine)

    assert answer.url.path == translate(stale, 0, FR)
    assert "Kept, but the original has changed meanwhile" in answer.text
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
    page = client.get(translate(stale, 1, FR)).text
    assert "Leave the text out by decision" in page
    assert "Save translation" not in page

    refused = client.post(translate(stale, 1, FR, tail="/absence"), data={"csrf": token_of(client), "reason": " "})
    assert refused.status_code == 422
    assert 'id="reason-error"' in refused.text

    client.post(
        translate(stale, 1, FR, tail="/absence"),
        data={"csrf": token_of(client), "reason": "It concerns Spanish towns only."},
    )
    assert stale.states(1)[2].value == "absent"
    assert "It concerns Spanish towns only." in client.get(translate(stale, 1, FR)).text


def test_a_translator_is_not_offered_to_leave_a_text_out(stale, visit):
    client = visit(stale.translator)
    assert "Leave the text out" not in client.get(translate(stale, 1, FR)).text
    answer = client.post(translate(stale, 1, FR, tail="/absence"), data={"csrf": token_of(client), "reason": "No."})
    assert answer.status_code == 404


def test_a_member_reads_the_bench_and_is_shown_no_form(stale, visit):
    with stale.store.writing() as db:
        member = factories.person(db, Role.MEMBER)
    client = visit(member)
    page = client.get(translate(stale, 0, FR)).text
    assert "<textarea" not in page
    assert "Save translation" not in page
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
    table.edit(EN, Change(ChangeOp.SPLIT, table.block(0), text="Water.", parts=(Part("new", "Shade."),)))
    client = visit(table.translator)
    page = client.get(translate(table, 0, FR)).text
    assert "stale: the paragraph was split or joined" in page
    assert "<del>" in page
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
    page = visit(table.translator).get(f"/en/{PAGE}/memory?text=fr&words=propre chaq").text
    assert 'l’eau <mark class="hit">propre chaque</mark> jour.' in page
    assert "Towns share clean water every day." in page
    assert "Found once." in page
