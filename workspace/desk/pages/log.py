"""The page of a forum's log, and the same as files for a spreadsheet or a program."""

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from urllib.parse import urlencode
from uuid import UUID
from zoneinfo import ZoneInfo

import msgspec
import sqlalchemy as sa
from litestar import Controller, Response
from msgspec import Struct

from workspace.amendments.domain.models import Decision
from workspace.core import clock, sheets
from workspace.core.actor import ERASED_PERSON, Actor
from workspace.core.errors import Invalid, NotFound
from workspace.core.security.conditions import Case
from workspace.core.security.permissions import Phase, may
from workspace.core.sheets import XLSX
from workspace.core.storage.db import Db
from workspace.core.storage.log import KEPT, LogEntry
from workspace.core.validation import parse_day
from workspace.declarations.domain.models import Declaration, Stage
from workspace.declarations.frame import header, known_declarations
from workspace.history.checkpoints import CheckpointService
from workspace.people.frame import forum_frame
from workspace.people.models import Forum, Person
from workspace.people.service import PeopleService
from workspace.web.api import Cursor, Limit, answer, list_page, number_after, reads
from workspace.web.http.request_context import FromQuery, Slug, Work
from workspace.web.http.routing import get
from workspace.web.i18n.marking import N_
from workspace.web.i18n.messages import AMENDMENT_WINDOW, PHASE_NAMES, Messages
from workspace.web.pages import Page, field_errors, page
from workspace.web.refusals.slice_registry import TOPICS, FactsWithDefaults, beginnings, log_message

PER_PAGE = 50
_OPERATOR, _BY_ITSELF = N_("Server operator"), N_("System")
_AT_ONCE = 500
_DECISION = "decision.taken"
_TEXTS = ("reason", "note")  # facts that a person wrote
_UNDATED = N_("no date")
_BY_WORD = {phase.name.lower(): name for phase, name in PHASE_NAMES.items()} | {
    Stage.AMENDMENTS.value: AMENDMENT_WINDOW
}


class LogAccess(Struct, frozen=True):
    """How much of a forum's log somebody may read: all, all but what people wrote, or what they did themselves."""

    person_id: UUID | None
    everything: bool
    texts: bool


class LogFilters(Struct, frozen=True):
    """What to show. Empty is everything; days are days of the forum's place, both included."""

    topic: str = ""
    person_id: UUID | None = None
    declaration_id: UUID | None = None
    first: date | None = None
    last: date | None = None


class LogLine(msgspec.Struct, frozen=True):
    """One entry. `said` is in the reader's language; `text` is the reason that was given; `undone_by` is the number of
    the decision that took back the one it tells of.
    """

    sequence: int
    at: datetime
    kind: str
    said: str
    actor: str | None  # the pseudonym, or "operator"
    name: str
    declaration: str
    text: str
    leaf_hash: str
    undone_by: int | None = None


def log_access(actor: Actor, forum: Forum) -> LogAccess:
    """Raises `NotFound` for somebody who may read none of it."""

    def allows(case: Case) -> bool:
        day = clock.now()
        return may(actor, "log.read", forum_id=forum.id, phase=Phase.SETUP, day=day, case=case)

    texts = allows(Case(is_of_declaration=True))
    everything = texts or allows(Case(is_without_text=True))
    own = actor.person_id is not None and allows(Case(authors=frozenset({actor.person_id})))
    if not (everything or own):
        raise NotFound(what="log", id=forum.slug)
    return LogAccess(actor.person_id, everything, texts or not everything)


def read_log_lines(
    db: Db,
    forum: Forum,
    seen: LogAccess,
    *,
    filters: LogFilters,
    messages: Messages,
    before: int = 0,
    limit: int | None = None,
) -> list[LogLine]:
    """The entries of a forum, the newest first; `before` goes on below that number."""
    statement = _statement(forum, seen, filters).order_by(LogEntry.sequence.desc()).limit(limit)
    if before:
        statement = statement.where(LogEntry.sequence < before)
    entries = db.scalars(statement).all()
    return list(_log_lines(db, forum, entries, seen, messages))


