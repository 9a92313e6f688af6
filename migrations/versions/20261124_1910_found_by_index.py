"""What pages look for is found by index, and no index is written that nothing looks into."""

from alembic import op

revision = "20261124_1910"
down_revision = "20261123_1615"
branch_labels = None
depends_on = None

OF_PERSONS = (  # what is held about somebody, and erased, is found without reading these tables
    ("amendment", "proposer_id"),
    ("amendment", "recorded_by_id"),
    ("amendment_version", "made_by_id"),
    ("comment", "moderated_by_id"),
    ("decision", "decided_by_id"),
    ("decision", "mover_id"),
    ("edge", "made_by_id"),
    ("text_version", "author_id"),
)
WIDER = (  # what a count asks of all rows: it reads none of the long ones
    ("ix_comment_thread_declaration_id", "comment_thread", ["declaration_id"], ["resolved_at", "is_internal", "id"]),
    ("ix_recommendation_forum_id", "recommendation", ["forum_id"], ["language", "organisation_id", "id"]),
    ("ix_recommendation_forum_id_standing", "recommendation", ["forum_id", "standing"], ["outcome", "id"]),
)


def upgrade() -> None:
    # Amendments by who proposes them, and their organisations without reading them all; two others begin alike.
    op.drop_index("ix_amendment_declaration_id", "amendment")
    for column in ("proposer_id", "organisation_id"):
        op.create_index(f"ix_amendment_declaration_id_{column}", "amendment", ["declaration_id", column])
    # A block is found in the revisions of its declaration: each decision wrote a page of this for each paragraph.
    op.drop_index("ix_revision_block_block_id", "revision_block")
    # The decisions of a revision.
    op.create_index("ix_decision_revision_id", "decision", ["revision_id"])
    for table, column in OF_PERSONS:
        op.create_index(f"ix_{table}_{column}", table, [column])
    for name, table, first, others in WIDER:
        op.drop_index(name, table)
        op.create_index(name, table, [*first, *others])


def downgrade() -> None:
    for name, table, first, _ in WIDER:
        op.drop_index(name, table)
        op.create_index(name, table, first)
    for table, column in OF_PERSONS:
        op.drop_index(f"ix_{table}_{column}", table)
    op.drop_index("ix_decision_revision_id", "decision")
    op.create_index("ix_revision_block_block_id", "revision_block", ["block_id"])
    for column in ("proposer_id", "organisation_id"):
        op.drop_index(f"ix_amendment_declaration_id_{column}", "amendment")
    op.create_index("ix_amendment_declaration_id", "amendment", ["declaration_id"])
