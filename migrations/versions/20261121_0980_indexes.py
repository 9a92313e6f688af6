"""Indexes for what pages ask again and again: of texts, of the log of a forum, and of the remarks on paragraphs."""

from alembic import op

revision = "20261121_0980"
down_revision = "20261121_0960"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_index(op.f("ix_edge_source_id"), "edge", ["source_id"])
    op.create_index(op.f("ix_amendment_shown_text_text_version_id"), "amendment_shown_text", ["text_version_id"])
    op.create_index("ix_log_entry_forum_id_sequence", "log_entry", ["forum_id", "sequence"])
    op.drop_index(op.f("ix_log_entry_forum_id"), "log_entry")
    op.create_index("ix_comment_thread_id_state", "comment", ["thread_id", "state"])
    op.drop_index(op.f("ix_comment_thread_id"), "comment")


def downgrade() -> None:
    op.create_index(op.f("ix_comment_thread_id"), "comment", ["thread_id"])
    op.drop_index("ix_comment_thread_id_state", "comment")
    op.create_index(op.f("ix_log_entry_forum_id"), "log_entry", ["forum_id"])
    op.drop_index("ix_log_entry_forum_id_sequence", "log_entry")
    op.drop_index(op.f("ix_amendment_shown_text_text_version_id"), "amendment_shown_text")
    op.drop_index(op.f("ix_edge_source_id"), "edge")
