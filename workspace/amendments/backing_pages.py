"""Sponsoring and supporting an amendment, from its page."""

from litestar import Controller, Response, post
from litestar.di import NamedDependency

from workspace.amendments.backing import BackingService
from workspace.amendments.backing_views import called
from workspace.amendments.change_context import possible_sponsors
from workspace.amendments.models import Amendment
from workspace.amendments.pages import show_amendment
from workspace.amendments.passages import block_key
from workspace.core.db import Db
from workspace.core.errors import Invalid, NotFound
from workspace.declarations.frame import Frame, frame
from workspace.web.i18n import N_
from workspace.web.pages import field_errors, redirect
from workspace.web.params import FromPath, URLEncodedBody
from workspace.web.services import Work

INVITED = N_("%(name)s is invited to sponsor amendment %(number)s.")
TAKEN_BACK = N_("The invitation is taken back.")
SPONSORED = N_("You sponsor amendment %(number)s.")
DECLINED = N_("You do not sponsor amendment %(number)s.")
SUPPORTED = N_("You support amendment %(number)s.")
UNSUPPORTED = N_("You no longer support amendment %(number)s.")


class BackingPages(Controller):
    """Who stands behind one amendment."""

    path = "/{forum:str}/{declaration:str}/amendments/{number:int}"

    @post("/cosponsors", name="invite_cosponsor", sync_to_thread=True, policy="amendment.cosponsor")
    def invite_cosponsor(
        self,
        work: NamedDependency[Work],
        forum: FromPath[str],
        declaration: FromPath[str],
        number: FromPath[int],
        data: URLEncodedBody[dict[str, str]],
    ) -> Response[str] | Response[None]:
        """Invite somebody by name; the page again where that is not one person."""
        actor, invitee = work.actor, data.get("invitee", "")
        try:
            with work.writing() as db:
                found, amendment = _opened(db, work, forum, declaration, number)
                someone = called(invitee, possible_sponsors(db, found, work))
                person = block_key(someone.id)
                BackingService(db).invite(amendment.id, [person] if person else [], actor=actor)
        except Invalid as refusal:
            errors = {"invitee": next(iter(field_errors(work, refusal).values()))}
            return show_amendment(work, forum, declaration, number, errors=errors, invitee=invitee)
        return _back(work, forum, declaration, number, work.messages.gettext(INVITED, name=someone.name, number=number))

    @post("/cosponsors/taking-back", name="uninvite_cosponsor", sync_to_thread=True, policy="amendment.cosponsor")
    def uninvite_cosponsor(
        self,
        work: NamedDependency[Work],
        forum: FromPath[str],
        declaration: FromPath[str],
        number: FromPath[int],
        data: URLEncodedBody[dict[str, str]],
    ) -> Response[None]:
        """Take back an invitation that was not answered yet."""
        actor, person = work.actor, block_key(data.get("person", ""))
        if person is None:
            raise NotFound(what="person", id=data.get("person", ""))
        with work.writing() as db:
            _, amendment = _opened(db, work, forum, declaration, number)
            BackingService(db).take_back(amendment.id, person, actor=actor)
        return _back(work, forum, declaration, number, work.messages.gettext(TAKEN_BACK))

    @post("/cosponsorship", name="answer_invitation", sync_to_thread=True, policy="amendment.cosponsor")
    def answer_invitation(
        self,
        work: NamedDependency[Work],
        forum: FromPath[str],
        declaration: FromPath[str],
        number: FromPath[int],
        data: URLEncodedBody[dict[str, str]],
    ) -> Response[None]:
        """Say yes or no to sponsoring it."""
        actor, confirms = work.actor, data.get("answer") == "yes"
        with work.writing() as db:
            _, amendment = _opened(db, work, forum, declaration, number)
            BackingService(db).answer(amendment.id, confirms=confirms, actor=actor)
        said = work.messages.gettext(SPONSORED if confirms else DECLINED, number=number)
        return _back(work, forum, declaration, number, said)

    @post("/support", name="support_amendment", sync_to_thread=True, policy="amendment.cosponsor")
    def support_amendment(
        self, work: NamedDependency[Work], forum: FromPath[str], declaration: FromPath[str], number: FromPath[int]
    ) -> Response[None]:
        """Ask for the same."""
        actor = work.actor
        with work.writing() as db:
            _, amendment = _opened(db, work, forum, declaration, number)
            BackingService(db).support(amendment.id, actor=actor)
        return _back(work, forum, declaration, number, work.messages.gettext(SUPPORTED, number=number))

    @post("/support/withdrawal", name="withdraw_support", sync_to_thread=True, policy="amendment.cosponsor")
    def withdraw_support(
        self, work: NamedDependency[Work], forum: FromPath[str], declaration: FromPath[str], number: FromPath[int]
    ) -> Response[None]:
        """No longer ask for it."""
        actor = work.actor
        with work.writing() as db:
            _, amendment = _opened(db, work, forum, declaration, number)
            BackingService(db).withdraw_support(amendment.id, actor=actor)
        return _back(work, forum, declaration, number, work.messages.gettext(UNSUPPORTED, number=number))


def _opened(db: Db, work: Work, forum: str, declaration: str, number: int) -> tuple[Frame, Amendment]:
    found = frame(db, forum, declaration, work=work)
    return found, BackingService(db).numbered(found.declaration, number, actor=work.actor)


def _back(work: Work, forum: str, declaration: str, number: int, said: str) -> Response[None]:
    to = work.url_for("amendment", forum=forum, declaration=declaration, number=number)
    return redirect(work, f"{to}#backing", said=said)
