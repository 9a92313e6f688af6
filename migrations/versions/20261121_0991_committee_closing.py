"""Votes that count by weight, and notices of what was put to the room."""

import sqlalchemy as sa
from alembic import op

from workspace.core import log

revision = "20261121_0991"
down_revision = "20261121_0990"
branch_labels = None
depends_on = None

_NAMED = ("procedure_rules", "floor", "bracket", "bracket_alternative", "bracket_sponsor")


def upgrade() -> None:
    op.create_table(
        "vote_weight",
        sa.Column("mandate_id", sa.Uuid(), nullable=False),
        sa.Column("weight", sa.Integer(), nullable=False),
        sa.Column("set_by_id", sa.Uuid(), nullable=True),
        sa.Column("set_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["mandate_id"], ["mandate.id"], name=op.f("fk_vote_weight_mandate_id")),
        sa.ForeignKeyConstraint(["set_by_id"], ["person.id"], name=op.f("fk_vote_weight_set_by_id")),
        sa.PrimaryKeyConstraint("mandate_id", name=op.f("pk_vote_weight")),
    )
    for table in ("procedure_rules", "question"):  # not in a batch, which makes a table anew and loses its triggers
        op.add_column(table, sa.Column("is_weighted", sa.Boolean(), nullable=False, server_default=sa.false()))
    op.add_column("question_seat", sa.Column("weight", sa.Integer(), nullable=True))
    with op.batch_alter_table("notice") as batch_op:
        batch_op.add_column(sa.Column("question_id", sa.Uuid(), nullable=True))
        batch_op.create_foreign_key(batch_op.f("fk_notice_question_id"), "question", ["question_id"], ["id"])
    log.name_all(op.get_bind(), _NAMED)


def downgrade() -> None:
    """Nobody is told of questions, and every vote counts once."""
    op.execute(sa.text("DELETE FROM notice WHERE question_id IS NOT NULL"))
    with op.batch_alter_table("notice") as batch_op:
        batch_op.drop_constraint(batch_op.f("fk_notice_question_id"), type_="foreignkey")
        batch_op.drop_column("question_id")
    op.drop_column("question_seat", "weight")
    for table in ("question", "procedure_rules"):
        op.drop_column(table, "is_weighted")
    op.drop_table("vote_weight")
