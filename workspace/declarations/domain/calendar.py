"""The calendar of a declaration: when each phase opens and closes, as the chair gives it.

A time is given as the place's clock shows it, with a zone, or with its offset. A time that the
clock skips (an hour is lost in spring) is refused. One that it shows twice (an hour is won in
autumn) is read so that nobody loses that hour: the first for an opening, the second for a closing.
"""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta, timezone
from zoneinfo import ZoneInfo

from msgspec import Struct

from workspace.approvals.service import ApprovalService
from workspace.core import clock
from workspace.core.actor import Actor
from workspace.core.errors import Invalid
from workspace.core.events import DeadlineChanged, publish
from workspace.core.security.conditions import Case
from workspace.core.storage import log
from workspace.core.validation import known_zone
from workspace.declarations.domain import policy
from workspace.declarations.domain.approvals import ADOPTION
from workspace.declarations.domain.models import Deadline, Declaration, Stage
from workspace.declarations.domain.service import ServiceOnDeclarations

FARTHEST = timedelta(days=3_660)
_FIRST = datetime(1971, 1, 1, tzinfo=UTC)
PHASES: Sequence[Stage] = tuple(stage for stage in Stage if stage.phase)


class GivenMoment(Struct, frozen=True):
    """A moment as it was given; `offset` in minutes."""

    at: datetime
    offset: int


