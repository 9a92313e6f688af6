"""Objectives, key messages, questions for debate, participants, links and collaboration projects."""

import re
from collections.abc import Iterator, Sequence
from functools import cache

from workspace.interchange.notes import sentences, times
from workspace.interchange.notes.layout import Kind
from workspace.interchange.notes.reading import Line
from workspace.interchange.notes.rules import ALL
from workspace.interchange.notes.sections import Placed
from workspace.interchange.notes.words import bare_title, folded, unmarked
from workspace.sessions.extraction import CollaborationProject, Statement

LONGEST = 1200
FEWEST_WORDS = 3
LONGEST_PARTICIPANT = 160
LONGEST_TITLE = 240
LINK = re.compile(r"(?:https?://|www\.)[^\s<>\"'«»“”()\[\]{}|]{3,500}")
BODIES = frozenset({Kind.ITEM, Kind.TEXT, Kind.HEADING, Kind.CELL})


def objectives(passages: Sequence[Placed]) -> tuple[Statement, ...]:
    """The items of a section of objectives, and what its sentences say they aim at."""
    return tuple(_objectives(passages))


def _objectives(passages: Sequence[Placed]) -> Iterator[Statement]:
    for one in passages:
        if one.section.role != "objectives" or one.is_heading:
            continue
        if one.passage.kind is Kind.ITEM and len(one.passage.text.split()) >= FEWEST_WORDS:
            if not one.passage.text.endswith("?"):
                yield _whole(one)
        elif one.passage.kind is Kind.TEXT:
            yield from _aims(one)


def _aims(one: Placed) -> Iterator[Statement]:
    for sentence in sentences.split(one.passage.text):
        found = _purpose().search(sentence.text[:LONGEST])
        words = sentence.text[found.end() :].strip(" .") if found else ""
        if found and len(words.split()) >= FEWEST_WORDS and not sentence.is_question:
            offset = sentence.begins + sentence.text.index(words, found.end())
            yield _part(one, offset, words, found[0].lower())


@cache
def _purpose() -> re.Pattern[str]:
    return re.compile(rf"(?<!\w)(?:{'|'.join(p for cues in ALL.values() for p in cues.purposes)})(?!\w)", re.IGNORECASE)


def key_messages(passages: Sequence[Placed]) -> tuple[Statement, ...]:
    """What stands in a section of key messages, one statement a paragraph or item."""
    return tuple(
        _whole(one)
        for one in passages
        if one.section.role == "key_messages"
        and not one.is_heading
        and one.passage.kind in BODIES
        and not one.passage.text.endswith(("?", ":"))
        and not times.day_line(one.passage.text)
        and len(one.passage.text.split()) >= FEWEST_WORDS
        and len(one.passage.text) <= LONGEST
    )


def discussion_questions(passages: Sequence[Placed]) -> tuple[Statement, ...]:
    """Questions of a section for them; elsewhere, items and paragraphs that only ask."""
    return tuple(_questions(passages))


def _questions(passages: Sequence[Placed]) -> Iterator[Statement]:
    for one in passages:
        text = one.passage.text
        if (
            one.is_heading
            or one.passage.kind not in BODIES
            or one.section.role in {"agenda", "speakers", "participants"}
        ):
            continue
        every = [s for s in sentences.split(text) if s.text]
        asked = [s for s in every if s.is_question and len(s.text.split()) >= FEWEST_WORDS]
        if one.section.role == "questions":
            if not asked and one.passage.kind is Kind.ITEM and sentences.asks(text):
                yield _whole(one)
        elif one.passage.kind is Kind.HEADING or not (
            one.passage.kind is Kind.ITEM or (len(asked) == len(every) and all(sentences.asks(s.text) for s in asked))
        ):
            continue
        for sentence in asked:
            yield _part(one, sentence.begins, sentence.text, None)


def participants(passages: Sequence[Placed]) -> tuple[str, ...]:
    """The items of a list of participants, or the lines and names of one without bullets."""
    found: list[str] = []
    for one in passages:
        if one.section.role != "participants" or one.is_heading:
            continue
        text = unmarked(one.passage.text).strip(" .;,")
        if one.passage.kind is Kind.ITEM and len(text) <= LONGEST_PARTICIPANT:
            found.append(text)
        elif one.passage.kind is Kind.TEXT and not one.section.has_items and ";" in text:
            found += [part.strip(" .") for part in text.split(";") if 0 < len(part.strip()) <= LONGEST_PARTICIPANT]
    return tuple(dict.fromkeys(found))


def links(lines: Sequence[Line]) -> tuple[str, ...]:
    """Every web address, once, in order."""
    found = (match[0].rstrip(".,;:!?*_") for line in lines for match in LINK.finditer(line.text))
    distinct = dict.fromkeys(found)
    return tuple(
        link
        for link in distinct
        if not (link.startswith("www.") and any(other.endswith(link) for other in distinct if other != link))
    )


def projects(passages: Sequence[Placed]) -> tuple[CollaborationProject, ...]:
    """Numbered projects with the members interested and the actions listed under each."""
    starts = [
        (place, match)
        for place, one in enumerate(passages)
        if (match := _project().match(bare_title(one.passage.text)[:LONGEST_TITLE]))
    ]
    ends = [*(place for place, _ in starts), len(passages)][1:]
    return tuple(
        CollaborationProject(
            title=match["title"].strip(),
            interested=_interested(passages[place + 1 : end]),
            actions=_actions(passages[place + 1 : end]),
        )
        for (place, match), end in zip(starts, ends, strict=True)
    )


@cache
def _project() -> re.Pattern[str]:
    names = "|".join(name for cues in ALL.values() for name in cues.projects)
    return re.compile(rf"(?:{names})\s(?:n[.º°]\s?)?\d{{1,2}}\s?[:.–—-]\s?(?P<title>\S.*)$", re.IGNORECASE | re.DOTALL)


def _interested(passages: Sequence[Placed]) -> tuple[str, ...]:
    openings = [name for cues in ALL.values() for name in cues.interested]
    for one in passages:
        text = unmarked(one.passage.text)
        plain = folded(text)
        if len(text) > LONGEST or not plain.startswith(tuple(openings)):
            continue
        listed = re.split(r":\s|\b(?:en el proyecto|in the project|par le projet|au projet)\b:?", text, maxsplit=1)[-1]
        return tuple(part.strip(" .") for part in re.split(r"[,;]|\s(?:y|and|et)\s", listed) if part.strip(" ."))
    return ()


def _actions(passages: Sequence[Placed]) -> tuple[str, ...]:
    openings = [name for cues in ALL.values() for name in cues.project_actions]
    found: list[str] = []
    is_open = False
    for one in passages:
        if one.passage.text.endswith(":"):
            is_open = any(opening in folded(one.passage.text) for opening in openings)
        elif one.passage.kind is Kind.ITEM and is_open:
            found.append(one.passage.text)
        elif found:
            break
    return tuple(found)


def _whole(one: Placed) -> Statement:
    return Statement(text=one.passage.text, line=one.passage.line, page=one.passage.page, section=one.section.name)


def _part(one: Placed, begins: int, text: str, marker: str | None) -> Statement:
    return Statement(
        text=text,
        line=one.passage.line_at(begins),
        page=one.passage.page,
        section=one.section.name,
        marker=marker,
    )
