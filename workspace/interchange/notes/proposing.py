"""Everything that a note proposes, from its text: the steps that `interchange.notes` names, one after another."""

from msgspec import structs

from workspace.interchange.notes import kinds, statements
from workspace.interchange.notes.inconsistencies import inconsistencies
from workspace.interchange.notes.language import spoken
from workspace.interchange.notes.layout import lay_out
from workspace.interchange.notes.meetings import meetings
from workspace.interchange.notes.reading import read_lines
from workspace.interchange.notes.recommendations import recommendations
from workspace.interchange.notes.sections import placed, template_sections
from workspace.interchange.notes.sessions import Sessions, sessions
from workspace.sessions.extraction import Extraction, Statement


def proposals(text: str, *, source: str) -> Extraction:
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
