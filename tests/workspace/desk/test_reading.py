"""Reading the draft: side by side, with what waits and what was said, and as it was."""

import re
from uuid import UUID

import pytest

from drafts.diff.amendments import Change, ChangeOp
from drafts.text.blocks import BlockKind, Language
from tests.support import factories
from tests.support.page import Page
from tests.workspace.desk.visiting import DRAFT, browser, queries_for, read, seen
from workspace.amendments.service import AmendmentService
from workspace.comments.service import CommentService
from workspace.core.actor import OPERATOR, Actor, Role
from workspace.core.security.permissions import Phase
from workspace.core.storage.db import Db, Store
from workspace.declarations.domain import queries
from workspace.declarations.domain.models import Declaration
from workspace.declarations.domain.new_blocks import NewBlock
from workspace.declarations.domain.service import DeclarationService
from workspace.recommendations.models import RecommendationStatus
from workspace.recommendations.service import RecommendationService, VerbatimStatement
from workspace.sessions.extraction import SessionDetails, SessionFound
from workspace.sessions.service import SessionService
from workspace.translations.domain.service import TranslationService

ES, EN, FR = Language
WATER = {ES: "Las villas comparten el agua.", EN: "Towns share water.", FR: "Les villes partagent l’eau."}


def place(db: Db, declaration: Declaration, index: int = 0) -> UUID:
    return queries.head_rows(db, declaration)[index].block_id


def amend(db: Db, declaration: Declaration, text: str, *, actor: Actor, index: int = 0) -> None:
    AmendmentService(db).propose(
        declaration.id,
        base_revision=declaration.head.number,
        language=EN,
        changes=[Change(ChangeOp.REWORD, str(place(db, declaration, index)), text=text)],
        reason="clearer",
        actor=actor,
    )


def edit(db: Db, declaration: Declaration, text: str) -> None:
    AmendmentService(db).edit(
        declaration.id,
        [Change(ChangeOp.REWORD, str(place(db, declaration)), text=text)],
        language=EN,
        reason="clearer",
        expected_head=declaration.head_id,
        actor=OPERATOR,
    )


def recommendation(db: Db, text: str) -> None:
    forum = factories.forum(db)
    details = SessionDetails(found=SessionFound(title="Who pays for the well?"))
    session = SessionService(db).add(forum, details, language="en", document=None, actor=OPERATOR)
    [one] = RecommendationService(db).propose(session, [VerbatimStatement(text=text, language="en")], actor=OPERATOR)
    RecommendationService(db).settle(forum, [one.number], RecommendationStatus.CONFIRMED, actor=OPERATOR)


@pytest.mark.parametrize("language", ["es", "en", "fr"])
def test_the_text_stands_in_three_languages_side_by_side(store: Store, language: str) -> None:
    with store.writing() as db:
        factories.declaration(db, WATER)
        member = factories.person(db, Role.MEMBER)

    page = read(store, f"/{language}/third-forum/declaration", member)

    assert (page.status, page.language) == (200, language)
    for of, words in WATER.items():
        [cell] = page.rows("col", of)
        assert cell.root.xpath(".//div[@lang=$of]/p[@class='text']/text()", of=of.value) == [words]


def test_the_address_says_which_languages_are_shown(store: Store) -> None:
    with store.writing() as db:
        factories.declaration(db, WATER)
        member = factories.person(db, Role.MEMBER)

    page = seen(store, f"{DRAFT}?text=fr,es", member).text

    assert WATER[FR] in page
    assert WATER[ES] in page
    assert WATER[EN] not in page
    assert "?text=es%2Cen%2Cfr" in page  # English can be added
    assert "?text=es" in page  # French can be taken away


def test_a_reader_is_led_to_amend_the_text_of_their_own_language(store: Store) -> None:
    with store.writing() as db:
        block = place(db, factories.declaration(db, WATER))
        member = factories.person(db, Role.MEMBER)

    beside = f"{DRAFT}/paragraphs/{block}/beside"
    french = seen(store, f"{beside.replace('/en/', '/fr/')}?text=es,en,fr", member).text
    only_spanish = seen(store, f"{beside}?text=es", member).text

    assert re.findall(r"amendments/new\?[^\"]*text=(\w+)", french) == ["fr", "fr"]
    assert re.findall(r"amendments/new\?[^\"]*text=(\w+)", only_spanish) == ["es", "es"]


