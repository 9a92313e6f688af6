"""What was agreed can be taken back, with a reason."""

import sqlalchemy as sa
from alembic import op

revision = "20261122_1930"
down_revision = "20261122_0500"


def upgrade() -> None:
    op.create_table(
        "question_reversal",
        sa.Column("question_id", sa.Uuid, sa.ForeignKey("question.id"), primary_key=True),
        sa.Column("reason", sa.Text, nullable=False),
        sa.Column("reversed_by_id", sa.Uuid, sa.ForeignKey("person.id")),
        sa.Column("reversed_at", sa.DateTime(timezone=True), nullable=False),
    )


def downgrade() -> None:
    op.drop_table("question_reversal")
