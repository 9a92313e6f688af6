"""Mails that came by the side door, and what was filed from them."""

import sqlalchemy as sa
from alembic import op

revision = "20261121_0994"
down_revision = "20261121_0992"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "mail_in",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("declaration_id", sa.Uuid(), nullable=False),
        sa.Column("revision_id", sa.Uuid(), nullable=False),
        sa.Column("language", sa.String(length=16), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("address", sa.Text(), nullable=False),
        sa.Column("sender", sa.Text(), nullable=False),
        sa.Column("subject", sa.Text(), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("words_sha256", sa.String(length=64), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=True),
        sa.Column("received_by_id", sa.Uuid(), nullable=True),
        sa.Column("received_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("settled_by_id", sa.Uuid(), nullable=True),
        sa.Column("settled_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["declaration_id"], ["declaration.id"], name=op.f("fk_mail_in_declaration_id")),
        sa.ForeignKeyConstraint(["revision_id"], ["revision.id"], name=op.f("fk_mail_in_revision_id")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_mail_in_person_id")),
        sa.ForeignKeyConstraint(["received_by_id"], ["person.id"], name=op.f("fk_mail_in_received_by_id")),
        sa.ForeignKeyConstraint(["settled_by_id"], ["person.id"], name=op.f("fk_mail_in_settled_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_mail_in")),
        sa.UniqueConstraint("declaration_id", "sha256", name=op.f("uq_mail_in_declaration_id_sha256")),
    )
    op.create_index(op.f("ix_mail_in_declaration_id"), "mail_in", ["declaration_id"])
    op.create_index(op.f("ix_mail_in_person_id"), "mail_in", ["person_id"])
    op.create_table(
        "mail_in_amendment",
        sa.Column("mail_id", sa.Uuid(), nullable=False),
        sa.Column("amendment_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(["mail_id"], ["mail_in.id"], name=op.f("fk_mail_in_amendment_mail_id")),
        sa.ForeignKeyConstraint(["amendment_id"], ["amendment.id"], name=op.f("fk_mail_in_amendment_amendment_id")),
        sa.PrimaryKeyConstraint("mail_id", "amendment_id", name=op.f("pk_mail_in_amendment")),
    )
    op.create_table(
        "mail_in_document",
        sa.Column("mail_id", sa.Uuid(), nullable=False),
        sa.Column("document_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(["mail_id"], ["mail_in.id"], name=op.f("fk_mail_in_document_mail_id")),
        sa.ForeignKeyConstraint(["document_id"], ["document_in.id"], name=op.f("fk_mail_in_document_document_id")),
        sa.PrimaryKeyConstraint("mail_id", "document_id", name=op.f("pk_mail_in_document")),
    )


def downgrade() -> None:
    """The mails that came are lost; what was filed from them stays."""
    op.drop_table("mail_in_document")
    op.drop_table("mail_in_amendment")
    op.drop_table("mail_in")
