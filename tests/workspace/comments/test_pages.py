"""Talking about a paragraph: opening a thread, answering, closing it, and what is refused."""

import pytest

from drafts.text.blocks import Language
from tests.support import factories
from tests.support.page import Page
from tests.workspace.amendments.browsing import DRAFT, browsing
from tests.workspace.amendments.room import opened
from workspace.comments.models import Comment
from workspace.comments.service import LONGEST, CommentService
from workspace.core.security.permissions import Phase
from workspace.core.storage.db import new_id
from workspace.declarations.domain.service import DeclarationService
from workspace.web.i18n.messages import LANGUAGES


@pytest.fixture
def room(store):
    return opened(store)


def paragraph(room, place=0):
    return f"{DRAFT}/paragraphs/{room.block(place)}"


def threads(room):
    with room.store.reading() as db:
        declaration = DeclarationService(db).get(room.declaration.id)
        found = CommentService(db).threads(declaration, actor=room.chair)
        return [thread for of_block in found.values() for thread in of_block]


def said(room):
    return [[comment.text for comment in thread.comments] for thread in threads(room)]


def test_a_thread_is_opened_answered_closed_and_opened_again_by_an_answer(room):
    with browsing(room.store, room.member) as member, browsing(room.store, room.chair) as chair:
        opened_one = member.send(f"{paragraph(room)}/comments", text=" Y quién paga? ", language="es")
        [thread] = threads(room)
        at = f"/en/third-forum/threads/{thread.id}"
        assert opened_one.headers["location"] == f"{paragraph(room)}#comments"
        assert member.page(paragraph(room)).result == "comment.opened"

        chair.send(f"{at}/comments", text="The region does.", language="en")
        remarks = member.page(paragraph(room)).rows("remark")
        for page in (member.page(paragraph(room)), member.page(f"{paragraph(room)}/beside")):
            assert "2 comments" in page.text
        assert member.page("/en/third-forum").data("comments") == ["2"]
        assert [(remark.root.get("lang"), remark.text) for remark in remarks] == [
            ("es", "Y quién paga?"),
            ("en", "The region does."),
        ]

        chair.send(f"{at}/resolution")
        assert member.page(paragraph(room)).data("closed") == ["1"]
        member.send(f"{at}/comments", text="Which one?", language="en")
        assert not member.page(paragraph(room)).data("closed")
    assert said(room) == [["Y quién paga?", "The region does.", "Which one?"]]


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize(
    ("text", "reason"),
    [("  ", "empty"), ("\u200b\u202e", "empty"), ("x" * (LONGEST + 1), "too_long")],
    ids=["empty", "unseen", "long"],
)
def test_a_comment_that_cannot_be_kept_comes_back_with_its_words(room, text, reason, language):
    with browsing(room.store, room.member) as member:
        path = paragraph(room).replace("/en/", f"/{language}/")
        answer = member.send(f"{path}/comments", text=text, language="fr")

    assert answer.status_code == 422
    assert (text if text.isprintable() else "") in answer.text
    assert f'action="{path}/comments"' in answer.text
    assert Page(answer).field("text").error == f"workspace.invalid:{reason}"
    assert said(room) == []


def test_an_answer_that_cannot_be_kept_comes_back_too(room):
    with browsing(room.store, room.member) as member:
        member.send(f"{paragraph(room)}/comments", text="Who pays?", language="en")
        [thread] = threads(room)
        answer = member.send(f"/en/third-forum/threads/{thread.id}/comments", text="", language="en")

    assert (answer.status_code, Page(answer).field("text").error) == (422, "workspace.invalid:empty")
    assert said(room) == [["Who pays?"]]


def test_a_language_of_no_text_is_taken_for_the_readers_own(room):
    with browsing(room.store, room.member) as member:
        member.send(f"{paragraph(room)}/comments", text="Who pays?", language="xx")
    assert [thread.comments[0].language for thread in threads(room)] == [Language.EN]


def test_who_may_not_comment_sees_no_form_and_is_not_heard(store):
    room = opened(store, phase=Phase.ADOPTION)
    with browsing(store, room.member) as member:
        page = member.see(paragraph(room))
        answer = member.send(f"{paragraph(room)}/comments", text="Too late?", language="en")

    assert page.status_code == 200
    assert 'name="text"' not in page.text
    assert answer.status_code == 404
    assert said(room) == []


def test_a_visitor_is_not_heard(store):
    room = opened(store, phase=Phase.CONSULTATION)
    with browsing(store) as visitor:
        assert 'name="text"' not in visitor.see(paragraph(room)).text
        assert visitor.send(f"{paragraph(room)}/comments", text="Hello?", language="en").status_code == 404


def test_a_thread_is_reached_only_through_its_own_declaration(room):
    with room.store.writing() as db:
        factories.declaration(db, slug="other")
    with browsing(room.store, room.member) as member:
        member.send(f"{paragraph(room)}/comments", text="Who pays?", language="en")
        [thread] = threads(room)
        elsewhere = DRAFT.replace("/declaration", "/other")
        for path in (f"{elsewhere}/threads/{thread.id}", f"/en/third-forum/threads/{new_id()}"):
            assert member.send(f"{path}/comments", text="Hello?", language="en").status_code == 404
            assert member.send(f"{path}/resolution").status_code == 404
        missing = f"{DRAFT}/paragraphs/{new_id()}/comments"
        assert member.send(missing, text="Hello?", language="en").status_code == 404
    assert said(room) == [["Who pays?"]]


def test_a_remark_never_becomes_markup(room):
    with browsing(room.store, room.member) as member:
        member.send(f"{paragraph(room)}/comments", text="<script>alert(1)</script>", language="en")
        assert "<script>alert" not in member.see(paragraph(room)).text


def test_more_threads_take_no_more_queries(room):
    def talk(times):
        with room.store.writing() as db:
            declaration = DeclarationService(db).get(room.declaration.id)
            for _ in range(times):
                thread = CommentService(db).open(
                    declaration, declaration.head.rows[0].block_id, text="?", language=Language.EN, actor=room.member
                )
                CommentService(db).reply(thread.id, text="!", language=Language.EN, actor=room.other)

    talk(1)
    with browsing(room.store, room.member) as member:
        one = member.queries(paragraph(room))
        talk(3)
        assert member.queries(paragraph(room)) == one
    with room.store.reading() as db:
        assert db.query(Comment).count() == 8
