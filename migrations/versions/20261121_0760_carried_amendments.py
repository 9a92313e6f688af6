"""Amendments carried from revision to revision, and amendments to amendments."""

import sqlalchemy as sa
from alembic import op

revision = "20261121_0760"
down_revision = "20261121_0750"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("amendment") as batch:
        batch.add_column(sa.Column("parent_id", sa.Uuid(), nullable=True))
        batch.create_foreign_key(op.f("fk_amendment_parent_id"), "amendment", ["parent_id"], ["id"])
        batch.create_index(op.f("ix_amendment_parent_id"), ["parent_id"])
    with op.batch_alter_table("amendment_version") as batch:
        batch.add_column(sa.Column("parent_version_id", sa.Uuid(), nullable=True))
        batch.create_foreign_key(
            op.f("fk_amendment_version_parent_version_id"), "amendment_version", ["parent_version_id"], ["id"]
        )
    op.create_table(
        "amendment_carrying",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("amendment_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("version_id", sa.Uuid(), nullable=False),
        sa.Column("revision_id", sa.Uuid(), nullable=False),
        sa.Column("status", sa.String(length=16), nullable=False),
        sa.Column("made_id", sa.Uuid(), nullable=True),
        sa.Column("engine_version", sa.Text(), nullable=False),
        sa.Column("carried_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["amendment_id"], ["amendment.id"], name=op.f("fk_amendment_carrying_amendment_id")),
        sa.ForeignKeyConstraint(["made_id"], ["amendment_version.id"], name=op.f("fk_amendment_carrying_made_id")),
        sa.ForeignKeyConstraint(["revision_id"], ["revision.id"], name=op.f("fk_amendment_carrying_revision_id")),
        sa.ForeignKeyConstraint(
            ["version_id"], ["amendment_version.id"], name=op.f("fk_amendment_carrying_version_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_amendment_carrying")),
        sa.UniqueConstraint("amendment_id", "number", name=op.f("uq_amendment_carrying_amendment_id_number")),
    )
    op.create_index(op.f("ix_amendment_carrying_amendment_id"), "amendment_carrying", ["amendment_id"])


def downgrade() -> None:
    """Back to the tables before; what was carried can be carried again."""
    op.drop_table("amendment_carrying")
    with op.batch_alter_table("amendment_version") as batch:
        batch.drop_constraint(op.f("fk_amendment_version_parent_version_id"), type_="foreignkey")
        batch.drop_column("parent_version_id")
    with op.batch_alter_table("amendment") as batch:
        batch.drop_index(op.f("ix_amendment_parent_id"))
        batch.drop_constraint(op.f("fk_amendment_parent_id"), type_="foreignkey")
        batch.drop_column("parent_id")
