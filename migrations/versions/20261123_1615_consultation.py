"""Consultation: marks of notes, forms, adopted texts, commitments, earlier forums, circulars."""

from uuid import uuid4

import sqlalchemy as sa
from alembic import op

revision = "20261123_1615"
down_revision = "20261123_0630"
branch_labels = None
depends_on = None


def upgrade() -> None:
    _register()
    _notes()
    _programme()
    _forms()
    _after_adoption()


def _register() -> None:
    # What two sets have in common: pairs that somebody has agreed on, and annexes that print them.
    with op.batch_alter_table("resemblance") as batch:
        person = sa.ForeignKey("person.id", name="fk_resemblance_common_by_id")
        batch.add_column(sa.Column("common_by_id", sa.Uuid, person))
        batch.add_column(sa.Column("common_at", sa.DateTime(timezone=True)))
    with op.batch_alter_table("annex") as batch:
        batch.add_column(sa.Column("other_theme_id", sa.Uuid))
    # Forums before this one are sources of its recommendations.
    op.create_table(
        "forum_parent",
        sa.Column("id", sa.Uuid, primary_key=True),
        sa.Column("forum_id", sa.Uuid, sa.ForeignKey("forum.id"), nullable=False),
        sa.Column("kind", sa.String(16), nullable=False),
        sa.Column("parent_id", sa.Uuid),
        sa.Column("name", sa.JSON, nullable=False),
        sa.Column("title", sa.JSON, nullable=False),
        sa.Column("edition", sa.Integer, nullable=False),
        sa.Column("manifest_sha256", sa.Text, nullable=False),
        sa.Column("key", sa.Text, nullable=False),
        sa.Column("paragraphs", sa.JSON, nullable=False),
        sa.Column("content", sa.LargeBinary),
        sa.Column("made_by_id", sa.Uuid, sa.ForeignKey("person.id")),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
    )
    op.create_index("ix_forum_parent_forum_id", "forum_parent", ["forum_id"])
    with op.batch_alter_table("recommendation") as batch:
        batch.add_column(sa.Column("taken_from", sa.JSON))
    # Whole adopted texts, whose paragraphs are passages that answer one another in up to three languages.
    op.create_table(
        "adopted_text",
        sa.Column("id", sa.Uuid, primary_key=True),
        sa.Column("forum_id", sa.Uuid, sa.ForeignKey("forum.id"), nullable=False),
        sa.Column("title", sa.JSON, nullable=False),
        sa.Column("symbol", sa.Text, nullable=False, server_default=""),
        sa.Column("adopted_on", sa.Date),
        sa.Column("added_by_id", sa.Uuid, sa.ForeignKey("person.id")),
        sa.Column("added_at", sa.DateTime(timezone=True), nullable=False),
    )
    op.create_index("ix_adopted_text_forum_id", "adopted_text", ["forum_id"])
    with op.batch_alter_table("passage") as batch:
        text = sa.ForeignKey("adopted_text.id", name="fk_passage_text_id")
        batch.add_column(sa.Column("text_id", sa.Uuid, text))
        batch.add_column(sa.Column("position", sa.Integer))
        batch.add_column(sa.Column("kind", sa.String(16), nullable=False, server_default=""))
        batch.add_column(sa.Column("is_doubtful", sa.Boolean, nullable=False, server_default=sa.false()))
        batch.create_index("ix_passage_text_id_position", ["text_id", "position"])
    # What was made of a remark, with its author.
    op.create_table(
        "comment_use",
        sa.Column("comment_id", sa.Uuid, sa.ForeignKey("comment.id"), primary_key=True),
        sa.Column("recommendation_id", sa.Uuid, sa.ForeignKey("recommendation.id")),
        sa.Column("amendment_id", sa.Uuid, sa.ForeignKey("amendment.id")),
        sa.Column("used_by_id", sa.Uuid, sa.ForeignKey("person.id")),
        sa.Column("used_at", sa.DateTime(timezone=True), nullable=False),
    )


