"""Who translates what, what a second pair of eyes said, what was signed in three languages, what was suggested."""

import sqlalchemy as sa
from alembic import op

revision = "20261121_0910"
down_revision = "20261121_0900"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "text_review",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("declaration_id", sa.Uuid(), nullable=False),
        sa.Column("version_id", sa.Uuid(), nullable=False),
        sa.Column("verdict", sa.String(length=16), nullable=False),
        sa.Column("note", sa.Text(), nullable=False, server_default=""),
        sa.Column("reviewed_by_id", sa.Uuid(), nullable=True),
        sa.Column("reviewed_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["declaration_id"], ["declaration.id"], name=op.f("fk_text_review_declaration_id")),
        sa.ForeignKeyConstraint(["version_id"], ["text_version.id"], name=op.f("fk_text_review_version_id")),
        sa.ForeignKeyConstraint(["reviewed_by_id"], ["person.id"], name=op.f("fk_text_review_reviewed_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_text_review")),
    )
    op.create_index(op.f("ix_text_review_declaration_id"), "text_review", ["declaration_id"])
    op.create_index(op.f("ix_text_review_version_id"), "text_review", ["version_id"])
    op.create_table(
        "concordance",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("declaration_id", sa.Uuid(), nullable=False),
        sa.Column("block_id", sa.Uuid(), nullable=False),
        sa.Column("es_id", sa.Uuid(), nullable=True),
        sa.Column("en_id", sa.Uuid(), nullable=True),
        sa.Column("fr_id", sa.Uuid(), nullable=True),
        sa.Column("note", sa.Text(), nullable=False, server_default=""),
        sa.Column("signed_by_id", sa.Uuid(), nullable=True),
        sa.Column("signed_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["declaration_id"], ["declaration.id"], name=op.f("fk_concordance_declaration_id")),
        sa.ForeignKeyConstraint(["block_id"], ["block.id"], name=op.f("fk_concordance_block_id")),
        sa.ForeignKeyConstraint(["es_id"], ["text_version.id"], name=op.f("fk_concordance_es_id")),
        sa.ForeignKeyConstraint(["en_id"], ["text_version.id"], name=op.f("fk_concordance_en_id")),
        sa.ForeignKeyConstraint(["fr_id"], ["text_version.id"], name=op.f("fk_concordance_fr_id")),
        sa.ForeignKeyConstraint(["signed_by_id"], ["person.id"], name=op.f("fk_concordance_signed_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_concordance")),
    )
    op.create_index(op.f("ix_concordance_block_id"), "concordance", ["block_id"])
    op.create_index(op.f("ix_concordance_declaration_id"), "concordance", ["declaration_id"])
    op.create_table(
        "sign_off",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("declaration_id", sa.Uuid(), nullable=False),
        sa.Column("language", sa.String(length=16), nullable=False),
        sa.Column("texts_hash", sa.String(length=64), nullable=False),
        sa.Column("signed_by_id", sa.Uuid(), nullable=True),
        sa.Column("signed_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["declaration_id"], ["declaration.id"], name=op.f("fk_sign_off_declaration_id")),
        sa.ForeignKeyConstraint(["signed_by_id"], ["person.id"], name=op.f("fk_sign_off_signed_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sign_off")),
    )
    op.create_index(op.f("ix_sign_off_declaration_id"), "sign_off", ["declaration_id"])
    op.create_table(
        "text_claim",
        sa.Column("block_id", sa.Uuid(), nullable=False),
        sa.Column("language", sa.String(length=16), nullable=False),
        sa.Column("declaration_id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("until", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["block_id"], ["block.id"], name=op.f("fk_text_claim_block_id")),
        sa.ForeignKeyConstraint(["declaration_id"], ["declaration.id"], name=op.f("fk_text_claim_declaration_id")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_text_claim_person_id")),
        sa.PrimaryKeyConstraint("block_id", "language", name=op.f("pk_text_claim")),
    )
    op.create_index(op.f("ix_text_claim_declaration_id"), "text_claim", ["declaration_id"])
    op.create_table(
        "assignment",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("declaration_id", sa.Uuid(), nullable=False),
        sa.Column("language", sa.String(length=16), nullable=False),
        sa.Column("block_id", sa.Uuid(), nullable=True),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=True),
        sa.Column("made_by_id", sa.Uuid(), nullable=True),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["declaration_id"], ["declaration.id"], name=op.f("fk_assignment_declaration_id")),
        sa.ForeignKeyConstraint(["block_id"], ["block.id"], name=op.f("fk_assignment_block_id")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_assignment_person_id")),
        sa.ForeignKeyConstraint(["made_by_id"], ["person.id"], name=op.f("fk_assignment_made_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_assignment")),
    )
    op.create_index(op.f("ix_assignment_declaration_id"), "assignment", ["declaration_id"])
    op.create_index(op.f("ix_assignment_person_id"), "assignment", ["person_id"])
    op.create_table(
        "suggestion",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("declaration_id", sa.Uuid(), nullable=False),
        sa.Column("block_id", sa.Uuid(), nullable=False),
        sa.Column("language", sa.String(length=16), nullable=False),
        sa.Column("content", sa.Text(), nullable=False),
        sa.Column("came_from", sa.String(length=16), nullable=False),
        sa.Column("origin", sa.Text(), nullable=False, server_default=""),
        sa.Column("amendment_id", sa.Uuid(), nullable=True),
        sa.Column("amended", sa.Text(), nullable=False, server_default=""),
        sa.Column("started_from_id", sa.Uuid(), nullable=True),
        sa.Column("source_id", sa.Uuid(), nullable=True),
        sa.Column("made_by_id", sa.Uuid(), nullable=True),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("is_taken", sa.Boolean(), nullable=True),
        sa.Column("settled_by_id", sa.Uuid(), nullable=True),
        sa.Column("settled_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["declaration_id"], ["declaration.id"], name=op.f("fk_suggestion_declaration_id")),
        sa.ForeignKeyConstraint(["block_id"], ["block.id"], name=op.f("fk_suggestion_block_id")),
        sa.ForeignKeyConstraint(["amendment_id"], ["amendment.id"], name=op.f("fk_suggestion_amendment_id")),
        sa.ForeignKeyConstraint(["started_from_id"], ["text_version.id"], name=op.f("fk_suggestion_started_from_id")),
        sa.ForeignKeyConstraint(["source_id"], ["text_version.id"], name=op.f("fk_suggestion_source_id")),
        sa.ForeignKeyConstraint(["made_by_id"], ["person.id"], name=op.f("fk_suggestion_made_by_id")),
        sa.ForeignKeyConstraint(["settled_by_id"], ["person.id"], name=op.f("fk_suggestion_settled_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_suggestion")),
    )
    op.create_index(op.f("ix_suggestion_amendment_id"), "suggestion", ["amendment_id"])
    op.create_index(op.f("ix_suggestion_block_id"), "suggestion", ["block_id"])
    op.create_index(op.f("ix_suggestion_declaration_id"), "suggestion", ["declaration_id"])


def downgrade() -> None:
    """Back to texts without reviews and signatures, which are lost with claims, tasks and suggestions."""
    for table in ("suggestion", "assignment", "text_claim", "sign_off", "concordance", "text_review"):
        op.drop_table(table)