def test_a_missing_translation_is_a_gap_that_a_translator_can_fill(store: Store) -> None:
    with store.writing() as db:
        factories.declaration(db, {ES: WATER[ES], EN: WATER[EN]})
        member, translator = factories.person(db, Role.MEMBER), factories.person(db, Role.TRANSLATOR)

    gap = read(store, DRAFT, member).part("state", "missing")
    assert gap.root.get("data-col") == "fr"
    assert gap.links == []
    [to_fill] = read(store, DRAFT, translator).part("state", "missing").links
    assert re.search("/translation/[^/]+/fr$", to_fill)


def test_a_changed_original_makes_its_translations_stale(store: Store) -> None:
    with store.writing() as db:
        declaration = factories.declaration(db, WATER)
        translator = factories.person(db, Role.TRANSLATOR)
        edit(db, declaration, "Towns share all their water.")

    stale = read(store, DRAFT, translator).rows("state", "stale")

    assert [cell.root.get("data-col") for cell in stale] == ["es", "fr"]
    assert ["/translation/" in link for cell in stale for link in cell.links] == [True, True]


def test_a_text_left_out_by_decision_says_why(store: Store) -> None:
    with store.writing() as db:
        declaration = factories.declaration(db, {ES: WATER[ES], EN: WATER[EN]})
        TranslationService(db).leave_out(
            declaration.id, place(db, declaration), FR, reason="a local matter", actor=OPERATOR
        )
        member = factories.person(db, Role.MEMBER)

    assert "a local matter" in read(store, DRAFT, member).text_of("state", "absent")


def test_the_margin_counts_amendments_comments_and_sources(store: Store) -> None:
    with store.writing() as db:
        recommendation(db, "Share the water of the old well.")
        declaration = factories.declaration(db, WATER)
        member, block = factories.person(db, Role.MEMBER), place(db, declaration)
        [said] = RecommendationService(db).register(factories.forum(db), actor=OPERATOR)
        DeclarationService(db).link(declaration, block, said, actor=OPERATOR)
        amend(db, declaration, "Towns share clean water.", actor=member)
        CommentService(db).open(declaration, block, text="And the springs?", language=EN, actor=member)

    page = read(store, DRAFT, member)

    [paragraph] = page.root.xpath("//article[@id=$id]", id=f"b-{block}")
    [button] = Page(paragraph).rows("beside")
    assert sorted(button.root.get("data-beside").split()) == ["amendments", "comments", "sources"]
    assert [count.text_content()[0] for count in button.root.xpath("./span[not(@class)]")] == ["1", "1", "1"]
    assert f"{DRAFT}/paragraphs/{block}" in page.links
    assert page.data("amendments") == ["1"]


def test_what_is_counted_opens_beside_the_paragraph(store: Store) -> None:
    with store.writing() as db:
        recommendation(db, "Share the water of the old well.")
        declaration = factories.declaration(db, WATER)
        member, block = factories.person(db, Role.MEMBER, "Ana"), place(db, declaration)
        [said] = RecommendationService(db).register(factories.forum(db), actor=OPERATOR)
        DeclarationService(db).link(declaration, block, said, actor=OPERATOR)
        amend(db, declaration, "Towns share clean water.", actor=member)
        CommentService(db).open(declaration, block, text="And the springs?", language=EN, actor=member)

    part = seen(store, f"{DRAFT}/paragraphs/{block}/beside?text=en", member)
    said_there = " ".join(re.sub(r"<[^>]+>", "", part.text).split())

    assert part.status_code == 200
    assert "<html" not in part.text
    for words in ("And the springs?", "Share the water of the old well.", "Who pays for the well?", "Ana"):
        assert words in said_there
    inserted = [word.text_content() for word in Page(part).root.xpath("//ins")]
    assert [word for word in inserted if "clean" in word]
    assert len(Page(part).rows("part", "words")) == 1
    assert WATER[FR] not in said_there
    assert seen(store, f"{DRAFT}/paragraphs/{UUID(int=7)}/beside", member).status_code == 404


def test_a_visitor_is_not_told_beside_a_paragraph_what_is_closed_to_visitors(store: Store) -> None:
    with store.writing() as db:
        recommendation(db, "Share the water of the old well.")
        declaration = factories.declaration(db, WATER, phase=Phase.CONSULTATION)
        [said] = RecommendationService(db).register(factories.forum(db), actor=OPERATOR)
        block = place(db, declaration)
        DeclarationService(db).link(declaration, block, said, actor=OPERATOR)

    part = read(store, f"{DRAFT}/paragraphs/{block}/beside")

    assert part.data("part")
    assert "words" not in part.data("part")
    assert not [link for link in part.links if "revision=" in link]


