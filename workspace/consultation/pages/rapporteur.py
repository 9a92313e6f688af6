"""Writing down what a session recommended, group by group, and putting it together in the plenary."""

from collections.abc import Mapping, Sequence
from uuid import UUID

from litestar import Controller, Response
from msgspec import Struct, field

from workspace.consultation import policy
from workspace.consultation.groups import GroupService
from workspace.core.errors import Invalid, NotAllowed, NotFound
from workspace.core.storage.db import Db
from workspace.core.validation import chosen_id, whole_number
from workspace.declarations.frame import header
from workspace.people.frame import ForumFrame, forum_frame
from workspace.recommendations.models import Recommendation, RecommendationStatus
from workspace.recommendations.service import RecommendationService
from workspace.sessions.models import Session
from workspace.sessions.service import SessionService
from workspace.web.http.request_context import CurrentWork, FromPath, Slug, URLEncodedBody, Work
from workspace.web.http.routing import get, post
from workspace.web.i18n.messages import LANGUAGES
from workspace.web.pages import Page, PageOrRedirect, field_errors, page, redirect


class RecordedRecommendation(Struct, frozen=True):
    """A recommendation in the words it was written down in."""

    number: int
    text: str
    language: str
    standing: RecommendationStatus


class GroupColumn(Struct, frozen=True):
    """What one group recommended; the plenary itself has no id and no name."""

    id: UUID | None
    name: str
    language: str
    entries: Sequence[RecordedRecommendation]


class SimilarItems(Struct, frozen=True):
    """Two that say nearly the same, each with its group."""

    first: RecordedRecommendation
    first_group: str
    second: RecordedRecommendation
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
    columns: Sequence[GroupColumn]
    proposed: int
    errors: Mapping[str, str]


class EntryPage(_OfSession, frozen=True, kw_only=True):
    form: EntryForm
    wrap_up: str


class WrapUpPage(_OfSession, frozen=True, kw_only=True):
    pairs: Sequence[SimilarItems]
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
    found, session = rapporteur_session(db, forum_slug, session_id, work=work)
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
        form=form or EntryForm(language=session.language if session.language in LANGUAGES else work.language),
    )


def wrap_up_page(
    db: Db, forum_slug: str, session_id: UUID, *, work: Work, errors: Mapping[str, str] | None = None
) -> WrapUpPage:
    """The groups side by side, and what two of them said alike."""
    found, session = rapporteur_session(db, forum_slug, session_id, work=work)
    service = GroupService(db)
    said = service.said_in(session)
    groups = {recommendation.id: recommendation.working_group for recommendation in said}
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
            SimilarItems(
                _entry(pair.first), groups[pair.one_id], _entry(pair.second), groups[pair.other_id], pair.likeness
            )
            for pair in service.alike(said)
        ],
    )


def rapporteur_session(db: Db, forum_slug: str, session_id: UUID, *, work: Work) -> tuple[ForumFrame, Session]:
    """The session of a page, for whoever writes down what it recommended. Raises `NotFound`."""
    found = forum_frame(db, forum_slug, work=work)
    session = SessionService(db).get(session_id, actor=work.actor)
    if session.forum_id != found.forum.id:
        raise NotFound(what="session", id=str(session_id))
    if not policy.may_enter(work.actor, found.forum, session):
        raise NotAllowed(action="session.edit")
    return found, session


def _columns(service: GroupService, session: Session, said: Sequence[Recommendation]) -> list[GroupColumn]:
    groups = service.groups(session)
    known = {group.name for group in groups}
    plenary = [_entry(recommendation) for recommendation in said if recommendation.working_group not in known]
    return [
        *(
            GroupColumn(
                group.id,
                group.name,
                _tag(group.language),
                [_entry(row) for row in said if row.working_group == group.name],
            )
            for group in groups
        ),
        GroupColumn(None, "", _tag(session.language), plenary),
    ]


def _proposed(columns: Sequence[GroupColumn]) -> int:
    return sum(
        recorded_recommendation.standing is RecommendationStatus.PROPOSED
        for column in columns
        for recorded_recommendation in column.entries
    )


def _entry(recommendation: Recommendation) -> RecordedRecommendation:
    return RecordedRecommendation(
        recommendation.number, recommendation.text, _tag(recommendation.language), recommendation.standing
    )


def _tag(language: str) -> str:
    return language if language in LANGUAGES else "und"


