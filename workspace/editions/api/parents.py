"""Forums before this one and what comes from them, as programs read and send it."""

from typing import Annotated
from uuid import UUID

from litestar import Controller
from msgspec import Meta, Struct

from workspace.consultation.schemas import Tongue
from workspace.core.actor import Actor
from workspace.core.errors import NotFound
from workspace.core.shapes import Shape
from workspace.core.storage.db import Db, Trilingual
from workspace.editions.domain.models import ForumParent, ParentKind
from workspace.editions.domain.parents import EarlierParagraph, ParentService
from workspace.people.frame import InForum
from workspace.recommendations.api.register import RecommendationOut
from workspace.recommendations.policy import may_read_recommendation
from workspace.recommendations.service import RecommendationService
from workspace.sessions.policy import ensure_may_read, may_read
from workspace.web.api import DONE, ListOf, reads, writes
from workspace.web.http.request_context import FromPath, JSONBody

Ids = Annotated[list[UUID], Meta(max_length=1_000)]


class ParentIn(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A forum on this server by its address, or else a bundle as base64 with the public key that signed it."""

    kind: ParentKind
    forum: Annotated[str, Meta(max_length=100)] = ""
    bundle: bytes = b""
    key: Annotated[str, Meta(max_length=500)] = ""


class ParentOut(Shape, frozen=True, kw_only=True):
    """A forum before this one. Of a bundle, `manifest_sha256` names the edition and `key` is what proved it."""

    id: UUID
    kind: ParentKind
    parent_id: UUID | None
    name: Trilingual
    title: Trilingual
    edition: int
    manifest_sha256: str
    key: str


class SourcesIn(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Paragraphs by `block_id` and recommendations by `id`; paragraphs in this language where they have it."""

    paragraphs: Ids = []
    recommendations: Ids = []
    language: Tongue


class SourceOut(Struct, frozen=True, kw_only=True):
    """Where a recommendation stands in the forum before; `paragraph` is null where it is no longer public there."""

    parent: ParentOut
    paragraph: EarlierParagraph | None


class ParentApi(Controller):
    """Forums before this one."""

    path = "/api"
    tags = ("Earlier forums",)

    @reads("/forums/{forum:str}/parents", policy="session.read")
    def list_parents(self, db: Db, actor: Actor, forum: InForum) -> ListOf[ParentOut]:
        """List the forums that came before this one."""
        ensure_may_read(actor, forum)
        return ListOf(items=[ParentOut.of(parent) for parent in ParentService(db).listed(forum)])

    @writes("/forums/{forum:str}/parents", policy="notes.import")
    def add_parent(self, db: Db, actor: Actor, forum: InForum, data: JSONBody[ParentIn]) -> ParentOut:
        """Say that a forum came before this one; a bundle is verified first."""
        service = ParentService(db)
        if data.bundle:
            return ParentOut.of(service.add_bundle(forum, data.bundle, data.key, data.kind, actor=actor))
        return ParentOut.of(service.add(forum, data.forum, data.kind, actor=actor))

    @writes("/parents/{parent_id:uuid}/removal", status=DONE, policy="notes.import")
    def remove_parent(self, db: Db, actor: Actor, parent_id: FromPath[UUID]) -> ParentOut:
        """Say that it did not come before, while nothing was taken from it."""
        found = _open(db, actor, parent_id)
        ParentService(db).remove(found, actor=actor)
        return ParentOut.of(found)

    @reads("/parents/{parent_id:uuid}/paragraphs", policy="session.read")
    def list_parent_paragraphs(self, db: Db, actor: Actor, parent_id: FromPath[UUID]) -> ListOf[EarlierParagraph]:
        """List what an earlier forum published, each paragraph with the recommendations it came from there."""
        return ListOf(items=ParentService(db).paragraphs(_open(db, actor, parent_id)))

    @writes("/parents/{parent_id:uuid}/sources", policy="recommendation.confirm_merge")
    def take_sources(
        self, db: Db, actor: Actor, parent_id: FromPath[UUID], data: JSONBody[SourcesIn]
    ) -> ListOf[RecommendationOut]:
        """Put paragraphs and recommendations of an earlier forum into the register here, each once."""
        found = _open(db, actor, parent_id)
        chosen = frozenset(data.paragraphs), frozenset(data.recommendations)
        made = ParentService(db).take(found, *chosen, language=data.language, actor=actor)
        return ListOf(items=[RecommendationOut.of(row) for row in made])

    @reads("/recommendations/{recommendation_id:uuid}/source", policy="recommendation.read")
    def read_recommendation_source(self, db: Db, actor: Actor, recommendation_id: FromPath[UUID]) -> SourceOut:
        """Read where a recommendation stands in the forum before: its paragraph there, and what that came from."""
        row = RecommendationService(db).get(recommendation_id, actor=actor)
        if not may_read_recommendation(actor, row.forum, row):
            raise NotFound(what="recommendation", id=str(recommendation_id))
        parent, paragraph = ParentService(db).source(row)
        return SourceOut(parent=ParentOut.of(parent), paragraph=paragraph)


def _open(db: Db, actor: Actor, parent_id: UUID) -> ForumParent:
    """One whose forum's programme is open to the reader; raises `NotFound`."""
    found = ParentService(db).get(parent_id)
    if not may_read(actor, found.forum):
        raise NotFound(what="forum", id=str(parent_id))
    return found
