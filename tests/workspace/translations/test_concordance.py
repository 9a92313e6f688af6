"""Concordance: three texts signed by somebody who wrote none of them, and void as soon as their words change."""

import pytest
from msgspec.structs import replace

from drafts.text.blocks import Language
from tests.support import factories
from tests.support.page import Page
from tests.support.site import token_of
from workspace.core.actor import Role
from workspace.core.errors import Invalid, NotAllowed, Stale
from workspace.core.security.permissions import Phase
from workspace.editions.domain.publication import EditionService
from workspace.translations.domain.concordance import ConcordanceService, texts_hash, versions_of

ES, EN, FR = Language
PAGE = "/en/third-forum/declaration/translation/concordance"
WATER = {
    ES: "Las ciudades compartirán el agua.",
    EN: "Towns shall share water.",
    FR: "Les villes partagent l’eau.",
}


@pytest.fixture
def table(desk):
    table = desk(WATER, {**WATER, EN: "Towns shall share the water."})
    table.reviser = person(table, "R. Eviser")
    return table


def person(table, name, role=Role.TRANSLATOR):
    with table.store.writing() as db:
        return factories.person(db, role, name)


def sign(table, *places, actor=None, seen=None):
    rows = table.rows()
    with table.store.writing() as db:
        return ConcordanceService(db).sign(
            table.declaration_id,
            seen or {rows[place].block_id: versions_of(rows[place]) for place in places},
            actor=actor or table.reviser,
        )


def signed(table):
    """Whether each paragraph is signed."""
    with table.store.reading() as db:
        return [not one.signatures.unsigned for one in ConcordanceService(db).review(table.declaration(db))]


def sign_off(table, language, *, actor=None, expected=None):
    with table.store.writing() as db:
        ConcordanceService(db).sign_off(
            table.declaration_id,
            language,
            expected=expected or texts_hash(table.rows(), language),
            actor=actor or table.reviser,
        )


def answered(table):
    with table.store.reading() as db:
        found = ConcordanceService(db).signed_off(table.declaration(db), table.rows())
    return sorted(found)


def test_a_signature_is_void_when_the_words_of_any_language_change(table):
    sign(table, 0, 1)
    assert signed(table) == [True, True]
    table.save(FR, 0, "Les villes mettent l’eau en commun.", sources=(EN,))
    assert signed(table) == [False, True]


def test_a_signature_outlives_typography_and_a_change_that_is_taken_back(table):
    sign(table, 0)
    table.save(FR, 0, "Les villes partagent l'eau.", sources=(EN,))
    assert signed(table)[0]
    table.save(FR, 0, "Les cités partagent l’eau.", sources=(EN,))
    assert not signed(table)[0]
    table.save(FR, 0, WATER[FR], sources=(EN,))
    assert signed(table)[0]


def test_a_signed_concordance_counts_as_agreement(desk):
    table = desk({EN: "Towns shall share water."})
    table.reviser = person(table, "R. Eviser")
    table.save(FR, 0, WATER[FR], sources=(EN,))
    table.save(ES, 0, WATER[ES], sources=(EN,))
    sign(table, 0)
    assert {state.value for state in table.states(0)} == {"current"}


def test_nobody_signs_what_they_wrote(table):
    table.save(FR, 0, "Les villes mettent l’eau en commun.", sources=(EN,), actor=table.reviser)
    with pytest.raises(NotAllowed):
        sign(table, 0)
    assert signed(table) == [False, False]
    sign(table, 1)


def entered_for(table, name, *languages):
    translator = person(table, name)
    return replace(translator, mandates=(replace(translator.mandates[0], languages=frozenset(languages)),))


def test_only_a_translator_signs(table):
    for actor in (table.chair, person(table, "S. E. Cretary", Role.SECRETARIAT), entered_for(table, "N. One")):
        with pytest.raises(NotAllowed):
            sign(table, 0, actor=actor)


def test_each_signs_for_the_languages_they_are_entered_for_until_every_one_is_answered_for(table):
    [french] = sign(table, 0, actor=entered_for(table, "F. Rench", "fr"))
    assert (french.languages, signed(table)) == ("fr", [False, False])
    sign(table, 0, actor=entered_for(table, "S. Panish", "es"))
    with table.store.reading() as db:
        [paragraph, _] = ConcordanceService(db).review(table.declaration(db))
        assert [part.languages for part in paragraph.signatures.parts] == ["fr", "es"]
        assert list(paragraph.signatures.unsigned) == [EN]
    sign(table, 0, actor=entered_for(table, "E. Nglish", "en"))
    assert signed(table) == [True, False]


