"""Where a recommendation was said: the line of a session's note, or, for what was sent in, its own page."""

from workspace.recommendations.models import Recommendation
from workspace.web.services import Work


def where_said(work: Work, forum: str, recommendation: Recommendation) -> str:
    """The address of the sentence that somebody said in a room, as near as it is known."""
    if recommendation.session_id is None:
        return work.url_for("recommendation", forum=forum, number=recommendation.number)
    session = work.url_for("session", forum=forum, session_id=recommendation.session_id)
    return f"{session}#line-{recommendation.line}" if recommendation.line else session
