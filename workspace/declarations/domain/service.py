"""The versioned document store: making declarations, committing revisions, moving phases."""

from collections.abc import Iterable, Mapping, Sequence
from itertools import groupby
from operator import attrgetter
from uuid import UUID

import sqlalchemy as sa
from msgspec import Struct
from msgspec.structs import replace
from slugify import slugify
from sqlalchemy.orm import joinedload
from sqlalchemy.orm.util import identity_key

from drafts.formats.assembly import Authenticity
from drafts.languages.alignment import Doubt, RowDecision, align, settle_rows
from drafts.languages.staleness import ChangeClass, EdgeKind
from drafts.text.blocks import Block, BlockKind, Document, Language
from workspace.consultation.adopted_texts import BankService
from workspace.core import clock
from workspace.core.actor import Actor
from workspace.core.errors import Invalid, NotFound, Stale, existing
from workspace.core.events import PhaseMoved, RecommendationsSettled, RevisionMade, publish
from workspace.core.security.conditions import Case
from workspace.core.security.permissions import Phase
from workspace.core.storage import log
from workspace.core.storage.db import Db, Service, Trilingual, id_text, lock_for_writing, new_id
from workspace.declarations.domain import policy, provenance, queries, windows
from workspace.declarations.domain.models import (
    Absence,
    BlockRecord,
    Declaration,
    Lineage,
    LineageKind,
    Provenance,
    ProvenanceKind,
    Revision,
    RevisionBlock,
    RevisionCause,
)
from workspace.declarations.domain.new_blocks import (
    NewBlock,
    adopted_block,
    ensure_same_text,
    heading_block,
    new_block,
    recommended_block,
    spoken_language,
)
from workspace.declarations.domain.policy import ensure_not_sealed
from workspace.declarations.domain.queries import BlockRow
from workspace.declarations.domain.revisions import TextWriter, pin_revision
from workspace.people.models import Forum
from workspace.people.service import PeopleService
from workspace.recommendations.models import Recommendation, RecommendationStatus
from workspace.recommendations.themes import ThemeService

RESERVED = frozenset(  # words that stand beside slugs in addresses
    {"sessions", "recommendations", "declarations", "people", "guests", "settings", "break-glass", "log", "erasures"}
    | {"contributions", "calendar-address", "threads", "comments", "work", "following", "glossary", "memory", "search"}
    | {"forms"}
)


_AROUND = tuple(map(joinedload, (Declaration.forum, Declaration.head, Declaration.deadlines)))
_BY_SLUG = sa.select(Declaration).filter_by(forum_id=sa.bindparam("forum"), slug=sa.bindparam("slug")).options(*_AROUND)
_BY_ID = (
    sa.select(Declaration)
    .where(Declaration.id == sa.bindparam("id"))
    .options(*_AROUND, joinedload(Declaration.head).joinedload(Revision.made_by))
)
NOTHING_TOGETHER: Mapping[UUID, Mapping[Language, str]] = {}
NOTHING_DECIDED: Mapping[int, RowDecision] = {}


class BlockDescent(Struct, frozen=True):
    """A block came out of another (split) or went into it (join)."""

    kind: LineageKind
    block_id: UUID
    other_id: UUID


class LedText(Struct, frozen=True):
    """What a decision makes of the text in one language; `together` are words that it settles in others as well."""

    document: Document
    descents: Sequence[BlockDescent] = ()
    together: Mapping[UUID, Mapping[Language, str]] = NOTHING_TOGETHER


