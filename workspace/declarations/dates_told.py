"""The calendar of a declaration as lines for a terminal, in the language of the command line."""

from workspace.declarations.deadlines import written
from workspace.declarations.models import Deadline, Declaration, Stage
from workspace.web.spoken import say


def told(declaration: Declaration) -> list[str]:
    """A line for each stage that has dates, with the offsets they were given with; stages as they are typed."""
    dated = ((stage, declaration.deadline(stage)) for stage in Stage)
    lines = [_line(stage, one) for stage, one in dated if one]
    phase = say(
        "%(declaration)s is in %(phase)s now.", declaration=declaration.slug, phase=declaration.phase.name.lower()
    )
    return [phase, *(lines or [say("It has no dates yet.")])]


def _line(stage: Stage, one: Deadline) -> str:
    said = say(
        "opens %(opens)s, closes %(closes)s",
        opens=written(one.opens_at, one.opens_offset) or "-",
        closes=written(one.closes_at, one.closes_offset) or "-",
    )
    state = say("it has closed") if one.closed_at else say("it has opened") if one.opened_at else ""
    return f"{stage.value:12} {said} ({one.zone}){'; ' if state else ''}{state}"
