"""Members and mandates in bulk: send a spreadsheet, see what it would do row by row, then take it in."""

from collections.abc import Mapping, Sequence
from datetime import date
from pathlib import PurePath
from uuid import UUID

from litestar import Controller, Response, get, post
from litestar.datastructures import UploadFile
from litestar.di import NamedDependency
from msgspec import Struct, field

from workspace.core.actor import Role
from workspace.core.errors import BadFile, Invalid
from workspace.core.shapes import filled
from workspace.core.spreadsheets import MOST_BYTES, MOST_ROWS
from workspace.declarations.frame import header
from workspace.desk import rosters
from workspace.people import countries, policy
from workspace.people.frame import forum_frame
from workspace.people.roster_file import read_sheet
from workspace.people.roster_template import HEADINGS, template
from workspace.people.rosters import Checked, Outcome, RosterService
from workspace.people.service import PeopleService
from workspace.web.i18n import Messages
from workspace.web.pages import ROLE_NAMES, Page, page, redirect
from workspace.web.params import FromPath, MultipartBody, URLEncodedBody
from workspace.web.route_policies import SEE_PEOPLE
from workspace.web.sentences import sentence
from workspace.web.services import Work

SHOWN_AGAIN = 422
GOOD_SHOWN = 200  # rows without problems that the preview shows; those with problems are all there
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


class FileForm(Struct, frozen=True):
    """A spreadsheet, and the role of rows that name none."""

    file: UploadFile | None = None
    role: str = "member"

    def content(self) -> tuple[str, bytes]:
        """The name of the file and what is in it; raises `Invalid` when none was chosen."""
        if self.file is None or not self.file.filename:
            raise Invalid(field="file", reason="required")
        return PurePath(self.file.filename.replace("\\", "/")).name[-120:], self.file.file.read()


class TakeForm(Struct, frozen=True):
    """`rows` is the button that was pressed: all, good or none."""

    rows: str = ""
    invite: str = ""


class SendPage(Page, frozen=True, kw_only=True):
    roles: Sequence[Role]
    role: str
    most: int
    errors: Mapping[str, str] = field(default_factory=dict)


class RowLine(Struct, frozen=True):
    """One row of the preview. `problems` are pairs of a column's heading and a sentence."""

    line: int
    name: str
    email: str
    organisation: str
    is_new_organisation: bool
    country: str
    role: Role | None
    starts_on: date | None
    ends_on: date | None
    language: str
    outcome: str
    problems: Sequence[tuple[str, str]]


class PreviewPage(Page, frozen=True, kw_only=True):
    id: str
    source: str
    bad: Sequence[RowLine]
    good: Sequence[RowLine]
    good_count: int
    new_people: int
    new_roles: int
    known: int
    new_organisations: int
    with_email: int  # of the people who are new
    error: str


class RosterPages(Controller):
    """Spreadsheets of people."""

    path = "/{forum:str}/people/import"

    @get("/", name="import_people", sync_to_thread=True, policy=SEE_PEOPLE)
    def send(self, work: NamedDependency[Work], forum: FromPath[str]) -> Response[str]:
        """What a spreadsheet of people looks like, and the form that takes one."""
        return page(work, "people/import.html", _send(work, forum))

    @get("/template", name="people_template", sync_to_thread=True, policy=SEE_PEOPLE)
    def template(self, work: NamedDependency[Work], forum: FromPath[str]) -> Response[bytes]:
        """A spreadsheet to fill in."""
        roles = _send(work, forum).roles
        content = template(work.messages, [(role, work.messages.gettext(ROLE_NAMES[role])) for role in roles])
        headers = {"Content-Disposition": 'attachment; filename="people.xlsx"', "Cache-Control": "no-store"}
        return Response(content, media_type=XLSX, headers=headers)

    @post(
        "/",
        name="send_people",
        request_max_body_size=MOST_BYTES + 100_000,
        sync_to_thread=True,
        policy="organisation.manage_people",
    )
    def keep(
        self, work: NamedDependency[Work], forum: FromPath[str], data: MultipartBody[FileForm]
    ) -> Response[str] | Response[None]:
        """Read a spreadsheet and show what it would do."""
        actor, context = work.actor, _send(work, forum)
        try:
            source, content = data.content()
            sheet = read_sheet(content, source=source)
            role = Role(data.role) if data.role in {one.value for one in context.roles} else Role.MEMBER
            with work.writing() as db:
                roster = RosterService(db).keep(
                    PeopleService(db).forum(forum), sheet, source=source, role=role, actor=actor
                )
                where = work.url_for("preview_people", forum=forum, roster_id=roster.id)
        except (BadFile, Invalid) as refusal:
            context = _send(work, forum, errors={"file": sentence(refusal, work.messages)}, role=data.role)
            return page(work, "people/import.html", context, status=SHOWN_AGAIN)
        said = work.messages.gettext(
            "Columns that nobody knows were left out: %(columns)s.", columns=", ".join(sheet.unknown)
        )
        return redirect(work, where, said=said if sheet.unknown else "")

    @get("/{roster_id:uuid}", name="preview_people", sync_to_thread=True, policy=SEE_PEOPLE)
    def preview(self, work: NamedDependency[Work], forum: FromPath[str], roster_id: FromPath[UUID]) -> Response[str]:
        """Every row that has a problem, and what the others would do."""
        return page(work, "people/preview.html", _preview(work, forum, roster_id))

    @post("/{roster_id:uuid}", name="take_in_people", sync_to_thread=True, policy="organisation.manage_people")
    def take_in(
        self,
        work: NamedDependency[Work],
        forum: FromPath[str],
        roster_id: FromPath[UUID],
        data: URLEncodedBody[TakeForm],
    ) -> Response[str] | Response[None]:
        """Take every row in, or the good ones, or none."""
        actor, say = work.actor, work.messages
        try:
            with work.writing() as db:
                where = PeopleService(db).forum(forum)
                roster = RosterService(db).get(where, roster_id, actor=actor)
                if data.rows == "none":
                    RosterService(db).drop(roster)
                    said = say.gettext("The file is forgotten; nothing was taken in.")
                else:
                    only_good, invite = data.rows == "good", bool(data.invite)
                    taken = rosters.take_in(db, where, roster, only_good=only_good, invite=invite, actor=actor)
                    said = said_of(taken, say)
        except Invalid as refusal:
            context = _preview(work, forum, roster_id, error=sentence(refusal, say))
            return page(work, "people/preview.html", context, status=SHOWN_AGAIN)
        return redirect(work, work.url_for("people", forum=forum), said=said)


