"""Breaking the glass: the page on which an administrator gives a reason, and on which others end it."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from uuid import UUID

from litestar import Controller
from msgspec import Struct, field

from workspace.core.actor import Actor
from workspace.core.errors import Invalid, NotFound
from workspace.core.security.conditions import Case
from workspace.core.storage.db import Db
from workspace.people.emergency_access import EmergencyAccessService, may_open_emergency_access
from workspace.people.frame import ForumFrame, FrameInForum, InForum, header_place
from workspace.people.models import EmergencyAccess
from workspace.people.policy import may_in
from workspace.web.http.request_context import FormBody, PathId, Work
from workspace.web.i18n.marking import N_
from workspace.web.pages import Done, Page, field_errors, shows, takes

ACCESS_OPENED = N_("The texts are open to you for an hour.")
ACCESS_ENDED = N_("Emergency access ended.")


class EmergencyAccessForm(Struct, frozen=True):
    reason: str = ""


class EmergencyAccessLine(Struct, frozen=True):
    """Somebody who sees the texts now, and whether this reader can end it."""

    id: UUID
    name: str
    reason: str
    until: datetime
    may_end: bool


class EmergencyAccessPage(Page, frozen=True, kw_only=True):
    lent: Sequence[EmergencyAccessLine]
    may_open: bool
    reason: str = ""
    errors: Mapping[str, str] = field(default_factory=dict)


class EmergencyAccessPages(Controller):
    """Rights that an administrator lends themselves for an hour."""

    path = "/{forum:str}/break-glass"

    @shows("people/glass.html", name="glass", policy="breakglass.read")
    def glass(
        self,
        db: Db,
        work: Work,
        found: FrameInForum,
        form: EmergencyAccessForm = EmergencyAccessForm(),
        refusal: Invalid | None = None,
    ) -> EmergencyAccessPage:
        """Who sees the texts now, and the form to open them."""
        if not may_in(work.actor, "breakglass.read", found.forum):
            raise NotFound(what="forum", id=found.forum.slug)
        return EmergencyAccessPage(
            place=header_place(db, found, work=work),
            here="forum",
            lent=emergency_access_lines(db, found, work=work),
            may_open=may_open_emergency_access(work.actor, found.forum),
            reason=form.reason,
            errors=field_errors(work, refusal),
        )

    @takes(again=glass, name="break_glass", policy="breakglass.open")
    def break_glass(
        self, db: Db, work: Work, actor: Actor, forum: InForum, data: FormBody[EmergencyAccessForm]
    ) -> Done:
        """Open them; without a reason the form is shown again."""
        EmergencyAccessService(db).open(forum, reason=data.reason, actor=actor)
        return Done("forum", work.messages.gettext(ACCESS_OPENED))

    @takes("/{lent_id:uuid}/end", name="end_lent_right", policy="breakglass.close")
    def end_lent_right(self, db: Db, work: Work, actor: Actor, forum: InForum, lent_id: PathId) -> Done:
        """End it now."""
        EmergencyAccessService(db).close(forum, lent_id, actor=actor)
        return Done("forum", work.messages.gettext(ACCESS_ENDED))


def emergency_access_lines(db: Db, found: ForumFrame, *, work: Work) -> list[EmergencyAccessLine]:
    """Who sees the texts now, for those whom it concerns."""
    opened = EmergencyAccessService(db).opened(found.forum, actor=work.actor)
    return [_line(access, found, work) for access in opened]


def _line(lent: EmergencyAccess, found: ForumFrame, work: Work) -> EmergencyAccessLine:
    may_end = may_in(work.actor, "breakglass.close", found.forum, Case(authors=frozenset({lent.person_id})))
    until = found.forum.local(lent.until)
    return EmergencyAccessLine(lent.id, lent.person.name, lent.reason, until, may_end)
