"""What was promised for which paragraph and how far it is, in a browser and as JSON: the register, reports, files."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from itertools import groupby
from typing import Annotated
from uuid import UUID

import msgspec
from babel.dates import get_month_names
from litestar import Controller, Response
from litestar.datastructures import UploadFile
from msgspec import Meta, Struct

from workspace.consultation import policy
from workspace.consultation.models import Commitment, CommitmentStatus
from workspace.consultation.pages.follow_up import STATUSES
from workspace.consultation.schemas import Short, Tongue, Words
from workspace.core import clock
from workspace.core.actor import Actor
from workspace.core.errors import BadFile, Invalid, NotFound
from workspace.core.shapes import Shape, filled
from workspace.core.sheets import CSV, XLSX, Column, Value, comma_separated, xlsx
from workspace.core.storage.db import Db
from workspace.core.validation import chosen_id, known_id, parse_day
from workspace.declarations.frame import header
from workspace.declarations.labels import spots
from workspace.editions.domain.commitments import OPEN, CommitmentService, Progress, next_reminder, published_texts
from workspace.editions.pages.cause_view import KINDS_WITH_CAUSES, ReportLine, report_line
from workspace.people.frame import FrameInForum, InForum, forum_named
from workspace.people.models import Forum
from workspace.people.organisations import OrganisationService
from workspace.recommendations.policy import spoken_for
from workspace.web.api import DONE, ListOf, Number, reads, writes
from workspace.web.http.files import LARGEST, stored_file, uploaded
from workspace.web.http.request_context import Body, FormBody, FromPath, Loads, MultipartBody, PathId, Slug, Work
from workspace.web.i18n.marking import N_
from workspace.web.i18n.messages import LANGUAGES
from workspace.web.pages import Done, Page, field_errors, gives, shows, takes
from workspace.web.refusals.sentences import sentence


class CommitmentIn(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What an organisation promised, for the published paragraph `block_id` where it is tied to one."""

    organisation_id: UUID
    text: Words
    language: Tongue
    due: date | None = None
    block_id: UUID | None = None


