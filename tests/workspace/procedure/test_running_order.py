"""The running order: by the rules of the house, and as the chair has changed it, with the reasons."""

import pytest

from drafts.diff.amendments import Change, ChangeOp
from drafts.text.blocks import BlockKind
from tests.support import factories, site
from tests.support.factories import EN
from tests.support.page import Page
from tests.support.questions import delegate
from tests.support.site import token_of
from workspace.amendments.service import AmendmentService
from workspace.core.actor import OPERATOR, Actor, Role
from workspace.core.security.permissions import Phase
from workspace.core.storage.db import Store
from workspace.declarations.domain import queries
from workspace.declarations.domain.models import Declaration
from workspace.declarations.domain.service import DeclarationService

HERE = "/en/third-forum/declaration"
PARAGRAPHS = ("Towns share water, and mend every pump within a year.", "Towns plant trees.", "Towns sing.")
DELETED, FAR, NEAR, SAME, AFTER, SECOND = 6, 2, 1, 5, 3, 4


class Plenary:
    """A declaration in adoption with amendments to its first paragraph and one to the second."""

    def __init__(self, store: Store) -> None:
        self.store = store
        with store.writing() as db:
            self.member, self.chair = delegate(db, "Town of Alta"), factories.chair(db)
            self.other = delegate(db, "Town of Baja")
            self.secretary = factories.person(db, Role.SECRETARIAT)
            draft = factories.declaration(db, *PARAGRAPHS)
            self.id = draft.id
            self.blocks = [str(row.block_id) for row in queries.head_rows(db, draft)]
        first, second, _ = self.blocks
        for change in (
            Change(ChangeOp.REWORD, first, text="Towns share water, and mend every pump within two years."),
            Change(ChangeOp.REWORD, first, text="Regions give away whatever they have."),
            Change(ChangeOp.INSERT, "new", text="Towns shall dance.", kind=BlockKind.OPERATIVE, after=first),
            Change(ChangeOp.REWORD, second, text="Towns plant many trees."),
        ):
            self.propose(change)
        self.propose(
            Change(ChangeOp.REWORD, first, text="Towns share water, and mend every pump within two years."),
            by=self.other,
            is_again=True,
        )
        self.propose(Change(ChangeOp.DELETE, first))
        with store.writing() as db:
            DeclarationService(db).enter(self.draft(db), Phase.ADOPTION, actor=OPERATOR)

    def draft(self, db) -> Declaration:
        return DeclarationService(db).get(self.id)

    def propose(self, *changes: Change, by: Actor | None = None, is_again: bool = False) -> None:
        with self.store.writing() as db:
            AmendmentService(db).propose(
                self.id,
                base_revision=1,
                language=EN,
                changes=list(changes),
                reason="So.",
                actor=by or self.member,
                **({"is_indivisible": True} if is_again else {}),
            )

    def order(self, by: Actor | None = None) -> list[dict]:
        with site.browser(self.store, by or self.chair) as browser:
            return browser.get(f"/api/declarations/{self.id}/floor/order").json()["items"]

    def numbers(self) -> list[int]:
        return [line["amendment"] for line in self.order()]

    def change(self, by: Actor | None = None, **given):
        with site.browser(self.store, by or self.chair) as browser:
            path = f"/api/declarations/{self.id}/floor/order/changes"
            return browser.post(path, json={"reason": "To save time.", **given})


@pytest.fixture
def plenary(store: Store) -> Plenary:
    return Plenary(store)


def test_a_deletion_comes_first_then_the_furthest_and_what_is_new_after_the_paragraph(plenary: Plenary):
    assert plenary.numbers() == [DELETED, FAR, NEAR, SAME, AFTER, SECOND]


def test_what_lapses_if_one_is_adopted_stands_beside_it(plenary: Plenary):
    lapses = {line["amendment"]: line["lapses"] for line in plenary.order()}
    assert lapses[DELETED] == [NEAR, FAR, SAME]
    assert lapses[FAR] == [NEAR, SAME, DELETED]
    assert lapses[NEAR] == [FAR, DELETED], "who asks for the same does not lapse"
    assert lapses[AFTER] == lapses[SECOND] == []


def test_the_chair_moves_an_amendment_with_a_reason_and_new_ones_come_at_their_place(plenary: Plenary):
    made = plenary.change(amendment=SECOND, act="before", anchor=DELETED)
    assert made.status_code == 201, made.text
    assert plenary.numbers() == [SECOND, DELETED, FAR, NEAR, SAME, AFTER]
    with plenary.store.writing() as db:
        DeclarationService(db).enter(plenary.draft(db), Phase.CONSULTATION, actor=OPERATOR)
    plenary.propose(Change(ChangeOp.REWORD, plenary.blocks[1], text="Trees."))
    plenary.propose(
        Change(ChangeOp.REWORD, plenary.blocks[0], text="Nobody will ever understand what was here before.")
    )
    assert plenary.numbers() == [SECOND, DELETED, 8, FAR, NEAR, SAME, AFTER, 7]


