"""Members request how a vote is taken; the rules say how many of them it takes."""

import sqlalchemy as sa
from alembic import op

revision = "20261123_0720"
down_revision = "20261123_0710"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "ballot_request",
        sa.Column("id", sa.Uuid, primary_key=True),
        sa.Column("declaration_id", sa.Uuid, sa.ForeignKey("declaration.id"), nullable=False),
        sa.Column("kind", sa.String(16), nullable=False),
        sa.Column("amendment_id", sa.Uuid, sa.ForeignKey("amendment.id")),
        sa.Column("block_id", sa.Uuid, sa.ForeignKey("block.id")),
        sa.Column("part", sa.Text, nullable=False),
        sa.Column("organisation_id", sa.Uuid, sa.ForeignKey("organisation.id"), nullable=False),
        sa.Column("requested_by_id", sa.Uuid, sa.ForeignKey("person.id")),
        sa.Column("requested_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("withdrawn_at", sa.DateTime(timezone=True)),
        sa.Column("question_id", sa.Uuid, sa.ForeignKey("question.id")),
    )
    op.create_index("ix_ballot_request_declaration_id", "ballot_request", ["declaration_id"])
    op.create_index("ix_ballot_request_question_id", "ballot_request", ["question_id"])
    with op.batch_alter_table("procedure_rules") as batch:
        batch.add_column(sa.Column("roll_call_requests", sa.Integer, nullable=False, server_default="1"))
        batch.add_column(sa.Column("secret_requests", sa.Integer, nullable=False, server_default="3"))


def downgrade() -> None:
    with op.batch_alter_table("procedure_rules") as batch:
        batch.drop_column("secret_requests")
        batch.drop_column("roll_call_requests")
    op.drop_table("ballot_request")
