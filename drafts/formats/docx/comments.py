"""Comments of a Word file: with author, date, replies and whether they are settled."""

import hashlib
from collections.abc import Iterator, Mapping, Sequence

from msgspec import Struct, field

from drafts.formats.docx.document_model import ReadComment
from drafts.formats.docx.entries import ChangeAuthor, CommentEntry
from drafts.formats.docx.origin import moment, stamp
from drafts.formats.xml_elements import Element, Xml, q, safe, text, value, w, xml_part

_LONGEST_INITIALS = 3


class CommentsPart(Struct):
    """The comments of one file, numbered as they are anchored; a reply has the number after what it answers."""

    _known: dict[int, CommentEntry] = field(default_factory=dict)
    _said: list[tuple[CommentEntry, int | None]] = field(default_factory=list)

    def has(self, remark: CommentEntry) -> bool:
        return id(remark) in self._known

    def __len__(self) -> int:
        return len(self._said)

    def add(self, remark: CommentEntry) -> Iterator[int]:
        """Take a thread in; the numbers of its comments."""
        self._known[id(remark)] = remark
        first = len(self._said)
        self._said.append((remark, None))
        yield first
        for reply in remark.replies:
            self._said.append((reply, first))
            yield len(self._said) - 1

    def part(self) -> bytes:
        """The part `comments.xml`."""
        return xml_part("w:comments", *(_comment_element(at, remark) for at, (remark, _) in enumerate(self._said)))

    def extended(self) -> bytes:
        """The part `commentsExtended.xml`: who answers whom, and what is settled."""
        made = []
        for at, (remark, parent) in enumerate(self._said):
            answered = f' w15:paraIdParent="{_paragraph_id(parent)}"' if parent is not None else ""
            facts = f'w15:paraId="{_paragraph_id(at)}" w15:done="{int(remark.is_resolved)}"{answered}'
            made.append(Xml(f"<w15:commentEx {facts}/>"))
        return xml_part("w15:commentsEx", *made)


def _comment_element(at: int, remark: CommentEntry) -> Xml:
    *lines, last = remark.text.split("\n")
    shape = w("pPr", w("pStyle", val="CommentText"))
    paragraphs = [w("p", shape, w("r", text(line))) for line in lines]
    paragraphs.append(w("p", shape, w("r", text(last)), **{"w14:paraId": _paragraph_id(at)}))
    date = {"date": stamp(remark.hand.date)} if remark.hand.date else {}
    author = safe(remark.hand.author)
    return w("comment", *paragraphs, id=at, author=author, initials=_initials(author), **date)


def _paragraph_id(at: int) -> str:
    """Eight hexadecimal digits below 80000000, as Word wants them."""
    return f"{0x10000000 + at:08X}"


def _initials(author: str) -> str:
    return "".join(word[0] for word in author.split() if word[0].isalnum())[:_LONGEST_INITIALS].upper() or "?"


def fingerprint(author: str, words: str) -> str:
    """What a comment is known by when it comes back: spaces may differ."""
    return hashlib.sha256(f"{author}\n{' '.join(words.split())}".encode()).hexdigest()


def comments_of(
    part: Element | None, extended: Element | None, anchors: Mapping[str, tuple[int, str]]
) -> tuple[ReadComment, ...]:
    """The comments in the order of the file; `anchors` say where each begins and what words it is about."""
    if part is None:
        return ()
    elements = [element for element in part if element.tag == q("comment")]
    ids = {number: value(element, "id") for element in elements for number in _paragraph_ids(element)}
    parents: dict[str, str] = {}
    settled: set[str] = set()
    for element in extended if extended is not None else ():
        number = ids.get(element.get(q("w15:paraId"), ""), "")
        parents[number] = ids.get(element.get(q("w15:paraIdParent"), ""), "")
        if element.get(q("w15:done")) == "1":
            settled.add(number)
    if extended is None:
        parents |= _in_same_place([value(element, "id") for element in elements], anchors)
    return tuple(_comment(element, parents, settled, anchors) for element in elements)


def _in_same_place(numbers: Sequence[str], anchors: Mapping[str, tuple[int, str]]) -> dict[str, str]:
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
) -> ReadComment:
    number = value(element, "id")
    place, about = anchors.get(number, (None, ""))
    lines = ["".join(element.text or "" for element in paragraph.iter(q("t"))) for paragraph in element.iter(q("p"))]
    return ReadComment(
        id=number,
        hand=ChangeAuthor(" ".join(value(element, "author").split()), moment(value(element, "date"))),
        text="\n".join(lines).strip(),
        place=place,
        about=about.strip(),
        parent=parents.get(number, ""),
        is_resolved=number in settled,
    )


def _paragraph_ids(comment: Element) -> list[str]:
    """The ids of its paragraphs: answers name the last in Word, any of them elsewhere."""
    return [found for element in comment.iter(q("p")) if (found := element.get(q("w14:paraId"), ""))]
