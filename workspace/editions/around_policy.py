"""Who enters signatories and annexes, who puts a position on record, and who sees them before they are published."""

from datetime import datetime
from uuid import UUID

from workspace.core import clock
from workspace.core.actor import Actor, Role
from workspace.core.conditions import Case
from workspace.core.errors import Invalid
from workspace.core.permissions import Phase, ensure, may
from workspace.declarations.models import Declaration
from workspace.declarations.policy import ensure_may, may_do
from workspace.editions.around_models import ReservationWindow

_OUT = frozenset({Phase.PUBLISHED, Phase.ARCHIVED})


def may_prepare(actor: Actor, declaration: Declaration) -> bool:
    """Whether they enter what is printed around the text, which nothing changes once it is out."""
    return not _is_fixed(declaration) and may_do(actor, "edition.prepare", declaration)


def ensure_may_prepare(actor: Actor, declaration: Declaration) -> None:
    """Raise `NotAllowed`, and `Invalid` for what is published already."""
    ensure_may(actor, "edition.prepare", declaration)
    if _is_fixed(declaration):
        raise Invalid(field="declaration", reason="published")


def _is_fixed(declaration: Declaration) -> bool:
    """Whether an edition is out, or sealed and waiting for its time."""
    return declaration.phase in _OUT or declaration.releases_at is not None


def may_translate(actor: Actor, declaration: Declaration) -> bool:
    """Whether they bring what others filed into other languages: also after publication, as long as it is filed."""
    return may_do(actor, "edition.prepare", declaration)


def ensure_may_translate(actor: Actor, declaration: Declaration) -> None:
    ensure_may(actor, "edition.prepare", declaration)


def may_see(actor: Actor, declaration: Declaration) -> bool:
    """Whether they see what will be printed around the text: whoever works on it, and everybody once it is out."""
    return may_do(actor, "head.read", declaration) or may_do(actor, "edition.read_verify", declaration)


def may_set_window(actor: Actor, declaration: Declaration) -> bool:
    return may_do(actor, "reservation.window", declaration)


def ensure_may_set_window(actor: Actor, declaration: Declaration) -> None:
    ensure_may(actor, "reservation.window", declaration)


def is_open(window: ReservationWindow | None, at: datetime) -> bool:
    return window is not None and window.opens_at <= at < window.closes_at


def may_file(actor: Actor, declaration: Declaration, window: ReservationWindow | None) -> bool:
    """Whether they may put a position on record now for an organisation whose mandate they hold today."""
    now = clock.now()
    return may(
        actor,
        "reservation.file",
        forum_id=declaration.forum_id,
        phase=declaration.phase,
        day=now,
        case=_case(window, now),
    )


def ensure_may_file(
    actor: Actor, declaration: Declaration, window: ReservationWindow | None, organisation_id: UUID
) -> None:
    """Raise `NotAllowed`; and `Invalid` for another's organisation, and where only the window is in the way."""
    now = clock.now()
    if not is_open(window, now) and may_file_in_window(actor, declaration):
        raise Invalid(field="window", reason="window_shut")
    ensure(
        actor,
        "reservation.file",
        forum_id=declaration.forum_id,
        phase=declaration.phase,
        day=now,
        case=_case(window, now),
    )
    if organisation_id not in spoken_for(actor, declaration) and not actor.is_operator:
        raise Invalid(field="organisation", reason="no_mandate_of_it")


def may_file_in_window(actor: Actor, declaration: Declaration) -> bool:
    """Whether they could, were the window open."""
    now = clock.now()
    return may(
        actor,
        "reservation.file",
        forum_id=declaration.forum_id,
        phase=declaration.phase,
        day=now,
        case=Case(record_date=now, is_window_open=True),
    )


def spoken_for(actor: Actor, declaration: Declaration) -> tuple[UUID, ...]:
    """The organisations for which they hold a member's mandate today."""
    held = actor.mandates_in(declaration.forum_id, clock.now())
    return tuple(
        dict.fromkeys(
            mandate.organisation_id for mandate in held if mandate.role is Role.MEMBER and mandate.organisation_id
        )
    )


def _case(window: ReservationWindow | None, now: datetime) -> Case:
    return Case(record_date=now, is_window_open=is_open(window, now))
