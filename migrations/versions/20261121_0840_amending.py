"""Drafts of amendments in the making, co-sponsors, support."""

import sqlalchemy as sa
from alembic import op

revision = "20261121_0840"
down_revision = "20261121_0830"
branch_labels = None
depends_on = None


def upgrade() -> None:
    _create_backing(
        "cosponsor",
        sa.Column("standing", sa.String(length=16), nullable=False),
        sa.Column("invited_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=True),
    )
    _create_backing(
        "amendment_support",
        sa.Column("supported_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("withdrawn_at", sa.DateTime(timezone=True), nullable=True),
    )
    op.create_table(
        "amendment_draft",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("declaration_id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Uuid(), nullable=False),
        sa.Column("content", sa.JSON(), nullable=False),
        sa.Column("begun_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("kept_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["declaration_id"], ["declaration.id"], name=op.f("fk_amendment_draft_declaration_id")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_amendment_draft_person_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_amendment_draft")),
    )
    for column in ("declaration_id", "person_id"):
        op.create_index(op.f(f"ix_amendment_draft_{column}"), "amendment_draft", [column])


def _create_backing(table: str, *columns: sa.Column[object]) -> None:
    """Both tables say who stands behind an amendment, once for each person."""
    op.create_table(
        table,
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("amendment_id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("organisation_id", sa.Uuid(), nullable=True),
        *columns,
        sa.ForeignKeyConstraint(["amendment_id"], ["amendment.id"], name=op.f(f"fk_{table}_amendment_id")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f(f"fk_{table}_person_id")),
        sa.ForeignKeyConstraint(["organisation_id"], ["organisation.id"], name=op.f(f"fk_{table}_organisation_id")),
        sa.PrimaryKeyConstraint("id", name=op.f(f"pk_{table}")),
        sa.UniqueConstraint("amendment_id", "person_id", name=op.f(f"uq_{table}_amendment_id_person_id")),
    )
    op.create_index(op.f(f"ix_{table}_person_id"), table, ["person_id"])


def downgrade() -> None:
    """Back to amendments of one proposer each; drafts, invitations and support are lost."""
    for table in ("amendment_draft", "amendment_support", "cosponsor"):
        op.drop_table(table)
