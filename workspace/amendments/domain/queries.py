"""Finding amendments and decisions: statements that load all that a page or a merge needs, for any number of them."""

from collections import Counter
from collections.abc import Callable, Collection, Hashable, Iterable, Iterator, Mapping, Sequence
from enum import StrEnum
from functools import cache
from itertools import groupby
from threading import Lock
from typing import Any, TypeVar
from uuid import UUID

import sqlalchemy as sa
from cachetools import LRUCache, cached
from msgspec import Struct, structs
from sqlalchemy.orm import aliased, joinedload, selectinload

from drafts.diff.amendments import Amendment as Proposal
from drafts.merge.disputes import ClusterKind
from drafts.merge.merge import ModifiedParent
from drafts.merge.rebase import RebaseStatus
from drafts.text.blocks import Language
from workspace.amendments.domain import conflicts, policy
from workspace.amendments.domain.committee_models import Bracket
from workspace.amendments.domain.models import (
    Amendment,
    AmendmentVersion,
    Carrying,
    ChangeRecord,
    Cosponsor,
    Decision,
    DecisionOutcome,
    DecisionRound,
    Disposition,
    Replacement,
    RoundEffect,
    ShownText,
    Support,
    Verdict,
)
from workspace.amendments.domain.outcomes import AdoptionPreview, adoption_preview
from workspace.amendments.domain.stored_amendments import BaseDocuments
from workspace.core.actor import Actor
from workspace.core.errors import NotFound, existing
from workspace.core.security.permissions import Phase
from workspace.core.storage import log, search_index
from workspace.core.storage.db import Db, unsought
from workspace.core.storage.search_index import DOCUMENTS, C, Searchable, SearchDocument
from workspace.declarations.domain import queries
from workspace.declarations.domain.models import BlockRecord, Declaration, Revision, RevisionBlock, TextVersion
from workspace.declarations.domain.policy import may_do, may_read
from workspace.declarations.domain.service import DeclarationService
from workspace.people.models import Forum, Organisation

Numbered = Amendment | Bracket | Decision | DecisionRound
Value = TypeVar("Value")
Selecting = TypeVar("Selecting", bound=sa.Select[*tuple[Any, ...]])
UNDECIDED = [disposition for disposition in Disposition if disposition.is_undecided]
PENDING = [disposition for disposition in Disposition if disposition.is_pending]
ASIDE = [Disposition.WITHDRAWN, Disposition.BRACKETED]  # nothing was decided on them for good
DECIDED = [disposition for disposition in Disposition if disposition not in {*PENDING, *ASIDE}]
_LEAVE_FIRST = sa.case((Amendment.disposition == Disposition.LATE, 0), else_=1)
_LAST = 1_000_000_000  # the place of what the text does not have


class AmendmentState(StrEnum):
    """What a list of amendments shows; `OWN` are those that the reader has submitted, whatever became of them."""

    ALL = "all"
    OWN = "own"
    PENDING = "pending"
    DECIDED = "decided"
    WITHDRAWN = "withdrawn"
    BRACKETED = "bracketed"


STATES: Mapping[AmendmentState, Collection[Disposition]] = {
    AmendmentState.ALL: list(Disposition),
    AmendmentState.OWN: list(Disposition),
    AmendmentState.PENDING: PENDING,
    AmendmentState.DECIDED: DECIDED,
    AmendmentState.WITHDRAWN: [Disposition.WITHDRAWN],
    AmendmentState.BRACKETED: [Disposition.BRACKETED],
}


class AmendmentSearch(Struct, frozen=True, kw_only=True):
    """Everything, where nothing is said."""

    state: AmendmentState = AmendmentState.ALL
    organisation_id: UUID | None = None
    block_id: UUID | None = None
    language: Language | None = None
    words: str = ""


EVERYTHING = AmendmentSearch()


def select_readable(declaration: Declaration, *, actor: Actor) -> sa.Select[Amendment]:
    """The amendments that `actor` may read, by number, with all that a page or a merge needs of them."""
    return where_readable(select_all(declaration), declaration, actor)


def where_readable(
    statement: Selecting, declaration: Declaration, actor: Actor, *, is_sought: bool = True
) -> Selecting:
    """Of what is selected of amendments, that of those of this declaration that `actor` may read.

    They are found by their declaration, unless it is not `is_sought`: for what names a few of them otherwise.
    """
    of = Amendment.declaration_id if is_sought else unsought(Amendment.declaration_id)
    statement = statement.where(of == declaration.id)
    if not may_do(actor, "amendment.read_others", declaration):
        statement = statement.where(Amendment.proposer_id == actor.person_id)
    return statement


