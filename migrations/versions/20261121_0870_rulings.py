"""Opinions, partial decisions, undo."""

revision = "20261121_0870"
down_revision = "20261121_0860"
branch_labels = None
depends_on = None


def upgrade() -> None:
    pass


def downgrade() -> None:
    pass
