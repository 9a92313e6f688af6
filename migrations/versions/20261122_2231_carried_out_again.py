"""What the room has answered can be carried out again, where the decision that did it was undone."""

from alembic import op

revision = "20261122_2231"
down_revision = "20261122_2118"
branch_labels = None
depends_on = None


def upgrade() -> None:
    is_postgresql = op.get_bind().dialect.name == "postgresql"
    for action in ("update", "delete", "truncate"):
        where = " ON question_decision" if is_postgresql else ""
        op.execute(f"DROP TRIGGER IF EXISTS refuse_{action}_of_question_decision{where}")


def downgrade() -> None:
    """The triggers of an earlier program are put in place when it runs its own migrations."""
