"""The register: what was sent in, themes, rulings, endorsements, near-duplicates, views; links that want a look."""

import re
import unicodedata

import sqlalchemy as sa
from alembic import op

revision = "20261121_0810"
down_revision = "20261121_0800"
branch_labels = None
depends_on = None

_LETTERS = str.maketrans({"œ": "oe", "æ": "ae", "ø": "o", "ł": "l", "đ": "d", "ı": "i"})


def upgrade() -> None:
    _widen_recommendations()
    with op.batch_alter_table("provenance") as batch:
        batch.add_column(sa.Column("wants_look", sa.Boolean(), nullable=False, server_default=sa.false()))
    _fold()
    _create_rulings()
    _create_themes()
    _create_voices()


def _widen_recommendations() -> None:
    with op.batch_alter_table("recommendation") as batch:
        batch.alter_column("session_id", existing_type=sa.Uuid(), nullable=True)
        batch.add_column(sa.Column("working_group", sa.Text(), nullable=False, server_default=""))
        batch.add_column(sa.Column("organisation_id", sa.Uuid(), nullable=True))
        batch.add_column(sa.Column("submitted_by_id", sa.Uuid(), nullable=True))
        batch.add_column(sa.Column("submitted_at", sa.DateTime(timezone=True), nullable=True))
        batch.add_column(sa.Column("merged_into_id", sa.Uuid(), nullable=True))
        batch.add_column(sa.Column("outcome", sa.String(length=16), nullable=False, server_default="open"))
        batch.add_column(sa.Column("outcome_reason", sa.Text(), nullable=False, server_default=""))
        batch.add_column(sa.Column("folded", sa.Text(), nullable=False, server_default=""))
        for column, table in (
            ("organisation_id", "organisation"),
            ("submitted_by_id", "person"),
            ("merged_into_id", "recommendation"),
        ):
            batch.create_foreign_key(op.f(f"fk_recommendation_{column}"), table, [column], ["id"])
            batch.create_index(op.f(f"ix_recommendation_{column}"), [column])
        batch.create_index(op.f("ix_recommendation_forum_id_standing"), ["forum_id", "standing"])


def _fold() -> None:
    """Words to search by, for what is in the register already."""
    table = sa.table("recommendation", sa.column("id", sa.Uuid()), sa.column("text"), sa.column("folded"))
    connection = op.get_bind()
    rows = [{"at": one.id, "to": _folded(one.text)} for one in connection.execute(sa.select(table.c.id, table.c.text))]
    if rows:
        update = table.update().where(table.c.id == sa.bindparam("at")).values(folded=sa.bindparam("to"))
        connection.execute(update, rows)


def _folded(text: str) -> str:
    signs = unicodedata.normalize("NFKD", text.casefold())
    bare = "".join(sign for sign in signs if not unicodedata.combining(sign)).translate(_LETTERS)
    words = re.sub(r"[\W_]+", " ", bare)
    return f" {words.strip()} "


