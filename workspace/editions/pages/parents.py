"""The forums before this one, in a browser and as JSON: which they are, and where a recommendation stands there."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Annotated
from uuid import UUID

import sqlalchemy as sa
from litestar import Controller
from litestar.datastructures import UploadFile
from msgspec import Meta, Struct, field

from drafts.base.errors import DraftsError
from drafts.text.blocks import Language
from drafts.text.markup import plain
from workspace.consultation.schemas import Tongue
from workspace.core.actor import Actor
from workspace.core.errors import BadFile, Invalid, NotFound
from workspace.core.shapes import Shape
from workspace.core.storage.db import Db, Trilingual
from workspace.core.validation import known_id
from workspace.declarations.frame import header
from workspace.editions.domain.models import ForumParent, ParentKind
from workspace.editions.domain.parents import EarlierParagraph, EarlierRecommendation, ParentService, may_take
from workspace.people.frame import FrameInForum, InForum
from workspace.people.models import Forum
from workspace.recommendations.api.register import RecommendationOut
from workspace.recommendations.models import Recommendation
from workspace.recommendations.policy import may_read_recommendation
from workspace.recommendations.service import RecommendationService
from workspace.sessions.policy import ensure_may_read, may_import_notes, may_read
from workspace.web.api import DONE, ListOf, reads, writes
from workspace.web.http.files import LARGEST, uploaded
from workspace.web.http.request_context import Body, FormBody, FromPath, MultipartBody, PathId, Work
from workspace.web.i18n.marking import N_
from workspace.web.pages import Done, Page, field_errors, shows, takes
from workspace.web.refusals.sentences import sentence

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
    def add_parent(self, db: Db, actor: Actor, forum: InForum, data: Body[ParentIn]) -> ParentOut:
        """Say that a forum came before this one; a bundle is verified first."""
        service = ParentService(db)
        if data.bundle:
            return ParentOut.of(service.add_bundle(forum, data.bundle, data.key, data.kind, actor=actor))
        return ParentOut.of(service.add(forum, data.forum, data.kind, actor=actor))

    @writes("/parents/{parent_id:uuid}/removal", status=DONE, policy="notes.import")
    def remove_parent(self, db: Db, actor: Actor, parent_id: PathId) -> ParentOut:
        """Say that it did not come before, while nothing was taken from it."""
        found = _open(db, actor, parent_id)
        ParentService(db).remove(found, actor=actor)
        return ParentOut.of(found)

    @reads("/parents/{parent_id:uuid}/paragraphs", policy="session.read")
    def list_parent_paragraphs(self, db: Db, actor: Actor, parent_id: PathId) -> ListOf[EarlierParagraph]:
        """List what an earlier forum published, each paragraph with the recommendations it came from there."""
        return ListOf(items=ParentService(db).paragraphs(_open(db, actor, parent_id)))

    @writes("/parents/{parent_id:uuid}/sources", policy="recommendation.confirm_merge")
    def take_sources(self, db: Db, actor: Actor, parent_id: PathId, data: Body[SourcesIn]) -> ListOf[RecommendationOut]:
        """Put paragraphs and recommendations of an earlier forum into the register here, each once."""
        found = _open(db, actor, parent_id)
        chosen = frozenset(data.paragraphs), frozenset(data.recommendations)
        made = ParentService(db).take(found, *chosen, language=data.language, actor=actor)
        return ListOf(items=[RecommendationOut.of(row) for row in made])

    @reads("/recommendations/{recommendation_id:uuid}/source", policy="recommendation.read")
    def read_recommendation_source(self, db: Db, actor: Actor, recommendation_id: PathId) -> SourceOut:
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


KINDS: Mapping[ParentKind, str] = {ParentKind.REGIONAL: N_("regional forum"), ParentKind.EARLIER: N_("earlier forum")}


class ParentLine(Struct, frozen=True):
    """A forum before this one; `title` and `key` are those of an edition that was read from its bundle."""

    id: UUID
    kind: str
    name: str
    title: str
    edition: int
    key: str
    manifest: str
    href: str
    forum: str  # its own page, where it is on this server
    added_on: date


class ParentForm(Struct, frozen=True):
    """A forum on this server, or a bundle with the key that signed it; `remove` takes one away again."""

    forum: str = ""
    kind: str = ""
    key: str = ""
    remove: str = ""
    bundle: UploadFile | None = None


class ParentsPage(Page, frozen=True, kw_only=True):
    lines: Sequence[ParentLine]
    may_add: bool
    choices: Sequence[tuple[str, str]]
    kinds: Sequence[tuple[str, str]]
    sent: ParentForm
    errors: Mapping[str, str]


class SourceLine(Struct, frozen=True):
    """One of its paragraphs in the reader's language, or the first that has it; `known` are taken already."""

    id: UUID
    number: str
    text: str
    language: Language
    title: str
    href: str  # where it is read, on this server
    is_known: bool
    recommendations: Sequence[tuple[EarlierRecommendation, bool]]


