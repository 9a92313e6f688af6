"""Who may propose, withdraw and decide."""

from collections.abc import Collection, Iterable
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import selectinload

from workspace.amendments.domain.models import Amendment, Disposition
from workspace.core import clock
from workspace.core.actor import Actor
from workspace.core.errors import Invalid, NotAllowed, Undecidable
from workspace.core.security.conditions import Case, Condition
from workspace.core.security.permissions import roles_that_may
from workspace.core.storage.db import Db
from workspace.declarations.domain.models import Declaration
from workspace.declarations.domain.policy import ensure_may, may_do
from workspace.declarations.domain.windows import window
from workspace.people.models import Forum, Mandate, Person
from workspace.people.policy import delegation, speaks_for


def ensure_may_propose(actor: Actor, declaration: Declaration) -> None:
    """Raises `Invalid` where all that is missing is that the window for amendments opens."""
    if may_do(actor, "amendment.propose", declaration):
        return
    if may_do(actor, "amendment.propose", declaration, given={Condition.WINDOW_OR_LATE}):
        raise Invalid(field="changes", reason="not_open_yet")
    raise NotAllowed(action="amendment.propose")


def comes_late(declaration: Declaration) -> bool:
    """Whether an amendment that is filed now is marked late."""
    return window(declaration, clock.now()).has_closed


def ensure_undecided(amendment: Amendment) -> None:
    """Raise `Undecidable` for one that is decided, and for one that waits for leave, or amends such."""
    families = (amendment, amendment.parent) if amendment.parent else (amendment,)
    if any(each.disposition is Disposition.LATE for each in families):
        raise Undecidable(number=amendment.number, reason="needs_leave")
    if not amendment.disposition.is_undecided:
        raise Undecidable(number=amendment.number, reason="decided")


def ensure_may_give_leave(actor: Actor, amendment: Amendment) -> None:
    """The chair, for what others have filed late; raises `Undecidable` where nobody waits for leave."""
    if not may_decide(actor, amendment.declaration):
        raise NotAllowed(action="amendment.decide_adopt_undo")
    if not may_decide_on(actor, amendment):
        raise _own(actor, amendment)
    if amendment.disposition is not Disposition.LATE:
        raise Undecidable(number=amendment.number, reason="no_leave")


def may_give_leave(actor: Actor, amendment: Amendment) -> bool:
    """Whether a form to give it leave, or to refuse that, would be heard."""
    return amendment.disposition is Disposition.LATE and may_decide_on(actor, amendment)


def may_propose(actor: Actor, declaration: Declaration) -> bool:
    return actor.person_id is not None and may_do(actor, "amendment.propose", declaration)


def organisation_of(actor: Actor, declaration: Declaration) -> UUID | None:
    """For whom they speak today: where they have a voice first, as somebody of the secretariat may be a city's, too."""
    now = clock.now()
    held = (
        mandate.organisation_id for mandate in actor.mandates_in(declaration.forum_id, now) if mandate.organisation_id
    )
    return speaks_for(actor, declaration.forum_id, now) or next(held, None)


def may_prepare(actor: Actor, declaration: Declaration) -> bool:
    """Whether they may write an amendment, though perhaps not file it before the window opens."""
    given = {Condition.WINDOW_OR_LATE}
    return actor.person_id is not None and may_do(actor, "amendment.propose", declaration, given=given)


def may_record_oral(actor: Actor, declaration: Declaration) -> bool:
    """Whether they write down what somebody moves from the floor."""
    return actor.person_id is not None and may_do(actor, "amendment.record_oral", declaration)


def may_move_orally(actor: Actor, declaration: Declaration) -> bool:
    """Whether something can be written down as moved by them."""
    return actor.person_id is not None and may_do(actor, "amendment.move_orally", declaration)


def may_certify(actor: Actor, amendment: Amendment) -> bool:
    """Whether they say that the words recorded are theirs, or are not: the mover, until they have certified them."""
    case = Case(authors=frozenset({amendment.proposer_id}))
    is_theirs = may_do(actor, "amendment.certify", amendment.declaration, case)
    return is_theirs and amendment.certification in {"uncertified", "disputed"}


def may_draft_compromise(actor: Actor, declaration: Declaration) -> bool:
    """Whether they draft an amendment that replaces others."""
    return actor.person_id is not None and may_do(actor, "amendment.compromise", declaration)


