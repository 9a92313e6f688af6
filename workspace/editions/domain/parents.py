"""Forums that came before this one, whose published paragraphs and recommendations are sources here.

Of a forum on this server that is what any visitor may read there; of a bundle from another, what its open history
holds. Nothing else of either shows here, whoever reads.
"""

import json
from collections.abc import Collection, Iterator, Mapping, Sequence
from uuid import UUID

import msgspec
import sqlalchemy as sa
from msgspec import Struct

from drafts.base.errors import BadNote
from drafts.base.transparency_log import PublicKey
from drafts.formats.bundle import DECISIONS, BundledDecisions, unpack
from drafts.text.blocks import BlockKind, Language
from drafts.text.markup import plain
from drafts.text.numbering import resolve
from drafts.verification.bundle_report import TrustAnchors
from drafts.verification.bundle_verification import verify_bundle
from workspace.core import clock
from workspace.core.actor import NOBODY, Actor
from workspace.core.errors import Invalid, NotFound, existing
from workspace.core.storage import log
from workspace.core.storage.db import Db, Service, Trilingual
from workspace.declarations.domain import queries
from workspace.declarations.domain.models import BlockRecord, Declaration, ProvenanceKind
from workspace.declarations.domain.policy import may_do
from workspace.editions.domain.commitments import PublishedText, published_texts
from workspace.editions.domain.models import ForumParent, ParentKind
from workspace.people.models import Forum
from workspace.people.service import PeopleService
from workspace.recommendations.models import Recommendation, Taken
from workspace.recommendations.policy import may_read_recommendation, may_settle_all
from workspace.recommendations.service import RecommendationService, VerbatimStatement
from workspace.sessions.policy import ensure_may_import_notes

_SOURCES = frozenset({BlockKind.PREAMBLE, BlockKind.OPERATIVE, BlockKind.PARAGRAPH, BlockKind.ITEM, BlockKind.CHAPEAU})


class EarlierRecommendation(Struct, frozen=True):
    """What was recommended in the forum before, and went into a paragraph of its text."""

    id: UUID
    number: int
    text: str
    language: str
    origin: str = ""


class EarlierParagraph(Struct, frozen=True):
    """A published paragraph of the forum before, with what it came from.

    `edition_id` and `declaration`, its slug, are those of one on this server.
    """

    block_id: UUID
    number: str
    texts: Mapping[Language, str]
    title: Trilingual
    edition: int
    recommendations: Sequence[EarlierRecommendation] = ()
    edition_id: UUID | None = None
    declaration: str = ""

    def language(self, wanted: str) -> Language:
        """`wanted` where it has words in it, else the first that has."""
        return next((each for each in (Language(wanted), *Language) if self.texts.get(each)), Language.EN)


