"""The public screen of a sitting: since when and in which phase visitors see it, and its clock."""

import sqlalchemy as sa
from alembic import op

revision = "20261123_0631"
down_revision = "20261123_0640"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "public_screen",
        sa.Column("declaration_id", sa.Uuid, sa.ForeignKey("declaration.id"), nullable=False),
        sa.Column("public_in", sa.String(16)),
        sa.Column("opened_at", sa.DateTime(timezone=True)),
        sa.Column("clock_ends_at", sa.DateTime(timezone=True)),
        sa.PrimaryKeyConstraint("declaration_id", name="pk_public_screen"),
    )


def downgrade() -> None:
    op.drop_table("public_screen")