def _create_rulings() -> None:
    op.create_table(
        "recommendation_ruling",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("recommendation_id", sa.Uuid(), nullable=False),
        sa.Column("outcome", sa.String(length=16), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("into_id", sa.Uuid(), nullable=True),
        sa.Column("ruled_by_id", sa.Uuid(), nullable=True),
        sa.Column("ruled_at", sa.DateTime(timezone=True), nullable=False),
        _key("recommendation_ruling", "recommendation_id", "recommendation"),
        _key("recommendation_ruling", "into_id", "recommendation"),
        _key("recommendation_ruling", "ruled_by_id", "person"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_recommendation_ruling")),
    )
    op.create_index(op.f("ix_recommendation_ruling_recommendation_id"), "recommendation_ruling", ["recommendation_id"])


def _create_themes() -> None:
    op.create_table(
        "taxonomy",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("forum_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.Column("name", sa.JSON(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        _key("taxonomy", "forum_id", "forum"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_taxonomy")),
    )
    op.create_index(op.f("ix_taxonomy_forum_id"), "taxonomy", ["forum_id"])
    op.create_table(
        "theme",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("taxonomy_id", sa.Uuid(), nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("name", sa.JSON(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        _key("theme", "taxonomy_id", "taxonomy"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_theme")),
        sa.UniqueConstraint("taxonomy_id", "key", name=op.f("uq_theme_taxonomy_id_key")),
    )
    op.create_index(op.f("ix_theme_taxonomy_id"), "theme", ["taxonomy_id"])
    op.create_table(
        "recommendation_theme",
        sa.Column("recommendation_id", sa.Uuid(), nullable=False),
        sa.Column("theme_id", sa.Uuid(), nullable=False),
        _key("recommendation_theme", "recommendation_id", "recommendation"),
        _key("recommendation_theme", "theme_id", "theme"),
        sa.PrimaryKeyConstraint("recommendation_id", "theme_id", name=op.f("pk_recommendation_theme")),
    )
    op.create_index(op.f("ix_recommendation_theme_theme_id"), "recommendation_theme", ["theme_id"])


def _create_voices() -> None:
    op.create_table(
        "endorsement",
        sa.Column("recommendation_id", sa.Uuid(), nullable=False),
        sa.Column("organisation_id", sa.Uuid(), nullable=False),
        sa.Column("endorsed_by_id", sa.Uuid(), nullable=True),
        sa.Column("endorsed_at", sa.DateTime(timezone=True), nullable=False),
        _key("endorsement", "recommendation_id", "recommendation"),
        _key("endorsement", "organisation_id", "organisation"),
        _key("endorsement", "endorsed_by_id", "person"),
        sa.PrimaryKeyConstraint("recommendation_id", "organisation_id", name=op.f("pk_endorsement")),
    )
    op.create_index(op.f("ix_endorsement_organisation_id"), "endorsement", ["organisation_id"])
    op.create_table(
        "resemblance",
        sa.Column("one_id", sa.Uuid(), nullable=False),
        sa.Column("other_id", sa.Uuid(), nullable=False),
        sa.Column("forum_id", sa.Uuid(), nullable=False),
        sa.Column("likeness", sa.Integer(), nullable=False),
        sa.Column("dismissed_by_id", sa.Uuid(), nullable=True),
        sa.Column("dismissed_at", sa.DateTime(timezone=True), nullable=True),
        _key("resemblance", "one_id", "recommendation"),
        _key("resemblance", "other_id", "recommendation"),
        _key("resemblance", "forum_id", "forum"),
        _key("resemblance", "dismissed_by_id", "person"),
        sa.PrimaryKeyConstraint("one_id", "other_id", name=op.f("pk_resemblance")),
    )
    op.create_index(op.f("ix_resemblance_other_id"), "resemblance", ["other_id"])
    op.create_index(op.f("ix_resemblance_forum_id"), "resemblance", ["forum_id"])
    op.create_table(
        "saved_view",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("forum_id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("query", sa.Text(), nullable=False),
        sa.Column("is_shared", sa.Boolean(), nullable=False),
        _key("saved_view", "forum_id", "forum"),
        _key("saved_view", "person_id", "person"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_saved_view")),
        sa.UniqueConstraint("forum_id", "person_id", "name", name=op.f("uq_saved_view_forum_id_person_id_name")),
    )
    op.create_index(op.f("ix_saved_view_person_id"), "saved_view", ["person_id"])


def _key(table: str, column: str, other: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint([column], [f"{other}.id"], name=op.f(f"fk_{table}_{column}"))


def downgrade() -> None:
    """Back to recommendations of sessions only: what was sent in without one goes, with all that hangs on it."""
    for table in (
        "saved_view",
        "resemblance",
        "endorsement",
        "recommendation_theme",
        "theme",
        "taxonomy",
        "recommendation_ruling",
    ):
        op.drop_table(table)
    sent_in = "(SELECT id FROM recommendation WHERE session_id IS NULL)"
    op.execute(f"UPDATE recommendation SET merged_into_id = NULL WHERE merged_into_id IN {sent_in}")  # noqa: S608  (no words of anybody's)
    op.execute(f"DELETE FROM provenance WHERE recommendation_id IN {sent_in}")  # noqa: S608  (no words of anybody's)
    op.execute("DELETE FROM recommendation WHERE session_id IS NULL")
    with op.batch_alter_table("provenance") as batch:
        batch.drop_column("wants_look")
    with op.batch_alter_table("recommendation") as batch:
        batch.drop_index(op.f("ix_recommendation_forum_id_standing"))
        for column in ("organisation_id", "submitted_by_id", "merged_into_id"):
            batch.drop_index(op.f(f"ix_recommendation_{column}"))
            batch.drop_constraint(op.f(f"fk_recommendation_{column}"), type_="foreignkey")
        for column in (
            "working_group",
            "organisation_id",
            "submitted_by_id",
            "submitted_at",
            "merged_into_id",
            "outcome",
            "outcome_reason",
            "folded",
        ):
            batch.drop_column(column)
        batch.alter_column("session_id", existing_type=sa.Uuid(), nullable=False)
