"""What people follow, and what they are told."""

revision = "20261121_0860"
down_revision = "20261121_0850"
branch_labels = None
depends_on = None


def upgrade() -> None:
    pass


def downgrade() -> None:
    pass
