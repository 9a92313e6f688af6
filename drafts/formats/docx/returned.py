"""A Word file that came back: what it proposes, by whom, and what it says about the text.

Changes tracked in Word are proposed under the name of whoever made them. What
was changed without being tracked, or accepted before the file was sent, is found by
comparing the text with the one that the file was made from. Nothing is dropped:
what can be placed nowhere is told with its words.
"""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from enum import StrEnum
from types import MappingProxyType

from msgspec import Struct
from msgspec.structs import replace

from drafts.amendments import Amendment, Change, amendment_of, changes_told, propose
from drafts.blocks import Document
from drafts.diff import HunkKind, canonical_document
from drafts.errors import ImpossibleChange, TooLarge, UnknownBlock
from drafts.formats.docx.entries import Hand
from drafts.formats.docx.glyphs import GlyphKind
from drafts.formats.docx.origin import Known
from drafts.formats.docx.placing import Placed, Placer
from drafts.formats.docx.read_values import Comment, Oddity, WordText
from drafts.formats.docx.recognising import How
from drafts.formats.docx.remarks import fingerprint
from drafts.formats.docx.upon import as_theirs, struck
from drafts.formats.docx.views import hands, view
from drafts.formats.docx.writing_back import Difference
from drafts.rebase import RebaseStatus, rebase

MOST_AUTHORS = 100  # whose changes are told apart: the text is compared once for each
UNTRACKED = ""  # the author of what nobody's tracked change accounts for


class Proposal(Struct, frozen=True):
    """What one person proposes, as an amendment to the base; `author` is as Word names them.

    It `is_mixed` where tracked changes stand on top of changes that were not tracked and could not be
    told from them.
    """

    author: str
    made_at: datetime | None
    changes: tuple[Change, ...]
    proposed: Document
    is_mixed: bool = False


class Remarked(Struct, frozen=True):
    """A comment and the block it is about; `thread` is the id of the remark it answers, if it was on record."""

    author: str
    made_at: datetime | None
    text: str
    about: str
    block: str | None
    thread: str = ""
    replies: tuple["Remarked", ...] = ()
    is_resolved: bool = False


class Reason(StrEnum):
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


class Unplaced(Struct, frozen=True):
    """What no block can hold: the words, and the block it stood at, if any."""

    reason: Reason
    text: str
    author: str = ""
    block: str | None = None


class Apart(Struct, frozen=True):
    """A block that differs in nothing but looks or typography."""

    block: str
    difference: Difference


class Census(Struct, frozen=True):
    """How the paragraphs of the file were recognised, all changes accepted; `gone` are those of the base it lacks.

    Where the file `is_part` of the text, what it lacks stays.
    """

    by_mark: int = 0
    by_words: int = 0
    new: int = 0
    moved: int = 0
    gone: int = 0
    is_part: bool = False


class Returned(Struct, frozen=True):
    """Everything that a file says. `on_record` are the filed amendments that it holds as they were filed."""

    proposals: tuple[Proposal, ...]
    remarks: tuple[Remarked, ...]
    apart: tuple[Apart, ...]
    unplaced: tuple[Unplaced, ...]
    on_record: tuple[str, ...]
    census: Census


class Filed(Struct, frozen=True):
    """An amendment on record, and the text it proposes."""

    number: str
    proposed: Document


def returned(
    text: WordText,
    base: Document,
    numbers: Mapping[str, str],
    filed: Mapping[Hand, Filed] = MappingProxyType({}),
    remarks: Sequence[Known] = (),
) -> Returned:
    """What came back with `text`, made from `base`, in which paragraphs had these `numbers`.

    `filed` are amendments by the hands under which they went out: what is in the file under such a hand is on
    record if it says nothing but what was filed. That a file says so of itself counts for nothing. `remarks` are
    those on record, by their fingerprints.
    """
    base = canonical_document(base)
    everybody = hands(text)
    if (size := len({hand.author for hand in everybody if hand not in filed})) > MOST_AUTHORS:
        raise TooLarge("too many authors", what="authors", size=size, limit=MOST_AUTHORS)
    placer = Placer(text, base, numbers)
    plain = placer.placed(view(text, frozenset()))
    whole = placer.placed(view(text, frozenset(everybody)), plain)
    reader = _Reader(text, base, placer, plain)
    known = {hand: filed[hand].number for hand in everybody if hand in filed and reader.is_filed(hand, filed[hand])}
    others = [hand for hand in everybody if hand not in known]
    proposals, unplaced = reader.proposals(others)
    return Returned(
        proposals=tuple(proposals),
        remarks=tuple(_Remarks(text, plain, whole, base, remarks).threads()),
        apart=tuple(Apart(block, difference) for block, difference in _apart(plain, whole, proposals)),
        unplaced=(*unplaced, *_around(plain), *_odd(text, whole)),
        on_record=tuple(dict.fromkeys(known.values())),
        census=_census(base, whole),
    )