class SourcesPage(Page, frozen=True, kw_only=True):
    parent: ParentLine
    lines: Sequence[SourceLine]
    may_take: bool
    errors: Mapping[str, str]


class TakeForm(Struct, frozen=True):
    """What to put into the register; one alone comes as a word."""

    paragraph: list[str] | str = field(default_factory=list)
    recommendation: list[str] | str = field(default_factory=list)


class TracePage(Page, frozen=True, kw_only=True):
    number: int
    text: str
    language: str
    parent: ParentLine
    line: SourceLine | None


class ParentPages(Controller):
    """Forums before this one, and what comes from them."""

    path = "/{forum:str}"

    @shows("editions/parents.html", "/sessions/forums", name="parents", policy="session.read")
    def parents(
        self,
        db: Db,
        work: Work,
        found: FrameInForum,
        form: ParentForm | None = None,
        refusal: BadFile | Invalid | DraftsError | None = None,
    ) -> ParentsPage:
        """Which forums came before this one."""
        if isinstance(refusal, BadFile | DraftsError):
            errors: Mapping[str, str] = {"bundle": sentence(refusal, work.messages)}
        else:
            errors = field_errors(work, refusal)
        ensure_may_read(work.actor, found.forum)
        service = ParentService(db)
        return ParentsPage(
            place=header(db, found, work=work),
            here="sessions",
            lines=[_line(db, parent, found.forum, work) for parent in service.listed(found.forum)],
            may_add=may_import_notes(work.actor, found.forum),
            choices=[(other.slug, other.name.said_in(work.language)) for other in service.addable(found.forum)],
            kinds=[(kind.value, work.messages.gettext(words)) for kind, words in KINDS.items()],
            sent=form or ParentForm(),
            errors=errors,
        )

    @takes(
        "/sessions/forums",
        again=parents,
        refusals=(BadFile, Invalid, DraftsError),
        name="add_parent",
        request_max_body_size=LARGEST,
        policy="notes.import",
    )
    def add(self, db: Db, work: Work, actor: Actor, forum: InForum, data: MultipartBody[ParentForm]) -> Done:
        """Add one on this server or by its bundle, or remove one."""
        service, sent = ParentService(db), uploaded(data.bundle)
        kind = ParentKind(data.kind) if data.kind in set(ParentKind) else ParentKind.EARLIER
        if data.remove:
            service.remove(_own(service, forum, known_id(data.remove, "forum")), actor=actor)
        elif data.forum:
            service.add(forum, data.forum, kind, actor=actor)
        else:
            sent.ensure_sent()
            service.add_bundle(forum, sent.content, data.key, kind, actor=actor)
        return Done("parents", work.messages.gettext("Saved."))

    @shows("editions/parent.html", "/sessions/forums/{parent_id:uuid}", name="parent", policy="session.read")
    def parent(
        self, db: Db, work: Work, found: FrameInForum, parent_id: PathId, refusal: Invalid | None = None
    ) -> SourcesPage:
        """What it published, to be taken as a source."""
        ensure_may_read(work.actor, found.forum)
        service = ParentService(db)
        parent = _own(service, found.forum, parent_id)
        known = service.taken(parent)
        return SourcesPage(
            place=header(db, found, work=work),
            here="sessions",
            parent=_line(db, parent, found.forum, work),
            lines=[_source(db, parent, each, known, work) for each in service.paragraphs(parent)],
            may_take=may_take(work.actor, found.forum),
            errors=field_errors(work, refusal),
        )

    @takes(
        "/sessions/forums/{parent_id:uuid}", again=parent, name="take_sources", policy="recommendation.confirm_merge"
    )
    def take(self, db: Db, work: Work, forum: InForum, parent_id: PathId, data: FormBody[TakeForm]) -> Done:
        """Put paragraphs and recommendations into the register."""
        service, chosen = ParentService(db), [_ids(data.paragraph), _ids(data.recommendation)]
        made = service.take(_own(service, forum, parent_id), *chosen, language=work.language, actor=work.actor)
        said = work.messages.ngettext("One recommendation added.", "%(n)s recommendations added.", len(made))
        return Done("parent", said if made else work.messages.gettext("Already in the register."))

    @shows(
        "editions/source.html",
        "/recommendations/{number:int}/source",
        name="recommendation_source",
        policy="recommendation.read",
    )
    def source(self, db: Db, work: Work, found: FrameInForum, number: FromPath[int]) -> TracePage:
        """Where a recommendation stands in the forum before: its paragraph there, and what that came from."""
        row = earlier(db, found.forum, number, work)
        service = ParentService(db)
        parent, paragraph = service.source(row)
        return TracePage(
            place=header(db, found, work=work),
            here="recommendations",
            number=row.number,
            text=row.text,
            language=row.language,
            parent=_line(db, parent, found.forum, work),
            line=_source(db, parent, paragraph, frozenset(), work) if paragraph else None,
        )


