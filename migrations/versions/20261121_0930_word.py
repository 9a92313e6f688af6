"""Word files that came back, and the amendments that were filed from them."""

import sqlalchemy as sa
from alembic import op

revision = "20261121_0930"
down_revision = "20261121_0910"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "document_in",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("declaration_id", sa.Uuid(), nullable=False),
        sa.Column("revision_id", sa.Uuid(), nullable=False),
        sa.Column("language", sa.String(length=16), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.Column("received_by_id", sa.Uuid(), nullable=True),
        sa.Column("received_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("settled_by_id", sa.Uuid(), nullable=True),
        sa.Column("settled_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["declaration_id"], ["declaration.id"], name=op.f("fk_document_in_declaration_id")),
        sa.ForeignKeyConstraint(["revision_id"], ["revision.id"], name=op.f("fk_document_in_revision_id")),
        sa.ForeignKeyConstraint(["received_by_id"], ["person.id"], name=op.f("fk_document_in_received_by_id")),
        sa.ForeignKeyConstraint(["settled_by_id"], ["person.id"], name=op.f("fk_document_in_settled_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_document_in")),
        sa.UniqueConstraint("declaration_id", "sha256", name=op.f("uq_document_in_declaration_id_sha256")),
    )
    op.create_index(op.f("ix_document_in_declaration_id"), "document_in", ["declaration_id"])
    op.create_table(
        "document_in_amendment",
        sa.Column("document_id", sa.Uuid(), nullable=False),
        sa.Column("amendment_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(["document_id"], ["document_in.id"], name=op.f("fk_document_in_amendment_document_id")),
        sa.ForeignKeyConstraint(["amendment_id"], ["amendment.id"], name=op.f("fk_document_in_amendment_amendment_id")),
        sa.PrimaryKeyConstraint("document_id", "amendment_id", name=op.f("pk_document_in_amendment")),
    )


def downgrade() -> None:
    """The files that came back are lost; what was filed from them stays."""
    op.drop_table("document_in_amendment")
    op.drop_table("document_in")
