"""The log of a forum, as JSON."""

from collections.abc import Sequence
from datetime import date
from uuid import UUID

import msgspec
from litestar import Controller, Response
from litestar.di import NamedDependency

from workspace.desk import log_lines
from workspace.desk.log_lines import Filters, LogLine
from workspace.desk.log_pages import READ
from workspace.people.service import PeopleService
from workspace.web.api import Cursor, Limit, answer, reads
from workspace.web.paging import number_after, sliced
from workspace.web.params import FromPath, FromQuery
from workspace.web.services import Work


class LogOut(msgspec.Struct, frozen=True):
    """Entries, the newest first. `next` is the cursor of the page after this one."""

    items: Sequence[LogLine]
    next: str | None


class LogApi(Controller):
    """What happened in a forum."""

    path = "/api/forums/{forum:str}/log"
    tags = ("History",)
    opt = READ

    @reads("/", 422)
    def list_log(
        self,
        work: NamedDependency[Work],
        forum: FromPath[str],
        *,
        topic: FromQuery[str] = "",
        person: FromQuery[UUID | None] = None,
        declaration: FromQuery[UUID | None] = None,
        first: FromQuery[date | None] = None,
        last: FromQuery[date | None] = None,
        cursor: Cursor = "",
        limit: Limit = 50,
    ) -> Response[LogOut]:
        """List what happened in a forum, as far as one may know of it."""
        log_lines.filters_of({"topic": topic})
        filters = Filters(topic, person, declaration, first, last)
        before = number_after(cursor)
        actor = work.actor
        with work.reading() as db:
            found = PeopleService(db).forum(forum)
            seen = log_lines.reach(actor, found)
            lines = log_lines.lines(
                db, found, seen, filters=filters, messages=work.messages, before=before, limit=limit + 1
            )
        page = sliced(lines, cursor=lambda one: one.sequence, limit=limit)
        return answer(LogOut(items=page.items, next=page.next))