class _Reader:
    """Turns views into proposals. `plain` is the file with every tracked change rejected."""

    def __init__(self, text: WordText, base: Document, placer: Placer, plain: Placed) -> None:
        self.text, self.base, self.placer, self.plain = text, base, placer, plain
        self.before = {(block.kind, block.text) for block in plain.document}
        self.touched: Mapping[Hand, Sequence[int]] | None = None

    def proposals(self, everybody: Sequence[Hand]) -> tuple[list[Proposal], list[Unplaced]]:
        found: list[Proposal] = []
        unplaced: list[Unplaced] = []
        authors = {UNTRACKED: self.plain.document} | {
            author: self._view(everybody, author) for author in dict.fromkeys(hand.author for hand in everybody)
        }
        for author, document in authors.items():
            unplaced += self._against_others(author, document)
            dates = [hand.date for hand in everybody if hand.author == author and hand.date]
            try:
                if proposal := self._proposal(author, document, max(dates, default=None)):
                    found.append(proposal)
            except (ImpossibleChange, UnknownBlock) as refusal:
                words = next((one.text for one in document if one.id == refusal.facts.get("block")), "")
                unplaced.append(Unplaced(Reason.NO_CHANGE, words, author))
        return found, unplaced

    def is_filed(self, hand: Hand, filed: Filed) -> bool:
        """Whether what stands under a hand is nothing but what was filed under it."""
        if not self._touched(hand):
            return False
        near = [self.text.paragraphs[place] for place in self._touched(hand)]
        lines = view(replace(self.text, paragraphs=tuple(near)), frozenset({hand}))
        document = self.placer.placed(lines, self.plain, aligns=False).document
        was = {self.plain.places[one.place] for one in near if one.place in self.plain.places}
        gone = was - {block.id for block in document}
        said = {(block.kind, block.text) for block in filed.proposed} | self.before
        is_said = all((block.kind, block.text) in said for block in document)
        return is_said and gone.isdisjoint(block.id for block in filed.proposed)

    def _touched(self, hand: Hand) -> Sequence[int]:
        """Where in the file a hand has been, with the paragraph after each such place."""
        if self.touched is None:
            found: dict[Hand, set[int]] = defaultdict(set)
            for place, paragraph in enumerate(self.text.paragraphs):
                called = {words.text for words in paragraph.words if words.kind is GlyphKind.NOTE}
                notes = {number: note for number, note in self.text.notes.items() if number in called}
                for proposer in hands(replace(self.text, paragraphs=(paragraph,), notes=notes)):
                    found[proposer] |= {place, min(place + 1, len(self.text.paragraphs) - 1)}
            self.touched = {proposer: sorted(places) for proposer, places in found.items()}
        return self.touched.get(hand, ())

    def _view(self, everybody: Sequence[Hand], author: str) -> Document:
        accepted = frozenset(hand for hand in everybody if hand.author == author)
        return self.placer.placed(view(as_theirs(self.text, author), accepted), self.plain).document

    def _against_others(self, author: str, document: Document) -> Iterator[Unplaced]:
        """What of others' proposals somebody strikes out where they propose nothing of their own in its place."""
        for deletion in struck(self.text, author):
            block_id = self.plain.places.get(deletion.place, "")
            was, now = self.plain.document.block(block_id), document.block(block_id)
            if was == now:
                block = block_id if self.base.block(block_id) else None
                yield Unplaced(Reason.ANOTHER, deletion.text, author, block)

    def _proposal(self, author: str, document: Document, made_at: datetime | None) -> Proposal | None:
        start = self.base if author == UNTRACKED else self.plain.document
        amendment = amendment_of(0, start, document)
        is_mixed = False
        if not amendment.hunks:
            return None
        if author != UNTRACKED and self.plain.document != self.base:
            carried = rebase(start, self.base, amendment)
            is_mixed = carried.status not in {RebaseStatus.STILL_APPLIES, RebaseStatus.PARTLY_INCLUDED}
            amendment = amendment_of(0, self.base, document if is_mixed else carried.document)
        return Proposal(author, made_at, _told(self.base, amendment), amendment.proposed, is_mixed)


