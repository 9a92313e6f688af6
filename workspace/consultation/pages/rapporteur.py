"""Writing down what a session recommended, group by group, and putting it together in the plenary."""

from collections.abc import Mapping, Sequence
from typing import Annotated, Any
from uuid import UUID

from litestar import Controller
from msgspec import Struct, field

from workspace.consultation import policy
from workspace.consultation.groups import GroupService
from workspace.core.errors import Invalid, NotAllowed
from workspace.core.storage.db import Db
from workspace.core.validation import chosen_id, whole_number
from workspace.declarations.frame import header
from workspace.people.frame import ForumFrame, forum_frame
from workspace.recommendations.models import Recommendation, RecommendationStatus
from workspace.recommendations.service import RecommendationService
from workspace.sessions.models import Session
from workspace.sessions.service import SessionService
from workspace.web.http.request_context import FormBody, Loads, PathId, Slug, Work
from workspace.web.i18n.messages import LANGUAGES
from workspace.web.pages import Done, Page, field_errors, shows, takes


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


_FIELDS = {"group": "new_group"}  # of the form, where a refusal names the whole


def _of_session(
    db: Db, found: ForumFrame, session: Session, columns: Sequence[GroupColumn], *, work: Work
) -> dict[str, Any]:
    """What both pages say of the session."""
    forum = found.forum.slug
    return {
        "place": header(db, found, work=work),
        "here": "sessions",
        "id": session.id,
        "number": session.number,
        "title": session.title,
        "language": _tag(session.language),
        "programme": work.url_for("sessions", forum=forum),
        "session": work.url_for("session", forum=forum, session_id=session.id),
        "columns": columns,
        "proposed": _proposed(columns),
    }


def rapporteur_session(db: Db, forum: Slug, session_id: PathId, *, work: Work) -> tuple[ForumFrame, Session]:
    """The session of a page, for whoever writes down what it recommended. Raises `NotFound`."""
    found = forum_frame(db, forum, work=work)
    session = SessionService(db).get(session_id, actor=work.actor, forum=found.forum)
    if not policy.may_enter(work.actor, found.forum, session):
        raise NotAllowed(action="session.edit")
    return found, session


OfRapporteur = Annotated[tuple[ForumFrame, Session], Loads(rapporteur_session)]


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

    @shows("desk/entry.html", "/entry", name="write_down", policy="session.edit")
    def enter(
        self, db: Db, work: Work, at: OfRapporteur, form: EntryForm | None = None, refusal: Invalid | None = None
    ) -> EntryPage:
        """The form, and what was written down already."""
        (found, session), service = at, GroupService(db)
        errors = {_FIELDS.get(name, name): said for name, said in field_errors(work, refusal).items()}
        return EntryPage(
            **_of_session(db, found, session, _columns(service, session, service.said_in(session)), work=work),
            wrap_up=work.url_from_here("wrap_up"),
            errors=errors,
            form=form or EntryForm(language=session.language if session.language in LANGUAGES else work.language),
        )

    @takes("/entry", again=enter, name="save_entry", policy="session.edit")
    def save_entry(self, db: Db, work: Work, at: OfRapporteur, data: FormBody[EntryForm]) -> Done:
        """Write a list down, and come back for the next one."""
        (_, session), service = at, GroupService(db)
        language = data.language if data.language in LANGUAGES else work.language
        group_id = chosen_id(data.group, "group") if data.group else None
        if data.new_group.strip():
            group_id = service.add_group(session, data.new_group, language=language, actor=work.actor).id
        made = service.enter(
            session,
            data.items,
            language=language,
            actor=work.actor,
            group_id=group_id,
            confirms=data.act == ENTER_AND_CONFIRM,
        )
        said = work.messages.ngettext("One recommendation saved.", "%(n)s recommendations saved.", len(made))
        return Done("write_down", said)

    @shows("desk/wrap_up.html", "/wrap-up", name="wrap_up", policy="session.edit")
    def wrap_up(self, db: Db, work: Work, at: OfRapporteur, refusal: Invalid | None = None) -> WrapUpPage:
        """The groups side by side, and what two of them said alike."""
        (found, session), service = at, GroupService(db)
        said = service.said_in(session)
        groups = {recommendation.id: recommendation.working_group for recommendation in said}
        return WrapUpPage(
            **_of_session(db, found, session, _columns(service, session, said), work=work),
            entry=work.url_from_here("write_down"),
            errors=field_errors(work, refusal),
            pairs=[
                SimilarItems(
                    _entry(pair.first), groups[pair.one_id], _entry(pair.second), groups[pair.other_id], pair.likeness
                )
                for pair in service.alike(said)
            ],
        )

    @takes("/wrap-up", again=wrap_up, name="save_wrap_up", policy="session.edit")
    def save_wrap_up(self, db: Db, work: Work, at: OfRapporteur, data: FormBody[WrapUpFields]) -> Done:
        """Let items go together, or confirm what is left."""
        found, session = at
        register, say = RecommendationService(db), work.messages
        if data.act == MERGE:
            kept = data.number_kept()
            others = [number for number in data.numbers() if number != kept]
            register.merge(found.forum, kept, others, reason=data.reason, actor=work.actor)
            return Done(
                "wrap_up", say.gettext("Merged as recommendation %(number)s; both texts are kept.", number=kept)
            )
        rest = [
            recommendation.number
            for recommendation in GroupService(db).said_in(session)
            if recommendation.standing is RecommendationStatus.PROPOSED
        ]
        register.settle(found.forum, rest, RecommendationStatus.CONFIRMED, actor=work.actor)
        said = say.ngettext("One recommendation confirmed.", "%(n)s recommendations confirmed.", len(rest))
        return Done("wrap_up", said)