def all_log_lines(
    db: Db, forum: Forum, seen: LogAccess, *, filters: LogFilters, messages: Messages
) -> Iterator[LogLine]:
    """All of them, the oldest first, a few hundred at a time."""
    after = 0
    while True:
        statement = _statement(forum, seen, filters).where(LogEntry.sequence > after)
        entries = db.scalars(statement.order_by(LogEntry.sequence).limit(_AT_ONCE)).all()
        yield from _log_lines(db, forum, entries, seen, messages)
        if len(entries) < _AT_ONCE:
            return
        after = entries[-1].sequence


HEADINGS: Mapping[str, str] = {  # of the columns of a spreadsheet, in the order of the fields
    "sequence": N_("Entry"),
    "at": N_("When"),
    "kind": N_("Kind"),
    "said": N_("Event"),
    "actor": N_("Pseudonym"),
    "name": N_("Person"),
    "declaration": N_("Declaration"),
    "text": N_("Reason"),
    "leaf_hash": N_("Hash"),
    "undone_by": N_("Undone by decision"),
}


_WHEN = N_("When (UTC)")  # a cell of a workbook knows no time zone
_WIDTHS = {"at": 17, "said": 50, "name": 24, "declaration": 30, "text": 50}


def log_as_csv(rows: Iterator[LogLine], messages: Messages) -> bytes:
    """For a spreadsheet, its headings in the reader's language: no cell begins like a formula."""
    return sheets.comma_separated(_columns(HEADINGS, messages), map(msgspec.structs.astuple, rows))


def log_as_xlsx(name: str, rows: Iterator[LogLine], messages: Messages) -> bytes:
    """The same as a workbook, which every spreadsheet program opens as a table in every country; moments in UTC."""
    columns = _columns({**HEADINGS, "at": _WHEN}, messages)
    return sheets.xlsx(name, columns, map(msgspec.structs.astuple, rows))


def _columns(headings: Mapping[str, str], messages: Messages) -> list[sheets.Column]:
    fields = LogLine.__struct_fields__
    return [sheets.Column(messages.gettext(headings[field]), _WIDTHS.get(field, 14)) for field in fields]


def log_as_json_lines(rows: Iterator[LogLine]) -> bytes:
    """One JSON object on each line."""
    return b"".join(msgspec.json.encode(row) + b"\n" for row in rows)


def log_people(db: Db, forum: Forum, seen: LogAccess) -> Sequence[tuple[UUID, str]]:
    """Who did something here, by name, for those who may read of everybody."""
    if not seen.everything:
        return ()
    acted = sa.exists().where(LogEntry.forum_id == forum.id, LogEntry.actor_id == Person.id)
    rows = db.execute(sa.select(Person.id, Person.name).where(acted).order_by(Person.name, Person.id))
    return [(row.id, row.name) for row in rows]


def log_filters(given: Mapping[str, str]) -> LogFilters:
    """What an address asks for; raises `Invalid`, naming the field."""
    if given.get("topic", "") not in {"", *TOPICS}:
        raise Invalid(field="topic", reason="unknown_word", given=given["topic"])
    return LogFilters(
        topic=given.get("topic", ""),
        person_id=_id(given, "person"),
        declaration_id=_id(given, "declaration"),
        first=parse_day("from", given.get("from", "")),
        last=parse_day("to", given.get("to", "")),
    )


def _statement(forum: Forum, seen: LogAccess, filters: LogFilters) -> sa.Select[LogEntry]:
    statement = sa.select(LogEntry).where(LogEntry.forum_id == forum.id, LogEntry.kind != KEPT)
    if not seen.everything:
        statement = statement.where(LogEntry.actor_id == seen.person_id)
    if filters.topic:
        starts = beginnings(filters.topic)
        statement = statement.where(sa.or_(*(LogEntry.kind.startswith(start, autoescape=True) for start in starts)))
    if filters.person_id:
        statement = statement.where(LogEntry.actor_id == filters.person_id)
    if filters.declaration_id:
        statement = statement.where(LogEntry.declaration_id == filters.declaration_id)
    zone = ZoneInfo(forum.timezone)
    if filters.first:
        statement = statement.where(LogEntry.at >= _midnight(filters.first, zone))
    if filters.last:
        statement = statement.where(LogEntry.at < _midnight(filters.last + timedelta(days=1), zone))
    return statement


