"""An answer to a form keeps what it said before it was corrected."""

import sqlalchemy as sa
from alembic import op

revision = "20261123_1226"
down_revision = "20261123_1225"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("form_answer") as batch:
        batch.add_column(sa.Column("earlier", sa.JSON, nullable=False, server_default="[]"))


def downgrade() -> None:
    with op.batch_alter_table("form_answer") as batch:
        batch.drop_column("earlier")
