"""What somebody is still writing: each change as it is typed, and the unfinished amendment that is kept."""

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Final

import msgspec
from msgspec import Struct
from msgspec.structs import replace

from drafts.base.errors import UnknownBlock
from drafts.diff.amendments import Change, ChangeOp, SplitPart
from drafts.text.blocks import BlockKind, canonical
from workspace.amendments.domain import policy
from workspace.amendments.domain.models import AmendmentDraft
from workspace.amendments.labels import ParagraphLabels
from workspace.core.actor import Actor
from workspace.core.errors import Invalid, NotAllowed
from workspace.declarations.domain.models import Declaration
from workspace.declarations.domain.personal_drafts import DraftService
from workspace.declarations.domain.queries import BlockRow

START: Final = "start"  # where a paragraph moves that is to open the text
YES: Final = "yes"
FIRST: Final = ChangeOp.REWORD.value
_BLANK_LINE = re.compile(r"\n[ \t]*\n\s*")
_CONTINUED = frozenset({BlockKind.OPERATIVE, BlockKind.ITEM, BlockKind.PREAMBLE, BlockKind.PARAGRAPH, BlockKind.BULLET})


class ChangeEntry(Struct, frozen=True):
    """What somebody asks for one paragraph. `wording` is for rewording and splitting, `addition` for new paragraphs.

    `after` is where it is to stand, `before` ("yes") that what is new comes before it, at the beginning of the
    text. `shown` names the words its author was shown: a text version, or the version of an amendment; empty
    before anything was.
    """

    block: str = ""
    op: str = FIRST
    wording: str = ""
    addition: str = ""
    after: str = ""
    before: str = ""
    shown: str = ""


def requested_changes(entries: Sequence[ChangeEntry], passages: ParagraphLabels) -> tuple[Change, ...]:
    """The changes that the entries ask for, in their order; a paragraph that was opened and left alone is none of them.

    New paragraphs after one and the same come in the order in which they were
    written. Raises `UnknownBlock` and `Invalid`; the engine says what else is impossible.
    """
    telling = [entry for entry in entries if not _is_left_alone(entry, passages)] or list(entries)
    ends: dict[str, str] = {}
    return tuple(
        change
        for place, entry in enumerate(telling)
        for change in _proposed_changes(entry, f"new {place}", passages, ends)
    )


def paragraphs(text: str) -> list[str]:
    """What a textarea held, cut at its blank lines; browsers send its lines with a carriage return."""
    return _BLANK_LINE.split(typed_entries(text).strip())


def typed_entries(text: str) -> str:
    return text.replace("\r\n", "\n").replace("\r", "\n")


def entries_of(changes: Sequence[Change], rows: Sequence[BlockRow], contents: Mapping[str, str]) -> list[ChangeEntry]:
    """Stored changes as their author would write them again; none where the form cannot say them.

    `rows` are the paragraphs of the text they were written on, `contents` the words that each has now.
    """
    known = {row.id for row in rows}
    opening = ChangeEntry(block=str(rows[0].block_id), before=YES) if rows else ChangeEntry()
    roots: dict[str, ChangeEntry] = {}
    found: list[ChangeEntry] = []
    for change in changes:
        if change.op is ChangeOp.INSERT:
            root = opening if change.after is None else roots.get(change.after, ChangeEntry(block=change.after))
            roots[change.block] = root
            entry = replace(root, op=change.op, addition=change.text or "")
        else:
            roots.update((part.id, ChangeEntry(block=change.block)) for part in change.parts)
            entry = _entry(change, contents)
        if entry.block not in known:
            return []
        found.append(entry)
    return found


def _entry(change: Change, contents: Mapping[str, str]) -> ChangeEntry:
    """One change of words or place; without a block where the form has no words for it."""
    has_form = change.kind is not None or change.level is not None
    is_plain_join = change.text is None and len(change.joined) == 1
    if (change.op is ChangeOp.REWORD and (change.text is None or has_form)) or (
        change.op is ChangeOp.JOIN and not is_plain_join
    ):
        return ChangeEntry()
    wording = "\n\n".join([change.text or contents.get(change.block, ""), *(part.text for part in change.parts)])
    after = (change.after or START) if change.op is ChangeOp.MOVE else ""
    return ChangeEntry(block=change.block, op=change.op, wording=wording, after=after)


def _is_left_alone(entry: ChangeEntry, passages: ParagraphLabels) -> bool:
    row = passages.row(entry.block)
    if row is None or entry.op != ChangeOp.REWORD:
        return False
    return canonical(typed_entries(entry.wording), kind=row.kind) == row.content(passages.language)


