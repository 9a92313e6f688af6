"""Claims: who is at work on which paragraph."""

import sqlalchemy as sa
from alembic import op

revision = "20261121_0940"
down_revision = "20261121_0930"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "paragraph_claim",
        sa.Column("block_id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("declaration_id", sa.Uuid(), nullable=False),
        sa.Column("since", sa.DateTime(timezone=True), nullable=False),
        sa.Column("until", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["block_id"], ["block.id"], name=op.f("fk_paragraph_claim_block_id")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_paragraph_claim_person_id")),
        sa.ForeignKeyConstraint(["declaration_id"], ["declaration.id"], name=op.f("fk_paragraph_claim_declaration_id")),
        sa.PrimaryKeyConstraint("block_id", "person_id", name=op.f("pk_paragraph_claim")),
    )
    for column in ("person_id", "declaration_id"):
        op.create_index(op.f(f"ix_paragraph_claim_{column}"), "paragraph_claim", [column])


def downgrade() -> None:
    """Claims last minutes; nothing else is lost."""
    op.drop_table("paragraph_claim")
