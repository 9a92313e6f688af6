"""Sittings with their agenda, attendance and speakers, and the minutes that are signed of them."""

import sqlalchemy as sa
from alembic import op

revision = "20261123_0630"
down_revision = "20261123_0705"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "speaker_group",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("forum_id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("organisation_id", sa.Uuid(), nullable=True),
        sa.Column("person_id", sa.Uuid(), nullable=True),
        sa.ForeignKeyConstraint(["forum_id"], ["forum.id"], name="fk_speaker_group_forum_id"),
        sa.ForeignKeyConstraint(["organisation_id"], ["organisation.id"], name="fk_speaker_group_organisation_id"),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name="fk_speaker_group_person_id"),
        sa.PrimaryKeyConstraint("id", name="pk_speaker_group"),
    )
    op.create_index("ix_speaker_group_forum_id", "speaker_group", ["forum_id"])
    op.create_table(
        "sitting",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("declaration_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.Column("place", sa.Text(), nullable=False),
        sa.Column("planned_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("began_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("list_item", sa.Text(), nullable=False),
        sa.Column("list_minutes", sa.Integer(), nullable=False),
        sa.Column("list_order", sa.String(length=16), nullable=False),
        sa.Column("list_is_open", sa.Boolean(), nullable=True),
        sa.ForeignKeyConstraint(["declaration_id"], ["declaration.id"], name="fk_sitting_declaration_id"),
        sa.PrimaryKeyConstraint("id", name="pk_sitting"),
        sa.UniqueConstraint("declaration_id", "number", name="uq_sitting_declaration_id_number"),
    )
    op.create_index("ix_sitting_declaration_id", "sitting", ["declaration_id"])
    op.create_table(
        "minutes",
        sa.Column("sitting_id", sa.Uuid(), nullable=False),
        sa.Column("record", sa.JSON(), nullable=False),
        sa.Column("sha256", sa.Text(), nullable=False),
        sa.Column("signed_by_id", sa.Uuid(), nullable=True),
        sa.Column("signed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("correct_until", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["signed_by_id"], ["person.id"], name="fk_minutes_signed_by_id"),
        sa.ForeignKeyConstraint(["sitting_id"], ["sitting.id"], name="fk_minutes_sitting_id"),
        sa.PrimaryKeyConstraint("sitting_id", name="pk_minutes"),
    )
    op.create_table(
        "minutes_correction",
        sa.Column("sitting_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("item", sa.Text(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("language", sa.Text(), nullable=False),
        sa.Column("proposed_by_id", sa.Uuid(), nullable=True),
        sa.Column("proposed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("is_accepted", sa.Boolean(), nullable=True),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("answered_by_id", sa.Uuid(), nullable=True),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["answered_by_id"], ["person.id"], name="fk_minutes_correction_answered_by_id"),
        sa.ForeignKeyConstraint(["proposed_by_id"], ["person.id"], name="fk_minutes_correction_proposed_by_id"),
        sa.ForeignKeyConstraint(["sitting_id"], ["sitting.id"], name="fk_minutes_correction_sitting_id"),
        sa.PrimaryKeyConstraint("sitting_id", "number", name="pk_minutes_correction"),
    )
    op.create_table(
        "sitting_item",
        sa.Column("sitting_id", sa.Uuid(), nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("taken_up_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("note", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["sitting_id"], ["sitting.id"], name="fk_sitting_item_sitting_id"),
        sa.PrimaryKeyConstraint("sitting_id", "key", name="pk_sitting_item"),
    )
    op.create_table(
        "sitting_seat",
        sa.Column("sitting_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("organisation_id", sa.Uuid(), nullable=True),
        sa.Column("person_id", sa.Uuid(), nullable=True),
        sa.Column("standing", sa.String(length=16), nullable=True),
        sa.Column("noted_by_id", sa.Uuid(), nullable=True),
        sa.Column("noted_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["noted_by_id"], ["person.id"], name="fk_sitting_seat_noted_by_id"),
        sa.ForeignKeyConstraint(["organisation_id"], ["organisation.id"], name="fk_sitting_seat_organisation_id"),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name="fk_sitting_seat_person_id"),
        sa.ForeignKeyConstraint(["sitting_id"], ["sitting.id"], name="fk_sitting_seat_sitting_id"),
        sa.PrimaryKeyConstraint("sitting_id", "number", name="pk_sitting_seat"),
    )
    op.create_table(
        "speaker",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("sitting_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("item", sa.Text(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("organisation_id", sa.Uuid(), nullable=True),
        sa.Column("is_point_of_order", sa.Boolean(), nullable=False),
        sa.Column("requested_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("entered_by_id", sa.Uuid(), nullable=True),
        sa.Column("withdrawn_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("began_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["entered_by_id"], ["person.id"], name="fk_speaker_entered_by_id"),
        sa.ForeignKeyConstraint(["organisation_id"], ["organisation.id"], name="fk_speaker_organisation_id"),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name="fk_speaker_person_id"),
        sa.ForeignKeyConstraint(["sitting_id"], ["sitting.id"], name="fk_speaker_sitting_id"),
        sa.PrimaryKeyConstraint("id", name="pk_speaker"),
        sa.UniqueConstraint("sitting_id", "number", name="uq_speaker_sitting_id_number"),
    )
    op.create_index("ix_speaker_sitting_id", "speaker", ["sitting_id"])


def downgrade() -> None:
    for table in (
        "minutes_correction",
        "minutes",
        "speaker_group",
        "speaker",
        "sitting_seat",
        "sitting_item",
        "sitting",
    ):
        op.drop_table(table)
