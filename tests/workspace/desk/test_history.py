"""The history of a text: every revision, and what was decided."""

import pytest

from drafts.amendments import Change, ChangeOp
from drafts.blocks import Language
from tests.support import factories
from tests.workspace.desk.visiting import DRAFT, queries_for, seen
from workspace.amendments.models import Verdict
from workspace.amendments.service import AmendmentService, Ruling
from workspace.core.actor import OPERATOR, Actor, Role
from workspace.core.db import Db, Store
from workspace.core.permissions import Phase
from workspace.declarations import queries
from workspace.declarations.models import Declaration
from workspace.declarations.moving import PhaseService
from workspace.declarations.service import DeclarationService

EN = Language.EN


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
    service.decide(declaration.id, rulings, language=EN, expected_head=declaration.head.id, actor=by)


@pytest.mark.parametrize("language", ["es", "en", "fr"])
def test_history_tells_of_revisions_and_decisions(store: Store, language: str) -> None:
    with store.writing() as db:
        declaration, chair = factories.declaration(db), factories.chair(db)
        decided(db, declaration, "Towns shall share clean water.", verdict=Verdict.ADOPT, by=chair, reason="agreed")
        decided(db, declaration, "Towns shall own the water.", verdict=Verdict.REJECT, by=chair, reason="too far")

    page = seen(store, f"/{language}/third-forum/declaration/history", chair)

    assert page.status_code == 200
    assert "agreed" in page.text
    assert "too far" in page.text


def test_a_revision_names_the_decisions_behind_it(store: Store) -> None:
    with store.writing() as db:
        declaration, chair = factories.declaration(db), factories.chair(db)
        decided(db, declaration, "Towns shall share clean water.", verdict=Verdict.ADOPT, by=chair)

    page = seen(store, f"{DRAFT}/history", chair).text
    second, first = page.index('id="r2"'), page.index('id="r1"')

    assert second < page.index("Amendment 1 was adopted") < first
    assert "compare?to=2&amp;from=1" in page or "compare?from=1&amp;to=2" in page
    assert 'href="/en/third-forum/declaration/amendments/1"' in page


def test_colliding_amendments_are_told_to_wait(store: Store) -> None:
    with store.writing() as db:
        declaration, chair = factories.declaration(db), factories.chair(db)
        wordings = ("Towns shall sell water.", "Towns shall keep water.")
        decided(db, declaration, *wordings, verdict=Verdict.ADOPT, by=chair)

    page = seen(store, f"{DRAFT}/history", chair).text

    assert "Amendment 1 waits: it collides with another one" in page
    assert "Amendment 1 was adopted" not in page


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

    page = seen(store, f"{DRAFT}/history", chair).text

    assert "The text was frozen for the consultation" in page
    assert page.count("shorter") == 1  # the revision's note and its decision's reason are the same words


def test_history_is_closed_to_visitors(store: Store) -> None:
    with store.writing() as db:
        factories.declaration(db, phase=Phase.CONSULTATION)

    assert seen(store, f"{DRAFT}/history").status_code == 404


def test_the_queries_do_not_grow_with_the_history(store: Store) -> None:
    with store.writing() as db:
        declaration, chair = factories.declaration(db), factories.chair(db)
        decided(db, declaration, "Towns shall share clean water.", verdict=Verdict.ADOPT, by=chair)
    one = queries_for(store, f"{DRAFT}/history", chair)
    with store.writing() as db:
        declaration = DeclarationService(db).get(declaration.id)
        for n in range(3):
            decided(db, declaration, f"Towns shall share {n} wells.", verdict=Verdict.ADOPT, by=chair)
            decided(db, declaration, f"Towns shall sell {n} wells.", verdict=Verdict.REJECT, by=chair)

    assert queries_for(store, f"{DRAFT}/history", chair) == one


def test_a_long_history_is_read_some_revisions_at_a_time(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("workspace.desk.history.LEAF", 2)
    with store.writing() as db:
        declaration, chair = factories.declaration(db), factories.chair(db)
        for n in range(3):
            decided(db, declaration, f"Towns shall share {n} wells.", verdict=Verdict.ADOPT, by=chair)

    newest, older = seen(store, f"{DRAFT}/history", chair).text, seen(store, f"{DRAFT}/history?before=3", chair).text

    assert "4 revisions so far" in newest
    assert [number in newest for number in ('id="r4"', 'id="r3"', 'id="r2"')] == [True, True, False]
    assert "history?before=3" in newest
    assert [number in older for number in ('id="r3"', 'id="r2"', 'id="r1"')] == [False, True, True]
    assert "history?before=5" in older
    assert "Amendment 1 was adopted" in older
    assert "Amendment 3 was adopted" not in older


def test_two_revisions_can_be_marked_and_compared(store: Store) -> None:
    with store.writing() as db:
        declaration, chair = factories.declaration(db), factories.chair(db)
        decided(db, declaration, "Towns shall share clean water.", verdict=Verdict.ADOPT, by=chair)

    page = seen(store, f"{DRAFT}/history", chair).text

    assert page.count('form="pair" name="from"') == 2
    assert page.count('form="pair" name="to"') == 2
