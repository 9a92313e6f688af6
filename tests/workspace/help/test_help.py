"""The guide: whole in three languages, true to the words of the pages, and reached from every page."""

import pytest

from tests.support.page import Page
from tests.support.site import browser, site
from tests.support.touring import Map
from workspace.catalogues import read_catalogue
from workspace.core import instruments
from workspace.help.guide import FOLDER, OTHER_WORDS, TOPIC_OF, guide_topics, search_guide, slugs, topic_of
from workspace.paths import STATIC
from workspace.web.i18n.messages import LANGUAGES, TRANSLATED

MOST_BYTES = 60_000
ELSEWHERE = {"../verify"}


@pytest.fixture
def visitor(store):
    with browser(store) as client:
        yield client


def labels(language):
    """Everything that the pages say in this language."""
    said = set()
    for message in read_catalogue(language if language in TRANSLATED else TRANSLATED[0]):
        forms = message.id if isinstance(message.id, tuple) else (message.id,)
        translated = message.string if isinstance(message.string, tuple) else (message.string,)
        said.update(forms if language == "en" else translated)
    return {instruments.plain(one).strip() for one in said if one}


def test_every_page_has_a_topic_of_the_help(store):
    lost = [route for route in Map(site(store)).routes if topic_of(route) is None]

    assert lost == []


def test_no_page_leads_to_a_topic_that_is_not_there():
    assert set(TOPIC_OF.values()) <= slugs()


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_topic_is_whole_in_every_language(language):
    written = {path.stem for path in (FOLDER / language).glob("*.md")}
    told = guide_topics(language).values()

    assert written == set(slugs())
    assert all(one.title and len(one.plain) > 150 for one in told)
    assert len({one.title for one in told}) == len(told)


@pytest.mark.parametrize("language", LANGUAGES)
def test_words_in_bold_are_words_of_the_pages(language):
    known = labels(language)
    wrong = [(one.slug, label) for one in guide_topics(language).values() for label in one.labels if label not in known]

    assert wrong == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_links_of_the_help_lead_to_topics(language):
    dead = [
        (one.slug, link)
        for one in guide_topics(language).values()
        for link in one.links
        if link not in slugs() | ELSEWHERE
    ]

    assert dead == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_pictures_are_there_in_the_language_of_the_page_and_small(language):
    wanted = {part.picture for one in guide_topics(language).values() for part in one.parts if part.picture}
    sizes = {path.stem: path.stat().st_size for path in (STATIC / "help" / language).glob("*.webp")}

    assert wanted == sizes.keys()
    assert max(sizes.values()) <= MOST_BYTES


def test_every_topic_can_be_read_in_every_language(visitor):
    for language in LANGUAGES:
        for one in guide_topics(language).values():
            answer = visitor.get(f"/{language}/help/{one.slug}")

            assert answer.status_code == 200
            assert f"<h1>{one.title}</h1>" in answer.text


def test_a_page_leads_to_what_is_told_about_it(visitor):
    assert 'href="/es/help/verify"' in visitor.get("/es/verify").text
    assert 'href="/fr/help/account"' in visitor.get("/fr/sign-in").text


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_page_leads_to_the_statement_of_accessibility(visitor, language):
    address = f"/{language}/accessibility"

    assert all(
        f'href="{address}"' in visitor.get(f"/{language}{path}").text for path in ("", "/verify", "/help", "/nowhere")
    )
    answer = visitor.get(address)
    assert answer.status_code == 200
    assert "WCAG 2.2" in answer.text
    assert f"<h1>{guide_topics(language)['accessibility'].title}</h1>" in answer.text


def test_a_page_that_is_not_there_leads_to_the_contents_of_the_help(visitor):
    answer = visitor.get("/en/nobody/knows/this/place")

    assert answer.status_code == 404
    assert 'href="/en/help"' in answer.text


def test_a_topic_that_is_not_there_is_not_found(visitor):
    assert visitor.get("/en/help/..%2f..%2fpyproject").status_code == 404
    assert visitor.get("/en/help/cookery").status_code == 404


@pytest.mark.parametrize(
    ("language", "wanted", "slug"),
    [
        ("es", "publicacion", "publish"),
        ("es", "ENMIENDAS nueva revisión", "desk"),
        ("fr", "reserve", "reservations"),
        ("fr", "Réserves", "reservations"),
        ("en", "proposing amendments", "amend"),
        ("en", "spreadsheet of people invited", "people"),
    ],
)
def test_a_search_finds_words_without_accents_and_in_another_form(language, wanted, slug):
    found = [one.slug for one in search_guide(wanted, language)]

    assert slug in found[:3]


@pytest.mark.parametrize(
    ("language", "wanted", "slug"),
    [
        ("en", "how do I propose an amendment", "amend"),
        ("en", "amendement", "amend"),
        ("en", "tranlation", "translate"),
        ("en", "unsubscribe", "notices"),
        ("en", "delete my account", "your-data"),
        ("en", "cosponsor", "support"),
        ("en", "rename forum", "settings"),
        ("en", "what changed", "read"),
        ("en", "speaking order", "sittings"),
        ("es", "oradores", "sittings"),
        ("es", "perdí el teléfono", "account"),
        ("fr", "exporter le journal", "log"),
        ("es", "olvidé mi contraseña", "account"),
        ("es", "enmieda", "amend"),
        ("es", "fecha límite", "notices"),
        ("es", "actas de la reunión", "notes"),
        ("es", "firmantes", "around-the-text"),
        ("fr", "ammendement", "amend"),
        ("fr", "comment se désabonner", "notices"),
        ("fr", "je ne reçois pas de mail", "letters"),
        ("fr", "procès-verbal", "notes"),
        ("fr", "voter à bulletin secret", "vote"),
        ("fr", "rgpd", "your-data"),
    ],
)
def test_a_search_understands_what_people_type_who_do_not_know_the_guides_words(language, wanted, slug):
    assert slug in [one.slug for one in search_guide(wanted, language)][:3]


def test_other_words_are_told_for_the_same_topics_in_every_language_and_for_no_others():
    told = [
        [line.partition(": ")[0] for line in (FOLDER / one / OTHER_WORDS).read_text(encoding="utf-8").splitlines()[1:]]
        for one in LANGUAGES
    ]
    assert told[0] == told[1] == told[2]
    assert set(told[0]) <= slugs()


def test_a_search_says_that_it_found_nothing_and_keeps_what_was_typed(visitor):
    answer = visitor.get("/en/help", params={"words": "<b>zebra</b>"})

    assert answer.status_code == 200
    assert "&lt;b&gt;zebra&lt;/b&gt;" in answer.text
    assert Page(answer).count == 0


def test_an_excerpt_shows_the_words_that_were_found():
    assert "quorum" in next(one for one in search_guide("quorum", "en") if one.slug == "vote").excerpt