def _log_lines(
    db: Db, forum: Forum, entries: Sequence[LogEntry], seen: LogAccess, messages: Messages
) -> Iterator[LogLine]:
    ids = {entry.actor_id for entry in entries if entry.actor_id}
    names = {row.id: row for row in db.scalars(sa.select(Person).where(Person.id.in_(ids)))} if ids else {}
    declarations = {
        declaration.id: declaration.name.said_in(messages.language)
        for declaration in db.scalars(sa.select(Declaration).where(Declaration.forum_id == forum.id))
    }
    read = [(entry, json.loads(entry.entry)) for entry in entries]
    undone = _undone(db, [words["facts"]["decision"] for entry, words in read if entry.kind == _DECISION])
    for entry, words in read:
        person = names.get(entry.actor_id) if entry.actor_id else None
        yield LogLine(
            sequence=entry.sequence,
            at=forum.local(entry.at),
            kind=entry.kind,
            said=_said(entry.kind, words["facts"], messages),
            actor=words["actor"],
            name=_name(person, words["actor"], messages),
            declaration=declarations.get(entry.declaration_id, "") if entry.declaration_id else "",
            text=next((str(words["facts"][name]) for name in _TEXTS if seen.texts and words["facts"].get(name)), ""),
            leaf_hash=entry.leaf_hash,
            undone_by=undone.get(words["facts"].get("decision", "")) if entry.kind == _DECISION else None,
        )


def _undone(db: Db, decisions: Sequence[str]) -> Mapping[str, int]:
    """Which of these do not stand any more, each with the number of the one that undid it."""
    found = db.scalars(sa.select(Decision).where(Decision.id.in_(map(UUID, decisions)))) if decisions else ()
    return {str(decision.id): decision.undone_by.number for decision in found if decision.undone_by}


def _said(kind: str, facts: Mapping[str, Any], messages: Messages) -> str:
    known = {name: _fact(name, value, messages) for name, value in facts.items()}
    return messages.catalogue.gettext(log_message(kind, facts)) % FactsWithDefaults(known)


def _fact(name: str, value: Any, messages: Messages) -> Any:
    """A fact as a sentence says it: phases and stages by their names, dates of the calendar as they were given."""
    if name in {"before", "phase", "stage"} and value in _BY_WORD:
        return messages.gettext(_BY_WORD[value])
    if name in {"opens", "closes", "due", "was_due"}:
        told = messages.date if name.endswith("due") else messages.moment
        return told(datetime.fromisoformat(value)) if value else messages.gettext(_UNDATED)
    return value


def _name(person: Person | None, actor: str | None, messages: Messages) -> str:
    if person is not None:
        return messages.gettext(ERASED_PERSON) if person.erased_at else person.name
    return messages.gettext(_OPERATOR) if actor == "operator" else messages.gettext(_BY_ITSELF)


def _midnight(day: date, zone: ZoneInfo) -> datetime:
    return datetime.combine(day, time(), zone).astimezone(UTC)


def _id(given: Mapping[str, str], name: str) -> UUID | None:
    try:
        return UUID(given[name]) if given.get(name) else None
    except ValueError as error:
        raise Invalid(field=name, reason="not_an_id", given=given[name]) from error


READ = {"policy": "log.read"}
_FIELDS = ("topic", "person", "declaration", "from", "to")
_REFUSED, _FINE = 422, 200


class SealLine(Struct, frozen=True):
    """The newest checkpoint, as a page shows it."""

    size: int
    root: str
    at: Any


class LogPage(Page, frozen=True, kw_only=True):
    """`older` is the address of the page after this one; `texts` and `everything` say how much the reader sees."""

    lines: Sequence[LogLine]
    older: str
    xlsx: str
    csv: str
    json: str
    given: Mapping[str, str]
    errors: Mapping[str, str]
    topics: Sequence[tuple[str, str]]
    people: Sequence[tuple[str, str]]
    declarations: Sequence[tuple[str, str]]
    everything: bool
    texts: bool
    is_filtered: bool
    seal: SealLine | None


