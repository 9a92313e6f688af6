"""Fields of a Word file: their codes are no text, what they show is, and some of them are links."""

import re

from drafts.formats.runs import REFERENCE, SAFE_TARGET

_HYPERLINK = re.compile(r'HYPERLINK\s+(?:(?P<local>\\l)\s+)?"(?P<target>[^"]*)"')
_CROSS = re.compile(r"(?:REF|PAGEREF|NOTEREF)\s+(?P<mark>\w+)")


class Fields:
    """The fields that surround the place where a reader stands; they may go over several paragraphs."""

    def __init__(self) -> None:
        self.codes: list[str] = []
        self.is_in_code = False

    def sign(self, kind: str) -> None:
        """One of the three signs that bound a field and part its code from what it shows."""
        if kind == "begin":
            self.codes.append("")
            self.is_in_code = True
        elif kind == "separate":
            self.is_in_code = False
        elif kind == "end" and self.codes:
            self.codes.pop()
            self.is_in_code = False

    def say(self, code: str) -> None:
        if self.codes:
            self.codes[-1] += code

    @property
    def target(self) -> str:
        """Where the innermost field that is a link leads."""
        return next((found for code in reversed(self.codes) if (found := target_of(code))), "")


def target_of(code: str) -> str:
    """Where a field leads, "" if it is no link."""
    if found := _HYPERLINK.search(code):
        return (REFERENCE if found["local"] else "") + found["target"]
    if found := _CROSS.search(code):
        return REFERENCE + found["mark"]
    return ""


def kept(link: str) -> str:
    """A link that may stay in a text, "" for any other."""
    return link if link.startswith(REFERENCE) or SAFE_TARGET.match(link) else ""
