"""Whole adopted texts: brought in and aligned, read by every forum of the network, near at hand while drafting."""

from uuid import UUID

import pytest

from drafts.text.blocks import Block, BlockKind, Document
from tests.support import factories
from tests.support.factories import EN
from tests.support.page import Page
from tests.support.site import token_of
from workspace.consultation.adopted_texts import AdoptedTextFields, BankService
from workspace.core.actor import OPERATOR, Role
from workspace.core.security.permissions import Phase
from workspace.declarations.domain import queries
from workspace.declarations.domain.models import Declaration
from workspace.people.service import PeopleService

FORUM = "/forums/third-forum"
BANK = "/en/third-forum/sessions/adopted-texts"
TEXTS = {
    "es": """# Carta de los Ríos

Nosotras, las ciudades de los ríos, reunidas en Alta,

Recordando que el agua es de todos,

1. Cada ciudad compartirá el agua de sus fuentes con las ciudades de abajo.

2. En 2030 habrá 400 fuentes públicas.
""",
    "en": """# Charter of the Rivers

We, the cities of the rivers, gathered in Alta,

Recalling that water belongs to everybody,

1. Every city shall share the water of its springs with the cities below.

2. By 2030 there shall be 400 public fountains.

3. Nothing here binds a harbour.
""",
}


@pytest.fixture
def banked(house):
    """The forum with one whole text in two languages; the English has one paragraph more."""
    body = {"texts": TEXTS, "symbol": "CR/7", "adopted_on": "2019-05-04"}
    answer = house[Role.SECRETARIAT].post(f"{FORUM}/adopted-texts", body)
    assert answer.status_code == 201, answer.text
    house.text = answer.json()["text"]["id"]
    return house


def whole(house):
    return house.chair.get(f"{FORUM}/adopted-texts/{house.text}").json()


def by_language(row):
    return {passage["language"]: passage["text"] for passage in row["passages"]}


def test_a_whole_text_is_aligned_and_each_paragraph_is_cited_in_its_language(banked):
    told = whole(banked)
    assert told["text"]["title"] == {"es": "Carta de los Ríos", "en": "Charter of the Rivers", "fr": ""}
    rows = told["rows"]
    assert [row["kind"] for row in rows[:3]] == ["chapeau", "preamble", "operative"]
    shared = rows[2]
    assert by_language(shared)["es"].startswith("Cada ciudad")
    assert by_language(shared)["en"].startswith("Every city")
    cited = {passage["language"]: passage["citation"] for passage in shared["passages"]}
    assert cited == {"es": "CR/7, párr. 1", "en": "CR/7, para. 1"}
    assert [by_language(row) for row in rows if row["is_doubtful"]] == [{"en": "Nothing here binds a harbour."}]

    found = banked.chair.get(f"{FORUM}/passages?words=fuentes")
    assert len(found.json()["items"]) == 2
    again = banked[Role.SECRETARIAT].post(f"{FORUM}/adopted-texts", {"texts": TEXTS, "adopted_on": "2019-05-04"})
    assert again.status_code == 422
    assert banked.member.post(f"{FORUM}/adopted-texts", {"texts": TEXTS}).status_code in {403, 404}


