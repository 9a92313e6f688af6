"""Say a document in words, text("One.", "Two.") with the blocks b0 and b1, or draw one where every trap is near."""

from collections.abc import Sequence

from hypothesis import strategies as st

from drafts.diff.amendments import Amendment, Change, ChangeOp, SplitPart, amend, propose
from drafts.merge.anchors import CONTEXT, Anchor
from drafts.text.blocks import Block, BlockKind, Document, Language, canonical
from drafts.text.mark_pairs import pairs_of_marks


def text(*paragraphs: str, language: Language = Language.EN, kind: BlockKind = BlockKind.PARAGRAPH) -> Document:
    """A document of paragraphs with ids b0, b1 …"""
    blocks = (Block(id=f"b{index}", kind=kind, text=paragraph) for index, paragraph in enumerate(paragraphs))
    return Document(blocks=tuple(blocks), language=language)


def named(*paragraphs: tuple[str, str], language: Language = Language.EN) -> Document:
    """A document of (id, text) pairs."""
    blocks = (Block(id=block_id, kind=BlockKind.PARAGRAPH, text=paragraph) for block_id, paragraph in paragraphs)
    return Document(blocks=tuple(blocks), language=language)


def anchor_at(document: Document, block: str, start: int, end: int) -> Anchor:
    """The anchor of a range; offsets beyond the text are cut to it."""
    said = next(found.text for found in document if found.id == block)
    start, end = max(0, min(start, len(said))), min(end, len(said))
    return Anchor(block, start, end, said[start:end], said[max(0, start - CONTEXT) : start], said[end : end + CONTEXT])


def texts(document: Document) -> list[str]:
    return [block.text for block in document]


def ids(document: Document) -> list[str]:
    return [block.id for block in document]


def reword(block: str, wording: str) -> Change:
    return Change(ChangeOp.REWORD, block, text=wording)


def insert(block: str, wording: str, *, after: str | None) -> Change:
    return Change(ChangeOp.INSERT, block, text=wording, after=after)


def delete(block: str) -> Change:
    return Change(ChangeOp.DELETE, block)


def move(block: str, *, after: str | None) -> Change:
    return Change(ChangeOp.MOVE, block, after=after)


def split(block: str, wording: str, *parts: tuple[str, str]) -> Change:
    """The block keeps `wording`; each further part is (new id, text)."""
    return Change(ChangeOp.SPLIT, block, text=wording, parts=tuple(SplitPart(*part) for part in parts))


def join(block: str, *joined: str, wording: str | None = None) -> Change:
    return Change(ChangeOp.JOIN, block, text=wording, joined=joined)


def filed(base: Document, *proposals: Sequence[Change] | Change, indivisible: Sequence[int] = ()) -> list[Amendment]:
    """Amendments to `base`, filed in the order given and numbered from 0."""
    return [
        amend(
            number,
            base,
            (proposal,) if isinstance(proposal, Change) else proposal,
            is_indivisible=number in indivisible,
        )
        for number, proposal in enumerate(proposals)
    ]


WORDS = st.sampled_from(["la", "la", "lu", "li", "lo.", "la,", "."])
paragraphs = st.lists(WORDS, min_size=1, max_size=6).map(" ".join).map(canonical)


@st.composite
def bases(draw: st.DrawFn, *, most: int = 5) -> Document:
    return text(*draw(st.lists(paragraphs, min_size=1, max_size=most)))


@st.composite
def wordings(draw: st.DrawFn, old: str) -> str:
    """The old wording with a word put in, taken out or replaced here and there."""
    words = old.split(" ")
    for _ in range(draw(st.integers(1, 2))):
        at = draw(st.integers(0, len(words)))
        words[at : at + draw(st.integers(0, 1))] = draw(st.lists(WORDS, max_size=2))
    return canonical(" ".join(words)) or "la"


