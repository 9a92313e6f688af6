"""How a slice tells those above it that something happened, in the same unit of work.

An event is a frozen value. Who subscribes stands in `workspace.subscriptions`, above every slice.
"""

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from typing import TYPE_CHECKING, Any, TypeAlias
from uuid import UUID

from msgspec import Struct

from workspace.core.actor import Actor, Role
from workspace.core.provided import Provided

if TYPE_CHECKING:
    from workspace.core.storage.db import Db


class DomainEvent(Struct, frozen=True):
    """What happened; each kind of event is one of these."""


class RevisionMade(DomainEvent, frozen=True):
    """A declaration has a new head revision, number `number`, made by `actor`."""

    declaration_id: UUID
    revision_id: UUID
    number: int
    actor: Actor


class PhaseMoved(DomainEvent, frozen=True):
    """A declaration went from one phase to another. Phases as their letters."""

    declaration_id: UUID
    before: str
    after: str
    reason: str
    actor: Actor


class StageClosed(DomainEvent, frozen=True):
    """A phase, or the window for amendments, closed at its deadline; `stage` is its word."""

    declaration_id: UUID
    stage: str


class DeadlineChanged(DomainEvent, frozen=True):
    """The chair changed a date that was known already; `stage` is its word."""

    declaration_id: UUID
    stage: str
    reason: str
    actor: Actor


class GlassBroken(DomainEvent, frozen=True):
    """An administrator lent themselves the right to see the texts of a forum, for a reason and for a time."""

    forum_id: UUID
    lent_id: UUID


class RightsChanged(DomainEvent, frozen=True):
    """A password, an e-mail address, a second factor or a role of this person changed: what was lent to them ends."""

    person_id: UUID
    actor: Actor


class AmendmentFiled(DomainEvent, frozen=True):
    """Somebody proposed an amendment."""

    declaration_id: UUID
    amendment_id: UUID
    actor: Actor


class AmendmentRevised(DomainEvent, frozen=True):
    """An amendment has other words than before."""

    declaration_id: UUID
    amendment_id: UUID
    actor: Actor


class AmendmentsMoved(DomainEvent, frozen=True):
    """These amendments are decided or withdrawn, or open again."""

    declaration_id: UUID
    amendment_ids: frozenset[UUID]
    actor: Actor


class DecisionsTaken(DomainEvent, frozen=True):
    """The committee decided on these amendments at once: their ids, each with that of its decision."""

    declaration_id: UUID
    decisions: Mapping[UUID, UUID]
    actor: Actor


class SessionsJoined(DomainEvent, frozen=True):
    """Session `other_id` was joined into `kept_id`; the lines of its note stand `lines` further down now."""

    other_id: UUID
    kept_id: UUID
    lines: int


class SessionRestored(DomainEvent, frozen=True):
    """Session `session_id`, which was joined into `kept_id` that many `lines` up, is one of its own again."""

    session_id: UUID
    kept_id: UUID
    lines: int


class SessionRemoved(DomainEvent, frozen=True):
    """A session is about to be removed; whoever needs it raises `Invalid`."""

    session_id: UUID


class SessionDivided(DomainEvent, frozen=True):
    """Session `session_id` gave recommendations, by number, to the sessions that were made of it, by id."""

    session_id: UUID
    given: Mapping[UUID, Sequence[int]]


class RecommendationsSettled(DomainEvent, frozen=True):
    """Something became of recommendations: the id of each, with one word ("confirmed", "taken_up")."""

    forum_id: UUID
    outcomes: Mapping[UUID, str]
    actor: Actor


class RemarkMade(DomainEvent, frozen=True):
    """A remark can be read now: it was written, or a moderator let it through. `actor` is its author."""

    thread_id: UUID
    comment_id: UUID
    actor: Actor


class GuestConfirmed(DomainEvent, frozen=True):
    """A guest has shown that the address they gave is theirs."""

    person_id: UUID


class RemarkModerated(DomainEvent, frozen=True):
    """A moderator let a remark through ("shown") or removed it ("hidden"), or its conversation was closed ("resolved").

    Of a conversation that was closed there is no `comment_id`.
    """

    thread_id: UUID
    comment_id: UUID | None
    step: str
    actor: Actor


class TaskGiven(DomainEvent, frozen=True):
    """Something waits for this person: `task` is its word ("cosponsor"), the ids say what it is about."""

    person_id: UUID
    task: str
    forum_id: UUID
    actor: Actor
    declaration_id: UUID | None = None
    amendment_id: UUID | None = None


class RoleHeld(DomainEvent, frozen=True):
    """A role was given, or `ends`, once a second person has confirmed it; it is to have these dates then."""

    mandate_id: UUID
    starts_on: date | None
    ends_on: date | None
    actor: Actor
    ends: bool = False


class ConfirmationRequested(DomainEvent, frozen=True):
    """Somebody has asked for what a second person confirms; `matter` is its word ("adoption", "publication").

    Corrections that stand unless a member objects are asked of the members ("corrigendum_silence").
    """

    declaration_id: UUID
    matter: str
    actor: Actor


class RequestDeclined(DomainEvent, frozen=True):
    """What somebody had asked a second person to confirm was declined by `actor`; `matter` is its word."""

    declaration_id: UUID
    matter: str
    asked_by_id: UUID
    actor: Actor


class RequestLapsed(DomainEvent, frozen=True):
    """What waited for a second person, who would have one of the `roles`, has ended: one of the two is missing."""

    request_id: UUID
    roles: frozenset[Role]
    actor: Actor


class CorrectionsPublished(DomainEvent, frozen=True):
    """Corrections to a published text are in force, in a new edition."""

    declaration_id: UUID
    actor: Actor


class QuestionPut(DomainEvent, frozen=True):
    """A vote or a silence procedure was opened, or consensus is about to be noted."""

    declaration_id: UUID
    question_id: UUID
    actor: Actor


class QuestionEnded(DomainEvent, frozen=True):
    """What was put to the room has its answer, was taken back, or was overtaken."""

    declaration_id: UUID
    question_id: UUID
    actor: Actor


class MinutesSigned(DomainEvent, frozen=True):
    """The chair has signed the minutes of a sitting: members can correct them for a time."""

    declaration_id: UUID
    sitting_id: UUID
    actor: Actor


class PersonErased(DomainEvent, frozen=True):
    """A person's name and addresses are gone; `withdraws_comments`: the words of their comments go too."""

    person_id: UUID
    withdraws_comments: bool
    actor: Actor


Subscriber: TypeAlias = "Callable[[Db, Any], None]"

SUBSCRIBERS: Provided[Mapping[type[Any], Sequence[Subscriber]]] = Provided("the subscribers of events")


def publish(db: "Db", event: DomainEvent) -> None:
    """Call everyone who subscribes, in the order of the list and in the caller's unit of work."""
    for subscriber in SUBSCRIBERS.get()[type(event)]:
        subscriber(db, event)
