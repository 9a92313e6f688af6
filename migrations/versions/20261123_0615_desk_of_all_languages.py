"""What somebody has marked on the desk of a declaration is one draft for all languages."""

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "20261123_0615"
down_revision = "20261123_0720"
branch_labels = None
depends_on = None


def upgrade() -> None:
    drafts: dict[tuple[Any, Any], dict[str, Any]] = {}
    for before in op.get_bind().execute(sa.select(sa.table("desk_draft", *_kept()))).mappings():
        key = (before["declaration_id"], before["person_id"])
        draft = drafts.setdefault(key, {**before, "choices": [], "leading": {}})
        draft["choices"] = [*draft["choices"], *before["choices"]]
    op.drop_table("desk_draft")
    op.bulk_insert(_created(sa.Column("leading", sa.JSON, nullable=False)), list(drafts.values()))


def downgrade() -> None:
    op.drop_table("desk_draft")
    _created(sa.Column("language", sa.String(16), primary_key=True))


def _kept() -> tuple[sa.ColumnClause[Any], ...]:
    keys = (sa.column("declaration_id", sa.Uuid), sa.column("person_id", sa.Uuid))
    return (*keys, sa.column("choices", sa.JSON), sa.column("kept_at", sa.DateTime(timezone=True)))


def _created(column: sa.Column[Any]) -> sa.Table:
    return op.create_table(
        "desk_draft",
        sa.Column("declaration_id", sa.Uuid, sa.ForeignKey("declaration.id"), primary_key=True),
        sa.Column("person_id", sa.Uuid, sa.ForeignKey("person.id"), primary_key=True),
        column,
        sa.Column("choices", sa.JSON, nullable=False),
        sa.Column("kept_at", sa.DateTime(timezone=True), nullable=False),
    )
