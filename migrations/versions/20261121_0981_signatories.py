"""Who signs a declaration, and what members put on record beside it."""

import sqlalchemy as sa
from alembic import op

revision = "20261121_0981"
down_revision = "20261121_0980"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "signatory",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("declaration_id", sa.Uuid(), nullable=False),
        sa.Column("organisation", sa.JSON(), nullable=False),
        sa.Column("person", sa.Text(), nullable=False),
        sa.Column("capacity", sa.JSON(), nullable=False),
        sa.Column("signed_on", sa.Date(), nullable=True),
        sa.Column("entered_by_id", sa.Uuid(), nullable=True),
        sa.Column("entered_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["declaration_id"], ["declaration.id"], name=op.f("fk_signatory_declaration_id")),
        sa.ForeignKeyConstraint(["entered_by_id"], ["person.id"], name=op.f("fk_signatory_entered_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_signatory")),
    )
    op.create_index(op.f("ix_signatory_declaration_id"), "signatory", ["declaration_id"])
    op.create_table(
        "reservation_window",
        sa.Column("declaration_id", sa.Uuid(), nullable=False),
        sa.Column("opens_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("closes_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("set_by_id", sa.Uuid(), nullable=True),
        sa.Column("set_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["declaration_id"], ["declaration.id"], name=op.f("fk_reservation_window_declaration_id")
        ),
        sa.ForeignKeyConstraint(["set_by_id"], ["person.id"], name=op.f("fk_reservation_window_set_by_id")),
        sa.PrimaryKeyConstraint("declaration_id", name=op.f("pk_reservation_window")),
    )
    op.create_table(
        "reservation",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("declaration_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("position", sa.String(length=16), nullable=False),
        sa.Column("organisation_id", sa.Uuid(), nullable=False),
        sa.Column("block_id", sa.Uuid(), nullable=True),
        sa.Column("language", sa.String(length=16), nullable=False),
        sa.Column("text", sa.JSON(), nullable=False),
        sa.Column("filed_by_id", sa.Uuid(), nullable=True),
        sa.Column("filed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("withdrawn_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["declaration_id"], ["declaration.id"], name=op.f("fk_reservation_declaration_id")),
        sa.ForeignKeyConstraint(["organisation_id"], ["organisation.id"], name=op.f("fk_reservation_organisation_id")),
        sa.ForeignKeyConstraint(["block_id"], ["block.id"], name=op.f("fk_reservation_block_id")),
        sa.ForeignKeyConstraint(["filed_by_id"], ["person.id"], name=op.f("fk_reservation_filed_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_reservation")),
        sa.UniqueConstraint("declaration_id", "number", name=op.f("uq_reservation_declaration_id_number")),
    )
    op.create_index(op.f("ix_reservation_declaration_id"), "reservation", ["declaration_id"])


def downgrade() -> None:
    """Back to texts alone; signatories and reservations are lost, but in editions that were published with them."""
    for table in ("reservation", "reservation_window", "signatory"):
        op.drop_table(table)
