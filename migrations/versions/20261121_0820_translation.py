"""What translators work with: findings of the checks that somebody lets stand."""

import sqlalchemy as sa
from alembic import op

revision = "20261121_0820"
down_revision = "20261121_0810"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "waiver",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("declaration_id", sa.Uuid(), nullable=False),
        sa.Column("block_id", sa.Uuid(), nullable=False),
        sa.Column("language", sa.String(length=16), nullable=False),
        sa.Column("check_name", sa.Text(), nullable=False),
        sa.Column("words_hash", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("waived_by_id", sa.Uuid(), nullable=True),
        sa.Column("waived_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["block_id"], ["block.id"], name=op.f("fk_waiver_block_id")),
        sa.ForeignKeyConstraint(["declaration_id"], ["declaration.id"], name=op.f("fk_waiver_declaration_id")),
        sa.ForeignKeyConstraint(["waived_by_id"], ["person.id"], name=op.f("fk_waiver_waived_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_waiver")),
        sa.UniqueConstraint(
            "block_id",
            "language",
            "check_name",
            "words_hash",
            name=op.f("uq_waiver_block_id_language_check_name_words_hash"),
        ),
    )
    for column in ("block_id", "declaration_id"):
        op.create_index(op.f(f"ix_waiver_{column}"), "waiver", [column])


def downgrade() -> None:
    """Back to findings that nobody can let stand; the waivers are lost."""
    op.drop_table("waiver")
