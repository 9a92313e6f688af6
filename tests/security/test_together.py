"""Two at the same moment, in the order that hurts: one of them is told, and nothing is done twice or lost."""

import threading
import time
from collections.abc import Callable
from dataclasses import dataclass

import pytest
import sqlalchemy as sa

from drafts.diff.amendments import Change, ChangeOp
from tests.support import factories
from tests.support.factories import EN
from tests.workspace.core.test_store import at_once
from tests.workspace.editions.conftest import Hall
from tests.workspace.house import opened as house_of
from workspace.amendments.domain.models import Disposition, Verdict
from workspace.amendments.domain.outcomes import Ruling
from workspace.amendments.service import AmendmentService
from workspace.approvals.models import Matter
from workspace.core.actor import Role
from workspace.core.errors import NotAllowed, NotReady, Stale
from workspace.core.security.permissions import Phase
from workspace.core.storage import log
from workspace.core.storage.db import Db, Store, new_id
from workspace.declarations.domain import queries
from workspace.declarations.domain.models import Declaration
from workspace.declarations.domain.phase_changes import PhaseService
from workspace.declarations.domain.service import DeclarationService
from workspace.editions.domain.publication import EditionService
from workspace.history.audit import audit

Act = Callable[[Db], object]
REFUSALS = (NotAllowed, Stale, NotReady)


@dataclass
class Meeting:
    """Two acts that meet; each is one unit of work. What either was refused with, None where it was not."""

    store: Store
    first: Act
    second: Act
    look: Act  # what the second reads before the first has finished, where the database lets it

    def the_second_waits(self) -> tuple[type[Exception] | None, type[Exception] | None]:
        """The first has done everything but commit when the second begins."""
        told: list[type[Exception] | None] = []
        other = threading.Thread(target=lambda: told.append(self._alone(self.second)))
        with self.store.writing() as db:
            self.first(db)
            other.start()
            time.sleep(0.2)
        other.join()
        return None, told[0]

    def the_second_has_looked(self) -> tuple[type[Exception] | None, type[Exception] | None]:
        """The second has read everything when the first begins; SQLite lets nobody write meanwhile."""
        told: list[type[Exception] | None] = []
        with self.store.writing() as db:
            self.look(db)
            other = threading.Thread(target=lambda: told.append(self._alone(self.first)))
            other.start()
            if not self.store.is_sqlite:
                other.join()
            try:
                self.second(db)
                refused = None
            except REFUSALS as error:
                refused = type(error)
                db.rollback()
        other.join()
        return told[0], refused

    def the_second_has_computed(self) -> tuple[type[Exception] | None, type[Exception] | None]:
        """The second, which holds back what it writes, has done all of it when the first is done."""
        told: list[type[Exception] | None] = []

        def act(db: Db) -> None:
            self.second(db)
            if not told:
                told.append(self._alone(self.first))

        try:
            self.store.briefly(act)
        except REFUSALS as error:
            return told[0], type(error)
        return told[0], None

    def _alone(self, act: Act) -> type[Exception] | None:
        try:
            with self.store.writing() as db:
                act(db)
        except REFUSALS as error:
            return type(error)
        return None


