"""The form of the readiness page by which two people move the time of a sealed edition, or break its seal."""

from litestar import Controller, Response, post
from litestar.di import NamedDependency
from litestar.response import Redirect

from workspace.core.actor import Actor
from workspace.core.errors import Invalid, NotFound
from workspace.declarations.frame import frame
from workspace.declarations.models import Declaration
from workspace.editions.approvals import RELEASE
from workspace.editions.embargo import EmbargoService
from workspace.editions.embargo_views import ReleaseForm
from workspace.editions.pages import answer_readiness
from workspace.translations.overview import Ways
from workspace.translations.policy import may_follow
from workspace.web.declining import Refusing
from workspace.web.i18n import N_
from workspace.web.pages import redirect
from workspace.web.params import FromPath, URLEncodedBody
from workspace.web.services import Work

ASKED = N_("A second person has to confirm it now. Until then the edition comes out as it was agreed.")
CONFIRMED = N_("It is changed, and on record.")
DROPPED = N_("Nothing changes: the edition comes out as it was agreed.")
DECLINED = N_("The request is declined: the edition comes out as it was agreed, and whoever asked is told.")


class EmbargoPages(Controller):
    """When a sealed edition comes out."""

    path = "/{forum:str}/{declaration:str}"

    @post("/readiness/release", name="change_release", sync_to_thread=True, policy=(RELEASE.action, "request.confirm"))
    def change_release(
        self,
        work: NamedDependency[Work],
        forum: FromPath[str],
        declaration: FromPath[str],
        data: URLEncodedBody[ReleaseForm],
    ) -> Response[str] | Redirect:
        """Ask for another time, or that nothing comes out; confirm it; take it back, or decline it."""
        actor = work.actor
        try:
            with work.writing() as db:
                found = frame(db, forum, declaration, work=work, may=may_follow)
                said = _done(EmbargoService(db), found.declaration, data, actor)
        except Invalid as refusal:
            refusing = Refusing(RELEASE.matter.value, data.reason) if data.act == "drop" else None
            ways = Ways(work, forum, declaration)
            return answer_readiness(ways, release=data, refusal=refusal, refusing=refusing)
        to = work.url_for("readiness", forum=forum, declaration=declaration)
        return redirect(work, to, said=work.messages.gettext(said))


def _done(service: EmbargoService, declaration: Declaration, form: ReleaseForm, actor: Actor) -> str:
    """Do what was asked, and say so."""
    match form.act:
        case "ask":
            if not form.release.strip():
                raise Invalid(field="release", reason="empty")
            service.ask(declaration, release=form.release, zone=form.zone, actor=actor)
            return ASKED
        case "break":
            service.ask(declaration, release="", actor=actor)
            return ASKED
        case "confirm":
            service.confirm(declaration, actor=actor)
            return CONFIRMED
        case "drop":
            is_declined = service.approvals.withdraw(RELEASE, declaration, actor=actor, reason=form.reason)
            return DECLINED if is_declined else DROPPED
        case _:
            raise NotFound(what="act", id=form.act)
