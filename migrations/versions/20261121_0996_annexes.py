"""What is annexed to a declaration."""

import sqlalchemy as sa
from alembic import op

revision = "20261121_0996"
down_revision = "20261121_0995"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "annex",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("declaration_id", sa.Uuid(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.Column("title", sa.JSON(), nullable=False),
        sa.Column("text", sa.JSON(), nullable=False),
        sa.Column("version", sa.Text(), nullable=False),
        sa.Column("theme_id", sa.Uuid(), nullable=True),
        sa.Column("entered_by_id", sa.Uuid(), nullable=True),
        sa.Column("entered_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["declaration_id"], ["declaration.id"], name=op.f("fk_annex_declaration_id")),
        sa.ForeignKeyConstraint(["entered_by_id"], ["person.id"], name=op.f("fk_annex_entered_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_annex")),
    )
    op.create_index(op.f("ix_annex_declaration_id"), "annex", ["declaration_id"])


def downgrade() -> None:
    """Back to texts without annexes of their own; those of published editions stay in their files."""
    op.drop_table("annex")
