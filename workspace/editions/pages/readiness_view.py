"""What stops publication, said so that somebody can mend it."""

import hashlib
from collections.abc import Mapping, Sequence
from datetime import datetime
from uuid import UUID

from msgspec import Struct

from drafts.languages.staleness import State
from workspace.approvals.models import ApprovalRequest
from workspace.approvals.views import RequestView, request_view
from workspace.core.actor import Actor
from workspace.core.errors import NotFound
from workspace.core.storage.db import Db
from workspace.declarations.domain import queries
from workspace.declarations.domain.calendar import as_given
from workspace.declarations.domain.models import Declaration
from workspace.declarations.domain.policy import may_ask
from workspace.declarations.frame import Frame
from workspace.declarations.labels import names_of
from workspace.editions.domain.embargo import EmbargoService, requested_moment
from workspace.editions.domain.models import Edition
from workspace.editions.domain.names import deceiving_names
from workspace.editions.domain.overrides import OverrideService
from workspace.editions.domain.policy import RELEASE
from workspace.editions.domain.queries import OVERRIDE, Obstacle, ObstacleRef, obstacle_ref
from workspace.translations.labels import STATE_LABELS
from workspace.web.http.request_context import Work
from workspace.web.i18n.marking import N_
from workspace.web.i18n.messages import Messages
from workspace.web.refusals.check_sentences import WHAT


class RequestedRelease(Struct, frozen=True):
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
    release: RequestedRelease | None
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
    sealed, request = service.sealed(found.declaration), service.release_request(found.declaration)
    if sealed is None:
        return None
    release = None
    if request is not None:
        moment = requested_moment(request)
        view = request_view(RELEASE, found.declaration, request, actor=work.actor, local=found.forum.local)
        release = RequestedRelease(view, as_given(moment.at, moment.offset) if moment else None)
    return SealedView(
        number=sealed.number,
        release_at=as_given(sealed.release_at, sealed.release_offset) or sealed.release_at,
        zone=sealed.zone,
        manifest_sha256=sealed.manifest_sha256,
        sealed_at=found.forum.local(sealed.sealed_at),
        release=release,
        may_ask=may_ask(work.actor, RELEASE.action, found.declaration),
    )


NOT_SIGNED = N_("%(paragraph)s: concordance not signed")
LANGUAGE_NOT_SIGNED = N_("%(language)s: whole text not signed")
IN_LANGUAGE = N_("%(paragraph)s, %(language)s: %(state)s")


class OverrideForm(Struct, frozen=True):
    """What is to go out as it is, and why; or which override is confirmed or dropped."""

    what: str = ""
    reason: str = ""
    id: str = ""


class OverrideLine(Struct, frozen=True):
    """One thing that goes out as it is, or may: what, and why."""

    title: str
    reason: str
    request: RequestView


class OverridesView(Struct, frozen=True):
    """What waits for a second person, what two people agreed on, and what the reader can ask for."""

    unconfirmed: Sequence[OverrideLine] = ()
    agreed: Sequence[OverrideLine] = ()
    choices: Sequence[tuple[str, str]] = ()


def overrides_view(db: Db, work: Work, found: Frame) -> OverridesView:
    """Everything about overrides that the readiness page needs."""
    declaration, service = found.declaration, OverrideService(db)
    asking = may_ask(work.actor, OVERRIDE.action, declaration)
    opened = service.open_ones(declaration)
    requested = {obstacle_ref(approval_request) for approval_request in opened}
    free = [obstacle for obstacle in service.obstacles(declaration) if obstacle not in requested] if asking else []
    if not opened and not free:
        return OverridesView()
    names = _names(db, declaration, work.messages)
    lines = [_line(approval_request, work, found, names) for approval_request in opened]
    return OverridesView(
        unconfirmed=[line for line in lines if not line.request.confirmed_by],
        agreed=[line for line in lines if line.request.confirmed_by],
        choices=[(str(obstacle_ref), obstacle_sentence(obstacle_ref, names, work.messages)) for obstacle_ref in free],
    )


def edition_override_lines(db: Db, work: Work, found: Frame, edition: Edition) -> Sequence[OverrideLine]:
    """With what an edition went out; its paragraphs are named as they were then."""
    kept = OverrideService(db).of_edition(edition)
    if not kept:
        return ()
    rows = queries.pinned_rows(db, edition.revision_id)
    names = {**names_of(rows, work.messages), **_deceiving(db, found.declaration)}
    return [_line(approval_request, work, found, names) for approval_request in kept]


def chosen_obstacle(value: str, db: Db, declaration: Declaration) -> ObstacleRef:
    """What a form names; something that stops nothing where it names nothing that we know."""
    known = {str(obstacle): obstacle for obstacle in OverrideService(db).obstacles(declaration)}
    return known.get(value, ObstacleRef(Obstacle.STATE))