def _told(base: Document, amendment: Amendment) -> tuple[Change, ...]:
    """The changes that lead to what is proposed; raises `ImpossibleChange` where they do not."""
    changes = changes_told(amendment.proposed, amendment.hunks)
    if propose(base, changes) != amendment.proposed:
        raise ImpossibleChange(
            "cannot be told as changes",
            block=amendment.hunks[0].old[0].id if amendment.hunks[0].old else "",
            reason="untold",
        )
    return changes


class _Remarks:
    """Puts comments on their blocks and answers under what they answer."""

    def __init__(self, text: WordText, plain: Placed, whole: Placed, base: Document, remarks: Sequence[Known]) -> None:
        self.text, self.plain, self.whole = text, plain, whole
        self.blocks = {block.id for block in base}
        self.known = {remark.sha256: remark.id for remark in remarks}

    def threads(self) -> Iterator[Remarked]:
        """What is new: threads that begin in this file, and answers to those on record."""
        for comment in self.text.comments:
            if comment.parent and any(parent.id == comment.parent for parent in self.text.comments):
                continue
            answers = [answer for answer in self.text.comments if answer.parent == comment.id]
            on_record = self._on_record(comment)
            if on_record is None:
                replies = tuple(self._remarked(one) for one in answers)
                yield self._remarked(comment, replies=replies)
                continue
            yield from (self._remarked(one, thread=on_record) for one in answers if self._on_record(one) is None)

    def _on_record(self, comment: Comment) -> str | None:
        """The thread of a comment that the file went out with, "" for one that the file itself made."""
        return self.known.get(fingerprint(comment.hand.author, comment.text))

    def _remarked(self, comment: Comment, *, thread: str = "", replies: tuple[Remarked, ...] = ()) -> Remarked:
        return Remarked(
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


def _apart(plain: Placed, whole: Placed, proposals: Sequence[Proposal]) -> Iterator[tuple[str, Difference]]:
    """The blocks that differ in looks or typography, but for those whose words somebody changes."""
    changed = {change.block for proposal in proposals for change in proposal.changes}
    for block, difference in {**plain.differences, **whole.differences}.items():
        if block not in changed:
            yield block, difference


def _around(plain: Placed) -> Iterator[Unplaced]:
    if words := "\n".join(around for around in plain.around.values() if around):
        yield Unplaced(Reason.AROUND, words)


def _odd(text: WordText, whole: Placed) -> Iterator[Unplaced]:
    for odd in text.oddities:
        block = whole.places.get(odd.place) if odd.what is not Oddity.CONTENTS else None
        yield Unplaced(Reason(odd.what.value), odd.text, block=block)


def _census(base: Document, whole: Placed) -> Census:
    known = {block.id for block in base if block.text}
    here = {block.id for block in whole.document}
    hunks = amendment_of(0, base, whole.document).hunks
    lacking = [block_id for block_id in whole.lacking if block_id in known]
    return Census(
        by_mark=sum(recognition is How.MARK for recognition in whole.how.values()),
        by_words=sum(recognition is How.WORDS for recognition in whole.how.values()),
        new=sum(recognition is How.NEW for recognition in whole.how.values()),
        moved=sum(hunk.kind is HunkKind.MOVE for hunk in hunks),
        gone=len(known - here) + len(lacking),
        is_part=bool(lacking),
    )
