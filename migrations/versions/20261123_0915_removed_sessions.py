"""A session that was removed from the programme can be restored."""

import sqlalchemy as sa
from alembic import op

revision = "20261123_0915"
down_revision = "20261123_0857"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("session") as batch:
        batch.add_column(sa.Column("removed_at", sa.DateTime(timezone=True)))


def downgrade() -> None:
    with op.batch_alter_table("session") as batch:
        batch.drop_column("removed_at")
