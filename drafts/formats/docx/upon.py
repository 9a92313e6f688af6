"""Whose text it is where one person works upon what another proposes in the same file.

Word keeps every change under its own author. Somebody who corrects the insertion of somebody else proposes the
corrected whole: without what they worked upon, their own words would stand nowhere.
"""

from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import groupby

from msgspec import Struct
from msgspec.structs import replace

from drafts.formats.docx.entries import TAKES_AWAY, Change, Hand
from drafts.formats.docx.read_values import Paragraph, Words, WordText


class Struck(Struct, frozen=True):
    """Words of another's proposal that somebody strikes out, in the paragraph of the file at `place`."""

    place: int
    text: str


def as_theirs(text: WordText, author: str) -> WordText:
    """The file in which what others propose is `author`'s too wherever `author` worked upon it."""
    paragraphs = list(text.paragraphs)
    for place, paragraph in enumerate(text.paragraphs):
        if author not in _authors(paragraph.words):
            continue
        mine = next(one.hand for words in paragraph.words for one in words.changes if one.hand.author == author)
        paragraphs[place] = replace(paragraph, words=tuple(_taken(paragraph.words, mine)))
        if others := _whole(paragraph, author):
            paragraphs[place] = replace(
                paragraph,
                words=tuple(_under(words, others, mine) for words in paragraph.words),
                mark=_marks(paragraph.mark, others, mine),
            )
            if place:
                before = paragraphs[place - 1]
                paragraphs[place - 1] = replace(before, mark=_marks(before.mark, others, mine))
    return replace(text, paragraphs=tuple(paragraphs))


def struck(text: WordText, author: str) -> Iterator[Struck]:
    """What `author` strikes out of the proposals of others, paragraph by paragraph."""
    for paragraph in text.paragraphs:
        words = [one for one in paragraph.words if _is_struck(one, author)]
        if said := "".join(one.text for one in words).strip():
            yield Struck(paragraph.place, said)


def _is_struck(words: Words, author: str) -> bool:
    takes = any(one.kind in TAKES_AWAY and one.hand.author == author for one in words.changes)
    return takes and any(one.kind not in TAKES_AWAY and one.hand.author != author for one in words.changes)


def _authors(words: Sequence[Words]) -> set[str]:
    return {change.hand.author for one in words for change in one.changes}


def _taken(words: Sequence[Words], mine: Hand) -> Iterator[Words]:
    """The words, with what others changed right there as mine where I worked upon it."""
    for is_changed, stretch in groupby(words, key=lambda one: bool(one.changes)):
        group = list(stretch)
        others = _beneath(group, mine) if is_changed else set()
        yield from (_under(run, others, mine) for run in group)


def _beneath(group: Sequence[Words], mine: Hand) -> set[Hand]:
    """Whose changes I worked upon, and upon whose they worked in turn."""
    found: set[Hand] = set()
    new = set(_upon(group, mine.author))
    while new:
        found |= new
        new = {
            foreign for hand in new for foreign in _upon(group, hand.author) if foreign.author != mine.author
        } - found
    return found


def _upon(group: Sequence[Words], author: str) -> Iterator[Hand]:
    """Whose changes the author's stand in: words of others struck out, or a place between halves of one insertion."""
    for run in group:
        authors = [change.hand.author for change in run.changes]
        around = run.changes[: authors.index(author)] if author in authors else ()
        yield from (change.hand for change in around if change.kind not in TAKES_AWAY)
    inserted = [_inserting(run) for run in group]
    mine = [place for place, hand in enumerate(inserted) if hand and hand.author == author]
    for place in mine:
        before = {hand for hand in inserted[:place] if hand and hand.author != author}
        yield from before & set(inserted[place + 1 :])


def _inserting(words: Words) -> Hand | None:
    return next((one.hand for one in words.changes if one.kind not in TAKES_AWAY), None)


def _whole(paragraph: Paragraph, author: str) -> set[Hand]:
    """Who inserted the whole paragraph in which the author changed something, if that is somebody else."""
    if not paragraph.words or not all(words.changes for words in paragraph.words):
        return set()
    sizes: Counter[Hand] = Counter()
    for words in paragraph.words:
        if hand := _inserting(words):
            sizes[hand] += len(words.text)
    return {hand for hand, _ in sizes.most_common(1) if hand.author != author}


def _under(words: Words, others: set[Hand], mine: Hand) -> Words:
    if not any(change.hand in others for change in words.changes):
        return words
    return replace(words, changes=_marks(words.changes, others, mine))


def _marks(changes: Sequence[Change], others: set[Hand], mine: Hand) -> tuple[Change, ...]:
    return tuple(replace(one, hand=mine) if one.hand in others else one for one in changes)
