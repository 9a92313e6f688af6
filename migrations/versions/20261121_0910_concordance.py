"""Assignments, claims, reviews, signatures."""

revision = "20261121_0910"
down_revision = "20261121_0900"
branch_labels = None
depends_on = None


def upgrade() -> None:
    pass


def downgrade() -> None:
    pass
