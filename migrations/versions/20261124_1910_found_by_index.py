"""What pages look for is found by index, and no index is written that nothing looks into."""

from alembic import op

revision = "20261124_1910"
down_revision = "20261123_1615"
branch_labels = None
depends_on = None


def upgrade() -> None:
    # Amendments by who proposes them, and their organisations without reading them all; two others begin alike.
    op.drop_index("ix_amendment_declaration_id", "amendment")
    for column in ("proposer_id", "organisation_id"):
        op.create_index(f"ix_amendment_declaration_id_{column}", "amendment", ["declaration_id", column])
    # A block is found in the revisions of its declaration: each decision wrote a page of this for each paragraph.
    op.drop_index("ix_revision_block_block_id", "revision_block")
    # The decisions of a revision.
    op.create_index("ix_decision_revision_id", "decision", ["revision_id"])


def downgrade() -> None:
    op.drop_index("ix_decision_revision_id", "decision")
    op.create_index("ix_revision_block_block_id", "revision_block", ["block_id"])
    for column in ("proposer_id", "organisation_id"):
        op.drop_index(f"ix_amendment_declaration_id_{column}", "amendment")
    op.create_index("ix_amendment_declaration_id", "amendment", ["declaration_id"])
