"""Drafts of amendments in the making, co-sponsors, support."""

revision = "20261121_0840"
down_revision = "20261121_0830"
branch_labels = None
depends_on = None


def upgrade() -> None:
    pass


def downgrade() -> None:
    pass
