"""What waits in each language, in the order in which a translator is asked for it.

First what stops publication, by how grave it is and by when it is due; then what a reviewer has returned, what
nobody has reviewed, and last what may be prepared: the amendments on the table, which make nothing stale.
"""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from enum import StrEnum
from uuid import UUID

import sqlalchemy as sa
from msgspec import Struct

from drafts.diff.amendments import ChangeOp
from drafts.languages.staleness import State
from drafts.text.blocks import Language
from workspace.amendments.domain.models import Amendment, AmendmentVersion, ChangeRecord, Disposition
from workspace.amendments.domain.queries import UNDECIDED, read_filed, where_readable
from workspace.core.actor import Actor
from workspace.core.storage.db import Service, unsought
from workspace.declarations.domain.models import Declaration
from workspace.translations.domain.models import Assignment, ReviewVerdict
from workspace.translations.domain.queries import BlockStanding
from workspace.translations.domain.suggestions import SuggestionService
from workspace.translations.domain.work import ReviewService, TaskService, whose

GRAVITY = (
    State.MISSING,
    State.STALE_RESTRUCTURED,
    State.STALE_SUBSTANTIVE,
    State.STALE_EDITORIAL,
    State.UNVERIFIED,
    State.ABSENT,
    State.CURRENT,
)
"""What a translator is asked for first, first."""

Place = tuple[UUID, Language]


class QueueNeed(StrEnum):
    """What is asked of whom; in the order of a queue."""

    WRITE = "write"  # the text stops publication
    RETURNED = "returned"  # a reviewer wants it otherwise
    REVIEW = "review"  # nobody but its translator has read it
    PREPARE = "prepare"  # an amendment on the table could be translated beforehand


_ORDER = tuple(QueueNeed)


class QueueEntry(Struct, frozen=True):
    """One text that waits. `amendments` are those it waits for: left to the translators, or on the table."""

    need: QueueNeed
    block_id: UUID
    language: Language
    state: State
    due_on: date | None = None
    whose: str = ""
    amendments: tuple[int, ...] = ()


class _RewordingAmendments(Struct, frozen=True):
    """The amendments that reword a paragraph, by where the translator meets them."""

    handed_over: Mapping[Place, tuple[int, ...]]
    tabled: Mapping[Place, Sequence[int]]


class QueueService(Service):
    """The queues of a declaration, in a fixed number of queries."""

    def entries(
        self,
        declaration: Declaration,
        standings: Sequence[BlockStanding],
        *,
        actor: Actor,
        into: Language | None = None,
    ) -> list[QueueEntry]:
        """Everything that waits, in every language. Of amendments, those that the reader may see.

        With `into`, only what stops publication in that language or was returned, and no amendments.
        """
        wished = self._wished(declaration, actor) if into is None else _RewordingAmendments({}, {})
        reviews = ReviewService(self.db).reviews(declaration, [paragraph.row for paragraph in standings])
        verdicts = {place: review.verdict for place, review in reviews.items()}
        tasks = TaskService(self.db).assignments(declaration)
        found = [
            (place, entry)
            for place, standing in enumerate(standings)
            for language in ((into,) if into else Language)
            for entry in _needs(standing, language, verdicts, wished, tasks)
            if into is None or entry.need is not QueueNeed.REVIEW
        ]
        return [entry for _, entry in sorted(found, key=lambda item: _rank(item[1], item[0]))]

    def _wished(self, declaration: Declaration, actor: Actor) -> _RewordingAmendments:
        return read_filed(self.db, declaration, actor, _RewordingAmendments, lambda: self._read(declaration, actor))

    def _read(self, declaration: Declaration, actor: Actor) -> _RewordingAmendments:
        handed_over: dict[Place, tuple[int, ...]] = {}
        tabled: dict[Place, list[int]] = {}
        waiting = SuggestionService(self.db).pending(declaration)
        prepared = {(made.amendment_id, *place) for place, of_place in waiting.items() for made in of_place}
        statement = where_readable(_rewording(declaration), declaration, actor)
        for amendment_id, number, language, disposition, block_id in self.db.execute(statement):
            if block_id is None:  # what nothing is reworded in
                continue
            if disposition is Disposition.HANDED_OVER:
                handed_over[block_id, language] = (*handed_over.get((block_id, language), ()), number)
                continue
            for other in Language:
                if other is not language and (not prepared or (amendment_id, block_id, other) not in prepared):
                    tabled.setdefault((block_id, other), []).append(number)
        return _RewordingAmendments(handed_over, tabled)


def _rewording(declaration: Declaration) -> sa.Select[UUID, int, Language, Disposition, UUID | None]:
    """The open amendments, and those left to the translators, with each paragraph that they reword."""
    own = (
        sa.select(sa.func.max(AmendmentVersion.number))
        .where(AmendmentVersion.amendment_id == Amendment.id, AmendmentVersion.made_by_id == Amendment.proposer_id)
        .correlate(Amendment)
        .scalar_subquery()
    )
    return (
        sa.select(Amendment.id, Amendment.number, Amendment.language, Amendment.disposition, ChangeRecord.block_id)
        .join(AmendmentVersion, AmendmentVersion.amendment_id == Amendment.id)
        .join(ChangeRecord, ChangeRecord.version_id == AmendmentVersion.id)
        .where(
            Amendment.declaration_id == declaration.id,
            Amendment.parent_id.is_(None),
            Amendment.disposition.in_((*UNDECIDED, Disposition.HANDED_OVER)),
            AmendmentVersion.number == own,
            unsought(ChangeRecord.op) == ChangeOp.REWORD,
        )
        .distinct()
        .order_by(Amendment.number)
    )


def _needs(
    standing: BlockStanding,
    language: Language,
    verdicts: Mapping[Place, ReviewVerdict],
    wished: _RewordingAmendments,
    tasks: Sequence[Assignment],
) -> Iterator[QueueEntry]:
    """What is asked of one text: what stops publication is not reviewed as well."""
    row, state = standing.row, standing.states[language]
    place = (row.block_id, language)
    task = whose(tasks, row.block_id, language)
    due_on, name = (task.due_on, task.person.name) if task else (None, "")
    if state.stops_publication:
        handed_over = wished.handed_over.get(place, ())
        yield QueueEntry(QueueNeed.WRITE, row.block_id, language, state, due_on, name, handed_over)
    elif language is not row.original_language and language in row.texts:
        verdict = verdicts.get(place)
        if verdict is ReviewVerdict.RETURNED:
            yield QueueEntry(QueueNeed.RETURNED, row.block_id, language, state, due_on, name)
        elif verdict is None:
            yield QueueEntry(QueueNeed.REVIEW, row.block_id, language, state)
    if tabled := wished.tabled.get(place):
        yield QueueEntry(QueueNeed.PREPARE, row.block_id, language, state, due_on, name, tuple(tabled))


def _rank(entry: QueueEntry, place: int) -> tuple[int, int, date, int]:
    return _ORDER.index(entry.need), GRAVITY.index(entry.state), entry.due_on or date.max, place