def _proposed_changes(
    entry: ChangeEntry, name: str, passages: ParagraphLabels, ends: dict[str, str]
) -> Iterator[Change]:
    """`ends` says for each paragraph what the last thing is that was put after it so far."""
    row = passages.row(entry.block)
    if row is None:
        raise UnknownBlock(f"no block {entry.block}", block=entry.block)
    match entry.op:
        case ChangeOp.REWORD:
            yield Change(ChangeOp.REWORD, entry.block, text=typed_entries(entry.wording))
        case ChangeOp.INSERT:
            yield from _inserted(entry, row, name, passages, ends)
        case ChangeOp.DELETE:
            yield Change(ChangeOp.DELETE, entry.block)
        case ChangeOp.MOVE:
            if not entry.after:
                raise Invalid(field="after", reason="required")
            yield Change(ChangeOp.MOVE, entry.block, after=None if entry.after == START else entry.after)
        case ChangeOp.SPLIT:
            first, *others = paragraphs(entry.wording)
            parts = tuple(SplitPart(f"{name}.{nth}", text) for nth, text in enumerate(others))
            if parts:
                ends.setdefault(entry.block, parts[-1].id)
            yield Change(ChangeOp.SPLIT, entry.block, text=first, parts=parts)
        case ChangeOp.JOIN:
            following = passages.following(entry.block)
            joined = (str(following.block_id),) if following else ()
            yield Change(ChangeOp.JOIN, entry.block, joined=joined)
        case _:
            raise Invalid(field="op", reason="required")


def _inserted(
    entry: ChangeEntry, row: BlockRow, name: str, passages: ParagraphLabels, ends: dict[str, str]
) -> Iterator[Change]:
    kind, level = _kind_after(row, passages)
    place = START if entry.before else entry.block
    for nth, text in enumerate(paragraphs(entry.addition)):
        after = ends.get(place, None if entry.before else entry.block)
        ends[place] = f"{name}.{nth}"
        yield Change(ChangeOp.INSERT, ends[place], text=text, kind=kind, level=level, after=after)


def _kind_after(row: BlockRow, passages: ParagraphLabels) -> tuple[BlockKind, int]:
    """A new paragraph is of the kind of the one it follows, or of the one that comes next below a heading."""
    following = passages.following(row.id)
    for neighbour in (row, following):
        if neighbour and neighbour.kind in _CONTINUED:
            return neighbour.kind, neighbour.level
    return BlockKind.PARAGRAPH, 0


MOST_CHANGES = 50
LONGEST_DRAFT = 200_000  # characters, all fields together


class DraftContent(Struct, frozen=True, kw_only=True):
    """An unfinished amendment: the language, what it stands on, and what its author has written so far.

    `base` is the number and `head` the id of the revision that was shown. `amends`
    is the number of the amendment that it amends, `revises` that of the one it
    writes anew, or 0. `place` is the entry that its author was at.
    """

    language: str
    base: int
    head: str = ""
    amends: int = 0
    revises: int = 0
    entries: tuple[ChangeEntry, ...] = ()
    place: int = 0
    reason: str = ""
    is_indivisible: bool = False
    cosponsors: tuple[str, ...] = ()

    def is_about(self, block_id: str, *, amends: int = 0, revises: int = 0) -> bool:
        """Whether it changes this paragraph, of the text or of that amendment."""
        is_there = any(entry.block == block_id for entry in self.entries)
        return is_there and (self.amends, self.revises) == (amends, revises)


class AmendmentDraftService(DraftService[AmendmentDraft, DraftContent]):
    """The unfinished amendments of one person."""

    model = AmendmentDraft

    def ensure_may_keep(self, actor: Actor, declaration: Declaration, content: DraftContent) -> None:
        """For whoever may prepare an amendment; raises `Invalid` for too many changes, or too long ones."""
        if not policy.may_prepare(actor, declaration):
            raise NotAllowed(action="amendment.propose")
        if len(content.entries) > MOST_CHANGES:
            raise Invalid(field="changes", reason="too_many", limit=MOST_CHANGES)
        written = sum(len(entry.wording) + len(entry.addition) for entry in content.entries) + len(content.reason)
        if written > LONGEST_DRAFT:
            raise Invalid(field="changes", reason="too_long", limit=LONGEST_DRAFT)


def content_of(draft: AmendmentDraft) -> DraftContent:
    return msgspec.convert(draft.content, DraftContent)


def latest_about(
    drafts: Sequence[AmendmentDraft], block_id: str, *, amends: int = 0, revises: int = 0
) -> AmendmentDraft | None:
    """The one kept last that changes this paragraph."""
    return next(
        (draft for draft in drafts if content_of(draft).is_about(block_id, amends=amends, revises=revises)), None
    )
