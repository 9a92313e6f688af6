"""The forms of the readiness page by which two people let one thing go out as it is."""

from collections.abc import Callable
from uuid import UUID

from litestar import Controller, Response, post
from litestar.di import NamedDependency
from litestar.response import Redirect

from workspace.approvals.service import ApprovalService
from workspace.core.db import Db
from workspace.core.errors import Invalid, NotFound
from workspace.declarations.frame import Frame, frame
from workspace.editions.override_rules import OVERRIDE
from workspace.editions.override_views import OverrideForm, chosen
from workspace.editions.overriding import OverrideService
from workspace.editions.pages import answer_readiness
from workspace.translations.overview import Ways
from workspace.translations.policy import may_follow
from workspace.web import declining
from workspace.web.declining import Refusing
from workspace.web.i18n import N_
from workspace.web.pages import redirect
from workspace.web.params import FromPath, URLEncodedBody
from workspace.web.services import Work


class OverridePages(Controller):
    """Asking for an override, confirming it, taking it back."""

    path = "/{forum:str}/{declaration:str}"

    @post("/readiness/overrides", name="ask_for_override", sync_to_thread=True, policy="readiness.override")
    def ask_for_override(
        self,
        work: NamedDependency[Work],
        forum: FromPath[str],
        declaration: FromPath[str],
        data: URLEncodedBody[OverrideForm],
    ) -> Response[str] | Redirect:
        """Ask a second person to let one thing go out as it is."""

        def ask(db: Db, found: Frame) -> str:
            what = chosen(data.what, db, found)
            OverrideService(db).ask(found.declaration.id, what, reason=data.reason, actor=work.actor)
            return N_("A second person has to confirm it now: somebody of the secretariat, or another chair.")

        return _override(Ways(work, forum, declaration), data, ask)

    @post("/readiness/overrides/confirmation", name="confirm_override", sync_to_thread=True, policy="request.confirm")
    def confirm_override(
        self,
        work: NamedDependency[Work],
        forum: FromPath[str],
        declaration: FromPath[str],
        data: URLEncodedBody[OverrideForm],
    ) -> Response[str] | Redirect:
        """Confirm as the second person that it goes out as it is."""

        def confirm(db: Db, found: Frame) -> str:
            OverrideService(db).confirm(found.declaration.id, _id(data), actor=work.actor)
            return N_("It stops publication no longer, as long as its words stay as they are.")

        return _override(Ways(work, forum, declaration), data, confirm)

    @post(
        "/readiness/overrides/withdrawal",
        name="drop_override",
        sync_to_thread=True,
        policy=("readiness.override", "request.confirm"),
    )
    def drop_override(
        self,
        work: NamedDependency[Work],
        forum: FromPath[str],
        declaration: FromPath[str],
        data: URLEncodedBody[OverrideForm],
    ) -> Response[str] | Redirect:
        """Take it back, or decline it."""

        def drop(db: Db, found: Frame) -> str:
            is_declined = ApprovalService(db).withdraw(
                OVERRIDE, found.declaration, actor=work.actor, reason=data.reason, request_id=_id(data)
            )
            return declining.said(is_declined=is_declined)

        return _override(Ways(work, forum, declaration), data, drop, refusing=Refusing(data.id, data.reason))


def _override(
    ways: Ways, form: OverrideForm, act: Callable[[Db, Frame], str], *, refusing: Refusing | None = None
) -> Response[str] | Redirect:
    work = ways.work
    _ = work.actor  # asked before the unit of work opens
    try:
        with work.writing() as db:
            said = act(db, frame(db, ways.forum, ways.declaration, work=work, may=may_follow))
    except Invalid as refusal:
        return answer_readiness(ways, override=None if refusing else form, refusal=refusal, refusing=refusing)
    to = work.url_for("readiness", forum=ways.forum, declaration=ways.declaration)
    return redirect(work, to, said=work.messages.gettext(said))


def _id(form: OverrideForm) -> UUID:
    try:
        return UUID(form.id)
    except ValueError as error:
        raise NotFound(what="override", id=form.id) from error
