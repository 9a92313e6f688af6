"""The amendments of a declaration are found by who proposes them, and their organisations without reading them all."""

from alembic import op

revision = "20261124_1900"
down_revision = "20261123_1615"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.drop_index("ix_amendment_declaration_id", "amendment")  # two others begin alike
    for column in ("proposer_id", "organisation_id"):
        op.create_index(f"ix_amendment_declaration_id_{column}", "amendment", ["declaration_id", column])


def downgrade() -> None:
    for column in ("proposer_id", "organisation_id"):
        op.drop_index(f"ix_amendment_declaration_id_{column}", "amendment")
    op.create_index("ix_amendment_declaration_id", "amendment", ["declaration_id"])
