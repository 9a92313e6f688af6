"""A Word file that came back: what it proposes, by whom, and what it says about the text.

Changes tracked in Word are proposed under the name of whoever made them. What
was changed without being tracked, or accepted before the file was sent, is found by
comparing the text with the one that the file was made from. Nothing is dropped:
what can be placed nowhere is told with its words.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from datetime import datetime
from enum import StrEnum
from types import MappingProxyType

from msgspec import Struct
from msgspec.structs import replace

from drafts.base.errors import ImpossibleChange, TooLarge, UnknownBlock
from drafts.diff.amendments import Amendment, Change, amendment_of, propose, stated_changes
from drafts.diff.block_matching import match_blocks
from drafts.diff.document_diff import apply, canonical_document
from drafts.diff.hunks import Hunk, HunkKind
from drafts.diff.word_diff import word_diff
from drafts.formats.docx.comments import fingerprint
from drafts.formats.docx.document_model import (
    Oddity,
    ReadComment,
    ReadParagraph,
    ReadRow,
    WordText,
    accepted_view,
    hands,
    struck,
    with_own_words,
    with_whole_insertions,
    without_changes,
    worked_upon,
)
from drafts.formats.docx.entries import ChangeAuthor
from drafts.formats.docx.glyphs import GlyphKind, StyledPiece, styled_pieces
from drafts.formats.docx.inline_markdown import WordingDifference, markdown_of, restore_markdown
from drafts.formats.docx.origin import KnownRemark, bookmark, by_bookmark
from drafts.formats.docx.returned_paragraphs import PlacedView, RecognitionMethod, ViewPlacer
from drafts.formats.text_parts import note
from drafts.merge.merge import merge
from drafts.merge.rebase import RebaseStatus, rebase
from drafts.text.blocks import Block, BlockKind, Document
from drafts.text.markup import plain as plain_words

MOST_AUTHORS = 100  # whose changes are told apart: the text is compared once for each
UNTRACKED = ""  # the author of what nobody's tracked change accounts for


class ReturnedProposal(Struct, frozen=True):
    """What one person proposes, as an amendment to the base; `author` is as Word names them.

    Where it `amends` a filed amendment, by its number, its `base` is the text that this one proposes.

    It `is_mixed` where tracked changes stand on top of changes that were not tracked and could not be
    told from them.
    """

    author: str
    made_at: datetime | None
    changes: tuple[Change, ...]
    proposed: Document
    is_mixed: bool = False
    amends: str = ""
    base: Document | None = None


class ReturnedComment(Struct, frozen=True):
    """A comment and the block it is about; `thread` is the id of the remark it answers, if it was on record."""

    author: str
    made_at: datetime | None
    text: str
    about: str
    block: str | None
    thread: str = ""
    replies: tuple["ReturnedComment", ...] = ()
    is_resolved: bool = False


class UnplacedReason(StrEnum):
    """Why something could not be placed."""

    TEXT_BOX = "text_box"
    PICTURE = "picture"
    NESTED_TABLE = "nested_table"
    EMBEDDED = "embedded"
    HEADER = "header"
    CONTENTS = "contents"
    HIDDEN = "hidden"
    STRUCK = "struck"  # placed, as a deletion that nobody tracked
    AROUND = "around"  # what stands before the title
    ANOTHER = "another"  # words that somebody else proposes, struck out
    NO_CHANGE = "no_change"  # the text cannot take the change


class UnplacedWords(Struct, frozen=True):
    """What no block can hold: the words, and the block it stood at, if any."""

    reason: UnplacedReason
    text: str
    author: str = ""
    block: str | None = None


class CosmeticDifference(Struct, frozen=True):
    """A block that differs in nothing but looks or typography."""

    block: str
    difference: WordingDifference


class RecognitionCensus(Struct, frozen=True):
    """How the paragraphs of the file were recognised, all changes accepted; `gone` are those of the base it lacks.

    Where the file `is_part` of the text, what it lacks stays.
    """

    by_mark: int = 0
    by_words: int = 0
    new: int = 0
    moved: int = 0
    gone: int = 0
    is_part: bool = False


class ReturnedFile(Struct, frozen=True):
    """Everything that a file says. `on_record` are the filed amendments that it holds as they were filed."""

    proposals: tuple[ReturnedProposal, ...]
    remarks: tuple[ReturnedComment, ...]
    apart: tuple[CosmeticDifference, ...]
    unplaced: tuple[UnplacedWords, ...]
    on_record: tuple[str, ...]
    census: RecognitionCensus


class FiledAmendment(Struct, frozen=True):
    """An amendment on record, and the text it proposes; one that `is_open` can be amended."""

    number: str
    proposed: Document
    is_open: bool = False


Filed = Mapping[ChangeAuthor, Sequence[FiledAmendment]]


def read_returned(
    text: WordText,
    base: Document,
    numbers: Mapping[str, str],
    filed: Filed = MappingProxyType({}),
    remarks: Sequence[KnownRemark] = (),
) -> ReturnedFile:
    """What came back with `text`, made from `base`, in which paragraphs had these `numbers`.

    `filed` are amendments by the hands under which they went out: what is in the file under such a hand is on
    record if it says nothing but what was filed. That a file says so of itself counts for nothing. Whoever changes
    words of an open one amends it. `remarks` are those on record, by their fingerprints.
    """
    base = canonical_document(base)
    everybody = hands(text)
    if (size := len({hand.author for hand in everybody if hand not in filed})) > MOST_AUTHORS:
        raise TooLarge("too many authors", what="authors", size=size, limit=MOST_AUTHORS)
    text = with_whole_insertions(text, {bookmark(block.id): plain_words(block.text) for block in base}, filed)
    placer = ViewPlacer(text, base, numbers)
    plain = placer.placed(accepted_view(text, frozenset()))
    whole = placer.placed(accepted_view(text, frozenset(everybody)), plain)
    reader = _ProposalReader(text, base, placer, plain, filed)
    known = [hand for hand in everybody if hand in filed and reader.is_filed(hand)]
    proposals, unplaced = reader.proposals([hand for hand in everybody if hand not in known])
    return ReturnedFile(
        proposals=tuple(proposals),
        remarks=tuple(_CommentPlacer(text, plain, whole, base, remarks).threads()),
        apart=tuple(CosmeticDifference(block, difference) for block, difference in _apart(plain, whole, proposals)),
        unplaced=(*unplaced, *_around(plain), *_odd(text, whole)),
        on_record=tuple(dict.fromkeys(amendment.number for hand in known for amendment in filed[hand])),
        census=_census(base, whole),
    )


class _ProposalReader:
    """Turns views into proposals. `plain` is the file with every tracked change rejected."""

    def __init__(self, text: WordText, base: Document, placer: ViewPlacer, plain: PlacedView, filed: Filed) -> None:
        self.text, self.base, self.placer, self.plain, self.filed = text, base, placer, plain, filed
        self.blocks = {block.id: block for block in base}
        self.before = {(block.kind, block.text) for block in plain.document}
        self.touched: Mapping[ChangeAuthor, Sequence[int]] | None = None

    def proposals(self, others: Sequence[ChangeAuthor]) -> tuple[list[ReturnedProposal], list[UnplacedWords]]:
        """What everybody proposes whose changes are not on record as they stand."""
        found: list[ReturnedProposal] = []
        unplaced: list[UnplacedWords] = []
        if plain := self._tried(UNTRACKED, frozenset(), self.text, unplaced):
            found.append(plain)
        for hand in (hand for hand in others if hand in self.filed):
            amending = list(self._amending(hand, frozenset(), self.text))
            again = None if amending else self._tried(hand.author, frozenset({hand}), self.text, unplaced)
            found += amending or ([replace(again, is_mixed=True)] if again else [])
        new = [hand for hand in others if hand not in self.filed]
        for author in dict.fromkeys(hand.author for hand in new):
            mine = frozenset(hand for hand in new if hand.author == author)
            text = self.text
            for hand, places in self._worked_upon(mine).items():
                if amending := list(self._amending(hand, mine, without_changes(text, mine, _others(text, places)))):
                    found += amending
                    text = without_changes(text, mine, places)
            if proposal := self._tried(author, mine, text, unplaced):
                found.append(proposal)
        return found, unplaced

    def _tried(
        self, author: str, mine: frozenset[ChangeAuthor], text: WordText, unplaced: list[UnplacedWords]
    ) -> ReturnedProposal | None:
        """What some hands propose to the base; what the text cannot take is left `unplaced`."""
        document = self._view(text, mine) if mine else self.plain.document
        unplaced += self._against_others(author, document, text)
        try:
            return self._proposal(author, document, _latest(mine))
        except (ImpossibleChange, UnknownBlock) as refusal:
            words = next((block.text for block in document if block.id == refusal.facts.get("block")), "")
            unplaced.append(UnplacedWords(UnplacedReason.NO_CHANGE, words, author))
            return None

    def _worked_upon(self, mine: frozenset[ChangeAuthor]) -> Mapping[ChangeAuthor, set[int]]:
        """The open amendments whose words some hands changed, by their hands, and where in the file."""
        found: dict[ChangeAuthor, set[int]] = defaultdict(set)
        for place, paragraph in enumerate(self.text.paragraphs if self.filed else ()):
            upon = worked_upon(paragraph, mine)
            if len(upon) == 1 and (hand := upon.pop()) in self.filed:
                found[hand].add(place)
        return found

    def _amending(
        self, hand: ChangeAuthor, mine: frozenset[ChangeAuthor], text: WordText
    ) -> Iterator[ReturnedProposal]:
        """What others made of the open amendments that went out under a hand: their words, not their structure."""
        if (carried := self._carried(hand, mine, text)) is None:
            return
        base, document = carried
        filed = self.filed[hand]
        now = _with_ids(base, merge(base, self._as_filed(hand, base)).document, document)
        author = next((hand.author for hand in mine), UNTRACKED)
        for amendment in filed:
            others = {block.id for other in filed if other is not amendment for block in self._own(other)}
            own = [block for block in self._own(amendment) if block.id not in others]
            words = {block.id: now[block.id] for block in own if now.get(block.id, block.text) != block.text}
            is_struck = any(block.text == words.get(block.id) for block in self.base)
            if words and amendment.is_open and not is_struck:
                blocks = (replace(block, text=words.get(block.id, block.text)) for block in amendment.proposed)
                made = amendment_of(0, amendment.proposed, Document(tuple(blocks), self.base.language))
                changes = stated(amendment.proposed, made)
                is_mixed = any(self._lacks(block, words[block.id]) for block in own if block.id in words)
                known = amendment.number, amendment.proposed
                yield ReturnedProposal(author, _latest(mine), changes, made.proposed, is_mixed, *known)

    def _carried(
        self, hand: ChangeAuthor, mine: frozenset[ChangeAuthor], text: WordText, *, is_whole: bool = False
    ) -> tuple[Document, Document] | None:
        """The base where a hand has been, and how it reads with its changes and `mine`; None where that collides."""
        near = [text.paragraphs[place] for place in (range(len(text.paragraphs)) if is_whole else self._touched(hand))]
        lines = accepted_view(replace(text, paragraphs=tuple(near)), mine | {hand})
        document = self._part_of(self.placer.placed(lines, self.plain, aligns=is_whole).document, near, has_new=True)
        plain, base = self._part_of(self.plain.document, near), self._part_of(self.base, near)
        carried = rebase(plain, base, amendment_of(0, plain, document))
        return None if carried.status is RebaseStatus.COLLIDES else (base, carried.document)

    def _part_of(self, document: Document, near: Sequence[ReadParagraph], *, has_new: bool = False) -> Document:
        here = {self.plain.places.get(paragraph.place) for paragraph in near}
        blocks = (block for block in document if block.id in here or (has_new and block.id not in self.blocks))
        return Document(tuple(blocks), document.language)

    def _as_filed(self, hand: ChangeAuthor, base: Document) -> list[Amendment]:
        """The amendments of a hand as they change a part of the base."""
        part = {block.id for block in base}
        texts = [
            Document(
                tuple(block for block in amendment.proposed if block.id in part or block.id not in self.blocks),
                base.language,
            )
            for amendment in self.filed[hand]
        ]
        return [amendment_of(number, base, proposed) for number, proposed in enumerate(texts)]

    def _own(self, amendment: FiledAmendment) -> list[Block]:
        """The blocks that an amendment changes or adds, as it has them."""
        return [block for block in amendment.proposed if block != self.blocks.get(block.id)]

    def _lacks(self, block: Block, now: str) -> bool:
        """Whether a part of what was filed did not go out, so that it cannot be told from what was taken back."""
        before = self.blocks.get(block.id)
        return before is not None and len(word_diff(before.text, now)) < len(word_diff(before.text, block.text))

    def is_filed(self, hand: ChangeAuthor) -> bool:
        """Whether what stands under a hand is nothing but what was filed under it."""
        if not self._touched(hand):
            return False
        near = [self.text.paragraphs[place] for place in self._touched(hand)]
        lines = accepted_view(replace(self.text, paragraphs=tuple(near)), frozenset({hand}))
        document = self.placer.placed(lines, self.plain, aligns=False).document
        was = {
            self.plain.places[read_paragraph.place]
            for read_paragraph in near
            if read_paragraph.place in self.plain.places
        }
        gone = was - {block.id for block in document}
        texts = [amendment.proposed for amendment in self.filed[hand]]
        said = {(block.kind, block.text) for proposed in texts for block in proposed} | self.before
        is_said = all((block.kind, block.text) in said for block in document)
        is_gone = all(any(proposed.block(block_id) is None for proposed in texts) for block_id in gone)
        is_alone = is_said and is_gone
        return is_alone or self._is_included(hand, is_whole=False) or self._is_included(hand, is_whole=True)

    def _is_included(self, hand: ChangeAuthor, *, is_whole: bool) -> bool:
        """The same where only a part went out, or the paragraph was changed besides: by the changes themselves."""
        if (carried := self._carried(hand, frozenset(), self.text, is_whole=is_whole)) is None:
            return False
        base, document = carried
        status = rebase(base, self._as_filed(hand, base), amendment_of(0, base, document)).status
        return status in {RebaseStatus.EMPTY, RebaseStatus.ALREADY_INCLUDED}

    def _touched(self, hand: ChangeAuthor) -> Sequence[int]:
        """Where in the file a hand has been, with the paragraph after each such place."""
        if self.touched is None:
            found: dict[ChangeAuthor, set[int]] = defaultdict(set)
            for place, paragraph in enumerate(self.text.paragraphs):
                called = {words.text for words in paragraph.words if words.kind is GlyphKind.NOTE}
                notes = {number: note for number, note in self.text.notes.items() if number in called}
                for proposer in hands(replace(self.text, paragraphs=(paragraph,), notes=notes)):
                    found[proposer] |= {place, min(place + 1, len(self.text.paragraphs) - 1)}
            self.touched = {proposer: sorted(places) for proposer, places in found.items()}
        return self.touched.get(hand, ())

    def _view(self, text: WordText, mine: frozenset[ChangeAuthor]) -> Document:
        return self.placer.placed(accepted_view(with_own_words(text, mine), mine), self.plain).document

    def _against_others(self, author: str, document: Document, text: WordText) -> Iterator[UnplacedWords]:
        """What of others' proposals somebody strikes out where they propose nothing of their own in its place."""
        for deletion in struck(text, author):
            block_id = self.plain.places.get(deletion.place, "")
            was, now = self.plain.document.block(block_id), document.block(block_id)
            if was == now:
                block = block_id if self.base.block(block_id) else None
                yield UnplacedWords(UnplacedReason.ANOTHER, deletion.text, author, block)

    def _proposal(self, author: str, document: Document, made_at: datetime | None) -> ReturnedProposal | None:
        start = self.base if author == UNTRACKED else self.plain.document
        amendment = amendment_of(0, start, document)
        is_mixed = False
        if not amendment.hunks:
            return None
        if author != UNTRACKED and self.plain.document != self.base:
            carried = rebase(start, self.base, amendment)
            is_mixed = carried.status not in {RebaseStatus.STILL_APPLIES, RebaseStatus.PARTLY_INCLUDED}
            amendment = amendment_of(0, self.base, document if is_mixed else carried.document)
        return ReturnedProposal(author, made_at, stated(self.base, amendment), amendment.proposed, is_mixed)


