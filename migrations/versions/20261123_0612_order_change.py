"""What the chair changes in the running order, with the reason."""

import sqlalchemy as sa
from alembic import op

revision = "20261123_0612"
down_revision = "20261123_0631"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "order_change",
        sa.Column("declaration_id", sa.Uuid, sa.ForeignKey("declaration.id"), primary_key=True),
        sa.Column("number", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("act", sa.String(16), nullable=False),
        sa.Column("amendment_id", sa.Uuid, sa.ForeignKey("amendment.id"), nullable=False),
        sa.Column("anchor_id", sa.Uuid, sa.ForeignKey("amendment.id")),
        sa.Column("group_name", sa.Text, nullable=False),
        sa.Column("reason", sa.Text, nullable=False),
        sa.Column("made_by_id", sa.Uuid, sa.ForeignKey("person.id")),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
    )


def downgrade() -> None:
    op.drop_table("order_change")
