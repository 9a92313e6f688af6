"""Where a declaration comes from: the programme, each session, and the register of what they recommended."""

from dataclasses import dataclass, field
from uuid import UUID

from litestar import Controller, Response, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath, URLEncodedBody
from litestar.response import Redirect

from workspace.desk.programme import programme
from workspace.desk.register import register
from workspace.desk.session import session_page
from workspace.people.service import PeopleService
from workspace.recommendations.models import Standing
from workspace.recommendations.service import RecommendationService
from workspace.web.pages import page, redirect
from workspace.web.services import Work

CONFIRM, DROP, CONFIRM_ALL = "confirm", "drop", "confirm_all"


@dataclass(frozen=True, slots=True)
class SettleForm:
    """The recommendations that were ticked, what to do with them, and the page to come back to."""

    act: str = ""
    number: list[int] | int = field(default_factory=list)  # one that is ticked alone comes as a number
    back: str = ""

    def numbers(self) -> list[int]:
        return self.number if isinstance(self.number, list) else [self.number]


class SourcePages(Controller):
    """Sessions and recommendations of a forum."""

    path = "/{forum:str}"

    @get("/sessions", name="sessions", sync_to_thread=True)
    def sessions(self, work: NamedDependency[Work], forum: FromPath[str]) -> Response[str]:
        """The programme."""
        with work.reading() as db:
            context = programme(db, forum, work=work)
        return page(work, "sessions/programme.html", context)

    @get("/sessions/{session_id:uuid}", name="session", sync_to_thread=True)
    def session(self, work: NamedDependency[Work], forum: FromPath[str], session_id: FromPath[UUID]) -> Response[str]:
        """One session with its note."""
        with work.reading() as db:
            context = session_page(db, forum, session_id, work=work)
        return page(work, "sessions/session.html", context)

    @get("/recommendations", name="recommendations", sync_to_thread=True)
    def recommendations(self, work: NamedDependency[Work], forum: FromPath[str]) -> Response[str]:
        """The register, filtered by `?words=`, `?session=`, `?said_in=`, `?standing=` and `?went=`."""
        with work.reading() as db:
            context = register(db, forum, work=work, settings=dict(work.request.query_params.items()))
        return page(work, "recommendations/register.html", context)

    @post("/recommendations", name="settle_recommendations", sync_to_thread=True)
    def settle(self, work: NamedDependency[Work], forum: FromPath[str], data: URLEncodedBody[SettleForm]) -> Redirect:
        """Confirm or drop what was ticked, or confirm every proposal."""
        actor = work.actor
        with work.writing() as db:
            service, where = RecommendationService(db), PeopleService(db).forum(forum)
            if data.act == CONFIRM_ALL:
                settled = service.confirm_all(where, actor=actor)
            else:
                standing = Standing.DROPPED if data.act == DROP else Standing.CONFIRMED
                settled = service.settle(where, data.numbers(), standing, actor=actor)
            count = len(settled)
        back = data.back or work.url_for("recommendations", forum=forum)
        return redirect(work, back, said=_said(work, data.act, count))


def _said(work: Work, act: str, count: int) -> str:
    messages = work.messages
    if not count:
        return messages.gettext("Nothing was changed: no recommendation was chosen.")
    if act == DROP:
        return messages.ngettext(
            "%(n)s recommendation is dropped. Its words are kept.",
            "%(n)s recommendations are dropped. Their words are kept.",
            count,
        )
    return messages.ngettext("%(n)s recommendation is confirmed.", "%(n)s recommendations are confirmed.", count)
