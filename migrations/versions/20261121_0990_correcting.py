"""Editions corrected after publication, and editions that are sealed until an appointed time."""

import sqlalchemy as sa
from alembic import op

revision = "20261121_0990"
down_revision = "20261121_0983"
branch_labels = None
depends_on = None

_TIME = sa.DateTime(timezone=True)


def upgrade() -> None:
    with op.batch_alter_table("declaration") as batch:
        batch.add_column(sa.Column("releases_at", _TIME, nullable=True))
    _create_sealed()
    _create_corrigenda()


def _create_sealed() -> None:
    op.create_table(
        "sealed_edition",
        sa.Column("declaration_id", sa.Uuid(), nullable=False),
        sa.Column("edition_id", sa.Uuid(), nullable=False),
        sa.Column("revision_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("adopted_on", sa.Date(), nullable=False),
        sa.Column("fingerprint", sa.Text(), nullable=False),
        sa.Column("manifest_sha256", sa.Text(), nullable=False),
        sa.Column("requested_by_id", sa.Uuid(), nullable=False),
        sa.Column("confirmed_by_id", sa.Uuid(), nullable=False),
        sa.Column("sealed_at", _TIME, nullable=False),
        sa.Column("release_at", _TIME, nullable=False),
        sa.Column("release_offset", sa.Integer(), nullable=False),
        sa.Column("zone", sa.Text(), nullable=False),
        sa.Column("was_embargoed", sa.Boolean(), nullable=False),
        sa.Column("asked_release_at", _TIME, nullable=True),
        sa.Column("asked_offset", sa.Integer(), nullable=True),
        sa.Column("asked_by_id", sa.Uuid(), nullable=True),
        sa.Column("asked_at", _TIME, nullable=True),
        sa.ForeignKeyConstraint(["declaration_id"], ["declaration.id"], name=op.f("fk_sealed_edition_declaration_id")),
        sa.ForeignKeyConstraint(["revision_id"], ["revision.id"], name=op.f("fk_sealed_edition_revision_id")),
        sa.ForeignKeyConstraint(["requested_by_id"], ["person.id"], name=op.f("fk_sealed_edition_requested_by_id")),
        sa.ForeignKeyConstraint(["confirmed_by_id"], ["person.id"], name=op.f("fk_sealed_edition_confirmed_by_id")),
        sa.ForeignKeyConstraint(["asked_by_id"], ["person.id"], name=op.f("fk_sealed_edition_asked_by_id")),
        sa.PrimaryKeyConstraint("declaration_id", name=op.f("pk_sealed_edition")),
    )
    op.create_index(op.f("ix_sealed_edition_release_at"), "sealed_edition", ["release_at"])
    op.create_table(
        "sealed_file",
        sa.Column("declaration_id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("media_type", sa.Text(), nullable=False),
        sa.Column("sha256", sa.Text(), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(
            ["declaration_id"], ["sealed_edition.declaration_id"], name=op.f("fk_sealed_file_declaration_id")
        ),
        sa.PrimaryKeyConstraint("declaration_id", "name", name=op.f("pk_sealed_file")),
    )


def _create_corrigenda() -> None:
    op.create_table(
        "corrigendum",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("declaration_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("edition_id", sa.Uuid(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("prepared_by_id", sa.Uuid(), nullable=False),
        sa.Column("prepared_at", _TIME, nullable=False),
        sa.Column("asked_by_id", sa.Uuid(), nullable=True),
        sa.Column("asked_at", _TIME, nullable=True),
        sa.Column("closes_at", _TIME, nullable=True),
        sa.Column("closes_offset", sa.Integer(), nullable=True),
        sa.Column("zone", sa.Text(), nullable=False),
        sa.Column("ended_by_id", sa.Uuid(), nullable=True),
        sa.Column("ended_at", _TIME, nullable=True),
        sa.Column("objection", sa.Text(), nullable=False),
        sa.Column("organisation_id", sa.Uuid(), nullable=True),
        sa.Column("made_id", sa.Uuid(), nullable=True),
        sa.ForeignKeyConstraint(["declaration_id"], ["declaration.id"], name=op.f("fk_corrigendum_declaration_id")),
        sa.ForeignKeyConstraint(["edition_id"], ["edition.id"], name=op.f("fk_corrigendum_edition_id")),
        sa.ForeignKeyConstraint(["prepared_by_id"], ["person.id"], name=op.f("fk_corrigendum_prepared_by_id")),
        sa.ForeignKeyConstraint(["asked_by_id"], ["person.id"], name=op.f("fk_corrigendum_asked_by_id")),
        sa.ForeignKeyConstraint(["ended_by_id"], ["person.id"], name=op.f("fk_corrigendum_ended_by_id")),
        sa.ForeignKeyConstraint(["organisation_id"], ["organisation.id"], name=op.f("fk_corrigendum_organisation_id")),
        sa.ForeignKeyConstraint(["made_id"], ["edition.id"], name=op.f("fk_corrigendum_made_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_corrigendum")),
        sa.UniqueConstraint("declaration_id", "number", name=op.f("uq_corrigendum_declaration_id_number")),
    )
    for column in ("declaration_id", "closes_at", "made_id"):
        op.create_index(op.f(f"ix_corrigendum_{column}"), "corrigendum", [column])
    op.create_table(
        "corrigendum_change",
        sa.Column("corrigendum_id", sa.Uuid(), nullable=False),
        sa.Column("block_id", sa.Uuid(), nullable=False),
        sa.Column("language", sa.String(length=16), nullable=False),
        sa.Column("before_id", sa.Uuid(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.Column("is_proved", sa.Boolean(), nullable=False),
        sa.Column("made_by_id", sa.Uuid(), nullable=False),
        sa.Column("made_at", _TIME, nullable=False),
        sa.ForeignKeyConstraint(
            ["corrigendum_id"], ["corrigendum.id"], name=op.f("fk_corrigendum_change_corrigendum_id")
        ),
        sa.ForeignKeyConstraint(["block_id"], ["block.id"], name=op.f("fk_corrigendum_change_block_id")),
        sa.ForeignKeyConstraint(["before_id"], ["text_version.id"], name=op.f("fk_corrigendum_change_before_id")),
        sa.ForeignKeyConstraint(["made_by_id"], ["person.id"], name=op.f("fk_corrigendum_change_made_by_id")),
        sa.PrimaryKeyConstraint("corrigendum_id", "block_id", "language", name=op.f("pk_corrigendum_change")),
    )


def downgrade() -> None:
    """Back to editions that stand as they came out. Sealed ones and the records of corrigenda are lost."""
    for table in ("corrigendum_change", "corrigendum", "sealed_file", "sealed_edition"):
        op.drop_table(table)
    with op.batch_alter_table("declaration") as batch:
        batch.drop_column("releases_at")
