"""The history of a text: every revision, and what was decided."""

import pytest

from drafts.diff.amendments import Change, ChangeOp
from drafts.text.blocks import Language
from tests.support import factories
from tests.support.page import Page
from tests.workspace.desk.visiting import DRAFT, queries_for, read, seen
from workspace.amendments.domain.models import Verdict
from workspace.amendments.domain.outcomes import Ruling
from workspace.amendments.service import AmendmentService
from workspace.core.actor import OPERATOR, Actor, Role
from workspace.core.security.permissions import Phase
from workspace.core.storage.db import Db, Store
from workspace.declarations.domain import queries
from workspace.declarations.domain.models import Declaration
from workspace.declarations.domain.phase_changes import PhaseService
from workspace.declarations.domain.service import DeclarationService

EN = Language.EN


def decisions(page: Page) -> list[tuple[str | None, str, str]]:
    """Each decision: the revision it stands behind, if it made one, its verdict, and the amendment."""
    found = []
    for decision in page.rows("verdict"):
        [*_, amendment] = decision.links[0].split("/")
        revisions = decision.root.xpath("ancestor::li[@data-cause]/@id")
        found.append((revisions[0][1:] if revisions else None, decision.root.get("data-verdict", ""), amendment))
    return found


def decided(db: Db, declaration: Declaration, *wordings: str, verdict: Verdict, by: Actor, reason: str = "") -> None:
    """Members file these wordings of the first paragraph, and the chair rules on all of them alike."""
    [row, *_] = queries.head_rows(db, declaration)
    service, member = AmendmentService(db), factories.person(db, Role.MEMBER)
    filed = [
        service.propose(
            declaration.id,
            base_revision=declaration.head.number,
            language=EN,
            changes=[Change(ChangeOp.REWORD, str(row.block_id), text=text)],
            reason="",
            actor=member,
        )
        for text in wordings
    ]
    rulings = [Ruling(one.id, verdict, reason) for one in filed]
    service.decide(declaration.id, rulings, expected_head=declaration.head.id, actor=by)


@pytest.mark.parametrize("language", ["es", "en", "fr"])
def test_history_tells_of_revisions_and_decisions(store: Store, language: str) -> None:
    with store.writing() as db:
        declaration, chair = factories.declaration(db), factories.chair(db)
        decided(db, declaration, "Towns shall share clean water.", verdict=Verdict.ADOPT, by=chair, reason="agreed")
        decided(db, declaration, "Towns shall own the water.", verdict=Verdict.REJECT, by=chair, reason="too far")

    page = seen(store, f"/{language}/third-forum/declaration/history", chair)

    assert page.status_code == 200
    assert Page(page).quotes == ["agreed", "too far"]


def test_a_revision_names_the_decisions_behind_it(store: Store) -> None:
    with store.writing() as db:
        declaration, chair = factories.declaration(db), factories.chair(db)
        decided(db, declaration, "Towns shall share clean water.", verdict=Verdict.ADOPT, by=chair)

    page = read(store, f"{DRAFT}/history", chair)

    assert decisions(page) == [("2", "adopt", "1")]
    assert page.by_id("r2").links_to("/declaration/compare")


def test_colliding_amendments_are_told_to_wait(store: Store) -> None:
    with store.writing() as db:
        declaration, chair = factories.declaration(db), factories.chair(db)
        wordings = ("Towns shall sell water.", "Towns shall keep water.")
        decided(db, declaration, *wordings, verdict=Verdict.ADOPT, by=chair)

    page = read(store, f"{DRAFT}/history", chair)

    assert not page.rows("cause", "adopt")
    assert {number for _, _, number in decisions(page)} == {"1", "2"}
    assert all(revision is None for revision, _, _ in decisions(page))


def test_a_freeze_says_what_it_was_for(store: Store) -> None:
    with store.writing() as db:
        declaration, chair = factories.declaration(db), factories.chair(db)
        AmendmentService(db).edit(
            declaration.id,
            [Change(ChangeOp.REWORD, str(queries.head_rows(db, declaration)[0].block_id), text="Towns share.")],
            language=EN,
            reason="shorter",
            expected_head=declaration.head.id,
            actor=OPERATOR,
        )
        writer = DeclarationService(db).writer(declaration, actor=OPERATOR)
        [row] = queries.head_rows(db, declaration)
        writer.write(row.block_id, Language.FR, "Les villes partagent.", kind=row.kind)
        PhaseService(db).move(declaration, Phase.CONSULTATION, actor=chair)

    page = read(store, f"{DRAFT}/history", chair)

    assert page.data("cause")[0] == "freeze"
    assert page.text.count("shorter") == 1  # the revision's note and its decision's reason are the same words


def test_history_is_closed_to_visitors(store: Store) -> None:
    with store.writing() as db:
        factories.declaration(db, phase=Phase.CONSULTATION)

    assert seen(store, f"{DRAFT}/history").status_code == 404


def test_the_queries_do_not_grow_with_the_history(store: Store) -> None:
    with store.writing() as db:
        declaration, chair = factories.declaration(db), factories.chair(db)
        decided(db, declaration, "Towns shall share clean water.", verdict=Verdict.ADOPT, by=chair)
        decided(db, declaration, "Towns shall sell clean water.", verdict=Verdict.REJECT, by=chair)
    one = queries_for(store, f"{DRAFT}/history", chair)
    with store.writing() as db:
        declaration = DeclarationService(db).get(declaration.id)
        for n in range(3):
            decided(db, declaration, f"Towns shall share {n} wells.", verdict=Verdict.ADOPT, by=chair)
            decided(db, declaration, f"Towns shall sell {n} wells.", verdict=Verdict.REJECT, by=chair)

    assert queries_for(store, f"{DRAFT}/history", chair) == one


def test_a_long_history_is_read_some_revisions_at_a_time(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("workspace.desk.pages.history.LEAF", 2)
    with store.writing() as db:
        declaration, chair = factories.declaration(db), factories.chair(db)
        for n in range(3):
            decided(db, declaration, f"Towns shall share {n} wells.", verdict=Verdict.ADOPT, by=chair)

    newest, older = read(store, f"{DRAFT}/history", chair), read(store, f"{DRAFT}/history?before=3", chair)

    assert newest.count == 4
    assert [newest.has_id(number) for number in ("r4", "r3", "r2")] == [True, True, False]
    assert f"{DRAFT}/history?before=3" in newest.links
    assert [older.has_id(number) for number in ("r3", "r2", "r1")] == [False, True, True]
    assert f"{DRAFT}/history?before=5" in older.links
    assert decisions(older) == [("2", "adopt", "1")]


def test_two_revisions_can_be_marked_and_compared(store: Store) -> None:
    with store.writing() as db:
        declaration, chair = factories.declaration(db), factories.chair(db)
        decided(db, declaration, "Towns shall share clean water.", verdict=Verdict.ADOPT, by=chair)

    page = seen(store, f"{DRAFT}/history", chair).text

    assert page.count('form="pair" name="from"') == 2
    assert page.count('form="pair" name="to"') == 2