def read_filed(db: Db, declaration: Declaration, actor: Actor, what: Hashable, read: Callable[[], Value]) -> Value:
    """What `read` found of the amendments that somebody may read, as `log.until_recorded` has it.

    Kept apart for those who may read all of them, and for each who reads their own, a visitor (None) among them.
    """
    whose = may_do(actor, "amendment.read_others", declaration) or actor.person_id
    return log.until_recorded(db, declaration.forum_id, (declaration.id, whose, what), read)


_WHOSE = joinedload(Amendment.proposer), joinedload(Amendment.organisation)
_WITH_PARENT = {*UNDECIDED, Disposition.ACCEPTED, Disposition.ADOPTED}
_DECISIONS = selectinload(Amendment.decisions).selectinload(Decision.undone_by)


def select_all(declaration: Declaration) -> sa.Select[Amendment]:
    """The same for who may read them all."""
    return (
        sa.select(Amendment)
        .where(Amendment.declaration_id == declaration.id)
        .options(*_WHOSE, *eager_all(), *eager_sponsors())
        .order_by(Amendment.number)
    )


def ruled(declaration: Declaration, *, with_backers: bool) -> sa.Select[Amendment]:
    """Those that are ruled on, with what ruling takes, in few queries: they are few, and so are their versions."""
    shown = selectinload(AmendmentVersion.shown)
    return (
        sa.select(Amendment)
        .where(Amendment.declaration_id == declaration.id)
        .options(
            *_WHOSE,
            joinedload(Amendment.parent),
            joinedload(Amendment.replaces).joinedload(Replacement.replaced),
            _shown(joinedload(Amendment.versions), joinedload(AmendmentVersion.shown)),
            joinedload(Amendment.children).options(*_WHOSE, _shown(selectinload(Amendment.versions), shown)),
            *((_backers(selectinload(kind), of) for kind, of in _BACKERS) if with_backers else ()),
        )
    )


def select_undecided(declaration: Declaration, language: Language, *, actor: Actor) -> sa.Select[Amendment]:
    """The pending amendments to the text in one language that `actor` may read, with the words they ask for."""
    statement = sa.select(Amendment).options(
        _shown(selectinload(Amendment.versions), selectinload(AmendmentVersion.shown))
    )
    readable = where_readable(statement, declaration, actor).order_by(Amendment.number)
    return readable.where(
        Amendment.language == language, Amendment.parent_id.is_(None), Amendment.disposition.in_(PENDING)
    )


def select_amendment(amendment_id: UUID) -> sa.Select[Amendment]:
    """One amendment, with its declaration."""
    return (
        sa.select(Amendment)
        .where(Amendment.id == amendment_id)
        .options(joinedload(Amendment.declaration), *eager_all(), *eager_sponsors())
    )


@cache
def eager_sponsors() -> tuple[Any, ...]:
    """Load who stands behind amendments and behind those to them."""
    backers = [_backers(selectinload(kind), of) for kind, of in _BACKERS]
    return *backers, _of_children(*backers)


_BACKERS: tuple[tuple[Any, type[Cosponsor | Support]], ...] = (
    (Amendment.cosponsors, Cosponsor),
    (Amendment.supports, Support),
)


def _backers(path: Any, of: type[Cosponsor | Support]) -> Any:
    return path.options(joinedload(of.person), joinedload(of.organisation))


@cache
def eager_all() -> tuple[Any, ...]:
    """Load what a merge needs: versions with their texts, how they were carried, and the amendments to them."""
    return (
        _versions(selectinload(Amendment.versions)).selectinload(AmendmentVersion.decisions),
        selectinload(Amendment.carryings).options(joinedload(Carrying.revision)),
        joinedload(Amendment.parent),
        _DECISIONS,
        selectinload(Amendment.replaces).joinedload(Replacement.replaced),
        _of_children(*_WHOSE, selectinload(Amendment.decisions), _versions(selectinload(Amendment.versions))),
    )


@cache
def eager_lines() -> tuple[Any, ...]:
    """Load what a list says of each: whose it is, its words, what was decided, how it was carried, who is behind it."""
    return (
        *_WHOSE,
        joinedload(Amendment.parent),
        selectinload(Amendment.versions).joinedload(AmendmentVersion.base_revision),
        selectinload(Amendment.versions).selectinload(AmendmentVersion.changes),
        selectinload(Amendment.carryings).joinedload(Carrying.revision),
        selectinload(Amendment.replaces).joinedload(Replacement.replaced),
        *(_backers(selectinload(kind), of) for kind, of in _BACKERS),
        _DECISIONS,
    )


