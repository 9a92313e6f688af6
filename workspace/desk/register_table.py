"""The register as a plain table, for whoever sits at the machine: no filters, and no links."""

from collections.abc import Iterator, Sequence

import sqlalchemy as sa

from workspace.core.db import Db
from workspace.core.sheets import Column, Value
from workspace.desk.register_files import OUTCOMES, STANDINGS
from workspace.people.models import Forum
from workspace.recommendations.models import Recommendation
from workspace.web.i18n import N_, Messages

_HEADINGS = (
    (N_("No."), 7),
    (N_("Recommendation"), 80),
    (N_("Language"), 10),
    (N_("Working group"), 20),
    (N_("Section"), 24),
    (N_("Standing"), 16),
    (N_("What became of it"), 18),
    (N_("Reason"), 40),
)


def plain_register(db: Db, forum: Forum, messages: Messages) -> tuple[list[Column], Iterator[Sequence[Value]]]:
    """The columns, and a row for each recommendation of the forum in the order of their numbers."""
    columns = [Column(messages.gettext(heading), width) for heading, width in _HEADINGS]
    found = db.scalars(
        sa.select(Recommendation).where(Recommendation.forum_id == forum.id).order_by(Recommendation.number)
    )
    rows = (
        (
            one.number,
            one.text,
            one.language,
            one.working_group,
            one.section,
            messages.gettext(STANDINGS[one.standing]),
            messages.gettext(OUTCOMES[one.outcome]),
            one.outcome_reason,
        )
        for one in found
    )
    return columns, rows