def test_a_visitor_reads_the_consultation_and_is_offered_nothing_more(store: Store) -> None:
    with store.writing() as db:
        block = place(db, factories.declaration(db, WATER, phase=Phase.CONSULTATION))
        member = factories.person(db, Role.MEMBER)

    public, mine = seen(store, DRAFT).text, seen(store, DRAFT, member).text
    beside = f"{DRAFT}/paragraphs/{block}/beside"

    assert Page(seen(store, beside, member)).data("do") == ["amend", "insert", "comment"]
    assert Page(seen(store, beside)).data("do") == []
    assert "/declaration/history" in mine
    assert "/declaration/history" not in public
    assert "/declaration/translation" not in public


def test_those_who_draft_and_move_phases_are_led_there_from_the_text(store: Store) -> None:
    with store.writing() as db:
        people = {role: factories.person(db, role) for role in (Role.CHAIR, Role.COMMITTEE, Role.TRANSLATOR)}
        factories.declaration(db, WATER, phase=Phase.DRAFTING)
    desk, phases = f'href="{DRAFT}/drafting"', f'href="{DRAFT}/phase"'
    offered = {role: seen(store, DRAFT, person).text for role, person in people.items()}
    assert {role for role, page in offered.items() if desk in page} == {Role.CHAIR, Role.COMMITTEE}
    assert {role for role, page in offered.items() if phases in page} == {Role.CHAIR}


@pytest.mark.parametrize("path", ["", "/desk"])
def test_what_a_chair_does_stands_in_one_menu(store: Store, path: str) -> None:
    with store.writing() as db:
        factories.declaration(db, WATER)
        chair, committee = (factories.person(db, role) for role in (Role.CHAIR, Role.COMMITTEE))
    acts = {f"{DRAFT}/{act}" for act in ("order", "questions", "sittings", "plenary", "calendar", "phase")}
    menu = "//details[contains(@class, 'drop')]//a[@class='menu-item']/@href"
    with browser(store, chair) as client:
        assert acts <= {href.partition("#")[0] for href in Page(client.get(DRAFT + path)).root.xpath(menu)}
        assert {client.get(act).status_code for act in acts} == {200}
    with browser(store, committee) as client:
        assert not acts & set(Page(client.get(DRAFT + path)).root.xpath(menu))


def test_a_draft_that_is_not_open_is_not_there(store: Store) -> None:
    with store.writing() as db:
        factories.declaration(db, WATER, phase=Phase.DRAFTING)
        member, committee = factories.person(db, Role.MEMBER), factories.person(db, Role.COMMITTEE)

    assert seen(store, DRAFT).status_code == 404
    assert seen(store, DRAFT, member).status_code == 404
    page = seen(store, DRAFT, committee)
    assert page.status_code == 200
    beside = next(link for link in Page(page).links if "/paragraphs/" in link)
    assert [link for link in Page(seen(store, f"{beside}/beside", committee)).links if f"{DRAFT}/edit" in link]


def test_an_older_revision_is_shown_as_it_was_and_offers_no_change(store: Store) -> None:
    with store.writing() as db:
        declaration = factories.declaration(db, WATER)
        committee = factories.person(db, Role.COMMITTEE)
        amend(db, declaration, "Towns share clean water.", actor=committee)
        edit(db, declaration, "Towns share all their water.")

    page = read(store, f"{DRAFT}?revision=1", committee)

    assert page.data("revision") == ["1"]
    assert WATER[EN] in page.text
    assert "Towns share all their water." not in page.text
    assert "#p1" in page.links
    assert page.has_id("p1")
    assert not [link for link in page.links if "/amendments/new" in link or "/edit" in link]
    assert not page.data("beside")


def test_numbers_are_addresses_only_below_a_numbered_revision(store: Store) -> None:
    with store.writing() as db:
        block = place(db, factories.declaration(db, WATER))
        member = factories.person(db, Role.MEMBER)

    page = seen(store, DRAFT, member).text

    assert 'id="p1"' not in page
    assert f'href="#b-{block}">1</a>' in page


@pytest.mark.parametrize("revision", ["7", "first", "-1"])
def test_a_revision_that_does_not_exist_is_not_there(store: Store, revision: str) -> None:
    with store.writing() as db:
        factories.declaration(db, WATER)
        member = factories.person(db, Role.MEMBER)

    assert seen(store, f"{DRAFT}?revision={revision}", member).status_code == 404


def test_revisions_are_closed_to_visitors(store: Store) -> None:
    with store.writing() as db:
        factories.declaration(db, WATER, phase=Phase.CONSULTATION)

    assert seen(store, f"{DRAFT}?revision=1").status_code == 404


