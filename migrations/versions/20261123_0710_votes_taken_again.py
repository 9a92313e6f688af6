"""A vote is taken again, with a reason."""

import sqlalchemy as sa
from alembic import op

revision = "20261123_0710"
down_revision = "20261123_0655"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("question_reversal") as batch:
        batch.add_column(
            sa.Column("again_id", sa.Uuid, sa.ForeignKey("question.id", name="fk_question_reversal_again_id"))
        )
        batch.create_index("ix_question_reversal_again_id", ["again_id"])


def downgrade() -> None:
    with op.batch_alter_table("question_reversal") as batch:
        batch.drop_index("ix_question_reversal_again_id")
        batch.drop_constraint("fk_question_reversal_again_id", type_="foreignkey")
        batch.drop_column("again_id")
