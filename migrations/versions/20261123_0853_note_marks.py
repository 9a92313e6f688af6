"""What people say that words of a note are, and the order of suggestions that follows from it."""

import sqlalchemy as sa
from alembic import op

revision = "20261123_0853"
down_revision = "20261123_0930"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "note_mark",
        sa.Column("id", sa.Uuid, primary_key=True),
        sa.Column("session_id", sa.Uuid, sa.ForeignKey("session.id"), nullable=False),
        sa.Column("kind", sa.String(16), nullable=False),
        sa.Column("suggested", sa.String(16), nullable=False),
        sa.Column("text", sa.Text, nullable=False),
        sa.Column("language", sa.String(3), nullable=False),
        sa.Column("line", sa.Integer),
        sa.Column("made_by_id", sa.Uuid, sa.ForeignKey("person.id")),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
    )
    op.create_index("ix_note_mark_session_id", "note_mark", ["session_id"])
    op.create_table(
        "suggestion_order",
        sa.Column("network_id", sa.Uuid, sa.ForeignKey("network.id"), primary_key=True),
        sa.Column("weights", sa.JSON, nullable=False),
        sa.Column("trained_on", sa.Integer, nullable=False),
        sa.Column("trained_at", sa.DateTime(timezone=True), nullable=False),
    )


def downgrade() -> None:
    op.drop_table("suggestion_order")
    op.drop_table("note_mark")
