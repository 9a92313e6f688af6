"""The order of the plenary in pages: for the chair on the screen and in the forms, and for programs."""

import re

import pytest

from drafts.diff.amendments import Change, ChangeOp
from drafts.text.blocks import BlockKind
from tests.support import factories, site
from tests.support.factories import EN
from tests.support.page import Page
from tests.support.questions import delegate
from tests.support.site import token_of
from workspace.amendments.service import AmendmentService
from workspace.core.actor import OPERATOR, Actor
from workspace.core.security.permissions import Phase
from workspace.core.storage.db import Store
from workspace.declarations.domain import queries
from workspace.declarations.domain.models import Declaration
from workspace.declarations.domain.service import DeclarationService
from workspace.procedure import agenda, pages, subjects
from workspace.procedure.agenda import CurrentItemService
from workspace.procedure.models import Subject
from workspace.procedure.service import QuestionService, QuestionSubject

HERE = "/en/third-forum/declaration"
PARAGRAPHS = ("Towns share water.", "Towns mend pumps.", "Towns plant trees.")
FURTHEST_FIRST = [4, 3, 2, 5, 1]  # by paragraph: one at the beginning, two to the first, one to each of the others


@pytest.fixture
def chair(store: Store) -> Actor:
    """Of a declaration in adoption with five open amendments; the fifth amends the first."""
    with store.writing() as db:
        member, chair = delegate(db, "Town of Alta"), factories.chair(db)
        draft = factories.declaration(db, *PARAGRAPHS)
        blocks = [str(row.block_id) for row in queries.head_rows(db, draft)]
        asked = [
            Change(ChangeOp.REWORD, blocks[2], text="Towns plant more trees."),
            Change(ChangeOp.REWORD, blocks[0], text="Towns share clean water."),
            Change(ChangeOp.REWORD, blocks[0], text="Regions give away whatever they have."),
            Change(ChangeOp.INSERT, "new", text="Towns shall sing.", kind=BlockKind.OPERATIVE, after=None),
        ]
        service = AmendmentService(db)
        for change in asked:
            service.propose(draft.id, base_revision=1, language=EN, changes=[change], reason="So.", actor=member)
        first = service.numbered(draft, 1, actor=member)
        rewording = Change(ChangeOp.REWORD, blocks[2], text="Towns plant many more trees.")
        service.amend(first.id, [rewording], reason="So.", actor=member)
        DeclarationService(db).enter(draft, Phase.ADOPTION, actor=OPERATOR)
    return chair


def test_programs_read_the_order_page_by_page(store: Store, chair: Actor):
    with site.browser(store, chair) as browser:
        path = f"/api/declarations/{_id(store)}/floor/order"
        found, cursor = [], ""
        while cursor is not None:
            page = browser.get(path, params={"limit": 2, "cursor": cursor}).json()
            found += [one["amendment"] for one in page["items"]]
            assert page["total"] == 5
            cursor = page["next"]
    assert found == FURTHEST_FIRST
    assert page["items"][0]["who"] == "Town of Alta"


def test_the_table_goes_through_them_in_this_order_and_back(store: Store, chair: Actor):
    with store.writing() as db:
        floor, draft = CurrentItemService(db), DeclarationService(db).get(_id(store))
        there = [floor.step(draft, 1, actor=chair).amendment.number for _ in range(6)]
        back = [floor.step(draft, -1, actor=chair).amendment.number for _ in range(5)]
    assert there == [*FURTHEST_FIRST, 1]
    assert back == [*reversed(FURTHEST_FIRST[:-1]), 4]


def listed(page: str) -> str:
    """Which part of the open amendments each list on a page holds: from, to, of how many."""
    [part] = set(Page(page).data("listed"))
    return part


def test_of_many_amendments_the_list_holds_a_page_and_any_other_is_named_by_its_number(
    store: Store, chair: Actor, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(subjects, "A_PAGE", 2)
    monkeypatch.setattr(agenda.Agenda.leaf, "__kwdefaults__", {"size": 2})
    with site.browser(store, chair) as browser:
        sent = {"csrf": token_of(browser)}
        first = browser.get(f"{HERE}/plenary").text
        following = browser.get(f"{HERE}/questions?page=1&order=2").text
        given = Page(browser.post(f"{HERE}/plenary", data={**sent, "number": "1"}))
        unknown = Page(browser.post(f"{HERE}/plenary", data={**sent, "number": "12"}))
        refused = browser.post(f"{HERE}/questions", data={**sent, "means": "vote", "number": "x7"})
        opened = browser.post(f"{HERE}/questions", data={**sent, "means": "vote", "number": "3"}).text
    assert listed(first) == "1 2 5"
    assert Page(first).has_field("number")
    assert 'value="amendment:4"' in first
    assert 'value="amendment:2"' not in first
    assert listed(following) == "3 4 5"
    pages = set(re.findall(r'questions[?]([^"]*)#choose"', following))
    assert pages == {"order=1&amp;page=1", "order=3&amp;page=1"}  # of what else was asked nothing is lost
    assert (given.data("place"), given.data("total")) == (["5"], ["5"])
    assert given.data("listed") == ["5 5 5"]  # those around what lies on the table
    assert unknown.result == "workspace.invalid:no_such_amendment"
    assert (refused.status_code, Page(refused).refusal) == (422, "workspace.invalid:no_such_amendment")
    assert "amendment 3" in opened


def test_few_amendments_are_all_in_the_list(store: Store, chair: Actor):
    with site.browser(store, chair) as browser:
        shown = browser.get(f"{HERE}/plenary").text
    assert not Page(shown).has_field("number")
    assert shown.count('value="amendment:') == 5


def test_more_amendments_and_more_votes_cost_no_more_queries(store: Store, chair: Actor):
    with site.browser(store, chair) as browser:
        _vote(store, chair, 2)
        few = [_queries(store, browser, page) for page in ("plenary", "questions")]
        for number in (3, 4):
            _vote(store, chair, number)
        many = [_queries(store, browser, page) for page in ("plenary", "questions")]
    assert all(later <= earlier for later, earlier in zip(many, few, strict=True)), (few, many)


def test_votes_are_listed_page_by_page(store: Store, chair: Actor, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(pages, "A_PAGE", 2)
    for number in (1, 2, 3):
        _vote(store, chair, number)
    with site.browser(store, chair) as browser:
        last = browser.get(f"{HERE}/questions?page=2").text
        path = f"/api/declarations/{_id(store)}/questions"
        page = browser.get(path, params={"limit": 2}).json()
        rest = browser.get(path, params={"limit": 2, "cursor": page["next"]}).json()
    assert "Vote 1: amendment 1" in last
    assert "Vote 2: amendment 2" not in last
    assert "Page 2 of 2" in last
    assert [one["number"] for one in page["items"]] == [3, 2]
    assert ([one["number"] for one in rest["items"]], rest["next"]) == ([1], None)


def _id(store: Store):
    with store.reading() as db:
        return db.query(Declaration).one().id


def _vote(store: Store, chair: Actor, number: int) -> None:
    with store.writing() as db:
        service = QuestionService(db)
        draft = DeclarationService(db).get(_id(store))
        question = service.put_vote(draft, QuestionSubject(Subject.AMENDMENT, amendment=number), actor=chair)
        service.close(question, actor=chair)


def _queries(store: Store, browser, page: str) -> int:
    browser.get(f"{HERE}/{page}")
    with site.counted(store) as sent:
        assert browser.get(f"{HERE}/{page}").status_code == 200
    return len(sent)