def obstacle_sentence(obstacle_ref: ObstacleRef, names: Mapping[UUID, str], messages: Messages) -> str:
    """What would stop publication, in a line."""
    paragraph = names.get(obstacle_ref.block_id, "") if obstacle_ref.block_id else ""
    language = messages.language_name(obstacle_ref.language) if obstacle_ref.language else ""
    if obstacle_ref.obstacle is Obstacle.SIGNATURE and obstacle_ref.block_id:
        return messages.gettext(NOT_SIGNED, paragraph=paragraph)
    if obstacle_ref.obstacle is Obstacle.SIGNATURE:
        return messages.gettext(LANGUAGE_NOT_SIGNED, language=language)
    if obstacle_ref.obstacle is Obstacle.NAME:
        return f"{messages.gettext('Deceptive characters:')} {paragraph or obstacle_ref.check}"
    is_state = obstacle_ref.obstacle is Obstacle.STATE
    state = messages.gettext(
        STATE_LABELS[State(obstacle_ref.check)].words if is_state else WHAT.get(obstacle_ref.check, obstacle_ref.check)
    )
    return messages.gettext(IN_LANGUAGE, paragraph=paragraph, language=language, state=state)


def _names(db: Db, declaration: Declaration, messages: Messages) -> Mapping[UUID, str]:
    return {**names_of(queries.head_rows(db, declaration), messages), **_deceiving(db, declaration)}


def _deceiving(db: Db, declaration: Declaration) -> Mapping[UUID, str]:
    return {each.id: each.name for each in deceiving_names(db, declaration)}


def _line(approval_request: ApprovalRequest, work: Work, found: Frame, names: Mapping[UUID, str]) -> OverrideLine:
    view = request_view(OVERRIDE, found.declaration, approval_request, actor=work.actor, local=found.forum.local)
    return OverrideLine(
        obstacle_sentence(obstacle_ref(approval_request), names, work.messages), approval_request.reason, view
    )


KEY_LENGTH = 8  # letters and digits
OVERRIDE_STANDS = N_("exception granted")
OVERRIDE_WAITS = N_("awaiting second approval")
NO_OBSTACLES = N_("No obstacle can have an exception.")


def request_or_confirm_override(
    db: Db, declaration: Declaration, key: str, *, asks: Actor | None, confirms: Actor | None, reason: str
) -> None:
    """Ask for it, confirm it, or both. Raises `NotFound` for a name that nothing has."""
    service = OverrideService(db)
    if asks is not None:
        chosen = next((obstacle for obstacle in service.obstacles(declaration) if obstacle_key(obstacle) == key), None)
        if chosen is None:
            raise NotFound(what="obstacle", id=key)
        service.ask(declaration.id, chosen, reason=reason, actor=asks)
    if confirms is not None:
        service.confirm(declaration.id, _override_of(service.open_ones(declaration), key).id, actor=confirms)


def drop_override(db: Db, declaration: Declaration, key: str, *, actor: Actor, reason: str) -> None:
    """Take it back, or decline it with a reason."""
    service = OverrideService(db)
    override = _override_of(service.open_ones(declaration), key)
    service.approvals.withdraw(OVERRIDE, declaration, actor=actor, reason=reason, request_id=override.id)


def obstacle_lines(db: Db, declaration: Declaration, messages: Messages) -> list[str]:
    """What stops publication and could be let go, and what has been asked for, a line each."""
    service, names = OverrideService(db), _names(db, declaration, messages)
    requested = {
        obstacle_ref(approval_request): approval_request for approval_request in service.open_ones(declaration)
    }
    free = [obstacle for obstacle in service.obstacles(declaration) if obstacle not in requested]
    lines = [
        f"{obstacle_key(obstacle_ref)}  {obstacle_sentence(obstacle_ref, names, messages)}" for obstacle_ref in free
    ]
    for obstacle, request in requested.items():
        state = messages.gettext(OVERRIDE_STANDS if request.confirmed_by_id else OVERRIDE_WAITS)
        lines.append(
            f"{obstacle_key(obstacle)}  {obstacle_sentence(obstacle, names, messages)} [{state}: {request.reason}]"
        )
    return lines or [messages.gettext(NO_OBSTACLES)]


def obstacle_key(obstacle: ObstacleRef) -> str:
    return hashlib.sha256(str(obstacle).encode()).hexdigest()[:KEY_LENGTH]


def _override_of(opened: Sequence[ApprovalRequest], key: str) -> ApprovalRequest:
    found = next(
        (approval_request for approval_request in opened if obstacle_key(obstacle_ref(approval_request)) == key), None
    )
    if found is None:
        raise NotFound(what="override", id=key)
    return found
