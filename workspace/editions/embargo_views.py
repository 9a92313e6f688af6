"""A sealed edition as the readiness page shows it, and the forms about its time."""

from datetime import datetime

from msgspec import Struct

from workspace.approvals.views import RequestView, request_view
from workspace.core.db import Db
from workspace.declarations.deadlines import as_given
from workspace.declarations.frame import Frame
from workspace.declarations.policy import may_ask
from workspace.editions.approvals import RELEASE
from workspace.editions.embargo import EmbargoService, asked_moment
from workspace.web.services import Work


class AskedChange(Struct, frozen=True):
    """Another time that waits for a second person; without `at`, the seal is to be broken."""

    request: RequestView
    at: datetime | None


class SealedView(Struct, frozen=True):
    """An edition that comes out by itself at `release_at`, as the clock shows it in `zone`."""

    number: int
    release_at: datetime
    zone: str
    manifest_sha256: str
    sealed_at: datetime
    asked: AskedChange | None
    may_ask: bool


class ReleaseForm(Struct, frozen=True):
    """What is asked about the time (`act`), and the time; why it is declined."""

    act: str = ""
    release: str = ""
    zone: str = ""
    reason: str = ""


def sealed_view(db: Db, work: Work, found: Frame) -> SealedView | None:
    """The edition that waits for its time, for who may see the readiness of the text."""
    service = EmbargoService(db)
    sealed, request = service.sealed(found.declaration), service.asked(found.declaration)
    if sealed is None:
        return None
    asked = None
    if request is not None:
        moment = asked_moment(request)
        view = request_view(RELEASE, found.declaration, request, actor=work.actor, local=found.forum.local)
        asked = AskedChange(view, as_given(moment.at, moment.offset) if moment else None)
    return SealedView(
        number=sealed.number,
        release_at=as_given(sealed.release_at, sealed.release_offset) or sealed.release_at,
        zone=sealed.zone,
        manifest_sha256=sealed.manifest_sha256,
        sealed_at=found.forum.local(sealed.sealed_at),
        asked=asked,
        may_ask=may_ask(work.actor, RELEASE.action, found.declaration),
    )
