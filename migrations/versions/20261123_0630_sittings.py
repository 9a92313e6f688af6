"""Sittings: movers, proxies, majorities, speakers, screens and minutes."""

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "20261123_0630"
down_revision = "20261123_0225"
branch_labels = None
depends_on = None


def upgrade() -> None:
    _amendments()
    _votes()
    _sittings()


def _amendments() -> None:
    # Amendments moved from the floor, and whose proposal an edit of the committee is.
    with op.batch_alter_table("amendment") as batch:
        batch.add_column(sa.Column("is_oral", sa.Boolean(), server_default=sa.false(), nullable=False))
        batch.add_column(sa.Column("recorded_by_id", sa.Uuid(), nullable=True))
        batch.add_column(sa.Column("certified_at", sa.DateTime(timezone=True), nullable=True))
        batch.add_column(sa.Column("dispute", sa.Text(), server_default="", nullable=False))
        batch.create_foreign_key("fk_amendment_recorded_by_id", "person", ["recorded_by_id"], ["id"])
    with op.batch_alter_table("decision") as batch:
        batch.add_column(sa.Column("mover_id", sa.Uuid(), nullable=True))
        batch.add_column(sa.Column("mover_organisation_id", sa.Uuid(), nullable=True))
        batch.create_foreign_key("fk_decision_mover_id", "person", ["mover_id"], ["id"])
        batch.create_foreign_key("fk_decision_mover_organisation_id", "organisation", ["mover_organisation_id"], ["id"])
    # A round of decisions may be of amendments in several languages.
    with op.batch_alter_table("decision_round") as batch:
        batch.alter_column("language", existing_type=sa.String(16), nullable=True)
    # What the chair changes in the running order, with the reason.
    op.create_table(
        "order_change",
        sa.Column("declaration_id", sa.Uuid, sa.ForeignKey("declaration.id"), primary_key=True),
        sa.Column("number", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("act", sa.String(16), nullable=False),
        sa.Column("amendment_id", sa.Uuid, sa.ForeignKey("amendment.id"), nullable=False),
        sa.Column("anchor_id", sa.Uuid, sa.ForeignKey("amendment.id")),
        sa.Column("group_name", sa.Text, nullable=False),
        sa.Column("reason", sa.Text, nullable=False),
        sa.Column("made_by_id", sa.Uuid, sa.ForeignKey("person.id")),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
    )
    # Whether late amendments need leave of the chair; those that were filed before stay as they are.
    with op.batch_alter_table("forum") as batch:
        batch.add_column(sa.Column("late_needs_leave", sa.Boolean(), server_default=sa.true(), nullable=False))
    # What somebody has marked on the desk of a declaration is one draft for all languages.
    drafts: dict[tuple[Any, Any], dict[str, Any]] = {}
    for before in op.get_bind().execute(sa.select(sa.table("desk_draft", *_kept()))).mappings():
        key = (before["declaration_id"], before["person_id"])
        draft = drafts.setdefault(key, {**before, "choices": [], "leading": {}})
        draft["choices"] = [*draft["choices"], *before["choices"]]
    op.drop_table("desk_draft")
    op.bulk_insert(_created(sa.Column("leading", sa.JSON, nullable=False)), list(drafts.values()))
    # Compromise amendments: which others each of them would replace.
    op.create_table(
        "amendment_replacement",
        sa.Column("amendment_id", sa.Uuid(), nullable=False),
        sa.Column("replaced_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(["amendment_id"], ["amendment.id"], name="fk_amendment_replacement_amendment_id"),
        sa.ForeignKeyConstraint(["replaced_id"], ["amendment.id"], name="fk_amendment_replacement_replaced_id"),
        sa.PrimaryKeyConstraint("amendment_id", "replaced_id", name="pk_amendment_replacement"),
    )
    op.create_index("ix_amendment_replacement_replaced_id", "amendment_replacement", ["replaced_id"])


def _votes() -> None:
    # How many were present is kept with the numbers of a vote.
    with op.batch_alter_table("question_end") as batch:
        batch.add_column(sa.Column("present", sa.Integer))
    # A voter gives its vote to another.
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
    # A vote is taken again, with a reason.
    with op.batch_alter_table("question_reversal") as batch:
        batch.add_column(
            sa.Column("again_id", sa.Uuid, sa.ForeignKey("question.id", name="fk_question_reversal_again_id"))
        )
        batch.create_index("ix_question_reversal_again_id", ["again_id"])
    # Members request how a vote is taken; the rules say how many of them it takes.
    op.create_table(
        "ballot_request",
        sa.Column("id", sa.Uuid, primary_key=True),
        sa.Column("declaration_id", sa.Uuid, sa.ForeignKey("declaration.id"), nullable=False),
        sa.Column("kind", sa.String(16), nullable=False),
        sa.Column("amendment_id", sa.Uuid, sa.ForeignKey("amendment.id")),
        sa.Column("block_id", sa.Uuid, sa.ForeignKey("block.id")),
        sa.Column("part", sa.Text, nullable=False),
        sa.Column("organisation_id", sa.Uuid, sa.ForeignKey("organisation.id"), nullable=False),
        sa.Column("requested_by_id", sa.Uuid, sa.ForeignKey("person.id")),
        sa.Column("requested_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("withdrawn_at", sa.DateTime(timezone=True)),
        sa.Column("question_id", sa.Uuid, sa.ForeignKey("question.id")),
    )
    op.create_index("ix_ballot_request_declaration_id", "ballot_request", ["declaration_id"])
    op.create_index("ix_ballot_request_question_id", "ballot_request", ["question_id"])
    with op.batch_alter_table("procedure_rules") as batch:
        batch.add_column(sa.Column("roll_call_requests", sa.Integer, nullable=False, server_default="1"))
        batch.add_column(sa.Column("secret_requests", sa.Integer, nullable=False, server_default="3"))
    # On which amendments delegations want a vote of their own.
    op.create_table(
        "separate_vote",
        sa.Column("amendment_id", sa.Uuid, sa.ForeignKey("amendment.id"), primary_key=True),
        sa.Column("organisation_id", sa.Uuid, sa.ForeignKey("organisation.id"), primary_key=True),
        sa.Column("asked_by_id", sa.Uuid, sa.ForeignKey("person.id"), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("withdrawn_at", sa.DateTime(timezone=True)),
    )


def _sittings() -> None:
    # The public screen of a sitting: since when and in which phase visitors see it, and its clock.
    op.create_table(
        "public_screen",
        sa.Column("declaration_id", sa.Uuid, sa.ForeignKey("declaration.id"), nullable=False),
        sa.Column("public_in", sa.String(16)),
        sa.Column("opened_at", sa.DateTime(timezone=True)),
        sa.Column("clock_ends_at", sa.DateTime(timezone=True)),
        sa.PrimaryKeyConstraint("declaration_id", name="pk_public_screen"),
    )
    # Sittings with their agenda, attendance and speakers, and the minutes that are signed of them.
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


def _kept() -> tuple[sa.ColumnClause[Any], ...]:
    keys = (sa.column("declaration_id", sa.Uuid), sa.column("person_id", sa.Uuid))
    return (*keys, sa.column("choices", sa.JSON), sa.column("kept_at", sa.DateTime(timezone=True)))


def _created(column: sa.Column[Any]) -> sa.Table:
    return op.create_table(
        "desk_draft",
        sa.Column("declaration_id", sa.Uuid, sa.ForeignKey("declaration.id"), primary_key=True),
        sa.Column("person_id", sa.Uuid, sa.ForeignKey("person.id"), primary_key=True),
        column,
        sa.Column("choices", sa.JSON, nullable=False),
        sa.Column("kept_at", sa.DateTime(timezone=True), nullable=False),
    )


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
    op.drop_table("separate_vote")
    op.drop_table("amendment_replacement")
    op.drop_table("desk_draft")
    _created(sa.Column("language", sa.String(16), primary_key=True))
    with op.batch_alter_table("procedure_rules") as batch:
        batch.drop_column("secret_requests")
        batch.drop_column("roll_call_requests")
    op.drop_table("ballot_request")
    with op.batch_alter_table("question_reversal") as batch:
        batch.drop_index("ix_question_reversal_again_id")
        batch.drop_constraint("fk_question_reversal_again_id", type_="foreignkey")
        batch.drop_column("again_id")
    with op.batch_alter_table("question_cast") as batch:
        batch.drop_constraint("fk_question_cast_proxy_id", type_="foreignkey")
        batch.drop_column("proxy_id")
    op.drop_table("vote_proxy")
    with op.batch_alter_table("forum") as batch:
        batch.drop_column("late_needs_leave")
    op.drop_table("order_change")
    op.drop_table("public_screen")
    op.execute(
        "UPDATE decision_round SET language = (SELECT original_language FROM declaration "
        "WHERE declaration.id = decision_round.declaration_id) WHERE language IS NULL"
    )
    with op.batch_alter_table("decision_round") as batch:
        batch.alter_column("language", existing_type=sa.String(16), nullable=False)
    with op.batch_alter_table("decision") as batch:
        batch.drop_constraint("fk_decision_mover_organisation_id", type_="foreignkey")
        batch.drop_constraint("fk_decision_mover_id", type_="foreignkey")
        batch.drop_column("mover_organisation_id")
        batch.drop_column("mover_id")
    with op.batch_alter_table("amendment") as batch:
        batch.drop_constraint("fk_amendment_recorded_by_id", type_="foreignkey")
        batch.drop_column("dispute")
        batch.drop_column("certified_at")
        batch.drop_column("recorded_by_id")
        batch.drop_column("is_oral")
    with op.batch_alter_table("question_end") as batch:
        batch.drop_column("present")
