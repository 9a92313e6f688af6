"""Confirming, setting aside, merging and separating: what each does alone, and what no sequence of them can do."""

import contextlib
from urllib.parse import urlencode

import pytest
import sqlalchemy as sa
from hypothesis import strategies as st

from tests.support import factories
from tests.support.laws import law
from tests.support.page import Page
from tests.support.site import token_of
from workspace.core import clock
from workspace.core.actor import OPERATOR, Role
from workspace.core.errors import Invalid
from workspace.core.security.permissions import Phase
from workspace.people.service import PeopleService
from workspace.recommendations.models import Endorsement, Recommendation, RecommendationStatus, RulingOnRecommendation
from workspace.recommendations.search import RegisterSearch
from workspace.recommendations.service import RecommendationService

API = "/forums/third-forum/recommendations"
REGISTER = "/en/third-forum/recommendations"
PROPOSED, CONFIRMED, DROPPED, MERGED = RecommendationStatus


@pytest.fixture
def said(house):
    """Three recommendations of one session and three of another."""
    house.session("Water", "Towns must repair every fountain.", "Lend pumps to the towns.", "Open the records.")
    house.session("Streets", "Plant a lime tree at every corner.", "Paint the kerbs.", "Towns must repair fountains.")
    return house


@pytest.fixture
def chair(said, visit):
    return visit(said.people[Role.CHAIR])


def register(house, query=""):
    return {row["number"]: row for row in house.chair.get(f"{API}?limit=100{query}").json()["items"]}


def standings(house):
    return [row["standing"] for row in register(house).values()]


def settle(house, standing, *numbers, **more):
    return house.chair.post(f"{API}/settlement", {"standing": standing, "numbers": list(numbers), **more})


def merge(house, kept, *numbers):
    answer = house.chair.post(f"{API}/merger", {"kept": kept, "numbers": list(numbers)})
    assert answer.status_code == 200, answer.text


def send(client, address, *chosen, **fields):
    """Post a form as a browser does."""
    form = [("csrf", token_of(client)), *(("number", number) for number in chosen), *fields.items()]
    headers = {"Content-Type": "application/x-www-form-urlencoded"}
    return client.post(address, content=urlencode(form), headers=headers)


def button(client, page, value):
    """Press a button of a page: everything its form holds is sent along."""
    [form] = [form for form in page.forms if ("act", value) in form.buttons]
    return send(client, form.action, **{**form.values, "csrf": token_of(client), "act": value})


@pytest.mark.parametrize("door", ["page", "api"])
def test_confirming_everything_that_is_marked_leaves_what_is_merged_where_it_is(said, chair, door):
    merge(said, 1, 6)
    if door == "page":
        send(chair, REGISTER, *range(1, 7), act="confirm")
    else:
        settle(said, "confirmed", *range(1, 7))
    assert standings(said) == ["confirmed"] * 5 + ["merged"]
    assert register(said)[6]["merged_into_id"] == register(said)[1]["id"]


def test_whoever_chose_only_what_stays_as_it_is_is_not_told_to_choose(said, chair):
    merge(said, 1, 6)
    nothing, merged = (Page(send(chair, REGISTER, *chosen, act="confirm")).by_id("toast").text for chosen in ((), (6,)))
    assert merged != nothing


def test_confirming_all_that_is_left_of_a_session_leaves_what_is_merged_where_it_is(said, chair):
    merge(said, 1, 2)
    session = register(said)[1]["session_id"]
    send(chair, f"/en/third-forum/sessions/{session}/wrap-up", act="confirm_all")
    assert standings(said) == ["confirmed", "merged", "confirmed", "proposed", "proposed", "proposed"]


_NUMBERS = st.lists(st.integers(1, 6), min_size=1, max_size=6, unique=True)
_ACTS = st.one_of(
    st.tuples(st.just("merge"), _NUMBERS),
    st.tuples(st.sampled_from(["confirm", "drop", "undo", "filter"]), _NUMBERS),
    st.tuples(st.just("separate"), st.integers(1, 6).map(lambda number: [number])),
)


