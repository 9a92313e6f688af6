"""A sealed edition as the readiness page shows it, and the forms about its time."""

from datetime import datetime

from msgspec import Struct

from workspace.core.conditions import Condition
from workspace.core.db import Db
from workspace.declarations.deadlines import as_given
from workspace.declarations.frame import Frame
from workspace.declarations.policy import may_do
from workspace.editions.embargo import ACTION, EmbargoService, may_confirm
from workspace.people.service import PeopleService
from workspace.web.services import Work


class AskedChange(Struct, frozen=True):
    """Another time that waits for a second person; without `at`, the seal is to be broken."""

    name: str
    at: datetime | None
    is_mine: bool
    may_confirm: bool


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
    sealed = EmbargoService(db).sealed(found.declaration)
    if sealed is None:
        return None
    asked = None
    if sealed.asked_by_id is not None:
        asked = AskedChange(
            name=PeopleService(db).actor(sealed.asked_by_id).name,
            at=as_given(sealed.asked_release_at, sealed.asked_offset),
            is_mine=sealed.asked_by_id == work.actor.person_id,
            may_confirm=may_confirm(work.actor, found.declaration, sealed),
        )
    return SealedView(
        number=sealed.number,
        release_at=as_given(sealed.release_at, sealed.release_offset) or sealed.release_at,
        zone=sealed.zone,
        manifest_sha256=sealed.manifest_sha256,
        sealed_at=found.forum.local(sealed.sealed_at),
        asked=asked,
        may_ask=may_do(work.actor, ACTION, found.declaration, given={Condition.SECOND_PERSON}),
    )