class Plenary(Hall):
    """A declaration with two amendments on it, and somebody who could decide, publish or move it on."""

    def __init__(self, store: Store, phase: Phase) -> None:
        super().__init__(store, "Towns share water.", "Towns light paths.")
        with store.writing() as db:
            declaration = self.declaration(db)
            DeclarationService(db).enter(declaration, Phase.REVIEW, actor=factories.OPERATOR)
            member = factories.person(db, Role.MEMBER)
            service = AmendmentService(db)
            self.amendments = [
                service.propose(
                    declaration.id,
                    base_revision=declaration.head.number,
                    language=EN,
                    changes=[Change(ChangeOp.REWORD, str(row.block_id), text=f"{row.content(EN)[:-1]} and bread.")],
                    reason="It is clearer.",
                    actor=member,
                ).id
                for row in queries.head_rows(db, declaration)
            ]
            DeclarationService(db).enter(declaration, phase, actor=factories.OPERATOR)
            self.head = declaration.head_id

    def look(self, db: Db) -> object:
        declaration = DeclarationService(db).get(self.declaration_id)
        return declaration.head.rows, AmendmentService(db).of_declaration(declaration, actor=self.chair)

    def adopt(self, number: int) -> Act:
        def act(db: Db) -> object:
            return AmendmentService(db).decide(
                self.declaration_id,
                [Ruling(self.amendments[number], Verdict.ADOPT)],
                expected_head=self.head,
                actor=self.chair,
            )

        return act

    def lapse(self) -> None:
        """Nothing is pending any more: what would stop publication."""
        rulings = [Ruling(number, Verdict.FALL, reason="It lapses with the adoption.") for number in self.amendments]
        with self.store.writing() as db:
            AmendmentService(db).decide(self.declaration_id, rulings, expected_head=self.head, actor=self.chair)

    def edit(self, db: Db) -> object:
        rows = queries.head_rows(db, self.declaration(db))
        change = Change(ChangeOp.REWORD, str(rows[0].block_id), text="Nobody saw these words.")
        return AmendmentService(db).edit(
            self.declaration_id,
            [change],
            language=EN,
            reason="An oversight.",
            expected_head=self.head,
            actor=self.chair,
        )

    def move(self, phase: Phase) -> Act:
        return lambda db: PhaseService(db).move(self.declaration(db), phase, actor=self.chair, reason="So agreed.")

    def ask(self, db: Db) -> object:
        return PhaseService(db).ask(self.declaration(db), Matter.ADOPTION, actor=self.chair)

    def state(self) -> tuple[int, list[Disposition], Phase]:
        """Revisions after the head of the beginning, the amendments' dispositions, and the phase."""
        with self.store.reading() as db:
            declaration, service = self.declaration(db), AmendmentService(db)
            made = len(DeclarationService(db).revisions(declaration))
            first = next(one.number for one in DeclarationService(db).revisions(declaration) if one.id == self.head)
            found = service.of_declaration(declaration, actor=self.chair)
            return made - first, [one.disposition for one in found], declaration.phase


WAYS = [Meeting.the_second_waits, Meeting.the_second_has_looked]


def refused_once(
    store: Store, way: Callable[[Meeting], object], hall: Plenary, first: Act, second: Act
) -> set[type[Exception]]:
    """Let both meet; exactly one of them was refused, with this."""
    told = way(Meeting(store, first, second, hall.look))
    assert isinstance(told, tuple)
    assert told.count(None) == 1, told
    return {one for one in told if one}


@pytest.mark.parametrize("way", [*WAYS, Meeting.the_second_has_computed])
def test_two_chairs_who_adopt_from_one_head_make_one_revision(any_store: Store, way):
    hall = Plenary(any_store, Phase.REVIEW)

    assert refused_once(any_store, way, hall, hall.adopt(0), hall.adopt(1)) == {Stale}

    made, dispositions, _ = hall.state()
    assert made == 1
    assert sorted(dispositions) == [Disposition.ADOPTED, Disposition.OPEN]


@pytest.mark.parametrize("way", [*WAYS, Meeting.the_second_has_computed])
def test_one_amendment_is_adopted_once(any_store: Store, way):
    hall = Plenary(any_store, Phase.REVIEW)

    assert refused_once(any_store, way, hall, hall.adopt(0), hall.adopt(0)) == {Stale}

    assert hall.state()[0] == 1


def test_an_edit_computed_before_its_declaration_was_closed_is_taken_from_the_start(any_store: Store):
    hall = Plenary(any_store, Phase.ADOPTION)
    hall.lapse()
    hall.request()
    prepared = hall.prepare()

    def publish(db: Db) -> object:
        return EditionService(db).publish(hall.declaration_id, prepared, actor=hall.chair)

    assert Meeting(any_store, publish, hall.edit, hall.look).the_second_has_computed() == (None, NotAllowed)
    assert hall.state() == (0, [Disposition.FALLEN, Disposition.FALLEN], Phase.PUBLISHED)


