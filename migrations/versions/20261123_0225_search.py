"""Labels of a forum, and the search over everything."""

import sqlalchemy as sa
from alembic import op

revision = "20261123_0225"
down_revision = "20261122_2231"
branch_labels = None
depends_on = None

_FTS5 = """
CREATE VIRTUAL TABLE search_words USING fts5(
    scope, folded, content='search_document', content_rowid='id', tokenize='unicode61 remove_diacritics 2', prefix='2 3'
)
"""


def upgrade() -> None:
    # What a forum calls its declaration, amendments, sessions, members and committees.
    with op.batch_alter_table("forum") as batch:
        batch.add_column(sa.Column("labels", sa.JSON(), server_default="{}", nullable=False))
    # What can be searched: one table of documents, and the index of their words on each database.
    op.create_table(
        "search_document",
        sa.Column("id", sa.Integer, nullable=False),
        sa.Column("kind", sa.String(16), nullable=False),
        sa.Column("subject_id", sa.Uuid, nullable=False),
        sa.Column("forum_id", sa.Uuid, nullable=False),
        sa.Column("declaration_id", sa.Uuid),
        sa.Column("language", sa.String(3), nullable=False),
        sa.Column("text", sa.Text, nullable=False),
        sa.Column("scope", sa.Text, nullable=False),
        sa.Column("folded", sa.Text, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_search_document"),
    )
    op.create_index("ix_search_document_kind_subject_id", "search_document", ["kind", "subject_id"])
    if op.get_bind().dialect.name == "sqlite":
        op.execute(_FTS5)
        return
    op.execute("CREATE INDEX ix_search_document_words ON search_document USING gin (to_tsvector('simple', folded))")


def downgrade() -> None:
    if op.get_bind().dialect.name == "sqlite":
        op.execute("DROP TABLE search_words")
    op.drop_table("search_document")
    with op.batch_alter_table("forum") as batch:
        batch.drop_column("labels")
