"""A random salt beside each name: the log names persons by digests that nobody can guess names from.

The salts themselves are made when the rows are named (`workspace.core.storage.log.name_again`).
"""

import sqlalchemy as sa
from alembic import op

revision = "20261122_2003"
down_revision = "20261122_1955"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("person") as batch:
        batch.add_column(sa.Column("salt", sa.Text(), server_default="", nullable=False))


def downgrade() -> None:
    with op.batch_alter_table("person") as batch:
        batch.drop_column("salt")
