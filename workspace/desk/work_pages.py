"""My work: everything that awaits the reader in a forum, by the part they play, what is due first at the top."""

from collections.abc import Sequence
from datetime import date, datetime

import sqlalchemy as sa
from litestar import Controller, Response, get
from litestar.di import NamedDependency
from msgspec import Struct

from workspace.core.db import Db
from workspace.declarations.frame import forum_place, known_declarations
from workspace.desk.tasks import PARTS, Part, Task, tasks
from workspace.desk.waiting import waiting
from workspace.people.frame import forum_frame
from workspace.sessions.models import Session
from workspace.web.pages import Page, page
from workspace.web.params import FromPath
from workspace.web.route_policies import OWN
from workspace.web.services import Work
from workspace.web.sign_ins import SignInNeeded


class PartTasks(Struct, frozen=True):
    """What awaits them in one of their parts."""

    name: str
    tasks: Sequence[Task]


class WorkPage(Page, frozen=True, kw_only=True):
    name: str
    count: int
    parts: Sequence[PartTasks]


class WorkPages(Controller):
    """What awaits whoever asks."""

    path = "/{forum:str}"

    @get("/work", name="work", sync_to_thread=True, policy=OWN)
    def work(self, work: NamedDependency[Work], forum: FromPath[str]) -> Response[str]:
        """All of it; raises `SignInNeeded` for a visitor, who has none."""
        if work.actor.person_id is None:
            raise SignInNeeded
        with work.reading() as db:
            context = _page(db, forum, work)
        return page(work, "desk/work.html", context)


def _page(db: Db, slug: str, work: Work) -> WorkPage:
    found = forum_frame(db, slug, work=work)
    declarations = known_declarations(db, found, work=work)
    count = db.scalar(sa.select(sa.func.count()).select_from(Session).where(Session.forum_id == found.forum.id)) or 0
    wait = waiting(db, found.forum, declarations, session_count=count, actor=work.actor)
    mine = tasks(wait, found.forum, work=work)
    groups: dict[Part, list[Task]] = {}
    for task in sorted(mine, key=_when):
        groups.setdefault(task.part, []).append(task)
    return WorkPage(
        place=forum_place(found, declarations, work=work),
        here="forum",
        name=found.forum.name.said_in(work.language),
        count=len(mine),
        parts=[PartTasks(work.messages.gettext(PARTS[part]), some) for part, some in groups.items()],
    )


def _when(task: Task) -> tuple[bool, str]:
    """What is due first comes first; what has no date, last and in the order it came in."""
    due: datetime | date | None = task.due
    return (due is None, due.isoformat()[:10] if due else "")
