"""The conditions that stand in the table of permissions: each a small question about who asks and what it is about.

A policy says what it knows of the thing in a `Case`. What it does not say is None
here, and a condition that cannot be answered is not fulfilled.
"""

from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from enum import StrEnum
from uuid import UUID

from msgspec import Struct

from workspace.core import clock
from workspace.core.actor import Actor, ActorMandate, Role, When

TIME_TO_CORRECT = timedelta(minutes=15)  # in which a guest may still change a comment of theirs


class Condition(StrEnum):
    """The words of the table. `tests/permission_matrix.csv` has the same ones after its colons."""

    OWN = "own"
    NOT_AUTHOR = "not_author"
    UNDECIDED = "undecided"
    ASSIGNED = "assigned"
    TASK = "task"
    OWN_SESSION = "own_session"
    WINDOW = "window"
    WINDOW_OR_LATE = "window_or_marked_late"
    AFTER_OPENING = "after_opening"
    CLOSED = "closed"
    ONCE = "once"
    MANDATE = "mandate"
    STEWARD = "steward"
    REASON = "reason"
    SECOND_PERSON = "second_person"
    BREAKGLASS = "breakglass"
    NOT_EMBARGOED = "not_embargoed"
    HISTORY_OPEN = "history_open"
    PUBLIC_PROGRAMME = "public_programme"
    PUBLIC_SCREEN = "public_screen"
    RELEASED = "released"
    OPEN_FORUM = "open_forum"
    DECLARED = "declared"
    OF_DECLARATION = "of_declaration"
    NO_TEXT = "no_text"
    QUARTER_HOUR = "15min"
    READ_ONLY = "read_only"
    CLI = "cli"


class Case(Struct, frozen=True, kw_only=True):
    """What is known of the thing that a right is asked about; None is not known."""

    authors: frozenset[UUID] | None = None  # who wrote it, filed it or asked for it
    people: frozenset[UUID] | None = None  # everybody who stands behind the act: two of them where it takes two
    rapporteurs: frozenset[UUID | None] | None = None  # of every session that is concerned
    organisation_id: UUID | None = None  # whose people they are
    language: str | None = None  # that is written
    record_date: When | None = None  # the day whose mandates count, as for a vote, or the moment
    written_at: datetime | None = None
    reason: str | None = None
    is_undecided: bool | None = None
    is_window_open: bool | None = None  # for amendments, or whatever is filed
    is_marked_late: bool | None = None
    is_opened: bool | None = None
    is_closed: bool | None = None
    is_done: bool | None = None  # by this person, and can be done once
    is_embargoed: bool | None = None
    is_history_open: bool | None = None
    is_public_programme: bool | None = None
    is_public_screen: bool | None = None
    is_released: bool | None = None
    is_open_forum: bool | None = None
    is_declared: bool | None = None
    is_of_declaration: bool | None = None
    is_without_text: bool | None = None
    is_read_only: bool | None = None
    is_cli: bool | None = None


class PermissionQuestion(Struct, frozen=True):
    """One question: may `actor`, as `role`, in this forum, on this day or at this moment, in this case?"""

    actor: Actor
    role: Role
    forum_id: UUID
    day: When
    case: Case

    def held(self) -> tuple[ActorMandate, ...]:
        """The mandates with this role that count on the day."""
        return tuple(
            mandate for mandate in self.actor.mandates_in(self.forum_id, self.day) if mandate.role is self.role
        )


def _is_own(question: PermissionQuestion) -> bool:
    return question.actor.person_id is not None and question.actor.person_id in (question.case.authors or ())


def _is_not_author(question: PermissionQuestion) -> bool:
    known = question.case.authors is not None and question.actor.person_id is not None
    return known and question.actor.person_id not in (question.case.authors or ())


def _is_assigned(question: PermissionQuestion) -> bool:
    """Some task in the forum: reading knows no single language, and whoever writes one needs the others."""
    return any(mandate.languages is None or mandate.languages for mandate in question.held())


def _is_task(question: PermissionQuestion) -> bool:
    language = question.case.language
    return language is not None and any(
        mandate.languages is None or language in mandate.languages for mandate in question.held()
    )


def _is_own_session(question: PermissionQuestion) -> bool:
    return question.actor.person_id is not None and question.case.rapporteurs == frozenset({question.actor.person_id})


def _had_a_mandate(question: PermissionQuestion) -> bool:
    """The role was held on the day of record, too, and on somebody's behalf."""
    on = question.case.record_date
    then = question.actor.mandates_in(question.forum_id, on) if on else ()
    return any(mandate.role is question.role and mandate.organisation_id is not None for mandate in then)


def _is_steward(question: PermissionQuestion) -> bool:
    of = question.case.organisation_id
    return of is not None and any(mandate.is_steward and mandate.organisation_id == of for mandate in question.held())


def _is_lent(question: PermissionQuestion) -> bool:
    now = clock.now()
    return any(access.forum_id == question.forum_id and now < access.until for access in question.actor.lent)


def _is_fresh(question: PermissionQuestion) -> bool:
    """Not older than a quarter of an hour, nor from the future: a clock that was put back gives nothing back."""
    written = question.case.written_at
    return written is not None and timedelta() <= clock.now() - written <= TIME_TO_CORRECT


PREDICATES: Mapping[Condition, Callable[[PermissionQuestion], bool]] = {
    Condition.OWN: _is_own,
    Condition.NOT_AUTHOR: _is_not_author,
    Condition.UNDECIDED: lambda question: question.case.is_undecided is True,
    Condition.ASSIGNED: _is_assigned,
    Condition.TASK: _is_task,
    Condition.OWN_SESSION: _is_own_session,
    Condition.WINDOW: lambda question: question.case.is_window_open is True,
    Condition.WINDOW_OR_LATE: lambda question: (
        question.case.is_window_open is True or question.case.is_marked_late is True
    ),
    Condition.AFTER_OPENING: lambda question: question.case.is_opened is True,
    Condition.CLOSED: lambda question: question.case.is_closed is True,
    Condition.ONCE: lambda question: question.case.is_done is False,
    Condition.MANDATE: _had_a_mandate,
    Condition.STEWARD: _is_steward,
    Condition.REASON: lambda question: bool(question.case.reason and question.case.reason.strip()),
    Condition.SECOND_PERSON: lambda question: len(question.case.people or ()) > 1,
    Condition.BREAKGLASS: _is_lent,
    Condition.NOT_EMBARGOED: lambda question: question.case.is_embargoed is False,
    Condition.HISTORY_OPEN: lambda question: question.case.is_history_open is True,
    Condition.PUBLIC_PROGRAMME: lambda question: question.case.is_public_programme is True,
    Condition.PUBLIC_SCREEN: lambda question: question.case.is_public_screen is True,
    Condition.RELEASED: lambda question: question.case.is_released is True,
    Condition.OPEN_FORUM: lambda question: question.case.is_open_forum is True,
    Condition.DECLARED: lambda question: question.case.is_declared is True,
    Condition.OF_DECLARATION: lambda question: question.case.is_of_declaration is True,
    Condition.NO_TEXT: lambda question: question.case.is_without_text is True,
    Condition.QUARTER_HOUR: _is_fresh,
    Condition.READ_ONLY: lambda question: question.case.is_read_only is True,
    Condition.CLI: lambda question: question.case.is_cli is True,
}


def is_fulfilled(condition: Condition, question: PermissionQuestion) -> bool:
    return PREDICATES[condition](question)
