"""The amendments table as it stands at a moment, kept so that everybody in the room cites the same rows."""

import hashlib
from collections.abc import Mapping, Sequence
from datetime import datetime
from uuid import UUID

import msgspec
import sqlalchemy as sa
from sqlalchemy.orm import joinedload, selectinload

from drafts.diff.amendments import ChangeOp
from drafts.diff.hunks import HunkKind
from drafts.merge.rebase import RebaseStatus
from drafts.text.blocks import BlockKind, Language
from workspace.amendments.domain.committee_models import Opinion, Stance, TableSnapshot
from workspace.amendments.domain.models import Amendment, AmendmentVersion, ChangeRecord, Decision, Disposition, Verdict
from workspace.amendments.domain.opinions import AdviceService
from workspace.amendments.domain.queries import AmendmentReading, where_readable
from workspace.core import clock
from workspace.core.actor import Actor, Role
from workspace.core.errors import NotAllowed, NotFound
from workspace.core.shapes import filled
from workspace.core.storage import log
from workspace.core.storage.db import new_id, next_number
from workspace.declarations.domain import queries
from workspace.declarations.domain.models import Declaration
from workspace.declarations.domain.policy import may_do
from workspace.people.models import Organisation


class SnapshotPlace(msgspec.Struct, frozen=True):
    """One place that an amendment changes: the paragraph by number or by kind and count, the old words and the new.

    `count` is 0 where the text has the paragraph no longer, and in tables taken before it was kept.
    """

    kind: HunkKind
    number: str
    old: str
    new: str
    block: BlockKind = BlockKind.PARAGRAPH
    count: int = 0


class SnapshotAdvice(msgspec.Struct, frozen=True):
    """What somebody of the committee advised."""

    role: Role
    stance: Stance
    reason: str


class TableRow(msgspec.Struct, frozen=True):
    """One amendment as it stood. Persons are named by their ids, so that a name can be erased."""

    number: int
    amendment_id: UUID
    amends: int | None
    language: Language
    proposer_id: UUID
    organisation: str
    filed_at: datetime
    is_late: bool
    base: int
    places: list[SnapshotPlace]
    reason: str
    status: RebaseStatus
    opinions: list[SnapshotAdvice]
    disposition: Disposition
    verdict: Verdict | None
    decision: int | None
    decision_reason: str
    order: int
    is_oral: bool = False


_AT_ONCE = 500  # amendments that are in memory together while a table is made
_STATED = (  # what a row says of an amendment
    joinedload(Amendment.parent),
    joinedload(Amendment.organisation).load_only(Organisation.name),
    selectinload(Amendment.versions).joinedload(AmendmentVersion.base_revision),
    selectinload(Amendment.carryings),
)


