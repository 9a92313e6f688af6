"""The tables of people that belong to a forum."""

from workspace.core.forum_scope import scope
from workspace.people.models import LentRight, Mandate, Organisation

SCOPES = (
    scope(Organisation, Organisation.network_id, order=(Organisation.merged_into_id.is_not(None), Organisation.id)),
    scope(Mandate, Mandate.forum_id, persons=Mandate.person_id),
    scope(LentRight, LentRight.forum_id),
)
