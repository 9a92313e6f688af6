"""What the log needs done by itself: a signed checkpoint every day, and after each publication."""

import logging
from datetime import timedelta

from workspace.core.errors import HistoryAltered, NoKey
from workspace.core.jobs import Job, Shift
from workspace.history.checkpoints import CheckpointService
from workspace.history.signing import key_service

logger = logging.getLogger("workspace.history")


def make_checkpoint(shift: Shift) -> None:
    """Make a checkpoint when one is due. Without a key, or with an altered log, say so and sign nothing."""
    with shift.store.reading() as db:
        if not CheckpointService(db).is_due():
            return
    try:
        with shift.store.writing() as db:
            CheckpointService(db).make(key_service(db, shift.settings))
    except NoKey as refusal:
        logger.warning("No checkpoint: there is no signing key in %s (workspace keys create).", refusal.facts["folder"])
    except HistoryAltered as refusal:
        logger.error(  # noqa: TRY400  (where it was raised says nothing; what it found does)
            "No checkpoint: the log does not begin as its checkpoint of %s entries says (workspace audit verify).",
            refusal.facts["size"],
        )


MAKE_CHECKPOINT = Job("make_checkpoint", every=timedelta(minutes=1), run=make_checkpoint, is_alone=True)
