"""What an edition needs done by itself: its signature and its checkpoint, right after it came out."""

import logging
from datetime import timedelta

from workspace.core.errors import HistoryAltered, NoKey
from workspace.core.jobs import Job, Shift
from workspace.editions.sealing import seal_editions, unsealed
from workspace.history.signing import key_service

logger = logging.getLogger("workspace.editions")


def seal(shift: Shift) -> None:
    """Sign what has come out. Without a key, or with an altered log, say so and sign nothing."""
    with shift.store.reading() as db:
        if not unsealed(db):
            return
    try:
        with shift.store.writing() as db:
            seal_editions(db, key_service(db, shift.settings))
    except NoKey as refusal:
        logger.warning("An edition is not signed: there is no signing key in %s.", refusal.facts["folder"])
    except HistoryAltered as refusal:
        logger.error(  # noqa: TRY400  (where it was raised says nothing; what it found does)
            "An edition is not signed: the log does not begin as its checkpoint of %s entries says.",
            refusal.facts["size"],
        )


SEAL_EDITIONS = Job("editions.seal", every=timedelta(minutes=1), run=seal, is_alone=True)
