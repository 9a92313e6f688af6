"""A stored proposal as the engine knows it: its base, its changes and its hunks, to and from records."""

from collections.abc import Sequence
from uuid import UUID

import msgspec
from msgspec.structs import replace

from drafts.amendments import Amendment as Proposal
from drafts.amendments import Change, ChangeOp, amend, changes_told
from drafts.blocks import Document, Language
from drafts.diff import ENGINE_VERSION, Hunk
from drafts.errors import ImpossibleChange, UnknownBlock
from workspace.amendments.models import AmendmentVersion, ChangeRecord, ShownText
from workspace.core import clock
from workspace.core.actor import Actor
from workspace.core.db import new_id
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
    proposal = amend(0, queries.document(rows, language), changes, is_indivisible=is_indivisible)
    version = _version(number, changes, proposal.hunks, revision_id=revision_id, rows=rows, language=language)
    version.based_on_id = based_on.id if based_on else None
    version.made_by_id = actor.person_id
    return version


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
    version = _version(number, changes, proposal.hunks, revision_id=parent.base_revision_id, rows=())
    version.based_on_id = based_on.id if based_on else None
    version.parent_version = parent
    version.made_by_id = actor.person_id
    return version


def carried_version(
    number: int, proposal: Proposal, rows: Sequence[BlockRow], *, revision_id: UUID, based_on: AmendmentVersion
) -> AmendmentVersion:
    """What the engine made of a version for a newer text, so that everyone can see it; nobody wrote it."""
    changes, language = changes_told(proposal.proposed, proposal.hunks), proposal.base.language
    version = _version(number, changes, proposal.hunks, revision_id=revision_id, rows=rows, language=language)
    version.based_on_id, version.is_automatic = based_on.id, True
    return version


def _version(
    number: int,
    changes: Sequence[Change],
    hunks: Sequence[Hunk],
    *,
    revision_id: UUID,
    rows: Sequence[BlockRow],
    language: Language | None = None,
) -> AmendmentVersion:
    texts = _texts(rows, language) if language else {}
    return AmendmentVersion(
        id=new_id(),
        number=number,
        base_revision_id=revision_id,
        is_automatic=False,
        engine_version=ENGINE_VERSION,
        hunks=msgspec.to_builtins(hunks),
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


def changes_of(version: AmendmentVersion) -> tuple[Change, ...]:
    return tuple(msgspec.convert(record.change, Change) for record in version.changes)


def single_rewording(changes: Sequence[Change]) -> Change | None:
    """The one change of a proposal that does nothing but give one paragraph other words."""
    [first, *others] = changes
    return first if not others and first.op is ChangeOp.REWORD and first.text is not None else None


def hunks_of(version: AmendmentVersion) -> tuple[Hunk, ...]:
    """The diff as it was stored when the version was made."""
    return msgspec.convert(version.hunks, tuple[Hunk, ...])


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
    return next((row.block_id for row in rows if row.id == place), None)


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
    return {row.id: row.texts.get(language) for row in rows}
