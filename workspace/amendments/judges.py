"""Who else decides where a chair may not: nobody rules on what they, or their own delegation, have filed."""

import sqlalchemy as sa
from sqlalchemy.orm import selectinload

from workspace.amendments.policy import may_decide
from workspace.core import clock
from workspace.core.actor import Actor
from workspace.core.db import Db
from workspace.core.permissions import roles_that_may
from workspace.declarations.models import Declaration
from workspace.people.models import Forum, Mandate, Person
from workspace.people.policy import delegation


class Judges:
    """Those besides `actor` who may decide today on what `actor`, or their delegation, has filed in a forum."""

    def __init__(self, db: Db, forum: Forum, *, actor: Actor) -> None:
        roles = roles_that_may("amendment.decide_adopt_undo")
        here = sa.select(Mandate.person_id).where(Mandate.forum_id == forum.id, Mandate.role.in_(roles))
        statement = sa.select(Person).where(Person.id.in_(here), Person.id != actor.person_id)
        others = [one.as_actor() for one in db.scalars(statement.options(selectinload(Person.mandates)))]
        now = clock.now()
        own = delegation(actor, forum, now)
        self._free = [one for one in others if own is None or delegation(one, forum, now) != own]

    def of(self, declaration: Declaration) -> list[str]:
        """Their names; empty where nobody may."""
        return sorted(one.name for one in self._free if may_decide(one, declaration))
