"""An amendment taken in part: its single changes, numbered as readers see them, and what some of them come to."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace

from drafts.amendments import Amendment as Proposal
from drafts.amendments import intent_of
from drafts.blocks import Block, Document
from drafts.diff import Hunk, HunkKind, apply, diff_by_id, word_diff
from drafts.words import WordHunk
from workspace.core.errors import Invalid


@dataclass(frozen=True, slots=True)
class Piece:
    """One change that can be taken without the others: some words of a paragraph, or what happens to it as a whole."""

    number: int
    hunk: Hunk
    words: WordHunk | None = None

    @property
    def alone(self) -> Hunk:
        """What it would do by itself."""
        if self.words is None:
            return self.hunk
        text = _rewritten(self.hunk.old[0].text, [self.words])
        new = replace(self.hunk.new[0], text=text)
        return replace(self.hunk, new=(new,), words=word_diff(self.hunk.old[0].text, text))


def pieces(hunks: Sequence[Hunk]) -> tuple[Piece, ...]:
    """The changes of an amendment, counted from 0 in the order of the text."""
    found: list[Piece] = []
    for hunk in hunks:
        if _is_divisible(hunk):
            found += [Piece(len(found) + place, hunk, words) for place, words in enumerate(hunk.words)]
        else:
            found.append(Piece(len(found), hunk))
    return tuple(found)


def taken(proposal: Proposal, numbers: Collection[int]) -> Proposal:
    """The amendment with those of its changes only. Raises `Invalid` unless these are some of them, and not all."""
    every = pieces(proposal.hunks)
    chosen = [piece for piece in every if piece.number in numbers]
    if not chosen or len(chosen) == len(every) or not {piece.number for piece in every} >= set(numbers):
        raise Invalid(field="pieces", reason="choose_some")
    whole = [piece.hunk for piece in chosen if piece.words is None]
    words: dict[str, list[WordHunk]] = {}
    for piece in chosen:
        if piece.words is not None:
            words.setdefault(piece.hunk.old[0].id, []).append(piece.words)
    blocks = tuple(_with_words(block, words.get(block.id, ())) for block in apply(proposal.base, whole))
    proposed = Document(blocks=blocks, language=proposal.base.language)
    hunks = diff_by_id(proposal.base, proposed, intent_of(whole))
    return Proposal(proposal.number, proposal.base, proposed, hunks)


def _is_divisible(hunk: Hunk) -> bool:
    if hunk.kind is not HunkKind.REWORD or len(hunk.words) == 1:
        return False
    [old], [new] = hunk.old, hunk.new
    return (old.kind, old.level) == (new.kind, new.level)


def _with_words(block: Block, words: Sequence[WordHunk]) -> Block:
    return replace(block, text=_rewritten(block.text, words)) if words else block


def _rewritten(text: str, words: Sequence[WordHunk]) -> str:
    """From the last place to the first, so that offsets stay true."""
    for one in sorted(words, key=lambda one: one.start.key, reverse=True):
        text = text[: one.start.offset] + one.new + text[one.end.offset :]
    return text