@st.composite
def changes(draw: st.DrawFn, document: Document, new_id: str) -> Change | None:
    """One change that `document` can take, or None where the one chosen does not fit."""
    blocks = document.blocks
    after = draw(st.sampled_from([None, *(block.id for block in blocks)]))
    operation = draw(st.sampled_from("rrridmsj")) if blocks else "i"
    if operation == "i":
        return insert(new_id, draw(paragraphs), after=after)
    index = draw(st.integers(0, len(blocks) - 1))
    block, following = blocks[index], blocks[index + 1 : index + 2]
    asked = {
        "r": reword(block.id, draw(wordings(block.text))),
        "d": delete(block.id),
        "m": None if after == block.id else move(block.id, after=after),
        "j": join(block.id, following[0].id) if following else None,
        "s": _split_somewhere(draw, block, new_id),
    }
    return asked[operation]


def _split_somewhere(draw: st.DrawFn, block: Block, new_id: str) -> Change | None:
    words = block.text.split(" ")
    if len(words) == 1:
        return None
    cut = draw(st.integers(1, len(words) - 1))
    return split(block.id, " ".join(words[:cut]), (new_id, " ".join(words[cut:])))


@st.composite
def amendments(draw: st.DrawFn, base: Document, number: int, *, most: int = 3) -> Amendment:
    asked: list[Change] = []
    for step in range(draw(st.integers(0, most))):
        change = draw(changes(propose(base, asked), f"n{number}.{step}"))
        if change is not None:
            asked.append(change)
    return amend(number, base, asked, is_indivisible=draw(st.integers(0, 5)) == 0)


@st.composite
def disputes(draw: st.DrawFn, *, most: int = 4) -> tuple[Document, list[Amendment]]:
    """A base and up to `most` amendments to it."""
    base = draw(bases())
    return base, [draw(amendments(base, number)) for number in range(draw(st.integers(1, most)))]


MARKS = [("(", ")"), ("«\u00a0", "\u00a0»"), ("“", "”"), ("**", "**"), ("*", "*"), ("[", "](a.md)")]


def is_balanced(paragraph: str) -> bool:
    return pairs_of_marks(paragraph)[1] == 0


def _wrapped(draw: st.DrawFn, paragraph: str) -> str:
    """Some of the words put between marks."""
    words = paragraph.split(" ")
    first = draw(st.integers(0, len(words) - 1))
    last = draw(st.integers(first, len(words) - 1))
    opening, closing = draw(st.sampled_from(MARKS))
    words[first], words[last] = opening + words[first], words[last] + closing
    if first == last:
        words[first] = f"{opening}{paragraph.split(' ')[first]}{closing}"
    return " ".join(words)


def _unwrapped(draw: st.DrawFn, paragraph: str) -> str:
    """The same without one of its pairs of marks."""
    found = [pair for pair in pairs_of_marks(paragraph)[0] if pair.sign != "]"]
    if not found:
        return paragraph
    start, end, sign = draw(st.sampled_from(found))
    width = len(sign)
    return paragraph[:start] + paragraph[start + width : end] + paragraph[end + width :]


@st.composite
def marked_wordings(draw: st.DrawFn, old: str) -> str:
    """Words changed and pairs of marks made, taken away or made to enclose something else; balanced as `old` was."""
    new = old
    for operation in draw(st.lists(st.sampled_from("wwwuur"), min_size=1, max_size=3)):
        edit = {"w": _wrapped, "u": _unwrapped, "r": lambda draw, text: draw(wordings(text))}[operation]
        edited = canonical(edit(draw, new))
        new = edited if edited and is_balanced(edited) else new
    return new


@st.composite
def marked_disputes(draw: st.DrawFn) -> tuple[Document, list[Amendment]]:
    """A base with pairs of marks, and amendments to it that leave every paragraph balanced."""
    plain = draw(st.lists(paragraphs, min_size=1, max_size=2))
    base = text(*(draw(marked_wordings(paragraph)) for paragraph in plain))
    proposals: list[list[Change]] = []
    for number in range(draw(st.integers(2, 4))):
        asked = [reword(block.id, draw(marked_wordings(block.text))) for block in base]
        structure = draw(changes(propose(base, asked), f"n{number}"))
        proposed = propose(base, [*asked, structure]) if structure else base
        is_kept = structure and all(is_balanced(block.text) for block in proposed)
        proposals.append([*asked, structure] if structure and is_kept else asked)
    return base, filed(base, *proposals)
