"""The words of a remark: a little Markdown as safe HTML, and the names in it, which are kept as ids.

A name is written `@Ana Pérez`; kept is `@{id}`, so that an erased person's name is nowhere in anybody's words.
"""

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import lru_cache
from typing import Any
from uuid import UUID

from markdown_it import MarkdownIt
from markupsafe import Markup
from msgspec import Struct

from drafts.blocks import canonical
from drafts.dialect import ready

MOST_NAMED = 20  # people in one remark
_NAMED = re.compile(r"@\{([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})\}")
_OFF = ("heading", "lheading", "hr", "code", "fence", "table", "image", "html_block", "html_inline", "reference")
_SCHEMES = ("http://", "https://", "mailto:")
Names = Mapping[UUID, str]


class Nameable(Struct, frozen=True):
    """Somebody who can be named, and what they are called; with their organisation where two have one name."""

    person_id: UUID
    name: str


class Kept(Struct, frozen=True):
    """The words of a remark with ids in the place of names, and whom it names."""

    text: str
    people: tuple[UUID, ...]


def keep(text: str, nameable: Iterable[Nameable]) -> Kept:
    """Put ids in the place of names; of two names that both fit, the longer one is meant."""
    if "@" not in text:
        return Kept(text, ())
    names = {canonical(person.name).casefold(): person.person_id for person in nameable}
    lengths = sorted({len(one) for one in names}, reverse=True)
    pieces: list[str] = []
    people: list[UUID] = []
    at = 0
    while (place := text.find("@", at)) >= 0:
        name = next((candidate for size in lengths if (candidate := _word_of(text, place + 1, size)) in names), None)
        if name is None or (place and text[place - 1].isalnum()) or len(people) == MOST_NAMED:
            pieces.append(text[at : place + 1])
            at = place + 1
            continue
        person = names[name]
        people.append(person)
        pieces += [text[at:place], f"@{{{person}}}"]
        at = place + 1 + len(name)
    return Kept("".join([*pieces, text[at:]]), tuple(dict.fromkeys(people)))


def said(text: str, names: Names) -> str:
    """The words as they were written, with the names that people have now."""
    return _NAMED.sub(lambda found: f"@{names[key]}" if (key := UUID(found[1])) in names else found[0], text)


def html(text: str, names: Names, href: Callable[[UUID], str]) -> Markup:
    """Paragraphs, lists, quotations, emphasis and links, and nothing else. A name leads to `href`, unless it is ""."""

    def named(found: re.Match[str]) -> str:
        person = UUID(found[1])
        if person not in names:
            return found[0]
        to, name = href(person), names[person]
        if not to:
            return str(Markup('<span class="named">@{}</span>').format(name))
        return str(Markup('<a class="named" href="{}">@{}</a>').format(to, name))

    return Markup(_NAMED.sub(named, _written(text)))  # noqa: S704  (markdown-it has escaped the words)


@lru_cache(maxsize=2_048)
def _written(text: str) -> str:
    written: str = _PARSER.render(text)
    return written


def _new_parser() -> MarkdownIt:
    parser = MarkdownIt("commonmark", {"html": False, "breaks": True, "maxNesting": 12}).disable(list(_OFF))
    parser.validateLink = _leads_away  # type: ignore[method-assign]
    parser.add_render_rule("link_open", _link)
    return parser


def _leads_away(url: str) -> bool:
    return url.lower().startswith(_SCHEMES)


def _link(renderer: Any, tokens: Sequence[Any], index: int, options: Any, _env: Any) -> str:
    """A link that somebody wrote leads away from here, and says so to programs."""
    tokens[index].attrs.pop("title", None)
    tokens[index].attrSet("rel", "nofollow ugc noopener")
    opened: str = renderer.renderToken(tokens, index, options, _env)
    return opened


def _word_of(text: str, at: int, size: int) -> str:
    """So many characters as a name would be written; "" where a letter goes on with it."""
    end = at + size
    return "" if text[end : end + 1].isalnum() else text[at:end].casefold()


_PARSER = ready(_new_parser())
