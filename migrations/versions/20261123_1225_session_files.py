"""Documents are attached to sessions; a session that was joined with another can be restored."""

import sqlalchemy as sa
from alembic import op

revision = "20261123_1225"
down_revision = "20261123_1250"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "session_file",
        sa.Column("id", sa.Uuid, primary_key=True),
        sa.Column("session_id", sa.Uuid, sa.ForeignKey("session.id"), nullable=False),
        sa.Column("name", sa.Text, nullable=False),
        sa.Column("size", sa.Integer, nullable=False),
        sa.Column("sha256", sa.String(64), nullable=False),
        sa.Column("content", sa.LargeBinary, nullable=False),
        sa.Column("added_by_id", sa.Uuid, sa.ForeignKey("person.id")),
        sa.Column("added_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("removed_at", sa.DateTime(timezone=True)),
        sa.UniqueConstraint("session_id", "sha256"),
    )
    op.create_index("ix_session_file_session_id", "session_file", ["session_id"])
    with op.batch_alter_table("session") as batch:
        batch.add_column(sa.Column("joined_into_id", sa.Uuid))
        batch.add_column(sa.Column("moved", sa.JSON))
        batch.create_foreign_key("fk_session_joined_into_id", "session", ["joined_into_id"], ["id"])


def downgrade() -> None:
    with op.batch_alter_table("session") as batch:
        batch.drop_constraint("fk_session_joined_into_id", type_="foreignkey")
        batch.drop_column("moved")
        batch.drop_column("joined_into_id")
    op.drop_table("session_file")
