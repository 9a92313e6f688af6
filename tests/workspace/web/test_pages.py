"""The frame around every page: languages, navigation, theme, personas, and what a form kept."""

from html.parser import HTMLParser

import pytest
from litestar.testing import TestClient

from tests.support import site
from tests.support.page import Page
from tests.support.site import token_of
from tests.workspace.web.conftest import forum_home, reading
from workspace.app import create_app
from workspace.core.storage.db import Trilingual
from workspace.web.http.request_context import NavItem
from workspace.web.i18n.marking import N_
from workspace.web.i18n.messages import LANGUAGES, messages
from workspace.web.pages import ROLE_NAMES


class Links(HTMLParser):
    """The links of a page: address to attributes."""

    def __init__(self, page):
        super().__init__()
        self.found = {}
        self.feed(page)

    def handle_starttag(self, tag, attrs):
        if tag == "a":
            self.found[dict(attrs)["href"]] = dict(attrs)


def links(answer):
    return Links(answer.text.partition("bar-tools")[2]).found


def navigation(answer):
    return Links(answer.text.partition('<nav class="nav"')[2].partition("</nav>")[0]).found


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_page_speaks_the_language_of_its_address(client, language):
    answer = client.get(f"/{language}/ribera", headers={"Accept-Language": "en"})
    page = Page(answer)
    assert page.language == language
    assert page.root.xpath("//a[@class='skip']/text()") == [messages(language).gettext("Skip to the text")]


def test_switching_the_language_keeps_the_page_and_its_query(client):
    found = links(client.get("/es/ribera/alondra?text=es,fr"))
    assert found["/fr/ribera/alondra?text=es%2Cfr"]["hreflang"] == "fr"
    assert found["/es/ribera/alondra?text=es%2Cfr"]["aria-current"] == "true"


def test_the_front_page_follows_the_browser_then_the_language_chosen_last(client):
    first = client.get("/", headers={"Accept-Language": "fr"}, follow_redirects=False)
    client.get("/es/ribera")
    second = client.get("/", headers={"Accept-Language": "fr"}, follow_redirects=False)
    assert [first.headers["location"], second.headers["location"]] == ["/fr", "/es"]


def test_the_navigation_marks_where_one_is(client):
    found = navigation(client.get("/en/ribera"))
    assert found["/en/ribera"]["aria-current"] == "page"
    assert "aria-current" not in found["/en/ribera/alondra"]


def test_a_link_that_needs_a_declaration_is_left_out_where_there_is_none(client):
    assert list(navigation(client.get("/en/ribera/alondra"))) == ["/en/ribera"]


def test_what_is_needed_less_often_stands_in_a_menu_that_marks_where_one_is(store):
    aside = [NavItem("forum_home", N_("Forum"), is_aside=True), NavItem("reading", N_("Menu"), is_aside=True)]
    page = header_of(store, aside)
    before, _, menu = page.partition('<details class="more"><summary data-here>')
    assert not Links(before).found
    assert list(Links(menu).found) == ["/en/ribera", "/en/ribera/alondra"]
    assert Links(menu).found["/en/ribera"]["aria-current"] == "page"


def test_a_single_place_needs_no_menu(store):
    page = header_of(store, [NavItem("forum_home", N_("Forum"), is_aside=True)])
    assert "<details" not in page
    assert list(Links(page).found) == ["/en/ribera"]


def header_of(store, places):
    app = create_app(store, pages=(forum_home, reading), api=(), navigation=places)
    with TestClient(app) as client:
        return client.get("/en/ribera").text.partition('<nav class="nav"')[2].partition("</nav>")[0]


def test_a_private_page_is_kept_by_no_cache(client):
    assert client.get("/en/ribera").headers["cache-control"] == "no-store"


def test_the_theme_that_was_chosen_is_there_before_any_script(client):
    assert "data-theme" not in client.get("/en/ribera").text
    client.cookies["theme"] = "dark"
    assert 'data-theme="dark"' in client.get("/en/ribera").text
    client.cookies["theme"] = '"><script>'
    assert "data-theme" not in client.get("/en/ribera").text


def test_what_a_form_kept_is_said_once_and_escaped(client, token):
    answer = client.post("/en/ribera/alondra/wording", data={"csrf": token, "wording": "<b>sombra</b> ñ; “x”"})
    assert answer.url.path == "/en/ribera/alondra"
    assert "&lt;b&gt;sombra&lt;/b&gt; ñ; “x”" in answer.text
    assert Page(answer).result is not None
    assert Page(client.get("/en/ribera/alondra")).result is None


