"""The log names what gives rights, sets dates and was said: rows of these tables cannot be changed unseen any more."""

from alembic import op

from workspace.core import log

revision = "20261122_0400"
down_revision = "20261121_1010"
branch_labels = None
depends_on = None

_NAMED = (
    "forum",
    "organisation",
    "deadline",
    "pending_request",
    "lent_right",
    "assignment",
    "house_style",
    "session",
    "endorsement",
    "recommendation_ruling",
    "recommendation_trace",
    "comment_thread",
    "comment",
    "commitment",
    "amendment_support",
    "cosponsor",
    "sealed_edition",
    "sealed_file",
    "corrigendum",
    "corrigendum_change",
)


def upgrade() -> None:
    log.name_all(op.get_bind(), _NAMED)


def downgrade() -> None:
    """What the log says stays said."""