def read_moment(field: str, text: str, zone: ZoneInfo) -> GivenMoment | None:
    """Take "2027-06-12T18:00" in `zone`, or with an offset of its own; None for an empty text. Raises `Invalid`."""
    if not text.strip():
        return None
    try:
        given = datetime.fromisoformat(text.strip())
    except ValueError as error:
        raise Invalid(field=field, reason="not_a_moment", given=text) from error
    if given.tzinfo is None:
        given = _in_zone(field, given, zone)
    ahead = given.utcoffset() or timedelta()
    if ahead % timedelta(minutes=1):
        raise Invalid(field=field, reason="not_a_moment", given=text)
    if given < _FIRST:
        raise Invalid(field=field, reason="in_the_past")
    if given > clock.now() + FARTHEST:
        raise Invalid(field=field, reason="too_far_ahead", given=text)
    return GivenMoment(given.astimezone(UTC), ahead // timedelta(minutes=1))


def _in_zone(field: str, local: datetime, zone: ZoneInfo) -> datetime:
    moment = local.replace(tzinfo=zone, fold=int(field == "closes"))
    if moment.astimezone(UTC).astimezone(zone).replace(tzinfo=None) != local:
        raise Invalid(field=field, reason="no_such_time", given=local.strftime("%Y-%m-%d %H:%M"), zone=zone.key)
    return moment


def as_given(at: datetime | None, offset: int | None) -> datetime | None:
    """A stored moment with the offset that it was given with."""
    return at.astimezone(timezone(timedelta(minutes=offset or 0))) if at else None


class CalendarService(ServiceOnDeclarations):
    """The dates of a declaration."""

    def set_dates(
        self, declaration: Declaration, stage: Stage, *, opens: str, closes: str, zone: str, actor: Actor, reason: str
    ) -> Deadline:
        """Say when a stage opens and closes; an empty text is no date. A date that was known needs a reason to change.

        Where it has opened already, an empty opening leaves it as it was. Raises `Invalid`, naming the field: for a
        closing that is not after the opening, for a date that has passed, for phases out of order, and for an opening
        that has taken place.
        """
        declaration = self.declarations.lock(declaration.id)
        known = declaration.deadline(stage)
        policy.ensure_may(actor, "deadline.change" if known else "deadline.set", declaration, Case(reason=reason))
        where = known_zone(zone or declaration.forum.timezone, "zone")
        first, last = read_moment("opens", opens, where), read_moment("closes", closes, where)
        deadline = known or Deadline(declaration_id=declaration.id, stage=stage)
        if first is None and has_opened(declaration, deadline):
            first = GivenMoment(deadline.opens_at, deadline.opens_offset or 0) if deadline.opens_at else None
        _ensure_possible(declaration, deadline, first, last)
        if not has_opened(declaration, deadline):
            deadline.opened_at = None  # the declaration went back behind it: it opens once more
        _change(deadline, first, last, zone=where.key, actor=actor)
        if known is None:
            declaration.deadlines.append(deadline)
        _ensure_in_order(declaration, deadline)
        self.db.flush()
        if stage is Stage.ADOPTION and (request := ApprovalService(self.db).open_request(ADOPTION, declaration)):
            request.confirmed_by_id = request.confirmed_at = None  # they agreed on the date that was known to them
        self._tell(declaration, deadline, is_change=known is not None, reason=reason, actor=actor)
        return deadline

    def _tell(
        self, declaration: Declaration, deadline: Deadline, *, is_change: bool, reason: str, actor: Actor
    ) -> None:
        log.record_in(
            self.db,
            "deadline.changed" if is_change else "deadline.set",
            declaration,
            actor=actor,
            stage=deadline.stage.value,
            opens=written_moment(deadline.opens_at, deadline.opens_offset),
            closes=written_moment(deadline.closes_at, deadline.closes_offset),
            zone=deadline.zone,
            reason=reason.strip(),
        )
        if is_change:
            publish(self.db, DeadlineChanged(declaration.id, deadline.stage.value, reason.strip(), actor))


def _ensure_possible(
    declaration: Declaration, deadline: Deadline, first: GivenMoment | None, last: GivenMoment | None
) -> None:
    now = clock.now()
    is_new_opening = (first.at if first else None) != deadline.opens_at
    is_new_closing = (last.at if last else None) != deadline.closes_at
    is_open = has_opened(declaration, deadline)
    opening = opening_moment(declaration, deadline) if is_open else first and first.at
    if is_new_opening and is_open:
        raise Invalid(field="opens", reason="opened_already")
    if first and (is_new_opening or (deadline.opened_at and not is_open)) and first.at <= now:
        raise Invalid(field="opens", reason="in_the_past")
    if last and is_new_closing and last.at <= now:
        raise Invalid(field="closes", reason="in_the_past")
    if opening and last and last.at <= opening:
        raise Invalid(field="closes", reason="closes_before_opens")


def has_opened(declaration: Declaration, deadline: Deadline) -> bool:
    """Whether its opening can no longer be dated: the declaration is in that phase or past it, or the window opened."""
    if deadline.stage.phase is None:
        return deadline.opened_at is not None
    return policy.ORDER.index(deadline.stage.phase) <= policy.ORDER.index(declaration.phase)


def _change(
    deadline: Deadline, first: GivenMoment | None, last: GivenMoment | None, *, zone: str, actor: Actor
) -> None:
    """Put the new dates in; a closing in the future opens again what had closed."""
    deadline.opens_at, deadline.opens_offset = (first.at, first.offset) if first else (None, None)
    if last is None or last.at != deadline.closes_at:
        deadline.closed_at = None
    deadline.closes_at, deadline.closes_offset = (last.at, last.offset) if last else (None, None)
    deadline.zone, deadline.set_by_id, deadline.set_at = zone, actor.person_id, clock.now()


def _ensure_in_order(declaration: Declaration, changed: Deadline) -> None:
    """Phases open and close one after another, and the window for amendments stands between review and adoption."""
    opening = {deadline.stage: opening_moment(declaration, deadline) for deadline in declaration.deadlines}
    openings = [at for stage in PHASES if (at := opening.get(stage))]
    if openings != sorted(openings):
        raise Invalid(field="opens", reason="out_of_order")
    phases = [deadline for stage in PHASES if (deadline := declaration.deadline(stage))]
    for place, phase in enumerate(phases):
        planned = (opening[later.stage] for later in phases[place + 1 :] if not has_opened(declaration, later))
        if phase.closes_at and any(at and at < phase.closes_at for at in planned):
            raise Invalid(field="closes" if phase is changed else "opens", reason="out_of_order")
    window = declaration.deadline(Stage.AMENDMENTS)
    if window is None:
        return
    review, adoption = opening.get(Stage.REVIEW), opening.get(Stage.ADOPTION)
    if window.opens_at and review and window.opens_at < review:
        raise Invalid(field="opens", reason="outside_phases")
    if window.closes_at and adoption and window.closes_at > adoption:
        raise Invalid(field="closes", reason="outside_phases")


def opening_moment(declaration: Declaration, deadline: Deadline) -> datetime | None:
    """When it opened, or is to open; None where no date is set, and where the declaration went back behind it since."""
    if deadline.opened_at is None:
        return deadline.opens_at
    return deadline.opened_at if has_opened(declaration, deadline) else None


def written_moment(at: datetime | None, offset: int | None) -> str | None:
    given = as_given(at, offset)
    return given.isoformat() if given else None
