"""A block is found in the revisions of its declaration: no index of blocks is written at each decision."""

from alembic import op

revision = "20261124_1910"
down_revision = "20261124_1900"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.drop_index("ix_revision_block_block_id", "revision_block")


def downgrade() -> None:
    op.create_index("ix_revision_block_block_id", "revision_block", ["block_id"])
