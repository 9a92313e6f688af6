"""A stored proposal as the engine knows it: its base, its changes and its hunks, to and from records."""

from collections.abc import Mapping, Sequence
from functools import cached_property
from uuid import UUID

import msgspec
import sqlalchemy as sa
from msgspec import Struct
from msgspec.structs import replace

from drafts.base.constants import ENGINE_VERSION
from drafts.base.errors import ImpossibleChange, UnknownBlock
from drafts.diff.amendments import Amendment as Proposal
from drafts.diff.amendments import Change, ChangeOp, amend, amendment_of, stated_changes
from drafts.diff.document_diff import Intent, apply, only_reworded
from drafts.merge.disputes import Cluster
from drafts.merge.merge import ModifiedParent, modified_parent
from drafts.merge.rebase import Rebased, RebaseStatus, rebase
from drafts.text.blocks import Document, Language
from workspace.amendments.domain.models import Amendment, AmendmentVersion, ChangeRecord, Disposition, ShownText
from workspace.core import clock
from workspace.core.actor import Actor
from workspace.core.errors import Invalid
from workspace.core.storage.db import Db, new_id
from workspace.core.validation import ensure_short
from workspace.declarations.domain import queries
from workspace.declarations.domain.queries import BlockRow, TextValue


def ensure_sensible(changes: Sequence[Change], reason: str) -> None:
    """Raise `Invalid` where nothing is asked for, or the reason is too long."""
    if not changes:
        raise Invalid(field="changes", reason="empty")
    ensure_short(reason)


def with_new_ids(changes: Sequence[Change]) -> tuple[Change, ...]:
    """Give every block that is to be made an id of its own, whatever name the proposer used for it meanwhile."""
    ids: dict[str, str] = {}

    def named(block_id: str) -> str:
        return ids.get(block_id, block_id)

    made = []
    for change in changes:
        if change.op is ChangeOp.INSERT:
            ids[change.block] = str(new_id())
        ids.update((part.id, str(new_id())) for part in change.parts)
        made.append(
            replace(
                change,
                block=named(change.block),
                after=named(change.after) if change.after else None,
                parts=tuple(replace(part, id=ids[part.id]) for part in change.parts),
                joined=tuple(named(block_id) for block_id in change.joined),
            )
        )
    return tuple(made)


def version_of(
    number: int,
    rows: Sequence[BlockRow],
    changes: Sequence[Change],
    *,
    language: Language,
    revision_id: UUID,
    actor: Actor,
    is_indivisible: bool = False,
    based_on: AmendmentVersion | None = None,
) -> AmendmentVersion:
    """A version to be stored: the changes, their diff to the texts shown, and those texts themselves.

    Raises `UnknownBlock` and `ImpossibleChange` for what this text cannot take; a
    paragraph that has no text in `language` can take nothing but a deletion or a move.
    """
    ensure_known(changes, rows, language)
    proposal = amend(0, queries.document(rows, language), changes, is_indivisible=is_indivisible)
    return _version(number, changes, proposal, actor, based_on, revision_id=revision_id, rows=rows)


def version_of_parent(
    number: int,
    proposed: Document,
    changes: Sequence[Change],
    *,
    parent: AmendmentVersion,
    actor: Actor,
    is_indivisible: bool = False,
    based_on: AmendmentVersion | None = None,
) -> AmendmentVersion:
    """The same for an amendment to an amendment: its base is the text that version `parent` has `proposed`."""
    proposal = amend(0, proposed, changes, is_indivisible=is_indivisible)
    version = _version(number, changes, proposal, actor, based_on, revision_id=parent.base_revision_id, rows=())
    version.parent_version = parent
    return version


def carried_version(
    number: int, proposal: Proposal, rows: Sequence[BlockRow], *, revision_id: UUID, based_on: AmendmentVersion
) -> AmendmentVersion:
    """What the engine made of a version for a newer text, so that everyone can see it; nobody wrote it."""
    changes = stated_changes(proposal.proposed, proposal.hunks)
    return _version(number, changes, proposal, None, based_on, revision_id=revision_id, rows=rows)


def _version(
    number: int,
    changes: Sequence[Change],
    proposal: Proposal,
    actor: Actor | None,
    based_on: AmendmentVersion | None,
    *,
    revision_id: UUID,
    rows: Sequence[BlockRow],
) -> AmendmentVersion:
    """A version that `actor`, or the engine, made; on `rows` it was shown the texts of what it touches."""
    texts = _texts(rows, proposal.base.language)
    return AmendmentVersion(
        id=new_id(),
        number=number,
        base_revision_id=revision_id,
        based_on_id=based_on.id if based_on else None,
        is_automatic=actor is None,
        made_by_id=actor.person_id if actor else None,
        engine_version=ENGINE_VERSION,
        hunks=msgspec.to_builtins(proposal.hunks),
        made_at=clock.now(),
        changes=[
            ChangeRecord(
                position=position,
                op=change.op,
                block_id=concerned_blocks(change, rows),
                change=msgspec.to_builtins(change),
            )
            for position, change in enumerate(changes)
        ],
        shown=[
            ShownText(text_version_id=text.id)
            for block_id in dict.fromkeys(affected_blocks(changes))
            if (text := texts.get(block_id))
        ],
    )