def test_the_page_takes_files_or_pasted_texts_and_people_settle_what_is_doubtful(house, visit):
    client = visit(house.people[Role.SECRETARIAT])
    form = Page(client.get(BANK)).form("/adopted-texts/texts")
    sent = {**form.values, "text_es": TEXTS["es"], "title_en": "Rivers", "csrf": token_of(client)}
    files = {"en": ("charter.md", TEXTS["en"].encode(), "text/markdown")}
    empty = client.post(form.action, data={"csrf": token_of(client)}, files={"fr": ("", b"", "text/plain")})
    assert empty.status_code == 422
    early = client.post(form.action, data={**sent, "adopted_on": "2999-06-12"}, files=files)
    assert (early.status_code, Page(early).refusal) == (422, "workspace.invalid:not_come_yet")
    shown = Page(client.post(form.action, data=sent, files=files))
    assert shown.result == "adopted_text.added"
    [doubtful] = shown.rows("doubt")
    assert "harbour" in doubtful.text

    [settled] = doubtful.forms
    page = Page(client.post(settled.action, data={**settled.values, "act": "same"}))
    assert page.rows("doubt") == []
    position = shown.data("row")[0]
    apart = client.post(settled.action, data={**settled.values, "position": position, "act": "apart"})
    assert len(Page(apart).data("row")) == len(shown.data("row")) + 1
    removal = {**settled.values, "act": "remove"}
    assert client.post(settled.action, data=removal).status_code == 422
    assert Page(client.post(settled.action, data={**removal, "sure": "yes"})).result == "adopted_text.removed"
    assert Page(client.get(BANK)).rows("text") == []


def test_another_forum_of_the_network_reads_it_and_does_not_change_it(banked, visit):
    with banked.store.writing() as db:
        other = factories.forum(db, "fourth-forum")
        added = PeopleService(db).add_person(other, name="F. Ourth", role=Role.SECRETARIAT, actor=OPERATOR)
        actor = added.as_actor()
    client = visit(actor)
    there = "/api/forums/fourth-forum"

    [listed] = client.get(f"{there}/adopted-texts").json()["items"]
    assert listed["id"] == banked.text
    assert client.get(f"{there}/passages?words=fountains").json()["items"]
    row = {"position": 1, "is_same": True}
    token = {"X-CSRF-Token": token_of(client)}
    assert client.post(f"{there}/adopted-texts/{banked.text}/rows", json=row, headers=token).status_code in {403, 404}
    assert client.get(f"/en/fourth-forum/sessions/adopted-texts/texts/{banked.text}").status_code == 200


def test_words_being_written_find_what_is_nearest_in_ones_own_language(banked, visit):
    def near(words, language):
        found = banked.chair.get(f"{FORUM}/passages?near={words}&language={language}").json()["items"]
        return [passage["text"] for passage in found]

    assert near("Towns will share the water of their springs", "en")[0].startswith("Every city shall share")
    assert near("Compartir el agua de las fuentes", "en")[0].startswith("Every city shall share")
    assert near("Teachers sing in choirs", "en") == []

    banked.declaration("Towns.", phase=Phase.DRAFTING)
    desk = "/en/third-forum/declaration/drafting"
    client = visit(banked.people[Role.COMMITTEE])
    form = {**Page(client.get(desk)).form("/drafting").values, "csrf": token_of(client)}
    shown = Page(client.post(desk, data={**form, "act": "show", "wording": "share the water of springs"}))
    [nearest] = shown.rows("nearest")
    assert "Every city shall share" in nearest.text


def test_what_opened_an_adopted_text_opens_this_one(banked, visit):
    table = banked.declaration("Towns shall share.", phase=Phase.DRAFTING)
    preamble = next(one["id"] for one in whole(banked)["rows"][1]["passages"] if one["language"] == "en")
    desk = "/en/third-forum/declaration/drafting"
    client = visit(banked.people[Role.COMMITTEE])
    form = {**Page(client.get(desk)).form("/drafting").values, "csrf": token_of(client), "language": "en"}

    quoted = Page(client.post(desk, data={**form, "act": f"quote:{preamble}"}))
    assert quoted.field("kind").value == "preamble"
    body = {**form, "act": "save", "kind": "preamble", "wording": quoted.field("wording").value, "reason": "As before."}
    assert client.post(desk, data=body, follow_redirects=False).status_code == 303

    with banked.store.reading() as db:
        rows = queries.head_rows(db, db.get_one(Declaration, UUID(str(table.id))))
        assert [row.kind.value for row in rows] == ["preamble", "operative"]


