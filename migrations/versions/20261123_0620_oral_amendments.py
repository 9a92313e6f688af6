"""Amendments moved from the floor, and whose proposal an edit of the committee is."""

import sqlalchemy as sa
from alembic import op

revision = "20261123_0620"
down_revision = "20261123_0610"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("amendment") as batch:
        batch.add_column(sa.Column("is_oral", sa.Boolean(), server_default=sa.false(), nullable=False))
        batch.add_column(sa.Column("recorded_by_id", sa.Uuid(), nullable=True))
        batch.add_column(sa.Column("certified_at", sa.DateTime(timezone=True), nullable=True))
        batch.add_column(sa.Column("dispute", sa.Text(), server_default="", nullable=False))
        batch.create_foreign_key("fk_amendment_recorded_by_id", "person", ["recorded_by_id"], ["id"])
    with op.batch_alter_table("decision") as batch:
        batch.add_column(sa.Column("mover_id", sa.Uuid(), nullable=True))
        batch.add_column(sa.Column("mover_organisation_id", sa.Uuid(), nullable=True))
        batch.create_foreign_key("fk_decision_mover_id", "person", ["mover_id"], ["id"])
        batch.create_foreign_key("fk_decision_mover_organisation_id", "organisation", ["mover_organisation_id"], ["id"])


def downgrade() -> None:
    with op.batch_alter_table("decision") as batch:
        batch.drop_constraint("fk_decision_mover_organisation_id", type_="foreignkey")
        batch.drop_constraint("fk_decision_mover_id", type_="foreignkey")
        batch.drop_column("mover_organisation_id")
        batch.drop_column("mover_id")
    with op.batch_alter_table("amendment") as batch:
        batch.drop_constraint("fk_amendment_recorded_by_id", type_="foreignkey")
        batch.drop_column("dispute")
        batch.drop_column("certified_at")
        batch.drop_column("recorded_by_id")
        batch.drop_column("is_oral")