class SnapshotService(AmendmentReading):
    """Tables that can be cited."""

    def take(self, declaration_id: UUID, *, actor: Actor) -> TableSnapshot:
        """Keep the table of all amendments as they stand now, under the next number."""
        declaration = self.declarations.lock(declaration_id)
        if not may_take(actor, declaration):
            raise NotAllowed(action="amendment.opinion")
        content = msgspec.json.encode(self.standing(declaration, actor=actor), order="sorted")
        made = TableSnapshot(
            id=new_id(),
            declaration_id=declaration.id,
            number=next_number(self.db, TableSnapshot.number, TableSnapshot.declaration_id == declaration.id),
            revision=declaration.head,
            content=content.decode(),
            sha256=hashlib.sha256(content).hexdigest(),
            taken_by_id=actor.person_id,
            taken_at=clock.now(),
        )
        self.db.add(made)
        self.db.flush()
        log.record_in(
            self.db,
            "amendments.table_taken",
            declaration,
            actor=actor,
            number=made.number,
            revision=str(declaration.head_id),
            sha256=made.sha256,
        )
        return made

    def every(self, declaration: Declaration, *, actor: Actor) -> list[TableSnapshot]:
        """The tables taken so far, newest first; none for who may not read the amendments of others."""
        if not may_do(actor, "amendment.read_others", declaration):
            return []
        taken = sa.select(TableSnapshot).where(TableSnapshot.declaration_id == declaration.id)
        taken = taken.options(joinedload(TableSnapshot.revision), sa.orm.defer(TableSnapshot.content))
        return list(self.db.scalars(taken.order_by(TableSnapshot.number.desc())))

    def numbered_table(self, declaration: Declaration, number: int, *, actor: Actor) -> TableSnapshot:
        """Raises `NotFound`."""
        taken = sa.select(TableSnapshot).options(joinedload(TableSnapshot.revision))
        taken = taken.where(TableSnapshot.declaration_id == declaration.id, TableSnapshot.number == number)
        found = self.db.scalar(taken)
        if found is None or not may_do(actor, "amendment.read_others", declaration):
            raise NotFound(what="table", id=str(number))
        return found

    def standing(self, declaration: Declaration, *, actor: Actor) -> list[TableRow]:
        """The amendments that the actor may read, as they stand now, in the order of the text."""
        stated = where_readable(sa.select(Amendment).options(*_STATED), declaration, actor)
        every = self.db.scalars(stated.order_by(Amendment.number).execution_options(yield_per=_AT_ONCE))
        taken = sa.select(Decision.amendment_id, Decision.number, Decision.verdict, Decision.reason)
        taken = taken.where(Decision.declaration_id == declaration.id, ~Decision.undone_by.has())
        decisions = {decision.amendment_id: decision for decision in self.db.execute(taken.order_by(Decision.number))}
        placed = sa.select(ChangeRecord.version_id, ChangeRecord.change).join(AmendmentVersion).join(Amendment)
        placed = placed.where(Amendment.declaration_id == declaration.id, ChangeRecord.op != ChangeOp.REWORD)
        changes = self.db.execute(placed.order_by(ChangeRecord.position))
        targets = {(version, change["block"]): change.get("after") for version, change in changes}
        text = queries.text_in_force(self.db, declaration)
        order = {row.id: place for place, row in enumerate(text.rows)}
        found = []
        for amendments in every.partitions():
            opinions = AdviceService(self.db).opinions(amendments)
            found += [
                _row(each, opinions.get(each.id, ()), decisions.get(each.id), text, order, targets=targets)
                for each in amendments
            ]
        return sorted(found, key=lambda row: (row.order, row.number))

    def undone(self, declaration: Declaration) -> Mapping[int, int]:
        """The decisions that do not stand, by number, each with the number of the one that undid it."""
        taken = sa.select(Decision).where(Decision.declaration_id == declaration.id, Decision.undone_by.has())
        undone = self.db.scalars(taken.order_by(Decision.number))
        return {decision.number: decision.undone_by.number for decision in undone if decision.undone_by}


def rows_of(snapshot: TableSnapshot) -> list[TableRow]:
    """The rows as they were kept."""
    return msgspec.json.decode(snapshot.content, type=list[TableRow])


def may_take(actor: Actor, declaration: Declaration) -> bool:
    """Whoever keeps the record of the committee, and sees every amendment: its members, rapporteurs, secretariat."""
    held = actor.roles_in(declaration.forum_id, clock.now())
    keeps = actor.is_operator or bool(held & {Role.RAPPORTEUR, Role.COMMITTEE, Role.CHAIR, Role.SECRETARIAT})
    return keeps and may_do(actor, "amendment.read_others", declaration)


def _row(
    amendment: Amendment,
    opinions: Sequence[Opinion],
    decision: sa.Row[UUID | None, int, Verdict, str] | None,
    text: queries.TextInForce,
    order: Mapping[str, int],
    *,
    targets: Mapping[tuple[UUID, str], str | None],
) -> TableRow:
    hunks, version = amendment.own.diff, amendment.own
    blocks = [hunk.old[0].id if hunk.old else targets.get((version.id, hunk.new[0].id)) or "" for hunk in hunks]
    return filled(
        TableRow,
        amendment,
        amendment_id=amendment.id,
        amends=amendment.parent.number if amendment.parent else None,
        organisation=amendment.organisation.name if amendment.organisation else "",
        base=version.base_revision.number,
        places=[
            SnapshotPlace(
                kind=hunk.kind,
                number=text.numbers.get(block, ""),
                old="\n\n".join(block.text for block in hunk.old),
                new="\n\n".join(block.text for block in hunk.new),
                block=text.rows[order[block]].kind if block in order else BlockKind.PARAGRAPH,
                count=text.counts.get(block, 0),
            )
            for hunk, block in zip(hunks, blocks, strict=True)
        ],
        opinions=[SnapshotAdvice(opinion.role, opinion.stance, opinion.reason) for opinion in opinions],
        verdict=decision.verdict if decision else None,
        decision=decision.number if decision else None,
        decision_reason=decision.reason if decision else "",
        order=min(order.get(block, len(order) if block else 0) for block in blocks),
    )