def _latest(hands_of: Iterable[ChangeAuthor]) -> datetime | None:
    return max((hand.date for hand in hands_of if hand.date), default=None)


def _others(text: WordText, places: AbstractSet[int]) -> set[int]:
    return set(range(len(text.paragraphs))) - places


def _with_ids(base: Document, filed: Document, now: Document) -> Mapping[str, str]:
    """The texts of `now` by their ids; what is new in it has the ids of what `filed` adds to the base."""
    added, new = ([block for block in side if base.block(block.id) is None] for side in (filed, now))
    named = match_blocks(Document(tuple(added), base.language), Document(tuple(new), base.language))
    return {block.id: block.text for block in (*now, *named)}


def by_paragraph(base: Document, proposal: ReturnedProposal) -> tuple[ReturnedProposal, ...]:
    """What is proposed, each paragraph for itself: with its items and footnotes, and with what it stands instead of.

    What cannot be told apart stays one proposal.
    """
    groups: list[list[Hunk]] = []
    for hunk in amendment_of(0, base, proposal.proposed).hunks:
        known = next((group for group in reversed(groups) if _is_of(group, hunk)), None)
        groups.append([hunk]) if known is None else known.append(hunk)
    try:
        return tuple(_part(base, proposal, group) for group in groups) if len(groups) > 1 else (proposal,)
    except (ImpossibleChange, UnknownBlock):
        return (proposal,)


