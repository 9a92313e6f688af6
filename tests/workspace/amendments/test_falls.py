"""Whatever falls because of another amendment has a decision that names the cause, and its proposers are told."""

import json

import pytest
import sqlalchemy as sa

from tests.support.texts import reword
from tests.workspace.amendments.browsing import DRAFT, browsing
from tests.workspace.amendments.test_committee import resolve, ruled
from workspace.amendments.domain.models import Decision, Disposition, Verdict
from workspace.core.storage.log import LogEntry
from workspace.notices.models import Notice

WARM = "Towns shall share warm water with their neighbours."
FREE = "Towns shall share free water with their neighbours."


def _rejected(room, parent):
    room.decide({parent: Verdict.REJECT})
    return parent


def _reworded(room, parent):
    changes = (reword(room.block(0), "Cities decide on water."),)
    room.decide({parent: ruled(Verdict.ADOPT_MODIFIED, changes=changes)})
    return parent


def _withdrawn(room, parent):
    room.withdraw(parent)
    return parent


def _fallen(room, parent):
    rival = room.propose(reword(room.block(0), "Towns share."), by=room.other)
    room.decide({rival: Verdict.ADOPT, parent: ruled(Verdict.FALL, because_of=rival)})
    return rival


@pytest.mark.parametrize("happens", [_rejected, _reworded, _withdrawn, _fallen])
def test_an_amendment_to_an_amendment_that_falls_with_it_is_a_decision_with_its_cause(room, happens):
    parent = room.propose(reword(room.block(0), FREE))
    child = room.amend(parent, reword(room.block(0), WARM))
    cause = happens(room, parent)

    assert room.disposition(child) is Disposition.FALLEN
    with browsing(room.store, room.other) as author:
        [fall] = author.page(f"{DRAFT}/amendments/{child}").rows("decision")
        told = author.page("/en/notices").notices
    assert (fall.root.get("data-decision"), fall.root.get("data-because")) == ("fall", str(cause))
    assert fall.root.xpath(f".//a[contains(@href, '/amendments/{cause}')]")
    assert "decision" in told
    with room.store.reading() as db:
        every = sa.select(Decision).where(Decision.verdict == Verdict.FALL, Decision.amendment.has(number=child))
        [decision] = db.scalars(every)
        logged = map(json.loads, db.scalars(sa.select(LogEntry.entry).where(LogEntry.kind == "decision.taken")))
        [facts] = [entry["facts"] for entry in logged if entry["facts"]["decision"] == str(decision.id)]
    assert facts["because_of"] == str(decision.because_of_id)


def test_who_proposed_what_stood_in_brackets_is_told_once_of_their_end(room):
    parent = room.propose(reword(room.block(0), FREE))
    room.adopt(room.amend(parent, reword(room.block(0), WARM)))
    room.decide({parent: Verdict.BRACKET})
    resolve(room, 1, 0)
    assert [room.disposition(number) for number in (1, 2)] == [Disposition.REJECTED, Disposition.FALLEN]
    with room.store.reading() as db:
        ended = sa.select(Decision.id).where(Decision.verdict.in_([Verdict.RESOLVE, Verdict.FALL]))
        theirs = sa.select(Notice).where(Notice.person_id == room.member.person_id, Notice.decision_id.in_(ended))
        assert len(db.scalars(theirs).all()) == 1
