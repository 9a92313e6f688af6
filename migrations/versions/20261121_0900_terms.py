"""What translators agree on and remember: terms, how a forum writes, segments of the memory."""

import sqlalchemy as sa
from alembic import op

revision = "20261121_0900"
down_revision = "20261121_0890"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "term",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("forum_id", sa.Uuid(), nullable=False),
        sa.Column("declaration_id", sa.Uuid(), nullable=True),
        sa.Column("es", sa.JSON(), nullable=False),
        sa.Column("en", sa.JSON(), nullable=False),
        sa.Column("fr", sa.JSON(), nullable=False),
        sa.Column("forbidden", sa.JSON(), nullable=False),
        sa.Column("domain", sa.Text(), nullable=False, server_default=""),
        sa.Column("note", sa.Text(), nullable=False, server_default=""),
        sa.Column("is_kept", sa.Boolean(), nullable=False, server_default=sa.false()),
        sa.Column("version_id", sa.Uuid(), nullable=False),
        sa.Column("changed_by_id", sa.Uuid(), nullable=True),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["forum_id"], ["forum.id"], name=op.f("fk_term_forum_id")),
        sa.ForeignKeyConstraint(["declaration_id"], ["declaration.id"], name=op.f("fk_term_declaration_id")),
        sa.ForeignKeyConstraint(["changed_by_id"], ["person.id"], name=op.f("fk_term_changed_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_term")),
    )
    op.create_index(op.f("ix_term_declaration_id"), "term", ["declaration_id"])
    op.create_index(op.f("ix_term_forum_id"), "term", ["forum_id"])
    op.create_table(
        "house_style",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("forum_id", sa.Uuid(), nullable=False),
        sa.Column("declaration_id", sa.Uuid(), nullable=True),
        sa.Column("profile", sa.String(length=16), nullable=False),
        sa.Column("severities", sa.JSON(), nullable=False),
        sa.Column("version_id", sa.Uuid(), nullable=False),
        sa.Column("changed_by_id", sa.Uuid(), nullable=True),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["forum_id"], ["forum.id"], name=op.f("fk_house_style_forum_id")),
        sa.ForeignKeyConstraint(["declaration_id"], ["declaration.id"], name=op.f("fk_house_style_declaration_id")),
        sa.ForeignKeyConstraint(["changed_by_id"], ["person.id"], name=op.f("fk_house_style_changed_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_house_style")),
    )
    op.create_index(op.f("ix_house_style_declaration_id"), "house_style", ["declaration_id"])
    op.create_index(op.f("ix_house_style_forum_id"), "house_style", ["forum_id"])
    op.create_table(
        "segment",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("forum_id", sa.Uuid(), nullable=False),
        sa.Column("key", sa.String(length=64), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("es", sa.Text(), nullable=True),
        sa.Column("en", sa.Text(), nullable=True),
        sa.Column("fr", sa.Text(), nullable=True),
        sa.Column("before", sa.JSON(), nullable=False),
        sa.Column("trust", sa.String(length=16), nullable=False),
        sa.Column("origin", sa.Text(), nullable=False, server_default=""),
        sa.Column("declaration_id", sa.Uuid(), nullable=True),
        sa.Column("block_id", sa.Uuid(), nullable=True),
        sa.Column("made_by_id", sa.Uuid(), nullable=True),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["forum_id"], ["forum.id"], name=op.f("fk_segment_forum_id")),
        sa.ForeignKeyConstraint(["declaration_id"], ["declaration.id"], name=op.f("fk_segment_declaration_id")),
        sa.ForeignKeyConstraint(["block_id"], ["block.id"], name=op.f("fk_segment_block_id")),
        sa.ForeignKeyConstraint(["made_by_id"], ["person.id"], name=op.f("fk_segment_made_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_segment")),
        sa.UniqueConstraint("forum_id", "key", name=op.f("uq_segment_forum_id_key")),
    )
    op.create_index(op.f("ix_segment_block_id"), "segment", ["block_id"])
    op.create_index(op.f("ix_segment_declaration_id"), "segment", ["declaration_id"])
    op.create_index(op.f("ix_segment_forum_id_position"), "segment", ["forum_id", "position"])


def downgrade() -> None:
    """Back to checks without a glossary; terms, styles and the memory are lost."""
    for table in ("segment", "house_style", "term"):
        op.drop_table(table)
