"""Documents that came back."""

revision = "20261121_0930"
down_revision = "20261121_0920"
branch_labels = None
depends_on = None


def upgrade() -> None:
    pass


def downgrade() -> None:
    pass
