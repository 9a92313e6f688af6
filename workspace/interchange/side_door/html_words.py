"""The words of a mail that was written as HTML, line by line."""

from html.parser import HTMLParser

_BREAKS = frozenset({"p", "div", "br", "tr", "table", "h1", "h2", "h3", "h4", "h5", "h6", "ul", "ol", "hr"})
_UNSEEN = frozenset({"style", "script", "head", "title"})
_NO_END = frozenset({"br", "hr"})
_QUOTES = ("gmail_quote", "moz-cite", "yahoo_quoted")


def words_of(html: str) -> str:
    """What a reader sees, a line for each paragraph; what was quoted begins with ">"."""
    reader = _Reader()
    reader.feed(html)
    reader.close()
    lines = "".join(reader.out).split("\n")
    return "\n".join(" ".join(line.split()) for line in lines)


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.out: list[str] = []
        self.unseen = 0
        self.quoted: list[str] = []  # the tags that are open inside a quotation, its own first

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in _UNSEEN:
            self.unseen += 1
        is_quote = tag == "blockquote" or any(one in (dict(attrs).get("class") or "") for one in _QUOTES)
        if (self.quoted or is_quote) and tag not in _NO_END:
            self.quoted.append(tag)
        if tag in _BREAKS or tag == "blockquote":
            self._break()
        elif tag == "li":
            self._break()
            self.out.append("- ")

    def handle_endtag(self, tag: str) -> None:
        if tag in _UNSEEN and self.unseen:
            self.unseen -= 1
        if tag in self.quoted:
            while self.quoted and self.quoted.pop() != tag:
                pass
        if (tag in _BREAKS or tag == "blockquote") and tag not in _NO_END:
            self._break()

    def handle_data(self, data: str) -> None:
        if not self.unseen:
            self.out.append(data.replace("\n", " "))

    def _break(self) -> None:
        self.out.append("\n> " if self.quoted else "\n")