def changes_of(version: AmendmentVersion) -> tuple[Change, ...]:
    return tuple(msgspec.convert(record.change, Change) for record in version.changes)


def single_rewording(changes: Sequence[Change]) -> Change | None:
    """The one change of a proposal that does nothing but give one paragraph other words."""
    [first, *others] = changes
    return first if not others and first.op is ChangeOp.REWORD and first.text is not None else None


def affected_blocks(changes: Sequence[Change]) -> list[str]:
    """Ids of the blocks that the changes reword, delete, move, split or join, in order."""
    return [
        block_id
        for change in changes
        if change.op is not ChangeOp.INSERT
        for block_id in (change.block, *change.joined)
    ]


def concerned_blocks(change: Change, rows: Sequence[BlockRow]) -> UUID | None:
    """The block of the text that a change is about: the one changed, or the one that something new follows."""
    place = change.after if change.op is ChangeOp.INSERT else change.block
    return next((row.block_id for row in rows if row.id == place), None)


def ensure_known(changes: Sequence[Change], rows: Sequence[BlockRow], language: Language) -> None:
    """Raise `UnknownBlock` for a change to a block that is not there, and
    `ImpossibleChange` (`untranslated`) for new words where `language` has none to change.
    """
    texts = _texts(rows, language)
    made = {change.block for change in changes if change.op is ChangeOp.INSERT}
    made.update(part.id for change in changes for part in change.parts)
    for change in changes:
        for block_id in affected_blocks([change]):
            if block_id not in texts and block_id not in made:
                raise UnknownBlock(f"no block {block_id}", block=block_id)
        if change.op in _OF_WORDS and change.block in texts and texts[change.block] is None:
            raise ImpossibleChange("no text in this language", block=change.block, reason="untranslated")


_OF_WORDS = {ChangeOp.REWORD, ChangeOp.SPLIT, ChangeOp.JOIN}


def _texts(rows: Sequence[BlockRow], language: Language) -> dict[str, TextValue | None]:
    return {row.id: row.texts.get(language) for row in rows}


_IN_FORCE = (Disposition.ADOPTED, Disposition.PARTLY, Disposition.PART_ADOPTED)


class CarriedProposal(Struct, frozen=True):
    """A proposal in the coordinates of the text now in force, and how it stands to it.

    `proposal` is None where it collides with what was adopted meanwhile (then
    `clusters` say with what), or where nothing is left to ask for.
    """

    status: RebaseStatus
    proposal: Proposal | None
    clusters: tuple[Cluster, ...] = ()


