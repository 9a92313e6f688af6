"""The file a document was read from, kept as it came in, beside the text read from it."""

import sqlalchemy as sa
from alembic import op

revision = "20261121_0800"
down_revision = "20261121_0760"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("source_document") as batch:
        batch.add_column(sa.Column("media_type", sa.Text(), nullable=False, server_default="text/plain"))
        batch.add_column(sa.Column("original", sa.LargeBinary(), nullable=True))
        batch.add_column(sa.Column("original_sha256", sa.Text(), nullable=True))


def downgrade() -> None:
    """Back to documents of which only the text is kept; the files as they came in are lost."""
    with op.batch_alter_table("source_document") as batch:
        batch.drop_column("original_sha256")
        batch.drop_column("original")
        batch.drop_column("media_type")
