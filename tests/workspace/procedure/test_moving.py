"""Rules, weights, the table and open votes: kept when a forum moves to another database, and guarded where they are."""

from pathlib import Path

import pytest
import sqlalchemy as sa

from tests.support import factories
from tests.support.questions import delegate
from tests.workspace.history import rooms
from workspace.core.actor import OPERATOR, Actor
from workspace.core.errors import Invalid
from workspace.core.security.permissions import Phase
from workspace.core.storage.db import Model, Store
from workspace.declarations.domain.service import DeclarationService
from workspace.interchange.forum_archive import export_forum, import_forum
from workspace.people.models import Forum
from workspace.procedure.models import Means, Rules, VoteChoice
from workspace.procedure.service import QuestionService, QuestionSubject
from workspace.procedure.store import VotingRules


def put(store: Store, **switches: bool) -> tuple[Actor, Actor]:
    """An open vote in which the first of two delegates has said yes; answers with the chair and that delegate."""
    with store.writing() as db:
        alta, _, chair = delegate(db, "Town of Alta"), delegate(db, "Town of Baja"), factories.chair(db)
        text = factories.declaration(db, "Towns share water.")
        DeclarationService(db).enter(text, Phase.ADOPTION, actor=OPERATOR)
        service = QuestionService(db)
        service.set_rules(text, VotingRules(Means.VOTE, quorum=0, **switches), actor=chair)
        service.cast(service.put_vote(text, QuestionSubject(), actor=chair), VoteChoice.YES, actor=alta)
    return chair, alta


def out(store: Store, actor: Actor) -> bytes:
    with store.reading() as db:
        return export_forum(db, db.scalars(sa.select(Forum)).one(), actor=actor)


@pytest.mark.parametrize("is_roll_call", [True, False])
def test_an_open_vote_goes_on_where_the_operator_has_moved_the_forum(
    store: Store, any_store_elsewhere: Store, *, is_roll_call: bool
):
    chair, alta = put(store, is_roll_call=is_roll_call)
    with any_store_elsewhere.writing() as db:
        import_forum(db, out(store, OPERATOR), source="forum.json", actor=OPERATOR)

    with pytest.raises(Invalid), any_store_elsewhere.writing() as db:
        QuestionService(db).cast(_vote(db, alta), VoteChoice.NO, actor=alta)
    with any_store_elsewhere.writing() as db:
        end = QuestionService(db).close(_vote(db, chair), actor=chair)
        assert (end.yes, end.no) == (1, 0)


def test_nobody_else_learns_from_a_file_how_an_open_vote_stands(store: Store):
    chair, _ = put(store)
    assert b'"choice": "yes"' in out(store, OPERATOR)
    assert b'"choice": "yes"' not in out(store, chair)


@pytest.mark.parametrize(
    ("table", "change"),
    [
        ("procedure_rules", {"majority": "two_thirds"}),
        ("floor", {"amendment_id": None}),
        ("vote_weight", {"weight": 900}),
        ("bracket", {"state": "resolved"}),
        ("bracket_alternative", {"is_as_it_stands": True}),
        ("question_cast", {"choice": "no"}),
    ],
)
def test_rules_brackets_and_votes_changed_in_the_database_are_found(store: Store, tmp_path: Path, table, change):
    note = rooms.filled(store, tmp_path / "keys")
    assert not rooms.audited(store, note).findings
    rooms.tamper(store, lambda connection: connection.execute(sa.update(Model.metadata.tables[table]).values(change)))

    assert {one.table for one in rooms.audited(store, note).findings} == {table}


def test_a_rule_that_changes_at_the_last_moment_of_a_unit_of_work_is_known_to_the_log(store: Store):
    put(store)
    with store.writing() as db:
        db.scalars(sa.select(Rules)).one().quorum = 99

    assert not rooms.audited(store).findings


def _vote(db, actor: Actor):
    text = DeclarationService(db).at(factories.forum(db), "declaration")
    return QuestionService(db).numbered(text, 1, actor=actor)
