"""Members and mandates in bulk: send a spreadsheet, see what it would do row by row, then take it in."""

import io
from collections.abc import Mapping, Sequence
from datetime import date
from pathlib import PurePath
from uuid import UUID

import sqlalchemy as sa
from litestar import Controller, Response
from litestar.datastructures import UploadFile
from msgspec import Struct, field

from workspace.accounts.domain.models import Account, Ticket
from workspace.accounts.domain.tickets import Invitee, TicketService
from workspace.core.actor import Actor, Role
from workspace.core.errors import BadFile, Invalid
from workspace.core.shapes import MadeFile, filled
from workspace.core.spreadsheets import MOST_BYTES, MOST_ROWS
from workspace.core.storage.db import Db
from workspace.declarations.frame import header
from workspace.people import policy, validation
from workspace.people.frame import FrameInForum, InForum, forum_frame
from workspace.people.models import Forum, Mandate, Roster
from workspace.people.roster_file import COLUMNS, read_sheet
from workspace.people.rosters import CheckedRow, RosterService, RowOutcome
from workspace.people.service import PeopleService
from workspace.web.http.files import attachment
from workspace.web.http.guards import SEE_PEOPLE
from workspace.web.http.request_context import FormBody, MultipartBody, PathId, Slug, Work
from workspace.web.http.routing import get, post
from workspace.web.i18n.marking import N_
from workspace.web.i18n.messages import LANGUAGES, Messages
from workspace.web.pages import ROLE_NAMES, SHOWN_AGAIN, Done, Page, PageOrRedirect, page, redirect, shows, takes
from workspace.web.refusals.sentences import sentence, unread_columns


class RosterImport(Struct, frozen=True):
    """How many rows were taken in, how many people are new, how many were invited."""

    rows: int
    new_people: int
    invited: int


def known_addresses(db: Db, forum: Forum) -> Mapping[str, UUID]:
    """The addresses that accounts and open invitations hold of people who are in this forum, with whose they are."""
    here = sa.select(Mandate.person_id).where(Mandate.forum_id == forum.id)
    invited = db.execute(
        sa.select(Ticket.email, Ticket.person_id).where(Ticket.person_id.in_(here), Ticket.ended_at.is_(None))
    )
    accounts = db.execute(sa.select(Account.email, Account.person_id).where(Account.person_id.in_(here)))
    return {row.email: row.person_id for row in (*invited, *accounts) if row.person_id}


def import_roster(db: Db, forum: Forum, roster: Roster, *, only_good: bool, invite: bool, actor: Actor) -> RosterImport:
    """Bring the rows into the register, all or none of them, and invite the people who are new if that is wished."""
    taken = RosterService(db).take_in(forum, roster, known=known_addresses(db, forum), only_good=only_good, actor=actor)
    new = {row.person.id: row for row in taken if row.is_new}
    invited = 0
    if invite:
        letters = [Invitee(row.person, row.email, row.person.language) for row in new.values() if row.email]
        invited = TicketService(db).invite_many(forum, letters, actor=actor)
    return RosterImport(rows=len(taken), new_people=len(new), invited=invited)


HEADINGS = {
    "name": N_("Name"),
    "email": N_("E-mail"),
    "organisation": N_("Organisation"),
    "kind": N_("Kind"),
    "country": N_("Country"),
    "role": N_("Role"),
    "starts_on": N_("First day"),
    "ends_on": N_("Last day"),
    "language": N_("Language"),
}
NOTES = {
    "name": N_("First name and surname (required)."),
    "email": N_("For the invitation; never shown to others."),
    "organisation": N_("Whom the person represents; added if new."),
    "kind": N_("For a new organisation: city, region, network or other."),
    "country": N_("Name, or two letters such as MX."),
    "role": N_("Empty: the role chosen on import."),
    "starts_on": N_("As 2027-06-10. Empty: from now on."),
    "ends_on": N_("Empty: no end."),
    "language": N_("For e-mails: Spanish, English or French."),
}
KIND_WORDS = (N_("city"), N_("region"), N_("network"), N_("other"))
_WIDTHS = {"name": 30, "email": 30, "organisation": 34, "country": 18, "role": 20}


