"""What an edition needs done by itself: its signature and its checkpoint, right after it came out."""

import logging
from datetime import timedelta

from workspace.core import clock
from workspace.core.errors import HistoryAltered, NoKey
from workspace.core.jobs import Job, JobContext
from workspace.editions.domain.commitments import remind_of_commitments
from workspace.editions.domain.corrigenda import CorrigendumService
from workspace.editions.domain.corrigenda import due_corrigenda as silences_over
from workspace.editions.domain.embargo import EmbargoService, due_releases
from workspace.editions.domain.models import Corrigendum
from workspace.editions.verification.signing import sign_editions, unsigned_editions
from workspace.history.signing_keys import key_service

logger = logging.getLogger("workspace.editions")


def sign_new_editions(shift: JobContext) -> None:
    """Sign what has come out. Without a key, or with an altered log, say so and sign nothing."""
    with shift.store.reading() as db:
        if not unsigned_editions(db):
            return
    try:
        with shift.store.writing() as db:
            sign_editions(db, key_service(db, shift.settings))
    except NoKey as refusal:
        logger.warning("An edition is not signed: there is no signing key in %s.", refusal.facts["folder"])
    except HistoryAltered as refusal:
        logger.error(  # noqa: TRY400  (where it was raised says nothing; what it found does)
            "An edition is not signed: the log does not begin as its checkpoint of %s entries says.",
            refusal.facts["size"],
        )


def release_due_editions(shift: JobContext) -> None:
    """Put out every edition whose time has come, each in a unit of its own, and sign them at once."""
    with shift.store.reading() as db:
        due = due_releases(db)
    for declaration_id in due:
        with shift.store.writing() as db:
            EmbargoService(db).release(declaration_id)
    if due:
        sign_new_editions(shift)


def make_due_corrigenda(shift: JobContext) -> None:
    """Put out every corrigendum to which nobody has objected in time, each in a unit of its own."""
    with shift.store.reading() as db:
        due = silences_over(db, clock.now())
    for corrigendum_id in due:
        with shift.store.reading() as db:
            prepared = CorrigendumService(db).prepare(db.get_one(Corrigendum, corrigendum_id))
        with shift.store.writing() as db:
            CorrigendumService(db).end_silence(db.get_one(Corrigendum, corrigendum_id), prepared)
    if due:
        sign_new_editions(shift)


def ask_for_reports(shift: JobContext) -> None:
    """Once a year, ask those who promised something how far they are."""
    with shift.store.writing() as db:
        remind_of_commitments(db, clock.now())


ASK_FOR_REPORTS = Job("editions.commitments", every=timedelta(days=1), run=ask_for_reports, is_alone=True)
CORRECT_EDITIONS = Job("editions.correct", every=timedelta(seconds=15), run=make_due_corrigenda, is_alone=True)
RELEASE_EDITIONS = Job("editions.release", every=timedelta(seconds=15), run=release_due_editions)
SEAL_EDITIONS = Job("editions.seal", every=timedelta(minutes=1), run=sign_new_editions, is_alone=True)
