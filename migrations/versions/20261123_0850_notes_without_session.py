"""A note whose session nobody knows waits for somebody to name it."""

import sqlalchemy as sa
from alembic import op

revision = "20261123_0850"
down_revision = "20261123_0840"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("source_document") as batch:
        batch.add_column(sa.Column("awaits_session", sa.Boolean, nullable=False, server_default=sa.false()))


def downgrade() -> None:
    with op.batch_alter_table("source_document") as batch:
        batch.drop_column("awaits_session")
