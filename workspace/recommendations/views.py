"""What somebody looks for in the register again and again, under a name of their own."""

from uuid import UUID

import sqlalchemy as sa

from workspace.core.actor import Actor
from workspace.core.db import Db
from workspace.core.errors import Invalid, NotAllowed, NotFound
from workspace.people.models import Forum
from workspace.recommendations import policy
from workspace.recommendations.models import SavedView

LONGEST_NAME, LONGEST_QUERY, MOST_VIEWS = 80, 1_000, 50


class ViewService:
    """Saved views. One that is shared is everybody's to use who may settle recommendations in the forum."""

    def __init__(self, db: Db) -> None:
        self.db = db

    def of(self, forum: Forum, *, actor: Actor) -> list[SavedView]:
        """Their own views and, for whoever settles recommendations, those that are shared; by name."""
        policy.ensure_may_read(actor, forum)
        if actor.person_id is None:
            return []
        open_to_them = SavedView.person_id == actor.person_id
        if policy.may_confirm(actor, forum):
            open_to_them = sa.or_(open_to_them, SavedView.is_shared.is_(True))
        statement = sa.select(SavedView).where(SavedView.forum_id == forum.id, open_to_them)
        return list(self.db.scalars(statement.order_by(SavedView.name, SavedView.id)))

    def save(self, forum: Forum, *, name: str, query: str, is_shared: bool, actor: Actor) -> SavedView:
        """Keep a view under a name, in place of the one that had it. Only who settles recommendations can share."""
        policy.ensure_may_read(actor, forum)
        if actor.person_id is None:
            raise NotAllowed(action="recommendation.read")
        name = name.strip()
        if not name:
            raise Invalid(field="name", reason="required")
        if len(name) > LONGEST_NAME or len(query) > LONGEST_QUERY:
            raise Invalid(field="name", reason="too_long", most=LONGEST_NAME)
        is_shared = is_shared and policy.may_confirm(actor, forum)
        own = sa.select(SavedView).where(SavedView.forum_id == forum.id, SavedView.person_id == actor.person_id)
        known = {view.name: view for view in self.db.scalars(own)}
        if name not in known and len(known) >= MOST_VIEWS:
            raise Invalid(field="name", reason="too_many", limit=MOST_VIEWS)
        view = known.get(name) or SavedView(forum_id=forum.id, person_id=actor.person_id, name=name)
        view.query, view.is_shared = query, is_shared
        self.db.add(view)
        self.db.flush()
        return view

    def remove(self, view_id: UUID, *, actor: Actor) -> None:
        """Forget a view of one's own; raises `NotFound` for anybody else's."""
        view = self.db.get(SavedView, view_id)
        if view is None or actor.person_id is None or view.person_id != actor.person_id:
            raise NotFound(what="view", id=str(view_id))
        self.db.delete(view)
        self.db.flush()
