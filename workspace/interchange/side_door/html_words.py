"""The words of a mail that was written as HTML, line by line.

One look at each sign, whatever somebody sends: what is not closed goes on to the end, as in a browser, and is
looked for once.
"""

import re
from collections import Counter
from html import unescape

from drafts.patterns import expression
from workspace.core.errors import BadFile

MOST_TAGS = 100_000  # a mail of two hundred pages from an office has some twenty thousand
_BREAKS = frozenset({"p", "div", "br", "tr", "table", "h1", "h2", "h3", "h4", "h5", "h6", "ul", "ol", "hr"})
_UNSEEN = frozenset({"style", "script", "title"})  # nothing in them is a tag
_QUOTES = ("gmail_quote", "moz-cite", "yahoo_quoted")
_EMPTY = frozenset({"br", "hr", "img", "meta", "link", "input", "col", "wbr", "area", "base"})
_TAG = expression(r"<(?P<end>/?)(?P<name>[a-zA-Z][^\s/>]*+)(?P<rest>(?:[^<>\"']|\"[^\"]*+\"|'[^']*+')*+)>")
_CLASS = expression(r"\sclass\s*=\s*(?:\"(?P<double>[^\"]*+)|'(?P<single>[^']*+)|(?P<bare>[^\s>]++))", re.IGNORECASE)


def words_of(html: str, *, source: str = "") -> str:
    """What a reader sees, a line for each paragraph; what was quoted begins with ">".

    Raises `BadFile` for more tags than a mail that somebody wrote.
    """
    reader = _Reader(html, source)
    reader.read()
    lines = "".join(reader.out).split("\n")
    return "\n".join(" ".join(line.split()) for line in lines)


class _Reader:
    def __init__(self, html: str, source: str) -> None:
        self.html = html
        self.source = source
        self.out: list[str] = []
        self.is_in_head = False
        self.quoted: list[str] = []  # the tags that are open inside a quotation, its own first
        self.open: Counter[str] = Counter()  # how often each of these is among them
        self.tags = 0

    def read(self) -> None:
        at = 0
        while at < len(self.html):
            begins = self.html.find("<", at)
            if begins < 0:
                break
            self._say(self.html[at:begins])
            at = self._mark(begins)
        self._say(self.html[at:])

    def _mark(self, at: int) -> int:
        """Where the text goes on after the mark that begins here; a bare "<" is text."""
        self.tags += 1
        if self.tags > MOST_TAGS:
            raise BadFile(source=self.source, reason="too_costly")
        if self.html.startswith("<!--", at):
            return self._after("-->", at + 4)
        found = _TAG.match(self.html, at)
        if found:
            return self._tag(found)
        follows = self.html[at + 1 : at + 2]
        if follows and (follows.isalpha() or follows in "!?/"):
            return self._after(">", at + 1)
        self._say("<")
        return at + 1

    def _after(self, sign: str, at: int) -> int:
        end = self.html.find(sign, at)
        return len(self.html) if end < 0 else end + len(sign)

    def _tag(self, found: re.Match[str]) -> int:
        name = found["name"].lower()
        if name == "head":
            self.is_in_head = not found["end"]
        elif name == "body":
            self.is_in_head = False
        if found["end"]:
            self._ends(name)
        else:
            self._begins(name, found["rest"])
        if name in _UNSEEN and not found["end"]:
            closing = re.compile(rf"</{name}\b[^>]*+>?", re.IGNORECASE).search(self.html, found.end())
            return closing.end() if closing else len(self.html)
        return found.end()

    def _begins(self, name: str, rest: str) -> None:
        is_quote = name == "blockquote" or any(one in _class(rest) for one in _QUOTES)
        if (self.quoted or is_quote) and name not in _EMPTY | _UNSEEN:
            self.quoted.append(name)
            self.open[name] += 1
        if name in _BREAKS or name == "blockquote":
            self._break()
        elif name == "li":
            self._break()
            self._say("- ")

    def _ends(self, name: str) -> None:
        if self.open[name]:
            while self.quoted:
                last = self.quoted.pop()
                self.open[last] -= 1
                if last == name:
                    break
        if (name in _BREAKS or name == "blockquote") and name not in _EMPTY:
            self._break()

    def _say(self, words: str) -> None:
        if words and not self.is_in_head:
            self.out.append(unescape(words).replace("\n", " "))

    def _break(self) -> None:
        self.out.append("\n> " if self.quoted else "\n")


def _class(rest: str) -> str:
    found = _CLASS.search(rest) if "class" in rest.lower() else None
    return (found["double"] or found["single"] or found["bare"] or "") if found else ""
