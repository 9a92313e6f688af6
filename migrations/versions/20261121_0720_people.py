"""Organisations, mandates, deputies, delegations, guests: what the register of people needs."""

import sqlalchemy as sa
from alembic import op

revision = "20261121_0720"
down_revision = "20261121_0710"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("person") as batch_op:
        batch_op.add_column(sa.Column("timezone", sa.Text(), nullable=False, server_default=""))
        batch_op.add_column(sa.Column("erased_at", sa.DateTime(timezone=True), nullable=True))
    with op.batch_alter_table("forum") as batch_op:
        batch_op.add_column(
            sa.Column("registration", sa.String(length=16), nullable=False, server_default="invitation")
        )
        batch_op.add_column(sa.Column("guest_comments", sa.Boolean(), nullable=False, server_default=sa.false()))
        batch_op.add_column(sa.Column("one_voice", sa.Boolean(), nullable=False, server_default=sa.false()))
        batch_op.add_column(sa.Column("is_public_programme", sa.Boolean(), nullable=False, server_default=sa.true()))
    with op.batch_alter_table("organisation") as batch_op:
        batch_op.alter_column("kind", existing_type=sa.Text(), type_=sa.String(length=16), existing_nullable=False)
        batch_op.add_column(sa.Column("merged_into_id", sa.Uuid(), nullable=True))
        batch_op.create_foreign_key(
            batch_op.f("fk_organisation_merged_into_id"), "organisation", ["merged_into_id"], ["id"]
        )
    with op.batch_alter_table("mandate") as batch_op:
        batch_op.add_column(sa.Column("deputy_of_id", sa.Uuid(), nullable=True))
        batch_op.add_column(sa.Column("is_steward", sa.Boolean(), nullable=False, server_default=sa.false()))
        batch_op.create_foreign_key(batch_op.f("fk_mandate_deputy_of_id"), "mandate", ["deputy_of_id"], ["id"])
    _upgrade_comments()
    op.create_table(
        "contact",
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("email", sa.Text(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("pass_hash", sa.Text(), nullable=True),
        sa.Column("check_hash", sa.Text(), nullable=True),
        sa.Column("checked_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_contact_person_id")),
        sa.PrimaryKeyConstraint("person_id", name=op.f("pk_contact")),
        sa.UniqueConstraint("check_hash", name=op.f("uq_contact_check_hash")),
        sa.UniqueConstraint("pass_hash", name=op.f("uq_contact_pass_hash")),
    )
    op.create_index(op.f("ix_contact_email"), "contact", ["email"])
    op.create_table(
        "roster",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("forum_id", sa.Uuid(), nullable=False),
        sa.Column("made_by_id", sa.Uuid(), nullable=True),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("rows", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(["forum_id"], ["forum.id"], name=op.f("fk_roster_forum_id")),
        sa.ForeignKeyConstraint(["made_by_id"], ["person.id"], name=op.f("fk_roster_made_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_roster")),
    )
    op.create_index(op.f("ix_roster_forum_id"), "roster", ["forum_id"])


def _upgrade_comments() -> None:
    with op.batch_alter_table("comment_thread") as batch_op:
        batch_op.add_column(sa.Column("is_internal", sa.Boolean(), nullable=False, server_default=sa.false()))
    with op.batch_alter_table("comment") as batch_op:
        batch_op.add_column(sa.Column("edited_at", sa.DateTime(timezone=True), nullable=True))
        batch_op.add_column(sa.Column("state", sa.String(length=16), nullable=False, server_default="shown"))
        batch_op.add_column(sa.Column("moderated_at", sa.DateTime(timezone=True), nullable=True))
        batch_op.add_column(sa.Column("moderated_by_id", sa.Uuid(), nullable=True))
        batch_op.add_column(sa.Column("reason", sa.Text(), nullable=False, server_default=""))
        batch_op.create_foreign_key(batch_op.f("fk_comment_moderated_by_id"), "person", ["moderated_by_id"], ["id"])
        batch_op.create_index(batch_op.f("ix_comment_author_id"), ["author_id"])
    op.create_table(
        "comment_version",
        sa.Column("comment_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("language", sa.String(length=16), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("written_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["comment_id"], ["comment.id"], name=op.f("fk_comment_version_comment_id")),
        sa.PrimaryKeyConstraint("comment_id", "number", name=op.f("pk_comment_version")),
    )


def downgrade() -> None:
    op.drop_table("roster")
    op.drop_table("contact")
    op.drop_table("comment_version")
    with op.batch_alter_table("comment") as batch_op:
        batch_op.drop_index(batch_op.f("ix_comment_author_id"))
        batch_op.drop_constraint(batch_op.f("fk_comment_moderated_by_id"), type_="foreignkey")
        for column in ("reason", "moderated_by_id", "moderated_at", "state", "edited_at"):
            batch_op.drop_column(column)
    with op.batch_alter_table("comment_thread") as batch_op:
        batch_op.drop_column("is_internal")
    with op.batch_alter_table("mandate") as batch_op:
        batch_op.drop_constraint(batch_op.f("fk_mandate_deputy_of_id"), type_="foreignkey")
        batch_op.drop_column("is_steward")
        batch_op.drop_column("deputy_of_id")
    with op.batch_alter_table("organisation") as batch_op:
        batch_op.drop_constraint(batch_op.f("fk_organisation_merged_into_id"), type_="foreignkey")
        batch_op.drop_column("merged_into_id")
        batch_op.alter_column("kind", existing_type=sa.String(length=16), type_=sa.Text(), existing_nullable=False)
    with op.batch_alter_table("forum") as batch_op:
        for column in ("is_public_programme", "one_voice", "guest_comments", "registration"):
            batch_op.drop_column(column)
    with op.batch_alter_table("person") as batch_op:
        batch_op.drop_column("erased_at")
        batch_op.drop_column("timezone")