def _part(base: Document, proposal: ReturnedProposal, hunks: Sequence[Hunk]) -> ReturnedProposal:
    amendment = amendment_of(0, base, apply(base, hunks))
    return replace(proposal, changes=stated(base, amendment), proposed=amendment.proposed)


def _is_of(group: Sequence[Hunk], hunk: Hunk) -> bool:
    """Whether a change belongs to others: an item under its paragraph, what comes instead of what goes, a footnote."""
    last, level = group[-1], (group[0].new or group[0].old)[0].level
    kinds = {last.kind, hunk.kind}
    if kinds == {HunkKind.INSERT, HunkKind.DELETE}:
        gone, new = (last, hunk) if hunk.kind is HunkKind.INSERT else (hunk, last)
        return new.old_gap in {gone.old_blocks[0], gone.old_blocks[0] + 1}
    if kinds == {HunkKind.INSERT} and hunk.old_gap == last.old_gap:
        return hunk.new[0].level > level
    if kinds == {HunkKind.DELETE} and hunk.old_blocks[0] == last.old_blocks[0] + 1:
        return hunk.old[0].level > level
    notes = {note(block.text)[0] for block in (*hunk.old, *hunk.new) if block.kind is BlockKind.NOTE}
    said = [block.text for other in group for block in (*other.old, *other.new)]
    return any(f"[^{label}]" in text for label in notes for text in said)


