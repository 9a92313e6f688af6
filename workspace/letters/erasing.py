"""What becomes of what an erased person chose."""

import sqlalchemy as sa

from workspace.core.db import Db
from workspace.core.events import PersonErased
from workspace.letters.models import Bounce, MailChoice


def forget(db: Db, event: PersonErased) -> None:
    """Listener: it goes, with the address that letters came back from."""
    for model in (MailChoice, Bounce):
        db.execute(sa.delete(model).where(model.person_id == event.person_id))
