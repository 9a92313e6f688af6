"""Some words of a paragraph that a conversation is about: found in its text, and shown where they stand.

What a reader sees and quotes has no marks of emphasis and no addresses of links; what is kept is a place in
the text as it is written, which the engine carries on from revision to revision.
"""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from itertools import pairwise
from uuid import UUID

from markupsafe import Markup
from msgspec import Struct

from drafts.merge.anchors import CONTEXT, Anchor
from drafts.text import markdown_parser
from drafts.text.blocks import Language
from drafts.text.numbering import printed
from workspace.core.errors import Invalid
from workspace.core.validation import ensure_short

LONGEST_QUOTE = 2_000
_REFERENCE = "#b-"
_TAIL = re.compile(r"\]\([^)]*\)")
_SPACES = re.compile(r"\s+")
_ALIKE = str.maketrans({"’": "'", "‘": "'", "“": '"', "”": '"', "‑": "-"})
_OPEN, _CLOSE = "\ue000", "\ue001"  # stand for the ends of a phrase while a text becomes HTML
_PIECE = re.compile(f"({_OPEN}|{_CLOSE}|<[^>]*>)")


class QuotedPhrase(Struct, frozen=True):
    """Words that somebody chose in one language; `before` are those in front of them, where they stand twice."""

    quote: str
    language: Language
    before: str = ""


class DiscussedRange(Struct, frozen=True):
    """A stretch of a text, from one offset to another, that a conversation is about; its number on the page."""

    thread_id: UUID
    number: int
    starts_at: int
    ends_at: int


def anchor_of(phrase: QuotedPhrase, content: str, block: str, numbers: Mapping[str, str]) -> Anchor:
    """The place of these words in the text of a block.

    Spaces, quotation marks and apostrophes need not be typed as they are printed. Raises `Invalid` for words
    that are not there, and for some that stand there more than once with the same words before them.
    """
    ensure_short(phrase.quote, LONGEST_QUOTE, "quote")
    text = _Visible.of(content, numbers, phrase.language)
    found = text.places(_folded(phrase.quote))
    if not found:
        raise Invalid(field="quote", reason="not_in_text")
    first, last = _likeliest(found, text.folded, _folded(phrase.before))
    starts_at, ends_at = text.starts[first], text.ends[last]
    before, after = content[max(0, starts_at - CONTEXT) : starts_at], content[ends_at : ends_at + CONTEXT]
    return Anchor(block, starts_at, ends_at, content[starts_at:ends_at], before, after)


def shown_words(text: str) -> str:
    """A piece of a text as a reader sees it, without the marks it was written with."""
    return "".join(chars for chars, _, _ in _pieces(text, {}, Language.EN)) or text


def marked(
    content: str, spoken: Sequence[DiscussedRange], write: Callable[[str], Markup], label: Callable[[int], str]
) -> Markup:
    """The HTML that `write` makes of a text, with what conversations are about marked, and a link to each of them.

    A stretch that cannot be marked without changing what the text says is left unmarked. `label` is what the
    link says to the conversation with a number.
    """
    plain = write(content)
    stretches = _apart([thread for thread in spoken if thread.starts_at < thread.ends_at <= len(content)])
    if not stretches or _OPEN in content or _CLOSE in content:
        return plain
    marks = write(_with_ends(content, stretches))
    if str(marks).replace(_OPEN, "").replace(_CLOSE, "") != str(plain):
        return plain
    return Markup("").join(
        _highlighted(str(marks), stretches, {thread.thread_id: thread.number for thread in spoken}, label)
    )


class _Stretch(Struct, frozen=True):
    """Words that the same conversations are about; `ending` are those whose words end here."""

    starts_at: int
    ends_at: int
    threads: tuple[UUID, ...]
    ending: tuple[UUID, ...]


def _apart(spoken: Sequence[DiscussedRange]) -> list[_Stretch]:
    """Stretches that do not overlap, from some that may."""
    borders = sorted({border for thread in spoken for border in (thread.starts_at, thread.ends_at)})
    found = []
    for start, end in pairwise(borders):
        over = [thread for thread in spoken if thread.starts_at <= start and end <= thread.ends_at]
        if over:
            ending = tuple(thread.thread_id for thread in over if thread.ends_at == end)
            found.append(_Stretch(start, end, tuple(thread.thread_id for thread in over), ending))
    return found


def _with_ends(content: str, stretches: Sequence[_Stretch]) -> str:
    pieces, at = [], 0
    for span in stretches:
        pieces += [content[at : span.starts_at], _OPEN, content[span.starts_at : span.ends_at], _CLOSE]
        at = span.ends_at
    return "".join([*pieces, content[at:]])