def test_a_first_draft_has_a_part_for_each_theme_and_the_opening_of_an_adopted_text(banked, visit):
    chair = banked.chair
    banked.session("Water", "Repair the wells.", "Sing at noon.", "Plant limes.")
    numbers = [row["number"] for row in chair.get(f"{FORUM}/recommendations").json()["items"]][-3:]
    chair.post(f"{FORUM}/recommendations/settlement", {"standing": "confirmed", "numbers": numbers})
    axes = chair.post(f"{FORUM}/taxonomies", {"kind": "axes", "name": {"en": "Axes"}}).json()["id"]
    themes = [
        chair.post(f"/taxonomies/{axes}/themes", {"en": name, "es": name}).json()["id"] for name in ("Trees", "Wells")
    ]
    for theme, number in zip(themes, (numbers[2], numbers[0]), strict=True):
        chair.post(f"{FORUM}/recommendations/themes", {"numbers": [number], "themes": [theme]})
    client = visit(banked.people[Role.CHAIR])
    page = Page(client.get("/en/third-forum/declarations/new"))
    [form] = page.forms_to("/declarations/new", way="recommendations")
    assert axes in form.options("grouping")
    sent = {"csrf": token_of(client), "way": "recommendations", "name_en": "Draft", "number": numbers, "slug": "draft"}
    answer = client.post(form.action, data={**sent, "grouping": axes, "opening": banked.text}, follow_redirects=False)
    assert answer.status_code == 303

    with banked.store.reading() as db:
        made = db.query(Declaration).filter_by(slug="draft").one()
        told = [(row.kind.value, row.original().text) for row in queries.head_rows(db, made)]
    assert [kind for kind, _ in told][:3] == ["title", "chapeau", "preamble"]
    words = [text for _, text in told[3:]]
    assert words == ["Trees", "Plant limes.", "Wells", "Repair the wells.", "Water", "Sing at noon."]
    body = {"slug": "other", "name": {"en": "Other"}, "language": "en", "recommendations": numbers}
    wrong = {**body, "taxonomy_id": banked.text}
    assert chair.post(f"{FORUM}/declarations/from-recommendations", wrong).status_code == 404


@pytest.mark.parametrize(
    ("text", "is_wrong"),
    [
        (
            "Said: “share the water of its springs with the cities below” (Charter of the Rivers, CR/7, para. 1).",
            False,
        ),
        (
            "Said: “share the wine of its springs with the cities above” (Charter of the Rivers, CR/7, para. 1).",
            True,
        ),
        ("We recall our duties to one another (Charter of the Rivers, CR/7, para. 1).", False),
        ("“By 2030 there shall be 500 public fountains.”", True),
        ("&ldquo;By 2030 there shall be 500 public fountains.&rdquo;", True),
        ("“By 2030 there shall be 400 public fountains.”", False),
    ],
)
def test_a_quotation_of_a_whole_text_is_compared_with_it(banked, visit, text, is_wrong):
    table = banked.declaration(text, phase=Phase.ADOPTION)
    shown = Page(visit(banked.people[Role.CHAIR]).get(f"/en/third-forum/declaration/paragraphs/{table.block()}"))
    assert bool(shown.rows("misquote")) is is_wrong


def test_texts_are_listed_found_and_removed_on_postgresql(postgresql_store):
    charter = Document((Block("one", BlockKind.TITLE, "Charter"), Block("two", BlockKind.OPERATIVE, "Share.")), EN)
    with postgresql_store.writing() as db:
        forum, bank = factories.forum(db), BankService(db)
        made = bank.take_in(forum, AdoptedTextFields({EN: charter}), actor=OPERATOR)
        assert [(text.id, count) for text, count in bank.texts(forum, actor=OPERATOR)] == [(made.id, 1)]
        assert bank.nearest(forum, "Share.", language="en", actor=OPERATOR)
        bank.settle_row(forum, made.id, 1, is_same=False, actor=OPERATOR)
        bank.remove(forum, made.id, actor=OPERATOR)
        assert bank.texts(forum, actor=OPERATOR) == []
