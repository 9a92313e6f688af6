"""What a note says is confirmed together: the facts of its sessions, the suggestions of a section under one theme."""

from urllib.parse import unquote

import pytest
import sqlalchemy as sa

from tests.support import factories
from tests.support.page import Page
from tests.support.site import token_of
from workspace.core.actor import OPERATOR, Role
from workspace.recommendations.models import RecommendationTheme, TaxonomyKind
from workspace.recommendations.themes import ThemeService
from workspace.sessions.models import Session

SHARED = "Towns must publish the state of their fountains."  # read as an objective and as a recommendation
DAY = """# Forum of towns

## Session 1: Water

Date: 4 March 2027, 10:00-11:30

### Objectives

- Towns must publish the state of their fountains.

### Recommendations

- Regions should lend pumps to the towns that ask for them.

## Session 2: Shade

Date: 4 March 2027, 12:00-13:30

## Session 3: Light

Date: 31 February 2027, 15:00-16:30

## Session 4: Noise

Date: 4 March 2027, 17:00-18:30
"""


def facts(review):
    """What the form that confirms facts sends of them."""
    return review.page().root.xpath("//form[.//button[@value='confirm_facts']]//input[@name='key']/@value")


@pytest.fixture
def review(house, visit):
    """The page of a note of several sessions, and what is posted to it."""
    office = visit(house.people[Role.SECRETARIAT])
    files = [("files", ("day.md", DAY.encode()))]
    answer = office.post("/en/third-forum/sessions", data={"csrf": token_of(office)}, files=files)
    address = next(link for link in Page(answer).links if "/documents/" in link)

    def step(act, **fields):
        return office.post(address, data={"csrf": token_of(office), "act": act, **fields}, follow_redirects=False)

    step.page, step.document = (lambda: Page(office.get(address))), address.rpartition("/")[2]
    return step


def confirmed(house):
    with house.store.reading() as db:
        moments = db.scalars(sa.select(Session.confirmed_at).order_by(Session.number))
        return [moment is not None for moment in moments]


def test_facts_that_nothing_contradicts_are_confirmed_in_one_act_that_says_how_many(house, review):
    assert review.page().data("undisputed") == ["3"]
    assert review("confirm_facts", key=facts(review)).headers["location"].endswith("#sittings")
    assert confirmed(house) == [True, True, False, True]
    assert review.page().data("undisputed") == []
    assert house.chair.get(f"/documents/{review.document}/review").json()["undisputed"] == []


def test_facts_that_changed_after_they_were_shown_are_not_confirmed(house, review):
    shown = facts(review)
    by_api = house.chair.get(f"/documents/{review.document}/review").json()["undisputed"]
    assert [f"{each['number']}-{each['digest']}" for each in by_api] == shown
    with house.store.writing() as db:
        session = db.scalar(sa.select(Session).filter_by(number=2))
        session.details = {**session.details, "found": {**session.details["found"], "place": "Alta"}}
    to = review("confirm_facts", key=shown)
    assert "changed since: 2." in unquote(to.headers["set-cookie"])
    assert confirmed(house) == [True, False, False, True]
    answer = house.chair.post(f"/documents/{review.document}/facts", {"sessions": by_api[1:2]}).json()
    assert answer == {"confirmed": [], "changed": [2]}
    assert confirmed(house) == [True, False, False, True]


def test_the_suggestions_of_a_section_come_under_one_theme(house, review):
    with house.store.writing() as db:
        made = ThemeService(db).add_ready_made(factories.forum(db), TaxonomyKind.COMPONENTS, actor=OPERATOR)
        theme = str(made.themes[0].id)
    forms = [form for form in review.page().forms if theme in form.options("theme") and form.values.get("key")]
    assert forms
    assert review("take", key=forms[0].values["key"], theme=theme).status_code == 303
    with house.store.reading() as db:
        assert [str(found) for found in db.scalars(sa.select(RecommendationTheme.theme_id))] == [theme]
    [taken] = house.chair.get("/forums/third-forum/recommendations?standing=confirmed").json()["items"]
    key = {"keys": [str(3 - taken["number"])], "theme_id": theme}
    [other] = house.chair.post(f"/documents/{review.document}/confirmations", key).json()["items"]
    assert other["standing"] == "confirmed"


def test_a_sentence_is_suggested_once(review):
    assert len(items(review, SHARED)) == 1


def test_an_objective_is_suggested_again_once_it_is_no_recommendation(review):
    [shared] = items(review, SHARED)
    assert shared.get("data-key").isdecimal()
    review("mark", kind="nothing", key=shared.get("data-key"), reason="An objective.")
    proposed = [each for each in items(review, SHARED) if each.get("data-standing") == "proposed"]
    assert [each.get("data-key").isdecimal() for each in proposed] == [False]


def items(review, words):
    """The items of the review that have these words."""
    return [each for each in review.page().root.xpath("//li[@data-key]") if words in each.text_content()]
