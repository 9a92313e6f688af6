"""A signature under three texts says which of the languages its signer answers for; those there are, for all."""

import sqlalchemy as sa
from alembic import op

revision = "20261122_1920"
down_revision = "20261122_1930"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("concordance", sa.Column("languages", sa.Text(), nullable=False, server_default="es,en,fr"))


def downgrade() -> None:
    op.drop_column("concordance", "languages")
