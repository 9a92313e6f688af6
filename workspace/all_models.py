"""The tables of every slice, for what works on the database as a whole: migrations, backups, audits."""

import workspace.accounts.models
import workspace.amendments.committee_models
import workspace.amendments.models
import workspace.approvals.models
import workspace.comments.models
import workspace.consultation.models
import workspace.core.jobs
import workspace.core.kept_answers
import workspace.core.log
import workspace.core.mail
import workspace.core.maintenance
import workspace.core.tallies
import workspace.declarations.models
import workspace.declarations.paragraph_models
import workspace.editions.around_models
import workspace.editions.corrigendum_models
import workspace.editions.embargo_models
import workspace.editions.models
import workspace.history.models
import workspace.interchange.models
import workspace.letters.models
import workspace.live.models
import workspace.notices.models
import workspace.people.models
import workspace.procedure.models
import workspace.recommendations.models
import workspace.sessions.models
import workspace.terms.models
import workspace.translations.models
import workspace.webhooks.models
from workspace.core.db import Model

METADATA = Model.metadata
