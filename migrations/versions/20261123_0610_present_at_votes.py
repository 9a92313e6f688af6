"""How many were present is kept with the numbers of a vote."""

import sqlalchemy as sa
from alembic import op

revision = "20261123_0610"
down_revision = "20261123_0225"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("question_end") as batch:
        batch.add_column(sa.Column("present", sa.Integer))


def downgrade() -> None:
    with op.batch_alter_table("question_end") as batch:
        batch.drop_column("present")
