"""Calendar addresses of people's own."""

import sqlalchemy as sa
from alembic import op

revision = "20261121_0960"
down_revision = "20261121_0940"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "calendar_feed",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("forum_id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["forum_id"], ["forum.id"], name=op.f("fk_calendar_feed_forum_id")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_calendar_feed_person_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_calendar_feed")),
        sa.UniqueConstraint("digest", name=op.f("uq_calendar_feed_digest")),
        sa.UniqueConstraint("forum_id", "person_id", name=op.f("uq_calendar_feed_forum_id_person_id")),
    )
    op.create_index(op.f("ix_calendar_feed_person_id"), "calendar_feed", ["person_id"])


def downgrade() -> None:
    op.drop_index(op.f("ix_calendar_feed_person_id"), table_name="calendar_feed")
    op.drop_table("calendar_feed")
