"""An amendment taken in part: its single changes, numbered as readers see them, and what some of them come to.

Words that write or delete the two marks of one pair, ** ** or « » or [ ](), are one change: nobody can take the one
without the other. What still would not stand by itself is refused.
"""

from collections.abc import Collection, Iterator, Sequence

from msgspec import Struct
from msgspec.structs import replace

from drafts.diff.amendments import Amendment as Proposal
from drafts.diff.amendments import intent_of
from drafts.diff.document_diff import apply, diff_by_id
from drafts.diff.hunks import Hunk, HunkKind
from drafts.diff.word_diff import WordHunk, word_diff
from drafts.text.blocks import Document
from drafts.text.mark_pairs import pairs_of_marks
from workspace.core.errors import Invalid


class SingleChange(Struct, frozen=True):
    """One change that can be taken without the others: some words of a paragraph, or what happens to it as a whole."""

    number: int
    hunk: Hunk
    words: tuple[WordHunk, ...] = ()  # none: the hunk as a whole

    @property
    def alone(self) -> Hunk:
        """What it would do by itself."""
        if not self.words:
            return self.hunk
        text = _rewritten(self.hunk.old[0].text, self.words)
        new = replace(self.hunk.new[0], text=text)
        return replace(self.hunk, new=(new,), words=word_diff(self.hunk.old[0].text, text))


def single_changes(hunks: Sequence[Hunk]) -> tuple[SingleChange, ...]:
    """The changes of an amendment, counted from 0 in the order of the text."""
    found: list[SingleChange] = []
    for hunk in hunks:
        if _is_divisible(hunk):
            found += [SingleChange(len(found) + place, hunk, words) for place, words in enumerate(_kept_together(hunk))]
        else:
            found.append(SingleChange(len(found), hunk))
    return tuple(found)


def adopt_partly(proposal: Proposal, numbers: Collection[int]) -> Proposal:
    """The amendment with those of its changes only. Raises `Invalid` unless these are some of them, and not all."""
    every = single_changes(proposal.hunks)
    chosen = [piece for piece in every if piece.number in numbers]
    if not chosen or len(chosen) == len(every) or not {piece.number for piece in every} >= set(numbers):
        raise Invalid(field="pieces", reason="choose_some")
    whole = [piece.hunk for piece in chosen if not piece.words]
    words: dict[str, list[WordHunk]] = {}
    for piece in chosen:
        if piece.words:
            words.setdefault(piece.hunk.old[0].id, []).extend(piece.words)
    _ensure_marked([piece.hunk for piece in chosen if piece.words], words)
    blocks = tuple(
        replace(block, text=_rewritten(block.text, words[block.id])) if block.id in words else block
        for block in apply(proposal.base, whole)
    )
    proposed = Document(blocks=blocks, language=proposal.base.language)
    hunks = diff_by_id(proposal.base, proposed, intent_of(whole))
    return Proposal(proposal.number, proposal.base, hunks)


def _is_divisible(hunk: Hunk) -> bool:
    if hunk.kind is not HunkKind.REWORD or len(hunk.words) == 1:
        return False
    [old], [new] = hunk.old, hunk.new
    return (old.kind, old.level) == (new.kind, new.level) and len(_kept_together(hunk)) > 1


def _kept_together(hunk: Hunk) -> Sequence[tuple[WordHunk, ...]]:
    """The words of one paragraph, in the order of the text; those that share a pair of marks together.

    They share one where each has a mark of it, or where one opens, or closes, what
    the other closed, or opened, before.
    """
    words = sorted(hunk.words, key=lambda word: word.start.key)
    together = list(range(len(words)))  # the first of those with which each stands together

    def leader(place: int) -> int:
        while together[place] != place:
            place = together[place]
        return place

    met: dict[int, int] = {}  # a mark that stays, by its offset in the old text: the words whose mark it has met
    for start, end in _pairs_across(hunk, words):
        touched = [mark for mark in (start, end) if mark >= 0]
        for stays in (~mark for mark in (start, end) if mark < 0):
            touched += [met.setdefault(stays, touched[0])] if touched else []
        for other in touched[1:]:
            first, second = sorted((leader(touched[0]), leader(other)))
            together[second] = first
    groups: dict[int, list[WordHunk]] = {}
    for place, word_hunk in enumerate(words):
        groups.setdefault(leader(place), []).append(word_hunk)
    return [tuple(group) for group in groups.values()]


def _pairs_across(hunk: Hunk, words: Sequence[WordHunk]) -> Iterator[tuple[int, int]]:
    """The pairs of the old text and of the new one: of each mark the place of the words that write or delete it.

    A mark that stays is told by the complement of its offset in the old text.
    """
    [old], [new] = hunk.old, hunk.new

    def of_old(offset: int) -> int:
        for place, word_hunk in enumerate(words):
            if word_hunk.start.offset <= offset < word_hunk.end.offset:
                return place
        return ~offset

    def of_new(offset: int) -> int:
        moved = 0
        for place, word_hunk in enumerate(words):
            if word_hunk.new_start.offset <= offset < word_hunk.new_end.offset:
                return place
            if word_hunk.new_end.offset <= offset:
                moved = word_hunk.end.offset - word_hunk.new_end.offset
        return ~(offset + moved)

    for pair in pairs_of_marks(old.text)[0]:
        yield of_old(pair.start), of_old(pair.end)
    for pair in pairs_of_marks(new.text)[0]:
        yield of_new(pair.start), of_new(pair.end)


def _ensure_marked(hunks: Sequence[Hunk], words: dict[str, list[WordHunk]]) -> None:
    """Raise `Invalid` where a mark would stand without its partner that has one in the old text and in the new."""
    for hunk in hunks:
        [old], [new] = hunk.old, hunk.new
        alone = pairs_of_marks(_rewritten(old.text, words[old.id]))[1]
        if alone > max(pairs_of_marks(old.text)[1], pairs_of_marks(new.text)[1]):
            raise Invalid(field="pieces", reason="parts_marks")


def _rewritten(text: str, words: Sequence[WordHunk]) -> str:
    """From the last place to the first, so that offsets stay true."""
    for word in sorted(words, key=lambda word: word.start.key, reverse=True):
        text = text[: word.start.offset] + word.new + text[word.end.offset :]
    return text