class ParentService(Service):
    """The forums before one."""

    def listed(self, forum: Forum) -> Sequence[ForumParent]:
        """Every forum before this one, in the order in which they were added."""
        return self.db.scalars(sa.select(ForumParent).filter_by(forum_id=forum.id).order_by(ForumParent.id)).all()

    def addable(self, forum: Forum) -> list[Forum]:
        """The forums on this server that may have come before it: none that is listed, none that came after it."""
        bundled = {each["block_id"] for parent in self.listed(forum) for each in parent.paragraphs or ()}
        out = self._related(forum) | self._on_server(bundled)
        return [other for other in PeopleService(self.db).forums() if other.id not in out]

    def _related(self, forum: Forum) -> set[UUID | None]:
        """Itself, what came after it, and what is listed as on this server."""
        links = sa.select(ForumParent.forum_id, ForumParent.parent_id).where(ForumParent.parent_id.is_not(None))
        pairs = self.db.execute(links).all()
        out: set[UUID | None] = {forum.id}
        while found := {child for child, parent in pairs if parent in out} - out:
            out |= found
        return out | {parent for child, parent in pairs if child == forum.id}

    def _on_server(self, blocks: Collection[str]) -> set[UUID]:
        """The forums on this server that have any of these paragraphs, in whatever edition."""
        of = sa.select(Declaration.forum_id).join(BlockRecord, BlockRecord.declaration_id == Declaration.id)
        return set(self.db.scalars(of.where(BlockRecord.id.in_(map(UUID, blocks))))) if blocks else set()

    def get(self, parent_id: UUID) -> ForumParent:
        """One of them; raises `NotFound`."""
        return existing(self.db.get(ForumParent, parent_id), "forum", parent_id)

    def add(self, forum: Forum, slug: str, kind: ParentKind, *, actor: Actor) -> ForumParent:
        """Say that a forum on this server came before. Raises `NotFound`, and `Invalid` where it may not."""
        ensure_may_import_notes(actor, forum)
        other = existing(self.db.scalar(sa.select(Forum).where(Forum.slug == slug)), "forum", slug)
        if other not in self.addable(forum):
            raise Invalid(field="forum", reason="listed_as_earlier")
        return self._keep(ForumParent(forum_id=forum.id, kind=kind, parent_id=other.id, name=other.name), actor)

    def add_bundle(self, forum: Forum, data: bytes, key: str, kind: ParentKind, *, actor: Actor) -> ForumParent:
        """Read an edition of another server from its bundle, which `key`, had from elsewhere, must have signed.

        It takes the place of an earlier edition of the same text. Raises `Invalid` for a line that is no key, for a
        bundle that was altered or is not signed by it, for a text that is listed in this edition or a later one, and
        for a forum that is listed as one on this server; `BadBundle` for what is none.
        """
        ensure_may_import_notes(actor, forum)
        try:
            trusted = PublicKey.read(key)
        except BadNote:
            raise Invalid(field="key", reason="not_a_key") from None
        report = verify_bundle(data, TrustAnchors(keys=(trusted,)))
        if report.exit_code:
            raise Invalid(field="bundle", reason="not_verified")
        files = unpack(data)
        try:
            read = msgspec.json.decode(files["declaration.json"], type=_EditionIn)
            paragraphs = msgspec.to_builtins(list(_bundled(read, files)), str_keys=True)
        except (KeyError, ValueError) as error:  # signed, but not by a program like this one
            raise Invalid(field="bundle", reason="not_verified") from error
        blocks = {each["block_id"] for each in paragraphs}
        known = [each for each in self.listed(forum) if any(row["block_id"] in blocks for row in each.paragraphs or ())]
        is_listed = any(each.edition >= read.edition for each in known)
        if is_listed or self._related(forum) & self._on_server(blocks):
            raise Invalid(field="bundle", reason="listed_as_earlier")
        made = known[0] if known else ForumParent(forum_id=forum.id)
        made.kind, made.name, made.title = kind, Trilingual.of(read.forum), Trilingual.of(read.declaration)
        made.edition, made.manifest_sha256, made.key = read.edition, report.manifest, trusted.line
        made.paragraphs, made.content = paragraphs, data
        return self._keep(made, actor)

    def remove(self, parent: ForumParent, *, actor: Actor) -> None:
        """Say that it did not come before; raises `Invalid` where something was taken from it."""
        ensure_may_import_notes(actor, parent.forum)
        if self.taken(parent):
            raise Invalid(field="parent", reason="is_a_source")
        self.db.delete(parent)
        self._record("parent.removed", parent, actor)

    def paragraphs(self, parent: ForumParent) -> list[EarlierParagraph]:
        """What it published, as any visitor may read it there: of each declaration the newest edition."""
        if parent.parent_id is None:
            kept = msgspec.convert(parent.paragraphs, list[EarlierParagraph], strict=False)
            return [msgspec.structs.replace(each, title=parent.title, edition=parent.edition) for each in kept]
        other = self.db.get(Forum, parent.parent_id)
        texts = published_texts(self.db, other, actor=NOBODY) if other else []
        return [paragraph for text in texts for paragraph in _published(self.db, text)]

    def taken(self, parent: ForumParent) -> frozenset[UUID]:
        """The paragraphs and recommendations of it that are in the register here."""
        rows = sa.select(Recommendation.taken_from).where(
            Recommendation.forum_id == parent.forum_id, Recommendation.taken_from.is_not(None)
        )
        known = [msgspec.convert(row, Taken) for row in self.db.scalars(rows)]
        own = [taken.recommendation_id or taken.block_id for taken in known if taken.parent_id == parent.id]
        return frozenset(id_ for id_ in own if id_)

    def take(
        self,
        parent: ForumParent,
        paragraphs: Collection[UUID],
        recommendations: Collection[UUID],
        *,
        language: str,
        actor: Actor,
    ) -> list[Recommendation]:
        """Put these of its paragraphs and recommendations into the register here, each once, with where they stand.

        Raises `Invalid` where nothing is chosen.
        """
        found = []
        for each in self.paragraphs(parent):
            cited = {tongue.value: _citation(parent, each, tongue.value) for tongue in Language}
            citation, taken = cited[language], Taken(parent.id, each.edition_id, each.block_id, cited=cited)
            if each.block_id in paragraphs:
                own = each.language(language)
                found.append((VerbatimStatement(plain(each.texts[own]), own.value), citation, taken))
            for said in each.recommendations:
                if said.id in recommendations:
                    of_it = msgspec.structs.replace(taken, recommendation_id=said.id)
                    found.append((VerbatimStatement(said.text, said.language), citation, of_it))
        if not found:
            raise Invalid(field="paragraphs", reason="nothing_chosen")
        return RecommendationService(self.db).take_over(parent.forum, found, actor=actor)

    def source(self, recommendation: Recommendation) -> tuple[ForumParent, EarlierParagraph | None]:
        """Where a recommendation stands in the forum before; no paragraph where it is no longer public there.

        Raises `NotFound` for one that comes from no earlier forum.
        """
        if recommendation.taken_from is None:
            raise NotFound(what="source", id=str(recommendation.number))
        taken = msgspec.convert(recommendation.taken_from, Taken)
        parent = self.get(taken.parent_id)
        wanted = taken.block_id
        return parent, next((each for each in self.paragraphs(parent) if each.block_id == wanted), None)

    def _keep(self, parent: ForumParent, actor: Actor) -> ForumParent:
        parent.made_by_id, parent.made_at = actor.person_id, clock.now()
        self.db.add(parent)
        self.db.flush()
        self._record("parent.added", parent, actor)
        return parent

    def _record(self, kind: str, parent: ForumParent, actor: Actor) -> None:
        self.db.flush()
        about, manifest = parent.forum_id, parent.manifest_sha256
        log.record(self.db, kind, actor=actor, forum_id=about, parent=str(parent.id), manifest=manifest)