def test_words_of_the_text_cannot_become_markup_of_the_page(store: Store) -> None:
    with store.writing() as db:
        factories.declaration(db, "<script>alert(1)</script> & <b>bold</b>")
        member = factories.person(db, Role.MEMBER)

    page = seen(store, DRAFT, member).text

    assert "<script>alert" not in page
    assert "&lt;script&gt;alert(1)&lt;/script&gt; &amp;" in page


def test_every_kind_of_block_is_shown_once_under_its_own_id(store: Store) -> None:
    with store.writing() as db:
        texts = {
            BlockKind.TITLE: "Water",
            BlockKind.HEADING: "I. Wells",
            BlockKind.PLACE_DATE: "Villa Clara, 3 May 2027",
            BlockKind.CHAPEAU: "We, the towns,",
            BlockKind.PREAMBLE: "Recalling the drought,",
            BlockKind.OPERATIVE: "We share water.[^1]",
            BlockKind.ITEM: "from wells;",
            BlockKind.BULLET: "clean",
            BlockKind.QUOTATION: "Water is life.",
            BlockKind.TABLE: "| Town | Wells |\n| --- | --- |\n| Villa Clara | 3 |",
            BlockKind.CODE: "```\nwell = 3\n```",
            BlockKind.RULE: "---",
            BlockKind.NOTE: "[^1]: Fresh water.",
            BlockKind.CLOSING: "Done in Villa Clara.",
        }
        blocks = [
            NewBlock(kind, dict.fromkeys(Language, text), int(kind is BlockKind.ITEM)) for kind, text in texts.items()
        ]
        made = DeclarationService(db).create(
            factories.forum(db),
            slug="declaration",
            name=factories.trilingual("Water"),
            language=EN,
            blocks=blocks,
            actor=OPERATOR,
        )
        DeclarationService(db).enter(made, Phase.REVIEW, actor=OPERATOR)
        member = factories.person(db, Role.MEMBER)

    page = seen(store, DRAFT, member).text

    ids = re.findall(r'\bid="([^"]+)"', page)
    assert sorted(ids) == sorted(set(ids))
    assert "<table" in page
    assert 'href="#en-note-1"' in page
    assert 'id="en-note-1"' in page
    assert page.count("<h1") == 1


def test_the_queries_do_not_grow_with_the_text_or_what_was_said_about_it(store: Store) -> None:
    with store.writing() as db:
        declaration = factories.declaration(db, *[f"Towns share well {n}." for n in range(6)])
        member, chair = factories.person(db, Role.MEMBER), factories.chair(db)
        recommendation(db, "Share the water.")
        amend(db, declaration, "Towns share the first well.", actor=member)
    one = queries_for(store, DRAFT, chair)
    with store.writing() as db:
        declaration = DeclarationService(db).get(declaration.id)
        recommendation(db, "Share the springs too.")
        for said in RecommendationService(db).register(factories.forum(db), actor=OPERATOR):
            DeclarationService(db).link(declaration, place(db, declaration, said.number), said, actor=OPERATOR)
        for index in range(1, 5):
            amend(db, declaration, f"Towns share the well number {index}.", actor=member, index=index)
            thread = CommentService(db).open(
                declaration, place(db, declaration, index), text="Why?", language=EN, actor=member
            )
            CommentService(db).reply(thread.id, text="Because.", language=EN, actor=chair)

    assert queries_for(store, DRAFT, chair) <= one


def test_the_whole_page_can_be_walked_without_a_script(store: Store) -> None:
    with store.writing() as db:
        declaration = factories.declaration(db, WATER)
        edit(db, declaration, "Towns share all their water.")
        member = factories.person(db, Role.MEMBER)

    with browser(store, member) as client:
        page = Page(client.get(DRAFT))
        [slider] = [form for form in page.forms if form.options("revision")]
        assert slider.element.get("method") == "get"
        assert page.root.xpath("//input[@type='search']")
        assert Page(client.get(f"{DRAFT}?text=en&revision=1")).data("revision") == ["1"]
        assert Page(client.get(f"{DRAFT}?text=en&revision=")).data("revision") == []


def test_a_change_is_seen_at_once_though_pages_are_kept(store: Store) -> None:
    with store.writing() as db:
        declaration = factories.declaration(db, WATER)
        member, chair = factories.person(db, Role.MEMBER), factories.chair(db)

    assert read(store, DRAFT, member).data("beside") == [""]
    with store.writing() as db:
        amend(db, DeclarationService(db).get(declaration.id), "Towns share clean water.", actor=member)
    assert read(store, DRAFT, member).data("beside") == ["amendments"]
    assert read(store, DRAFT, chair).data("beside") == ["amendments"]
    with store.writing() as db:
        edit(db, DeclarationService(db).get(declaration.id), "Towns share all their water.")
    assert "Towns share all their water." in read(store, DRAFT, member).text


