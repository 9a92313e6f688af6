"""From sessions to the register: groups, what review did, what was looked at; projects, commitments, adopted texts."""

import sqlalchemy as sa
from alembic import op

revision = "20261121_0830"
down_revision = "20261121_0820"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("session") as batch:
        batch.add_column(sa.Column("as_read", sa.JSON(), nullable=True))
        batch.add_column(sa.Column("confirmed_by_id", sa.Uuid(), nullable=True))
        batch.add_column(sa.Column("confirmed_at", sa.DateTime(timezone=True), nullable=True))
        batch.create_foreign_key(op.f("fk_session_confirmed_by_id"), "person", ["confirmed_by_id"], ["id"])
    _create_review()
    _create_projects()
    _create_register_of_promises()


def _create_review() -> None:
    op.create_table(
        "working_group",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("session_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("language", sa.String(length=3), nullable=False),
        sa.ForeignKeyConstraint(["session_id"], ["session.id"], name=op.f("fk_working_group_session_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_working_group")),
        sa.UniqueConstraint("session_id", "name", name=op.f("uq_working_group_session_id_name")),
    )
    op.create_index(op.f("ix_working_group_session_id"), "working_group", ["session_id"])
    op.create_table(
        "recommendation_trace",
        sa.Column("recommendation_id", sa.Uuid(), nullable=False),
        sa.Column("original", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False, server_default=""),
        sa.Column("came_from_id", sa.Uuid(), nullable=True),
        sa.ForeignKeyConstraint(
            ["recommendation_id"], ["recommendation.id"], name=op.f("fk_recommendation_trace_recommendation_id")
        ),
        sa.ForeignKeyConstraint(
            ["came_from_id"], ["recommendation.id"], name=op.f("fk_recommendation_trace_came_from_id")
        ),
        sa.PrimaryKeyConstraint("recommendation_id", name=op.f("pk_recommendation_trace")),
    )
    op.create_index(op.f("ix_recommendation_trace_came_from_id"), "recommendation_trace", ["came_from_id"])
    op.create_table(
        "seen_finding",
        sa.Column("session_id", sa.Uuid(), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("seen_by_id", sa.Uuid(), nullable=True),
        sa.Column("seen_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["session_id"], ["session.id"], name=op.f("fk_seen_finding_session_id")),
        sa.ForeignKeyConstraint(["seen_by_id"], ["person.id"], name=op.f("fk_seen_finding_seen_by_id")),
        sa.PrimaryKeyConstraint("session_id", "digest", name=op.f("pk_seen_finding")),
    )


def _create_projects() -> None:
    op.create_table(
        "project",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("forum_id", sa.Uuid(), nullable=False),
        sa.Column("session_id", sa.Uuid(), nullable=True),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("promoter", sa.Text(), nullable=False),
        sa.Column("language", sa.String(length=3), nullable=False),
        sa.Column("actions", sa.JSON(), nullable=False),
        sa.Column("interested", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(["forum_id"], ["forum.id"], name=op.f("fk_project_forum_id")),
        sa.ForeignKeyConstraint(["session_id"], ["session.id"], name=op.f("fk_project_session_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_project")),
        sa.UniqueConstraint("forum_id", "number", name=op.f("uq_project_forum_id_number")),
    )
    for column in ("forum_id", "session_id"):
        op.create_index(op.f(f"ix_project_{column}"), "project", [column])
    op.create_table(
        "project_interest",
        sa.Column("project_id", sa.Uuid(), nullable=False),
        sa.Column("organisation_id", sa.Uuid(), nullable=False),
        sa.Column("joined_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["project_id"], ["project.id"], name=op.f("fk_project_interest_project_id")),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name=op.f("fk_project_interest_organisation_id")
        ),
        sa.PrimaryKeyConstraint("project_id", "organisation_id", name=op.f("pk_project_interest")),
    )
    op.create_index(op.f("ix_project_interest_organisation_id"), "project_interest", ["organisation_id"])


def _create_register_of_promises() -> None:
    op.create_table(
        "commitment",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("forum_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("organisation_id", sa.Uuid(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("language", sa.String(length=3), nullable=False),
        sa.Column("due", sa.Date(), nullable=True),
        sa.Column("status", sa.String(length=16), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("made_by_id", sa.Uuid(), nullable=True),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["forum_id"], ["forum.id"], name=op.f("fk_commitment_forum_id")),
        sa.ForeignKeyConstraint(["organisation_id"], ["organisation.id"], name=op.f("fk_commitment_organisation_id")),
        sa.ForeignKeyConstraint(["made_by_id"], ["person.id"], name=op.f("fk_commitment_made_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_commitment")),
        sa.UniqueConstraint("forum_id", "number", name=op.f("uq_commitment_forum_id_number")),
    )
    for column in ("forum_id", "organisation_id"):
        op.create_index(op.f(f"ix_commitment_{column}"), "commitment", [column])
    op.create_table(
        "passage",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("forum_id", sa.Uuid(), nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("citation", sa.Text(), nullable=False),
        sa.Column("language", sa.String(length=3), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("folded", sa.Text(), nullable=False),
        sa.Column("added_by_id", sa.Uuid(), nullable=True),
        sa.Column("added_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["forum_id"], ["forum.id"], name=op.f("fk_passage_forum_id")),
        sa.ForeignKeyConstraint(["added_by_id"], ["person.id"], name=op.f("fk_passage_added_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_passage")),
    )
    op.create_index(op.f("ix_passage_forum_id"), "passage", ["forum_id"])


def downgrade() -> None:
    """Back to sessions as they were read; groups, traces, projects, commitments and adopted texts are lost."""
    for table in (
        "passage",
        "commitment",
        "project_interest",
        "project",
        "seen_finding",
        "recommendation_trace",
        "working_group",
    ):
        op.drop_table(table)
    with op.batch_alter_table("session") as batch:
        batch.drop_constraint(op.f("fk_session_confirmed_by_id"), type_="foreignkey")
        batch.drop_column("confirmed_at")
        batch.drop_column("confirmed_by_id")
        batch.drop_column("as_read")
