"""Where a declaration comes from: the programme, and each session."""

from uuid import UUID

from litestar import Controller, Response, get
from litestar.di import NamedDependency

from workspace.desk.programme import programme
from workspace.desk.session import session_page
from workspace.web.pages import page
from workspace.web.params import FromPath
from workspace.web.services import Work


class SourcePages(Controller):
    """Sessions of a forum."""

    path = "/{forum:str}"

    @get("/sessions", name="sessions", sync_to_thread=True, policy="session.read")
    def sessions(self, work: NamedDependency[Work], forum: FromPath[str]) -> Response[str]:
        """The programme."""
        with work.reading() as db:
            context = programme(db, forum, work=work)
        return page(work, "sessions/programme.html", context)

    @get("/sessions/{session_id:uuid}", name="session", sync_to_thread=True, policy="session.read")
    def session(self, work: NamedDependency[Work], forum: FromPath[str], session_id: FromPath[UUID]) -> Response[str]:
        """One session with its note."""
        with work.reading() as db:
            context = session_page(db, forum, session_id, work=work)
        return page(work, "sessions/session.html", context)
