"""Commitments are of a paragraph and reported on with evidence; projects have dates and a state."""

from uuid import uuid4

import sqlalchemy as sa
from alembic import op

revision = "20261123_0910"
down_revision = "20261123_0850"
branch_labels = None
depends_on = None


def upgrade() -> None:
    table = op.create_table(
        "commitment_report",
        sa.Column("id", sa.Uuid, primary_key=True),
        sa.Column("commitment_id", sa.Uuid, sa.ForeignKey("commitment.id"), nullable=False),
        sa.Column("number", sa.Integer, nullable=False),
        sa.Column("status", sa.String(16), nullable=False),
        sa.Column("reported_on", sa.Date, nullable=False),
        sa.Column("note", sa.Text, nullable=False),
        sa.Column("link", sa.Text, nullable=False),
        sa.Column("file_name", sa.Text, nullable=False),
        sa.Column("content", sa.LargeBinary),
        sa.Column("made_by_id", sa.Uuid, sa.ForeignKey("person.id")),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.UniqueConstraint("commitment_id", "number"),
    )
    op.create_index("ix_commitment_report_commitment_id", "commitment_report", ["commitment_id"])
    with op.batch_alter_table("commitment") as batch:
        batch.add_column(sa.Column("declaration_id", sa.Uuid))
        batch.add_column(sa.Column("block_id", sa.Uuid))
        batch.add_column(sa.Column("reminded_at", sa.DateTime(timezone=True)))
        batch.create_foreign_key("fk_commitment_declaration_id", "declaration", ["declaration_id"], ["id"])
        batch.create_foreign_key("fk_commitment_block_id", "block", ["block_id"], ["id"])
    op.create_index("ix_commitment_declaration_id", "commitment", ["declaration_id"])
    op.create_index("ix_commitment_block_id", "commitment", ["block_id"])
    with op.batch_alter_table("project") as batch:
        batch.add_column(sa.Column("state", sa.String(16), nullable=False, server_default="planned"))
        batch.add_column(sa.Column("starts_on", sa.Date))
        batch.add_column(sa.Column("ends_on", sa.Date))
    _keep_notes(table)


def _keep_notes(table: sa.Table) -> None:
    """What was last said of each commitment is its first report."""
    known = sa.table(
        "commitment",
        sa.column("id", sa.Uuid),
        sa.column("status", sa.String),
        sa.column("note", sa.Text),
        sa.column("made_by_id", sa.Uuid),
        sa.column("made_at", sa.DateTime(timezone=True)),
    )
    told = sa.select(known).where(sa.or_(known.c.note != "", known.c.status != "promised"))
    for row in op.get_bind().execute(told).mappings().all():
        first = {"id": uuid4(), "number": 1, "reported_on": row["made_at"].date(), "link": "", "file_name": ""}
        said = {name: row[name] for name in ("status", "note", "made_by_id", "made_at")}
        op.get_bind().execute(sa.insert(table).values(commitment_id=row["id"], **first, **said))


def downgrade() -> None:
    with op.batch_alter_table("project") as batch:
        for name in ("ends_on", "starts_on", "state"):
            batch.drop_column(name)
    op.drop_index("ix_commitment_block_id", "commitment")
    op.drop_index("ix_commitment_declaration_id", "commitment")
    with op.batch_alter_table("commitment") as batch:
        batch.drop_constraint("fk_commitment_block_id", type_="foreignkey")
        batch.drop_constraint("fk_commitment_declaration_id", type_="foreignkey")
        for name in ("reminded_at", "block_id", "declaration_id"):
            batch.drop_column(name)
    op.drop_table("commitment_report")