def earlier(db: Db, forum: Forum, number: int, work: Work) -> Recommendation:
    """A recommendation that the reader may read; raises `NotFound`."""
    row = db.scalar(sa.select(Recommendation).filter_by(forum_id=forum.id, number=number))
    if row is None or not may_read_recommendation(work.actor, forum, row):
        raise NotFound(what="recommendation", id=str(number))
    return row


def _line(db: Db, parent: ForumParent, forum: Forum, work: Work) -> ParentLine:
    other = db.get(Forum, parent.parent_id) if parent.parent_id else None
    return ParentLine(
        id=parent.id,
        kind=work.messages.gettext(KINDS[parent.kind]),
        name=(other or parent).name.said_in(work.language),
        title=parent.title.said_in(work.language),
        edition=parent.edition,
        key=parent.key,
        manifest=parent.manifest_sha256,
        href=work.url_for("parent", forum=forum.slug, parent_id=parent.id),
        forum=work.url_for("forum", forum=other.slug) if other else "",
        added_on=forum.local(parent.made_at).date(),
    )


def _source(db: Db, parent: ForumParent, each: EarlierParagraph, known: frozenset[UUID], work: Work) -> SourceLine:
    own = each.language(work.language)
    other = db.get(Forum, parent.parent_id) if parent.parent_id else None
    at = {"declaration": each.declaration, "number": each.edition, "block_id": each.block_id}
    return SourceLine(
        id=each.block_id,
        number=each.number,
        text=plain(each.texts.get(own, "")),
        language=own,
        title=each.title.said_in(work.language),
        href=work.url_for("edition_paragraph", forum=other.slug, **at) if other else "",
        is_known=each.block_id in known,
        recommendations=[(said, said.id in known) for said in each.recommendations],
    )


def _own(service: ParentService, forum: Forum, parent_id: UUID) -> ForumParent:
    found = service.get(parent_id)
    if found.forum_id != forum.id:
        raise NotFound(what="forum", id=str(parent_id))
    return found


def _ids(words: list[str] | str) -> frozenset[UUID]:
    return frozenset(known_id(word, "forum") for word in ([words] if isinstance(words, str) else words))
