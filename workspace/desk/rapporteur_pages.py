"""Writing down what a session recommended, group by group, and putting it together in the plenary."""

from uuid import UUID

from litestar import Controller, Response, get, post
from litestar.di import NamedDependency
from msgspec import Struct, field

from workspace.consultation.groups import GroupService
from workspace.core.errors import Invalid
from workspace.desk.rapporteur import EntryForm, entry_page, sitting, wrap_up_page
from workspace.recommendations.models import Standing
from workspace.recommendations.service import RecommendationService
from workspace.web.i18n import LANGUAGES
from workspace.web.pages import field_errors, page, redirect
from workspace.web.params import FromPath, URLEncodedBody
from workspace.web.services import Work

ADD_GROUP, ENTER, ENTER_AND_CONFIRM = "add_group", "enter", "enter_and_confirm"
CONFIRM_ALL, MERGE = "confirm_all", "merge"


class WrapUpFields(Struct, frozen=True):
    """The items that go together, and the one whose words stay; or all that is left to be confirmed."""

    act: str = ""
    kept: str = ""
    number: list[int] | int = field(default_factory=list)  # one that is ticked alone comes as a number
    reason: str = ""

    def number_kept(self) -> int:
        if not self.kept.isdecimal():
            raise Invalid(field="kept", reason="required")
        return int(self.kept)

    def numbers(self) -> list[int]:
        return self.number if isinstance(self.number, list) else [self.number]


class RapporteurPages(Controller):
    """The rapporteur's form and the plenary wrap-up."""

    path = "/{forum:str}/sessions/{session_id:uuid}"

    @get("/entry", name="write_down", sync_to_thread=True, policy="session.edit")
    def enter(self, work: NamedDependency[Work], forum: FromPath[str], session_id: FromPath[UUID]) -> Response[str]:
        """The form, empty."""
        with work.reading() as db:
            context = entry_page(db, forum, session_id, work=work)
        return page(work, "desk/entry.html", context)

    @post("/entry", name="save_entry", sync_to_thread=True, policy="session.edit")
    def save_entry(
        self,
        work: NamedDependency[Work],
        forum: FromPath[str],
        session_id: FromPath[UUID],
        data: URLEncodedBody[EntryForm],
    ) -> Response[str] | Response[None]:
        """Write a list down, and come back for the next one."""
        actor, say = work.actor, work.messages
        try:
            with work.writing() as db:
                _, session = sitting(db, forum, session_id, work=work)
                service = GroupService(db)
                language = data.language if data.language in LANGUAGES else work.language
                group_id = _group(data.group)
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
        said = say.ngettext("One recommendation is written down.", "%(n)s recommendations are written down.", count)
        return redirect(work, work.url_for("write_down", forum=forum, session_id=session_id), said=said)

    @get("/wrap-up", name="wrap_up", sync_to_thread=True, policy="session.edit")
    def wrap_up(self, work: NamedDependency[Work], forum: FromPath[str], session_id: FromPath[UUID]) -> Response[str]:
        """What the groups said, side by side."""
        with work.reading() as db:
            context = wrap_up_page(db, forum, session_id, work=work)
        return page(work, "desk/wrap_up.html", context)

    @post("/wrap-up", name="save_wrap_up", sync_to_thread=True, policy="session.edit")
    def save_wrap_up(
        self,
        work: NamedDependency[Work],
        forum: FromPath[str],
        session_id: FromPath[UUID],
        data: URLEncodedBody[WrapUpFields],
    ) -> Response[str] | Response[None]:
        """Let items go together, or confirm what is left."""
        actor, say = work.actor, work.messages
        try:
            with work.writing() as db:
                found, session = sitting(db, forum, session_id, work=work)
                register = RecommendationService(db)
                if data.act == MERGE:
                    kept = data.number_kept()
                    others = [one for one in data.numbers() if one != kept]
                    register.merge(found.forum, kept, others, reason=data.reason, actor=actor)
                    said = say.gettext("They are one now: number %(number)s. The words of each are kept.", number=kept)
                else:
                    rest = [
                        one.number for one in GroupService(db).said_in(session) if one.standing is Standing.PROPOSED
                    ]
                    register.settle(found.forum, rest, Standing.CONFIRMED, actor=actor)
                    said = say.ngettext(
                        "One recommendation is confirmed.", "%(n)s recommendations are confirmed.", len(rest)
                    )
        except Invalid as refusal:
            with work.reading() as db:
                context = wrap_up_page(db, forum, session_id, work=work, errors=field_errors(work, refusal))
            return page(work, "desk/wrap_up.html", context, status=422)
        return redirect(work, work.url_for("wrap_up", forum=forum, session_id=session_id), said=said)


_FIELDS = {"group": "new_group"}


def _group(told: str) -> UUID | None:
    if not told:
        return None
    try:
        return UUID(told)
    except ValueError:
        raise Invalid(field="group", reason="required") from None