class DeclarationService(Service):
    """Declarations and their revisions."""

    # Finding

    def get(self, declaration_id: UUID) -> Declaration:
        """Raises `NotFound`."""
        found: Declaration | None = self.db.identity_map.get(identity_key(Declaration, declaration_id))
        found = found or self.db.scalars(_BY_ID, {"id": declaration_id}).unique().one_or_none()
        if found is None:
            raise NotFound(what="declaration", id=str(declaration_id))
        return found

    def at(self, forum: Forum, slug: str) -> Declaration:
        """The declaration at this address; raises `NotFound`."""
        return existing(
            self.db.scalars(_BY_SLUG, {"forum": forum.id, "slug": slug}).unique().one_or_none(), "declaration", slug
        )

    def addressed(self, address: str) -> Declaration:
        """The declaration at "third-forum/our-declaration"; raises `NotFound`, and `Invalid` for what is no address."""
        forum, _, slug = address.partition("/")
        if not forum or not slug or "/" in slug:
            raise Invalid(field="declaration", reason="not_an_address", given=address)
        return self.at(PeopleService(self.db).forum(forum), slug)

    def of_forum(self, forum: Forum, *, actor: Actor) -> list[Declaration]:
        """The declarations that `actor` may know of."""
        every = self.db.scalars(sa.select(Declaration).filter_by(forum_id=forum.id).order_by(Declaration.slug))
        return [declaration for declaration in every if policy.may_do(actor, "declaration.exists", declaration)]

    def revision(self, declaration: Declaration, number: int) -> Revision:
        """Raises `NotFound`."""
        if declaration.head.number == number:
            return declaration.head
        found = self.db.scalar(sa.select(Revision).filter_by(declaration_id=declaration.id, number=number))
        return existing(found, "revision", number)

    def revisions(self, declaration: Declaration) -> list[Revision]:
        """Every revision, oldest first, with who made it."""
        return list(
            self.db.scalars(
                sa.select(Revision)
                .where(Revision.declaration_id == declaration.id)
                .options(joinedload(Revision.made_by))
                .order_by(Revision.number)
            )
        )

    # Making

    def create(
        self,
        forum: Forum,
        *,
        slug: str,
        name: Trilingual,
        language: Language,
        blocks: Sequence[NewBlock],
        actor: Actor,
        authenticity: Authenticity = Authenticity.EQUAL,
        prevailing_language: Language | None = None,
    ) -> Declaration:
        """Create a declaration with its first revision.

        The texts of one block in several languages are recorded as drafted
        together. Raises `Invalid` for a slug that is taken or is not one.
        """
        policy.ensure_may_create(actor, forum)
        self._ensure_free(forum, slug)
        declaration = Declaration(
            forum=forum,
            slug=slug,
            name=name,
            original_language=language,
            authenticity=authenticity,
            prevailing_language=prevailing_language,
            phase=Phase.SETUP,
            sequence=0,
        )
        self.db.add(declaration)
        self.db.flush()
        self._begin(declaration, blocks, actor=actor)
        self._tell_forum(declaration)
        return declaration

    def import_texts(
        self,
        forum: Forum,
        *,
        slug: str,
        documents: Mapping[Language, Document],
        language: Language,
        actor: Actor,
        accept_gaps: bool = False,
        decided: Mapping[int, RowDecision] = NOTHING_DECIDED,
    ) -> Declaration:
        """Create a declaration from independently written texts of the same declaration, aligned by content.

        `decided` is what a person says of doubtful rows, by their index (`drafts.languages.alignment.doubtful`);
        the texts of the others are unverified, except that `accept_gaps` accepts what a language lacks.

        A paragraph that a language lacks becomes a gap there and shifts nothing.
        Raises `Misaligned` when too much has no counterpart to be the same text,
        unless `accept_gaps`; nothing is stored then.
        """
        rows = settle_rows(align(documents), decided)
        if not (accept_gaps or decided):
            ensure_same_text(rows, documents)
        if accept_gaps:
            rows = tuple(replace(row, doubt=None) if row.doubt is Doubt.ALONE else row for row in rows)
        blocks = [new_block(row, language) for row in rows]
        title = next((block for block in blocks if block.kind is BlockKind.TITLE), None)
        name = Trilingual.of({key.value: text for key, text in title.texts.items()} if title else {"en": slug})
        return self.create(forum, slug=slug, name=name, language=language, blocks=blocks, actor=actor)

    def draft(
        self,
        forum: Forum,
        *,
        slug: str,
        name: Trilingual,
        language: Language,
        recommendations: Sequence[Recommendation],
        actor: Actor,
        taxonomy_id: UUID | None = None,
        opening_id: UUID | None = None,
    ) -> Declaration:
        """Create a first draft out of recommendations: a part for each session, a numbered paragraph for each.

        With a list of themes, axes or sets, a part for each of its themes; what stands under none comes last, by
        session. With an adopted text, its chapeau and preamble open the draft. Every paragraph begins in the language
        it was said in and remembers what it came from. Raises `Invalid` for a recommendation that nobody has
        confirmed, `NotFound` for a list or a text that the forum does not have.
        """
        if unconfirmed := [
            recommendation.number
            for recommendation in recommendations
            if recommendation.standing is not RecommendationStatus.CONFIRMED
        ]:
            raise Invalid(field="recommendations", reason="unconfirmed", number=unconfirmed[0])
        blocks = [NewBlock(BlockKind.TITLE, {key: text for key in Language if (text := getattr(name, key.value))})]
        if opening_id is not None:
            opening = BankService(self.db).opening(forum, opening_id, actor=actor)
            blocks += [adopted_block(row, language) for row in opening]
        grouped = ThemeService(self.db).grouped(forum, recommendations, taxonomy_id, actor=actor) if taxonomy_id else []
        for theme, under in grouped:
            blocks += [heading_block(theme.name, language), *(recommended_block(row, language) for row in under)]
        placed = {row.id for _, under in grouped for row in under}
        left = (row for row in recommendations if row.id not in placed)
        for _, some in groupby(left, key=attrgetter("session_id")):
            said = list(some)
            said_in = spoken_language(said[0], language)
            heading = {said_in: said[0].origin_in(said_in) or name.said_in(said_in)}
            blocks += [NewBlock(BlockKind.HEADING, heading, 1, said_in)]
            blocks += [recommended_block(row, language) for row in said]
        return self.create(forum, slug=slug, name=name, language=language, blocks=blocks, actor=actor)

    # Changing

    def lock(self, declaration_id: UUID, *, expected_head: UUID | None = None) -> Declaration:
        """Load a declaration so that nobody else changes it meanwhile.

        Raises `NotFound`, or `Stale` when an `expected_head` is given and is not its head revision.
        """
        declaration: Declaration | None = lock_for_writing(self.db, Declaration, declaration_id, *_AROUND)
        if declaration is None:
            raise NotFound(what="declaration", id=str(declaration_id))
        if expected_head is not None and declaration.head_id != expected_head:
            raise Stale(expected=str(expected_head), head=str(declaration.head_id))
        return declaration

    def commit(
        self,
        declaration: Declaration,
        *texts: LedText,
        cause: RevisionCause,
        actor: Actor,
        note: str = "",
        decisions: Sequence[UUID] = (),
    ) -> Revision:
        """Make these the new state of the text, each in its language; the other languages keep their words.

        Where several languages were decided at once, each text has the paragraphs
        of the one before it, in their order. A block whose words changed gets that
        language as its original, because the language of a decision leads.
        `decisions` are named in the log as the cause. The caller holds the lock.
        """
        ensure_not_sealed(declaration)
        rows = queries.head_rows(self.db, declaration)
        writer = TextWriter(self.db, declaration, actor=actor)
        places = {row.id: row for row in rows}
        for text in texts:
            places = self._settle_text(writer, text, places)
        revision = pin_revision(writer, list(places.values()), cause=cause, note=note, decisions=decisions)
        for text in texts:
            for descent in text.descents:
                self._remember(writer, revision, descent, text.document.language)
        provenance.flag_moved(self.db, [row.block_id for row in rows], [row.block_id for row in places.values()])
        return self._made(revision, actor=actor)

    def freeze(self, declaration: Declaration, *, actor: Actor, note: str = "") -> Revision:
        """Pin what is in force now. Makes a revision only if a head has moved since the last one."""
        if self.is_pinned(declaration):
            return declaration.head
        writer, rows = TextWriter(self.db, declaration, actor=actor), queries.head_rows(self.db, declaration)
        return self._made(pin_revision(writer, rows, cause=RevisionCause.FREEZE, note=note), actor=actor)

    def is_pinned(self, declaration: Declaration) -> bool:
        """Whether the last revision has the very texts that are in force now."""
        rows, places = queries.head_rows(self.db, declaration), queries.places_in(self.db, declaration.head_id)
        in_force = [(row.block_id, {of: text.id for of, text in row.texts.items()}) for row in rows]
        return in_force == [(place.block_id, place.pins) for place in places]

    def writer(self, declaration: Declaration, *, actor: Actor) -> TextWriter:
        """For the translations' own verbs: save a text without a revision."""
        ensure_not_sealed(declaration)
        return TextWriter(self.db, declaration, actor=actor)

    def declare_absent(
        self, declaration: Declaration, block_id: UUID, language: Language, *, reason: str, actor: Actor
    ) -> None:
        """Note that a block has no text in `language` on purpose. The decision itself is the caller's to record."""
        ensure_not_sealed(declaration)
        self.db.merge(
            Absence(
                block_id=block_id,
                language=language,
                declaration_id=declaration.id,
                reason=reason,
                decided_by_id=actor.person_id,
                decided_at=clock.now(),
            )
        )

    def link(
        self,
        declaration: Declaration,
        block_id: UUID,
        recommendation: Recommendation,
        *,
        actor: Actor,
        kind: ProvenanceKind = ProvenanceKind.TAKEN_UP,
        note: str = "",
    ) -> None:
        """Say that a paragraph comes from a recommendation. Saying it again changes kind and note.

        Raises `NotFound` for a block that is not in the text, and for a recommendation of another forum.
        """
        declaration = self.lock(declaration.id)
        rapporteurs = frozenset({recommendation.rapporteur_id})
        policy.ensure_may(actor, "provenance.link", declaration, Case(rapporteurs=rapporteurs))
        if self.db.get(RevisionBlock, (declaration.head_id, block_id)) is None:
            raise NotFound(what="block", id=str(block_id))
        if recommendation.forum_id != declaration.forum_id:
            raise NotFound(what="recommendation", id=str(recommendation.id))
        known = self.db.scalar(sa.select(Provenance).filter_by(block_id=block_id, recommendation_id=recommendation.id))
        was = known and known.kind
        if known is None:
            provenance.link(self.db, declaration, block_id, recommendation.id, actor=actor, kind=kind, note=note)
        else:
            known.kind, known.note, known.wants_look = kind, note, False
        log.record_in(
            self.db,
            "provenance.linked",
            declaration,
            actor=actor,
            block=str(block_id),
            recommendation=str(recommendation.id),
            kind_of_link=kind.value,
        )
        if kind is not ProvenanceKind.DECLINED and (known is None or was is ProvenanceKind.DECLINED):
            publish(self.db, RecommendationsSettled(declaration.forum_id, {recommendation.id: "placed"}, actor))

    def enter(
        self, declaration: Declaration, phase: Phase, *, actor: Actor, reason: str = "", by_itself: bool = False
    ) -> None:
        """Set the phase, and note in the calendar what that opens and closes.

        Publishing does so by itself; everyone else goes through `PhaseService`. Opening a
        consultation or the adoption freezes a revision.
        """
        ensure_not_sealed(declaration)
        if phase in {Phase.CONSULTATION, Phase.ADOPTION}:
            self.freeze(declaration, actor=actor, note=phase.name.lower())
        before, declaration.phase = declaration.phase, phase
        windows.note_move(declaration, before, clock.now())
        self._tell_forum(declaration)
        log.record_in(
            self.db,
            "phase.moved",
            declaration,
            actor=actor,
            before=before.name.lower(),
            phase=phase.name.lower(),
            reason=reason,
            by_itself=by_itself,
        )
        publish(self.db, PhaseMoved(declaration.id, before.value, phase.value, reason, actor))

    # How a revision comes about

    def _begin(self, declaration: Declaration, blocks: Sequence[NewBlock], *, actor: Actor) -> None:
        writer = TextWriter(self.db, declaration, actor=actor)
        ids = [new_id() for _ in blocks]
        self._record_blocks(declaration, ids)
        places = []
        for block_id, block in zip(ids, blocks, strict=True):
            original = _original(block, declaration.original_language)
            places.append(BlockRow(block_id, block.kind, block.level, original, {}))
            self._write_together(writer, block_id, block)
            for recommendation_id in block.recommendations:
                provenance.link(self.db, declaration, block_id, recommendation_id, actor=actor)
        self._made(pin_revision(writer, places, cause=RevisionCause.IMPORT, note=""), actor=actor)

    def _made(self, revision: Revision, *, actor: Actor) -> Revision:
        """Tell everyone who follows the text, in the same unit of work."""
        publish(self.db, RevisionMade(revision.declaration_id, revision.id, revision.number, actor))
        return revision

    def _write_together(self, writer: TextWriter, block_id: UUID, block: NewBlock) -> None:
        written = [
            writer.write(block_id, language, block.texts[language], kind=block.kind)
            for language in Language
            if block.texts.get(language)
        ]
        for place, source in enumerate(() if block.is_doubtful else written):
            for target in written[place + 1 :]:
                writer.link(EdgeKind.CO_DRAFTED, source=source, target=target)

    def _record_blocks(self, declaration: Declaration, ids: Iterable[UUID]) -> None:
        self.db.add_all(
            BlockRecord(id=block_id, declaration_id=declaration.id)
            for block_id in ids
            if self.db.get(BlockRecord, block_id) is None
        )
        self.db.flush()

    def _settle_text(self, writer: TextWriter, text: LedText, known: Mapping[str, BlockRow]) -> dict[str, BlockRow]:
        """Write what was decided in one language; where every paragraph stands then."""
        language = text.document.language
        new = [UUID(block.id) for block in text.document if block.id not in known]
        writer.know(new)
        self._record_blocks(writer.declaration, new)
        for descent in text.descents:
            self._descend(writer, descent, known, language)
        places = {block.id: self._settle(writer, block, known.get(block.id), language) for block in text.document}
        for block_id, texts in text.together.items():
            self._settle_together(writer, known[id_text(block_id)], texts, language)
        return places

    def _settle(self, writer: TextWriter, block: Block, was: BlockRow | None, language: Language) -> BlockRow:
        """Write the block's words where they changed, and say which language its original is from now on."""
        place = was or BlockRow(UUID(block.id), block.kind, block.level, language, {})
        if (place.kind, place.level) != (block.kind, block.level):
            place = replace(place, kind=block.kind, level=block.level)
        before = writer.texts(place.block_id).get(language)
        if block.text and (before is None or before.content != block.text):
            after = writer.write(place.block_id, language, block.text, kind=place.kind)
            if after.change_class is not ChangeClass.TYPOGRAPHIC:
                return replace(place, original_language=language)
        return place

    def _settle_together(
        self, writer: TextWriter, row: BlockRow, texts: Mapping[Language, str], leading: Language
    ) -> None:
        """Words of other languages that were decided with those of the leading one answer them from the start."""
        sources = [writer.texts(row.block_id)[leading]]
        for language, text in texts.items():
            writer.answer(row.block_id, language, text, kind=row.kind, sources=sources, edge=EdgeKind.CO_DRAFTED)

    def _descend(
        self, writer: TextWriter, descent: BlockDescent, known: Mapping[str, BlockRow], language: Language
    ) -> None:
        """Put the other languages' texts of joined blocks together, in order, with one space; nothing is discarded."""
        if descent.kind is LineageKind.SPLIT:
            return
        kind = known[id_text(descent.block_id)].kind
        for other in Language:
            moved = writer.texts(descent.other_id).get(other)
            if moved and other is not language:
                kept = writer.texts(descent.block_id).get(other)
                text = f"{kept.content} {moved.content}" if kept else moved.content
                writer.write(descent.block_id, other, text, kind=kind)

    def _remember(self, writer: TextWriter, revision: Revision, descent: BlockDescent, language: Language) -> None:
        declaration = writer.declaration
        self.db.add(
            Lineage(
                declaration_id=declaration.id,
                revision_id=revision.id,
                kind=descent.kind,
                block_id=descent.block_id,
                other_id=descent.other_id,
                language=language,
                sequence=writer.next_sequence(),
            )
        )
        ends = descent.block_id, descent.other_id
        giver, taker = ends if descent.kind is LineageKind.SPLIT else reversed(ends)
        provenance.inherit(self.db, declaration, giver=giver, taker=taker, actor=writer.actor)

    def _tell_forum(self, declaration: Declaration) -> None:
        phases = self.db.scalars(sa.select(Declaration.phase).where(Declaration.forum_id == declaration.forum_id))
        PeopleService(self.db).follow_phases(declaration.forum, phases.all())

    def _ensure_free(self, forum: Forum, slug: str) -> None:
        if not slug or slugify(slug) != slug:
            raise Invalid(field="slug", reason="not_a_slug", given=slug)
        taken = sa.select(Declaration.id).where(Declaration.forum_id == forum.id, Declaration.slug == slug)
        if slug in RESERVED or self.db.scalar(taken):
            raise Invalid(field="slug", reason="taken", given=slug)


def _original(block: NewBlock, otherwise: Language) -> Language:
    if block.original_language is not None:
        return block.original_language
    return otherwise if block.texts.get(otherwise) else next(iter(block.texts))


class ServiceOnDeclarations(Service):
    """What services of one unit of work have that change or read declarations."""

    def __init__(self, db: Db) -> None:
        super().__init__(db)
        self.declarations = DeclarationService(db)
