"""Brackets, alternatives, the status of a paragraph."""

revision = "20261121_0880"
down_revision = "20261121_0870"
branch_labels = None
depends_on = None


def upgrade() -> None:
    pass


def downgrade() -> None:
    pass