def _notes() -> None:
    # A note whose session nobody knows waits for somebody to name it, and so does each of its statements.
    with op.batch_alter_table("source_document") as batch:
        batch.add_column(sa.Column("awaits_session", sa.Boolean, nullable=False, server_default=sa.false()))
        batch.add_column(sa.Column("awaiting", sa.JSON))
    # What people say that words of a note are, and the order of suggestions that follows from it.
    op.create_table(
        "note_mark",
        sa.Column("id", sa.Uuid, primary_key=True),
        sa.Column("session_id", sa.Uuid, sa.ForeignKey("session.id"), nullable=False),
        sa.Column("kind", sa.String(16), nullable=False),
        sa.Column("suggested", sa.String(16), nullable=False),
        sa.Column("text", sa.Text, nullable=False),
        sa.Column("language", sa.String(3), nullable=False),
        sa.Column("line", sa.Integer),
        sa.Column("made_by_id", sa.Uuid, sa.ForeignKey("person.id")),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
    )
    op.create_index("ix_note_mark_session_id", "note_mark", ["session_id"])
    op.create_table(
        "suggestion_order",
        sa.Column("network_id", sa.Uuid, sa.ForeignKey("network.id"), primary_key=True),
        sa.Column("weights", sa.JSON, nullable=False),
        sa.Column("trained_on", sa.Integer, nullable=False),
        sa.Column("trained_at", sa.DateTime(timezone=True), nullable=False),
    )


