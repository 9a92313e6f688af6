"""Old words and new words in two columns, with what differs marked in each: what a table to cite shows."""

from collections.abc import Iterator, Sequence
from html import escape

from drafts.blocks import Language
from drafts.inline import WORDS, hidden
from drafts.tokens import PARAGRAPH_START
from drafts.words import word_diff


def marked(old: str, new: str, language: Language) -> tuple[str, str]:
    """Both as safe HTML. A paragraph that is new, gone, split or joined is nothing but its words."""
    if not (old and new) or PARAGRAPH_START in old or PARAGRAPH_START in new:
        return escape(old), escape(new)
    hunks = word_diff(old, new)
    gone = [(one.start.offset, one.end.offset) for one in hunks]
    come = [(one.new_start.offset, one.new_end.offset) for one in hunks]
    words = WORDS[language]
    left = "".join(_pieces(old, gone, "del", words.deletion))
    right = "".join(_pieces(new, come, "ins", words.insertion))
    return left, right


def _pieces(text: str, spans: Sequence[tuple[int, int]], tag: str, said: tuple[str, str]) -> Iterator[str]:
    at = 0
    for start, end in spans:
        yield escape(text[at:start])
        if text[start:end].strip():
            yield f"<{tag}>{hidden(said[0])}{escape(text[start:end])}{hidden(said[1])}</{tag}>"
        else:
            yield escape(text[start:end])
        at = end
    yield escape(text[at:])
