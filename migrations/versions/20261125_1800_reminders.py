"""When organisations are asked about their commitments, and in which language they report."""

import sqlalchemy as sa
from alembic import op

revision = "20261125_1800"
down_revision = "20261125_0355"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("forum") as batch:
        batch.add_column(sa.Column("reminder_month", sa.Integer))
    with op.batch_alter_table("commitment_report") as batch:
        batch.add_column(sa.Column("language", sa.String(3), nullable=False, server_default=""))
    op.execute(
        "UPDATE commitment_report SET language = "
        "(SELECT language FROM commitment WHERE commitment.id = commitment_report.commitment_id)"
    )


def downgrade() -> None:
    with op.batch_alter_table("commitment_report") as batch:
        batch.drop_column("language")
    with op.batch_alter_table("forum") as batch:
        batch.drop_column("reminder_month")
