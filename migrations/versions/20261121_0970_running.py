"""Webhooks, preferences."""

revision = "20261121_0970"
down_revision = "20261121_0960"
branch_labels = None
depends_on = None


def upgrade() -> None:
    pass


def downgrade() -> None:
    pass