def stated(base: Document, amendment: Amendment) -> tuple[Change, ...]:
    """The changes that lead to what is proposed; raises `ImpossibleChange` where they do not."""
    changes = stated_changes(amendment.proposed, amendment.hunks)
    if propose(base, changes) != amendment.proposed:
        raise ImpossibleChange(
            "cannot be told as changes",
            block=amendment.hunks[0].old[0].id if amendment.hunks[0].old else "",
            reason="untold",
        )
    return changes


class _CommentPlacer:
    """Puts comments on their blocks and answers under what they answer."""

    def __init__(
        self, text: WordText, plain: PlacedView, whole: PlacedView, base: Document, remarks: Sequence[KnownRemark]
    ) -> None:
        self.text, self.plain, self.whole = text, plain, whole
        self.blocks = {block.id: block for block in base}
        self.known = {remark.sha256: remark.id for remark in remarks}

    def threads(self) -> Iterator[ReturnedComment]:
        """What is new: threads that begin in this file, and answers to those on record."""
        for comment in self.text.comments:
            if comment.parent and any(parent.id == comment.parent for parent in self.text.comments):
                continue
            answers = [answer for answer in self.text.comments if answer.parent == comment.id]
            on_record = self._on_record(comment)
            if on_record is None:
                replies = tuple(self._remarked(read_comment) for read_comment in answers)
                yield self._remarked(comment, replies=replies)
                continue
            yield from (
                self._remarked(read_comment, thread=on_record)
                for read_comment in answers
                if self._on_record(read_comment) is None
            )

    def _on_record(self, comment: ReadComment) -> str | None:
        """The thread of a comment that the file went out with, "" for one that the file itself made."""
        return self.known.get(fingerprint(comment.hand.author, comment.text))

    def _remarked(
        self, comment: ReadComment, *, thread: str = "", replies: tuple[ReturnedComment, ...] = ()
    ) -> ReturnedComment:
        return ReturnedComment(
            author=comment.hand.author,
            made_at=comment.hand.date,
            text=comment.text,
            about=comment.about,
            block=self._block(comment.place),
            thread=thread,
            replies=replies,
            is_resolved=comment.is_resolved,
        )

    def _block(self, place: int | None) -> str | None:
        """The block of the base that a paragraph of the file is, whether or not it is to stay."""
        if place is None:
            return None
        found = self.whole.places.get(place) or self.plain.places.get(place)
        return found if found in self.blocks else None


