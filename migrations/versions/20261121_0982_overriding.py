"""What two people let go out as it is, although it would stop publication."""

import sqlalchemy as sa
from alembic import op

revision = "20261121_0982"
down_revision = "20261121_0981"
branch_labels = None
depends_on = None

TABLE = "readiness_override"


def upgrade() -> None:
    moment = sa.DateTime(timezone=True)
    op.create_table(
        TABLE,
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("declaration_id", sa.Uuid(), nullable=False),
        sa.Column("obstacle", sa.String(16), nullable=False),
        sa.Column("block_id", sa.Uuid(), nullable=True),
        sa.Column("language", sa.String(16), nullable=True),
        sa.Column("check", sa.Text(), nullable=False),
        sa.Column("seen", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("requested_by_id", sa.Uuid(), nullable=False),
        sa.Column("requested_at", moment, nullable=False),
        sa.Column("confirmed_by_id", sa.Uuid(), nullable=True),
        sa.Column("confirmed_at", moment, nullable=True),
        sa.Column("dropped_at", moment, nullable=True),
        sa.Column("edition_id", sa.Uuid(), nullable=True),
        sa.ForeignKeyConstraint(["declaration_id"], ["declaration.id"], name="fk_readiness_override_declaration_id"),
        sa.ForeignKeyConstraint(["block_id"], ["block.id"], name="fk_readiness_override_block_id"),
        sa.ForeignKeyConstraint(["requested_by_id"], ["person.id"], name="fk_readiness_override_requested_by_id"),
        sa.ForeignKeyConstraint(["confirmed_by_id"], ["person.id"], name="fk_readiness_override_confirmed_by_id"),
        sa.ForeignKeyConstraint(["edition_id"], ["edition.id"], name="fk_readiness_override_edition_id"),
        sa.PrimaryKeyConstraint("id", name="pk_readiness_override"),
    )
    op.create_index("ix_readiness_override_declaration_id", TABLE, ["declaration_id"])


def downgrade() -> None:
    op.drop_index("ix_readiness_override_declaration_id", TABLE)
    op.drop_table(TABLE)
