"""The key of what pages keep in memory between requests.

Nothing kept is ever invalidated. What can change is kept under the place of the log at which it was read: every
change is in the log, so the next reader after one asks for another key.
"""

from uuid import UUID

import sqlalchemy as sa

from workspace.core.db import Db
from workspace.core.log import LogEntry


def place_in_log(db: Db, forum_id: UUID) -> tuple[int, int]:
    """The last entry about this forum, and the last about none: what was read at one place is the same at it later."""
    about, none = LogEntry.forum_id == forum_id, LogEntry.forum_id.is_(None)
    last = (sa.select(sa.func.max(LogEntry.sequence)).where(condition).scalar_subquery() for condition in (about, none))
    row = db.execute(sa.select(*last)).one()
    return row[0] or 0, row[1] or 0
