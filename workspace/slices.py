"""What every slice adds to the application, put together."""

from collections.abc import Sequence

from workspace.accounts import registry as accounts
from workspace.amendments import registry as amendments
from workspace.comments import registry as comments
from workspace.consultation import registry as consultation
from workspace.declarations import registry as declarations
from workspace.desk import registry as desk
from workspace.editions import registry as editions
from workspace.forms import registry as forms
from workspace.history import registry as history
from workspace.interchange import registry as interchange
from workspace.letters import registry as letters
from workspace.notices import registry as notices
from workspace.people import registry as people
from workspace.procedure import registry as procedure
from workspace.recommendations import registry as recommendations
from workspace.sessions import registry as sessions
from workspace.sittings import registry as sittings
from workspace.terms import registry as terms
from workspace.translations import registry as translations
from workspace.web import registry as web
from workspace.web.refusals.slice_registry import SliceRegistry, merged
from workspace.webhooks import registry as webhooks

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
