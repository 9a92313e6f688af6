"""Which section every passage stands in, and the template's limits against the words that are there."""

import re
from collections.abc import Collection, Iterator, Sequence

from msgspec import Struct
from msgspec.structs import replace

from workspace.interchange.notes import headings, times
from workspace.interchange.notes.layout import Kind, Passage
from workspace.interchange.notes.words import counted
from workspace.sessions.extraction import TemplateSection

LISTING = frozenset({"recommendations", "key_messages", "objectives", "questions", "participants"})
NUMBER = re.compile(r"^(?:#{1,6}\s+)?(?:\d{1,2}|[IVX]{1,4})[.)]\s")


class Section(Struct, frozen=True):
    """The heading a passage stands under, and what such a section is for."""

    name: str | None = None
    role: str | None = None
    level: int = 0
    has_items: bool = False


class Placed(Struct, frozen=True):
    """A passage in its section; `is_heading` where it only announces what follows."""

    passage: Passage
    section: Section
    is_heading: bool = False


def placed(passages: Sequence[Passage], *, titles: Collection[int] = ()) -> tuple[Placed, ...]:
    """Every passage with its section, in order; a session's title, on one of the lines `titles`, ends a section."""
    return tuple(_placed(passages, titles))


def _placed(passages: Sequence[Passage], titles: Collection[int]) -> Iterator[Placed]:
    section = Section()
    for passage in passages:
        if passage.line in titles and _only_names(passage):
            section = Section(level=passage.level)
            yield Placed(passage, section, is_heading=True)
            continue
        if passage.kind is Kind.HEADING:
            opened = _opened(passage, section)
            yield Placed(passage, opened or section, is_heading=opened is not None)
            section = opened or section
            continue
        if passage.kind is Kind.SLOT and section.role != "agenda":
            section = Section()
        elif passage.kind is Kind.ITEM:
            section = replace(section, has_items=True)
        yield Placed(passage, section)


def _only_names(passage: Passage) -> bool:
    """Whether a title is no more than that: "Recommendations of the forum" opens its section as well."""
    return passage.kind not in {Kind.SLOT, Kind.FIELD} and headings.role(passage.text) != "recommendations"


def _opened(heading: Passage, section: Section) -> Section | None:
    """The section a heading opens; None for a line that only looks like a heading, inside a list of such lines."""
    name = headings.name(heading.text)
    role = headings.role(heading.text)
    if role or headings.limit(heading.text):
        return Section(name, role, heading.level)
    if heading.level > section.level > 0 or (section.role == "agenda" and times.days(heading.text)):
        return Section(name, section.role, section.level)
    if not heading.level and times.day_line(heading.text):
        return None
    if section.role in LISTING:
        if not heading.level and heading.text.endswith(":"):
            return replace(section, has_items=False)
        if not heading.level and not section.has_items and not heading.text.startswith(("**", "__")):
            return None
    return Section(name, None, heading.level)


def template_sections(passages: Sequence[Placed]) -> tuple[TemplateSection, ...]:
    """The sections a form limits, with their numbered neighbours; empty where nothing is limited."""
    limits = [headings.limit(line.passage.text) for line in passages]
    if not any(limits):
        return ()
    numbers = any(limit and NUMBER.match(line.passage.text) for limit, line in zip(limits, passages, strict=True))
    found = []
    for place, (limit, line) in enumerate(zip(limits, passages, strict=True)):
        if limit or (numbers and _is_numbered_heading(line)):
            words = sum(counted(body.passage.text) for body in _body(passages[place + 1 :]))
            found.append(TemplateSection(name=headings.name(line.passage.text), limit_words=limit, counted_words=words))
    return tuple(found)


def _is_numbered_heading(line: Placed) -> bool:
    return line.is_heading and bool(NUMBER.match(line.passage.text))


def _body(passages: Sequence[Placed]) -> Iterator[Placed]:
    for line in passages:
        if line.is_heading and (line.section.role or headings.limit(line.passage.text) or line.passage.level):
            return
        yield line
