"""Two chairs at once: what one has decided, the other cannot decide again."""

import pytest

from drafts.diff.amendments import Change, ChangeOp
from tests.workspace.amendments.room import opened
from workspace.amendments.domain.models import Disposition, Verdict
from workspace.amendments.domain.outcomes import Ruling
from workspace.amendments.service import AmendmentService
from workspace.core.errors import Undecidable
from workspace.declarations.domain.service import DeclarationService


def test_an_amendment_rejected_while_its_adoption_waited_is_not_adopted(postgresql_store):
    room = opened(postgresql_store)
    number = room.propose(Change(ChangeOp.REWORD, room.block(0), text="Towns shall share water."))
    before, head = room.texts(), room.head()
    with room.store.writing() as db:
        service = AmendmentService(db)
        [seen] = service.of_declaration(DeclarationService(db).get(room.declaration.id), actor=room.chair)
        room.decide({number: Verdict.REJECT})  # moves no head, so nothing else would tell the first chair
        adopting = [Ruling(seen.id, Verdict.ADOPT)]
        with pytest.raises(Undecidable):
            service.decide(room.declaration.id, adopting, expected_head=head, actor=room.chair)
    assert room.disposition(number) is Disposition.REJECTED
    assert room.texts() == before
