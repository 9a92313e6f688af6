"""The statements of a note that await their session are kept, so that each can be put to its own."""

import sqlalchemy as sa
from alembic import op

revision = "20261123_1615"
down_revision = "20261123_1226"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("source_document", sa.Column("awaiting", sa.JSON))


def downgrade() -> None:
    with op.batch_alter_table("source_document") as batch:
        batch.drop_column("awaiting")
