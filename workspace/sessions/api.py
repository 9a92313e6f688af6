"""The programme of a forum, as JSON."""

from uuid import UUID

from litestar import Controller, Response
from litestar.di import NamedDependency
from litestar.params import FromPath

from workspace.people.service import PeopleService
from workspace.sessions.schemas import ProgrammeOut, SessionLine, SessionOut
from workspace.sessions.service import SessionService
from workspace.web.api import answer, reads
from workspace.web.services import Work


class SessionApi(Controller):
    """Sessions."""

    path = "/api"
    tags = ("Sessions",)

    @reads("/forums/{forum:str}/sessions")
    def list_sessions(self, work: NamedDependency[Work], forum: FromPath[str]) -> Response[ProgrammeOut]:
        """List the sessions of a forum."""
        with work.reading() as db:
            programme = SessionService(db).programme(PeopleService(db).forum(forum))
            return answer(ProgrammeOut(items=[SessionLine.of(session) for session in programme]))

    @reads("/sessions/{session_id:uuid}")
    def read_session(self, work: NamedDependency[Work], session_id: FromPath[UUID]) -> Response[SessionOut]:
        """Read one session with what its document tells of it."""
        with work.reading() as db:
            service = SessionService(db)
            session = service.get(session_id)
            return answer(SessionOut.of(session, service.details(session)))
