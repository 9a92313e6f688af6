"""Forms with a public address, and what came in by them."""

import sqlalchemy as sa
from alembic import op

revision = "20261123_0857"
down_revision = "20261123_0853"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "form",
        sa.Column("id", sa.Uuid, nullable=False),
        sa.Column("forum_id", sa.Uuid, nullable=False),
        sa.Column("number", sa.Integer, nullable=False),
        sa.Column("kind", sa.String(16), nullable=False),
        sa.Column("respondent", sa.String(16), nullable=False),
        sa.Column("title", sa.JSON, nullable=False),
        sa.Column("introduction", sa.JSON, nullable=False),
        sa.Column("fields", sa.JSON, nullable=False),
        sa.Column("opens_at", sa.DateTime(timezone=True)),
        sa.Column("closes_at", sa.DateTime(timezone=True)),
        sa.PrimaryKeyConstraint("id", name="pk_form"),
        sa.ForeignKeyConstraint(["forum_id"], ["forum.id"], name="fk_form_forum_id"),
        sa.UniqueConstraint("forum_id", "number", name="uq_form_forum_id_number"),
    )
    op.create_table(
        "form_answer",
        sa.Column("id", sa.Uuid, nullable=False),
        sa.Column("form_id", sa.Uuid, nullable=False),
        sa.Column("number", sa.Integer, nullable=False),
        sa.Column("language", sa.String(3), nullable=False),
        sa.Column("person_id", sa.Uuid, nullable=False),
        sa.Column("organisation_id", sa.Uuid),
        sa.Column("organisation_name", sa.Text, nullable=False),
        sa.Column("is_name_kept", sa.Boolean, nullable=False),
        sa.Column("content", sa.JSON, nullable=False),
        sa.Column("state", sa.String(16), nullable=False),
        sa.Column("reason", sa.Text, nullable=False),
        sa.Column("sent_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True)),
        sa.Column("settled_by_id", sa.Uuid),
        sa.Column("session_id", sa.Uuid),
        sa.Column("taken", sa.JSON, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_form_answer"),
        sa.UniqueConstraint("form_id", "number", name="uq_form_answer_form_id_number"),
        *(
            sa.ForeignKeyConstraint([column], [f"{table}.id"], name=f"fk_form_answer_{column}")
            for column, table in (
                ("form_id", "form"),
                ("person_id", "person"),
                ("organisation_id", "organisation"),
                ("settled_by_id", "person"),
                ("session_id", "session"),
            )
        ),
    )
    for column in ("person_id", "organisation_id", "session_id"):
        op.create_index(f"ix_form_answer_{column}", "form_answer", [column])


def downgrade() -> None:
    op.drop_table("form_answer")
    op.drop_table("form")
