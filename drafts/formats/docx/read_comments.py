"""Comments of a Word file that came back: who said what about which words, in answer to what."""

from collections.abc import Mapping, Sequence

from drafts.formats.docx.entries import Hand
from drafts.formats.docx.origin import moment
from drafts.formats.docx.read_values import Comment
from drafts.formats.docx.xml import q, value
from drafts.formats.elements import Element


def comments_of(
    part: Element | None, extended: Element | None, anchors: Mapping[str, tuple[int, str]]
) -> tuple[Comment, ...]:
    """The comments in the order of the file; `anchors` say where each begins and what words it is about."""
    if part is None:
        return ()
    elements = [one for one in part if one.tag == q("comment")]
    ids = {number: value(one, "id") for one in elements for number in _paragraph_ids(one)}
    parents: dict[str, str] = {}
    settled: set[str] = set()
    for one in extended if extended is not None else ():
        number = ids.get(one.get(q("w15:paraId"), ""), "")
        parents[number] = ids.get(one.get(q("w15:paraIdParent"), ""), "")
        if one.get(q("w15:done")) == "1":
            settled.add(number)
    if extended is None:
        parents |= _in_one_place([value(one, "id") for one in elements], anchors)
    return tuple(_comment(one, parents, settled, anchors) for one in elements)


def _in_one_place(numbers: Sequence[str], anchors: Mapping[str, tuple[int, str]]) -> dict[str, str]:
    """Answers in a file that names none: comments on the very words of an earlier one, as some programs write them."""
    first: dict[tuple[int, str], str] = {}
    found: dict[str, str] = {}
    for number in numbers:
        place = anchors.get(number)
        if place is not None and place[1].strip() and (before := first.setdefault(place, number)) != number:
            found[number] = before
    return found


def _comment(
    element: Element, parents: Mapping[str, str], settled: set[str], anchors: Mapping[str, tuple[int, str]]
) -> Comment:
    number = value(element, "id")
    place, about = anchors.get(number, (None, ""))
    lines = ["".join(one.text or "" for one in paragraph.iter(q("t"))) for paragraph in element.iter(q("p"))]
    return Comment(
        id=number,
        hand=Hand(" ".join(value(element, "author").split()), moment(value(element, "date"))),
        text="\n".join(lines).strip(),
        place=place,
        about=about.strip(),
        parent=parents.get(number, ""),
        is_resolved=number in settled,
    )


def _paragraph_ids(comment: Element) -> list[str]:
    """The ids of its paragraphs: answers name the last in Word, any of them elsewhere."""
    return [found for one in comment.iter(q("p")) if (found := one.get(q("w14:paraId"), ""))]
