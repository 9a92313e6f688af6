"""The rapporteur's form: lists of what groups recommended, and the plenary that puts them together."""

from collections.abc import Mapping, Sequence
from uuid import UUID

from msgspec import Struct

from workspace.consultation import policy
from workspace.consultation.groups import GroupService
from workspace.core.db import Db
from workspace.core.errors import NotAllowed, NotFound
from workspace.declarations.frame import header
from workspace.people.frame import ForumFrame, forum_frame
from workspace.recommendations.models import Recommendation, Standing
from workspace.sessions.models import Session
from workspace.sessions.service import SessionService
from workspace.web.i18n import LANGUAGES
from workspace.web.pages import Page
from workspace.web.services import Work


class Entry(Struct, frozen=True):
    """A recommendation in the words it was written down in."""

    number: int
    text: str
    language: str
    standing: Standing


class Column(Struct, frozen=True):
    """What one group recommended; the plenary itself has no id and no name."""

    id: UUID | None
    name: str
    language: str
    entries: Sequence[Entry]


class Pair(Struct, frozen=True):
    """Two that say nearly the same, each with its group."""

    first: Entry
    first_group: str
    second: Entry
    second_group: str
    likeness: int


class EntryForm(Struct, frozen=True):
    """A list, and the group that made it: one of the session's, a new one by its name, or the plenary."""

    act: str = ""
    group: str = ""
    new_group: str = ""
    language: str = ""
    items: str = ""


class _OfSession(Page, frozen=True, kw_only=True):
    id: UUID
    number: int
    title: str
    language: str
    programme: str
    session: str
    columns: Sequence[Column]
    proposed: int
    errors: Mapping[str, str]


class EntryPage(_OfSession, frozen=True, kw_only=True):
    form: EntryForm
    wrap_up: str


class WrapUpPage(_OfSession, frozen=True, kw_only=True):
    pairs: Sequence[Pair]
    entry: str


def entry_page(
    db: Db,
    forum_slug: str,
    session_id: UUID,
    *,
    work: Work,
    form: EntryForm | None = None,
    errors: Mapping[str, str] | None = None,
) -> EntryPage:
    """The form, and what was written down already."""
    found, session = sitting(db, forum_slug, session_id, work=work)
    service = GroupService(db)
    columns = _columns(service, session, service.said_in(session))
    return EntryPage(
        place=header(db, found, work=work),
        here="sessions",
        id=session.id,
        number=session.number,
        title=session.title,
        language=_tag(session.language),
        programme=work.url_for("sessions", forum=forum_slug),
        session=work.url_for("session", forum=forum_slug, session_id=session.id),
        wrap_up=work.url_for("wrap_up", forum=forum_slug, session_id=session.id),
        columns=columns,
        proposed=_proposed(columns),
        errors=errors or {},
        form=form or EntryForm(language=_spoken(session, work)),
    )


def wrap_up_page(
    db: Db, forum_slug: str, session_id: UUID, *, work: Work, errors: Mapping[str, str] | None = None
) -> WrapUpPage:
    """The groups side by side, and what two of them said alike."""
    found, session = sitting(db, forum_slug, session_id, work=work)
    service = GroupService(db)
    said = service.said_in(session)
    groups = {one.id: one.working_group for one in said}
    columns = _columns(service, session, said)
    return WrapUpPage(
        place=header(db, found, work=work),
        here="sessions",
        id=session.id,
        number=session.number,
        title=session.title,
        language=_tag(session.language),
        programme=work.url_for("sessions", forum=forum_slug),
        session=work.url_for("session", forum=forum_slug, session_id=session.id),
        entry=work.url_for("write_down", forum=forum_slug, session_id=session.id),
        columns=columns,
        proposed=_proposed(columns),
        errors=errors or {},
        pairs=[
            Pair(_entry(pair.first), groups[pair.one_id], _entry(pair.second), groups[pair.other_id], pair.likeness)
            for pair in service.alike(said)
        ],
    )


def sitting(db: Db, forum_slug: str, session_id: UUID, *, work: Work) -> tuple[ForumFrame, Session]:
    """The session of a page, for whoever writes down what it recommended. Raises `NotFound`."""
    found = forum_frame(db, forum_slug, work=work)
    session = SessionService(db).get(session_id, actor=work.actor)
    if session.forum_id != found.forum.id:
        raise NotFound(what="session", id=str(session_id))
    if not policy.may_enter(work.actor, found.forum, session):
        raise NotAllowed(action="session.edit")
    return found, session


def _columns(service: GroupService, session: Session, said: Sequence[Recommendation]) -> list[Column]:
    groups = service.groups(session)
    known = {one.name for one in groups}
    plenary = [_entry(one) for one in said if one.working_group not in known]
    return [
        *(
            Column(one.id, one.name, _tag(one.language), [_entry(row) for row in said if row.working_group == one.name])
            for one in groups
        ),
        Column(None, "", _tag(session.language), plenary),
    ]


def _proposed(columns: Sequence[Column]) -> int:
    return sum(one.standing is Standing.PROPOSED for column in columns for one in column.entries)


def _entry(one: Recommendation) -> Entry:
    return Entry(one.number, one.text, _tag(one.language), one.standing)


def _spoken(session: Session, work: Work) -> str:
    return session.language if session.language in LANGUAGES else work.language


def _tag(language: str) -> str:
    return language if language in LANGUAGES else "und"
