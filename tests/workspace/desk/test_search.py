"""The search over a forum, on both databases, by page and by program: nobody finds what they may not read."""

import pytest
import sqlalchemy as sa

from drafts.text.blocks import BlockKind, Language
from tests.support import factories, site
from tests.support.page import Page
from tests.support.texts import reword
from tests.workspace.amendments.room import Room
from tests.workspace.history.test_erasure import erase
from workspace.comments.models import Comment, CommentState
from workspace.comments.service import CommentService
from workspace.core.actor import NOBODY, OPERATOR, Role
from workspace.core.security.permissions import Phase
from workspace.core.storage import search_index
from workspace.declarations import labels
from workspace.declarations.domain.models import Declaration
from workspace.declarations.domain.service import DeclarationService, NewBlock
from workspace.people.models import Forum
from workspace.sessions.extraction import SessionDetails, SessionFound
from workspace.sessions.service import SessionService
from workspace.web.i18n import messages

EN, ES, FR = Language.EN, Language.ES, Language.FR
WITHOUT_WORDS = (
    "",
    " ",
    '"',
    "*",
    "' OR 1",
    "NEAR(",
    "folded:agua",
    "-agua x",
    "\0",
    "ñ" * 5000,
    "zz" * 300,
    "\\:*&|!",
)
SEARCH = "/en/third-forum/search"


@pytest.fixture
def room(any_store):
    with any_store.writing() as db:
        chair, member, other = (factories.person(db, role) for role in (Role.CHAIR, Role.MEMBER, Role.MEMBER))
        texts = {EN: "Towns share the water.", ES: "Los municipios comparten el Água.", FR: "Le réseau climatique."}
        made = factories.declaration(db, texts, "Towns light paths.")
    return Room(any_store, chair, member, other, made)


def found(room, words, actor, **more):
    """What is found, by kind: the words of each."""
    with room.store.reading() as db:
        hits = search_index.search(db, factories.forum(db), words, actor=actor, limit=50, **more)
        return {kind: [hit.text for hit in some] for kind, some in hits.items()}


def test_words_are_found_without_accents_and_by_their_beginning(room):
    number = room.propose(reword(room.block(1), "Towns light all paths."))

    for words in ("agua", "Água", "ÁGUA muni", '"el agua"'):
        assert list(found(room, words, room.chair)) == ["paragraph"], words
    assert found(room, "climat", room.chair) == {"paragraph": ["Le réseau climatique."]}
    assert list(found(room, f"A {number}", room.chair)) == ["amendment"]
    assert list(found(room, "because is so", room.member)) == ["amendment"]
    for words in WITHOUT_WORDS:
        assert found(room, words, room.chair) == {}, words
    assert len(found(room, "towns", room.chair)["paragraph"]) == 4


def test_nobody_finds_what_they_may_not_read(room):
    with room.store.writing() as db:
        comments, made = CommentService(db), db.merge(room.declaration)
        block = room.rows()[0].block_id
        comments.open(made, block, text="A zebra for all.", language=EN, actor=room.member)
        comments.open(made, block, text="A zebra for us.", language=EN, actor=room.chair, is_internal=True)
        held = comments.open(made, block, text="A held zebra.", language=EN, actor=room.other).comments[0]
        db.execute(sa.update(Comment).where(Comment.id == held.id).values(state=CommentState.HELD))
    assert found(room, "zebra", room.chair)["comment"] == ["A held zebra.", "A zebra for us.", "A zebra for all."]
    assert found(room, "zebra", room.other)["comment"] == ["A held zebra.", "A zebra for all."]
    assert found(room, "zebra", room.member)["comment"] == ["A zebra for all."]
    assert found(room, "zebra towns", NOBODY) == found(room, "towns", NOBODY) == {}

    _to_phase(room, Phase.DRAFTING)
    assert found(room, "towns", room.member) == {}
    assert found(room, "towns", room.chair)
    _to_phase(room, Phase.CONSULTATION)
    assert list(found(room, "towns", NOBODY)) == ["paragraph"]


def test_what_changes_is_found_as_it_is_and_the_index_can_be_made_again(room):
    number = room.propose(reword(room.block(1), "Towns light unicorn paths."))
    room.revise(number, reword(room.block(1), "Towns light all the paths."))
    assert found(room, "unicorn", room.chair) == {}
    room.edit(reword(room.block(0), "Towns share a dragon."))
    assert found(room, "dragon", room.chair) == {"paragraph": ["Towns share a dragon."]}
    assert found(room, "share water", room.chair) == {}
    before = found(room, "towns", room.chair)
    with room.store.writing() as db:
        assert search_index.rebuild(db)
    assert {kind: set(some) for kind, some in found(room, "towns", room.chair).items()} == {
        kind: set(some) for kind, some in before.items()
    }


def test_the_page_and_programs_find_the_same(room):
    for place in range(7):
        room.propose(reword(room.block(place % 2), f"Towns share the walrus {place}."))
    with site.browser(room.store, room.member) as member:
        page = Page(member.get(f"{SEARCH}?words=walr"))
        assert len(page.data("found")) == 5
        assert set(page.root.xpath("//mark/text()")) == {"walrus"}
        [more] = page.root.xpath("//main//a[@rel='next']/@href")
        assert len(Page(member.get(more)).data("found")) == 7
        answer = member.get("/api/forums/third-forum/search?words=walrus&limit=4").json()
        rest = member.get(f"/api/forums/third-forum/search?words=walrus&limit=4&cursor={answer['next']}").json()
        assert [len(answer["items"]), len(rest["items"]), rest["next"]] == [4, 3, None]
        assert {hit["kind"] for hit in answer["items"]} == {"amendment"}
        assert member.get("/api/forums/third-forum/search?words=walrus&kind=session").json()["items"] == []
        listed = Page(member.get("/en/third-forum/declaration/amendments?words=%22walrus+3%22"))
        assert len(listed.data("amendment")) == 1
    with site.browser(room.store) as visitor:
        assert Page(visitor.get(f"{SEARCH}?words=walrus")).is_empty


