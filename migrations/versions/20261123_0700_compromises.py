"""Compromise amendments: which others each of them would replace."""

import sqlalchemy as sa
from alembic import op

revision = "20261123_0700"
down_revision = "20261123_0615"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "amendment_replacement",
        sa.Column("amendment_id", sa.Uuid(), nullable=False),
        sa.Column("replaced_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(["amendment_id"], ["amendment.id"], name="fk_amendment_replacement_amendment_id"),
        sa.ForeignKeyConstraint(["replaced_id"], ["amendment.id"], name="fk_amendment_replacement_replaced_id"),
        sa.PrimaryKeyConstraint("amendment_id", "replaced_id", name="pk_amendment_replacement"),
    )
    op.create_index("ix_amendment_replacement_replaced_id", "amendment_replacement", ["replaced_id"])


def downgrade() -> None:
    op.drop_table("amendment_replacement")
