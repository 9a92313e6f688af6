"""The page of a forum's log, and the same as files for a spreadsheet or a program."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any
from urllib.parse import urlencode

from litestar import Controller, Response, get
from litestar.di import NamedDependency
from msgspec import Struct

from workspace.core.errors import Invalid
from workspace.core.sheets import XLSX
from workspace.declarations.frame import header, known_declarations
from workspace.desk import log_lines
from workspace.desk.log_lines import Filters, LogLine, Reach
from workspace.history.checkpoints import CheckpointService
from workspace.history.kinds import TOPICS
from workspace.history.models import SignedCheckpoint
from workspace.people.frame import forum_frame
from workspace.web.pages import Page, field_errors, page
from workspace.web.paging import number_after
from workspace.web.params import FromPath
from workspace.web.services import Work

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

    @get("/log", name="log", sync_to_thread=True)
    def log(self, work: NamedDependency[Work], forum: FromPath[str]) -> Response[str]:
        """Who did what and when, the newest first."""
        with work.reading() as db:
            found = forum_frame(db, forum, work=work)
            seen = log_lines.reach(work.actor, found.forum)
            given = {name: work.request.query_params.get(name, "") for name in _FIELDS}
            errors: Mapping[str, str] = {}
            try:
                filters, before = log_lines.filters_of(given), number_after(work.request.query_params.get("cursor", ""))
            except Invalid as refusal:
                filters, before, errors = Filters(), 0, field_errors(work, refusal)
            lines = log_lines.lines(
                db,
                found.forum,
                seen,
                filters=filters,
                messages=work.messages,
                before=before,
                limit=log_lines.PER_PAGE + 1,
            )
            shown = lines[: log_lines.PER_PAGE]
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
                people=[(str(person_id), name) for person_id, name in log_lines.people(db, found.forum, seen)],
                declarations=[
                    (str(one.id), one.name.said_in(work.language)) for one in known_declarations(db, found, work=work)
                ],
                everything=seen.everything,
                texts=seen.texts,
                is_filtered=any(given.values()),
                seal=_seal(CheckpointService(db).latest()),
            )
        return page(work, "desk/log.html", context, status=_REFUSED if errors else _FINE)

    @get("/log.xlsx", name="log_xlsx", sync_to_thread=True)
    def log_xlsx(self, work: NamedDependency[Work], forum: FromPath[str]) -> Response[bytes]:
        """The same as a workbook."""
        name = work.messages.gettext("Log")
        return _file(work, forum, XLSX, "xlsx", lambda rows: log_lines.as_xlsx(name, rows, work.messages))

    @get("/log.csv", name="log_csv", sync_to_thread=True)
    def log_csv(self, work: NamedDependency[Work], forum: FromPath[str]) -> Response[bytes]:
        """The same as a table for a spreadsheet."""
        return _file(work, forum, "text/csv", "csv", lambda rows: log_lines.as_csv(rows, work.messages).encode())

    @get("/log.jsonl", name="log_json", sync_to_thread=True)
    def log_json(self, work: NamedDependency[Work], forum: FromPath[str]) -> Response[bytes]:
        """The same for a program: one JSON object on each line."""
        return _file(work, forum, "application/jsonl", "jsonl", log_lines.as_json_lines)


def _file(
    work: Work, forum: str, media_type: str, ending: str, written: Callable[[Iterator[LogLine]], bytes]
) -> Response[bytes]:
    filters = log_lines.filters_of(work.request.query_params)
    with work.reading() as db:
        found = forum_frame(db, forum, work=work).forum
        seen: Reach = log_lines.reach(work.actor, found)
        rows = log_lines.every_line(db, found, seen, filters=filters, messages=work.messages)
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


def _seal(latest: SignedCheckpoint | None) -> SealLine | None:
    return SealLine(latest.size, latest.root, latest.made_at) if latest else None
