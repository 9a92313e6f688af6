"""The checks on the translator's bench, and on the page that says what stops publication."""

import pytest

from drafts.text.blocks import Language
from tests.support.page import Page
from tests.support.site import token_of
from tests.workspace.translations.test_pages import form, translate

ES, EN, FR = Language
WELLS = {EN: "Towns share 12 wells.", ES: "Las ciudades  comparten 13 pozos.", FR: "Les villes partagent 12 puits."}


@pytest.fixture
def table(desk):
    return desk(WELLS)


@pytest.mark.parametrize("language", Language)
def test_the_bench_says_what_the_checks_found(table, visit, language):
    answer = visit(table.translator).get(translate(table, 0, ES).replace("/en/", f"/{language}/"))
    assert answer.status_code == 200
    assert answer.text.count('class="finding"') == 2  # against the original, and between the three
    assert 'id="check-number_mismatch"' in answer.text


def test_words_are_checked_as_they_stand_in_the_editor(table, visit):
    client = visit(table.translator)
    data = form(table, client, 0, ES, "Las ciudades comparten 12 pozos")
    answer = client.post(translate(table, 0, ES, tail="/check"), data=data)
    assert answer.status_code == 200
    page = Page(answer)
    assert "Las ciudades comparten 12 pozos." in page.by_id("check-end_punct").text
    assert table.words(ES)[0] == "Las ciudades comparten 13 pozos."


def test_the_mended_text_is_put_in_the_editor_with_one_click(table, visit):
    client = visit(table.translator)
    mended = "Las ciudades comparten 12 pozos."
    data = form(table, client, 0, ES, "Las ciudades comparten 12 pozos", mended=mended)
    answer = client.post(translate(table, 0, ES, tail="/check"), data=data)
    assert Page(answer).field("words").value == mended
    assert Page(answer).data("about") == ["checked"]


def test_a_finding_stands_with_a_reason(table, visit):
    client = visit(table.translator)
    address = translate(table, 0, ES, tail="/waiver")
    given = {"csrf": token_of(client), "check": "number_mismatch"}
    refused = client.post(address, data={**given, "reason": " "})
    assert refused.status_code == 422
    assert 'id="why-number_mismatch-error"' in refused.text
    answer = client.post(address, data={**given, "reason": "Counted otherwise."}, follow_redirects=True)
    assert answer.status_code == 200
    [waived] = Page(answer).rows("waived")
    assert "Counted otherwise." in waived.text


def test_who_may_not_translate_is_offered_no_form(table, visit):
    answer = visit(table.chair).get(translate(table, 0, ES))
    assert not Page(answer).offers_button("/check")
    assert 'id="check-number_mismatch"' in answer.text


def test_readiness_says_which_text_stands_alone_and_what_to_do(table, visit):
    page = Page(visit(table.chair).get("/en/third-forum/declaration/readiness"))
    stops = [href for line in page.rows("stop") for href in line.links]
    assert {translate(table, 0, ES)} == {href.partition("#")[0] for href in stops if f"/{table.block(0)}/" in href}


def test_a_save_shows_what_the_checks_found_before_it_goes_on(table, visit):
    client = visit(table.translator)
    here = translate(table, 0, ES)
    saved = client.post(here, data=form(table, client, 0, ES, "Las ciudades no comparten 12 pozos"))
    assert saved.history[-1].headers["location"].partition("#")[0].endswith(here)
    assert {"check-end_punct", "check-negation"} <= set(Page(saved).root.xpath("//*[@id='checks']//li/@id"))
    saved = client.post(here, data=form(table, client, 0, ES, "Las ciudades comparten 12 pozos."))
    assert not saved.history[-1].headers["location"].partition("#")[0].endswith(here)


def test_the_whole_text_and_the_review_show_what_the_checks_found(table, visit):
    client = visit(table.translator)
    whole = Page(client.get("/en/third-forum/declaration/translation/text/es"))
    assert {"number_mismatch", "tri_number_mismatch"} == set(whole.data("finding"))
    review = Page(client.get("/en/third-forum/declaration/translation/review/es"))
    assert {"number_mismatch", "tri_number_mismatch"} == set(review.data("finding"))


def test_what_has_an_error_is_not_among_those_that_are_approved_together(desk, visit):
    right = {EN: "Towns share water.", ES: "Las ciudades comparten el agua.", FR: "Les villes partagent l’eau."}
    table = desk(WELLS, right, {**right, ES: "Los pueblos comparten el agua."})
    page = Page(visit(table.translator).get("/en/third-forum/declaration/translation/review/es"))
    every = page.root.xpath("//input[@name='every']/@value")
    assert every == [str(table.head(ES, place).id) for place in (1, 2)]
