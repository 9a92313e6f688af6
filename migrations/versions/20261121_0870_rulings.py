"""Opinions, answers, partial decisions, rounds that can be undone, tables to cite, choices in the making."""

import sqlalchemy as sa
from alembic import op

revision = "20261121_0870"
down_revision = "20261121_0860"
branch_labels = None
depends_on = None


def upgrade() -> None:
    _create_rounds()
    with op.batch_alter_table("decision") as batch:
        batch.add_column(sa.Column("round_id", sa.Uuid(), nullable=True))
        batch.add_column(sa.Column("because_of_id", sa.Uuid(), nullable=True))
        batch.create_foreign_key(op.f("fk_decision_round_id"), "decision_round", ["round_id"], ["id"])
        batch.create_foreign_key(op.f("fk_decision_because_of_id"), "amendment", ["because_of_id"], ["id"])
        batch.create_index(op.f("ix_decision_round_id"), ["round_id"])
    _create_opinions()
    _create_tables_to_cite()


def _create_rounds() -> None:
    op.create_table(
        "decision_round",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("declaration_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("language", sa.String(length=16), nullable=False),
        sa.Column("phase", sa.String(length=16), nullable=False),
        sa.Column("before_id", sa.Uuid(), nullable=False),
        sa.Column("revision_id", sa.Uuid(), nullable=True),
        sa.Column("undoes_id", sa.Uuid(), nullable=True),
        sa.Column("taken_by_id", sa.Uuid(), nullable=True),
        sa.Column("taken_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["declaration_id"], ["declaration.id"], name=op.f("fk_decision_round_declaration_id")),
        sa.ForeignKeyConstraint(["before_id"], ["revision.id"], name=op.f("fk_decision_round_before_id")),
        sa.ForeignKeyConstraint(["revision_id"], ["revision.id"], name=op.f("fk_decision_round_revision_id")),
        sa.ForeignKeyConstraint(["undoes_id"], ["decision_round.id"], name=op.f("fk_decision_round_undoes_id")),
        sa.ForeignKeyConstraint(["taken_by_id"], ["person.id"], name=op.f("fk_decision_round_taken_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_decision_round")),
        sa.UniqueConstraint("declaration_id", "number", name=op.f("uq_decision_round_declaration_id_number")),
    )
    op.create_index(op.f("ix_decision_round_declaration_id"), "decision_round", ["declaration_id"])
    op.create_table(
        "round_effect",
        sa.Column("round_id", sa.Uuid(), nullable=False),
        sa.Column("amendment_id", sa.Uuid(), nullable=False),
        sa.Column("before", sa.String(length=16), nullable=False),
        sa.Column("after", sa.String(length=16), nullable=False),
        sa.ForeignKeyConstraint(["round_id"], ["decision_round.id"], name=op.f("fk_round_effect_round_id")),
        sa.ForeignKeyConstraint(["amendment_id"], ["amendment.id"], name=op.f("fk_round_effect_amendment_id")),
        sa.PrimaryKeyConstraint("round_id", "amendment_id", name=op.f("pk_round_effect")),
    )
    op.create_index(op.f("ix_round_effect_amendment_id"), "round_effect", ["amendment_id"])


def _create_opinions() -> None:
    op.create_table(
        "amendment_opinion",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("amendment_id", sa.Uuid(), nullable=False),
        sa.Column("stance", sa.String(length=16), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("role", sa.String(length=16), nullable=False),
        sa.Column("version_id", sa.Uuid(), nullable=True),
        sa.Column("given_by_id", sa.Uuid(), nullable=True),
        sa.Column("given_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["amendment_id"], ["amendment.id"], name=op.f("fk_amendment_opinion_amendment_id")),
        sa.ForeignKeyConstraint(["version_id"], ["amendment_version.id"], name=op.f("fk_amendment_opinion_version_id")),
        sa.ForeignKeyConstraint(["given_by_id"], ["person.id"], name=op.f("fk_amendment_opinion_given_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_amendment_opinion")),
    )
    op.create_index(op.f("ix_amendment_opinion_amendment_id"), "amendment_opinion", ["amendment_id"])
    op.create_table(
        "amendment_answer",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("amendment_id", sa.Uuid(), nullable=False),
        sa.Column("version_id", sa.Uuid(), nullable=False),
        sa.Column("reply", sa.String(length=16), nullable=False),
        sa.Column("word", sa.Text(), nullable=False),
        sa.Column("answered_by_id", sa.Uuid(), nullable=False),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["amendment_id"], ["amendment.id"], name=op.f("fk_amendment_answer_amendment_id")),
        sa.ForeignKeyConstraint(["version_id"], ["amendment_version.id"], name=op.f("fk_amendment_answer_version_id")),
        sa.ForeignKeyConstraint(["answered_by_id"], ["person.id"], name=op.f("fk_amendment_answer_answered_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_amendment_answer")),
    )
    op.create_index(op.f("ix_amendment_answer_amendment_id"), "amendment_answer", ["amendment_id"])


def _create_tables_to_cite() -> None:
    op.create_table(
        "amendment_table",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("declaration_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("revision_id", sa.Uuid(), nullable=False),
        sa.Column("content", sa.Text(), nullable=False),
        sa.Column("sha256", sa.Text(), nullable=False),
        sa.Column("taken_by_id", sa.Uuid(), nullable=True),
        sa.Column("taken_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["declaration_id"], ["declaration.id"], name=op.f("fk_amendment_table_declaration_id")),
        sa.ForeignKeyConstraint(["revision_id"], ["revision.id"], name=op.f("fk_amendment_table_revision_id")),
        sa.ForeignKeyConstraint(["taken_by_id"], ["person.id"], name=op.f("fk_amendment_table_taken_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_amendment_table")),
        sa.UniqueConstraint("declaration_id", "number", name=op.f("uq_amendment_table_declaration_id_number")),
    )
    op.create_index(op.f("ix_amendment_table_declaration_id"), "amendment_table", ["declaration_id"])
    op.create_table(
        "desk_draft",
        sa.Column("declaration_id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("language", sa.String(length=16), nullable=False),
        sa.Column("choices", sa.JSON(), nullable=False),
        sa.Column("kept_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["declaration_id"], ["declaration.id"], name=op.f("fk_desk_draft_declaration_id")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_desk_draft_person_id")),
        sa.PrimaryKeyConstraint("declaration_id", "person_id", "language", name=op.f("pk_desk_draft")),
    )


def downgrade() -> None:
    """Back to single decisions; opinions, answers, rounds and tables are lost."""
    for table in ("desk_draft", "amendment_table", "amendment_answer", "amendment_opinion"):
        op.drop_table(table)
    with op.batch_alter_table("decision") as batch:
        batch.drop_index(op.f("ix_decision_round_id"))
        batch.drop_constraint(op.f("fk_decision_because_of_id"), type_="foreignkey")
        batch.drop_constraint(op.f("fk_decision_round_id"), type_="foreignkey")
        batch.drop_column("because_of_id")
        batch.drop_column("round_id")
    op.drop_table("round_effect")
    op.drop_table("decision_round")
