"""The words of a mail that was written as HTML, line by line."""

from lxml import etree, html

from workspace.core.errors import BadFile

MOST_TAGS = 100_000  # a mail of two hundred pages from an office has some twenty thousand
_BREAKS = frozenset(
    {"p", "div", "br", "tr", "table", "h1", "h2", "h3", "h4", "h5", "h6", "ul", "ol", "hr", "blockquote"}
)
_UNSEEN = frozenset({"style", "script", "title", "head"})
_QUOTES = ("gmail_quote", "moz-cite", "yahoo_quoted")


def words_of(source_text: str, *, source: str = "") -> str:
    """What a reader sees, a line for each paragraph; what was quoted begins with ">".

    Raises `BadFile` for more tags than a mail that somebody wrote.
    """
    if source_text.count("<") > MOST_TAGS:
        raise BadFile(source=source, reason="too_costly")
    parser = html.HTMLParser(remove_comments=True, remove_pis=True, encoding="utf-8")
    try:
        tree = html.document_fromstring(source_text.encode("utf-8", "replace"), parser=parser)
    except etree.ParserError:  # there is nothing in it
        return ""
    return "\n".join(" ".join(line.split()) for line in "".join(_words(tree)).split("\n"))


def _words(tree: html.HtmlElement) -> list[str]:
    out: list[str] = []
    unseen = quoted = 0
    for event, element in etree.iterwalk(tree, events=("start", "end")):
        is_start, tag = event == "start", element.tag
        step = 1 if is_start else -1
        unseen += step * (tag in _UNSEEN)
        quoted += step * _is_quotation(element)
        if not unseen and (tag in _BREAKS or (tag == "li" and is_start)) and (is_start or tag not in {"br", "hr"}):
            out.append("\n> " if quoted else "\n")
        if tag == "li" and is_start:
            out.append("- ")
        words = element.text if is_start else element.tail
        if words and not unseen:
            out.append(words.replace("\n", " "))
    return out


def _is_quotation(element: html.HtmlElement) -> bool:
    return element.tag == "blockquote" or any(name in element.get("class", "") for name in _QUOTES)