class _Sequence:
    """A register as the acts say that it must be, beside what the service makes of them."""

    def __init__(self, db):
        self.db, self.service, self.forum = db, RecommendationService(db), factories.forum(db)

    def now(self):
        rows = self.service.register(self.forum, actor=OPERATOR)
        numbers = {row.id: row.number for row in rows}
        return {row.number: (row.standing, numbers.get(row.merged_into_id)) for row in rows}

    def take(self, act, chosen):
        """What must hold afterwards, of each recommendation that the act may change; None where it is refused."""
        before = self.now()
        try:
            touched = getattr(self, act)(chosen, before)
        except Invalid:
            assert self.now() == before
            return
        after = self.now()
        for number, (standing, into) in before.items():
            if number in touched:
                continue
            assert after[number][0] is standing, (act, chosen, number)
            if standing is MERGED and after[number][1] != into:  # it went on with what it had gone into
                assert after[number][1] == after[into][1]

    def merge(self, chosen, _before):
        self.service.merge(self.forum, chosen[0], chosen[1:], actor=OPERATOR)
        return chosen

    def confirm(self, chosen, before):
        self.service.settle(self.forum, chosen, CONFIRMED, actor=OPERATOR)
        return [number for number in chosen if before[number][0] is not MERGED]

    def drop(self, chosen, before):
        self.service.settle(self.forum, chosen, DROPPED, reason="Said elsewhere.", actor=OPERATOR)
        return [number for number in chosen if before[number][0] is not MERGED]

    def filter(self, chosen, before):
        session = self.service.chosen(self.forum, chosen[:1])[0].session_id
        self.service.confirm_all(self.forum, RegisterSearch(session_id=session), actor=OPERATOR)
        return [
            number
            for number, (standing, _) in before.items()
            if standing is PROPOSED and (number <= 3) is (chosen[0] <= 3)
        ]

    def separate(self, chosen, _before):
        self.service.separate(self.service.chosen(self.forum, chosen)[0], actor=OPERATOR)
        return chosen

    def undo(self, chosen, before):
        settled = self.service.settle(self.forum, chosen, CONFIRMED, actor=OPERATOR)
        if settled:
            self.service.undo(self.forum, self.service.settlement_id, actor=OPERATOR)
        assert self.now() == before
        return []


def test_what_is_merged_stays_until_somebody_separates_it_and_what_is_confirmed_stays(said):
    @law(st.lists(_ACTS, min_size=1, max_size=12), examples=40)
    def stays(acts):
        with contextlib.suppress(_OverError), said.store.writing() as db:
            register = _Sequence(db)
            for act, chosen in acts:
                register.take(act, chosen)
            raise _OverError

    stays()


class _OverError(Exception):
    """Ends a unit of work, so that nothing of it is kept."""


def test_separating_gives_back_the_standing_and_takes_back_what_the_merger_lent(said):
    settle(said, "confirmed", 6)
    merge(said, 1, 6)
    answer = said.chair.post(f"/recommendations/{register(said)[6]['id']}/separation", {})
    assert [answer.status_code, answer.json()["standing"], answer.json()["merged_into_id"]] == [200, "confirmed", None]
    rulings = said.chair.get(f"/recommendations/{answer.json()['id']}/rulings").json()["items"]
    assert [ruling["outcome"] for ruling in rulings] == ["confirmed", "merged", "confirmed"]
    again = said.chair.post(f"/recommendations/{answer.json()['id']}/separation", {})
    assert [again.status_code, again.json()["facts"]["reason"]] == [422, "not_merged"]


@pytest.mark.parametrize("reason", ["", "   "])
def test_nothing_is_set_aside_without_a_reason(said, chair, reason):
    before = standings(said)
    answers = [
        settle(said, "dropped", 2, reason=reason),
        said.chair.post(f"/recommendations/{register(said)[2]['id']}/dropping", {"reason": reason}),
    ]
    assert [(answer.status_code, answer.json()["facts"]["field"]) for answer in answers] == [(422, "reason")] * 2
    answer = send(chair, REGISTER, 2, 3, act="drop", reason=reason, back=REGISTER)
    page = Page(answer)
    assert (answer.status_code, page.field("reason").is_wrong) == (422, True)
    ticked = page.root.xpath("//input[@name='number'][@checked]/@value")
    assert ticked == ["2", "3"]
    assert standings(said) == before


