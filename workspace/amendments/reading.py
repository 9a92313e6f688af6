"""Finding amendments and decisions, and what adopting amendments would come to; nothing is changed here."""

from collections.abc import Iterable, Mapping, Sequence
from uuid import UUID

import sqlalchemy as sa

from drafts.amendments import Amendment as Proposal
from drafts.blocks import Language
from drafts.children import Modified
from drafts.merge import Cluster
from workspace.amendments import languages, policy
from workspace.amendments import queries as filed
from workspace.amendments.bases import Bases, Carried
from workspace.amendments.models import Amendment, AmendmentVersion, Decision
from workspace.amendments.prospects import Prospect, prospect_of
from workspace.core.actor import Actor
from workspace.core.db import Db
from workspace.core.errors import NotFound
from workspace.declarations import queries
from workspace.declarations.models import Declaration, Revision
from workspace.declarations.service import DeclarationService


class AmendmentReading:
    """The amendments and decisions of declarations, as readers and the committee see them."""

    def __init__(self, db: Db) -> None:
        self.db = db
        self.declarations = DeclarationService(db)
        self.bases = Bases(db)

    def get(self, amendment_id: UUID, *, actor: Actor) -> Amendment:
        """One amendment with its versions; raises `NotFound`."""
        found = self.db.scalar(filed.one(amendment_id))
        if found is None or not policy.may_read(actor, found):
            raise NotFound(what="amendment", id=str(amendment_id))
        return found

    def numbered(self, declaration: Declaration, number: int, *, actor: Actor) -> Amendment:
        """One amendment by its number, with proposer and changes; raises `NotFound`."""
        found = self.db.scalar(filed.readable(declaration, actor=actor).where(Amendment.number == number))
        if found is None:
            raise NotFound(what="amendment", id=str(number))
        return found

    def of_declaration(
        self, declaration: Declaration, *, actor: Actor, after: int = 0, limit: int | None = None
    ) -> list[Amendment]:
        """The amendments that `actor` may read, by number, with proposers and changes. A fixed number of queries.

        With `limit`, that many at most, and those whose numbers come `after`.
        """
        statement = filed.readable(declaration, actor=actor).where(Amendment.number > after)
        return list(self.db.scalars(statement.limit(limit)))

    def undecided(
        self, declaration: Declaration, *, actor: Actor, numbers: Sequence[int] | None = None
    ) -> list[Amendment]:
        """The same for those that wait, or for those of them that have these `numbers`."""
        statement = filed.readable(declaration, actor=actor).where(Amendment.disposition.in_(filed.UNDECIDED))
        if numbers is not None:
            statement = statement.where(Amendment.number.in_(numbers))
        return list(self.db.scalars(statement))

    def decided(
        self, declaration: Declaration, language: Language | None, *, actor: Actor, limit: int, offset: int = 0
    ) -> list[Amendment]:
        """The same for those that are decided, in one language or in all: `limit` of them, after `offset` others."""
        statement = filed.readable(declaration, actor=actor).where(Amendment.disposition.not_in(filed.UNDECIDED))
        if language is not None:
            statement = statement.where(Amendment.language == language)
        return list(self.db.scalars(statement.offset(offset).limit(limit)))

    def called(self, declaration: Declaration, numbers: Iterable[int], *, actor: Actor) -> dict[int, Amendment]:
        """The same for those with these numbers, by number; a number that is none is left out."""
        statement = filed.readable(declaration, actor=actor).where(Amendment.number.in_(set(numbers)))
        return {one.number: one for one in self.db.scalars(statement)}

    def numbers(self, declaration: Declaration, *, actor: Actor) -> list[int]:
        """The numbers of all that `actor` may read, and nothing else of them."""
        statement = filed.permitted(sa.select(Amendment.number), declaration, actor)
        return list(self.db.scalars(statement.order_by(Amendment.number)))

    def at_block(self, declaration: Declaration, block_id: UUID, *, actor: Actor) -> list[Amendment]:
        """The same for those that wait and concern one block: that change it, or put something new after it."""
        statement = filed.readable(declaration, actor=actor).where(Amendment.disposition.in_(filed.UNDECIDED))
        return list(self.db.scalars(filed.about(statement, block_id)))

    def settled_at_block(self, declaration: Declaration, block_id: UUID, *, actor: Actor) -> list[Amendment]:
        """Those that are decided and concerned one block: whose they were and what became of them, nothing else."""
        statement = filed.named(declaration, actor=actor).where(Amendment.disposition.not_in(filed.UNDECIDED))
        return list(self.db.scalars(filed.about(statement, block_id)))

    def at_blocks(self, declaration: Declaration, block_ids: Sequence[UUID], *, actor: Actor) -> list[Amendment]:
        """The same for several blocks together."""
        return list(self.db.scalars(filed.about(filed.readable(declaration, actor=actor), *block_ids)))

    def counts(self, declaration: Declaration, *, actor: Actor) -> dict[UUID, int]:
        """How many undecided amendments concern each block."""
        rows = self.db.execute(filed.counted(declaration, actor=actor))
        return {row.block_id: row.amendments for row in rows}

    def decisions(
        self,
        declaration: Declaration,
        amendment: Amendment | None = None,
        *,
        after: int = 0,
        limit: int | None = None,
    ) -> list[Decision]:
        """Every decision in order, with its amendment and who took it; of one amendment where it is given.

        With `limit`, that many at most, and those whose numbers come `after`.
        """
        statement = filed.decided(declaration).where(Decision.number > after)
        if amendment is not None:
            statement = statement.where(Decision.amendment_id == amendment.id)
        return list(self.db.scalars(statement.limit(limit)))

    def asked(self, amendment: Amendment, version: AmendmentVersion | None = None) -> Proposal:
        """What the committee has before it: the proposer's words with what was accepted into them, or a `version`."""
        return self.bases.asked(amendment, version)

    def modified(self, amendment: Amendment) -> Modified:
        """An amendment as it would be with every open amendment to it."""
        return self.bases.modified(amendment, [one for one in amendment.children if one.disposition.is_undecided])

    def as_child(self, child: Amendment) -> Carried:
        """An amendment to an amendment, on the words its parent has now."""
        parent = child.parent
        if parent is None:
            raise NotFound(what="amendment", id=str(child.id))
        return self.bases.of_parent(child, self.bases.written(parent).proposed)

    def collisions(self, declaration: Declaration, language: Language, *, actor: Actor) -> Prospect:
        """What the undecided amendments of one language would come to if all were adopted now.

        Those in other languages on the same paragraphs are told in `Prospect.apart`.
        """
        return self.prospect(declaration, language, self.undecided(declaration, actor=actor))

    def prospect(
        self,
        declaration: Declaration,
        language: Language,
        amendments: Sequence[Amendment],
        *,
        rows: Sequence[queries.BlockRow] | None = None,
    ) -> Prospect:
        """What those of these amendments that are in `language` would come to, adopted now as they were written.

        `rows` are those of the text in force, for who has read them already.
        """
        filed_here = [one for one in amendments if one.parent_id is None]
        rows = queries.shown_rows(self.db, declaration) if rows is None else rows
        self.bases.know(rows)
        own = [one for one in filed_here if one.language is language]
        found = prospect_of(queries.document(rows, language), [self.asked(one) for one in own], self.bases)
        others = languages.in_other_words(filed_here, language)
        return found.with_languages(tuple(self.apart([*own, *others], rows)))

    def apart(self, amendments: Sequence[Amendment], rows: Sequence[queries.BlockRow]) -> Sequence[Cluster]:
        """Where these would give one paragraph words in several languages, or words that another language has led."""
        by_block = {row.block_id: row for row in rows}
        led = {one.number: self._led_elsewhere(one, by_block) for one in amendments}
        return tuple(languages.clusters(amendments, led, rows))

    def led_elsewhere(self, amendment: Amendment, rows: Sequence[queries.BlockRow]) -> frozenset[str]:
        """The paragraphs it would reword whose words another language has led since it was written."""
        return self._led_elsewhere(amendment, {row.block_id: row for row in rows})

    def _led_elsewhere(self, amendment: Amendment, rows: Mapping[UUID, queries.BlockRow]) -> frozenset[str]:
        worded = (UUID(block_id) for block_id in languages.worded(amendment))
        here = [rows[block_id] for block_id in worded if block_id in rows]
        if all(row.original_language is amendment.language for row in here):
            return frozenset()
        return languages.led_elsewhere(amendment, self.bases.by_block(amendment.own.base_revision_id), here)

    def shown_rows(self, declaration: Declaration, revision: Revision) -> Sequence[queries.BlockRow]:
        """What a proposer sees: the heads on the head revision, what is pinned on an older one."""
        if revision.id == declaration.head_id:
            return queries.head_rows(self.db, declaration)
        return queries.pinned_rows(self.db, revision.id)
