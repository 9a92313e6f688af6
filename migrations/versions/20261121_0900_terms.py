"""Glossary, translation memory."""

revision = "20261121_0900"
down_revision = "20261121_0890"
branch_labels = None
depends_on = None


def upgrade() -> None:
    pass


def downgrade() -> None:
    pass
