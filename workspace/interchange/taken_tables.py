"""A table of the amendments that was taken, with all that the papers made from it say.

A table never changes, so two people who cite its number cite the same papers.
"""

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from uuid import UUID

import sqlalchemy as sa
from msgspec import Struct

from drafts.blocks import Block, BlockKind, Document
from drafts.formats.report import Report
from drafts.markup import plain
from workspace.amendments.committee_models import TableSnapshot
from workspace.amendments.snapshots import SnapshotService, TableRow, rows_of
from workspace.core.actor import Actor
from workspace.core.db import Db
from workspace.declarations import queries
from workspace.declarations.models import Deadline, Declaration
from workspace.declarations.queries import BlockRow
from workspace.people.models import Person
from workspace.web.i18n import N_, Messages


class Taken(Struct, frozen=True):
    """A table, the text of the revision it was taken of, and the names of those who propose."""

    declaration: Declaration
    snapshot: TableSnapshot
    text: Sequence[BlockRow]
    rows: Sequence[TableRow]
    names: Mapping[UUID, str]
    deadlines: Sequence[Deadline]

    @property
    def at(self) -> datetime:
        """When it was taken, as the clock stood where the forum is held."""
        return self.declaration.forum.local(self.snapshot.taken_at)

    @property
    def open(self) -> Sequence[TableRow]:
        """The amendments on which nobody had decided then."""
        return [row for row in self.rows if row.disposition.is_undecided]

    def who(self, row: TableRow) -> str:
        """Who proposes, as papers name them."""
        name = self.names.get(row.proposer_id, "")
        return f"{row.organisation} ({name})" if row.organisation and name else row.organisation or name


def taken(db: Db, declaration: Declaration, number: int, *, actor: Actor) -> Taken:
    """The table of this number. Raises `NotFound`, also where the actor may not read it."""
    snapshot = SnapshotService(db).numbered_table(declaration, number, actor=actor)
    rows = rows_of(snapshot)
    persons = sa.select(Person.id, Person.name).where(Person.id.in_({row.proposer_id for row in rows}))
    deadlines = sa.select(Deadline).where(Deadline.declaration_id == declaration.id)
    return Taken(
        declaration=declaration,
        snapshot=snapshot,
        text=queries.pinned_rows(db, snapshot.revision.id),
        rows=rows,
        names={row.id: row.name for row in db.execute(persons)},
        deadlines=db.scalars(deadlines).all(),
    )


class Writing:
    """The blocks of a paper, one after the other."""

    def __init__(self, messages: Messages) -> None:
        self.messages = messages
        self.blocks: list[Block] = []

    def add(self, kind: BlockKind, text: str, level: int = 0, block_id: str = "") -> None:
        self.blocks.append(Block(block_id or f"paper-{len(self.blocks)}", kind, text, level))

    def report(self, found: Taken, numbers: Mapping[str, str], *, is_landscape: bool = False) -> Report:
        """The paper, under a line that says of what it was made."""
        header = self.messages.gettext(
            N_("%(declaration)s · table %(number)s of %(at)s · revision %(revision)s"),
            declaration=found.declaration.name.said_in(self.messages.language),
            number=found.snapshot.number,
            at=self.messages.date(found.at.date()),
            revision=found.snapshot.revision.number,
        )
        document = Document(tuple(self.blocks), self.messages.language)
        return Report(document, numbers, header, found.at.date(), is_landscape)


def escaped(words: str) -> str:
    """Somebody's words inside Markdown, in which nothing is a mark."""
    return "".join(_escaped(words))


def _escaped(words: str) -> Iterator[str]:
    for sign in " ".join(plain(words).split()):
        yield f"\\{sign}" if sign in "\\`*_[]<>|" else sign
