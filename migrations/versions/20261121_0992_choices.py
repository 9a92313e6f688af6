"""What each person wants by mail, and addresses from which letters came back."""

import sqlalchemy as sa
from alembic import op

revision = "20261121_0992"
down_revision = "20261121_0991"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "mail_choice",
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.Column("pace", sa.String(length=16), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_mail_choice_person_id")),
        sa.PrimaryKeyConstraint("person_id", "kind", name=op.f("pk_mail_choice")),
    )
    op.create_table(
        "bounce",
        sa.Column("address", sa.Text(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=True),
        sa.Column("letter_id", sa.Uuid(), nullable=False),
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_bounce_person_id")),
        sa.PrimaryKeyConstraint("address", name=op.f("pk_bounce")),
    )
    op.create_index(op.f("ix_bounce_person_id"), "bounce", ["person_id"])
    op.add_column("notice", sa.Column("mailed_at", sa.DateTime(timezone=True), nullable=True))
    op.execute(sa.text("UPDATE notice SET mailed_at = made_at"))  # nobody is written to about what is long past
    op.create_index(op.f("ix_notice_mailed_at"), "notice", ["mailed_at"])


def downgrade() -> None:
    """Notices are shown in here alone, and nobody knows which letters came back."""
    op.drop_index(op.f("ix_notice_mailed_at"), "notice")
    with op.batch_alter_table("notice") as batch:
        batch.drop_column("mailed_at")
    op.drop_table("bounce")
    op.drop_table("mail_choice")
