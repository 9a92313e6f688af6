"""Whether late amendments need leave of the chair; those that were filed before stay as they are."""

import sqlalchemy as sa
from alembic import op

revision = "20261123_0647"
down_revision = "20261123_0612"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("forum") as batch:
        batch.add_column(sa.Column("late_needs_leave", sa.Boolean(), server_default=sa.true(), nullable=False))


def downgrade() -> None:
    with op.batch_alter_table("forum") as batch:
        batch.drop_column("late_needs_leave")
