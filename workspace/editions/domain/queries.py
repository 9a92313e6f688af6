"""Which edition follows which: a corrigendum makes a new one, and the old one stays where it is."""

import hashlib
from collections.abc import Collection, Iterator, Mapping, Sequence
from enum import StrEnum
from uuid import UUID

import sqlalchemy as sa
from msgspec import Struct, convert, to_builtins

from drafts.formats.assembly import CorrectedEdition
from drafts.formats.edition import SHEET
from drafts.text.blocks import Language
from workspace.approvals.models import ApprovalRequest, Matter, Outcome
from workspace.approvals.service import ApprovalService, LogKinds
from workspace.core.actor import Actor
from workspace.core.storage import search_index
from workspace.core.storage.db import Db
from workspace.core.storage.search_index import Searchable, SearchDocument
from workspace.declarations.domain import queries
from workspace.declarations.domain.approvals import DeclarationRule
from workspace.declarations.domain.models import Declaration
from workspace.declarations.domain.queries import BlockRow
from workspace.editions.domain.models import Corrigendum, Edition, EditionFile
from workspace.editions.domain.names import DeceivingName, deceiving_names
from workspace.editions.domain.policy import may_read_editions
from workspace.people.models import Forum


def corrigendum_of(db: Db, edition: Edition) -> Corrigendum | None:
    """The corrections that an edition came out with; None for the first, which corrects nothing."""
    return db.scalar(sa.select(Corrigendum).where(Corrigendum.made_id == edition.id)) if edition.number > 1 else None


def corrected_by(db: Db, edition: Edition) -> CorrectedEdition | None:
    """The edition that this one corrects, as its imprint names it."""
    made_by = corrigendum_of(db, edition)
    return corrected_reference(made_by.edition) if made_by else None


def corrected_numbers(db: Db, declaration: Declaration) -> Mapping[UUID, int]:
    """By the id of each edition that corrects another one: the number of that other one. One query."""
    statement = (
        sa.select(Corrigendum.made_id, Edition.number)
        .join(Edition, Edition.id == Corrigendum.edition_id)
        .where(Corrigendum.declaration_id == declaration.id, Corrigendum.made_id.is_not(None))
    )
    return {row.made_id: row.number for row in db.execute(statement)}


def editions_with_sheet(db: Db, declaration: Declaration) -> frozenset[UUID]:
    """The editions that came out with the sheet of their corrigendum. One query."""
    statement = (
        sa.select(EditionFile.edition_id)
        .join(Edition, Edition.id == EditionFile.edition_id)
        .where(Edition.declaration_id == declaration.id, EditionFile.name == sheet_name(Language.EN))
    )
    return frozenset(db.scalars(statement))


def sheet_name(language: Language, form: str = "pdf") -> str:
    return f"{SHEET}.{language}.{form}"


def corrected_reference(edition: Edition) -> CorrectedEdition:
    return CorrectedEdition(edition.number, edition.manifest_sha256)


class Obstacle(StrEnum):
    """What kind of thing stops publication, of those that can be overridden: it is there, but not vouched for."""

    STATE = "state"
    CONTRADICTION = "contradiction"
    SIGNATURE = "signature"
    NAME = "name"  # of what stands in the table `check`, under the id `block_id`, with characters that deceive


class ObstacleRef(Struct, frozen=True, rename={"block_id": "block"}):
    """One obstacle by its name: what kind, in which paragraph, in which language, found by which check."""

    obstacle: Obstacle
    block_id: UUID | None = None
    language: Language | None = None
    check: str = ""

    def __str__(self) -> str:
        return "/".join((self.obstacle, str(self.block_id or ""), self.language or "", self.check))


class OverrideRule(DeclarationRule, frozen=True, kw_only=True):
    """An override holds as long as the texts are those that two people looked at."""

    def valid(self, db: Db, subject: Declaration, requests: list[ApprovalRequest]) -> list[ApprovalRequest]:
        return [request for request in requests if request.details["seen"] == seen(db, subject, obstacle_ref(request))]


OVERRIDE = OverrideRule(
    matter=Matter.OVERRIDE,
    kinds=LogKinds("override.requested", "override.dropped", "override.declined", "override.confirmed"),
    what="override",
    id_fact="override",
    action="readiness.override",
    is_many=True,
    is_lasting=True,
)


