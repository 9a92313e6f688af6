"""Who cannot be reached by mail, as the secretariat reads it: since when, why, and what to do."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from litestar import Controller, Response, get, post
from litestar.di import NamedDependency
from litestar.response import Redirect
from msgspec import Struct

from workspace.core.shapes import filled
from workspace.letters.reasons import CAUSES
from workspace.letters.unreached import Cause, Unreached, UnreachedService
from workspace.people.frame import forum_frame, leading_on
from workspace.people.service import PeopleService
from workspace.web.i18n import Messages
from workspace.web.pages import Page, page, redirect
from workspace.web.params import FromPath
from workspace.web.services import Work


class UnreachedLine(Struct, frozen=True, kw_only=True):
    """One address; `next_step` is room, account, invite or none: what can be done besides trying again."""

    id: UUID
    address: str
    person_id: UUID | None
    name: str
    organisation: str
    since: datetime
    why: str
    code: str
    next_step: str

    @classmethod
    def of(cls, one: Unreached, messages: Messages) -> "UnreachedLine":
        return filled(cls, one, id=one.letter_id, why=messages.gettext(CAUSES[one.cause]), next_step=_next_step(one))


def _next_step(one: Unreached) -> str:
    if one.person_id is None:
        return "none"
    if one.cause is Cause.FULL:
        return "room"
    return "account" if one.has_account else "invite"


class UnreachedPage(Page, frozen=True, kw_only=True):
    lines: Sequence[UnreachedLine]


class UnreachedPages(Controller):
    """The addresses of a forum that are not written to."""

    path = "/{forum:str}/letters/unreached"

    @get(name="unreached", sync_to_thread=True, policy="organisation.manage_people")
    def unreached(self, work: NamedDependency[Work], forum: FromPath[str]) -> Response[str]:
        """Who cannot be reached by mail."""
        actor = work.actor
        with work.reading() as db:
            frame = forum_frame(db, forum, work=work)
            place = leading_on(db, frame, work=work)
            found = UnreachedService(db).listed(forum=frame.forum, actor=actor)
        lines = [UnreachedLine.of(one, work.messages) for one in found]
        return page(work, "letters/unreached.html", UnreachedPage(place=place, here="letters", lines=lines))

    @post(
        "/{letter_id:uuid}/clearing", name="write_to_address", sync_to_thread=True, policy="organisation.manage_people"
    )
    def write_again(self, work: NamedDependency[Work], forum: FromPath[str], letter_id: FromPath[UUID]) -> Redirect:
        """Write to one address again."""
        actor = work.actor
        with work.writing() as db:
            UnreachedService(db).write_again(letter_id, forum=PeopleService(db).forum(forum), actor=actor)
        said = work.messages.gettext("Letters go to this address again. What came back is not sent a second time.")
        return redirect(work, work.url_for("unreached", forum=forum), said=said)
