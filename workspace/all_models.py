"""The tables of every slice, for what works on the database as a whole: migrations, backups, audits; and what of
them can be searched.
"""

from collections.abc import Sequence

import workspace.accounts.domain.models
import workspace.amendments.domain.committee_models
import workspace.amendments.domain.models
import workspace.approvals.models
import workspace.comments.models
import workspace.consultation.models
import workspace.core.jobs
import workspace.core.outbox
import workspace.core.storage.log
import workspace.core.storage.maintenance
import workspace.core.storage.request_records
import workspace.declarations.domain.models
import workspace.editions.domain.models
import workspace.forms.models
import workspace.history.models
import workspace.interchange.models
import workspace.letters.models
import workspace.live.models
import workspace.notices.models
import workspace.people.models
import workspace.procedure.models
import workspace.recommendations.models
import workspace.sessions.models
import workspace.sittings.models
import workspace.terms.models
import workspace.translations.domain.models
import workspace.webhooks.models
from workspace.amendments.domain import queries as amendments
from workspace.comments import queries as comments
from workspace.core.storage.db import Model
from workspace.core.storage.search_index import Searchable
from workspace.declarations.domain import queries as declarations
from workspace.editions.domain import queries as editions
from workspace.recommendations import search as recommendations
from workspace.sessions import service as sessions

METADATA = Model.metadata
SEARCHABLES: Sequence[Searchable] = (
    declarations.SEARCHED,
    amendments.SEARCHED,
    comments.SEARCHED,
    recommendations.SEARCHED,
    sessions.SEARCHED,
    editions.SEARCHED,
)
