"""What was decided of recommendations at once, who said them outside the register, and notices about them."""

import sqlalchemy as sa
from alembic import op

revision = "20261122_1947"
down_revision = "20261122_1910"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("recommendation_ruling") as table:
        table.add_column(sa.Column("standing_before", sa.String(16)))
        table.add_column(sa.Column("settlement_id", sa.Uuid))
        table.create_index("ix_recommendation_ruling_settlement_id", ["settlement_id"])
    op.add_column("recommendation", sa.Column("said_by", sa.Text, nullable=False, server_default=""))
    with op.batch_alter_table("notice") as table:
        table.add_column(sa.Column("recommendation_id", sa.Uuid))
        table.create_foreign_key("fk_notice_recommendation_id", "recommendation", ["recommendation_id"], ["id"])


def downgrade() -> None:
    with op.batch_alter_table("notice") as table:
        table.drop_constraint("fk_notice_recommendation_id", type_="foreignkey")
        table.drop_column("recommendation_id")
    with op.batch_alter_table("recommendation") as table:
        table.drop_column("said_by")
    with op.batch_alter_table("recommendation_ruling") as table:
        table.drop_index("ix_recommendation_ruling_settlement_id")
        table.drop_column("settlement_id")
        table.drop_column("standing_before")