def may_take(actor: Actor, forum: Forum) -> bool:
    """Whether they put sources into the register."""
    return may_settle_all(actor, forum)


class _Wording(Struct):
    printed: str = ""


class _ParagraphIn(Struct):
    id: UUID
    kind: BlockKind
    number: str
    texts: dict[Language, _Wording]


class _EditionIn(Struct):
    forum: dict[str, str]
    declaration: dict[str, str]
    edition: int
    paragraphs: list[_ParagraphIn]


def _bundled(read: _EditionIn, files: Mapping[str, bytes]) -> Iterator[EarlierParagraph]:
    said = _bundled_recommendations(msgspec.json.decode(files[DECISIONS], type=BundledDecisions))
    for row in read.paragraphs:
        texts = {language: cell.printed for language, cell in row.texts.items() if cell.printed}
        if row.kind in _SOURCES and texts:
            own = said.get(row.id, [])
            yield EarlierParagraph(row.id, row.number, texts, Trilingual(), read.edition, own)


def _bundled_recommendations(decisions: BundledDecisions) -> Mapping[UUID, list[EarlierRecommendation]]:
    """By paragraph, the recommendations it came from, as far as the open history of the edition holds both."""
    rows = {name: [json.loads(row) for row in of] for name, of in decisions.rows.items()}
    known = {row["id"]: row for row in rows.get("recommendation", ())}
    found: dict[UUID, list[EarlierRecommendation]] = {}
    for link in rows.get("provenance", ()):
        row = known.get(link["recommendation_id"])
        if row is not None and link["kind"] != ProvenanceKind.DECLINED:
            said = msgspec.convert(row, EarlierRecommendation, strict=False)
            found.setdefault(UUID(link["block_id"]), []).append(said)
    return found


def _published(db: Db, text: PublishedText) -> Iterator[EarlierParagraph]:
    declaration, numbers = text.declaration, queries.numbers_of(text.rows)
    is_traced = may_do(NOBODY, "provenance.read", declaration)
    links = queries.sources(db, declaration) if is_traced else {}
    for row in text.rows:
        if row.kind in _SOURCES and row.texts:
            said = [link.recommendation for link in links.get(row.block_id, ())]
            yield EarlierParagraph(
                row.block_id,
                numbers.get(row.id, ""),
                {each: resolve(version.content, numbers, each) for each, version in row.texts.items()},
                declaration.name,
                text.edition.number,
                [
                    EarlierRecommendation(each.id, each.number, each.text, each.language, each.origin)
                    for each in said
                    if may_read_recommendation(NOBODY, declaration.forum, each)
                ],
                text.edition.id,
                declaration.slug,
            )


def _citation(parent: ForumParent, paragraph: EarlierParagraph, language: str) -> str:
    """The title of the text and the number of the paragraph."""
    title = paragraph.title.said_in(language) or parent.name.said_in(language)
    return f"{title}, {paragraph.number}" if paragraph.number else title
