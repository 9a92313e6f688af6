"""Overrides as the readiness page and the page of an edition show them."""

from collections.abc import Mapping, Sequence
from uuid import UUID

from msgspec import Struct

from drafts.staleness import State
from workspace.approvals.models import ApprovalRequest
from workspace.approvals.views import RequestView, request_view
from workspace.core.db import Db
from workspace.declarations import queries
from workspace.declarations.frame import Frame
from workspace.declarations.naming import names_of
from workspace.declarations.policy import may_ask
from workspace.editions.models import Edition
from workspace.editions.override_rules import OVERRIDE, Named, Obstacle, named
from workspace.editions.overriding import OverrideService
from workspace.translations.standing import TOLD
from workspace.web.check_sentences import WHAT
from workspace.web.i18n import N_, Messages
from workspace.web.services import Work

NOT_SIGNED = N_("%(paragraph)s: nobody has signed that the languages say the same")
LANGUAGE_NOT_SIGNED = N_("%(language)s: nobody answers for the whole text")
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


class Overrides(Struct, frozen=True):
    """What waits for a second person, what two people agreed on, and what the reader can ask for."""

    waiting: Sequence[OverrideLine] = ()
    agreed: Sequence[OverrideLine] = ()
    choices: Sequence[tuple[str, str]] = ()


def overrides(db: Db, work: Work, found: Frame) -> Overrides:
    """Everything about overrides that the readiness page needs."""
    declaration, service = found.declaration, OverrideService(db)
    asking = may_ask(work.actor, OVERRIDE.action, declaration)
    opened = service.open_ones(declaration)
    asked = {named(one) for one in opened}
    free = [one for one in service.obstacles(declaration) if one not in asked] if asking else []
    if not opened and not free:
        return Overrides()
    names = _names(db, found, work)
    lines = [_line(one, work, found, names) for one in opened]
    return Overrides(
        waiting=[one for one in lines if not one.request.confirmed_by],
        agreed=[one for one in lines if one.request.confirmed_by],
        choices=[(str(one), say(one, names, work.messages)) for one in free],
    )


def of_edition(db: Db, work: Work, found: Frame, edition: Edition) -> Sequence[OverrideLine]:
    """With what an edition went out; its paragraphs are named as they were then."""
    kept = OverrideService(db).of_edition(edition)
    if not kept:
        return ()
    rows = queries.pinned_rows(db, edition.revision_id)
    names = names_of(rows, work.messages)
    return [_line(one, work, found, names) for one in kept]


def chosen(value: str, db: Db, found: Frame) -> Named:
    """What a form names; something that stops nothing where it names nothing that we know."""
    known = {str(one): one for one in OverrideService(db).obstacles(found.declaration)}
    return known.get(value, Named(Obstacle.STATE))


def say(one: Named, names: Mapping[UUID, str], messages: Messages) -> str:
    """What would stop publication, in a line."""
    paragraph = names.get(one.block_id, "") if one.block_id else ""
    language = messages.language_name(one.language) if one.language else ""
    if one.obstacle is Obstacle.SIGNATURE and one.block_id:
        return messages.gettext(NOT_SIGNED, paragraph=paragraph)
    if one.obstacle is Obstacle.SIGNATURE:
        return messages.gettext(LANGUAGE_NOT_SIGNED, language=language)
    is_state = one.obstacle is Obstacle.STATE
    state = messages.gettext(TOLD[State(one.check)].words if is_state else WHAT.get(one.check, one.check))
    return messages.gettext(IN_LANGUAGE, paragraph=paragraph, language=language, state=state)


def _names(db: Db, found: Frame, work: Work) -> Mapping[UUID, str]:
    rows = queries.head_rows(db, found.declaration)
    return names_of(rows, work.messages)


def _line(one: ApprovalRequest, work: Work, found: Frame, names: Mapping[UUID, str]) -> OverrideLine:
    view = request_view(OVERRIDE, found.declaration, one, actor=work.actor, local=found.forum.local)
    return OverrideLine(say(named(one), names, work.messages), one.reason, view)
