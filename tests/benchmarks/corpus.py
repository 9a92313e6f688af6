"""Invented texts of any length, and versions of them whose changes are known to the word."""

from bisect import bisect_left
from dataclasses import dataclass
from random import Random

from drafts.base.constants import MOVE_FROM
from drafts.diff.amendments import Amendment
from drafts.diff.hunks import Hunk, HunkKind
from drafts.diff.word_diff import group_diff
from drafts.text.blocks import Block, BlockKind, Document, Language

PARAGRAPH = 50
PAGE = 12
"""Paragraphs of a page: 600 words."""

_SYLLABLES = ("ra", "mo", "ti", "sel", "don", "vi", "par", "len", "cu", "bre", "as", "on", "ter", "il", "fa", "gue")


@dataclass(frozen=True)
class Versions:
    """An old and a new text, and how many words the new one deletes and inserts."""

    old: Document
    new: Document
    changed: int


def document(pages: int, seed: int = 1) -> Document:
    random = Random(seed)
    vocabulary = ["".join(random.choices(_SYLLABLES, k=random.randint(1, 4))) for _ in range(4000)]
    weights = [1 / (rank + 1) for rank in range(4000)]
    blocks = []
    for index in range(pages * PAGE):
        words = random.choices(vocabulary, weights, k=PARAGRAPH)
        for place in range(9, PARAGRAPH, 10):
            words[place] += random.choice((",", ".", ";"))
        blocks.append(Block(f"b{index}", BlockKind.PARAGRAPH, " ".join(words).capitalize()))
    return Document(tuple(blocks), Language.EN)


def versions(pages: int, *, is_spread: bool, seed: int = 2) -> Versions:
    """Five words in a hundred replaced: anywhere, or a dozen together in some paragraphs."""
    old = document(pages)
    random = Random(seed)
    count = len(old) * PARAGRAPH // 20
    if is_spread:
        chosen = set(random.sample(range(len(old) * PARAGRAPH), count))
    else:
        paragraphs = random.sample(range(len(old)), -(-count // 12))
        chosen = {index * PARAGRAPH + 20 + k for index in paragraphs for k in range(12)}
    blocks = []
    for index, block in enumerate(old):
        words = block.text.split(" ")
        for place in range(PARAGRAPH):
            if index * PARAGRAPH + place in chosen:
                words[place] = f"new{index}x{place}"
        blocks.append(Block(block.id, block.kind, " ".join(words)))
    return Versions(old, Document(tuple(blocks), old.language), 2 * len(chosen))


def moved(case: Versions, *, seed: int = 3) -> Versions:
    """The same with one paragraph in twenty elsewhere, of those that keep enough words to be a move."""
    random, blocks = Random(seed), list(case.new)
    light = [
        after.id for before, after in zip(case.old, case.new, strict=True) if _likeness(before, after) >= MOVE_FROM
    ]
    for name in random.sample(light, len(blocks) // 20):
        block = blocks.pop(next(place for place, block in enumerate(blocks) if block.id == name))
        blocks.insert(random.randrange(len(blocks)), block)
    return Versions(case.old, Document(tuple(blocks), case.new.language), case.changed)


def _likeness(before: Block, after: Block) -> float:
    same = sum(word == other for word, other in zip(before.text.split(), after.text.split(), strict=True))
    return same / PARAGRAPH


def moves(case: Versions) -> int:
    """How many paragraphs have to move at least, to stand as they do in the new text."""
    places, ends = {block.id: place for place, block in enumerate(case.old)}, list[int]()
    for place in (places[block.id] for block in case.new):
        at = bisect_left(ends, place)
        ends[at : at + 1] = [place]
    return len(case.new) - len(ends)


def every_paragraph_changed(pages: int, *, seed: int = 5) -> Versions:
    """Three words replaced in each paragraph: no text is in both."""
    old, random = document(pages), Random(seed)
    blocks = []
    for index, block in enumerate(old):
        words = block.text.split(" ")
        for place in random.sample(range(PARAGRAPH), 3):
            words[place] = f"new{index}x{place}"
        blocks.append(Block(block.id, block.kind, " ".join(words)))
    return Versions(old, Document(tuple(blocks), old.language), 6 * len(old))


def as_files(case: Versions) -> Versions:
    """The same as two files, whose paragraphs nobody has named: they are aligned by their words."""
    return Versions(_renamed(case.old, "old"), _renamed(case.new, "new"), case.changed)


def _renamed(text: Document, side: str) -> Document:
    blocks = (Block(f"{side}{index}", block.kind, block.text) for index, block in enumerate(text))
    return Document(tuple(blocks), text.language)


def amendments(base: Document, count: int, seed: int = 3) -> list[Amendment]:
    """Each rewords one word of one paragraph, as it would come from the store, with its hunks.

    With two or three for each paragraph some of them collide.
    """
    random = Random(seed)
    made = []
    for number in range(count):
        index = random.randrange(len(base))
        block = base.blocks[index]
        words = block.text.split(" ")
        words[random.randrange(PARAGRAPH)] = f"word{number}"
        new = Block(block.id, block.kind, " ".join(words))
        hunk = Hunk(
            HunkKind.REWORD,
            (index,),
            (index,),
            (block,),
            (new,),
            group_diff((block.text,), (new.text,), first_old=index, first_new=index),
        )
        made.append(Amendment(number, base, (hunk,)))
    return made


def plain(document: Document) -> str:
    return "\n\n".join(block.text for block in document) + "\n"
