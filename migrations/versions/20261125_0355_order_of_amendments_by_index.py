"""Where amendments begin in the text, and what they do there, is found in indexes alone."""

from alembic import op

revision = "20261125_0355"
down_revision = "20261124_2345"
branch_labels = None
depends_on = None

VERSIONS = "ix_amendment_version_amendment_id", "amendment_version"


def upgrade() -> None:
    op.drop_index(*VERSIONS)
    op.create_index(*VERSIONS, ["amendment_id", "id"])
    op.create_index("ix_amendment_change_version_id", "amendment_change", ["version_id", "block_id"])
    op.create_index("ix_amendment_change_op", "amendment_change", ["op"])


def downgrade() -> None:
    op.drop_index("ix_amendment_change_op", "amendment_change")
    op.drop_index("ix_amendment_change_version_id", "amendment_change")
    op.drop_index(*VERSIONS)
    op.create_index(*VERSIONS, ["amendment_id"])
