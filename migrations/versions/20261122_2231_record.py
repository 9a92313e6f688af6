"""What was decided can be taken back, who answers for what is kept, and names have salts."""

import sqlalchemy as sa
from alembic import op

revision = "20261122_2231"
down_revision = "20261122_0500"
branch_labels = None
depends_on = None

TABLE = "translation_draft"


def upgrade() -> None:
    # What was agreed can be taken back, with a reason.
    op.create_table(
        "question_reversal",
        sa.Column("question_id", sa.Uuid, sa.ForeignKey("question.id"), primary_key=True),
        sa.Column("reason", sa.Text, nullable=False),
        sa.Column("reversed_by_id", sa.Uuid, sa.ForeignKey("person.id")),
        sa.Column("reversed_at", sa.DateTime(timezone=True), nullable=False),
    )
    # A signature under three texts says which of the languages its signer answers for; those there are, for all.
    op.add_column("concordance", sa.Column("languages", sa.Text(), nullable=False, server_default="es,en,fr"))
    # A round of decisions can be about one amendment: its withdrawal, or the undoing of what was decided on it alone.
    with op.batch_alter_table("decision_round") as table:
        table.add_column(
            sa.Column("about_id", sa.Uuid, sa.ForeignKey("amendment.id", name="fk_decision_round_about_id"))
        )
    # What was decided of recommendations at once, who said them outside the register, and notices about them.
    with op.batch_alter_table("recommendation_ruling") as table:
        table.add_column(sa.Column("standing_before", sa.String(16)))
        table.add_column(sa.Column("settlement_id", sa.Uuid))
        table.create_index("ix_recommendation_ruling_settlement_id", ["settlement_id"])
    op.add_column("recommendation", sa.Column("said_by", sa.Text, nullable=False, server_default=""))
    with op.batch_alter_table("notice") as table:
        table.add_column(sa.Column("recommendation_id", sa.Uuid))
        table.create_foreign_key("fk_notice_recommendation_id", "recommendation", ["recommendation_id"], ["id"])
    # Translations that somebody is still writing.
    op.create_table(
        TABLE,
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("declaration_id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Uuid(), nullable=False),
        sa.Column("content", sa.JSON(), nullable=False),
        sa.Column("begun_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("kept_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["declaration_id"], ["declaration.id"], name="fk_translation_draft_declaration_id"),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name="fk_translation_draft_person_id"),
        sa.PrimaryKeyConstraint("id", name="pk_translation_draft"),
    )
    for column in ("declaration_id", "person_id"):
        op.create_index(f"ix_translation_draft_{column}", TABLE, [column])
    # A random salt beside each name: the log names persons by digests that nobody can guess names from.
    with op.batch_alter_table("person") as batch:
        batch.add_column(sa.Column("salt", sa.Text(), server_default="", nullable=False))
    # What took a decision back, and what was decided on a wording, are found by index.
    op.create_index("ix_decision_amendment_version_id", "decision", ["amendment_version_id"])
    op.create_index("ix_decision_round_undoes_id", "decision_round", ["undoes_id"])
    # What the room has answered can be carried out again, where the decision that did it was undone.
    is_postgresql = op.get_bind().dialect.name == "postgresql"
    for action in ("update", "delete", "truncate"):
        where = " ON question_decision" if is_postgresql else ""
        op.execute(f"DROP TRIGGER IF EXISTS refuse_{action}_of_question_decision{where}")


def downgrade() -> None:
    """The triggers of an earlier program are put in place when it runs its own migrations."""
    op.drop_index("ix_decision_round_undoes_id", "decision_round")
    op.drop_index("ix_decision_amendment_version_id", "decision")
    with op.batch_alter_table("person") as batch:
        batch.drop_column("salt")
    op.drop_table(TABLE)
    with op.batch_alter_table("notice") as table:
        table.drop_constraint("fk_notice_recommendation_id", type_="foreignkey")
        table.drop_column("recommendation_id")
    with op.batch_alter_table("recommendation") as table:
        table.drop_column("said_by")
    with op.batch_alter_table("recommendation_ruling") as table:
        table.drop_index("ix_recommendation_ruling_settlement_id")
        table.drop_column("settlement_id")
        table.drop_column("standing_before")
    with op.batch_alter_table("decision_round") as table:
        table.drop_constraint("fk_decision_round_about_id", type_="foreignkey")
        table.drop_column("about_id")
    op.drop_column("concordance", "languages")
    op.drop_table("question_reversal")
