"""Stub: people's choices of mail."""

revision = "20261121_0992"
down_revision = "20261121_0991"
branch_labels = None
depends_on = None


def upgrade() -> None:
    pass


def downgrade() -> None:
    pass