class BaseDocuments:
    """The texts that proposals were filed against; each is read once, and compared with a newer one once."""

    def __init__(self, db: Db) -> None:
        self.db = db
        self._rows: dict[UUID, Sequence[BlockRow]] = {}
        self._by_block: dict[UUID, Mapping[UUID, BlockRow]] = {}
        self._revisions: dict[tuple[UUID, Language], tuple[Document, Mapping[str, str]]] = {}
        self._texts: dict[tuple[UUID, Language, frozenset[tuple[str, str]]], Document] = {}
        self._adopted: dict[tuple[int, int], tuple[Document, Document, Proposal]] = {}
        self._written: dict[tuple[UUID, bool], Proposal] = {}

    def rows(self, revision_id: UUID) -> Sequence[BlockRow]:
        """A revision as it was pinned."""
        if revision_id not in self._rows:
            self._rows[revision_id] = queries.pinned_rows(self.db, revision_id)
        return self._rows[revision_id]

    def by_block(self, revision_id: UUID) -> Mapping[UUID, BlockRow]:
        """The same, by the id of the block."""
        if revision_id not in self._by_block:
            self._by_block[revision_id] = {row.block_id: row for row in self.rows(revision_id)}
        return self._by_block[revision_id]

    def base(self, version: AmendmentVersion, language: Language) -> Document:
        """The text as its proposer saw it: the named revision, with the very texts shown for the blocks touched.

        For an amendment to an amendment, the text that its parent proposed.
        """
        if version.parent_version is not None:
            return apply(self.base(version.parent_version, language), version.parent_version.diff)
        pinned, texts = self._pinned(version.base_revision_id, language)
        shown = {str(wording.text.block_id): wording.text.content for wording in version.shown}
        other = frozenset((block_id, text) for block_id, text in shown.items() if texts.get(block_id, text) != text)
        key = (version.base_revision_id, language, other)
        if other and key not in self._texts:
            blocks = tuple(replace(block, text=shown.get(block.id, block.text)) for block in pinned)
            self._texts[key] = Document(blocks=blocks, language=language)
        return self._texts[key] if other else pinned

    def rows_shown(self, version: AmendmentVersion, language: Language) -> list[BlockRow]:
        """The revision that a version was filed against, with the very texts it was shown."""
        shown = {wording.text.block_id: wording.text for wording in version.shown}
        return [
            replace(row, texts={**row.texts, language: shown[row.block_id]}) if row.block_id in shown else row
            for row in self.rows(version.base_revision_id)
        ]

    def written(self, amendment: Amendment, version: AmendmentVersion | None = None) -> Proposal:
        """The amendment in its proposer's own words, or in those of another version, with the stored hunks."""
        version = version or amendment.own
        key = (version.id, amendment.is_indivisible)
        if key not in self._written:
            base, hunks = self.base(version, amendment.language), version.diff
            self._written[key] = Proposal(amendment.number, base, hunks, amendment.is_indivisible)
        return self._written[key]

    def modified(self, amendment: Amendment, more: Sequence[Amendment] = ()) -> ModifiedParent:
        """The same with the amendments to it that are accepted, and with `more` of them."""
        parent = self.written(amendment)
        accepted = [amendment for amendment in amendment.children if amendment.disposition is Disposition.ACCEPTED]
        children = {amendment.number: amendment for amendment in (*accepted, *more)}
        filed = [self.of_parent(amendment, parent.proposed) for amendment in children.values()]
        return modified_parent(parent, [carrying.proposal for carrying in filed if carrying.proposal])

    def proposal(self, amendment: Amendment, version: AmendmentVersion | None = None) -> Proposal:
        """What the committee has before it: another `version` where it rules on one."""
        is_own = version is None or version is amendment.own
        is_amended = any(amendment.disposition is Disposition.ACCEPTED for amendment in amendment.children)
        return self.modified(amendment).amendment if is_own and is_amended else self.written(amendment, version)

    def of_parent(self, child: Amendment, proposed: Document) -> CarriedProposal:
        """An amendment to an amendment, on the words its parent has now."""
        return self.carried(self.written(child), proposed)

    def carried(self, proposal: Proposal, head: Document) -> CarriedProposal:
        """Bring a proposal to `head` by the engine's rules; its author's stored words stay as they are."""
        if not proposal.hunks:
            return CarriedProposal(RebaseStatus.EMPTY, None)
        adopted = self._what_changed(proposal.base, head)
        if not adopted.hunks:
            return CarriedProposal(RebaseStatus.STILL_APPLIES, proposal)
        rebased = rebase(proposal.base, [adopted], proposal)
        return CarriedProposal(rebased.status, rebased.amendment, _in_force(rebased, proposal, head))

    def _what_changed(self, base: Document, head: Document) -> Proposal:
        """All that was done to `base` since, as if one had asked for it."""
        key = (id(base), id(head))
        if key not in self._adopted:
            intent = Intent(moved=frozenset(map(str, self.moved))) if only_reworded(base, head) is None else None
            proposal = amendment_of(0, base, head, intent=intent)
            self._adopted[key] = (base, head, proposal)  # kept, so that no other gets their ids
        return self._adopted[key][2]

    @cached_property
    def moved(self) -> frozenset[UUID]:
        """The blocks that adopted amendments have moved: of two that changed places a text does not tell which."""
        moves = sa.select(ChangeRecord.block_id).where(ChangeRecord.op == ChangeOp.MOVE)
        versions = moves.join(AmendmentVersion, AmendmentVersion.id == ChangeRecord.version_id)
        adopted = versions.join(AmendmentVersion.amendment).where(Amendment.disposition.in_(_IN_FORCE))
        return frozenset(block_id for block_id in self.db.scalars(adopted) if block_id)

    def _pinned(self, revision_id: UUID, language: Language) -> tuple[Document, Mapping[str, str]]:
        """A revision in one language, and its texts by block: one value for all who saw it as it is."""
        if (revision_id, language) not in self._revisions:
            document = queries.document(self.rows(revision_id), language)
            self._revisions[revision_id, language] = document, {block.id: block.text for block in document}
        return self._revisions[revision_id, language]


def _in_force(rebased: Rebased, proposal: Proposal, head: Document) -> tuple[Cluster, ...]:
    """Disputes with the text now in force, in its coordinates: that text speaks in the alternative of nobody."""
    places = {block.id: index for index, block in enumerate(head.blocks)}
    return tuple(_carried_hunks(cluster, places, proposal) for cluster in rebased.clusters)


def _carried_hunks(cluster: Cluster, places: dict[str, int], proposal: Proposal) -> Cluster:
    ids = (proposal.base.blocks[index].id for index in cluster.base_blocks)
    blocks = tuple(sorted(places[block_id] for block_id in ids if block_id in places))
    return replace(
        cluster,
        base_blocks=blocks,
        gap=None if blocks else cluster.gap,
        amendments=(proposal.number,),
        alternatives=tuple(
            replace(alternative, amendments=() if alternative.amendments == (0,) else (proposal.number,))
            for alternative in cluster.alternatives
        ),
    )
