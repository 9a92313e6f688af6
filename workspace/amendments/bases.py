"""Stored amendments as the engine knows them, and how each stands to a newer text: the one way they are carried.

What is carried is always what persons wrote: the member's newest version, with
the amendments to it that the chair has accepted. An automatic version is a
record of what readers were shown, never the start of another one.
"""

from collections.abc import Mapping, Sequence
from uuid import UUID

from msgspec import Struct
from msgspec.structs import replace

from drafts.amendments import Amendment as Proposal
from drafts.amendments import amendment_of
from drafts.blocks import Document, Language
from drafts.children import Modified, modified
from drafts.diff import apply
from drafts.merge import Cluster
from drafts.rebase import Rebased, RebaseStatus, rebase
from workspace.amendments.models import Amendment, AmendmentVersion, Disposition
from workspace.amendments.proposals import hunks_of
from workspace.core.db import Db
from workspace.declarations import queries
from workspace.declarations.queries import BlockRow


class Carried(Struct, frozen=True):
    """A proposal in the coordinates of the text now in force, and how it stands to it.

    `proposal` is None where it collides with what was adopted meanwhile (then
    `clusters` say with what), or where nothing is left to ask for.
    """

    status: RebaseStatus
    proposal: Proposal | None
    clusters: tuple[Cluster, ...] = ()


class Bases:
    """The texts that proposals were filed against; each is read once, and compared with a newer one once."""

    def __init__(self, db: Db) -> None:
        self.db = db
        self._known: Sequence[BlockRow] = ()
        self._rows: dict[UUID, list[BlockRow]] = {}
        self._by_block: dict[UUID, Mapping[UUID, BlockRow]] = {}
        self._revisions: dict[tuple[UUID, Language], tuple[Document, Mapping[str, str]]] = {}
        self._texts: dict[tuple[UUID, Language, frozenset[tuple[str, str]]], Document] = {}
        self._adopted: dict[tuple[int, int], tuple[Document, Document, Proposal]] = {}

    def know(self, rows: Sequence[BlockRow]) -> None:
        """Take over what has been read of the text in force: most of a base is still there."""
        self._known = rows

    def rows(self, revision_id: UUID) -> list[BlockRow]:
        """A revision as it was pinned."""
        if revision_id not in self._rows:
            self._rows[revision_id] = queries.pinned_shown(self.db, revision_id, known=self._known)
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
            return self._proposed(version.parent_version, language)
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
        base, hunks = self.base(version, amendment.language), hunks_of(version)
        return Proposal(amendment.number, base, apply(base, hunks), hunks, amendment.is_indivisible)

    def modified(self, amendment: Amendment, more: Sequence[Amendment] = ()) -> Modified:
        """The same with the amendments to it that are accepted, and with `more` of them."""
        parent = self.written(amendment)
        accepted = [one for one in amendment.children if one.disposition is Disposition.ACCEPTED]
        children = {one.number: one for one in (*accepted, *more)}
        filed = [self.of_parent(one, parent.proposed) for one in children.values()]
        return modified(parent, [carrying.proposal for carrying in filed if carrying.proposal])

    def asked(self, amendment: Amendment, version: AmendmentVersion | None = None) -> Proposal:
        """What the committee has before it: another `version` where it rules on one."""
        is_own = version is None or version is amendment.own
        is_amended = any(one.disposition is Disposition.ACCEPTED for one in amendment.children)
        return self.modified(amendment).amendment if is_own and is_amended else self.written(amendment, version)

    def of_parent(self, child: Amendment, proposed: Document) -> Carried:
        """An amendment to an amendment, on the words its parent has now."""
        return self.carried(self.written(child), proposed)

    def carried(self, proposal: Proposal, head: Document) -> Carried:
        """Bring a proposal to `head` by the engine's rules; its author's stored words stay as they are."""
        if not proposal.hunks:
            return Carried(RebaseStatus.EMPTY, None)
        adopted = self._what_changed(proposal.base, head)
        if not adopted.hunks:
            return Carried(RebaseStatus.STILL_APPLIES, proposal)
        rebased = rebase(proposal.base, [adopted], proposal)
        return Carried(rebased.status, rebased.amendment, _in_force(rebased, proposal, head))

    def _what_changed(self, base: Document, head: Document) -> Proposal:
        """All that was done to `base` since, as if one had asked for it."""
        key = (id(base), id(head))
        if key not in self._adopted:
            self._adopted[key] = (base, head, amendment_of(0, base, head))  # kept, so that no other gets their ids
        return self._adopted[key][2]

    def _proposed(self, version: AmendmentVersion, language: Language) -> Document:
        return apply(self.base(version, language), hunks_of(version))

    def _pinned(self, revision_id: UUID, language: Language) -> tuple[Document, Mapping[str, str]]:
        """A revision in one language, and its texts by block: one value for all who saw it as it is."""
        if (revision_id, language) not in self._revisions:
            document = queries.document(self.rows(revision_id), language)
            self._revisions[revision_id, language] = document, {block.id: block.text for block in document}
        return self._revisions[revision_id, language]


def _in_force(rebased: Rebased, proposal: Proposal, head: Document) -> tuple[Cluster, ...]:
    """Disputes with the text now in force, in its coordinates: that text speaks in the alternative of nobody."""
    places = {block.id: index for index, block in enumerate(head.blocks)}
    return tuple(_placed(cluster, places, proposal) for cluster in rebased.clusters)


def _placed(cluster: Cluster, places: dict[str, int], proposal: Proposal) -> Cluster:
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
