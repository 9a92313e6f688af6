"""A round of decisions can be about one amendment: its withdrawal, or the undoing of what was decided on it alone."""

import sqlalchemy as sa
from alembic import op

revision = "20261122_1910"
down_revision = "20261122_1920"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("decision_round") as table:
        table.add_column(
            sa.Column("about_id", sa.Uuid, sa.ForeignKey("amendment.id", name="fk_decision_round_about_id"))
        )


def downgrade() -> None:
    with op.batch_alter_table("decision_round") as table:
        table.drop_constraint("fk_decision_round_about_id", type_="foreignkey")
        table.drop_column("about_id")
