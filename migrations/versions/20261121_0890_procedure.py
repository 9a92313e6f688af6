"""Rules of procedure, questions put to the room: silence, votes, consensus; and what is on the table."""

import sqlalchemy as sa
from alembic import op

revision = "20261121_0890"
down_revision = "20261121_0880"
branch_labels = None
depends_on = None


def upgrade() -> None:
    _create_questions()
    _create_answers()


def _create_questions() -> None:
    op.create_table(
        "procedure_rules",
        sa.Column("declaration_id", sa.Uuid(), nullable=False),
        sa.Column("means", sa.String(length=16), nullable=False),
        sa.Column("majority", sa.String(length=16), nullable=False),
        sa.Column("quorum", sa.Integer(), nullable=False),
        sa.Column("abstentions_count", sa.Boolean(), nullable=False),
        sa.Column("is_roll_call", sa.Boolean(), nullable=False),
        sa.Column("one_voice", sa.Boolean(), nullable=False),
        sa.Column("set_by_id", sa.Uuid(), nullable=True),
        sa.Column("set_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["declaration_id"], ["declaration.id"], name=op.f("fk_procedure_rules_declaration_id")),
        sa.ForeignKeyConstraint(["set_by_id"], ["person.id"], name=op.f("fk_procedure_rules_set_by_id")),
        sa.PrimaryKeyConstraint("declaration_id", name=op.f("pk_procedure_rules")),
    )
    op.create_table(
        "question",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("declaration_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("means", sa.String(length=16), nullable=False),
        sa.Column("subject", sa.String(length=16), nullable=False),
        sa.Column("amendment_id", sa.Uuid(), nullable=True),
        sa.Column("amendment_version_id", sa.Uuid(), nullable=True),
        sa.Column("block_id", sa.Uuid(), nullable=True),
        sa.Column("language", sa.String(length=16), nullable=True),
        sa.Column("part", sa.Text(), nullable=False),
        sa.Column("bracket_id", sa.Uuid(), nullable=True),
        sa.Column("alternative", sa.Integer(), nullable=True),
        sa.Column("revision_id", sa.Uuid(), nullable=False),
        sa.Column("record_date", sa.Date(), nullable=False),
        sa.Column("majority", sa.String(length=16), nullable=False),
        sa.Column("quorum", sa.Integer(), nullable=False),
        sa.Column("abstentions_count", sa.Boolean(), nullable=False),
        sa.Column("is_roll_call", sa.Boolean(), nullable=False),
        sa.Column("one_voice", sa.Boolean(), nullable=False),
        sa.Column("put_by_id", sa.Uuid(), nullable=True),
        sa.Column("put_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("closes_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("closes_offset", sa.Integer(), nullable=True),
        sa.Column("zone", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["declaration_id"], ["declaration.id"], name=op.f("fk_question_declaration_id")),
        sa.ForeignKeyConstraint(["amendment_id"], ["amendment.id"], name=op.f("fk_question_amendment_id")),
        sa.ForeignKeyConstraint(
            ["amendment_version_id"], ["amendment_version.id"], name=op.f("fk_question_amendment_version_id")
        ),
        sa.ForeignKeyConstraint(["block_id"], ["block.id"], name=op.f("fk_question_block_id")),
        sa.ForeignKeyConstraint(["bracket_id"], ["bracket.id"], name=op.f("fk_question_bracket_id")),
        sa.ForeignKeyConstraint(["revision_id"], ["revision.id"], name=op.f("fk_question_revision_id")),
        sa.ForeignKeyConstraint(["put_by_id"], ["person.id"], name=op.f("fk_question_put_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_question")),
        sa.UniqueConstraint("declaration_id", "number", name=op.f("uq_question_declaration_id_number")),
    )
    op.create_index(op.f("ix_question_declaration_id"), "question", ["declaration_id"])
    op.create_index(op.f("ix_question_amendment_id"), "question", ["amendment_id"])
    op.create_index(op.f("ix_question_block_id"), "question", ["block_id"])
    op.create_index(op.f("ix_question_closes_at"), "question", ["closes_at"])
    op.create_table(
        "question_seat",
        sa.Column("question_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("organisation_id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=True),
        sa.ForeignKeyConstraint(["question_id"], ["question.id"], name=op.f("fk_question_seat_question_id")),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name=op.f("fk_question_seat_organisation_id")
        ),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_question_seat_person_id")),
        sa.PrimaryKeyConstraint("question_id", "number", name=op.f("pk_question_seat")),
    )


def _create_answers() -> None:
    op.create_table(
        "question_cast",
        sa.Column("question_id", sa.Uuid(), nullable=False),
        sa.Column("seat", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("choice", sa.String(length=16), nullable=True),
        sa.Column("cast_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["question_id"], ["question.id"], name=op.f("fk_question_cast_question_id")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_question_cast_person_id")),
        sa.PrimaryKeyConstraint("question_id", "seat", name=op.f("pk_question_cast")),
    )
    op.create_table(
        "secret_count",
        sa.Column("question_id", sa.Uuid(), nullable=False),
        sa.Column("choice", sa.String(length=16), nullable=False),
        sa.Column("votes", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["question_id"], ["question.id"], name=op.f("fk_secret_count_question_id")),
        sa.PrimaryKeyConstraint("question_id", "choice", name=op.f("pk_secret_count")),
    )
    op.create_table(
        "silence_receipt",
        sa.Column("question_id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("organisation_id", sa.Uuid(), nullable=False),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["question_id"], ["question.id"], name=op.f("fk_silence_receipt_question_id")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_silence_receipt_person_id")),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name=op.f("fk_silence_receipt_organisation_id")
        ),
        sa.PrimaryKeyConstraint("question_id", "person_id", name=op.f("pk_silence_receipt")),
    )
    op.create_table(
        "question_end",
        sa.Column("question_id", sa.Uuid(), nullable=False),
        sa.Column("ending", sa.String(length=16), nullable=False),
        sa.Column("yes", sa.Integer(), nullable=False),
        sa.Column("no", sa.Integer(), nullable=False),
        sa.Column("abstain", sa.Integer(), nullable=False),
        sa.Column("eligible", sa.Integer(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("block_id", sa.Uuid(), nullable=True),
        sa.Column("organisation_id", sa.Uuid(), nullable=True),
        sa.Column("ended_by_id", sa.Uuid(), nullable=True),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["question_id"], ["question.id"], name=op.f("fk_question_end_question_id")),
        sa.ForeignKeyConstraint(["block_id"], ["block.id"], name=op.f("fk_question_end_block_id")),
        sa.ForeignKeyConstraint(["organisation_id"], ["organisation.id"], name=op.f("fk_question_end_organisation_id")),
        sa.ForeignKeyConstraint(["ended_by_id"], ["person.id"], name=op.f("fk_question_end_ended_by_id")),
        sa.PrimaryKeyConstraint("question_id", name=op.f("pk_question_end")),
    )
    op.create_table(
        "question_decision",
        sa.Column("question_id", sa.Uuid(), nullable=False),
        sa.Column("decision_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(["question_id"], ["question.id"], name=op.f("fk_question_decision_question_id")),
        sa.ForeignKeyConstraint(["decision_id"], ["decision.id"], name=op.f("fk_question_decision_decision_id")),
        sa.PrimaryKeyConstraint("question_id", name=op.f("pk_question_decision")),
    )
    op.create_table(
        "floor",
        sa.Column("declaration_id", sa.Uuid(), nullable=False),
        sa.Column("amendment_id", sa.Uuid(), nullable=True),
        sa.Column("block_id", sa.Uuid(), nullable=True),
        sa.Column("given_by_id", sa.Uuid(), nullable=True),
        sa.Column("given_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["declaration_id"], ["declaration.id"], name=op.f("fk_floor_declaration_id")),
        sa.ForeignKeyConstraint(["amendment_id"], ["amendment.id"], name=op.f("fk_floor_amendment_id")),
        sa.ForeignKeyConstraint(["block_id"], ["block.id"], name=op.f("fk_floor_block_id")),
        sa.ForeignKeyConstraint(["given_by_id"], ["person.id"], name=op.f("fk_floor_given_by_id")),
        sa.PrimaryKeyConstraint("declaration_id", name=op.f("pk_floor")),
    )


def downgrade() -> None:
    """Rules, questions and answers are lost."""
    for table in (
        "floor",
        "question_decision",
        "question_end",
        "silence_receipt",
        "secret_count",
        "question_cast",
        "question_seat",
        "question",
        "procedure_rules",
    ):
        op.drop_table(table)
