"""The amendments table to cite: taken at a moment, read and printed at its own address, taken along as a sheet."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime
from typing import Annotated

import sqlalchemy as sa
from litestar import Controller, Response
from markupsafe import Markup
from msgspec import Struct

from drafts.render import inline_html
from drafts.text.blocks import Language
from workspace.amendments.domain.committee_models import TableSnapshot
from workspace.amendments.domain.models import Verdict
from workspace.amendments.snapshots import SnapshotService, TableRow, may_take, rows_of
from workspace.amendments.views.amendment import STATUSES, label_of, place_words
from workspace.amendments.views.cards import STANCES
from workspace.core.actor import Actor
from workspace.core.shapes import MadeFile, filled
from workspace.core.sheets import XLSX, Column, Value, xlsx
from workspace.core.storage.db import Db
from workspace.declarations.domain.models import Declaration
from workspace.declarations.domain.policy import may_do
from workspace.declarations.frame import Frame, ReadableFrame, framed
from workspace.people.models import Forum, Person
from workspace.web.http.files import attachment
from workspace.web.http.request_context import FromPath, Work
from workspace.web.i18n.marking import N_
from workspace.web.i18n.messages import Messages
from workspace.web.pages import ROLE_NAMES, Done, Page, gives, shows, takes

READ_OTHERS = "amendment.read_others"
_COLUMNS: Sequence[tuple[str, int]] = (
    (N_("Amendment"), 11),
    (N_("Amends"), 9),
    (N_("Place"), 22),
    (N_("Author"), 26),
    (N_("Language"), 11),
    (N_("Submitted (UTC)"), 17),
    (N_("Late"), 7),
    (N_("Base revision"), 11),
    (N_("Current text"), 60),
    (N_("Proposed text"), 60),
    (N_("Reason"), 40),
    (N_("Opinions"), 40),
    (N_("State"), 16),
    (N_("Result"), 18),
    (N_("Decision"), 10),
    (N_("Recorded reason"), 40),
)


class TableLine(Struct, frozen=True):
    """One table that was taken."""

    number: int
    href: str
    sheet_href: str
    revision: int
    at: datetime
    sha256: str


class CitedPlace(Struct, frozen=True):
    """One place that an amendment changes."""

    said: str
    old: str
    new: str

    def marked(self, language: Language) -> tuple[Markup, Markup]:
        """Both wordings with what differs marked in each."""
        old, new = inline_html.marked_columns(self.old, self.new, language)
        return Markup(old), Markup(new)  # noqa: S704  (the engine escapes every piece)


class CitedRow(Struct, frozen=True):
    """One amendment as it stood when the table was taken."""

    number: int
    amends: int
    who: str
    language: Language
    filed_at: datetime
    is_late: bool
    is_oral: bool
    base: int
    places: Sequence[CitedPlace]
    reason: str
    opinions: Sequence[str]
    status: str
    result: str
    decision: int
    decision_reason: str


class TablesPage(Page, frozen=True, kw_only=True):
    """Every table that was taken, newest first."""

    tables: Sequence[TableLine]
    may_take: bool


class TablePage(Page, frozen=True, kw_only=True):
    """One table. `address` is where everybody finds these very rows again; `undone` names the decisions in it that no
    longer stand, each with the one that undid it.
    """

    table: TableLine
    name: str
    address: str
    undone: Mapping[int, int]
    rows: Sequence[CitedRow]


def _may_read_others(actor: Actor, declaration: Declaration) -> bool:
    return may_do(actor, READ_OTHERS, declaration)


class TablePages(Controller):
    """The tables of a declaration."""

    path = "/{forum:str}/{declaration:str}/amendments/tables"

    @shows("amendments/tables.html", name="amendment_tables", policy=READ_OTHERS)
    def tables(self, db: Db, work: Work, found: Annotated[Frame, framed(_may_read_others)]) -> TablesPage:
        """Every table that was taken, and the way to take another."""
        every = SnapshotService(db).every(found.declaration, actor=work.actor)
        return TablesPage(
            place=found.place,
            here="amendments",
            tables=[_line(table_snapshot, found, work) for table_snapshot in every],
            may_take=may_take(work.actor, found.declaration),
        )

    @takes(name="take_table", policy=READ_OTHERS)
    def take(self, db: Db, work: Work, actor: Actor, found: ReadableFrame) -> Done:
        """Take the table as it stands now."""
        number = SnapshotService(db).take(found.declaration.id, actor=actor).number
        said = work.messages.gettext("Table %(number)s is saved; cite its address.", number=number)
        return Done("amendment_table", said, at={"number": number})

    @shows("amendments/table.html", "/{number:int}", name="amendment_table", policy=READ_OTHERS)
    def table(self, db: Db, work: Work, found: ReadableFrame, number: FromPath[int]) -> TablePage:
        """One table, as it was taken."""
        snapshot = SnapshotService(db).numbered_table(found.declaration, number, actor=work.actor)
        line = _line(snapshot, found, work)
        return TablePage(
            place=found.place,
            here="amendments",
            table=line,
            name=found.declaration.name.said_in(work.language),
            address=str(work.request.base_url).rstrip("/") + line.href,
            undone=SnapshotService(db).undone(found.declaration),
            rows=_cited(db, rows_of(snapshot), found.forum, work.messages),
        )

    @gives("/{number:int}/sheet", name="amendment_sheet", policy=READ_OTHERS)
    def sheet(self, db: Db, work: Work, found: ReadableFrame, number: FromPath[int]) -> Response[bytes]:
        """The same as a spreadsheet."""
        snapshot = SnapshotService(db).numbered_table(found.declaration, number, actor=work.actor)
        rows = sheet_rows(db, rows_of(snapshot), found.forum, work.messages)
        title = work.messages.gettext("Table %(number)s", number=number)
        name = f"{found.declaration.slug}-amendments-{snapshot.number}.xlsx"
        return attachment(MadeFile(name, xlsx(title, sheet_columns(work.messages), rows), XLSX))


def _line(snapshot: TableSnapshot, found: Frame, work: Work) -> TableLine:
    here = {"forum": found.forum.slug, "declaration": found.declaration.slug, "number": snapshot.number}
    return TableLine(
        number=snapshot.number,
        href=work.url_for("amendment_table", **here),
        sheet_href=work.url_for("amendment_sheet", **here),
        revision=snapshot.revision.number,
        at=found.forum.local(snapshot.taken_at),
        sha256=snapshot.sha256,
    )


def sheet_columns(messages: Messages) -> list[Column]:
    """The headings of a table of amendments as a spreadsheet."""
    return [Column(messages.gettext(heading), width) for heading, width in _COLUMNS]


def sheet_rows(db: Db, rows: Sequence[TableRow], forum: Forum, messages: Messages) -> list[Sequence[Value]]:
    """The lines of a table of amendments as a spreadsheet."""
    return [values for row in _cited(db, rows, forum, messages) for values in _values(row, messages)]


def _cited(db: Db, rows: Sequence[TableRow], forum: Forum, messages: Messages) -> list[CitedRow]:
    ids = {row.proposer_id for row in rows}
    names = {person.id: person.name for person in db.scalars(sa.select(Person).where(Person.id.in_(ids)))}
    return [_row(row, names.get(row.proposer_id, ""), forum, messages) for row in rows]


def _row(row: TableRow, proposer: str, forum: Forum, messages: Messages) -> CitedRow:
    say = messages.gettext
    who = f"{row.organisation} ({proposer})" if row.organisation else proposer
    return filled(
        CitedRow,
        row,
        amends=row.amends or 0,
        who=f"{who} · {say('oral')}" if row.is_oral else who,
        filed_at=forum.local(row.filed_at),
        places=[CitedPlace(place_words(place, messages), place.old, place.new) for place in row.places],
        opinions=[
            f"{say(ROLE_NAMES[snapshot_advice.role])}: {say(STANCES[snapshot_advice.stance])}. {snapshot_advice.reason}"
            for snapshot_advice in row.opinions
        ],
        status=say(STATUSES[row.status][0].words),
        result=say(label_of(row.disposition, is_modified=row.verdict is Verdict.ADOPT_MODIFIED).words),
        decision=row.decision or 0,
    )


def _values(row: CitedRow, messages: Messages) -> Iterator[Sequence[Value]]:
    """One line of the sheet for each place that the amendment changes."""
    say = messages.gettext
    for place in row.places:
        yield (
            row.number,
            row.amends or None,
            place.said,
            row.who,
            messages.language_name(row.language),
            row.filed_at.astimezone(UTC),
            say("late") if row.is_late else None,
            row.base,
            place.old,
            place.new,
            row.reason,
            "\n".join(row.opinions),
            row.status,
            row.result,
            row.decision or None,
            row.decision_reason,
        )
