"""Who may preview and publish, and who may read an edition."""

from datetime import datetime
from uuid import UUID

from workspace.approvals.models import Matter
from workspace.approvals.service import LogKinds
from workspace.core import clock
from workspace.core.actor import Actor, Role
from workspace.core.errors import Invalid
from workspace.core.security.conditions import Case, Condition
from workspace.core.security.permissions import Phase, ensure, may
from workspace.declarations.domain.approvals import DeclarationRule
from workspace.declarations.domain.models import Declaration
from workspace.declarations.domain.policy import ensure_may, ensure_may_ask, may_ask, may_do
from workspace.editions.domain.models import Corrigendum, CorrigendumState, ReservationWindow


def ensure_may_preview(actor: Actor, declaration: Declaration) -> None:
    ensure_may(actor, "edition.preview", declaration)


def may_preview(actor: Actor, declaration: Declaration) -> bool:
    return may_do(actor, "edition.preview", declaration)


def may_publish(actor: Actor, declaration: Declaration) -> bool:
    """Whether they may be one of the two people who publish it now."""
    return may_ask(actor, "edition.publish", declaration)


def may_read_editions(actor: Actor, declaration: Declaration) -> bool:
    return may_do(actor, "edition.read_verify", declaration)


_OUT = frozenset({Phase.PUBLISHED, Phase.ARCHIVED})


def may_prepare_apparatus(actor: Actor, declaration: Declaration) -> bool:
    """Whether they enter what is printed around the text, which nothing changes once it is out."""
    return not _is_fixed(declaration) and may_do(actor, "edition.prepare", declaration)


def ensure_may_prepare_apparatus(actor: Actor, declaration: Declaration) -> None:
    """Raise `NotAllowed`, and `Invalid` for what is published already."""
    ensure_may(actor, "edition.prepare", declaration)
    if _is_fixed(declaration):
        raise Invalid(field="declaration", reason="published")


def _is_fixed(declaration: Declaration) -> bool:
    """Whether an edition is out, or sealed and waiting for its time."""
    return declaration.phase in _OUT or declaration.releases_at is not None


def may_translate_apparatus(actor: Actor, declaration: Declaration) -> bool:
    """Whether they bring what others filed into other languages: also after publication, as long as it is filed."""
    return may_do(actor, "edition.prepare", declaration)


def ensure_may_translate_apparatus(actor: Actor, declaration: Declaration) -> None:
    ensure_may(actor, "edition.prepare", declaration)


def may_see_apparatus(actor: Actor, declaration: Declaration) -> bool:
    """Whether they see what will be printed around the text: whoever works on it, and everybody once it is out."""
    return may_do(actor, "head.read", declaration) or may_do(actor, "edition.read_verify", declaration)


def may_set_reservation_window(actor: Actor, declaration: Declaration) -> bool:
    return may_do(actor, "reservation.window", declaration)


def ensure_may_set_reservation_window(actor: Actor, declaration: Declaration) -> None:
    ensure_may(actor, "reservation.window", declaration)


def is_reservation_window_open(window: ReservationWindow | None, at: datetime) -> bool:
    return window is not None and window.opens_at <= at < window.closes_at


def may_file_reservation(actor: Actor, declaration: Declaration, window: ReservationWindow | None) -> bool:
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


def ensure_may_file_reservation(
    actor: Actor, declaration: Declaration, window: ReservationWindow | None, organisation_id: UUID
) -> None:
    """Raise `NotAllowed`; and `Invalid` for another's organisation, and where only the window is in the way."""
    now = clock.now()
    if not is_reservation_window_open(window, now) and may_file_within_window(actor, declaration):
        raise Invalid(field="window", reason="window_shut")
    ensure(
        actor,
        "reservation.file",
        forum_id=declaration.forum_id,
        phase=declaration.phase,
        day=now,
        case=_case(window, now),
    )
    if organisation_id not in represented_organisations(actor, declaration) and not actor.is_operator:
        raise Invalid(field="organisation", reason="no_mandate_of_it")


def may_file_within_window(actor: Actor, declaration: Declaration) -> bool:
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


def represented_organisations(actor: Actor, declaration: Declaration) -> tuple[UUID, ...]:
    """The organisations for which they hold a member's mandate today."""
    held = actor.mandates_in(declaration.forum_id, clock.now())
    return tuple(
        dict.fromkeys(
            mandate.organisation_id for mandate in held if mandate.role is Role.MEMBER and mandate.organisation_id
        )
    )


def _case(window: ReservationWindow | None, now: datetime) -> Case:
    return Case(record_date=now, is_window_open=is_reservation_window_open(window, now))


CORRECT, OBJECT = "edition.corrigendum", "corrigendum.object"
KNOW_CORRIGENDA = (CORRECT, OBJECT)


def may_correct(actor: Actor, declaration: Declaration) -> bool:
    """Whether they may be one of the two people who correct it."""
    return may_ask(actor, CORRECT, declaration)


def ensure_may_correct(actor: Actor, declaration: Declaration) -> None:
    ensure_may_ask(actor, CORRECT, declaration)


def may_know_corrigenda(actor: Actor, declaration: Declaration) -> bool:
    """Whether they may know of corrections that have not come out: who makes them, and who may object."""
    return may_correct(actor, declaration) or may_do(actor, OBJECT, declaration, given={Condition.MANDATE})


def may_see_corrigendum(actor: Actor, corrigendum: Corrigendum) -> bool:
    """One that is being prepared is seen only by those who make it."""
    if may_correct(actor, corrigendum.declaration):
        return True
    was_put = corrigendum.closes_at is not None
    return was_put and may_know_corrigenda(actor, corrigendum.declaration)


def may_object_to_corrigendum(actor: Actor, corrigendum: Corrigendum) -> bool:
    """Whether they speak for a member, and did so on the day on which the silence began."""
    if corrigendum.state is not CorrigendumState.SILENT or corrigendum.asked_at is None:
        return False
    case = Case(record_date=corrigendum.asked_at)
    return actor.person_id is not None and may_do(actor, OBJECT, corrigendum.declaration, case)


PUBLICATION = DeclarationRule(
    matter=Matter.PUBLICATION,
    kinds=LogKinds("publication.requested", "publication.dropped", "publication.declined"),
    what="publication_request",
    action="edition.publish",
    confirming="edition.publish",
    is_about_text=True,
)
RELEASE = DeclarationRule(
    matter=Matter.RELEASE,
    kinds=LogKinds("edition.release_asked", "edition.release_dropped", "edition.release_declined"),
    action="embargo.change",
)
CORRIGENDUM = DeclarationRule(
    matter=Matter.CORRIGENDUM,
    kinds=LogKinds("corrigendum.asked", "corrigendum.withdrawn", "corrigendum.declined"),
    action="edition.corrigendum",
    confirming="edition.corrigendum",
)
