"""What a conversation is about, phrases, mentions."""

revision = "20261121_0850"
down_revision = "20261121_0840"
branch_labels = None
depends_on = None


def upgrade() -> None:
    pass


def downgrade() -> None:
    pass
