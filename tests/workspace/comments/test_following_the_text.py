"""Conversations about words and paragraphs go with the text from revision to revision, and say when they could not."""

from uuid import UUID

import pytest

from drafts.text.blocks import Language
from tests.support.page import Page
from tests.workspace.amendments.browsing import DRAFT, browsing
from workspace.comments.models import CommentPlace
from workspace.core.actor import Role

EN, FR = Language.EN, Language.FR
LONG = "Towns shall share the water of their rivers with their neighbours."


@pytest.fixture
def table(house):
    return house.declaration(LONG, "They light paths.", "They mend pumps.")


def speak(table, quote=None, place=0, **fields):
    phrase = {"phrase": {"quote": quote, "language": "en"}} if quote else {}
    body = {"block_id": table.block(place), "text": "And who pays?", "language": "en", **phrase, **fields}
    answer = table.house.member.post(f"{table.path}/threads", body)
    assert answer.status_code == 201, answer.text
    return answer.json()["id"]


def edit(table, *changes, language="en"):
    body = {"language": language, "changes": list(changes), "reason": "So decided."}
    answer = table.house.chair.post(f"{table.path}/edits", body, if_match=table.head)
    assert answer.status_code == 201, answer.text


def reword(table, text, place=0):
    edit(table, {"op": "reword", "block": table.block(place), "text": text})


def seen(table, thread):
    answer = table.house.member.get(f"/threads/{thread}")
    assert answer.status_code == 200, answer.text
    return answer.json()


def words(table, thread):
    told = seen(table, thread)["words"]
    return told["state"], told["quote"], told["now"]


def test_words_stay_with_an_edit_beside_them_and_say_when_they_were_changed_or_lost(table):
    kept, edited, lost = speak(table, "share the water"), speak(table, "of their rivers"), speak(table, "neighbours")
    reword(table, "All towns shall share the water of all their rivers.")

    assert words(table, kept) == ("kept", "share the water", "share the water")
    assert words(table, edited) == ("edited", "of their rivers", "of all their rivers")
    assert words(table, lost) == ("lost", "neighbours", "")


def test_lost_words_that_come_back_are_found_again(table):
    thread = speak(table, "the water of their rivers")
    reword(table, "Towns shall be good neighbours.")
    assert words(table, thread)[0] == "lost"
    reword(table, LONG)
    assert words(table, thread) == ("kept", "the water of their rivers", "the water of their rivers")


def test_words_go_with_a_paragraph_that_is_split(table):
    thread = speak(table, "with their neighbours")
    parts = [{"id": "new", "text": "They do so with their neighbours."}]
    split = {
        "op": "split",
        "block": table.block(),
        "text": "Towns shall share the water of their rivers.",
        "parts": parts,
    }
    edit(table, split)
    assert words(table, thread)[0] in {"moved", "lost"}
    assert seen(table, thread)["block_id"] in {table.block(0), table.block(1)}
    assert (words(table, thread)[0] == "moved") == (seen(table, thread)["block_id"] == table.block(1))


def test_a_conversation_about_a_paragraph_that_is_deleted_stays_beside_the_one_before_it_and_says_so(house, table):
    thread, beside = speak(table, place=1), table.block(0)
    edit(table, {"op": "delete", "block": table.block(1)})

    assert seen(table, thread)["block_id"] == beside
    assert words(table, thread) == ("lost", "They light paths.", "")
    with browsing(house.store, house.people[Role.MEMBER]) as member:
        page = member.page(f"{DRAFT}/paragraphs/{beside}")
    assert page.text_of("anchor", "lost-paragraph").endswith("They light paths.")


def test_a_conversation_goes_into_the_paragraph_that_its_own_was_joined_to(table):
    thread, first = speak(table, place=2), table.block(1)
    joined = [table.block(2)]
    edit(table, {"op": "join", "block": first, "text": "They light paths. They mend pumps.", "joined": joined})
    assert (seen(table, thread)["block_id"], words(table, thread)[0]) == (first, "moved")


def test_only_what_a_revision_touches_is_looked_at_again(house, table):
    one, other = speak(table, "share the water"), speak(table, "light", place=1)
    reword(table, "All towns shall share the water.")
    with house.store.reading() as db:
        places = {str(key): db.query(CommentPlace).filter_by(thread_id=key).count() for key in map(UUID, (one, other))}
    assert places == {one: 2, other: 1}


def test_a_saved_translation_is_taken_into_account_before_any_revision_pins_it(house):
    table = house.declaration({EN: "Towns share water.", FR: "Les villes partagent l’eau."})
    body = {
        "block_id": table.block(),
        "text": "Et qui paie ?",
        "language": "fr",
        "phrase": {"quote": "partagent l'eau", "language": "fr"},
    }
    assert house.member.post(f"{table.path}/threads", body).status_code == 201
    path = f"{DRAFT}/paragraphs/{table.block()}"
    with browsing(house.store, house.people[Role.MEMBER]) as member:
        assert '<mark class="spoken"' in member.see(path).text
        saved = house[Role.TRANSLATOR].put(
            f"{table.path}/blocks/{table.block()}/texts/fr",
            {"content": "Toutes les villes partagent l’eau des fleuves.", "sources": ["en"]},
            if_match=table.version(FR),
        )
        assert saved.status_code == 200, saved.text
        page = member.see(path).text
        assert "partagent l’eau</mark>" in page
        house[Role.TRANSLATOR].put(
            f"{table.path}/blocks/{table.block()}/texts/fr",
            {"content": "Les communes vivent ensemble.", "sources": ["en"]},
            if_match=table.version(FR),
        )
        page = member.see(path).text
    assert "<mark" not in page
    assert Page(page).data("anchor") == ["lost-words"]


def test_words_that_are_not_in_the_text_come_back_with_the_form(house, table):
    with browsing(house.store, house.people[Role.MEMBER]) as member:
        path = f"{DRAFT}/paragraphs/{table.block()}"
        member.see(path)
        answer = member.send(
            f"{path}/comments", text="Who pays?", language="en", quote="share the wine", quoted_in="en"
        )
        assert answer.status_code == 422
        again = Page(answer)
        assert again.field("quote").error == "workspace.invalid:not_in_text"
        written = [again.field(name).value.strip() for name in ("quote", "text")]
        assert written == ["share the wine", "Who pays?"]
        sent = member.send(f"{path}/comments", text="Who pays?", language="en", quote="share the water", quoted_in="en")
        assert sent.status_code == 303
        page = member.see(path).text
    assert 'class="spoken"' in page
    assert "comment 1" in page
