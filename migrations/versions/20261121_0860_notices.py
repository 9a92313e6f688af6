"""What people follow, and what they are told."""

import sqlalchemy as sa
from alembic import op

revision = "20261121_0860"
down_revision = "20261121_0850"
branch_labels = None
depends_on = None

_ABOUT = {
    "declaration_id": "declaration",
    "block_id": "block",
    "revision_id": "revision",
    "amendment_id": "amendment",
    "decision_id": "decision",
    "thread_id": "comment_thread",
    "comment_id": "comment",
    "by_id": "person",
}


def upgrade() -> None:
    op.create_table(
        "follow",
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.Column("subject_id", sa.Uuid(), nullable=False),
        sa.Column("forum_id", sa.Uuid(), nullable=False),
        sa.Column("is_on", sa.Boolean(), nullable=False),
        sa.Column("since", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_follow_person_id")),
        sa.ForeignKeyConstraint(["forum_id"], ["forum.id"], name=op.f("fk_follow_forum_id")),
        sa.PrimaryKeyConstraint("person_id", "kind", "subject_id", name=op.f("pk_follow")),
    )
    op.create_index(op.f("ix_follow_forum_id"), "follow", ["forum_id"])
    op.create_index("ix_follow_kind_subject_id", "follow", ["kind", "subject_id"])
    op.create_table(
        "notice",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.Column("word", sa.Text(), nullable=False, server_default=""),
        sa.Column("forum_id", sa.Uuid(), nullable=False),
        *(sa.Column(name, sa.Uuid(), nullable=True) for name in _ABOUT),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("read_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_notice_person_id")),
        sa.ForeignKeyConstraint(["forum_id"], ["forum.id"], name=op.f("fk_notice_forum_id")),
        *(
            sa.ForeignKeyConstraint([name], [f"{table}.id"], name=op.f(f"fk_notice_{name}"))
            for name, table in _ABOUT.items()
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_notice")),
    )
    for name in ("forum_id", "declaration_id", "comment_id"):
        op.create_index(op.f(f"ix_notice_{name}"), "notice", [name])
    op.create_index("ix_notice_person_id_read_at", "notice", ["person_id", "read_at"])


def downgrade() -> None:
    """Nobody follows anything, and nobody was told of anything in here."""
    op.drop_table("notice")
    op.drop_table("follow")
