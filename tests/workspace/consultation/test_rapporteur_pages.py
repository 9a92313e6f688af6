"""The rapporteur's form and the plenary wrap-up, in a browser."""

import pytest
import sqlalchemy as sa

from drafts.text.blocks import Language
from tests.support import factories
from tests.support.page import Page
from tests.support.site import token_of
from workspace.core.actor import Role
from workspace.recommendations.models import Recommendation
from workspace.sessions.models import Session

LAMPS = "1. Each street must have lamps that turn off at midnight\n   in summer.\n2) Towns should count their stars.\n"
LUMIERES = "- Chaque rue doit avoir des lampes.\n- Il faut compter les étoiles."


@pytest.fixture
def session_id(document, store):  # noqa: ARG001  (what it leaves in the store)
    with store.reading() as db:
        return db.scalar(sa.select(Session.id))


@pytest.fixture
def desk(visit, rapporteur, session_id):
    client = visit(rapporteur)

    def send(place, *, language="en", **fields):
        form = {"csrf": token_of(client), **fields}
        return client.post(f"/{language}/third-forum/sessions/{session_id}/{place}", data=form, follow_redirects=False)

    send.client = client
    return send


def written(store):
    with store.reading() as db:
        rows = db.scalars(sa.select(Recommendation).where(Recommendation.number > 3).order_by(Recommendation.number))
        return [(one.text, one.language, one.working_group, one.standing.value) for one in rows]


@pytest.mark.parametrize("language", Language)
@pytest.mark.parametrize("place", ["entry", "wrap-up"])
def test_both_pages_speak_three_languages(desk, session_id, language, place):
    desk("entry", act="enter", new_group="North", language="en", items=LAMPS)

    answer = desk.client.get(f"/{language}/third-forum/sessions/{session_id}/{place}")

    assert answer.status_code == 200
    assert Page(answer).language == language


def test_a_pasted_list_becomes_items_of_a_new_group_to_be_confirmed(desk, store):
    assert desk("entry", act="enter", new_group="North", language="en", items=LAMPS).status_code == 303

    assert written(store) == [
        ("Each street must have lamps that turn off at midnight in summer.", "en", "North", "proposed"),
        ("Towns should count their stars.", "en", "North", "proposed"),
    ]


def test_a_list_in_french_is_confirmed_at_once_where_the_rapporteur_says_so(desk, store):
    desk("entry", act="enter_and_confirm", language="fr", items=LUMIERES)

    assert [(language, group, standing) for _, language, group, standing in written(store)] == [
        ("fr", "", "confirmed"),
        ("fr", "", "confirmed"),
    ]


@pytest.mark.parametrize(
    "fields", [{"items": " \n "}, {"items": "- One.", "new_group": "north"}, {"items": "- One.", "group": "x"}]
)
def test_a_list_that_cannot_be_taken_stays_in_the_form(desk, store, fields):
    desk("entry", act="enter", new_group="North", language="en", items="- Known.")

    answer = desk("entry", act="enter", language="en", **fields)

    assert answer.status_code == 422
    assert fields["items"].strip() in answer.text
    assert len(written(store)) == 1


def test_what_two_groups_say_alike_is_proposed_and_merged_with_all_words_kept(desk, store, session_id):
    one = "Each street must have lamps that turn off at midnight in summer."
    other = "Each street must have lamps which turn off at midnight in summer."
    desk("entry", act="enter", new_group="North", language="en", items=one)
    desk("entry", act="enter", new_group="South", language="en", items=other)
    assert Page(desk.client.get(f"/en/third-forum/sessions/{session_id}/wrap-up")).count == 1

    answer = desk("wrap-up", act="merge", number=["4", "5"], kept="5")

    assert answer.status_code == 303
    assert written(store) == [(one, "en", "North", "merged"), (other, "en", "South", "confirmed")]
    with store.reading() as db:
        rows = {row.number: row for row in db.scalars(sa.select(Recommendation))}
        assert rows[4].merged_into_id == rows[5].id


def test_merging_needs_to_know_whose_words_stay(desk, store):
    desk("entry", act="enter", language="en", items=LAMPS)

    assert desk("wrap-up", act="merge", number=["4", "5"]).status_code == 422
    assert {standing for *_, standing in written(store)} == {"proposed"}


def test_the_plenary_confirms_what_is_left(desk, store):
    desk("entry", act="enter", language="en", items=LAMPS)

    desk("wrap-up", act="confirm_all")

    assert {standing for *_, standing in written(store)} == {"confirmed"}


@pytest.mark.parametrize("role", [Role.MEMBER, Role.RAPPORTEUR])
def test_a_session_of_somebody_else_is_not_ones_own_to_write_down(visit, store, session_id, role):
    with store.writing() as db:
        client = visit(factories.person(db, role, "S. Omebody"))

    assert client.get(f"/en/third-forum/sessions/{session_id}/entry").status_code == 404
    form = {"csrf": token_of(client), "act": "enter", "items": "- One.", "language": "en"}
    assert client.post(f"/en/third-forum/sessions/{session_id}/entry", data=form).status_code == 404
    assert written(store) == []
