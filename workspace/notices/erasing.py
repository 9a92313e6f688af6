"""What becomes of what an erased person followed and was told."""

import sqlalchemy as sa

from workspace.core.db import Db
from workspace.core.events import PersonErased
from workspace.notices.models import Follow, Notice


def forget(db: Db, event: PersonErased) -> None:
    """Listener: it goes, because it says what somebody cared about."""
    for model in (Follow, Notice):
        db.execute(sa.delete(model).where(model.person_id == event.person_id))
