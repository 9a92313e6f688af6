"""Circulars and yearly reports are written here, sent and answered."""

import sqlalchemy as sa
from alembic import op

revision = "20261123_0930"
down_revision = "20261123_0920"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "circular",
        sa.Column("id", sa.Uuid, primary_key=True),
        sa.Column("forum_id", sa.Uuid, sa.ForeignKey("forum.id"), nullable=False),
        sa.Column("number", sa.Integer, nullable=False),
        sa.Column("kind", sa.String(16), nullable=False),
        sa.Column("subject", sa.JSON, nullable=False),
        sa.Column("text", sa.JSON, nullable=False),
        sa.Column("wants_answer", sa.Boolean, nullable=False),
        sa.Column("written_by_id", sa.Uuid, sa.ForeignKey("person.id")),
        sa.Column("written_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("sent_by_id", sa.Uuid, sa.ForeignKey("person.id")),
        sa.Column("sent_at", sa.DateTime(timezone=True)),
        sa.Column("sent_to", sa.Integer, nullable=False),
        sa.UniqueConstraint("forum_id", "number"),
    )
    op.create_index("ix_circular_forum_id", "circular", ["forum_id"])
    op.create_table(
        "circular_answer",
        sa.Column("id", sa.Uuid, primary_key=True),
        sa.Column("circular_id", sa.Uuid, sa.ForeignKey("circular.id"), nullable=False),
        sa.Column("organisation_id", sa.Uuid, sa.ForeignKey("organisation.id")),
        sa.Column("person_id", sa.Uuid, sa.ForeignKey("person.id"), nullable=False),
        sa.Column("text", sa.Text, nullable=False),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=False),
    )
    op.create_index("ix_circular_answer_circular_id", "circular_answer", ["circular_id"])


def downgrade() -> None:
    op.drop_table("circular_answer")
    op.drop_table("circular")
