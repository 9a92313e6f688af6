"""On which amendments delegations want a vote of their own."""

import sqlalchemy as sa
from alembic import op

revision = "20261123_0705"
down_revision = "20261123_0700"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "separate_vote",
        sa.Column("amendment_id", sa.Uuid, sa.ForeignKey("amendment.id"), primary_key=True),
        sa.Column("organisation_id", sa.Uuid, sa.ForeignKey("organisation.id"), primary_key=True),
        sa.Column("asked_by_id", sa.Uuid, sa.ForeignKey("person.id"), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("withdrawn_at", sa.DateTime(timezone=True)),
    )


def downgrade() -> None:
    op.drop_table("separate_vote")
