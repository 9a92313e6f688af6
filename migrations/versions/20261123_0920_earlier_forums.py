"""Forums before this one are sources of its recommendations."""

import sqlalchemy as sa
from alembic import op

revision = "20261123_0920"
down_revision = "20261123_0910"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "forum_parent",
        sa.Column("id", sa.Uuid, primary_key=True),
        sa.Column("forum_id", sa.Uuid, sa.ForeignKey("forum.id"), nullable=False),
        sa.Column("kind", sa.String(16), nullable=False),
        sa.Column("parent_id", sa.Uuid),
        sa.Column("name", sa.JSON, nullable=False),
        sa.Column("title", sa.JSON, nullable=False),
        sa.Column("edition", sa.Integer, nullable=False),
        sa.Column("manifest_sha256", sa.Text, nullable=False),
        sa.Column("key", sa.Text, nullable=False),
        sa.Column("paragraphs", sa.JSON, nullable=False),
        sa.Column("content", sa.LargeBinary),
        sa.Column("made_by_id", sa.Uuid, sa.ForeignKey("person.id")),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
    )
    op.create_index("ix_forum_parent_forum_id", "forum_parent", ["forum_id"])
    with op.batch_alter_table("recommendation") as batch:
        batch.add_column(sa.Column("taken_from", sa.JSON))


def downgrade() -> None:
    with op.batch_alter_table("recommendation") as batch:
        batch.drop_column("taken_from")
    op.drop_table("forum_parent")
