"""What a reader may do with a declaration, asked once so that a page shows no button that would be refused."""

from msgspec import Struct

from workspace.comments.policy import may_come_as_guest
from workspace.core.actor import Actor
from workspace.core.security.conditions import Condition
from workspace.declarations.domain.models import Declaration
from workspace.declarations.domain.policy import may_do, may_move, may_read
from workspace.translations.domain.policy import may_translate

GIVEN = frozenset({Condition.REASON, Condition.SECOND_PERSON, Condition.NOT_AUTHOR})  # what comes with the deed


class Rights(Struct, frozen=True):
    """Each says whether this reader may, today, in this phase."""

    read: bool
    read_history: bool
    read_sources: bool
    read_amendments: bool
    read_editions: bool
    amend: bool
    record_oral: bool
    compromise: bool
    decide: bool
    edit: bool
    comment: bool
    translate: bool
    publish: bool
    move: bool


def rights(actor: Actor, declaration: Declaration) -> Rights:
    def may(action: str) -> bool:
        return may_do(actor, action, declaration, given=GIVEN)

    return Rights(
        read=may_read(actor, declaration),
        read_history=may("history.read"),
        read_sources=may("provenance.read"),
        read_amendments=may("amendment.read_others"),
        read_editions=may("edition.read_verify"),
        amend=may("amendment.propose") and actor.person_id is not None,
        compromise=may("amendment.compromise") and actor.person_id is not None,
        record_oral=may("amendment.record_oral") and actor.person_id is not None,
        decide=may("amendment.decide_adopt_undo"),
        edit=may("block.edit"),
        comment=(may("comment.open") and actor.person_id is not None) or may_come_as_guest(actor, declaration),
        translate=may_translate(actor, declaration),
        publish=may("edition.publish"),
        move=may_move(actor, declaration),
    )
