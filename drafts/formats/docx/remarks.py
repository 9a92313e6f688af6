"""Comments of a Word file: with author, date, replies and whether they are settled."""

import hashlib
from collections.abc import Iterator

from msgspec import Struct, field

from drafts.formats.docx.entries import Remark
from drafts.formats.docx.origin import stamp
from drafts.formats.docx.xml import q, root, safe, text, w, written
from drafts.formats.elements import Element

_LONGEST_INITIALS = 3


class Remarks(Struct):
    """The comments of one file, numbered as they are anchored; a reply has the number after what it answers."""

    _known: dict[int, Remark] = field(default_factory=dict)
    _said: list[tuple[Remark, int | None]] = field(default_factory=list)

    def has(self, remark: Remark) -> bool:
        return id(remark) in self._known

    def __len__(self) -> int:
        return len(self._said)

    def add(self, remark: Remark) -> Iterator[int]:
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
        return written(root("comments", *(_comment(at, remark) for at, (remark, _) in enumerate(self._said))))

    def extended(self) -> bytes:
        """The part `commentsExtended.xml`: who answers whom, and what is settled."""
        made = root("w15:commentsEx")
        for at, (remark, parent) in enumerate(self._said):
            attributes = {q("w15:paraId"): _paragraph_id(at), q("w15:done"): str(int(remark.is_resolved))}
            if parent is not None:
                attributes[q("w15:paraIdParent")] = _paragraph_id(parent)
            made.append(made.makeelement(q("w15:commentEx"), attributes))
        return written(made)


def _comment(at: int, remark: Remark) -> Element:
    lines = remark.text.split("\n")
    paragraphs = [w("p", w("pPr", w("pStyle", val="CommentText")), w("r", text(line))) for line in lines]
    paragraphs[-1].set(q("w14:paraId"), _paragraph_id(at))
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