def roster_template(messages: Messages, roles: Sequence[tuple[Role, str]]) -> bytes:
    """An XLSX file with `roles` (and what they are called) to choose from. Its words are recognised when it returns."""
    import xlsxwriter  # noqa: PLC0415  (as in `core.sheets`)

    buffer = io.BytesIO()
    book = xlsxwriter.Workbook(buffer, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False})
    bold = book.add_format({"bold": True, "bottom": 1})
    wrapped = book.add_format({"text_wrap": True, "valign": "top"})
    day = book.add_format({"num_format": "yyyy-mm-dd"})
    people, notes = book.add_worksheet(messages.gettext("People")), book.add_worksheet(messages.gettext("Notes"))
    choices = {
        "kind": [messages.gettext(word) for word in KIND_WORDS],
        "role": [words for _, words in roles],
        "language": [messages.language_name(language) for language in LANGUAGES],
    }
    people.freeze_panes(1, 0)
    notes.set_column(0, 0, 20)
    notes.set_column(1, 1, 80)
    for place, column in enumerate(COLUMNS):
        heading = messages.gettext(HEADINGS[column])
        people.write_string(0, place, heading, bold)
        is_day = column in {"starts_on", "ends_on"}
        people.set_column(place, place, _WIDTHS.get(column, 14), day if is_day else None)
        if column in choices:
            people.data_validation(
                1, place, MOST_ROWS, place, {"validate": "list", "source": choices[column], "error_type": "information"}
            )
        notes.write_string(place, 0, heading, bold)
        notes.write_string(place, 1, messages.gettext(NOTES[column]), wrapped)
    book.close()
    return buffer.getvalue()


GOOD_SHOWN = 200  # rows without problems that the preview shows; those with problems are all there
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


class RosterFileForm(Struct, frozen=True):
    """A spreadsheet, and the role of rows that name none."""

    file: UploadFile | None = None
    role: str = "member"

    def content(self) -> tuple[str, bytes]:
        """The name of the file and what is in it; raises `Invalid` when none was chosen."""
        if self.file is None or not self.file.filename:
            raise Invalid(field="file", reason="required")
        return PurePath(self.file.filename.replace("\\", "/")).name[-120:], self.file.file.read()


