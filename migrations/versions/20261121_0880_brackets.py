"""Brackets, alternatives, the status of a paragraph."""

import sqlalchemy as sa
from alembic import op

revision = "20261121_0880"
down_revision = "20261121_0870"
branch_labels = None
depends_on = None


def upgrade() -> None:
    _create_brackets()
    op.create_table(
        "paragraph_state",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("declaration_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("block_id", sa.Uuid(), nullable=False),
        sa.Column("status", sa.String(length=16), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("set_by_id", sa.Uuid(), nullable=True),
        sa.Column("set_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["declaration_id"], ["declaration.id"], name=op.f("fk_paragraph_state_declaration_id")),
        sa.ForeignKeyConstraint(["block_id"], ["block.id"], name=op.f("fk_paragraph_state_block_id")),
        sa.ForeignKeyConstraint(["set_by_id"], ["person.id"], name=op.f("fk_paragraph_state_set_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_paragraph_state")),
        sa.UniqueConstraint("declaration_id", "number", name=op.f("uq_paragraph_state_declaration_id_number")),
    )
    for column in ("declaration_id", "block_id"):
        op.create_index(op.f(f"ix_paragraph_state_{column}"), "paragraph_state", [column])


def _create_brackets() -> None:
    op.create_table(
        "bracket",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("declaration_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("block_id", sa.Uuid(), nullable=False),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("opened_by_id", sa.Uuid(), nullable=True),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("opened_round_id", sa.Uuid(), nullable=False),
        sa.Column("closed_round_id", sa.Uuid(), nullable=True),
        sa.Column("chosen", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["declaration_id"], ["declaration.id"], name=op.f("fk_bracket_declaration_id")),
        sa.ForeignKeyConstraint(["block_id"], ["block.id"], name=op.f("fk_bracket_block_id")),
        sa.ForeignKeyConstraint(["opened_by_id"], ["person.id"], name=op.f("fk_bracket_opened_by_id")),
        sa.ForeignKeyConstraint(["opened_round_id"], ["decision_round.id"], name=op.f("fk_bracket_opened_round_id")),
        sa.ForeignKeyConstraint(["closed_round_id"], ["decision_round.id"], name=op.f("fk_bracket_closed_round_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_bracket")),
        sa.UniqueConstraint("declaration_id", "number", name=op.f("uq_bracket_declaration_id_number")),
    )
    for column in ("declaration_id", "block_id"):
        op.create_index(op.f(f"ix_bracket_{column}"), "bracket", [column])
    op.create_table(
        "bracket_alternative",
        sa.Column("bracket_id", sa.Uuid(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("texts", sa.JSON(), nullable=False),
        sa.Column("is_as_it_stands", sa.Boolean(), nullable=False),
        sa.Column("added_round_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["added_round_id"], ["decision_round.id"], name=op.f("fk_bracket_alternative_added_round_id")
        ),
        sa.ForeignKeyConstraint(["bracket_id"], ["bracket.id"], name=op.f("fk_bracket_alternative_bracket_id")),
        sa.PrimaryKeyConstraint("bracket_id", "position", name=op.f("pk_bracket_alternative")),
    )
    op.create_table(
        "bracket_sponsor",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("bracket_id", sa.Uuid(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("amendment_id", sa.Uuid(), nullable=True),
        sa.Column("organisation_id", sa.Uuid(), nullable=True),
        sa.ForeignKeyConstraint(
            ["bracket_id", "position"],
            ["bracket_alternative.bracket_id", "bracket_alternative.position"],
            name=op.f("fk_bracket_sponsor_bracket_id"),
        ),
        sa.ForeignKeyConstraint(["amendment_id"], ["amendment.id"], name=op.f("fk_bracket_sponsor_amendment_id")),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name=op.f("fk_bracket_sponsor_organisation_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_bracket_sponsor")),
    )
    for column in ("amendment_id", "organisation_id"):
        op.create_index(op.f(f"ix_bracket_sponsor_{column}"), "bracket_sponsor", [column])


def downgrade() -> None:
    """Back to a text without brackets; they and the status of every paragraph are lost."""
    for table in ("paragraph_state", "bracket_sponsor", "bracket_alternative", "bracket"):
        op.drop_table(table)
