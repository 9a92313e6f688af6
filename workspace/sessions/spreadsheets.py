"""The programme as a spreadsheet, out and in: a row for each session, its facts typed as on its page.

What comes out goes in again: rows with the number of a session change what differs, the others are new sessions.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime

from msgspec import Struct

from drafts.base.words import fold_text
from workspace.core.actor import Actor
from workspace.core.errors import BadFile, Invalid, required
from workspace.core.sheets import Column, xlsx
from workspace.core.spreadsheets import HEADING_WITHIN, MOST_ROWS, ensure_within, read_rows, unread
from workspace.core.storage.db import Db
from workspace.core.validation import whole_number
from workspace.people.models import Forum
from workspace.sessions import policy
from workspace.sessions.corrections import PERIOD, SessionCorrectionIn, corrected_details, day_last
from workspace.sessions.extraction import SessionDetails, SessionFound
from workspace.sessions.models import Session
from workspace.sessions.service import SessionService, moment_of
from workspace.sessions.typed_facts import FORMATS, HEADINGS, correction_of, typed_of
from workspace.web.i18n.marking import N_
from workspace.web.i18n.messages import LANGUAGES, Messages
from workspace.web.i18n.messages import messages as of
from workspace.web.refusals.sentences import sentence, unread_columns

COLUMNS: Mapping[str, str] = {
    "number": N_("No."),
    "title": N_("Title"),
    "day": N_("Date"),
    "starts": N_("Starts"),
    "ends": N_("Ends"),
    "place": N_("Place"),
    "room": N_("Room"),
    "kind": N_("Kind"),
    "theme": N_("Theme"),
    "subtheme": N_("Subtheme"),
    "format": N_("Format"),
    "platform": N_("Platform"),
    "capacity": N_("Capacity"),
    "languages": N_("Working languages"),
    "moderators": N_("Moderators"),
    "speakers": N_("Speakers"),
    "organisers": N_("Organisers"),
    "co_organisers": N_("Co-organisers"),
    "supporters": N_("Supporters"),
    "funders": N_("Funders"),
    "agenda": N_("Agenda"),
    "objectives": N_("Objectives"),
    "key_messages": N_("Key messages"),
    "questions": N_("Questions for debate"),
    "links": N_("Links"),
    "participants": N_("Taking part"),
    "members_only": N_("For members only"),
}
_WIDE = frozenset({"title", "moderators", "speakers", "agenda", "objectives", "key_messages", "questions"})
_CLOCK = re.compile(r"([01]?\d|2[0-3])(?:[:.]([0-5]\d)(?::\d\d)?| ?h ?([0-5]\d)?)", re.ASCII)
_DAY = len("2027-03-04")


class ProgrammeRow(Struct, frozen=True):
    """A row as it stands in the file: its line from 1, and what is under each known heading."""

    line: int
    cells: Mapping[str, str]


class ProgrammeFile(Struct, frozen=True):
    """The rows of a file, and the headings over columns that nobody reads."""

    rows: Sequence[ProgrammeRow]
    unread: Sequence[str]


class RowProblem(Struct, frozen=True):
    """What is wrong in a row; `refusal` names the column."""

    line: int
    refusal: Invalid


class ProgrammeImport(Struct, frozen=True):
    """The sessions that were added and changed; none where a row has a problem."""

    added: Sequence[Session] = ()
    changed: Sequence[Session] = ()
    problems: Sequence[RowProblem] = ()
    unread: Sequence[str] = ()


def columns_of(headings: Sequence[str]) -> Mapping[int, str]:
    """Which column holds what, by its place; headings may be in any of three languages."""
    ours = {fold_text(of(language).gettext(said)): name for language in LANGUAGES for name, said in COLUMNS.items()}
    found: dict[int, str] = {}
    for place, heading in enumerate(headings):
        meaning = {**HEADINGS, **ours}.get(fold_text(heading))
        if meaning and meaning not in found.values():
            found[place] = meaning
    return found


def read_programme(data: bytes, *, source: str) -> ProgrammeFile:
    """The rows of a file; raises `BadFile` for what is no spreadsheet, or has no column of titles."""
    lines = enumerate(read_rows(data, source=source, headings=columns_of), start=1)
    for line, cells in lines:
        columns = columns_of(cells)
        if "title" in columns.values():
            break
        if line >= HEADING_WITHIN:
            raise BadFile(source=source, reason="no_titles")
    else:
        raise BadFile(source=source, reason="no_titles")
    width = max(place for place, cell in enumerate(cells, 1) if cell.strip())
    rows = [row for row in _rows(lines, columns, width, source) if any(row.cells.values())]
    if not rows:
        raise BadFile(source=source, reason="no_rows")
    return ProgrammeFile(rows, unread(cells, columns))


def _rows(
    lines: Iterator[tuple[int, Sequence[str]]], columns: Mapping[int, str], width: int, source: str
) -> Iterator[ProgrammeRow]:
    for count, (line, cells) in enumerate(lines):
        if count > MOST_ROWS:
            raise BadFile(source=source, reason="too_many_rows", most=MOST_ROWS)
        ensure_within(cells, width, row=line, source=source)
        said = {name: cells[place].strip() for place, name in columns.items() if place < len(cells)}
        yield ProgrammeRow(line, said)


class ProgrammeSheets:
    """The programme of a forum in a spreadsheet, in the words of somebody's language."""

    def __init__(self, db: Db, forum: Forum, messages: Messages, *, actor: Actor) -> None:
        self.sessions, self.forum, self.messages, self.actor = SessionService(db), forum, messages, actor

    def file(self) -> bytes:
        """All that is in the programme, or only headings to fill in."""
        policy.ensure_may_import_notes(self.actor, self.forum)
        columns = [Column(self.messages.gettext(said), 36 if name in _WIDE else 16) for name, said in COLUMNS.items()]
        programme = self.sessions.programme(self.forum, actor=self.actor)
        rows = [[cells[name] for name in COLUMNS] for cells in map(self._cells, programme)]
        return xlsx(self.messages.gettext("Sessions"), columns, rows)

    def take_in(self, file: ProgrammeFile, *, language: str) -> ProgrammeImport:
        """Add and change sessions as the rows say, all or none. A cell that is as it came out changes nothing."""
        policy.ensure_may_import_notes(self.actor, self.forum)
        known = {session.number: session for session in self.sessions.programme(self.forum, actor=self.actor)}
        checked = [self._checked(row, known) for row in file.rows]
        problems = [found for found in checked if isinstance(found, RowProblem)]
        if problems:
            return ProgrammeImport(problems=problems, unread=file.unread)
        added, changed = [], []
        for session, facts in (found for found in checked if not isinstance(found, RowProblem)):
            if session is None:
                added.append(self.sessions.make(self.forum, facts, language=language, actor=self.actor))
            elif facts != SessionCorrectionIn():
                self.sessions.correct(session, facts, actor=self.actor)
                changed.append(session)
        return ProgrammeImport(added, changed, unread=file.unread)

    def _checked(
        self, row: ProgrammeRow, known: Mapping[int, Session]
    ) -> tuple[Session | None, SessionCorrectionIn] | RowProblem:
        try:
            session = _numbered(row.cells.get("number", ""), known)
            before = self._cells(session) if session else {}
            typed = {name: said for name, said in row.cells.items() if said != before.get(name, "") or name == "title"}
            if session and typed.get("title") == session.title:
                del typed["title"]
            details = self.sessions.details(session) if session else SessionDetails(found=SessionFound(title=""))
            facts = correction_of(self._with_moments(row, typed), details.found.agenda)
            corrected_details(details, facts)
        except Invalid as refusal:
            return RowProblem(row.line, refusal)
        return session, facts

    def _with_moments(self, row: ProgrammeRow, typed: dict[str, str]) -> dict[str, str]:
        """The day and the hours of a row as two moments, where one of the three is new."""
        if not {"day", "starts", "ends"} & typed.keys():
            return typed
        day = _iso_day(row.cells.get("day", ""))
        starts = _moment(row.cells.get("starts", ""), day) or day
        ends = _moment(row.cells.get("ends", ""), starts[:_DAY] if moment_of(starts) else day)
        return {**typed, "starts": starts, "ends": ends, "zone": row.cells.get("zone") or self.forum.timezone}

    def _cells(self, session: Session) -> dict[str, str]:
        typed = typed_of(self.sessions.details(session), self.messages)
        if said := FORMATS.get(typed["format"]):
            typed["format"] = self.messages.gettext(said)
        starts, ends = self._local(session.starts), self._local(session.ends)
        if starts is None:
            return {**typed, "number": str(session.number), "day": ""}
        same = ends is not None and ends.date() == starts.date()
        hours = {"day": starts.date().isoformat(), "starts": f"{starts:%H:%M}"}
        if session.starts and len(session.starts) <= _DAY:
            hours["starts"] = ""
        return {**typed, **hours, "ends": f"{ends:%H:%M}" if same else typed["ends"], "number": str(session.number)}

    def _local(self, text: str | None) -> datetime | None:
        """A moment on the clocks of the place; None where it is not certain that it can be brought back as it is."""
        moment = moment_of(text)
        if moment is None or not text:
            return None
        if len(text) <= _DAY:
            return moment
        local = self.forum.local(moment) if moment.tzinfo else None
        return local if local and local.utcoffset() == moment.utcoffset() else None


