"""What a forum calls its declaration, amendments, sessions, members and committees."""

import sqlalchemy as sa
from alembic import op

revision = "20261123_0204"
down_revision = "20261122_2231"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("forum") as batch:
        batch.add_column(sa.Column("labels", sa.JSON(), server_default="{}", nullable=False))


def downgrade() -> None:
    with op.batch_alter_table("forum") as batch:
        batch.drop_column("labels")
