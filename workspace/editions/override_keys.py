"""What stops publication by short names that somebody can type, for the command line."""

import hashlib
from collections.abc import Sequence

from workspace.approvals.models import ApprovalRequest
from workspace.core.actor import Actor
from workspace.core.db import Db
from workspace.core.errors import NotFound
from workspace.declarations import queries
from workspace.declarations.models import Declaration
from workspace.declarations.naming import spots
from workspace.editions.override_rules import OVERRIDE, Named, named
from workspace.editions.override_views import say
from workspace.editions.overriding import OverrideService
from workspace.web.i18n import N_, Messages

LENGTH = 8  # letters and digits
STANDS = N_("it goes out as it is")
WAITS = N_("asked for; a second person has to confirm it")
NOTHING = N_("Nothing that could be let go stops publication.")


def let_go(
    db: Db, declaration: Declaration, key: str, *, asks: Actor | None, confirms: Actor | None, reason: str
) -> None:
    """Ask for it, confirm it, or both. Raises `NotFound` for a name that nothing has."""
    service = OverrideService(db)
    if asks is not None:
        chosen = next((one for one in service.obstacles(declaration) if key_of(one) == key), None)
        if chosen is None:
            raise NotFound(what="obstacle", id=key)
        service.ask(declaration.id, chosen, reason=reason, actor=asks)
    if confirms is not None:
        service.confirm(declaration.id, _asked(service.open_ones(declaration), key).id, actor=confirms)


def drop(db: Db, declaration: Declaration, key: str, *, actor: Actor, reason: str) -> None:
    """Take it back, or decline it with a reason."""
    service = OverrideService(db)
    asked = _asked(service.open_ones(declaration), key)
    service.approvals.withdraw(OVERRIDE, declaration, actor=actor, reason=reason, request_id=asked.id)


def told(db: Db, declaration: Declaration, messages: Messages) -> list[str]:
    """What stops publication and could be let go, and what has been asked for, a line each."""
    service, names = OverrideService(db), {}
    for spot in spots(queries.head_rows(db, declaration), messages):
        names[spot.block_id] = spot.name
    asked = {named(one): one for one in service.open_ones(declaration)}
    free = [one for one in service.obstacles(declaration) if one not in asked]
    lines = [f"{key_of(one)}  {say(one, names, messages)}" for one in free]
    for obstacle, one in asked.items():
        state = messages.gettext(STANDS if one.confirmed_by_id else WAITS)
        lines.append(f"{key_of(obstacle)}  {say(obstacle, names, messages)} [{state}: {one.reason}]")
    return lines or [messages.gettext(NOTHING)]


def key_of(obstacle: Named) -> str:
    return hashlib.sha256(str(obstacle).encode()).hexdigest()[:LENGTH]


def _asked(opened: Sequence[ApprovalRequest], key: str) -> ApprovalRequest:
    found = next((one for one in opened if key_of(named(one)) == key), None)
    if found is None:
        raise NotFound(what="override", id=key)
    return found