def _programme() -> None:
    # Documents are attached to sessions; one that was removed, or joined with another, can be restored.
    op.create_table(
        "session_file",
        sa.Column("id", sa.Uuid, primary_key=True),
        sa.Column("session_id", sa.Uuid, sa.ForeignKey("session.id"), nullable=False),
        sa.Column("name", sa.Text, nullable=False),
        sa.Column("size", sa.Integer, nullable=False),
        sa.Column("sha256", sa.String(64), nullable=False),
        sa.Column("content", sa.LargeBinary, nullable=False),
        sa.Column("added_by_id", sa.Uuid, sa.ForeignKey("person.id")),
        sa.Column("added_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("removed_at", sa.DateTime(timezone=True)),
        sa.UniqueConstraint("session_id", "sha256"),
    )
    op.create_index("ix_session_file_session_id", "session_file", ["session_id"])
    with op.batch_alter_table("session") as batch:
        batch.add_column(sa.Column("removed_at", sa.DateTime(timezone=True)))
        batch.add_column(sa.Column("joined_into_id", sa.Uuid))
        batch.add_column(sa.Column("moved", sa.JSON))
        batch.create_foreign_key("fk_session_joined_into_id", "session", ["joined_into_id"], ["id"])


def _forms() -> None:
    # Forms with a public address, and what came in by them, with what it said before it was corrected.
    op.create_table(
        "form",
        sa.Column("id", sa.Uuid, nullable=False),
        sa.Column("forum_id", sa.Uuid, nullable=False),
        sa.Column("number", sa.Integer, nullable=False),
        sa.Column("kind", sa.String(16), nullable=False),
        sa.Column("respondent", sa.String(16), nullable=False),
        sa.Column("title", sa.JSON, nullable=False),
        sa.Column("introduction", sa.JSON, nullable=False),
        sa.Column("fields", sa.JSON, nullable=False),
        sa.Column("opens_at", sa.DateTime(timezone=True)),
        sa.Column("closes_at", sa.DateTime(timezone=True)),
        sa.PrimaryKeyConstraint("id", name="pk_form"),
        sa.ForeignKeyConstraint(["forum_id"], ["forum.id"], name="fk_form_forum_id"),
        sa.UniqueConstraint("forum_id", "number", name="uq_form_forum_id_number"),
    )
    op.create_table(
        "form_answer",
        sa.Column("id", sa.Uuid, nullable=False),
        sa.Column("form_id", sa.Uuid, nullable=False),
        sa.Column("number", sa.Integer, nullable=False),
        sa.Column("language", sa.String(3), nullable=False),
        sa.Column("person_id", sa.Uuid, nullable=False),
        sa.Column("organisation_id", sa.Uuid),
        sa.Column("organisation_name", sa.Text, nullable=False),
        sa.Column("is_name_kept", sa.Boolean, nullable=False),
        sa.Column("content", sa.JSON, nullable=False),
        sa.Column("state", sa.String(16), nullable=False),
        sa.Column("reason", sa.Text, nullable=False),
        sa.Column("sent_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True)),
        sa.Column("settled_by_id", sa.Uuid),
        sa.Column("session_id", sa.Uuid),
        sa.Column("taken", sa.JSON, nullable=False),
        sa.Column("earlier", sa.JSON, nullable=False, server_default="[]"),
        sa.PrimaryKeyConstraint("id", name="pk_form_answer"),
        sa.UniqueConstraint("form_id", "number", name="uq_form_answer_form_id_number"),
        *(
            sa.ForeignKeyConstraint([column], [f"{table}.id"], name=f"fk_form_answer_{column}")
            for column, table in (
                ("form_id", "form"),
                ("person_id", "person"),
                ("organisation_id", "organisation"),
                ("settled_by_id", "person"),
                ("session_id", "session"),
            )
        ),
    )
    for column in ("person_id", "organisation_id", "session_id"):
        op.create_index(f"ix_form_answer_{column}", "form_answer", [column])


def _after_adoption() -> None:
    # Commitments are of a paragraph and reported on with evidence; projects have dates and a state.
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
    # Circulars and yearly reports are written here, sent and answered.
    op.create_table(
        "circular",
        sa.Column("id", sa.Uuid, primary_key=True),
        sa.Column("forum_id", sa.Uuid, sa.ForeignKey("forum.id"), nullable=False),
        sa.Column("number", sa.Integer, nullable=False),
        sa.Column("kind", sa.String(16), nullable=False),
        sa.Column("subject", sa.JSON, nullable=False),
        sa.Column("text", sa.JSON, nullable=False),
        sa.Column("wants_answer", sa.Boolean, nullable=False),
        sa.Column("written_by_id", sa.Uuid, sa.ForeignKey("person.id")),
        sa.Column("written_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("sent_by_id", sa.Uuid, sa.ForeignKey("person.id")),
        sa.Column("sent_at", sa.DateTime(timezone=True)),
        sa.Column("sent_to", sa.Integer, nullable=False),
        sa.UniqueConstraint("forum_id", "number"),
    )
    op.create_index("ix_circular_forum_id", "circular", ["forum_id"])
    op.create_table(
        "circular_answer",
        sa.Column("id", sa.Uuid, primary_key=True),
        sa.Column("circular_id", sa.Uuid, sa.ForeignKey("circular.id"), nullable=False),
        sa.Column("organisation_id", sa.Uuid, sa.ForeignKey("organisation.id")),
        sa.Column("person_id", sa.Uuid, sa.ForeignKey("person.id"), nullable=False),
        sa.Column("text", sa.Text, nullable=False),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=False),
    )
    op.create_index("ix_circular_answer_circular_id", "circular_answer", ["circular_id"])
    # The reason for corrections is kept in each language.
    with op.batch_alter_table("corrigendum") as batch:
        batch.add_column(sa.Column("reasons", sa.JSON))


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
    with op.batch_alter_table("session") as batch:
        batch.drop_constraint("fk_session_joined_into_id", type_="foreignkey")
        for name in ("moved", "joined_into_id", "removed_at"):
            batch.drop_column(name)
    op.drop_table("session_file")
    with op.batch_alter_table("corrigendum") as batch:
        batch.drop_column("reasons")
    op.drop_table("comment_use")
    with op.batch_alter_table("passage") as batch:
        batch.drop_index("ix_passage_text_id_position")
        batch.drop_constraint("fk_passage_text_id", type_="foreignkey")
        for name in ("is_doubtful", "kind", "position", "text_id"):
            batch.drop_column(name)
    op.drop_table("adopted_text")
    op.drop_table("form_answer")
    op.drop_table("form")
    op.drop_table("suggestion_order")
    op.drop_table("note_mark")
    op.drop_table("circular_answer")
    op.drop_table("circular")
    with op.batch_alter_table("recommendation") as batch:
        batch.drop_column("taken_from")
    op.drop_table("forum_parent")
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
    with op.batch_alter_table("source_document") as batch:
        batch.drop_column("awaiting")
        batch.drop_column("awaits_session")
    with op.batch_alter_table("annex") as batch:
        batch.drop_column("other_theme_id")
    with op.batch_alter_table("resemblance") as batch:
        batch.drop_column("common_at")
        batch.drop_constraint("fk_resemblance_common_by_id", type_="foreignkey")
        batch.drop_column("common_by_id")
