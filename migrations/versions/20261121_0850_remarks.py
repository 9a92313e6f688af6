"""What a conversation is about, where the words it speaks of stand, and whom its remarks name."""

import sqlalchemy as sa
from alembic import op

revision = "20261121_0850"
down_revision = "20261121_0840"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("comment_thread") as batch:
        for column in ("declaration_id", "block_id", "revision_id"):
            batch.alter_column(column, existing_type=sa.Uuid(), nullable=True)
        batch.add_column(sa.Column("amendment_id", sa.Uuid(), nullable=True))
        batch.add_column(sa.Column("recommendation_id", sa.Uuid(), nullable=True))
        batch.create_foreign_key(op.f("fk_comment_thread_amendment_id"), "amendment", ["amendment_id"], ["id"])
        batch.create_foreign_key(
            op.f("fk_comment_thread_recommendation_id"), "recommendation", ["recommendation_id"], ["id"]
        )
        batch.create_index(op.f("ix_comment_thread_amendment_id"), ["amendment_id"])
        batch.create_index(op.f("ix_comment_thread_recommendation_id"), ["recommendation_id"])
        batch.create_check_constraint(
            op.f("ck_comment_thread_one_ground"), "(declaration_id IS NULL) <> (recommendation_id IS NULL)"
        )
    op.create_table(
        "comment_place",
        sa.Column("thread_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False, autoincrement=False),
        sa.Column("revision_id", sa.Uuid(), nullable=False),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("block_id", sa.Uuid(), nullable=False),
        sa.Column("language", sa.String(length=16), nullable=False),
        sa.Column("text_version_id", sa.Uuid(), nullable=False),
        sa.Column("starts_at", sa.Integer(), nullable=False),
        sa.Column("ends_at", sa.Integer(), nullable=False),
        sa.Column("quote", sa.Text(), nullable=False),
        sa.Column("words_before", sa.Text(), nullable=False),
        sa.Column("words_after", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["thread_id"], ["comment_thread.id"], name=op.f("fk_comment_place_thread_id")),
        sa.ForeignKeyConstraint(["revision_id"], ["revision.id"], name=op.f("fk_comment_place_revision_id")),
        sa.ForeignKeyConstraint(["block_id"], ["block.id"], name=op.f("fk_comment_place_block_id")),
        sa.ForeignKeyConstraint(
            ["text_version_id"], ["text_version.id"], name=op.f("fk_comment_place_text_version_id")
        ),
        sa.PrimaryKeyConstraint("thread_id", "number", name=op.f("pk_comment_place")),
    )
    op.create_index(op.f("ix_comment_place_block_id"), "comment_place", ["block_id"])
    op.create_table(
        "comment_mention",
        sa.Column("comment_id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(["comment_id"], ["comment.id"], name=op.f("fk_comment_mention_comment_id")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_comment_mention_person_id")),
        sa.PrimaryKeyConstraint("comment_id", "person_id", name=op.f("pk_comment_mention")),
    )
    op.create_index(op.f("ix_comment_mention_person_id"), "comment_mention", ["person_id"])


def downgrade() -> None:
    """Back to conversations about paragraphs alone; those about anything else are lost, and so is who was named."""
    op.drop_table("comment_mention")
    op.drop_table("comment_place")
    elsewhere = "SELECT id FROM comment_thread WHERE block_id IS NULL"
    remarks = f"SELECT id FROM comment WHERE thread_id IN ({elsewhere})"  # noqa: S608  (constants)
    op.execute(f"DELETE FROM comment_version WHERE comment_id IN ({remarks})")  # noqa: S608  (constants)
    op.execute(f"DELETE FROM comment WHERE thread_id IN ({elsewhere})")  # noqa: S608  (constants)
    op.execute("DELETE FROM comment_thread WHERE block_id IS NULL")
    with op.batch_alter_table("comment_thread") as batch:
        batch.drop_constraint(op.f("ck_comment_thread_one_ground"), type_="check")
        for column in ("amendment_id", "recommendation_id"):
            batch.drop_index(op.f(f"ix_comment_thread_{column}"))
            batch.drop_constraint(op.f(f"fk_comment_thread_{column}"), type_="foreignkey")
            batch.drop_column(column)
        for column in ("declaration_id", "block_id", "revision_id"):
            batch.alter_column(column, existing_type=sa.Uuid(), nullable=False)
