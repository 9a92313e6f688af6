"""What is held about somebody is found by index; what is counted of many rows is counted in an index."""

from alembic import op

revision = "20261124_2345"
down_revision = "20261124_1910"
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