def test_the_page_says_which_languages_of_a_paragraph_are_signed(table, visit):
    sign(table, 0, actor=entered_for(table, "F. Rench", "fr"))
    page = Page(visit(table.reviser).get(PAGE))
    assert page.data("signed") == ["F. Rench"]
    assert page.data("unsigned") == ["es en"]
    assert len(page.root.xpath("//input[@name='paragraphs']")) == 2


def test_the_page_shows_beside_each_paragraph_what_the_checks_find_between_its_languages(desk, visit):
    table = desk({**WATER, FR: "Les villes ne partagent pas l’eau"})
    page = Page(visit(person(table, "R. Eviser")).get(PAGE))
    assert set(page.data("finding")) == {"end_punct", "negation"}
    assert not page.root.xpath("//input[@name='paragraphs']")


def test_what_has_changed_since_it_was_compared_is_not_signed(table):
    seen = {row.block_id: versions_of(row) for row in table.rows()}
    table.save(FR, 1, "Les villes mettent l’eau en commun.", sources=(EN,))
    with pytest.raises(Stale):
        sign(table, seen=seen)
    assert signed(table) == [False, False]


def test_what_is_stale_or_contradicts_itself_is_not_signed(table):
    table.reword(EN, 0, "Towns shall share 3 rivers.")
    with pytest.raises(Invalid):
        sign(table, 0)
    table.save(FR, 0, "Les villes partagent 3 cours d’eau.", sources=(EN,))
    table.save(ES, 0, "Las ciudades compartirán 4 ríos.", sources=(EN,))
    with pytest.raises(Invalid):
        sign(table, 0)
    table.save(ES, 0, "Las ciudades compartirán 3 ríos.", sources=(EN,))
    sign(table, 0)


def test_a_language_is_answered_for_as_a_whole_until_a_word_of_it_changes(table):
    sign_off(table, FR)
    sign_off(table, ES)
    assert answered(table) == [ES, FR]
    table.save(FR, 1, "Les villes mettent l’eau en commun.", sources=(EN,))
    assert answered(table) == [ES]
    with pytest.raises(Stale):
        sign_off(table, FR, expected="0" * 64)


def test_nobody_answers_for_a_language_that_waits(table):
    table.reword(EN, 0, "Towns shall share rivers.")
    with pytest.raises(Invalid):
        sign_off(table, FR)


def test_publication_waits_for_every_signature(store):
    with store.writing() as db:
        declaration = factories.declaration(db, WATER, phase=Phase.CONSULTATION)
        service = EditionService(db)
        assert [(bool(one.block_id), one.language) for one in service.unsigned(declaration)] == [
            (True, None),
            (False, ES),
            (False, EN),
            (False, FR),
        ]
        factories.concord(db, declaration)
        assert service.unsigned(declaration) == []


def test_the_page_signs_a_paragraph_a_section_and_a_language(table, visit):
    client = visit(table.reviser)
    page = Page(client.get(PAGE))
    assert page.count == 2
    assert [button for form in page.forms for button in form.buttons if button == ("all", "yes")]
    token = {"csrf": token_of(client)}
    one = page.root.xpath("//input[@name='paragraphs']/@value")[0]
    answer = client.post(PAGE, data={**token, "paragraphs": one})
    assert Page(answer).result == "concordance.signed"
    assert Page(answer).data("signed") == ["R. Eviser"]
    assert signed(table) == [True, False]

    rest = answer.text.partition('name="every" value="')[2].partition('"')[0]
    client.post(PAGE, data={**token, "every": rest, "all": "yes"})
    assert signed(table) == [True, True]

    texts = answer.text.partition('value="fr"><input type="hidden" name="texts" value="')[2].partition('"')[0]
    answer = client.post(f"{PAGE}/languages", data={**token, "language": "fr", "texts": texts})
    assert Page(answer).data("signed") == ["R. Eviser"] * 3
    assert answered(table) == [FR]


@pytest.mark.parametrize("language", Language)
def test_the_page_speaks_three_languages_and_offers_no_signature_to_who_may_not(table, visit, language):
    page = visit(table.chair).get(PAGE.replace("/en/", f"/{language}/"))
    assert page.status_code == 200
    assert 'name="paragraphs"' not in page.text


def test_the_page_refuses_what_was_not_compared_and_says_so(table, visit):
    client = visit(table.reviser)
    one = client.get(PAGE).text.partition('name="paragraphs" value="')[2].partition('"')[0]
    table.save(FR, 0, "Les villes mettent l’eau en commun.", sources=(EN,))
    answer = client.post(PAGE, data={"csrf": token_of(client), "paragraphs": one})
    assert answer.status_code == 412
    assert Page(answer).refusal == "workspace.stale"
    assert client.post(PAGE, data={"csrf": token_of(client), "paragraphs": "x"}).status_code == 404
    assert client.post(PAGE, data={"csrf": token_of(client)}).status_code == 422