def _send(work: Work, forum: str, *, errors: Mapping[str, str] | None = None, role: str = "member") -> SendPage:
    with work.reading() as db:
        frame = forum_frame(db, forum, work=work)
        policy.ensure_may_see_people(work.actor, frame.forum)
        place = header(db, frame, work=work)
        roles = set(policy.roles_to_give(work.actor, frame.forum)) | (
            policy.EVERYDAY_ROLES if policy.stewarded(work.actor, frame.forum) else set()
        )
    return SendPage(
        place=place,
        here="people",
        roles=[one for one in policy.ROLES_TO_GIVE if one in roles],
        role=role,
        most=MOST_ROWS,
        errors=errors or {},
    )


def _preview(work: Work, forum: str, roster_id: UUID, *, error: str = "") -> PreviewPage:
    with work.reading() as db:
        frame = forum_frame(db, forum, work=work)
        service = RosterService(db)
        roster = service.get(frame.forum, roster_id, actor=work.actor)
        known = rosters.known_addresses(db, frame.forum)
        checked = service.check(frame.forum, roster, known=known, actor=work.actor)
        source, place = roster.source, header(db, frame, work=work)
    good = [one for one in checked if not one.problems]
    new = {one.entry.email or f"{one.entry.name}|{one.entry.organisation}": one for one in good if _is_new(one)}
    return PreviewPage(
        place=place,
        here="people",
        id=str(roster_id),
        source=source,
        bad=[_line(one, work) for one in checked if one.problems],
        good=[_line(one, work) for one in good[:GOOD_SHOWN]],
        good_count=len(good),
        new_people=len(new),
        new_roles=sum(one.outcome is Outcome.ROLE for one in good),
        known=sum(one.outcome is Outcome.KNOWN for one in good),
        new_organisations=len({one.entry.organisation.casefold() for one in good if one.is_new_organisation}),
        with_email=sum(bool(one.entry.email) for one in new.values()),
        error=error,
    )


def _is_new(checked: Checked) -> bool:
    return checked.outcome is Outcome.NEW


def _line(checked: Checked, work: Work) -> RowLine:
    entry = checked.entry
    return filled(
        RowLine,
        entry,
        is_new_organisation=checked.is_new_organisation,
        country=countries.name(entry.country, work.language) if entry.country else "",
        outcome=checked.outcome.value,
        problems=[(heading(one, work.messages), sentence(one, work.messages)) for one in checked.problems],
    )


def heading(problem: Invalid, messages: Messages) -> str:
    """The heading of the column that a problem is about."""
    return messages.gettext(HEADINGS[str(problem.facts["field"])])


def said_of(taken: rosters.TakenIn, say: Messages) -> str:
    """What taking the rows in has done."""
    people = say.ngettext("One person is new", "%(n)s people are new", taken.new_people)
    if not taken.invited:
        return say.gettext("The rows are taken in. %(people)s.", people=people)
    invited = say.ngettext("one invitation is on its way", "%(n)s invitations are on their way", taken.invited)
    return say.gettext("The rows are taken in. %(people)s, %(invited)s.", people=people, invited=invited)
