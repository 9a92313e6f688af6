"""The texts of the guide, read from their files once, as HTML and as plain words to search."""

import re
from collections.abc import Iterator, Mapping, Sequence
from functools import cache

from markdown_it import MarkdownIt
from markdown_it.token import Token
from markupsafe import Markup
from msgspec import Struct

from drafts.blocks import Language
from drafts.dialect import ready
from workspace.core.errors import NotFound
from workspace.help.topics import FOLDER, groups, slugs

_MARKDOWN = ready(MarkdownIt("commonmark", {"html": False}).enable("table"))
_SPACES = re.compile(r"\s+")


class Part(Struct, frozen=True):
    """Some paragraphs of a topic, or one picture: `picture` is its name, and `words` say what it shows."""

    html: str | Markup = ""
    picture: str = ""
    words: str = ""


class Topic(Struct, frozen=True):
    """One page of the guide in one language."""

    slug: str
    title: str
    lede: str  # its first sentence or two, without marks
    parts: Sequence[Part]
    labels: Sequence[str]  # the words in bold: what stands on buttons, links and headings of the program
    links: Sequence[str]  # where it leads: other topics, as `publish`, or addresses
    plain: str  # all its words, to search


@cache
def topics(language: Language) -> Mapping[str, Topic]:
    """Every topic in this language, in the order of the guide."""
    return {slug: _read(slug, language) for group in groups() for slug in group.topics}


def topic(slug: str, language: Language) -> Topic:
    """Raises `NotFound` for what the guide does not tell about."""
    if slug not in slugs():
        raise NotFound(what="topic", id=slug[:40])
    return topics(language)[slug]


def _read(slug: str, language: Language) -> Topic:
    source = (FOLDER / language / f"{slug}.md").read_text(encoding="utf-8")
    heading, _, body = source.partition("\n")
    tokens = _MARKDOWN.parse(body)
    inline = [child for token in tokens for child in token.children or ()]
    said = [token for token in tokens if token.type == "inline"]
    return Topic(
        slug=slug,
        title=heading.removeprefix("# ").strip(),
        lede=_plain(said[0]) if said else "",
        parts=tuple(_parts(tokens)),
        labels=tuple(_bold(inline)),
        links=tuple(str(one.attrs["href"]) for one in inline if one.type == "link_open"),
        plain=_SPACES.sub(" ", " ".join(_plain(one) for one in said)),
    )


def _parts(tokens: Sequence[Token]) -> Iterator[Part]:
    """The text between pictures, and the pictures: each stands in a paragraph of its own."""
    held: list[Token] = []
    for token in _without_ends(tokens):
        picture = _picture(token)
        if picture is None:
            held.append(token)
            continue
        yield Part(html=_html(held[:-1]))  # the paragraph that the picture stood in was opened already
        yield picture
        held = []
    yield Part(html=_html(held))


def _without_ends(tokens: Sequence[Token]) -> Iterator[Token]:
    """Without the end of a picture's own paragraph."""
    after_picture = False
    for token in tokens:
        if after_picture and token.type == "paragraph_close":
            after_picture = False
            continue
        after_picture = _picture(token) is not None
        yield token


def _picture(token: Token) -> Part | None:
    children = token.children or []
    if token.type != "inline" or len(children) != 1 or children[0].type != "image":
        return None
    return Part(picture=str(children[0].attrs["src"]), words=children[0].content)


def _html(tokens: Sequence[Token]) -> Markup:
    # Safe: the files are the program's own, and raw HTML in them is written out as text.
    return Markup(_MARKDOWN.renderer.render(tokens, _MARKDOWN.options, {}))  # noqa: S704


def _bold(inline: Sequence[Token]) -> Iterator[str]:
    words: list[str] | None = None
    for one in inline:
        if one.type == "strong_open":
            words = []
        elif one.type == "strong_close" and words is not None:
            yield "".join(words)
            words = None
        elif words is not None:
            words.append(one.content)


def _plain(token: Token) -> str:
    return "".join(" " if one.type == "softbreak" else one.content for one in token.children or ())
