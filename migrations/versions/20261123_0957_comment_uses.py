"""What was made of a remark, with its author."""

import sqlalchemy as sa
from alembic import op

revision = "20261123_0957"
down_revision = "20261123_0855"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "comment_use",
        sa.Column("comment_id", sa.Uuid, sa.ForeignKey("comment.id"), primary_key=True),
        sa.Column("recommendation_id", sa.Uuid, sa.ForeignKey("recommendation.id")),
        sa.Column("amendment_id", sa.Uuid, sa.ForeignKey("amendment.id")),
        sa.Column("used_by_id", sa.Uuid, sa.ForeignKey("person.id")),
        sa.Column("used_at", sa.DateTime(timezone=True), nullable=False),
    )


def downgrade() -> None:
    op.drop_table("comment_use")