def _apart(
    plain: PlacedView, whole: PlacedView, proposals: Sequence[ReturnedProposal]
) -> Iterator[tuple[str, WordingDifference]]:
    """The blocks that differ in looks or typography, but for those whose words somebody changes."""
    changed = {change.block for proposal in proposals for change in proposal.changes}
    for block, difference in {**plain.differences, **whole.differences}.items():
        if block not in changed:
            yield block, difference


def _around(plain: PlacedView) -> Iterator[UnplacedWords]:
    if words := "\n".join(around for around in plain.around.values() if around):
        yield UnplacedWords(UnplacedReason.AROUND, words)


def _odd(text: WordText, whole: PlacedView) -> Iterator[UnplacedWords]:
    for odd in text.oddities:
        block = whole.places.get(odd.place) if odd.what is not Oddity.CONTENTS else None
        yield UnplacedWords(UnplacedReason(odd.what.value), odd.text, block=block)


def _census(base: Document, whole: PlacedView) -> RecognitionCensus:
    known = {block.id for block in base if block.text}
    here = {block.id for block in whole.document}
    hunks = amendment_of(0, base, whole.document).hunks
    lacking = [block_id for block_id in whole.lacking if block_id in known]
    return RecognitionCensus(
        by_mark=sum(recognition is RecognitionMethod.MARK for recognition in whole.how.values()),
        by_words=sum(recognition is RecognitionMethod.WORDS for recognition in whole.how.values()),
        new=sum(recognition is RecognitionMethod.NEW for recognition in whole.how.values()),
        moved=sum(hunk.kind is HunkKind.MOVE for hunk in hunks),
        gone=len(known - here) + len(lacking),
        is_part=bool(lacking),
    )