def valid_overrides(db: Db, declaration: Declaration) -> frozenset[ObstacleRef]:
    """What has been overridden and still is. Mostly nothing."""
    return frozenset(
        obstacle_ref(request)
        for request in ApprovalService(db).valid_requests(OVERRIDE, declaration)
        if request.confirmed_by_id
    )


def edition_overrides(db: Db, edition: Edition) -> Sequence[ApprovalRequest]:
    """Those with which an edition went out."""
    kept = sa.select(ApprovalRequest).where(ApprovalRequest.edition_id == edition.id)
    return db.scalars(kept.order_by(ApprovalRequest.requested_at, ApprovalRequest.id)).all()


def bind_overrides(db: Db, declaration: Declaration, edition: Edition) -> Sequence[ApprovalRequest]:
    """Note for good what this edition goes out with; what was never confirmed, or is void, ends."""
    service = ApprovalService(db)
    used = [request for request in service.valid_requests(OVERRIDE, declaration) if request.confirmed_by_id]
    for request in service.open_requests(OVERRIDE, declaration):
        service.end(request, Outcome.CONFIRMED if request in used else Outcome.VOID)
    for request in used:
        request.edition_id = edition.id
    return used


def details(db: Db, declaration: Declaration, obstacle: ObstacleRef) -> Mapping[str, str | None]:
    """What a request to override it keeps, and the log says of it."""
    return {**to_builtins(obstacle), "seen": seen(db, declaration, obstacle)}


def name_obstacle(deceiving: DeceivingName) -> ObstacleRef:
    """A name that deceives, as an obstacle."""
    return ObstacleRef(Obstacle.NAME, deceiving.id, None, deceiving.kind)


def seen(db: Db, declaration: Declaration, obstacle: ObstacleRef) -> str:
    """Stands for what an obstacle is about, as two people look at it."""
    if obstacle.obstacle is Obstacle.NAME:
        return "".join(each.seen for each in deceiving_names(db, declaration) if name_obstacle(each) == obstacle)
    return texts_digest(obstacle, queries.head_rows(db, declaration))


def obstacle_ref(override: ApprovalRequest) -> ObstacleRef:
    """The obstacle that a request is about."""
    return convert(override.details, ObstacleRef)


def texts_digest(obstacle: ObstacleRef, rows: Sequence[BlockRow]) -> str:
    """Stands for the texts that an obstacle is about: of its paragraph in every language, or of a whole language."""
    texts: Mapping[UUID, Sequence[str]] = {
        row.block_id: [str(row.texts[language].id) for language in _languages(obstacle) if language in row.texts]
        for row in rows
        if obstacle.block_id in {None, row.block_id}
    }
    lines = "\n".join(" ".join((str(block_id), *ids)) for block_id, ids in texts.items())
    return hashlib.sha256(lines.encode()).hexdigest()


def _languages(obstacle: ObstacleRef) -> Sequence[Language]:
    return tuple(Language) if obstacle.block_id is not None or obstacle.language is None else (obstacle.language,)


def _documents(db: Db, ids: Collection[UUID] | None) -> Iterator[SearchDocument]:
    """The words of each edition in each language, as its revision has them."""
    statement = sa.select(Edition).where(sa.true() if ids is None else Edition.id.in_(ids))
    for edition in db.scalars(statement.order_by(Edition.published_at)):
        rows = queries.pinned_rows(db, edition.revision_id)
        for language in Language:
            text = "\n".join(row.content(language) for row in rows if language in row.texts)
            forum_id, declaration_id = edition.declaration.forum_id, edition.declaration_id
            yield SearchDocument(edition.id, forum_id, declaration_id, language, text)


def _readable_documents(db: Db, forum: Forum, actor: Actor) -> sa.ColumnElement[bool]:
    every = queries.of_forum(db, forum)
    return search_index.C.declaration_id.in_([known.id for known in every if may_read_editions(actor, known)])


SEARCHED = Searchable(kind="edition", tables={"edition": ("id",)}, documents=_documents, readable=_readable_documents)