class CommitmentParagraphIn(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A paragraph of a published edition."""

    block_id: UUID


class ReportIn(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """How far somebody got on a day, today where none is given, and until when it is now due.

    The note is in `language`, that of the commitment where none is given.
    `file` is the evidence as base64, of at most 5 MB; `file_name` what it is called.
    """

    status: CommitmentStatus
    note: Words = ""
    language: Tongue | None = None
    due: date | None = None
    reported_on: date | None = None
    link: Annotated[str, Meta(max_length=500)] = ""
    file_name: Annotated[str, Meta(max_length=120)] = ""
    file: bytes = b""


class ReportOut(Shape, frozen=True, kw_only=True):
    """One report. Its file, where `file_name` is not empty, has an address of its own."""

    number: int
    status: CommitmentStatus
    reported_on: date
    note: str
    language: str
    link: str
    file_name: str


class ReminderIn(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The month of the yearly reminder, 0 for none; null for a year after each report."""

    month: Annotated[int, Meta(ge=0, le=12)] | None


class CommitmentOut(Struct, frozen=True, kw_only=True):
    """A commitment of the follow-up register, with its reports, oldest first, and when the next is asked for."""

    id: UUID
    number: int
    organisation_id: UUID
    text: str
    language: str
    due: date | None
    status: CommitmentStatus
    note: str
    declaration_id: UUID | None
    block_id: UUID | None
    next_reminder: date | None
    reports: list[ReportOut]

    @classmethod
    def of(cls, commitment: Commitment) -> "CommitmentOut":
        reports = [ReportOut.of(report) for report in commitment.reports]
        return filled(cls, commitment, next_reminder=next_reminder(commitment), reports=reports)


class CommitmentApi(Controller):
    """The follow-up register."""

    path = "/api"
    tags = ("Follow-up",)

    @reads("/forums/{forum:str}/commitments", policy="session.read")
    def list_commitments(self, db: Db, actor: Actor, forum: InForum) -> ListOf[CommitmentOut]:
        """List what was promised, what is due first before the rest."""
        return self._listed(db, actor, forum)

    def _listed(self, db: Db, actor: Actor, forum: Forum) -> ListOf[CommitmentOut]:
        rows = CommitmentService(db).register(forum, actor=actor)
        return ListOf(items=[CommitmentOut.of(commitment) for commitment in rows])

    @reads("/forums/{forum:str}/commitments/files/{form:str}", policy="session.read")
    def read_commitments_file(self, work: Work, db: Db, forum: InForum, form: FromPath[Short]) -> Response[bytes]:
        """Read the follow-up register as `csv`, `xlsx` or `json`, in the language that is asked for."""
        return commitments_file(db, forum, form, work)

    @writes("/forums/{forum:str}/commitments", policy="commitment.keep")
    def add_commitment(self, db: Db, actor: Actor, forum: InForum, data: Body[CommitmentIn]) -> CommitmentOut:
        """Note what an organisation promised."""
        return CommitmentOut.of(
            CommitmentService(db).promise(
                forum,
                data.organisation_id,
                data.text,
                language=data.language,
                due=data.due,
                block_id=data.block_id,
                actor=actor,
            )
        )

    @writes("/forums/{forum:str}/commitments/reminder", status=DONE, policy="commitment.keep")
    def set_commitment_reminder(
        self, db: Db, actor: Actor, forum: InForum, data: Body[ReminderIn]
    ) -> ListOf[CommitmentOut]:
        """Choose when reports are asked for each year; answers with the commitments and the new days."""
        CommitmentService(db).set_reminder(forum, data.month, actor=actor)
        return self._listed(db, actor, forum)

    @writes("/commitments/{commitment_id:uuid}/paragraph", status=DONE, policy="commitment.keep")
    def tie_commitment(
        self, db: Db, actor: Actor, commitment_id: PathId, data: Body[CommitmentParagraphIn]
    ) -> CommitmentOut:
        """Say which published paragraph a commitment carries out."""
        service = CommitmentService(db)
        found = service.get(commitment_id, actor=actor)
        service.tie(found, data.block_id, actor=actor)
        return CommitmentOut.of(found)

    @writes("/commitments/{commitment_id:uuid}/report", status=DONE, policy="commitment.keep")
    def report_on_commitment(self, db: Db, actor: Actor, commitment_id: PathId, data: Body[ReportIn]) -> CommitmentOut:
        """Say how far a commitment got, with a link or a file that shows it. Earlier reports stay."""
        service = CommitmentService(db)
        found = service.get(commitment_id, actor=actor)
        progress = filled(Progress, data, content=data.file, language=data.language or "")
        service.report(found, progress, due=data.due, actor=actor)
        return CommitmentOut.of(found)

    @reads("/commitments/{commitment_id:uuid}/reports/{number:str}/file", policy="session.read")
    def read_evidence(self, db: Db, actor: Actor, commitment_id: PathId, number: Number) -> Response[bytes]:
        """Read the file of a report."""
        return evidence_file(db, CommitmentService(db).get(commitment_id, actor=actor), number)


_JSON = "application/json"
FORMS = {"csv": CSV, "xlsx": XLSX, "json": _JSON}
HEADINGS: Mapping[str, str] = {
    "number": N_("Number"),
    "organisation": N_("Organisation"),
    "text": N_("Commitment"),
    "declaration": N_("Declaration"),
    "paragraph": N_("Paragraph"),
    "due": N_("Due"),
    "status": N_("State"),
    "reported_on": N_("Reported on"),
    "note": N_("Note"),
    "evidence": N_("Evidence"),
}
_WIDTHS = {"organisation": 28, "text": 50, "declaration": 28, "note": 50, "evidence": 40}


class ParagraphName(Struct, frozen=True):
    """A published paragraph by its name, of which declaration, and where it is read."""

    declaration: str
    name: str
    href: str


class CommitmentLine(Struct, frozen=True):
    """What somebody promised. `status` is a stable word, `state` the same in the reader's language.

    `reports` are newest first; `paragraph` is None where there is none that the reader may read.
    """

    id: UUID
    number: int
    organisation: str
    text: str
    language: str
    due: date | None
    status: str
    state: str
    note: str
    is_overdue: bool
    may_report: bool
    is_own: bool  # of an organisation that the reader speaks for
    next_reminder: date | None  # for them, and for who reports
    paragraph: ParagraphName | None
    reports: Sequence[ReportLine]


class CommitmentFields(Struct, frozen=True):
    """A promise: whose, what, until when, for which paragraph."""

    organisation: str = ""
    text: str = ""
    language: str = ""
    due: str = ""
    paragraph: str = ""


class TieForm(Struct, frozen=True):
    """Which commitment carries out which paragraph."""

    commitment: str = ""
    paragraph: str = ""


MONTHS = tuple(map(str, range(13)))  # 0 for never


class ReminderForm(Struct, frozen=True):
    month: str = ""


class CommitmentsPage(Page, frozen=True, kw_only=True):
    lines: Sequence[CommitmentLine]
    open_ones: int
    choices: Sequence[tuple[UUID, str]]  # organisations that the reader may note promises for
    paragraphs: Sequence[tuple[str, Sequence[tuple[UUID, str]]]]  # by declaration
    statuses: Sequence[tuple[str, str]]
    today: date
    files: Sequence[tuple[str, str]]
    months: Sequence[tuple[str, str]]  # of the reminder, for who chooses it
    month: str
    sent: CommitmentFields
    reporting: UUID | None  # the commitment whose report was refused, and what was typed
    report: "ReportFields"
    errors: Mapping[str, str]


class ReportFields(Struct, frozen=True):
    """How far somebody got, as of when, and what shows it."""

    status: str = ""
    note: str = ""
    language: str = ""
    due: str = ""
    reported_on: str = ""
    link: str = ""
    file: UploadFile | None = None


def _own(db: Db, forum: Slug, commitment_id: PathId, *, actor: Actor) -> Commitment:
    """A commitment of this forum; raises `NotFound`."""
    where = forum_named(db, forum)
    found = CommitmentService(db).get(commitment_id, actor=actor)
    if found.forum_id != where.id:
        raise NotFound(what="commitment", id=str(commitment_id))
    return found


OwnCommitment = Annotated[Commitment, Loads(_own)]


class CommitmentPages(Controller):
    """The follow-up register of a forum."""

    path = "/{forum:str}/sessions/commitments"

    @shows("desk/commitments.html", "/", name="commitments", policy="session.read")
    def commitments(
        self,
        db: Db,
        work: Work,
        found: FrameInForum,
        form: CommitmentFields | ReportFields | None = None,
        refusal: BadFile | Invalid | None = None,
    ) -> CommitmentsPage:
        """Every commitment with its reports; `paragraph` in the address chooses that one in the form."""
        say, wanted = work.messages.gettext, work.request.query_params.get("paragraph", "")
        if isinstance(refusal, BadFile):
            errors: Mapping[str, str] = {"file": sentence(refusal, work.messages)}
        else:
            errors = field_errors(work, refusal)
        rows = CommitmentService(db).register(found.forum, actor=work.actor)
        named = _paragraphs(db, found.forum, work)
        return CommitmentsPage(
            place=header(db, found, work=work),
            here="sessions",
            lines=[_line(commitment, found.forum, named, work) for commitment in rows],
            open_ones=sum(commitment.status in OPEN for commitment in rows),
            choices=[
                (organisation.id, organisation.name)
                for organisation in OrganisationService(db).every(found.forum)
                if policy.may_keep_commitments(work.actor, found.forum, organisation.id)
            ],
            paragraphs=_by_declaration(named),
            statuses=[(status.value, say(words)) for status, words in STATUSES.items()],
            today=clock.today(found.forum.timezone),
            months=_months(work) if policy.may_keep_commitments(work.actor, found.forum) else (),
            month="" if found.forum.reminder_month is None else str(found.forum.reminder_month),
            files=[(name.upper(), work.url_from_here("commitments_file", form=name)) for name in FORMS],
            sent=form
            if isinstance(form, CommitmentFields)
            else CommitmentFields(language=work.language, paragraph=wanted),
            reporting=work.request.path_params.get("commitment_id"),
            report=form if isinstance(form, ReportFields) else ReportFields(),
            errors=errors,
        )

    @gives("/files/{form:str}", name="commitments_file", policy="session.read")
    def file(self, db: Db, work: Work, forum: InForum, form: FromPath[str]) -> Response[bytes]:
        """The same as a spreadsheet, CSV or JSON."""
        return commitments_file(db, forum, form, work)

    @gives("/{commitment_id:uuid}/reports/{number:int}", name="commitment_evidence", policy="session.read")
    def evidence(self, db: Db, commitment: OwnCommitment, number: FromPath[int]) -> Response[bytes]:
        """The file of a report, to keep."""
        return evidence_file(db, commitment, number)

    @takes("/", again=commitments, name="promise", policy="commitment.keep")
    def promise(self, db: Db, work: Work, actor: Actor, forum: InForum, data: FormBody[CommitmentFields]) -> Done:
        """Note what an organisation promised."""
        CommitmentService(db).promise(
            forum,
            chosen_id(data.organisation, "organisation"),
            data.text,
            language=data.language if data.language in LANGUAGES else work.language,
            due=parse_day("due", data.due),
            block_id=known_id(data.paragraph, "block") if data.paragraph else None,
            actor=actor,
        )
        return Done("commitments", work.messages.gettext("Commitment added."))

    @takes("/reminder", name="set_reminder", policy="commitment.keep")
    def set_reminder(self, db: Db, work: Work, actor: Actor, forum: InForum, data: FormBody[ReminderForm]) -> Done:
        """Choose when reports are asked for each year."""
        month = int(data.month) if data.month in MONTHS else None
        CommitmentService(db).set_reminder(forum, month, actor=actor)
        return Done("commitments", work.messages.gettext("Saved."))

    @takes("/paragraphs", name="tie_commitment", policy="commitment.keep")
    def tie(self, db: Db, work: Work, actor: Actor, forum: Slug, data: FormBody[TieForm]) -> Done:
        """Say which paragraph a commitment carries out."""
        commitment, block = known_id(data.commitment, "commitment"), known_id(data.paragraph, "block")
        found = _own(db, forum, commitment, actor=actor)
        CommitmentService(db).tie(found, block, actor=actor)
        return _updated(found, work)

    @takes(
        "/{commitment_id:uuid}",
        again=commitments,
        refusals=(Invalid, BadFile),
        name="report",
        request_max_body_size=LARGEST,
        policy="commitment.keep",
    )
    def report(
        self, db: Db, work: Work, actor: Actor, commitment: OwnCommitment, data: MultipartBody[ReportFields]
    ) -> Done:
        """Say how far it got."""
        progress, due = _progress(data), parse_day("due", data.due)
        CommitmentService(db).report(commitment, progress, due=due, actor=actor)
        return _updated(commitment, work)


def _updated(commitment: Commitment, work: Work) -> Done:
    said = work.messages.gettext("Commitment %(number)s updated.", number=commitment.number)
    return Done("commitments", said, anchor=f"c-{commitment.number}")


def commitment_lines(db: Db, forum: Forum, commitments: Sequence[Commitment], work: Work) -> list[CommitmentLine]:
    """Commitments as pages show them, for the reader."""
    named = _paragraphs(db, forum, work)
    return [_line(commitment, forum, named, work) for commitment in commitments]


def evidence_file(db: Db, commitment: Commitment, number: int) -> Response[bytes]:
    """A file that somebody sent as evidence: always to keep, never shown, whatever is in it."""
    return stored_file(*CommitmentService(db).evidence(commitment, number))


def commitments_file(db: Db, forum: Forum, form: str, work: Work) -> Response[bytes]:
    """The register as a file, JSON with every report; raises `NotFound` for a form that there is not."""
    if form not in FORMS:
        raise NotFound(what="file", id=form)
    register = CommitmentService(db).register(forum, actor=work.actor)
    lines = commitment_lines(db, forum, register, work)
    base = str(work.request.base_url).rstrip("/")
    rows = [dict(zip(HEADINGS, _cells(line, base), strict=True)) for line in lines]
    outs = map(CommitmentOut.of, register)
    whole = [{**row, "status": out.status, "reports": out.reports} for row, out in zip(rows, outs, strict=True)]
    columns = [Column(work.messages.gettext(words), _WIDTHS.get(key, 14)) for key, words in HEADINGS.items()]
    made = {
        "csv": lambda: comma_separated(columns, [list(row.values()) for row in rows]),
        "xlsx": lambda: xlsx(work.messages.gettext("Commitments"), columns, [list(row.values()) for row in rows]),
        "json": lambda: msgspec.json.format(msgspec.json.encode(whole)),
    }[form]()
    kept = {"Content-Disposition": f'attachment; filename="commitments.{form}"', "Cache-Control": "no-cache"}
    return Response(made, media_type=FORMS[form], headers=kept)


def _cells(line: CommitmentLine, base: str) -> Iterator[Value]:
    last = line.reports[0] if line.reports else None
    yield line.number
    yield line.organisation
    yield line.text
    yield line.paragraph.declaration if line.paragraph else ""
    yield line.paragraph.name if line.paragraph else ""
    yield line.due
    yield line.state
    yield last.reported_on if last else None
    yield line.note
    yield " ".join(each for each in (last.link, base + last.file if last.file else "") if each) if last else ""


def _months(work: Work) -> Sequence[tuple[str, str]]:
    say, names = work.messages.gettext, get_month_names("wide", "stand-alone", work.language)
    first = (("", say(N_("A year after each report"))), ("0", say(N_("Off"))))
    return [*first, *((month, names[int(month)]) for month in MONTHS[1:])]


def _paragraphs(db: Db, forum: Forum, work: Work) -> Mapping[UUID, ParagraphName]:
    """Every paragraph of the newest editions that the reader may read, by block."""
    found = {}
    for text in published_texts(db, forum, actor=work.actor):
        at = {"forum": forum.slug, "declaration": text.declaration.slug, "number": text.edition.number}
        name = text.declaration.name.said_in(work.language)
        for spot, row in zip(spots(text.rows, work.messages), text.rows, strict=True):
            if row.kind in KINDS_WITH_CAUSES:
                href = work.url_for("edition_paragraph", **at, block_id=row.block_id)
                found[row.block_id] = ParagraphName(name, spot.name, href)
    return found


def _by_declaration(named: Mapping[UUID, ParagraphName]) -> Sequence[tuple[str, Sequence[tuple[UUID, str]]]]:
    runs = groupby(named.items(), key=lambda paragraph: paragraph[1].declaration)
    return [(name, [(block, paragraph.name) for block, paragraph in run]) for name, run in runs]


def _line(commitment: Commitment, forum: Forum, named: Mapping[UUID, ParagraphName], work: Work) -> CommitmentLine:
    may_report = policy.may_keep_commitments(work.actor, forum, commitment.organisation_id)
    is_own = commitment.organisation_id in spoken_for(work.actor, forum)
    return filled(
        CommitmentLine,
        commitment,
        organisation=commitment.organisation.name,
        status=commitment.status.value,
        state=work.messages.gettext(STATUSES[commitment.status]),
        is_overdue=commitment.due is not None
        and commitment.status in OPEN
        and commitment.due < clock.today(forum.timezone),
        may_report=may_report,
        is_own=is_own,
        next_reminder=next_reminder(commitment) if may_report or is_own else None,
        paragraph=named.get(commitment.block_id) if commitment.block_id else None,
        reports=[report_line(report, forum, work) for report in reversed(commitment.reports)],
    )


def _progress(data: ReportFields) -> Progress:
    if data.status not in set(CommitmentStatus):
        raise Invalid(field="status", reason="required")
    sent = uploaded(data.file)
    day = parse_day("reported_on", data.reported_on)
    language = data.language if data.language in LANGUAGES else ""
    return Progress(CommitmentStatus(data.status), data.note, day, data.link, sent.name, sent.content, language)