def _to_phase(room, phase):
    with room.store.writing() as db:
        db.execute(sa.update(Declaration).where(Declaration.id == room.declaration.id).values(phase=phase))


def test_what_is_found_is_shown_as_it_reads(room):
    room.propose(reword(room.block(1), "Towns light [all paths](https://light.example/atlas) **well**."))

    with site.browser(room.store, room.chair) as chair:
        [found] = Page(chair.get(f"{SEARCH}?words=light+well")).rows("found")

    assert "Towns light all paths well." in found.text


PARTAKING = (Role.OBSERVER, Role.MEMBER, Role.RAPPORTEUR, Role.TRANSLATOR, Role.COMMITTEE, Role.SECRETARIAT)
EVERYBODY = (None, *PARTAKING, Role.CHAIR)


def _as(room, role):
    if role in {None, Role.CHAIR}:
        return room.chair if role else NOBODY
    with room.store.writing() as db:
        return factories.person(db, role)


def _hits(room, actor, words):
    """What programs and the page show to somebody: how many each, and the words of the page."""
    with site.browser(room.store, actor) as browser:
        items = browser.get("/api/forums/third-forum/search", params={"words": words}).json()["items"]
        page = Page(browser.get(SEARCH, params={"words": words}))
        reads = browser.get("/en/third-forum/declaration").status_code == 200
    assert bool(items) is bool(page.data("found"))
    return len(items), page.text, reads


@pytest.fixture
def closed_room(store):
    """The room on one database, with two sessions of the forum's own, one of them removed."""
    with store.writing() as db:
        chair, member = (factories.person(db, role) for role in (Role.CHAIR, Role.MEMBER))
        made = factories.declaration(db, "Towns share a narwhal.")
        service = SessionService(db)
        for title in ("Narwhals for every district", "Narwhals for no district"):
            details = SessionDetails(found=SessionFound(title=title, members_only=True))
            added = service.add(factories.forum(db), details, language="en", document=None, actor=OPERATOR)
        service.remove(added, "It never was.", actor=OPERATOR)
        db.execute(sa.update(Forum).values(is_public_programme=False))
    return Room(store, chair, member, member, made)


@pytest.mark.parametrize("phase", [Phase.DRAFTING, Phase.CONSULTATION, Phase.ADOPTION])
def test_under_embargo_every_role_finds_the_text_that_it_may_read_and_no_other(closed_room, phase):
    with closed_room.store.writing() as db:
        changed = {"phase": phase, "is_embargoed": True}
        db.execute(sa.update(Declaration).where(Declaration.id == closed_room.declaration.id).values(**changed))
    found = {role: _hits(closed_room, _as(closed_room, role), '"a narwhal"') for role in EVERYBODY}
    assert {role: count > 0 for role, (count, _, _) in found.items()} == {
        role: reads for role, (_, _, reads) in found.items()
    }
    assert found[None][0] == 0
    assert found[Role.CHAIR][0] == 3, "one for each language"


@pytest.mark.parametrize("is_public_programme", [False, True])
def test_a_session_of_the_forum_s_own_is_found_by_who_takes_part_and_by_nobody_else(closed_room, is_public_programme):
    with closed_room.store.writing() as db:
        db.execute(sa.update(Forum).values(is_public_programme=is_public_programme))
    found = {role: _hits(closed_room, _as(closed_room, role), "narwhals district")[0] for role in EVERYBODY}
    assert found[None] == 0
    assert {count for role, count in found.items() if role} == {1}


@pytest.mark.parametrize("comments", ["keep", "withdraw"])
def test_of_an_erased_person_no_name_is_found_and_no_comment_that_was_withdrawn(closed_room, comments):
    name = closed_room.member.name
    with closed_room.store.writing() as db:
        made, block = db.merge(closed_room.declaration), closed_room.rows()[0].block_id
        text = "Zebras, says somebody."
        CommentService(db).open(made, block, text=text, language=EN, actor=closed_room.member)
    assert name in _hits(closed_room, closed_room.chair, "zebras")[1]
    erase(closed_room.store, closed_room.member, comments=comments)
    count, shown, _ = _hits(closed_room, closed_room.chair, "zebras")
    assert count == (1 if comments == "keep" else 0)
    assert name not in shown
    assert _hits(closed_room, closed_room.chair, name)[0] == 0


def test_a_paragraph_without_a_number_is_called_by_its_place(store):
    with store.writing() as db:
        chair = factories.person(db, Role.CHAIR)
        service = DeclarationService(db)
        blocks = [NewBlock(BlockKind.PREAMBLE, {EN: text}) for text in ("Aware of the ibex,", "Mindful of the ibex,")]
        given = {"slug": "ibex", "name": factories.trilingual("Ibex"), "language": EN, "blocks": blocks}
        made = service.create(factories.forum(db), actor=OPERATOR, **given)
        service.enter(made, Phase.REVIEW, actor=OPERATOR)
    room = Room(store, chair, chair, chair, made)
    with store.reading() as db:
        rows = room.rows()
        names = labels.names_of(rows, messages.messages(EN))
    with site.browser(store, chair) as browser:
        shown = Page(browser.get(f"{SEARCH}?words=ibex")).rows("found")
    assert [any(name in line.text for line in shown) for name in names.values()] == [True, True]
    assert len(set(names.values())) == 2
