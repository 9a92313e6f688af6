"""What pages call a paragraph, so that every slice that speaks of one says it alike."""

from drafts.markup import plain
from drafts.numbering import printed
from workspace.web.i18n import N_, Messages

NUMBERED = N_("Paragraph %(number)s")


def numbered_name(number: str, messages: Messages) -> str:
    """What a paragraph with a number is called: "Paragraph 12(a)"."""
    return messages.gettext(NUMBERED, number=printed(number, messages.language))


def first_words(text: str, most: int) -> str:
    """The beginning of a text in whole words, at most so many characters, without marks."""
    words = plain(text)
    if len(words) <= most:
        return words
    return words[:most].rsplit(" ", 1)[0].rstrip(" ,;:.") + "…"
