"""A round of decisions may be of amendments in several languages."""

import sqlalchemy as sa
from alembic import op

revision = "20261123_0640"
down_revision = "20261123_0620"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("decision_round") as batch:
        batch.alter_column("language", existing_type=sa.String(16), nullable=True)


def downgrade() -> None:
    op.execute(
        "UPDATE decision_round SET language = (SELECT original_language FROM declaration "
        "WHERE declaration.id = decision_round.declaration_id) WHERE language IS NULL"
    )
    with op.batch_alter_table("decision_round") as batch:
        batch.alter_column("language", existing_type=sa.String(16), nullable=False)