def test_somebody_can_be_chosen_and_left_again(client, token):
    chosen = client.post(
        "/es/persona", data={"csrf": token, "persona": "00000000-0000-0000-0000-000000000001", "back": "/es/ribera?x=1"}
    )
    assert str(chosen.url.raw_path, "ascii") == "/es/ribera?x=1"
    assert Page(chosen).result == ""
    assert Page(chosen).who == "Marta Olivar"

    left = client.post("/es/persona", data={"csrf": token, "persona": "", "back": "/es/ribera"})
    assert Page(left).who == messages("es").gettext("Visitor")


def test_a_persona_that_is_not_offered_cannot_be_taken(client, token):
    answer = client.post("/es/persona", data={"csrf": token, "persona": "00000000-0000-0000-0000-000000000009"})
    assert answer.status_code == 404
    client.cookies["persona"] = "00000000-0000-0000-0000-000000000009"
    assert Page(client.get("/es/ribera")).who == messages("es").gettext("Visitor")


def test_choosing_a_persona_never_leads_to_another_site(client, token):
    answer = client.post("/es/persona", data={"csrf": token, "back": "//elsewhere.test/"}, follow_redirects=False)
    assert answer.headers["location"] == "/es"


def test_without_personas_there_is_nobody_to_choose(store):
    with TestClient(site.with_accounts(store)) as client:
        page = client.get("/en/nothing").text
        token = token_of(client)
        assert "/en/persona" not in page
        assert client.post("/en/persona", data={"csrf": token}).status_code == 404


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_role_has_a_name_in_every_language(language):
    names = {messages(language).gettext(name) for name in ROLE_NAMES.values()}
    assert len(names) == len(ROLE_NAMES)


MACROS = """
{% from "macros/ui.html" import page_head, badge, language_badge, notice, empty, day, moment %}
{% from "macros/forms.html" import input, textarea, select, checkbox, seg, seg_links, text_languages, error_summary %}
{% call page_head("<State>", crumbs=[("Forum", "/x"), ("Here", none)], lede="Why") %}<a href="#">Do</a>{% endcall %}
{{ badge("stale", "warn", "stale") }}{{ language_badge("fr") }}
{% call notice("warn") %}Know{% endcall %}{% call empty("None yet.") %}<a href="#">Add</a>{% endcall %}
{{ error_summary(errors) }}
{{ input("name", "Name", value='"><b>', hint="As on the badge", errors=errors) }}
{{ input("mail", "Mail", kind="email", is_required=false) }}
{{ textarea("why", "Why", value="\nTwo\nlines", language="es", is_text=true) }}
{{ select("role", "Role", [("a", "A"), ("b", "B")], "b") }}{{ checkbox("ok", "Yes") }}
{{ seg("show", "Show", [("clean", "Clean"), ("all", "All")], "clean") }}
{{ seg_links("Show", [("/a", "A", true), ("/b", "B", false)]) }}{{ text_languages(LANGUAGES, language) }}
"""


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_macro_renders_in_every_language_without_an_undefined_name(client, language):
    environment = client.app.state.site.templates[language]
    html = environment.from_string(MACROS).render(errors={"name": "Required."})
    assert "&lt;State&gt;" in html
    page = Page(f"<main>{html}</main>")
    [name] = page.root.xpath("//*[@aria-invalid='true']")
    assert name.get("aria-describedby") == "name-hint name-error"
    assert 'value="&#34;&gt;&lt;b&gt;"' in html
    assert page.field("role").value == "b"


def test_no_line_of_a_french_title_begins_with_a_colon_and_its_words_stay_what_they_are(client):
    name = Trilingual(es="La noche", en="Night : & day", fr="La nuit : « hier » & demain")
    written = '{% from "macros/ui.html" import page_head %}{{ page_head(name.said_in(language)) }}'
    heads = {
        language: client.app.state.site.templates[language].from_string(written).render(name=name, language=language)
        for language in LANGUAGES
    }
    assert "La nuit\u00a0: «\u00a0hier\u00a0» &amp; demain" in heads["fr"]
    assert "Night : &amp; day" in heads["en"]
    assert name.said_in("fr") == name.fr, "votes and decisions hold it to the letter"


def test_a_text_area_keeps_its_text_to_the_letter(client):
    environment = client.app.state.site.templates["en"]
    template = environment.from_string(
        '{% from "macros/forms.html" import textarea %}{{ textarea("a", "A", value=text) }}'
    )
    html = template.render(text="\n  two\n")
    content = html.partition("<textarea")[2].partition(">")[2].partition("</textarea>")[0]
    assert content == "\n\n  two\n"  # a browser drops the first line break of a text area
