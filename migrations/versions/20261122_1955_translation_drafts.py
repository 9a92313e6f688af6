"""Translations that somebody is still writing."""

import sqlalchemy as sa
from alembic import op

revision = "20261122_1955"
down_revision = "20261122_1947"
branch_labels = None
depends_on = None

TABLE = "translation_draft"


def upgrade() -> None:
    op.create_table(
        TABLE,
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("declaration_id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Uuid(), nullable=False),
        sa.Column("content", sa.JSON(), nullable=False),
        sa.Column("begun_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("kept_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["declaration_id"], ["declaration.id"], name="fk_translation_draft_declaration_id"),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name="fk_translation_draft_person_id"),
        sa.PrimaryKeyConstraint("id", name="pk_translation_draft"),
    )
    for column in ("declaration_id", "person_id"):
        op.create_index(f"ix_translation_draft_{column}", TABLE, [column])


def downgrade() -> None:
    op.drop_table(TABLE)