class RosterImportForm(Struct, frozen=True):
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

    @get("/", name="import_people", policy=SEE_PEOPLE)
    def send(self, work: Work, forum: Slug) -> Response[str]:
        """What a spreadsheet of people looks like, and the form that takes one."""
        return page(work, "people/import.html", _send(work, forum))

    @get("/template", name="people_template", policy=SEE_PEOPLE)
    def template(self, work: Work, forum: Slug) -> Response[bytes]:
        """A spreadsheet to fill in."""
        roles = _send(work, forum).roles
        content = roster_template(work.messages, [(role, work.messages.gettext(ROLE_NAMES[role])) for role in roles])
        return attachment(MadeFile("people.xlsx", content, XLSX))

    @post("/", name="send_people", request_max_body_size=MOST_BYTES + 100_000, policy="organisation.manage_people")
    def keep(self, work: Work, forum: Slug, data: MultipartBody[RosterFileForm]) -> PageOrRedirect:
        """Read a spreadsheet and show what it would do."""
        actor, context = work.actor, _send(work, forum)
        try:
            source, content = data.content()
            sheet = read_sheet(content, source=source)
            role = Role(data.role) if data.role in {role.value for role in context.roles} else Role.MEMBER
            with work.writing() as db:
                roster = RosterService(db).keep(
                    PeopleService(db).forum(forum), sheet, source=source, role=role, actor=actor
                )
                where = work.url_for("preview_people", forum=forum, roster_id=roster.id)
        except (BadFile, Invalid) as refusal:
            context = _send(work, forum, errors={"file": sentence(refusal, work.messages)}, role=data.role)
            return page(work, "people/import.html", context, status=SHOWN_AGAIN)
        return redirect(work, where, said=unread_columns(sheet.unknown, work.messages))

    @shows("people/preview.html", "/{roster_id:uuid}", name="preview_people", policy=SEE_PEOPLE)
    def preview(
        self, db: Db, work: Work, frame: FrameInForum, roster_id: PathId, refusal: Invalid | None = None
    ) -> PreviewPage:
        """Every row that has a problem, and what the others would do."""
        service = RosterService(db)
        roster = service.get(frame.forum, roster_id, actor=work.actor)
        known = known_addresses(db, frame.forum)
        checked = service.check(frame.forum, roster, known=known, actor=work.actor)
        source, place = roster.source, header(db, frame, work=work)
        good = [checked_row for checked_row in checked if not checked_row.problems]
        new = {
            checked_row.entry.email or f"{checked_row.entry.name}|{checked_row.entry.organisation}": checked_row
            for checked_row in good
            if checked_row.outcome is RowOutcome.NEW
        }
        return PreviewPage(
            place=place,
            here="people",
            id=str(roster.id),
            source=source,
            bad=[_line(checked_row, work) for checked_row in checked if checked_row.problems],
            good=[_line(checked_row, work) for checked_row in good[:GOOD_SHOWN]],
            good_count=len(good),
            new_people=len(new),
            new_roles=sum(checked_row.outcome is RowOutcome.ROLE for checked_row in good),
            known=sum(checked_row.outcome is RowOutcome.KNOWN for checked_row in good),
            new_organisations=len(
                {checked_row.entry.organisation.casefold() for checked_row in good if checked_row.is_new_organisation}
            ),
            with_email=sum(bool(checked_row.entry.email) for checked_row in new.values()),
            error=sentence(refusal, work.messages) if refusal else "",
        )

    @takes("/{roster_id:uuid}", again=preview, name="take_in_people", policy="organisation.manage_people")
    def take_in(self, db: Db, work: Work, forum: InForum, roster_id: PathId, data: FormBody[RosterImportForm]) -> Done:
        """Take every row in, or the good ones, or none."""
        roster = RosterService(db).get(forum, roster_id, actor=work.actor)
        if data.rows == "none":
            RosterService(db).drop(roster)
            return Done("people", work.messages.gettext("File discarded; nothing was imported."))
        only_good, invite = data.rows == "good", bool(data.invite)
        taken = import_roster(db, forum, roster, only_good=only_good, invite=invite, actor=work.actor)
        return Done("people", row_sentence(taken, work.messages))


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
        roles=[role for role in policy.ROLES_TO_GIVE if role in roles],
        role=role,
        most=MOST_ROWS,
        errors=errors or {},
    )


def _line(checked: CheckedRow, work: Work) -> RowLine:
    entry = checked.entry
    return filled(
        RowLine,
        entry,
        is_new_organisation=checked.is_new_organisation,
        country=validation.country_name(entry.country, work.language) if entry.country else "",
        outcome=checked.outcome.value,
        problems=[
            (column_heading(invalid, work.messages), sentence(invalid, work.messages)) for invalid in checked.problems
        ],
    )


def column_heading(problem: Invalid, messages: Messages) -> str:
    """The heading of the column that a problem is about."""
    return messages.gettext(HEADINGS[str(problem.facts["field"])])


def row_sentence(taken: RosterImport, say: Messages) -> str:
    """What taking the rows in has done."""
    people = say.ngettext("One new person", "%(n)s new people", taken.new_people)
    if not taken.invited:
        return say.gettext("Rows imported. %(people)s.", people=people)
    invited = say.ngettext("one invitation sent", "%(n)s invitations sent", taken.invited)
    return say.gettext("Rows imported. %(people)s, %(invited)s.", people=people, invited=invited)
