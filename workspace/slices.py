"""What every slice adds to the application, put together."""

from collections.abc import Sequence

from workspace import (
    accounts,
    amendments,
    comments,
    consultation,
    declarations,
    desk,
    editions,
    forms,
    history,
    interchange,
    letters,
    notices,
    people,
    procedure,
    recommendations,
    sessions,
    sittings,
    terms,
    translations,
    webhooks,
)
from workspace.web import registry as web
from workspace.web.refusals.slice_registry import SliceRegistry, merged

SLICES: Sequence[SliceRegistry] = (
    web.REGISTRY,
    web.ENGINE,
    notices.REGISTRY,
    desk.REGISTRY,
    accounts.REGISTRY,
    amendments.REGISTRY,
    comments.REGISTRY,
    consultation.REGISTRY,
    declarations.REGISTRY,
    editions.REGISTRY,
    forms.REGISTRY,
    history.REGISTRY,
    interchange.REGISTRY,
    letters.REGISTRY,
    people.REGISTRY,
    procedure.REGISTRY,
    recommendations.REGISTRY,
    sessions.REGISTRY,
    sittings.REGISTRY,
    terms.REGISTRY,
    translations.REGISTRY,
    webhooks.REGISTRY,
)
REGISTRY = merged(SLICES)