def test_the_reason_stands_beside_what_was_set_aside(said, visit, chair):
    send(chair, REGISTER, 2, act="drop", reason="It is law already.")
    assert register(said)[2]["outcome_reason"] == "It is law already."
    said.declaration("Towns share water.", phase=Phase.CONSULTATION)
    member = visit(said.people[Role.MEMBER])
    assert "It is law already." in Page(member.get(f"{REGISTER}/2")).text
    assert "It is law already." in Page(member.get(REGISTER)).by_id("r-2").text


def test_confirming_all_means_what_is_filtered_and_says_how_many_before(said, chair):
    session = register(said)[4]["session_id"]
    page = Page(chair.get(f"{REGISTER}?session={session}"))
    asked = Page(button(chair, page, "confirm_all"))
    assert asked.part("count").root.get("data-count") == "3"
    assert standings(said) == ["proposed"] * 6
    done = Page(button(chair, asked, "confirm_all"))
    assert standings(said) == ["proposed"] * 3 + ["confirmed"] * 3
    [undo] = done.root.xpath("//*[@id='toast']//form/@action")
    send(chair, undo)
    assert standings(said) == ["proposed"] * 6


def test_what_came_in_after_the_question_is_not_confirmed_with_the_rest(said, chair):
    asked = Page(button(chair, Page(chair.get(REGISTER)), "confirm_all"))
    said.session("Late", "Close the bridges at night.")
    again = Page(button(chair, asked, "confirm_all"))
    assert again.part("count").root.get("data-count") == "7"
    assert standings(said) == ["proposed"] * 7


def test_the_api_confirms_what_fits_and_undoes_it(said):
    answer = said.chair.post(f"{API}/settlement", {"standing": "confirmed", "search": {"words": "fountain"}})
    assert [row["number"] for row in answer.json()["items"]] == [1, 6]
    settle(said, "dropped", 6, reason="The same.")
    undone = said.chair.post(f"{API}/settlements/{answer.json()['settlement_id']}/undoing", {})
    assert [row["number"] for row in undone.json()["items"]] == [1]  # somebody has decided on the other since
    assert standings(said) == ["proposed"] * 5 + ["dropped"]
    again = said.chair.post(f"{API}/settlements/{answer.json()['settlement_id']}/undoing", {})
    assert again.status_code == 422


def test_a_merger_is_undone_with_what_it_had_lent(said):
    answer = said.chair.post(f"{API}/merger", {"kept": 1, "numbers": [6]})
    undone = said.chair.post(f"{API}/settlements/{answer.json()['settlement_id']}/undoing", {})
    assert undone.status_code == 200, undone.text
    assert standings(said) == ["proposed"] * 6


def test_all_that_is_shown_can_be_ticked_without_scripts_and_confirming_all_is_not_the_one_filled_button(chair):
    page = Page(chair.get(REGISTER))
    [link] = page.root.xpath("//main//a[@data-select='shown']/@href")
    assert len(Page(chair.get(link)).root.xpath("//input[@name='number'][@checked]")) == 6
    [everything] = page.root.xpath("//button[@value='confirm_all']")
    assert "btn-primary" not in everything.get("class")


@pytest.mark.parametrize("role", [Role.MEMBER, Role.OBSERVER, Role.TRANSLATOR, Role.COMMITTEE])
def test_who_may_not_settle_separates_and_undoes_nothing(said, role):
    settlement = settle(said, "confirmed", 2).json()["settlement_id"]
    merge(said, 1, 6)
    merged = register(said)[6]["id"]
    assert said[role].post(f"/recommendations/{merged}/separation", {}).status_code == 404
    assert said[role].post(f"{API}/settlements/{settlement}/undoing", {}).status_code == 404


def undo(house, settlement_id):
    return house.chair.post(f"{API}/settlements/{settlement_id}/undoing", {})


