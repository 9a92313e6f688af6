"""What took a decision back, and what was decided on a wording, are found by index."""

from alembic import op

revision = "20261122_2118"
down_revision = "20261122_2003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_index("ix_decision_amendment_version_id", "decision", ["amendment_version_id"])
    op.create_index("ix_decision_round_undoes_id", "decision_round", ["undoes_id"])


def downgrade() -> None:
    op.drop_index("ix_decision_round_undoes_id", "decision_round")
    op.drop_index("ix_decision_amendment_version_id", "decision")