def test_a_decision_goes_behind_what_was_recorded_of_other_forums_since_it_was_computed(any_store: Store):
    hall, computed = Plenary(any_store, Phase.REVIEW), []

    def decide(db: Db) -> None:
        computed.append(hall.adopt(0)(db))
        with any_store.writing() as other:
            log.record(other, "test", actor=factories.OPERATOR, forum_id=new_id())

    any_store.briefly(decide)

    assert len(computed) == 1
    assert hall.state()[1] == [Disposition.ADOPTED, Disposition.OPEN]
    with any_store.reading() as db:
        assert audit(db).findings == ()


def test_who_is_overtaken_while_committing_keeps_nobody_waiting(any_store: Store):
    hall, forums = Plenary(any_store, Phase.REVIEW), []

    def record(db: Db) -> None:
        with any_store.reading() as other:
            forums.append(DeclarationService(other).get(hall.declaration_id).forum_id)
        log.record(db, "test", actor=factories.OPERATOR, forum_id=forums[0])
        if len(forums) == 1:
            with any_store.writing() as other:
                log.record(other, "test", actor=factories.OPERATOR, forum_id=forums[0])

    with any_store.reading():  # holds the connection that would be taken again
        any_store.briefly(record)
    with any_store.writing() as db:
        log.record(db, "test", actor=factories.OPERATOR, forum_id=forums[0])

    assert len(forums) == 2
    with any_store.reading() as db:
        assert audit(db).findings == ()


def test_what_is_written_before_anything_is_recorded_is_computed_again_under_the_lock(any_store: Store):
    hall, heads = Plenary(any_store, Phase.REVIEW), []

    def act(db: Db) -> None:
        declaration = DeclarationService(db).get(hall.declaration_id)
        heads.append(declaration.head_id)
        if len(heads) == 1:
            with any_store.writing() as other:
                hall.adopt(0)(other)
        declaration.slug = "another"
        db.flush()
        db.scalars(sa.select(Declaration.slug)).all()  # asks for what is held back

    any_store.briefly(act)

    assert len(set(heads)) == 2


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("publishes_first", [True, False])
def test_what_is_published_is_the_text_that_two_people_saw(any_store: Store, way, *, publishes_first: bool):
    hall = Plenary(any_store, Phase.ADOPTION)
    hall.lapse()
    hall.request()
    prepared = hall.prepare()

    def publish(db: Db) -> object:
        return EditionService(db).publish(hall.declaration_id, prepared, actor=hall.chair)

    acts = (publish, hall.edit) if publishes_first else (hall.edit, publish)
    refused_once(any_store, way, hall, *acts)

    made, _, phase = hall.state()
    assert made == (0 if phase is Phase.PUBLISHED else 1)


@pytest.mark.parametrize("way", WAYS)
def test_nobody_edits_a_text_whose_phase_has_been_closed_meanwhile(any_store: Store, way):
    hall = Plenary(any_store, Phase.REVIEW)

    told = way(Meeting(any_store, hall.move(Phase.CONSULTATION), hall.edit, hall.look))

    made, _, phase = hall.state()
    assert phase is Phase.CONSULTATION
    assert (told[1] is None) == (made == 1)  # on SQLite, whoever has looked first also goes first
    assert told[0] is None
    if not any_store.is_sqlite:
        assert told[1] is NotAllowed


def test_of_twenty_who_edit_one_block_again_and_again_every_loser_is_told(any_store: Store):
    with house_of(any_store) as house:
        table = house.declaration("Towns share water.")
        block, before = table.block(), table.number
        statuses: list[int] = []

        def edit(number: int) -> None:
            for round_ in range(2):
                changes = [{"op": "reword", "block": block, "text": f"Towns share well {number}, {round_}."}]
                body = {"language": "en", "changes": changes, "reason": "So decided."}
                statuses.append(house.chair.post(f"{table.path}/edits", body, if_match=table.head).status_code)

        assert at_once(20, edit) == []
        assert set(statuses) <= {201, 412}
        assert len(statuses) == 40
        assert statuses.count(201) == table.number - before >= 1
