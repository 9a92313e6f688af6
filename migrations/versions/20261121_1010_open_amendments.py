"""The amendments that are open are counted and found without reading those that are decided."""

from alembic import op

revision = "20261121_1010"
down_revision = "20261121_1050"
branch_labels = None
depends_on = None
NAME = "ix_amendment_declaration_id_disposition"


def upgrade() -> None:
    op.create_index(NAME, "amendment", ["declaration_id", "disposition", "parent_id"])


def downgrade() -> None:
    op.drop_index(NAME, "amendment")
