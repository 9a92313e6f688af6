"""A stored proposal as the engine knows it: its base, its changes and its hunks, to and from records."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from uuid import UUID

import msgspec

from drafts.amendments import Amendment as Proposal
from drafts.amendments import Change, ChangeOp, amend, propose
from drafts.blocks import Document, Language
from drafts.diff import ENGINE_VERSION, Hunk
from drafts.errors import ImpossibleChange, UnknownBlock
from drafts.merge import Cluster
from drafts.rebase import rebase
from workspace.amendments.models import Amendment, AmendmentVersion, ChangeRecord, ShownText
from workspace.core import clock
from workspace.core.actor import Actor
from workspace.core.db import Db, new_id
from workspace.declarations import queries
from workspace.declarations.models import TextVersion
from workspace.declarations.queries import BlockRow


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
    texts = _texts(rows, language)
    proposal = amend(0, queries.document(rows, language), changes, is_indivisible=is_indivisible)
    return AmendmentVersion(
        id=new_id(),
        number=number,
        base_revision_id=revision_id,
        based_on_id=based_on.id if based_on else None,
        is_automatic=False,
        engine_version=ENGINE_VERSION,
        hunks=msgspec.to_builtins(proposal.hunks),
        made_by_id=actor.person_id,
        made_at=clock.now(),
        changes=[
            ChangeRecord(
                position=position, op=change.op, block_id=concerned(change, rows), change=msgspec.to_builtins(change)
            )
            for position, change in enumerate(changes)
        ],
        shown=[
            ShownText(text_version_id=text.id)
            for block_id in dict.fromkeys(touched(changes))
            if (text := texts.get(block_id))
        ],
    )


def own_version(amendment: Amendment) -> AmendmentVersion:
    """What its proposer asks for, in their own words: never the committee's wording beside it."""
    own = (one for one in reversed(amendment.versions) if one.made_by_id == amendment.proposer_id)
    return next(own, amendment.versions[0])


def changes_of(version: AmendmentVersion) -> tuple[Change, ...]:
    return tuple(msgspec.convert(record.change, Change) for record in version.changes)


def single_rewording(changes: Sequence[Change]) -> Change | None:
    """The one change of a proposal that does nothing but give one paragraph other words."""
    [first, *others] = changes
    return first if not others and first.op is ChangeOp.REWORD and first.text is not None else None


class Bases:
    """The texts that proposals were filed against; each revision is read once, whatever number of proposals."""

    def __init__(self, db: Db) -> None:
        self.db = db
        self._rows: dict[UUID, list[BlockRow]] = {}

    def base(self, version: AmendmentVersion, language: Language) -> Document:
        """The text as its proposer saw it: the named revision, with the very texts shown for the blocks touched."""
        shown = {str(one.text.block_id): one.text.content for one in version.shown}
        document = queries.document(self._pinned(version.base_revision_id), language)
        blocks = (replace(block, text=shown.get(block.id, block.text)) for block in document)
        return Document(blocks=tuple(blocks), language=language)

    def proposal(self, amendment: Amendment, version: AmendmentVersion) -> Proposal:
        """A stored version as the engine knows it, with its stored hunks."""
        base = self.base(version, amendment.language)
        proposed = propose(base, changes_of(version))
        return Proposal(amendment.number, base, proposed, hunks_of(version), amendment.is_indivisible)

    def _pinned(self, revision_id: UUID) -> list[BlockRow]:
        if revision_id not in self._rows:
            self._rows[revision_id] = queries.pinned_rows(self.db, revision_id)
        return self._rows[revision_id]


def hunks_of(version: AmendmentVersion) -> tuple[Hunk, ...]:
    """The diff as it was stored when the version was made."""
    return msgspec.convert(version.hunks, tuple[Hunk, ...])


@dataclass(frozen=True, slots=True)
class Carried:
    """A proposal in the coordinates of the text now in force.

    `proposal` is None where it collides with what was adopted meanwhile (then
    `clusters` say with what), or where the text says it already.
    """

    proposal: Proposal | None
    clusters: tuple[Cluster, ...] = ()


def carried(proposal: Proposal, head: Document) -> Carried:
    """Bring a proposal to `head` by the engine's rules; its author's stored words stay as they are."""
    if proposal.base == head:
        return Carried(proposal)
    rebased = rebase(proposal.base, head, proposal)
    clusters = tuple(_in_force(cluster, proposal, head) for cluster in rebased.clusters)
    return Carried(rebased.amendment, clusters)


def _in_force(cluster: Cluster, proposal: Proposal, head: Document) -> Cluster:
    """A dispute with the text now in force, in its coordinates: that text speaks in the alternative of nobody."""
    places = {block.id: index for index, block in enumerate(head.blocks)}
    ids = (proposal.base.blocks[index].id for index in cluster.base_blocks)
    blocks = tuple(sorted(places[block_id] for block_id in ids if block_id in places))
    return replace(
        cluster,
        base_blocks=blocks,
        gap=None if blocks else cluster.gap,
        amendments=(proposal.number,),
        alternatives=tuple(
            replace(one, amendments=() if one.amendments == (0,) else (proposal.number,))
            for one in cluster.alternatives
        ),
    )


def touched(changes: Sequence[Change]) -> list[str]:
    """Ids of the blocks that the changes reword, delete, move, split or join, in order."""
    return [
        block_id
        for change in changes
        if change.op is not ChangeOp.INSERT
        for block_id in (change.block, *change.joined)
    ]


def concerned(change: Change, rows: Sequence[BlockRow]) -> UUID | None:
    """The block of the text that a change is about: the one changed, or the one that something new follows."""
    place = change.after if change.op is ChangeOp.INSERT else change.block
    return next((row.block_id for row in rows if str(row.block_id) == place), None)


def ensure_known(changes: Sequence[Change], rows: Sequence[BlockRow], language: Language) -> None:
    """Raise `UnknownBlock` for a change to a block that is not there, and
    `ImpossibleChange` (`untranslated`) for new words where `language` has none to change.
    """
    texts = _texts(rows, language)
    made = {change.block for change in changes if change.op is ChangeOp.INSERT}
    made.update(part.id for change in changes for part in change.parts)
    for change in changes:
        for block_id in touched([change]):
            if block_id not in texts and block_id not in made:
                raise UnknownBlock(f"no block {block_id}", block=block_id)
        if change.op in _OF_WORDS and change.block in texts and texts[change.block] is None:
            raise ImpossibleChange("no text in this language", block=change.block, reason="untranslated")


_OF_WORDS = {ChangeOp.REWORD, ChangeOp.SPLIT, ChangeOp.JOIN}


def _texts(rows: Sequence[BlockRow], language: Language) -> dict[str, TextVersion | None]:
    return {str(row.block_id): row.texts.get(language) for row in rows}
