"""What of the database belongs to one forum: its tables, and their rows in an order that lets them go back in."""

from collections.abc import Sequence
from typing import Any, TypeAlias

import sqlalchemy as sa

from workspace.amendments.domain import committee_models as amendments
from workspace.approvals import models as approvals
from workspace.comments import models as comments
from workspace.consultation import models as consultation
from workspace.core.actor import Actor
from workspace.core.storage.db import Model
from workspace.core.storage.forum_scope import ForumScope
from workspace.declarations.domain import models as declarations
from workspace.editions.domain import models as editions
from workspace.interchange import models as interchange
from workspace.notices import models as notices
from workspace.people import models as people
from workspace.people.models import Forum, Network, Person
from workspace.procedure import models as procedure
from workspace.recommendations import models as recommendations
from workspace.sessions import models as sessions
from workspace.terms import models as terms
from workspace.translations.domain import models as translations

Rows: TypeAlias = tuple[type[Model], sa.ColumnElement[bool], tuple[Any, ...]]

SCOPES: Sequence[ForumScope] = (  # what a table points at stands before it
    *people.SCOPES,
    *approvals.SCOPES,
    *sessions.SCOPES,
    *recommendations.SCOPES,
    *consultation.SCOPES,
    *declarations.SCOPES,
    *terms.SCOPES,
    *amendments.SCOPES,
    *comments.SCOPES,
    *procedure.SCOPES,
    *notices.SCOPES,
    *translations.SCOPES,
    *editions.SCOPES,
    *interchange.SCOPES,
)
MODELS: Sequence[type[Model]] = (Network, Forum, Person, *(scope.model for scope in SCOPES))
SHARED = {"network", "organisation", "person"}  # may be here already, with another forum of the network


def rows_of(forum: Forum, *, actor: Actor) -> list[Rows]:
    """What belongs to a forum: each table, which of its rows, and their order; those that this actor may take out."""
    here: dict[str, sa.ColumnElement[bool]] = {"network": Network.id == forum.network_id, "forum": Forum.id == forum.id}
    for scope in SCOPES:
        here[scope.model.__tablename__] = sa.or_(*(_points_into(here, column) for column in scope.through))
    persons = sa.union(
        *(sa.select(scope.persons).where(here[scope.model.__tablename__]) for scope in SCOPES if scope.persons)
    )
    return [
        (Network, here["network"], (Network.id,)),
        (Forum, here["forum"], (Forum.id,)),
        (Person, Person.id.in_(persons), (Person.id,)),
        *(
            (
                scope.model,
                sa.and_(here[scope.model.__tablename__], scope.only(actor) if scope.only else sa.true()),
                scope.order or tuple(sa.inspect(scope.model).primary_key),
            )
            for scope in SCOPES
        ),
    ]


def _points_into(here: dict[str, sa.ColumnElement[bool]], column: Any) -> sa.ColumnElement[bool]:
    """Whether a column holds the key of a row that belongs to the forum; that row's table has been looked at."""
    (key,) = column.property.columns[0].foreign_keys
    is_in: sa.ColumnElement[bool] = column.in_(sa.select(key.column).where(here[key.column.table.name]))
    return is_in


def table_of(model: type[Model]) -> sa.Table:
    table = model.__table__
    if not isinstance(table, sa.Table):
        raise TypeError(model)
    return table