def test_a_page_that_was_read_before_asks_little_of_the_database(store: Store) -> None:
    with store.writing() as db:
        factories.declaration(db, *[f"Towns share well {n}." for n in range(6)])
        member = factories.person(db, Role.MEMBER)

    first, again = queries_for(store, DRAFT, member), queries_for(store, DRAFT, member)

    assert again < first
    assert again <= 16


def test_lines_are_numbered_through_the_text_for_print(store: Store) -> None:
    with store.writing() as db:
        long = (
            "The towns of the network share the water of their rivers, of their lakes and of their wells with others."
        )
        factories.declaration(db, *[f"{long} {n}" for n in range(4)])
        member = factories.person(db, Role.MEMBER)

    page = seen(store, f"{DRAFT}?lines=1", member).text

    assert page.count('<span class="line"') == 8
    assert page.count('data-line="5"') == 1
    assert 'data-col="fr"' not in page
    assert 'class="line"' not in seen(store, DRAFT, member).text


def test_what_is_brought_beside_the_text_has_names_of_its_own_for_its_fields(store: Store) -> None:
    with store.writing() as db:
        block = place(db, factories.declaration(db, WATER))
        member = factories.person(db, Role.MEMBER)

    whole, beside = (Page(seen(store, path, member)) for path in (DRAFT, f"{DRAFT}/paragraphs/{block}/beside"))

    assert {*whole.root.xpath("//@id")} & {*beside.root.xpath("//@id")} == set()


def test_no_two_paragraphs_of_a_text_are_called_the_same(store: Store) -> None:
    with store.writing() as db:
        made = DeclarationService(db).create(
            factories.forum(db),
            slug="declaration",
            name=factories.trilingual("Water"),
            language=EN,
            blocks=[NewBlock(BlockKind.PREAMBLE, dict.fromkeys(Language, text)) for text in ("Of wells,", "Of pumps,")],
            actor=OPERATOR,
        )
        DeclarationService(db).enter(made, Phase.REVIEW, actor=OPERATOR)
        member = factories.person(db, Role.MEMBER)
        blocks = [row.block_id for row in queries.head_rows(db, made)]

    names = Page(seen(store, DRAFT, member)).root.xpath("//article/@aria-label")
    pages = (Page(seen(store, f"{DRAFT}/paragraphs/{block}", member)) for block in blocks)
    titles = {page.root.xpath("string(//title)") for page in pages}

    assert len({*names}) == len(names) == len(blocks) == len(titles)


def test_what_deceives_is_marked_in_the_text_whoever_reads_it_first(store: Store) -> None:
    with store.writing() as db:
        factories.declaration(db, "Towns sh\u0430re water.")  # a Cyrillic letter
        chair, member = (factories.person(db, role, f"A {role}") for role in (Role.CHAIR, Role.MEMBER))
    for person in (chair, member, chair):
        with browser(store, person) as client:
            page = client.get(f"{DRAFT}?text=en")
        assert len(Page(page).data("sign")) == 1
        assert page.text.count("<article") == 1
        assert "<!--" not in page.text


def test_who_looks_again_is_sent_the_text_only_when_something_on_the_page_is_another(store: Store) -> None:
    with store.writing() as db:
        declaration = factories.declaration(db, "Towns share water.")
        chair, member = (factories.person(db, role, f"A {role}") for role in (Role.CHAIR, Role.MEMBER))
    with browser(store, chair) as client:
        first = client.get(DRAFT)
        assert (first.status_code, first.headers["cache-control"]) == (200, "private, no-cache")
        held = {"If-None-Match": first.headers["etag"]}
        again = client.get(DRAFT, headers=held)
        assert (again.status_code, again.content) == (304, b"")
        assert "content-security-policy" not in again.headers  # the nonce of what is kept stays good
        for elsewhere in (f"{DRAFT}?text=fr", DRAFT.replace("/en/", "/es/"), f"{DRAFT}?lines=1"):
            assert client.get(elsewhere, headers=held).status_code == 200
        with store.writing() as db:
            amend(db, db.get_one(Declaration, declaration.id), "Cities share water.", actor=member)
        assert client.get(DRAFT, headers=held).status_code == 200
    with browser(store, member) as other:
        assert other.get(DRAFT, headers=held).status_code == 200