def test_a_place_given_by_hand_outlives_the_amendment_that_it_was_given_beside(plenary: Plenary):
    plenary.change(amendment=SECOND, act="before", anchor=FAR)
    with plenary.store.writing() as db:
        service = AmendmentService(db)
        far = service.numbered(plenary.draft(db), FAR, actor=plenary.member)
        service.withdraw(far.id, actor=plenary.member)
    assert plenary.numbers() == [DELETED, SECOND, NEAR, SAME, AFTER]


def test_a_group_stays_together_and_moves_as_one(plenary: Plenary):
    plenary.change(amendment=SECOND, act="with", anchor=AFTER)
    plenary.change(amendment=NEAR, act="with", anchor=SAME, group="Pumps")
    found = {line["amendment"]: line["group"] for line in plenary.order()}
    assert (found[SECOND], found[AFTER], found[NEAR], found[SAME]) == ("A", "A", "Pumps", "Pumps")
    plenary.change(amendment=SECOND, act="before", anchor=DELETED)
    assert plenary.numbers() == [AFTER, SECOND, DELETED, FAR, SAME, NEAR]
    plenary.change(amendment=AFTER, act="alone")
    assert plenary.numbers() == [SECOND, AFTER, DELETED, FAR, SAME, NEAR]
    assert {line["group"] for line in plenary.order()} == {"", "Pumps"}


def test_an_amendment_is_taken_by_parts_only_where_it_has_some(plenary: Plenary):
    assert plenary.change(amendment=DELETED, act="parts").json()["facts"]["reason"] == "not_divisible"
    assert plenary.change(amendment=FAR, act="whole").json()["facts"]["reason"] == "same_order"
    with plenary.store.writing() as db:
        DeclarationService(db).enter(plenary.draft(db), Phase.CONSULTATION, actor=OPERATOR)
    plenary.propose(*(Change(ChangeOp.REWORD, block, text="Towns rest.") for block in plenary.blocks[1:]))
    assert plenary.change(amendment=7, act="parts").status_code == 201
    assert [line["amendment"] for line in plenary.order() if line["by_parts"]] == [7]


@pytest.mark.parametrize(
    ("given", "reason"),
    [
        ({"amendment": SECOND, "act": "before", "anchor": FAR, "reason": " "}, "empty"),
        ({"amendment": SECOND, "act": "before"}, "empty"),
        ({"amendment": SECOND, "act": "before", "anchor": SECOND}, "itself"),
        ({"amendment": SECOND, "act": "alone"}, "same_order"),
    ],
)
def test_what_cannot_be_is_refused_by_name(plenary: Plenary, given, reason):
    refused = plenary.change(**given)
    assert (refused.status_code, refused.json()["facts"]["reason"]) == (422, reason)


def test_a_sub_amendment_comes_with_what_it_amends(plenary: Plenary):
    with plenary.store.writing() as db:
        service = AmendmentService(db)
        DeclarationService(db).enter(plenary.draft(db), Phase.CONSULTATION, actor=OPERATOR)
        parent = service.numbered(plenary.draft(db), SECOND, actor=plenary.member)
        rewording = Change(ChangeOp.REWORD, plenary.blocks[1], text="Towns plant very many trees.")
        service.amend(parent.id, [rewording], reason="So.", actor=plenary.member)
    plenary.change(amendment=SECOND, act="before", anchor=DELETED)
    assert plenary.numbers()[:3] == [7, SECOND, DELETED]
    assert plenary.change(amendment=7, act="before", anchor=FAR).json()["facts"]["reason"] == "moves_with_parent"


def test_only_the_chair_changes_the_order_and_everybody_reads_why(plenary: Plenary):
    assert plenary.change(plenary.secretary, amendment=SECOND, act="before", anchor=FAR).status_code == 404
    assert plenary.change(plenary.member, amendment=SECOND, act="before", anchor=FAR).status_code == 404
    plenary.change(amendment=SECOND, act="before", anchor=FAR)
    with site.browser(plenary.store, plenary.member) as browser:
        found = browser.get(f"/api/declarations/{plenary.id}/floor/order/changes").json()["items"]
        shown = Page(browser.get(f"{HERE}/order"))
    assert [(line["amendment"], line["act"], line["anchor"], line["reason"]) for line in found] == [
        (SECOND, "before", FAR, "To save time.")
    ]
    assert shown.data("item") == [str(number) for number in (DELETED, SECOND, FAR, NEAR, SAME, AFTER)]
    assert "To save time." in shown.text
    assert not shown.has_field("reason")


def test_the_page_changes_the_order_and_keeps_what_was_typed_when_refused(plenary: Plenary):
    with site.browser(plenary.store, plenary.chair) as browser:
        sent = {"csrf": token_of(browser), "amendment": str(SECOND), "act": "before", "anchor": str(FAR)}
        refused = browser.post(f"{HERE}/order", data={**sent, "reason": ""})
        unknown = browser.post(f"{HERE}/order", data={**sent, "anchor": "99", "reason": "So."})
        done = browser.post(f"{HERE}/order", data={**sent, "reason": "Guests leave early."})
    assert (refused.status_code, Page(refused).refusal) == (422, "workspace.invalid:empty")
    assert (unknown.status_code, Page(unknown).refusal) == (422, "workspace.invalid:no_such_amendment")
    assert Page(done).data("item")[:2] == [str(DELETED), str(SECOND)]
    assert plenary.numbers()[:3] == [DELETED, SECOND, FAR]