def problem_sentence(problem: RowProblem, messages: Messages) -> str:
    """What is wrong in a row, with the row and its column."""
    column = COLUMNS.get(str(problem.refusal.facts.get("field", "")), "")
    said: str = sentence(problem.refusal, messages)
    if column:
        said = messages.gettext("%(field)s: %(problem)s", field=messages.gettext(column), problem=said)
    return messages.gettext("Row %(number)s. %(what)s", number=problem.line, what=said)


def programme_sentence(done: ProgrammeImport, messages: Messages) -> str:
    """What was added and changed, and which columns nobody read."""
    added, changed = messages.number(len(done.added)), messages.number(len(done.changed))
    said = messages.gettext("Sessions added: %(added)s; changed: %(changed)s.", added=added, changed=changed)
    return " ".join(filter(None, (said, unread_columns(done.unread, messages))))


def _numbered(number: str, known: Mapping[int, Session]) -> Session | None:
    if not number:
        return None
    return required(
        known.get(whole_number(number) or 0), Invalid(field="number", reason="no_such_session", given=number[:80])
    )


def _iso_day(typed: str) -> str:
    """A day or a month in any usual writing, as ISO 8601. Raises `Invalid` for what is none."""
    day = day_last(typed)
    if day and not PERIOD.fullmatch(day) and moment_of(day) is None:
        raise Invalid(field="day", reason="not_a_day", given=typed[:80])
    return day


def _moment(typed: str, day: str) -> str:
    found = _CLOCK.fullmatch(typed)
    if not found:
        return re.sub(r"(?<=^\d{4}-\d\d-\d\d) ", "T", day_last(typed))
    if len(day) < _DAY:
        raise Invalid(field="day", reason="not_a_day" if day else "required", given=day)
    return f"{day[:_DAY]}T{found[1]:0>2}:{found[2] or found[3] or '00'}"