_COLUMNS = 3  # the mark, the source, the translation
_WHOLE = frozenset({BlockKind.TABLE, BlockKind.CODE, BlockKind.RULE})


class TranslatedRow(Struct, frozen=True):
    """One row: its number in the table, its block ("" where none was recognised), and its translation as Markdown.

    `text` is None where the cell is empty, and for what a cell cannot hold: a table, code.
    """

    row: int
    block: str
    text: str | None


def translated_rows(text: WordText, source: Document, target: Document) -> tuple[TranslatedRow, ...]:
    """The rows of a file with changes accepted. `source` and `target` are the two columns as they went out."""
    found = next((paragraph for paragraph in text.paragraphs if paragraph.rows), None)
    if found is None:
        return ()
    accepted = frozenset(hands(text))
    rows = [[_pieces(row, cell, accepted) for cell in range(_COLUMNS)] for row in found.rows[1:]]
    ids = _ids(found.marks, rows, source)
    return tuple(
        TranslatedRow(number, block_id, _text(target, block_id, cells[2]))
        for number, (block_id, cells) in enumerate(zip(ids, rows, strict=True), start=1)
    )


def _ids(marks: Sequence[str], rows: Sequence[Sequence[Sequence[StyledPiece]]], source: Document) -> list[str]:
    """Which block each row is: by the bookmarks, which keep the order of the rows; else by the source's words."""
    known = by_bookmark([block.id for block in source], source.language.value)
    marked = [known[mark] for mark in marks if mark in known]
    if len(marked) == len(rows):
        return marked
    by_words: Mapping[str, str] = {_shown(styled_pieces(note(block.text)[1])): block.id for block in source}
    return [by_words.get(_shown(cells[1]), "") for cells in rows]


def _text(target: Document, block_id: str, found: Sequence[StyledPiece]) -> str | None:
    """The translation, in the Markdown of the one that went out wherever its words were kept."""
    block = target.block(block_id)
    if not "".join(piece.text for piece in found).strip() or block is None or block.kind in _WHOLE:
        return None
    label, _ = note(block.text) if block.kind is BlockKind.NOTE else ("", "")
    if label:
        return f"[^{label}]: {markdown_of(found)}"
    return restore_markdown(block, found, folds=False).text if block.text else markdown_of(found)


def _pieces(row: ReadRow, cell: int, accepted: frozenset[ChangeAuthor]) -> list[StyledPiece]:
    words = row.cells[cell].words if cell < len(row.cells) else ()
    return [
        StyledPiece(read_run.kind, read_run.text, read_run.style) for read_run in words if read_run.stands(accepted)
    ]


def _shown(found: Iterable[StyledPiece]) -> str:
    return " ".join("".join(piece.text for piece in found if piece.kind is GlyphKind.TEXT).split())
