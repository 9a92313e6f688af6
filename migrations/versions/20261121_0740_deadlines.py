"""Dated phases of a declaration, and rights lent for a reason."""

import sqlalchemy as sa
from alembic import op

revision = "20261121_0740"
down_revision = "20261121_0730"
branch_labels = None
depends_on = None


_FLAGS = {"is_embargoed": "declaration", "is_history_open": "declaration", "is_late": "amendment"}


def upgrade() -> None:
    for column, table in _FLAGS.items():
        op.add_column(table, sa.Column(column, sa.Boolean(), nullable=False, server_default=sa.false()))
    op.add_column("mandate", sa.Column("languages", sa.Text(), nullable=False, server_default=""))
    with op.batch_alter_table("session") as batch_op:
        batch_op.add_column(sa.Column("rapporteur_id", sa.Uuid(), nullable=True))
        batch_op.create_foreign_key(op.f("fk_session_rapporteur_id"), "person", ["rapporteur_id"], ["id"])
    op.create_table(
        "deadline",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("declaration_id", sa.Uuid(), nullable=False),
        sa.Column("stage", sa.String(length=16), nullable=False),
        sa.Column("zone", sa.Text(), nullable=False),
        sa.Column("opens_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("opens_offset", sa.Integer(), nullable=True),
        sa.Column("closes_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("closes_offset", sa.Integer(), nullable=True),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("set_by_id", sa.Uuid(), nullable=True),
        sa.Column("set_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["declaration_id"], ["declaration.id"], name=op.f("fk_deadline_declaration_id")),
        sa.ForeignKeyConstraint(["set_by_id"], ["person.id"], name=op.f("fk_deadline_set_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_deadline")),
        sa.UniqueConstraint("declaration_id", "stage", name=op.f("uq_deadline_declaration_id_stage")),
    )
    for column in ("opens_at", "closes_at"):
        op.create_index(op.f(f"ix_deadline_{column}"), "deadline", [column])
    op.create_table(
        "pending_request",
        sa.Column("declaration_id", sa.Uuid(), nullable=False),
        sa.Column("matter", sa.String(length=16), nullable=False),
        sa.Column("head_id", sa.Uuid(), nullable=False),
        sa.Column("wanted", sa.Boolean(), nullable=False),
        sa.Column("requested_by_id", sa.Uuid(), nullable=False),
        sa.Column("requested_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("confirmed_by_id", sa.Uuid(), nullable=True),
        sa.ForeignKeyConstraint(["declaration_id"], ["declaration.id"], name=op.f("fk_pending_request_declaration_id")),
        sa.ForeignKeyConstraint(["head_id"], ["revision.id"], name=op.f("fk_pending_request_head_id")),
        sa.ForeignKeyConstraint(["requested_by_id"], ["person.id"], name=op.f("fk_pending_request_requested_by_id")),
        sa.ForeignKeyConstraint(["confirmed_by_id"], ["person.id"], name=op.f("fk_pending_request_confirmed_by_id")),
        sa.PrimaryKeyConstraint("declaration_id", "matter", name=op.f("pk_pending_request")),
    )
    op.create_table(
        "lent_right",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("forum_id", sa.Uuid(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("until", sa.DateTime(timezone=True), nullable=False),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("closed_by_id", sa.Uuid(), nullable=True),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_lent_right_person_id")),
        sa.ForeignKeyConstraint(["forum_id"], ["forum.id"], name=op.f("fk_lent_right_forum_id")),
        sa.ForeignKeyConstraint(["closed_by_id"], ["person.id"], name=op.f("fk_lent_right_closed_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_lent_right")),
    )
    for column in ("person_id", "forum_id"):
        op.create_index(op.f(f"ix_lent_right_{column}"), "lent_right", [column])


def downgrade() -> None:
    for table in ("lent_right", "pending_request", "deadline"):
        op.drop_table(table)
    with op.batch_alter_table("session") as batch_op:
        batch_op.drop_constraint(op.f("fk_session_rapporteur_id"), type_="foreignkey")
        batch_op.drop_column("rapporteur_id")
    with op.batch_alter_table("mandate") as batch_op:
        batch_op.drop_column("languages")
    for column, table in _FLAGS.items():
        with op.batch_alter_table(table) as batch_op:
            batch_op.drop_column(column)
