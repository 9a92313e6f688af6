"""A voter gives its vote to another."""

import sqlalchemy as sa
from alembic import op

revision = "20261123_0655"
down_revision = "20261123_0647"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "vote_proxy",
        sa.Column("id", sa.Uuid, primary_key=True),
        sa.Column("declaration_id", sa.Uuid, sa.ForeignKey("declaration.id"), nullable=False),
        sa.Column("question_id", sa.Uuid, sa.ForeignKey("question.id")),
        sa.Column("organisation_id", sa.Uuid, sa.ForeignKey("organisation.id"), nullable=False),
        sa.Column("person_id", sa.Uuid, sa.ForeignKey("person.id")),
        sa.Column("holder_organisation_id", sa.Uuid, sa.ForeignKey("organisation.id"), nullable=False),
        sa.Column("holder_person_id", sa.Uuid, sa.ForeignKey("person.id")),
        sa.Column("starts_on", sa.Date, nullable=False),
        sa.Column("ends_on", sa.Date),
        sa.Column("note", sa.Text, nullable=False),
        sa.Column("given_by_id", sa.Uuid, sa.ForeignKey("person.id")),
        sa.Column("given_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("revoked_by_id", sa.Uuid, sa.ForeignKey("person.id")),
        sa.Column("revoked_at", sa.DateTime(timezone=True)),
    )
    op.create_index("ix_vote_proxy_declaration_id", "vote_proxy", ["declaration_id"])
    with op.batch_alter_table("question_cast") as batch:
        batch.add_column(
            sa.Column("proxy_id", sa.Uuid, sa.ForeignKey("vote_proxy.id", name="fk_question_cast_proxy_id"))
        )


def downgrade() -> None:
    with op.batch_alter_table("question_cast") as batch:
        batch.drop_constraint("fk_question_cast_proxy_id", type_="foreignkey")
        batch.drop_column("proxy_id")
    op.drop_table("vote_proxy")