ADD_GROUP, ENTER, ENTER_AND_CONFIRM = "add_group", "enter", "enter_and_confirm"
CONFIRM_ALL, MERGE = "confirm_all", "merge"


class WrapUpFields(Struct, frozen=True):
    """The items that go together, and the one whose words stay; or all that is left to be confirmed."""

    act: str = ""
    kept: str = ""
    number: list[int] | int = field(default_factory=list)  # one that is ticked alone comes as a number
    reason: str = ""

    def number_kept(self) -> int:
        if (number := whole_number(self.kept)) is None:
            raise Invalid(field="kept", reason="required")
        return number

    def numbers(self) -> list[int]:
        return self.number if isinstance(self.number, list) else [self.number]


class RapporteurPages(Controller):
    """The rapporteur's form and the plenary wrap-up."""

    path = "/{forum:str}/sessions/{session_id:uuid}"

    @get("/entry", name="write_down", policy="session.edit")
    def enter(self, work: CurrentWork, forum: Slug, session_id: FromPath[UUID]) -> Response[str]:
        """The form, empty."""
        with work.reading() as db:
            context = entry_page(db, forum, session_id, work=work)
        return page(work, "desk/entry.html", context)

    @post("/entry", name="save_entry", policy="session.edit")
    def save_entry(
        self, work: CurrentWork, forum: Slug, session_id: FromPath[UUID], data: URLEncodedBody[EntryForm]
    ) -> PageOrRedirect:
        """Write a list down, and come back for the next one."""
        actor, say = work.actor, work.messages
        try:
            with work.writing() as db:
                _, session = rapporteur_session(db, forum, session_id, work=work)
                service = GroupService(db)
                language = data.language if data.language in LANGUAGES else work.language
                group_id = chosen_id(data.group, "group") if data.group else None
                if data.new_group.strip():
                    group_id = service.add_group(session, data.new_group, language=language, actor=actor).id
                made = service.enter(
                    session,
                    data.items,
                    language=language,
                    actor=actor,
                    group_id=group_id,
                    confirms=data.act == ENTER_AND_CONFIRM,
                )
                count = len(made)
        except Invalid as refusal:
            errors = {_FIELDS.get(name, name): said for name, said in field_errors(work, refusal).items()}
            with work.reading() as db:
                context = entry_page(db, forum, session_id, work=work, form=data, errors=errors)
            return page(work, "desk/entry.html", context, status=422)
        said = say.ngettext("One recommendation saved.", "%(n)s recommendations saved.", count)
        return redirect(work, work.url_for("write_down", forum=forum, session_id=session_id), said=said)

    @get("/wrap-up", name="wrap_up", policy="session.edit")
    def wrap_up(self, work: CurrentWork, forum: Slug, session_id: FromPath[UUID]) -> Response[str]:
        """What the groups said, side by side."""
        with work.reading() as db:
            context = wrap_up_page(db, forum, session_id, work=work)
        return page(work, "desk/wrap_up.html", context)

    @post("/wrap-up", name="save_wrap_up", policy="session.edit")
    def save_wrap_up(
        self, work: CurrentWork, forum: Slug, session_id: FromPath[UUID], data: URLEncodedBody[WrapUpFields]
    ) -> PageOrRedirect:
        """Let items go together, or confirm what is left."""
        actor, say = work.actor, work.messages
        try:
            with work.writing() as db:
                found, session = rapporteur_session(db, forum, session_id, work=work)
                register = RecommendationService(db)
                if data.act == MERGE:
                    kept = data.number_kept()
                    others = [number for number in data.numbers() if number != kept]
                    register.merge(found.forum, kept, others, reason=data.reason, actor=actor)
                    said = say.gettext("Merged as recommendation %(number)s; both texts are kept.", number=kept)
                else:
                    rest = [
                        recommendation.number
                        for recommendation in GroupService(db).said_in(session)
                        if recommendation.standing is RecommendationStatus.PROPOSED
                    ]
                    register.settle(found.forum, rest, RecommendationStatus.CONFIRMED, actor=actor)
                    said = say.ngettext("One recommendation confirmed.", "%(n)s recommendations confirmed.", len(rest))
        except Invalid as refusal:
            with work.reading() as db:
                context = wrap_up_page(db, forum, session_id, work=work, errors=field_errors(work, refusal))
            return page(work, "desk/wrap_up.html", context, status=422)
        return redirect(work, work.url_for("wrap_up", forum=forum, session_id=session_id), said=said)


_FIELDS = {"group": "new_group"}
