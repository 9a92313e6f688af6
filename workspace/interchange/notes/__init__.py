"""Session notes in Spanish, English or French, read into proposals a rapporteur confirms, edits or drops.

The steps, each in its own file: text (from `interchange.readers`) to numbered lines in `reading`,
lines to passages in `layout`, passages to `sections`;
then, each from the same passages, `sessions`, `recommendations`, `statements` and `inconsistencies`. What a language
says in its own words stands in `rules`.
"""

from dataclasses import dataclass

import msgspec
from msgspec import structs

from workspace.core.sandbox import run_bounded
from workspace.interchange.notes import kinds, statements
from workspace.interchange.notes.inconsistencies import inconsistencies
from workspace.interchange.notes.language import spoken
from workspace.interchange.notes.layout import lay_out
from workspace.interchange.notes.meetings import meetings
from workspace.interchange.notes.reading import read_lines
from workspace.interchange.notes.recommendations import recommendations
from workspace.interchange.notes.sections import placed, template_sections
from workspace.interchange.notes.sessions import Sessions, sessions
from workspace.interchange.readers import FileRead, read_file
from workspace.sessions.extraction import Extraction, Statement

__all__ = ["Note", "extract", "extract_text", "in_child", "read_note"]

LONG = 60_000  # characters, some thirty pages: fewer are read at once, more in a process with bounds
SECONDS = 30
MEMORY = 1_500_000_000  # bytes of address space; the tables that tell languages apart alone take a third
FILES = 300_000_000  # bytes that those tables are unpacked to
IN_CHILD = "workspace.interchange.notes:in_child"


@dataclass(frozen=True, slots=True)
class Note:
    """A file as it was read, and what it proposes."""

    file: FileRead
    extraction: Extraction


def read_note(data: bytes, *, source: str) -> Note:
    """Read a file of any kind we know. Raises `BadFile` (facts: `source`, `reason`, …) and nothing else."""
    file = read_file(data, source=source)
    if len(file.text) <= LONG:
        return Note(file, extract_text(file.text, source=source))
    found = run_bounded(IN_CHILD, file.text.encode(), source=source, memory=MEMORY, seconds=SECONDS, files=FILES)
    return Note(file, msgspec.json.decode(found, type=Extraction))


def in_child(data: bytes, source: str) -> bytes:
    """What `extract_text` finds, for a process of its own: a long text made to be slow is given up there."""
    return msgspec.json.encode(extract_text(data.decode(), source=source))


def extract(data: bytes, *, source: str) -> Extraction:
    """What a file proposes, where the file itself is not to be kept; raises as `read_note` does."""
    return read_note(data, source=source).extraction


def extract_text(text: str, *, source: str) -> Extraction:
    """Everything the note proposes: sessions, statements with their lines, and what does not add up."""
    lines = read_lines(text, source=source)
    layout = lay_out(lines)
    passages = placed(layout.passages)
    language = spoken(" ".join(passage.text for passage in layout.passages))
    title = kinds.title(passages)
    name = title[0] if title else None
    guess = kinds.kind(layout, passages, name=name)
    found = sessions(layout, passages, title=name, language=language, tells_one=guess in kinds.ABOUT_ONE_SESSION)
    if guess == "report" and not found.found:
        found = meetings(passages)
    claimed = found.title_lines | {title[1]} if title else found.title_lines
    template = template_sections(passages)
    passages = placed(layout.passages, titles=claimed)
    projects = statements.projects(passages)
    return Extraction(
        source=source,
        language=language,
        document_kind=kinds.settled(guess, found, is_loose=not template and not kinds.calls_itself(layout, name)),
        title=name,
        sessions=found.found,
        template_sections=template,
        objectives=_said_in(statements.objectives(passages, language=language), found),
        key_messages=_said_in(statements.key_messages(passages, language=language), found),
        discussion_questions=_said_in(statements.discussion_questions(passages), found),
        recommendations=_said_in(
            recommendations(passages, language=language, claimed=claimed | statements.action_lines(passages)), found
        ),
        participants=statements.participants(passages),
        collaboration_projects=projects,
        links=statements.links(lines),
        inconsistencies=inconsistencies(
            passages, found, template, lines=lines, layout=layout, language=language, projects=len(projects)
        ),
    )


def _said_in(said: tuple[Statement, ...], found: Sessions) -> tuple[Statement, ...]:
    """Each statement with its session; where no heading stands over it, the session's title is its section."""
    placed_in = []
    for statement in said:
        session = found.of(statement.line) if statement.line else None
        section = statement.section
        if section is None and session is not None and found.is_programme:
            section = found.found[session].title
        placed_in.append(structs.replace(statement, session=session, section=section))
    return tuple(placed_in)
