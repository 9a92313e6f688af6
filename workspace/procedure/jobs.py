"""Silence procedures end by themselves when their time is up."""

from datetime import timedelta

from workspace.core.jobs import Job, Shift
from workspace.procedure import following


def _end_silences(shift: Shift) -> None:
    with shift.store.reading() as db:
        due = following.due(db)
    for question_id in due:
        if shift.is_over():
            return
        with shift.store.writing() as db:
            following.end_silence(db, question_id)


END_SILENCES = Job("procedure.silences", timedelta(seconds=15), _end_silences)