def may_have_moved(declaration: Declaration) -> sa.ColumnElement[bool]:
    """Whether an amendment has ever collided, or changes a paragraph whose words another language leads."""
    changes = sa.exists().where(AmendmentVersion.amendment_id == Amendment.id)
    of_head = changes.where(
        ChangeRecord.version_id == AmendmentVersion.id, RevisionBlock.revision_id == declaration.head_id
    )
    led = of_head.where(RevisionBlock.block_id == ChangeRecord.block_id)
    led = led.where(RevisionBlock.original_language != Amendment.language)
    return sa.or_(Amendment.carryings.any(status=RebaseStatus.COLLIDES), led)


@cache
def eager_words() -> tuple[Any, ...]:
    """Load what comparing one that amends no other with a newer text needs: the words, and those of who amends it."""
    shown = selectinload(AmendmentVersion.shown)
    words = selectinload(Amendment.versions).options(shown.joinedload(ShownText.text))
    return words, _of_children(_shown(selectinload(Amendment.versions), shown))


def _of_children(*options: Any) -> Any:
    return selectinload(Amendment.children).options(*options)


def _versions(path: Any) -> Any:
    shown = selectinload(AmendmentVersion.shown)
    return _shown(path.options(selectinload(AmendmentVersion.changes)), shown)


def _shown(path: Any, shown: Any) -> Any:
    return path.options(
        shown.joinedload(ShownText.text),
        joinedload(AmendmentVersion.base_revision),
        selectinload(AmendmentVersion.parent_version).selectinload(AmendmentVersion.shown).joinedload(ShownText.text),
    )


def where_about(statement: Selecting, *block_ids: UUID | None) -> Selecting:
    """Of those, the ones that change one of these blocks, or put something new after it.

    None is the beginning of the text.
    """
    known = [block_id for block_id in block_ids if block_id is not None]
    place: sa.ColumnElement[bool] = ChangeRecord.block_id.in_(known)
    if len(known) < len(block_ids):
        place = sa.or_(place, ChangeRecord.block_id.is_(None))
    versions = sa.select(AmendmentVersion.amendment_id)
    by_change = versions.join(ChangeRecord, ChangeRecord.version_id == AmendmentVersion.id).where(place)
    by_text = (
        versions.join(ShownText, ShownText.version_id == AmendmentVersion.id)
        .join(TextVersion, TextVersion.id == ShownText.text_version_id)
        .where(TextVersion.block_id.in_(known))
    )
    return statement.where(Amendment.id.in_(by_change.union(by_text)))


def select_changing(block_id: UUID) -> sa.Select[UUID]:
    """The ids of the amendments that change a block, or put something new after it, in any version."""
    versions = sa.select(AmendmentVersion.amendment_id).where(ChangeRecord.block_id == block_id)
    return versions.join(ChangeRecord, ChangeRecord.version_id == AmendmentVersion.id)


def where_found(db: Db, statement: Selecting, wanted: AmendmentSearch, actor: Actor) -> Selecting:
    """Of what is selected of amendments, that of those that are `wanted`."""
    if wanted.state not in {AmendmentState.ALL, AmendmentState.OWN}:
        statement = statement.where(Amendment.disposition.in_(STATES[wanted.state]))
    if wanted.state is AmendmentState.OWN:
        statement = statement.where(Amendment.proposer_id == actor.person_id)
    if wanted.organisation_id is not None:
        statement = statement.where(Amendment.organisation_id == wanted.organisation_id)
    if wanted.language is not None:
        statement = statement.where(Amendment.language == wanted.language)
    if wanted.words:
        subjects = search_index.subjects(db, SEARCHED.kind, wanted.words)
        statement = statement.where(Amendment.id.in_(subjects.order_by(C.id.desc())))  # else SQLite tries each document
    return where_about(statement, wanted.block_id) if wanted.block_id else statement


def _place_in(declaration: Declaration) -> sa.Select[int]:
    """Where in the text in force an amendment begins: one to an amendment, where that does."""
    at = sa.case((ChangeRecord.block_id.is_(None), -1), else_=sa.func.coalesce(RevisionBlock.position, _LAST))
    here = sa.and_(RevisionBlock.block_id == ChangeRecord.block_id, RevisionBlock.revision_id == declaration.head_id)
    return (
        sa.select(sa.func.min(at))
        .select_from(AmendmentVersion)
        .join(ChangeRecord, ChangeRecord.version_id == AmendmentVersion.id)
        .outerjoin(RevisionBlock, here)
        .where(AmendmentVersion.amendment_id == sa.func.coalesce(Amendment.parent_id, Amendment.id))
        .correlate(Amendment)
    )


