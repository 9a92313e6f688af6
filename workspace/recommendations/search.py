"""What somebody looks for in the register, as conditions that the database answers."""

from enum import StrEnum
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from msgspec import Struct

from workspace.core.actor import Actor
from workspace.core.errors import Invalid, NotAllowed, NotFound
from workspace.core.storage import search_index
from workspace.core.storage.db import Service
from workspace.core.storage.search_index import Searchable, selected
from workspace.core.storage.text_search import has_words
from workspace.core.validation import ensure_short
from workspace.people.models import Forum
from workspace.recommendations import policy
from workspace.recommendations.models import (
    Endorsement,
    Recommendation,
    RecommendationStatus,
    RecommendationTheme,
    RulingOutcome,
    SavedView,
)


class RegisterOrder(StrEnum):
    """How the register is sorted; ties by number."""

    NUMBER = "number"
    NEWEST = "newest"
    SESSION = "session"
    LANGUAGE = "language"
    ENDORSED = "endorsed"


class RegisterSearch(Struct, frozen=True, kw_only=True):
    """Everything, where nothing is said."""

    words: str = ""
    session_id: UUID | None = None
    language: str = ""
    standing: RecommendationStatus | None = None
    outcome: RulingOutcome | None = None
    theme_id: UUID | None = None
    organisation_id: UUID | None = None  # that sent it in or stands behind it


EVERYTHING = RegisterSearch()


def search_conditions(forum: Forum, wanted: RegisterSearch, *, actor: Actor) -> list[sa.ColumnElement[bool]]:
    """What a recommendation must be for `actor` to find it there; raises `NotAllowed` for who may not read any."""
    policy.ensure_may_read(actor, forum)
    found = [policy.shown_to(actor, forum)]
    plain: tuple[tuple[Any, Any], ...] = (
        (Recommendation.session_id, wanted.session_id),
        (Recommendation.language, wanted.language),
        (Recommendation.standing, wanted.standing),
        (Recommendation.outcome, wanted.outcome),
    )
    found += [column == value for column, value in plain if value]
    if wanted.words:
        found.append(has_words(Recommendation.folded, wanted.words))
    if wanted.theme_id:
        under = sa.select(RecommendationTheme.recommendation_id).where(RecommendationTheme.theme_id == wanted.theme_id)
        found.append(Recommendation.id.in_(under))
    if wanted.organisation_id:
        behind = sa.select(Endorsement.recommendation_id).where(Endorsement.organisation_id == wanted.organisation_id)
        sent_in = Recommendation.organisation_id == wanted.organisation_id
        found.append(sa.or_(sent_in, Recommendation.id.in_(behind)))
    return found


def readable_ids(forum: Forum, actor: Actor) -> sa.Select[UUID]:
    """Ids of the recommendations that `actor` finds in the register; none for who may not read any."""
    found = search_conditions(forum, EVERYTHING, actor=actor) if policy.may_read(actor, forum) else [sa.false()]
    return sa.select(Recommendation.id).where(*found)


_NAME = sa.literal("r ") + sa.cast(Recommendation.number, sa.Text)
_DOCUMENTS = sa.select(Recommendation.id, Recommendation.forum_id, sa.null(), Recommendation.language).add_columns(
    Recommendation.text, _NAME
)
SEARCHED = Searchable(
    kind="recommendation",
    tables={"recommendation": ("id", "text")},
    documents=selected(_DOCUMENTS.order_by(Recommendation.number), Recommendation.id),
    readable=lambda _, forum, actor: search_index.C.subject_id.in_(readable_ids(forum, actor)),
)


def search_order(order: RegisterOrder) -> tuple[Any, ...]:
    """The columns to sort by."""
    endorsed = (
        sa.select(sa.func.count())
        .where(Endorsement.recommendation_id == Recommendation.id)
        .correlate(Recommendation)
        .scalar_subquery()
    )
    leading: dict[RegisterOrder, tuple[Any, ...]] = {
        RegisterOrder.NUMBER: (),
        RegisterOrder.NEWEST: (Recommendation.number.desc(),),
        RegisterOrder.SESSION: (Recommendation.session_id.is_(None), Recommendation.session_id),
        RegisterOrder.LANGUAGE: (Recommendation.language,),
        RegisterOrder.ENDORSED: (endorsed.desc(),),
    }
    return (*leading[order], Recommendation.number)


LONGEST_NAME, LONGEST_QUERY, MOST_VIEWS = 80, 1_000, 50


class ViewService(Service):
    """Saved views. One that is shared is everybody's to use who may settle recommendations in the forum."""

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
        ensure_short(name, LONGEST_NAME, "name")
        ensure_short(query, LONGEST_QUERY, "name")
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
