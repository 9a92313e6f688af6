"""Members and mandates in bulk, as JSON: a spreadsheet in, what it would do row by row, and the taking in."""

from typing import Annotated
from uuid import UUID

from litestar import Controller, Response
from litestar.datastructures import UploadFile
from litestar.di import NamedDependency
from msgspec import Meta, Struct

from workspace.core.actor import Actor, Role
from workspace.core.db import Db
from workspace.core.shapes import filled
from workspace.core.spreadsheets import MOST_BYTES
from workspace.desk import rosters
from workspace.people import policy
from workspace.people.models import Forum, Roster
from workspace.people.roster_file import read_sheet
from workspace.people.rosters import RosterService
from workspace.people.schemas import ProblemOut, RoleWord, RosterOut, RowOut, TakeIn, TakenOut
from workspace.people.service import PeopleService
from workspace.web.api import DONE, answer, reads, writes
from workspace.web.params import FromPath, JSONBody, MultipartBody
from workspace.web.sentences import sentence
from workspace.web.services import Work


class SheetIn(Struct, frozen=True, kw_only=True):
    """A spreadsheet, CSV or XLSX, with headings in Spanish, English or French; `role` is that of rows without one."""

    files: Annotated[list[UploadFile], Meta(min_length=1, max_length=1)]
    role: RoleWord = "member"


class RosterApi(Controller):
    """Spreadsheets of people."""

    path = "/api/forums/{forum:str}/rosters"
    tags = ("People",)

    @writes("/", largest=MOST_BYTES + 100_000, policy="organisation.manage_people")
    def send_roster(
        self, work: NamedDependency[Work], forum: FromPath[str], data: MultipartBody[SheetIn]
    ) -> Response[RosterOut]:
        """Read a spreadsheet of people and tell what each row would do; nothing is in the register yet."""
        actor, file = work.actor, data.files[0]
        with work.reading() as db:
            policy.ensure_may_see_people(actor, PeopleService(db).forum(forum))
        source = file.filename.replace("\\", "/").rpartition("/")[2][-120:] or "?"
        sheet = read_sheet(file.file.read(), source=source)
        with work.writing() as db:
            where = PeopleService(db).forum(forum)
            roster = RosterService(db).keep(where, sheet, source=source, role=Role(data.role), actor=actor)
            kept = _told(db, where, roster, work=work, actor=actor, unknown=list(sheet.unknown))
        return answer(kept)

    @reads("/{roster_id:uuid}", policy="organisation.manage_people")
    def read_roster(
        self, work: NamedDependency[Work], forum: FromPath[str], roster_id: FromPath[UUID]
    ) -> Response[RosterOut]:
        """Read again what each row would do now."""
        actor = work.actor
        with work.reading() as db:
            where = PeopleService(db).forum(forum)
            roster = RosterService(db).get(where, roster_id, actor=actor)
            return answer(_told(db, where, roster, work=work, actor=actor, unknown=[]))

    @writes("/{roster_id:uuid}/taking-in", status=DONE, policy="organisation.manage_people")
    def take_in_roster(
        self, work: NamedDependency[Work], forum: FromPath[str], roster_id: FromPath[UUID], data: JSONBody[TakeIn]
    ) -> Response[TakenOut]:
        """Bring the rows into the register: all of them, or with `good` those without problems; and invite people."""
        actor = work.actor
        with work.writing() as db:
            where = PeopleService(db).forum(forum)
            roster = RosterService(db).get(where, roster_id, actor=actor)
            taken = rosters.take_in(db, where, roster, only_good=data.rows == "good", invite=data.invite, actor=actor)
        return answer(filled(TakenOut, taken))


def _told(db: Db, forum: Forum, roster: Roster, *, work: Work, actor: Actor, unknown: list[str]) -> RosterOut:
    known = rosters.known_addresses(db, forum)
    checked = RosterService(db).check(forum, roster, known=known, actor=actor)
    rows = [
        RowOut.of(
            one,
            [
                ProblemOut(
                    column=str(problem.facts["field"]),
                    reason=str(problem.facts["reason"]),
                    detail=sentence(problem, work.messages),
                )
                for problem in one.problems
            ],
        )
        for one in checked
    ]
    bad = sum(bool(one.problems) for one in rows)
    return RosterOut(id=roster.id, source=roster.source, unknown_columns=unknown, rows=rows, with_problems=bad)