def select_by_block(
    declaration: Declaration, *, actor: Actor, among: Collection[Disposition] = UNDECIDED
) -> sa.Select[UUID | None, int]:
    """The undecided amendments that concern each block, as `block_id` and `number`, in no order, some of them twice."""
    statement = (
        sa.select(ChangeRecord.block_id, Amendment.number)
        .join(AmendmentVersion, AmendmentVersion.id == ChangeRecord.version_id)
        .join(Amendment, Amendment.id == AmendmentVersion.amendment_id)
        .where(Amendment.disposition.in_(among))
    )
    return where_readable(statement, declaration, actor)


def select_decisions(declaration: Declaration, *, is_sought: bool = True) -> sa.Select[Decision]:
    """Every decision in order, with its amendment, its revision, who took it, what undid it and what it undid.

    `is_sought`: as in `where_readable`.
    """
    of = Decision.declaration_id if is_sought else unsought(Decision.declaration_id)
    return (
        sa.select(Decision)
        .where(of == declaration.id)
        .options(
            joinedload(Decision.amendment),
            joinedload(Decision.because_of),
            joinedload(Decision.decided_by),
            joinedload(Decision.mover),
            joinedload(Decision.mover_organisation),
            joinedload(Decision.revision),
            joinedload(Decision.round),
            selectinload(Decision.undone_by).joinedload(Decision.decided_by),
            joinedload(Decision.undoes),
        )
        .order_by(Decision.number)
    )


def landed_later(db: Db, declaration_id: UUID) -> Mapping[int, Sequence[UUID | None]]:
    """By number of a decision whose words a later one brought into the text: the revisions in which it did."""
    landing, taking = aliased(DecisionRound), aliased(DecisionRound)
    bracketed = sa.and_(Decision.verdict == Verdict.BRACKET, RoundEffect.before == Disposition.BRACKETED)
    statement = (
        sa.select(landing.revision_id, sa.func.max(Decision.number))
        .join(RoundEffect, RoundEffect.round_id == landing.id)
        .join(Decision, Decision.amendment_id == RoundEffect.amendment_id)
        .join(taking, taking.id == Decision.round_id)
        .where(landing.declaration_id == declaration_id, landing.revision_id.is_not(None))
        .where(RoundEffect.after == Disposition.ADOPTED, taking.number <= landing.number)
        .where(Decision.revision_id.is_(None), sa.or_(Decision.outcome == DecisionOutcome.TAKEN, bracketed))
        .group_by(landing.number, landing.revision_id, RoundEffect.amendment_id)
        .order_by(landing.number)
    )
    found: dict[int, list[UUID | None]] = {}
    for revision_id, number in db.execute(statement):
        found.setdefault(number, []).append(revision_id)
    return found


def rounds(declaration: Declaration, *, about: Amendment | None = None) -> sa.Select[DecisionRound]:
    """What was decided at once, by number; or what is about one amendment."""
    statement = sa.select(DecisionRound).where(DecisionRound.declaration_id == declaration.id)
    if about is not None:
        statement = statement.where(DecisionRound.about_id == about.id)
    return statement.order_by(DecisionRound.number)


def _documents(db: Db, ids: Collection[UUID] | None) -> Iterator[SearchDocument]:
    """The words that each asks for, in its author's newest version, and why."""
    own = sa.and_(AmendmentVersion.is_automatic.is_(False), AmendmentVersion.made_by_id == Amendment.proposer_id)
    statement = (
        sa.select(Amendment, Declaration.forum_id, AmendmentVersion.number, ChangeRecord.change)
        .join(Declaration, Declaration.id == Amendment.declaration_id)
        .join(AmendmentVersion, sa.and_(AmendmentVersion.amendment_id == Amendment.id, own))
        .join(ChangeRecord, ChangeRecord.version_id == AmendmentVersion.id)
        .where(sa.true() if ids is None else Amendment.id.in_(ids))
        .order_by(Amendment.id, AmendmentVersion.number.desc(), ChangeRecord.position)
    )
    for amendment, rows in groupby(db.execute(statement), key=lambda row: row.Amendment):
        every = list(rows)
        changes = [row.change for row in every if row.number == every[0].number]
        parts = [part for change in changes for part in (change, *change.get("parts", ()))]
        words = [part["text"] for part in parts if part.get("text")]
        text, forum_id, number = "\n".join((*words, amendment.reason)), every[0].forum_id, amendment.number
        yield SearchDocument(amendment.id, forum_id, amendment.declaration_id, amendment.language, text, f"a {number}")


