"""Who is where, and claims on paragraphs."""

revision = "20261121_0940"
down_revision = "20261121_0930"
branch_labels = None
depends_on = None


def upgrade() -> None:
    pass


def downgrade() -> None:
    pass
