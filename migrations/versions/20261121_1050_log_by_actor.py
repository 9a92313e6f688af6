"""The log can be asked for what one person did, and who did anything, without reading all of it."""

from alembic import op

revision = "20261121_1050"
down_revision = "20261121_0996"
branch_labels = None
depends_on = None
NAME = "ix_log_entry_forum_id_actor_id_sequence"


def upgrade() -> None:
    op.create_index(NAME, "log_entry", ["forum_id", "actor_id", "sequence"])


def downgrade() -> None:
    op.drop_index(NAME, "log_entry")