def may_answer_invitation(actor: Actor, amendment: Amendment) -> bool:
    """Whether they may say yes or no to sponsoring it, or something else than before: while it is undecided."""
    is_open = amendment.disposition.is_undecided and may_read(actor, amendment)
    return is_open and may_do(actor, "amendment.answer_invitation", amendment.declaration)


def ensure_may_answer_invitation(actor: Actor, amendment: Amendment) -> None:
    if not (may_read(actor, amendment) and may_do(actor, "amendment.answer_invitation", amendment.declaration)):
        raise NotAllowed(action="amendment.answer_invitation")
    ensure_undecided(amendment)


def may_cosponsor(actor: Actor, declaration: Declaration) -> bool:
    return actor.person_id is not None and may_do(actor, "amendment.cosponsor", declaration)


def may_back(actor: Actor, amendment: Amendment) -> bool:
    """Whether they may say that they stand behind it, or no longer do: while it is undecided."""
    is_open = amendment.disposition.is_undecided and may_read(actor, amendment)
    return is_open and may_cosponsor(actor, amendment.declaration)


def ensure_may_back(actor: Actor, amendment: Amendment) -> None:
    if not (may_read(actor, amendment) and may_cosponsor(actor, amendment.declaration)):
        raise NotAllowed(action="amendment.cosponsor")
    ensure_undecided(amendment)


def may_invite(actor: Actor, amendment: Amendment) -> bool:
    """Whether they may ask others to sponsor it: its proposer."""
    return amendment.proposer_id == actor.person_id and may_back(actor, amendment)


def ensure_may_invite(actor: Actor, amendment: Amendment) -> None:
    if amendment.proposer_id != actor.person_id:
        raise NotAllowed(action="amendment.cosponsor")
    ensure_may_back(actor, amendment)


def ensure_may_withdraw(actor: Actor, amendment: Amendment) -> None:
    """One's own or one's delegation's, while nothing was decided for good: words in brackets wait, too."""
    if may_withdraw(actor, amendment):
        return
    if _may_withdraw(actor, amendment, given={Condition.UNDECIDED}):
        raise Undecidable(number=amendment.number, reason="decided")
    raise NotAllowed(action="amendment.withdraw_revise")


def ensure_may_reinstate(actor: Actor, amendment: Amendment) -> None:
    """Whoever could have withdrawn it can undo that."""
    if not may_reinstate(actor, amendment):
        raise NotAllowed(action="amendment.withdraw_revise")


def may_reinstate(actor: Actor, amendment: Amendment) -> bool:
    return _may_withdraw(actor, amendment, given={Condition.UNDECIDED})


def ensure_may_revise(actor: Actor, amendment: Amendment) -> None:
    """As for withdrawing, but by its proposer alone; and not once the committee has begun to change it."""
    if amendment.proposer_id != actor.person_id:
        raise NotAllowed(action="amendment.withdraw_revise")
    ensure_may_withdraw(actor, amendment)
    if not amendment.disposition.is_pending:
        raise Undecidable(number=amendment.number, reason="decided")
    if any(child.disposition is Disposition.ACCEPTED for child in amendment.children):
        raise Undecidable(number=amendment.number, reason="children_accepted")


def ensure_amendable(parent: Amendment) -> None:
    """An amendment that waits for its decision and is none to another amendment: there is one level, no more.

    One that was filed to another, and stands alone since that was reworded, is one again where that is undone.
    """
    ensure_undecided(parent)
    if not is_amendable(parent):
        raise Undecidable(number=parent.number, reason="amends_already")


def may_amend(actor: Actor, amendment: Amendment) -> bool:
    """Whether a form to amend this amendment would be heard."""
    return is_amendable(amendment) and may_propose(actor, amendment.declaration)


def may_amend_orally(actor: Actor, amendment: Amendment) -> bool:
    """Whether they write down what somebody moves to this amendment from the floor."""
    return is_amendable(amendment) and may_record_oral(actor, amendment.declaration)


def is_amendable(amendment: Amendment) -> bool:
    """Whether it waits for its decision and was filed to the text."""
    return amendment.disposition.is_undecided and amendment.own.parent_version_id is None


def may_revise(actor: Actor, amendment: Amendment) -> bool:
    """Whether a form to write it anew would be heard."""
    is_free = all(child.disposition is not Disposition.ACCEPTED for child in amendment.children)
    is_own = amendment.proposer_id == actor.person_id
    return is_own and is_free and amendment.disposition.is_pending and may_withdraw(actor, amendment)


