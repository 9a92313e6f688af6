"""What the application provides to the layers under it: every process calls `install` before it does anything else.

Each is loaded when it is first needed: a command that reads two files starts without the database.
"""

from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from workspace.core.events import SUBSCRIBERS, Subscriber
from workspace.core.provided import METADATA, PRESENT, SPEAKING, STANDINGS, TIMES_OF_NOTES, WAITING_ROLES, Speech
from workspace.core.security.permissions import TABLE
from workspace.core.storage.search_index import SEARCHABLES, Searchable
from workspace.recommendations.terminology import TERMINOLOGY, Terminology
from workspace.web.refusals.slice_registry import REGISTRY, SliceRegistry

if TYPE_CHECKING:
    from datetime import date
    from uuid import UUID

    import sqlalchemy as sa

    from drafts.languages.staleness import State
    from drafts.text.blocks import Language
    from workspace.core.storage.db import Db
    from workspace.declarations.domain.models import Declaration
    from workspace.people.models import Forum


def install() -> None:
    """Provide everything; calling it again changes nothing."""
    SUBSCRIBERS.provide(_subscribers)
    METADATA.provide(_metadata)
    SEARCHABLES.provide(_searchables)
    REGISTRY.provide(_registry)
    TABLE.provide(lambda: REGISTRY.get().grants)
    TERMINOLOGY.provide(_terminology)
    STANDINGS.provide(_standings)
    WAITING_ROLES.provide(_waiting_roles)
    PRESENT.provide(_present)
    SPEAKING.provide(_speaking)
    TIMES_OF_NOTES.provide(_times_of_notes)


def _subscribers() -> Mapping[type[Any], Sequence[Subscriber]]:
    from workspace.subscriptions import SUBSCRIBERS as subscribers  # noqa: N811

    return subscribers


def _metadata() -> "sa.MetaData":
    from workspace.all_models import METADATA as metadata  # noqa: N811

    return metadata


def _searchables() -> Sequence[Searchable]:
    from workspace.all_models import SEARCHABLES as searchables  # noqa: N811

    return searchables


def _registry() -> SliceRegistry:
    from workspace.slices import REGISTRY as registry  # noqa: N811

    return registry


def _terminology() -> Terminology:
    from workspace.terms.glossary import agreed_wordings
    from workspace.terms.translation_memory import remembered_translations

    return Terminology(agreed_wordings, remembered_translations)


def _waiting_roles() -> "Callable[[Db, Forum], Mapping[UUID, tuple[date | None, date | None]]]":
    from workspace.approvals.roles import waiting_days

    return waiting_days


def _present() -> "Callable[[Db, Declaration], frozenset[UUID] | None]":
    from workspace.sittings.service import present_organisations

    return present_organisations


def _speaking() -> "Callable[[Db, Declaration], Speech | None]":
    from workspace.sittings.service import speaking_now

    return speaking_now


def _standings() -> "Callable[[Db, Declaration], Sequence[Mapping[Language, State]]]":
    from workspace.translations.domain.queries import standings

    return lambda db, declaration: [standing.states for standing in standings(db, declaration)]


def _times_of_notes() -> Callable[[str, str], Mapping[str, str]]:
    from workspace.interchange.notes.times import times_said

    return times_said
