"""What pages look for is found, counted and put in order by index, and no index is written that nothing looks into."""

from alembic import op

revision = "20261125_0355"
down_revision = "20261123_1615"
branch_labels = None
depends_on = None

NARROWER = (  # others begin alike; a block is found in the revisions of its declaration
    ("ix_amendment_declaration_id", "amendment", ["declaration_id"]),
    ("ix_amendment_version_amendment_id", "amendment_version", ["amendment_id"]),
    ("ix_comment_thread_declaration_id", "comment_thread", ["declaration_id"]),
    ("ix_recommendation_forum_id", "recommendation", ["forum_id"]),
    ("ix_recommendation_forum_id_standing", "recommendation", ["forum_id", "standing"]),
    ("ix_revision_block_block_id", "revision_block", ["block_id"]),
)
WIDER = (
    # Amendments by who proposes them, where they begin in the text, and what they do there.
    ("ix_amendment_declaration_id_proposer_id", "amendment", ["declaration_id", "proposer_id"]),
    ("ix_amendment_declaration_id_organisation_id", "amendment", ["declaration_id", "organisation_id"]),
    ("ix_amendment_version_amendment_id", "amendment_version", ["amendment_id", "id"]),
    ("ix_amendment_change_version_id", "amendment_change", ["version_id", "block_id"]),
    ("ix_amendment_change_op", "amendment_change", ["op"]),
    # What a count asks of all rows: it reads none of the long ones.
    (
        "ix_comment_thread_declaration_id",
        "comment_thread",
        ["declaration_id", "resolved_at", "is_internal", "id"],
    ),
    ("ix_recommendation_forum_id", "recommendation", ["forum_id", "language", "organisation_id", "id"]),
    ("ix_recommendation_forum_id_standing", "recommendation", ["forum_id", "standing", "outcome", "id"]),
    # The decisions of a revision; what is held about somebody, and erased.
    ("ix_decision_revision_id", "decision", ["revision_id"]),
    ("ix_amendment_proposer_id", "amendment", ["proposer_id"]),
    ("ix_amendment_recorded_by_id", "amendment", ["recorded_by_id"]),
    ("ix_amendment_version_made_by_id", "amendment_version", ["made_by_id"]),
    ("ix_comment_moderated_by_id", "comment", ["moderated_by_id"]),
    ("ix_decision_decided_by_id", "decision", ["decided_by_id"]),
    ("ix_decision_mover_id", "decision", ["mover_id"]),
    ("ix_edge_made_by_id", "edge", ["made_by_id"]),
    ("ix_text_version_author_id", "text_version", ["author_id"]),
)


def upgrade() -> None:
    _replace(NARROWER, WIDER)


def downgrade() -> None:
    _replace(WIDER, NARROWER)


def _replace(old: tuple[tuple[str, str, list[str]], ...], new: tuple[tuple[str, str, list[str]], ...]) -> None:
    for name, table, _ in old:
        op.drop_index(name, table)
    for name, table, columns in new:
        op.create_index(name, table, columns)
