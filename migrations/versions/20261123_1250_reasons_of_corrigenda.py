"""The reason for corrections is kept in each language."""

import sqlalchemy as sa
from alembic import op

revision = "20261123_1250"
down_revision = "20261123_0957"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("corrigendum") as batch:
        batch.add_column(sa.Column("reasons", sa.JSON))


def downgrade() -> None:
    with op.batch_alter_table("corrigendum") as batch:
        batch.drop_column("reasons")
