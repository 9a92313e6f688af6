"""What two sets have in common: pairs that somebody has agreed on, and annexes that print them."""

import sqlalchemy as sa
from alembic import op

revision = "20261123_0840"
down_revision = "20261123_0630"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("resemblance") as batch:
        person = sa.ForeignKey("person.id", name="fk_resemblance_common_by_id")
        batch.add_column(sa.Column("common_by_id", sa.Uuid, person))
        batch.add_column(sa.Column("common_at", sa.DateTime(timezone=True)))
    with op.batch_alter_table("annex") as batch:
        batch.add_column(sa.Column("other_theme_id", sa.Uuid))


def downgrade() -> None:
    with op.batch_alter_table("annex") as batch:
        batch.drop_column("other_theme_id")
    with op.batch_alter_table("resemblance") as batch:
        batch.drop_column("common_at")
        batch.drop_constraint("fk_resemblance_common_by_id", type_="foreignkey")
        batch.drop_column("common_by_id")
