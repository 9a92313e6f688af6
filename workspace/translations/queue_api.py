"""What waits for translators and reviewers, as JSON."""

from datetime import date
from uuid import UUID

from litestar import Controller, Response
from litestar.di import NamedDependency
from msgspec import Struct

from drafts.blocks import Language
from drafts.staleness import State
from workspace.declarations.api import opened
from workspace.translations import policy
from workspace.translations.queueing import Entry, Need, QueueService
from workspace.translations.service import TranslationService
from workspace.web.api import answer, reads
from workspace.web.params import FromPath, FromQuery
from workspace.web.route_policies import FOLLOW_THE_WORK
from workspace.web.services import Work


class QueuedOut(Struct, frozen=True, kw_only=True):
    """A text that waits: to be written, because it was returned, to be reviewed, or prepared for amendments."""

    need: Need
    block_id: UUID
    language: Language
    state: State
    due_on: date | None
    assigned_to: str
    amendments: list[int]

    @classmethod
    def of(cls, entry: Entry) -> "QueuedOut":
        return cls(
            need=entry.need,
            block_id=entry.block_id,
            language=entry.language,
            state=entry.state,
            due_on=entry.due_on,
            assigned_to=entry.whose,
            amendments=list(entry.amendments),
        )


class QueueOut(Struct, frozen=True, kw_only=True):
    """Everything that waits, in the order in which it is asked for."""

    items: list[QueuedOut]


class QueueApi(Controller):
    """The translators' queues."""

    path = "/api/declarations/{declaration_id:uuid}"
    tags = ("Texts",)

    @reads("/translation-queue", policy=FOLLOW_THE_WORK)
    def read_translation_queue(
        self,
        work: NamedDependency[Work],
        declaration_id: FromPath[UUID],
        language: FromQuery[Language | None] = None,
    ) -> Response[QueueOut]:
        """Read what waits, most urgent first: of one language, or of all three.

        What stops publication comes first, then what a reviewer returned, then what nobody has reviewed, and last
        the amendments on the table that can be translated beforehand.
        """
        with work.reading() as db:
            declaration = opened(db, declaration_id, actor=work.actor, may=policy.may_follow)
            standings = TranslationService(db).standings(declaration)
            entries = QueueService(db).entries(declaration, standings, actor=work.actor)
        return answer(QueueOut(items=[QueuedOut.of(one) for one in entries if language in (None, one.language)]))
