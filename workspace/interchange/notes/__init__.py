"""Session notes in Spanish, English or French, read into proposals a rapporteur confirms, edits or drops.

The steps, each in its own file: bytes to numbered `reading`, lines to passages in `layout`, passages to `sections`;
then, each from the same passages, `sessions`, `recommendations`, `statements` and `inconsistencies`. What a language
says in its own words stands in `rules`.
"""

from msgspec import structs

from workspace.interchange.notes import kinds, statements
from workspace.interchange.notes.inconsistencies import inconsistencies
from workspace.interchange.notes.language import spoken
from workspace.interchange.notes.layout import lay_out
from workspace.interchange.notes.reading import read_lines
from workspace.interchange.notes.recommendations import recommendations
from workspace.interchange.notes.sections import placed, template_sections
from workspace.interchange.notes.sessions import Sessions, sessions
from workspace.sessions.extraction import Extraction, Statement

__all__ = ["extract"]


def extract(data: bytes, *, source: str) -> Extraction:
    """Everything the note proposes: sessions, statements with their lines, and what does not add up.

    Raises `BadFile` (facts: `source`, `reason`, `line` and `offset` where known) for what cannot be read as text,
    and nothing else.
    """
    lines = read_lines(data, source=source)
    layout = lay_out(lines)
    passages = placed(layout.passages)
    language = spoken(" ".join(passage.text for passage in layout.passages))
    title = kinds.title(passages)
    name = title[0] if title else None
    guess = kinds.kind(layout, passages, name=name)
    found = sessions(layout, passages, title=name, language=language, tells_one=guess in kinds.ABOUT_ONE_SESSION)
    claimed = found.title_lines | {title[1]} if title else found.title_lines
    template = template_sections(passages)
    passages = placed(layout.passages, titles=claimed)
    return Extraction(
        source=source,
        language=language,
        document_kind=kinds.settled(guess, found),
        title=name,
        sessions=found.found,
        template_sections=template,
        objectives=_said_in(statements.objectives(passages), found),
        key_messages=_said_in(statements.key_messages(passages), found),
        discussion_questions=_said_in(statements.discussion_questions(passages), found),
        recommendations=_said_in(recommendations(passages, language=language, claimed=claimed), found),
        participants=statements.participants(passages),
        collaboration_projects=statements.projects(passages),
        links=statements.links(lines),
        inconsistencies=inconsistencies(passages, found, template),
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