class LogPages(Controller):
    """What happened in a forum."""

    path = "/{forum:str}"
    opt = READ

    @get("/log", name="log")
    def log(self, work: Work, forum: Slug) -> Response[str]:
        """Who did what and when, the newest first."""
        with work.reading() as db:
            found = forum_frame(db, forum, work=work)
            seen = log_access(work.actor, found.forum)
            given = {name: work.request.query_params.get(name, "") for name in _FIELDS}
            errors: Mapping[str, str] = {}
            try:
                filters, before = log_filters(given), number_after(work.request.query_params.get("cursor", ""))
            except Invalid as refusal:
                filters, before, errors = LogFilters(), 0, field_errors(work, refusal)
            lines = read_log_lines(
                db, found.forum, seen, filters=filters, messages=work.messages, before=before, limit=PER_PAGE + 1
            )
            shown = lines[:PER_PAGE]
            older = {**given, "cursor": str(shown[-1].sequence)} if len(lines) > len(shown) else {}
            context = LogPage(
                place=header(db, found, work=work),
                here="log",
                lines=shown,
                older=f"?{_query(older)}" if older else "",
                xlsx=_address(work, "log_xlsx", forum, given),
                csv=_address(work, "log_csv", forum, given),
                json=_address(work, "log_json", forum, given),
                given=given,
                errors=errors,
                topics=[(word, work.messages.gettext(name)) for word, name in TOPICS.items()],
                people=[(str(person_id), name) for person_id, name in log_people(db, found.forum, seen)],
                declarations=[
                    (str(declaration.id), declaration.name.said_in(work.language))
                    for declaration in known_declarations(db, found, work=work)
                ],
                everything=seen.everything,
                texts=seen.texts,
                is_filtered=any(given.values()),
                seal=SealLine(last.size, last.root, last.made_at) if (last := CheckpointService(db).latest()) else None,
            )
        return page(work, "desk/log.html", context, status=_REFUSED if errors else _FINE)

    @get("/log.xlsx", name="log_xlsx")
    def log_xlsx(self, work: Work, forum: Slug) -> Response[bytes]:
        """The same as a workbook."""
        name = work.messages.gettext("Log")
        return _file(work, forum, XLSX, "xlsx", lambda rows: log_as_xlsx(name, rows, work.messages))

    @get("/log.csv", name="log_csv")
    def log_csv(self, work: Work, forum: Slug) -> Response[bytes]:
        """The same as a table for a spreadsheet."""
        return _file(work, forum, "text/csv", "csv", lambda rows: log_as_csv(rows, work.messages))

    @get("/log.jsonl", name="log_json")
    def log_json(self, work: Work, forum: Slug) -> Response[bytes]:
        """The same for a program: one JSON object on each line."""
        return _file(work, forum, "application/jsonl", "jsonl", log_as_json_lines)


def _file(
    work: Work, forum: str, media_type: str, ending: str, written: Callable[[Iterator[LogLine]], bytes]
) -> Response[bytes]:
    filters = log_filters(work.request.query_params)
    with work.reading() as db:
        found = forum_frame(db, forum, work=work).forum
        seen: LogAccess = log_access(work.actor, found)
        rows = all_log_lines(db, found, seen, filters=filters, messages=work.messages)
        content = written(rows)
    return Response(
        content,
        media_type=media_type,
        headers={
            "Cache-Control": "no-store",
            "Content-Disposition": f'attachment; filename="log.{ending}"',
            "Content-Security-Policy": "default-src 'none'; sandbox",
        },
    )


def _address(work: Work, name: str, forum: str, given: Mapping[str, str]) -> str:
    query = _query(given)
    return work.url_for(name, forum=forum) + (f"?{query}" if query else "")


def _query(given: Mapping[str, str]) -> str:
    return urlencode({name: value for name, value in given.items() if value})


class LogOut(msgspec.Struct, frozen=True):
    """Entries, the newest first. `next` is the cursor of the page after this one."""

    items: Sequence[LogLine]
    next: str | None


class LogApi(Controller):
    """What happened in a forum."""

    path = "/api/forums/{forum:str}/log"
    tags = ("History",)
    opt = READ

    @reads("/")
    def list_log(
        self,
        work: Work,
        forum: Slug,
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
        log_filters({"topic": topic})
        filters = LogFilters(topic, person, declaration, first, last)
        before = number_after(cursor)
        actor = work.actor
        with work.reading() as db:
            found = PeopleService(db).forum(forum)
            seen = log_access(actor, found)
            lines = read_log_lines(
                db, found, seen, filters=filters, messages=work.messages, before=before, limit=limit + 1
            )
        page = list_page(lines, cursor=lambda line: line.sequence, limit=limit)
        return answer(LogOut(items=page.items, next=page.next))
