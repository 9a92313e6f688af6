"""Silence, votes, ballots."""

revision = "20261121_0890"
down_revision = "20261121_0880"
branch_labels = None
depends_on = None


def upgrade() -> None:
    pass


def downgrade() -> None:
    pass