def separate(house, number):
    """Separate what is merged; the id to undo it by."""
    answer = house.chair.post(f"/recommendations/{register(house)[number]['id']}/separation", {})
    assert answer.status_code == 200, answer.text
    with house.store.reading() as db:
        last = sa.select(RulingOnRecommendation.settlement_id).order_by(RulingOnRecommendation.id.desc()).limit(1)
        return db.scalar(last)


@pytest.fixture
def endorsed(said):
    """The sixth is endorsed by an organisation; what is called gives the numbers of all that are now."""
    with said.store.writing() as db:
        forum, service = factories.forum(db), RecommendationService(db)
        town = PeopleService(db).add_organisation(forum, name="Town of Villa Clara", actor=OPERATOR)
        sixth = service.numbered(forum, 6, actor=OPERATOR).id
        db.add(Endorsement(recommendation_id=sixth, organisation_id=town.id, endorsed_at=clock.now()))

    def numbers():
        with said.store.reading() as db:
            return list(db.scalars(sa.select(Recommendation.number).join(Endorsement).order_by(Recommendation.number)))

    return numbers


def test_a_merger_that_is_undone_leaves_its_endorsements_where_they_were(said, endorsed):
    merge(said, 4, 6)
    merger = said.chair.post(f"{API}/merger", {"kept": 1, "numbers": [4]})
    assert endorsed() == [1, 6]
    undo(said, merger.json()["settlement_id"])
    assert endorsed() == [4, 6]


def test_a_separation_that_is_undone_lends_the_endorsements_again(said, endorsed):
    merge(said, 1, 6)
    separation = separate(said, 6)
    assert endorsed() == [6]
    undo(said, separation)
    assert endorsed() == [1, 6]


@pytest.mark.parametrize("numbers", [(4, 6), (6, 4)])
def test_what_two_that_are_merged_lend_alike_is_kept_until_both_have_left(said, endorsed, numbers):
    with said.store.writing() as db:
        town = db.scalar(sa.select(Endorsement.organisation_id))
        fourth = RecommendationService(db).numbered(factories.forum(db), 4, actor=OPERATOR).id
        db.add(Endorsement(recommendation_id=fourth, organisation_id=town, endorsed_at=clock.now()))
    said.chair.post(f"{API}/merger", {"kept": 1, "numbers": [6, 4]})
    for number, left in zip(numbers, ([1, 4, 6], [4, 6]), strict=True):
        separate(said, number)
        assert endorsed() == left


def test_what_is_merged_elsewhere_takes_its_endorsements_along(said, endorsed):
    merge(said, 4, 6)
    merge(said, 1, 6)
    assert endorsed() == [1, 6]


@pytest.mark.parametrize("since", ["dropped", "merged", "reversed"])
def test_a_separation_is_not_undone_into_what_left_the_register(said, since):
    settle(said, "confirmed", 6)
    merge(said, 1, 6)
    separation = separate(said, 6)
    if since == "dropped":
        settle(said, "dropped", 1, reason="It is law already.")
    else:
        merge(said, {"merged": 3, "reversed": 6}[since], 1)
    answer = undo(said, separation)
    rows = register(said)
    if since == "merged":
        assert [rows[6]["standing"], rows[6]["merged_into_id"]] == ["merged", rows[3]["id"]]
    else:
        assert [answer.status_code, rows[6]["merged_into_id"]] == [422, None]


def test_what_is_set_aside_again_by_undoing_keeps_its_reason(said):
    settle(said, "dropped", 2, reason="It is law already.")
    for _ in range(2):
        undo(said, settle(said, "confirmed", 2).json()["settlement_id"])
        assert [register(said)[2][key] for key in ("standing", "outcome_reason")] == ["dropped", "It is law already."]


def test_many_are_undone_with_one_reading_of_their_rulings(said):
    few, many = settle(said, "confirmed", 1), settle(said, "confirmed", 2, 3, 4, 5, 6)
    with said.counted() as for_few:
        undo(said, few.json()["settlement_id"])
    with said.counted() as for_many:
        undo(said, many.json()["settlement_id"])
    assert len(for_many) <= len(for_few) + 2