def _readable_documents(db: Db, forum: Forum, actor: Actor) -> sa.ColumnElement[bool]:
    """Those to texts that they may read: all, or their own."""
    declarations = [declaration for declaration in queries.of_forum(db, forum) if may_read(actor, declaration)]
    every = [known.id for known in declarations if may_do(actor, "amendment.read_others", known)]
    theirs = sa.select(Amendment.id).where(Amendment.id == C.subject_id, Amendment.proposer_id == actor.person_id)
    own = sa.and_(C.declaration_id.in_([known.id for known in declarations]), sa.exists(theirs.correlate(DOCUMENTS)))
    return sa.or_(C.declaration_id.in_(every), own)


SEARCHED = Searchable(
    kind="amendment",
    tables={"amendment": ("id", "reason"), "amendment_version": ("amendment_id",)},
    documents=_documents,
    readable=_readable_documents,
)


CONFLICTS: LRUCache[Hashable, tuple[Mapping[int, set[int]], frozenset[int]]] = LRUCache(128)
"""By the text and what was asked of it, which never change; of 1,200 texts 10 kB each."""


class AmendmentReading:
    """The amendments and decisions of declarations, as readers and the committee see them."""

    def __init__(self, db: Db) -> None:
        self.db = db
        self.declarations = DeclarationService(db)
        self.bases = BaseDocuments(db)

    def get(self, amendment_id: UUID, *, actor: Actor) -> Amendment:
        """One amendment with its versions; raises `NotFound`."""
        found = self.db.scalar(select_amendment(amendment_id))
        if found is None or not policy.may_read(actor, found):
            raise NotFound(what="amendment", id=str(amendment_id))
        return found

    def behind_lock(self, amendment_id: UUID, *, actor: Actor) -> Amendment:
        """The same as it is once nobody else can change it: somebody may have decided or answered meanwhile."""
        self.declarations.lock(self.get(amendment_id, actor=actor).declaration_id)
        anew = select_amendment(amendment_id).execution_options(populate_existing=True)
        return self.db.scalars(anew).one()

    def numbered(self, declaration: Declaration, number: int, *, actor: Actor) -> Amendment:
        """One amendment by its number, with proposer and changes; raises `NotFound`."""
        found = self.db.scalar(select_readable(declaration, actor=actor).where(Amendment.number == number))
        return existing(found, "amendment", number)

    def of_declaration(
        self,
        declaration: Declaration,
        wanted: AmendmentSearch = EVERYTHING,
        *,
        actor: Actor,
        after: int = 0,
        limit: int | None = None,
    ) -> list[Amendment]:
        """The amendments that `actor` may read, by number, with proposers and changes. A fixed number of queries.

        With `limit`, that many at most, and those whose numbers come `after`.
        """
        statement = select_readable(declaration, actor=actor).where(Amendment.number > after)
        return list(self.db.scalars(where_found(self.db, statement, wanted, actor).limit(limit)))

    def undecided(
        self, declaration: Declaration, *, actor: Actor, numbers: Sequence[int] | None = None
    ) -> list[Amendment]:
        """The same for those to the text that wait, or for those of them that have these `numbers`."""
        statement = select_readable(declaration, actor=actor).where(Amendment.parent_id.is_(None))
        statement = statement.where(Amendment.disposition.in_(UNDECIDED))
        if numbers is not None:
            statement = statement.where(Amendment.number.in_(numbers))
        return list(self.db.scalars(statement))

    def found(
        self, declaration: Declaration, wanted: AmendmentSearch, *, actor: Actor, limit: int, offset: int = 0
    ) -> list[Amendment]:
        """What is `wanted`, what waits for leave first, then in the order of the text: `limit`, after `offset`.

        With all that a line about each needs, and nothing of the amendments to them.
        """
        every = where_found(self.db, where_readable(sa.select(Amendment.number), declaration, actor), wanted, actor)
        order = every.order_by(_LEAVE_FIRST, _place_in(declaration).scalar_subquery(), Amendment.number)
        what = wanted, actor.person_id if wanted.state is AmendmentState.OWN else None
        numbers = read_filed(self.db, declaration, actor, what, lambda: self.db.scalars(order).all())
        here = numbers[offset : offset + limit]
        lines = sa.select(Amendment).options(*eager_lines()).where(Amendment.number.in_(here))
        return sorted(
            self.db.scalars(where_readable(lines, declaration, actor)), key=lambda line: here.index(line.number)
        )

    def tally(self, declaration: Declaration, wanted: AmendmentSearch, *, actor: Actor) -> dict[AmendmentState, int]:
        """How many of what is `wanted` are in each state, in two queries."""
        every = where_readable(sa.select(Amendment.disposition, sa.func.count()), declaration, actor)
        every = where_found(self.db, every, structs.replace(wanted, state=AmendmentState.ALL), actor)
        counts = {row[0]: row[1] for row in self.db.execute(every.group_by(Amendment.disposition))}
        found = {state: sum(counts.get(of, 0) for of in dispositions) for state, dispositions in STATES.items()}
        own = every.with_only_columns(sa.func.count()).where(Amendment.proposer_id == actor.person_id)
        return {**found, AmendmentState.OWN: self.db.scalar(own) or 0}

    def organisations(self, declaration: Declaration, *, actor: Actor) -> Sequence[tuple[UUID, str]]:
        """Those for which amendments were submitted that `actor` may read, by name."""
        filed = where_readable(sa.select(Amendment.organisation_id), declaration, actor).distinct()
        named = sa.select(Organisation.id, Organisation.name).where(Organisation.id.in_(filed))
        return [(row.id, row.name) for row in self.db.execute(named.order_by(Organisation.name))]

    def blocks(self, declaration: Declaration, *, actor: Actor) -> set[UUID]:
        """The paragraphs that the amendments which `actor` may read change, or after which they put something."""
        changing = (
            sa.select(ChangeRecord.version_id)
            .join(AmendmentVersion, AmendmentVersion.id == ChangeRecord.version_id)
            .join(Amendment, Amendment.id == AmendmentVersion.amendment_id)
            .where(ChangeRecord.block_id == BlockRecord.id)
        )  # the first of each is enough: of thousands on a paragraph no other is looked at
        known = sa.select(BlockRecord.id).where(BlockRecord.declaration_id == declaration.id)
        return set(self.db.scalars(known.where(where_readable(changing, declaration, actor).exists())))

    def rivals(self, declaration: Declaration, amendments: Sequence[Amendment], *, actor: Actor) -> list[Amendment]:
        """The pending amendments at the paragraphs that these, pending as well, change, with the words they ask for:
        these among them.
        """
        return self._with_words(self._rivals(declaration, amendments, actor))

    def _rivals(self, declaration: Declaration, amendments: Sequence[Amendment], actor: Actor) -> list[UUID]:
        """The ids of the same."""
        hunks = (hunk for each in amendments if each.disposition.is_undecided for hunk in each.own.diff)
        blocks = {UUID(block.id) for hunk in hunks for block in hunk.old}
        if not blocks:
            return []
        named = sa.select(Amendment.number, Amendment.id)
        readable = where_readable(named, declaration, actor, is_sought=False)
        found = self.db.execute(where_about(readable.where(Amendment.disposition.in_(UNDECIDED)), *blocks))
        return [key for _, key in sorted((number, key) for number, key in found)[: conflicts.MOST_COMPARED]]

    def _with_words(self, ids: Sequence[UUID]) -> list[Amendment]:
        parents = _shown(selectinload(Amendment.versions), selectinload(AmendmentVersion.shown))
        statement = sa.select(Amendment).where(Amendment.id.in_(ids)).options(*eager_words(), parents)
        return list(self.db.scalars(statement.order_by(Amendment.number)))

    def conflicts(
        self,
        declaration: Declaration,
        amendments: Sequence[Amendment],
        *,
        actor: Actor,
        rows: Sequence[queries.BlockRow] | None = None,
    ) -> Mapping[int, set[int]]:
        """With which pending amendments each of these, pending as well, cannot be adopted, by number."""
        return self.rivalry(declaration, amendments, actor=actor, rows=rows)[0]

    def rivalry(
        self,
        declaration: Declaration,
        amendments: Sequence[Amendment],
        *,
        actor: Actor,
        rows: Sequence[queries.BlockRow] | None = None,
    ) -> tuple[Mapping[int, set[int]], frozenset[int]]:
        """The same, and the numbers of those whose paragraph another one would reword in another language."""
        rows = queries.shown_rows(self.db, declaration) if rows is None else rows
        ids = self._rivals(declaration, amendments, actor)
        asked = sa.select(AmendmentVersion.id, Amendment.disposition, Amendment.is_indivisible)
        asked = asked.join(AmendmentVersion.amendment).order_by(AmendmentVersion.id)
        asked = asked.where(sa.or_(Amendment.id.in_(ids), Amendment.parent_id.in_(ids)))
        words = tuple(text.id for row in rows for text in row.texts.values())
        key = declaration.head_id, words, *self.db.execute(asked).all()
        return self._conflicts(key, declaration, ids, rows)

    @cached(CONFLICTS, key=lambda _, key, *__: key, lock=Lock())
    def _conflicts(
        self, _key: Hashable, declaration: Declaration, ids: Sequence[UUID], rows: Sequence[queries.BlockRow]
    ) -> tuple[Mapping[int, set[int]], frozenset[int]]:
        rivals = self._with_words(ids)
        asks = {amendment.number: conflicts.proposal_fingerprint(amendment) for amendment in rivals}
        found: dict[int, set[int]] = {}
        for language in dict.fromkeys(amendment.language for amendment in rivals):
            for cluster in self.prospect(declaration, language, rivals, rows=rows).clusters:
                for number in cluster.amendments if cluster.kind is ClusterKind.WORDS else ():
                    same = (reading.amendments for reading in cluster.alternatives if number in reading.amendments)
                    others = set(cluster.amendments).difference({number}, *same)
                    against = {other for other in others if asks[other] != asks[number]}
                    found.setdefault(number, set()).update(against)
        for number, other in conflicts.deletions_against(rivals):
            found.setdefault(number, set()).add(other)
            found.setdefault(other, set()).add(number)
        return found, conflicts.in_two_languages(rivals)

    def called(self, declaration: Declaration, numbers: Iterable[int], *, actor: Actor) -> dict[int, Amendment]:
        """The same for those with these numbers, by number; a number that is none is left out."""
        statement = select_readable(declaration, actor=actor).where(Amendment.number.in_(set(numbers)))
        return {amendment.number: amendment for amendment in self.db.scalars(statement)}

    def numbers(self, declaration: Declaration, *, actor: Actor) -> list[int]:
        """The numbers of all that `actor` may read, and nothing else of them."""
        statement = where_readable(sa.select(Amendment.number), declaration, actor)
        return list(self.db.scalars(statement.order_by(Amendment.number)))

    def lapsing(self, declaration: Declaration, *, actor: Actor) -> list[Amendment]:
        """Those pending at its adoption of which `actor` can say that they lapse; one's own is withdrawn."""
        pending = select_readable(declaration, actor=actor).where(Amendment.disposition.in_(PENDING))
        is_adoption = declaration.phase is Phase.ADOPTION and policy.may_decide(actor, declaration)
        found = self.db.scalars(pending) if is_adoption else ()
        return [amendment for amendment in found if policy.may_decide_on(actor, amendment)]

    def late(self, declaration: Declaration, *, actor: Actor) -> list[int]:
        """The numbers of those that wait for leave to be filed late."""
        statement = where_readable(sa.select(Amendment.number), declaration, actor)
        return sorted(self.db.scalars(statement.where(Amendment.disposition == Disposition.LATE)))

    def at_block(self, declaration: Declaration, block_id: UUID, *, actor: Actor) -> list[Amendment]:
        """Those that wait and concern one block: that change it, or put something new after it, with those to them.

        First those that wait for leave. With what a line about each needs.
        """
        lines = sa.select(Amendment).options(*eager_lines(), _of_children(*eager_lines()))
        statement = where_readable(lines, declaration, actor, is_sought=False)
        pending = where_about(statement.where(Amendment.disposition.in_(PENDING)), block_id)
        return list(self.db.scalars(pending.order_by(_LEAVE_FIRST, Amendment.number)))

    def settled_at_block(self, declaration: Declaration, block_id: UUID, *, actor: Actor) -> list[Amendment]:
        """Those that are decided and concerned one block, with those to them: whose, and what became of them."""
        named = sa.select(Amendment).options(*_WHOSE, _DECISIONS, _of_children(*_WHOSE, _DECISIONS))
        statement = where_readable(named, declaration, actor, is_sought=False).order_by(Amendment.number)
        about = where_about(statement.where(Amendment.disposition.not_in(PENDING)), block_id)
        return [each for parent in self.db.scalars(about) for each in (parent, *parent.children)]

    def at_blocks(self, declaration: Declaration, block_ids: Sequence[UUID], *, actor: Actor) -> list[Amendment]:
        """The undecided ones that concern one of several blocks, with their words and what a line about each needs."""
        words = _shown(selectinload(Amendment.versions), selectinload(AmendmentVersion.shown))
        lines = sa.select(Amendment).options(*eager_lines(), words)
        statement = where_readable(lines, declaration, actor, is_sought=False)
        undecided = statement.where(Amendment.disposition.in_(UNDECIDED)).order_by(Amendment.number)
        return list(self.db.scalars(where_about(undecided, *block_ids)))

    def counts(self, declaration: Declaration, *, actor: Actor) -> Counter[UUID]:
        """How many undecided amendments concern each block."""
        concerned = select_by_block(declaration, actor=actor)
        counted = concerned.with_only_columns(ChangeRecord.block_id, sa.func.count(Amendment.number.distinct()))
        rows = counted.group_by(ChangeRecord.block_id)
        found = read_filed(self.db, declaration, actor, Counter, lambda: self.db.execute(rows).all())
        return Counter({block_id: count for block_id, count in found if block_id})

    def decisions(
        self, declaration: Declaration, amendment: Amendment | None = None, *, after: int = 0, limit: int | None = None
    ) -> list[Decision]:
        """Every decision in order, with its amendment and who took it; of one amendment and its brackets, if given.

        With `limit`, that many at most, and those whose numbers come `after`.
        """
        statement = select_decisions(declaration, is_sought=amendment is None).where(Decision.number > after)
        if amendment is not None:
            lifted = sa.select(RoundEffect.round_id).filter_by(amendment_id=amendment.id, before=Disposition.BRACKETED)
            is_lifting = sa.and_(Decision.verdict == Verdict.RESOLVE, Decision.round_id.in_(lifted))
            statement = statement.where(sa.or_(Decision.amendment_id == amendment.id, is_lifting))
        return list(self.db.scalars(statement.limit(limit)).unique())

    def proposal(self, amendment: Amendment, version: AmendmentVersion | None = None) -> Proposal:
        """What the committee has before it: the proposer's words with what was accepted into them, or a `version`."""
        return self.bases.proposal(amendment, version)

    def modified(self, amendment: Amendment) -> ModifiedParent | None:
        """An amendment as it would be with every open amendment to it, or as it was adopted; None without any."""
        more = [child for child in amendment.children if child.disposition in _WITH_PARENT]
        return self.bases.modified(amendment, more) if more else None

    def collisions(self, declaration: Declaration, language: Language, *, actor: Actor) -> AdoptionPreview:
        """What the undecided amendments of one language would come to, all adopted now; `apart` are those in others."""
        readable = where_readable(sa.select(Amendment).options(*eager_words()), declaration, actor)
        undecided = readable.where(Amendment.disposition.in_(UNDECIDED)).order_by(Amendment.number)
        return self.prospect(declaration, language, self.db.scalars(undecided).all())

    def prospect(
        self,
        declaration: Declaration,
        language: Language,
        amendments: Sequence[Amendment],
        *,
        rows: Sequence[queries.BlockRow] | None = None,
    ) -> AdoptionPreview:
        """What those of these amendments that are in `language` would come to, adopted now as they were written.

        `rows` are those of the text in force, for who has read them already.
        """
        filed_here = [amendment for amendment in amendments if amendment.parent_id is None]
        rows = queries.shown_rows(self.db, declaration) if rows is None else rows
        own = [amendment for amendment in filed_here if amendment.language is language]
        proposals = [self.proposal(amendment) for amendment in own]
        found = adoption_preview(queries.document(rows, language), proposals, self.bases)
        others = conflicts.sharing_paragraphs(filed_here, language)
        led = self.led_elsewhere([*own, *others], rows)
        proposals += map(self.proposal, others)
        return found.with_languages(tuple(conflicts.language_clusters(proposals, led, rows)))

    def led_elsewhere(
        self, amendments: Iterable[Amendment], rows: Sequence[queries.BlockRow]
    ) -> Mapping[int, frozenset[str]]:
        """The paragraphs each of these would reword whose words another language has led since, by its number."""
        by_block = {row.block_id: row for row in rows}
        return {amendment.number: self._led_elsewhere(amendment, by_block) for amendment in amendments}

    def _led_elsewhere(self, amendment: Amendment, rows: Mapping[UUID, queries.BlockRow]) -> frozenset[str]:
        worded = (UUID(block_id) for block_id in conflicts.reworded_blocks(amendment))
        here = [rows[block_id] for block_id in worded if block_id in rows]
        if all(row.original_language is amendment.language for row in here):
            return frozenset()
        return conflicts.blocks_led_elsewhere(amendment, self.bases.by_block(amendment.own.base_revision_id), here)

    def next_numbers(self, declaration_id: UUID, *models: type[Numbered]) -> Sequence[int]:
        """The numbers that the next of each kind get in a declaration. One query; the caller holds the lock."""
        last = (
            sa.select(sa.func.max(model.number)).where(model.declaration_id == declaration_id).scalar_subquery()
            for model in models
        )
        return [(number or 0) + 1 for number in self.db.execute(sa.select(*last)).one()]

    def next_number(self, declaration_id: UUID, model: type[Numbered]) -> int:
        return self.next_numbers(declaration_id, model)[0]

    def shown_rows(self, declaration: Declaration, revision: Revision) -> Sequence[queries.BlockRow]:
        """What a proposer sees: the heads on the head revision, what is pinned on an older one."""
        if revision.id == declaration.head_id:
            return queries.head_rows(self.db, declaration)
        return queries.pinned_rows(self.db, revision.id)
