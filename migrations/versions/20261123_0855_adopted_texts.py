"""Whole adopted texts, whose paragraphs are passages that answer one another in up to three languages."""

import sqlalchemy as sa
from alembic import op

revision = "20261123_0855"
down_revision = "20261123_0915"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "adopted_text",
        sa.Column("id", sa.Uuid, primary_key=True),
        sa.Column("forum_id", sa.Uuid, sa.ForeignKey("forum.id"), nullable=False),
        sa.Column("title", sa.JSON, nullable=False),
        sa.Column("symbol", sa.Text, nullable=False, server_default=""),
        sa.Column("adopted_on", sa.Date),
        sa.Column("added_by_id", sa.Uuid, sa.ForeignKey("person.id")),
        sa.Column("added_at", sa.DateTime(timezone=True), nullable=False),
    )
    op.create_index("ix_adopted_text_forum_id", "adopted_text", ["forum_id"])
    with op.batch_alter_table("passage") as batch:
        text = sa.ForeignKey("adopted_text.id", name="fk_passage_text_id")
        batch.add_column(sa.Column("text_id", sa.Uuid, text))
        batch.add_column(sa.Column("position", sa.Integer))
        batch.add_column(sa.Column("kind", sa.String(16), nullable=False, server_default=""))
        batch.add_column(sa.Column("is_doubtful", sa.Boolean, nullable=False, server_default=sa.false()))
        batch.create_index("ix_passage_text_id_position", ["text_id", "position"])


def downgrade() -> None:
    with op.batch_alter_table("passage") as batch:
        batch.drop_index("ix_passage_text_id_position")
        batch.drop_constraint("fk_passage_text_id", type_="foreignkey")
        for name in ("is_doubtful", "kind", "position", "text_id"):
            batch.drop_column(name)
    op.drop_table("adopted_text")