def ensure_may_decide(
    actor: Actor, declaration: Declaration, amendments: Iterable[Amendment], *, lapsing: Collection[UUID] = ()
) -> None:
    """The chair decides, and nobody decides on their own amendment (`docs/procedure.md`, 3.11).

    Of what is `lapsing`, what waits for leave lapses too.
    """
    if not may_decide(actor, declaration):
        raise NotAllowed(action="amendment.decide_adopt_undo")
    for amendment in amendments:
        if not may_decide_on(actor, amendment):
            raise _own(actor, amendment)
        if amendment.id not in lapsing or amendment.disposition is not Disposition.LATE:
            ensure_undecided(amendment)


def _own(actor: Actor, amendment: Amendment) -> Undecidable:
    is_own = amendment.proposer_id == actor.person_id
    return Undecidable(number=amendment.number, reason="own" if is_own else "own_delegation")


def ensure_may_edit(actor: Actor, declaration: Declaration, reason: str) -> None:
    """Raises `Invalid` for an edit without a reason."""
    ensure_may(actor, "block.edit", declaration, Case(reason=reason))


def may_edit(actor: Actor, declaration: Declaration) -> bool:
    return may_do(actor, "block.edit", declaration, given={Condition.REASON})


def may_decide(actor: Actor, declaration: Declaration) -> bool:
    """Whether they decide on amendments of others."""
    return may_do(actor, "amendment.decide_adopt_undo", declaration, given={Condition.NOT_AUTHOR})


def may_decide_on(actor: Actor, amendment: Amendment) -> bool:
    """Whether they decide on this one: where a delegation has one voice, nobody does on what their own has filed."""
    filed_by = Case(authors=_authors(actor, amendment))
    return may_do(actor, "amendment.decide_adopt_undo", amendment.declaration, filed_by)


def _authors(actor: Actor, amendment: Amendment) -> frozenset[UUID]:
    """Who filed it, and whoever asks where it is their delegation's."""
    author = actor.person_id if is_of_delegation(actor, amendment) else None
    return frozenset({amendment.proposer_id, author or amendment.proposer_id})


def may_withdraw(actor: Actor, amendment: Amendment) -> bool:
    """Whether a button to withdraw it would be heard."""
    return _may_withdraw(actor, amendment)


def _may_withdraw(actor: Actor, amendment: Amendment, given: Collection[Condition] = ()) -> bool:
    waits = amendment.disposition.is_pending or amendment.disposition is Disposition.BRACKETED
    case = Case(authors=_authors(actor, amendment), is_undecided=waits)
    return may_do(actor, "amendment.withdraw_revise", amendment.declaration, case, given=given)


def is_of_delegation(actor: Actor, amendment: Amendment) -> bool:
    """Whether it was filed for the organisation they speak for today, where each organisation has one voice.

    It is the organisation's then, and whoever speaks for it may withdraw it once its proposer has gone home.
    """
    own = delegation(actor, amendment.declaration.forum, clock.now())
    return own is not None and own == amendment.organisation_id


def may_read(actor: Actor, amendment: Amendment) -> bool:
    """Others' amendments once the text is open to amendments; one's own always."""
    return amendment.proposer_id == actor.person_id or may_do(actor, "amendment.read_others", amendment.declaration)


def deciders(db: Db, declaration: Declaration) -> list[Person]:
    """Who may decide on amendments today."""
    roles = roles_that_may("amendment.decide_adopt_undo")
    here = sa.select(Mandate.person_id).where(Mandate.forum_id == declaration.forum_id, Mandate.role.in_(roles))
    people = db.scalars(sa.select(Person).where(Person.id.in_(here)).options(selectinload(Person.mandates)))
    return [person for person in people if may_decide(person.as_actor(), declaration)]


class OtherDeciders:
    """Those besides `actor` who may decide today on what `actor`, or their delegation, has filed in a forum."""

    def __init__(self, db: Db, forum: Forum, *, actor: Actor) -> None:
        roles = roles_that_may("amendment.decide_adopt_undo")
        here = sa.select(Mandate.person_id).where(Mandate.forum_id == forum.id, Mandate.role.in_(roles))
        statement = sa.select(Person).where(Person.id.in_(here), Person.id != actor.person_id)
        others = [person.as_actor() for person in db.scalars(statement.options(selectinload(Person.mandates)))]
        now = clock.now()
        own = delegation(actor, forum, now)
        self._free = [actor for actor in others if own is None or delegation(actor, forum, now) != own]

    def of(self, declaration: Declaration) -> list[str]:
        """Their names; empty where nobody may."""
        return sorted(actor.name for actor in self._free if may_decide(actor, declaration))