def _highlighted(
    html: str, stretches: Sequence[_Stretch], order: Mapping[UUID, int], label: Callable[[int], str]
) -> Iterator[Markup]:
    """The HTML with a mark around each run of words: it closes before a tag and opens again behind it."""
    remaining = iter(stretches)
    stretch: _Stretch | None = None
    links = 0
    for piece in _PIECE.split(html):
        if piece == _OPEN:
            stretch = next(remaining)
        elif piece == _CLOSE:
            if stretch is not None and not links:
                yield from (_reference(thread_id, order[thread_id], label) for thread_id in stretch.ending)
            stretch = None
        elif piece.startswith("<"):
            links += piece.startswith("<a ") - piece.startswith("</a")
            yield Markup(piece)  # noqa: S704  (a tag that the renderer wrote)
        elif piece and stretch is not None:
            first = f"thread-{stretch.threads[0]}"
            yield Markup('<mark class="spoken" data-thread="{}">').format(first)
            yield Markup(piece)  # noqa: S704  (words that the renderer has escaped)
            yield Markup("</mark>")
        elif piece:
            yield Markup(piece)  # noqa: S704  (the same)


def _reference(thread_id: UUID, number: int, label: Callable[[int], str]) -> Markup:
    spoken = Markup('<span aria-hidden="true">{}</span><span class="vh">{}</span>').format(number, label(number))
    return Markup('<sup class="spoken-ref"><a href="#thread-{}">{}</a></sup>').format(thread_id, spoken)


class _Visible(Struct, frozen=True):
    """What a reader sees of a text, folded; for each character where it starts and ends in the text as written."""

    folded: str
    starts: Sequence[int]
    ends: Sequence[int]

    @classmethod
    def of(cls, content: str, numbers: Mapping[str, str], language: Language) -> "_Visible":
        chars: list[str] = []
        starts: list[int] = []
        ends: list[int] = []
        for words, start, end in _pieces(content, numbers, language):
            is_verbatim = end - start == len(words)
            for place, char in enumerate(words):
                if char.isspace() and (not chars or chars[-1] == " "):
                    continue
                chars.append(" " if char.isspace() else char.translate(_ALIKE))
                starts.append(start + place if is_verbatim else start)
                ends.append(start + place + 1 if is_verbatim else end)
        return cls("".join(chars), starts, ends)

    def places(self, quote: str) -> list[tuple[int, int]]:
        """The first and last character of each place where the quote stands."""
        found, at = [], self.folded.find(quote) if quote else -1
        while at >= 0:
            found.append((at, at + len(quote) - 1))
            at = self.folded.find(quote, at + 1)
        return found


def _pieces(content: str, numbers: Mapping[str, str], language: Language) -> Iterator[tuple[str, int, int]]:
    """What is read of a text, in order, and the stretch of it that says so."""
    at, tokens = 0, markdown_parser.inline(content)
    targets: list[str] = []
    for token, following in zip(tokens, [*tokens, None][1:], strict=True):
        match token.type:
            case "link_open":
                target = str(token.attrs.get("href", ""))
                targets.append(target)
                if target.startswith(_REFERENCE) and following is not None and following.type == "link_close":
                    start = max(at, content.find("[](", at))
                    end = content.find(")", start) + 1
                    yield printed(numbers.get(target.removeprefix(_REFERENCE), ""), language), start, end
                    at = end
            case "link_close":
                tail = _TAIL.search(content, at)
                is_reference = targets.pop().startswith(_REFERENCE) and content[at - 1 : at] == ")"
                at = tail.end() if tail and not is_reference else at
            case "softbreak" | "hardbreak":
                yield " ", at, at + 1
                at += 1
            case "text" | "code_inline" | "text_special":
                written = token.markup if token.type == "text_special" else token.content
                start = content.find(written, at)
                if start >= 0 and token.content:
                    yield token.content, start, start + len(written)
                    at = start + len(written)
            case _:
                pass


def _folded(words: str) -> str:
    return _SPACES.sub(" ", words).strip().translate(_ALIKE)


def _likeliest(found: Sequence[tuple[int, int]], text: str, before: str) -> tuple[int, int]:
    """The place with the words that stood in front of the quote when it was chosen."""
    if len(found) == 1:
        return found[0]
    ranked = sorted(found, key=lambda place: _shared_end(text[: place[0]].rstrip(), before), reverse=True)
    best, next_best = (_shared_end(text[: place[0]].rstrip(), before) for place in ranked[:2])
    if best == next_best:
        raise Invalid(field="quote", reason="more_than_once")
    return ranked[0]


def _shared_end(first: str, second: str) -> int:
    count = 0
    for left, right in zip(reversed(first), reversed(second), strict=False):
        if left != right:
            break
        count += 1
    return count
