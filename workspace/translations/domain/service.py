"""Bringing the languages of a declaration up to date with each other."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from types import MappingProxyType
from uuid import UUID

import sqlalchemy as sa
from msgspec import Struct
from msgspec.structs import replace
from sqlalchemy.orm import joinedload

from drafts.languages.staleness import ChangeClass, EdgeKind, State, state
from drafts.text.blocks import Language, canonical, folded_hash
from workspace.amendments.domain.models import Amendment, Decision, DecisionOutcome, Verdict
from workspace.amendments.domain.queries import select_changing
from workspace.amendments.service import AmendmentService
from workspace.core.actor import Actor
from workspace.core.errors import Invalid, NotFound, Stale, existing
from workspace.core.storage.db import Db
from workspace.core.validation import needed_reason
from workspace.declarations.domain import queries
from workspace.declarations.domain.models import Declaration, Edge, Head, Revision, RevisionBlock, TextVersion
from workspace.declarations.domain.queries import BlockRow, TextValue
from workspace.declarations.domain.revisions import TextWriter
from workspace.declarations.domain.service import ServiceOnDeclarations
from workspace.people.models import Person
from workspace.terms.models import Trust
from workspace.translations.domain import policy
from workspace.translations.domain.memories import MemoryRecorder
from workspace.translations.domain.queries import BlockStanding, edges_of, history_of, record, standing, standings


class TranslationService(ServiceOnDeclarations):
    """What is missing, current, stale or unverified; and the verbs that mend it."""

    def standings(self, declaration: Declaration) -> Sequence[BlockStanding]:
        """Every block of the text in force with the state of its three languages, derived from what was made of what.

        A fixed number of queries, whatever the size of the declaration.
        """
        return standings(self.db, declaration)

    def standing(self, declaration: Declaration, block_id: UUID) -> BlockStanding:
        """One block; raises `NotFound` for one that is not in the text in force."""
        return standing(self.db, declaration, self._row(declaration, block_id))

    def last_agreed(self, declaration: Declaration, row: BlockRow, language: Language) -> TextValue | None:
        """The latest version of the original that the text in force in `language` agrees with; None if there is none.

        What has changed since then is what its translator has to look at.
        """
        texts = history_of(self.db, declaration, row)
        for version in sorted(texts.versions, key=lambda version: -version.sequence):
            if version.language is not row.original_language:
                continue
            heads = {**texts.heads, row.original_language: version.id}
            if state(replace(texts, heads=heads, carried=frozenset()), language) is State.CURRENT:
                return queries.text_of(self.db, UUID(version.id))
        return None

    def version(self, row: BlockRow, language: Language, version_id: UUID) -> TextValue:
        """A version of this block in this language, in force or not; raises `NotFound` for any other."""
        version = queries.text_of(self.db, version_id)
        if version is None or (version.block_id, version.language) != (row.block_id, language):
            raise NotFound(what="text", id=str(version_id))
        return version

    def decisions_since(self, row: BlockRow, version: TextValue) -> list[Decision]:
        """The decisions that gave this block other words after `version`, oldest first, with their amendments."""
        pinned = {Language.ES: RevisionBlock.es_id, Language.EN: RevisionBlock.en_id, Language.FR: RevisionBlock.fr_id}
        later = (
            sa.select(sa.func.min(Revision.number))
            .join(RevisionBlock, RevisionBlock.revision_id == Revision.id)
            .join(TextVersion, TextVersion.id == pinned[version.language])
            .where(
                Revision.declaration_id == version.declaration_id,
                RevisionBlock.block_id == row.block_id,
                TextVersion.sequence > version.sequence,
            )
            .group_by(TextVersion.id)
        )
        statement = (
            sa.select(Decision)
            .join(Decision.revision)
            .where(
                Revision.declaration_id == version.declaration_id,
                Revision.number.in_(later),
                ~Decision.undone_by.has(),
                sa.or_(Decision.amendment_id.is_(None), Decision.amendment_id.in_(select_changing(row.block_id))),
            )
            .options(
                joinedload(Decision.amendment).joinedload(Amendment.proposer),
                joinedload(Decision.amendment).joinedload(Amendment.organisation),
            )
            .order_by(Decision.number)
        )
        return list(self.db.scalars(statement))

    def save(
        self,
        declaration_id: UUID,
        block_id: UUID,
        language: Language,
        text: str,
        *,
        sources: Sequence[Language],
        expected: UUID | None,
        actor: Actor,
        shown: Mapping[Language, UUID] = MappingProxyType({}),
    ) -> TextValue:
        """Put a translation of one paragraph in force; makes no revision.

        `expected` is the text version it replaces (None for the first): `Stale` if
        another is in force by now, and nobody's words are overwritten. The new text
        rests on the versions in force of `sources`, the languages the translator was
        shown and no others; on the original where none is named. `shown` names the very
        versions where they may have moved since: a text made from an older one is stale.
        The words in force saved over again confirm them; a change of typography alone rests on what the text
        before it rested on, so that a stale text stays stale. Raises `Invalid` for the original itself, whose
        words change by decision.
        """
        declaration, row = self._open(declaration_id, block_id, language, actor=actor)
        self._ensure_head(row, language, expected)
        content = canonical(text, kind=row.kind)
        if not content:
            raise Invalid(field="text", reason="empty")
        rests_on = self._sources(row, language, sources, shown)
        head = row.texts.get(language)
        if head is not None and head.content == content:
            return self._confirmed(declaration, row, head, rests_on, actor=actor)
        if head is not None and head.folded_hash == folded_hash(content):
            rests_on = []
        writer = self.declarations.writer(declaration, actor=actor)
        version = writer.answer(block_id, language, content, kind=row.kind, sources=rests_on)
        self._record(writer, "translation.saved", version, rests_on)
        self._remember(declaration, block_id, actor=actor)
        return version

    def confirm(
        self,
        declaration_id: UUID,
        block_id: UUID,
        language: Language,
        *,
        expected: UUID | None,
        actor: Actor,
        shown: Mapping[Language, UUID] = MappingProxyType({}),
    ) -> TextValue:
        """Say that a text is still valid beside its original, without touching a word.

        The original is the one in force, or the version named in `shown`.
        """
        declaration, row = self._open(declaration_id, block_id, language, actor=actor)
        self._ensure_head(row, language, expected)
        if language not in row.texts:
            raise NotFound(what="text", id=language.value)
        rests_on = self._sources(row, language, (), shown)
        return self._confirmed(declaration, row, row.texts[language], rests_on, actor=actor)

    def _confirmed(
        self, declaration: Declaration, row: BlockRow, head: TextValue, rests_on: Sequence[TextValue], *, actor: Actor
    ) -> TextValue:
        """A text carried over a split or join becomes a version of its own; any other is only joined to its sources."""
        writer = self.declarations.writer(declaration, actor=actor)
        is_carried = standing(self.db, declaration, row).states[head.language] is State.STALE_RESTRUCTURED
        version = writer.answer(
            row.block_id, head.language, head.content, kind=row.kind, sources=rests_on, is_carried=is_carried
        )
        self._record(writer, "translation.confirmed", version, rests_on)
        return version

    def leave_out(self, declaration_id: UUID, block_id: UUID, language: Language, *, reason: str, actor: Actor) -> None:
        """Decide that a paragraph has no text in `language`. Raises `Invalid` without a reason, or over a text."""
        declaration = self._locked(declaration_id)
        policy.ensure_may_leave_out(actor, declaration)
        row = self._row(declaration, block_id)
        if language in row.texts:
            raise Invalid(field="language", reason="has_text", given=language.value)
        reason = needed_reason(reason)
        self.declarations.declare_absent(declaration, block_id, language, reason=reason, actor=actor)
        AmendmentService(self.db).record(
            declaration,
            Verdict.ABSENT,
            DecisionOutcome.APPLIED,
            reason=reason,
            block_id=block_id,
            language=language,
            actor=actor,
        )

    def _remember(self, declaration: Declaration, block_id: UUID, *, actor: Actor) -> None:
        known = self.standing(declaration, block_id)
        MemoryRecorder(self.db, declaration).keep(known, trust=Trust.SAVED, actor=actor)

    def _open(
        self, declaration_id: UUID, block_id: UUID, language: Language, *, actor: Actor
    ) -> tuple[Declaration, BlockRow]:
        declaration = self._locked(declaration_id)
        policy.ensure_may_translate(actor, declaration, language)
        row = self._row(declaration, block_id)
        if language is row.original_language and language in row.texts:
            raise Invalid(field="language", reason="original", given=language.value)
        return declaration, row

    def _locked(self, declaration_id: UUID) -> Declaration:
        return self.declarations.lock(declaration_id)

    def _row(self, declaration: Declaration, block_id: UUID) -> BlockRow:
        return existing(queries.text_in_force(self.db, declaration).by_block.get(block_id), "block", block_id)

    def _ensure_head(self, row: BlockRow, language: Language, expected: UUID | None) -> None:
        head = row.texts.get(language)
        if expected != (head.id if head else None):
            raise Stale(expected=str(expected or ""), head=str(head.id) if head else "")

    def _sources(
        self, row: BlockRow, language: Language, sources: Sequence[Language], shown: Mapping[Language, UUID]
    ) -> list[TextValue]:
        """The versions a translation rests on: those shown as source, or the original."""
        wanted = [
            source for source in Language if source in (sources or [row.original_language]) and source is not language
        ]
        return [
            self.version(row, source, shown[source]) if source in shown else row.texts[source]
            for source in wanted
            if source in row.texts
        ]

    def _record(self, writer: TextWriter, kind: str, version: TextValue, sources: Sequence[TextValue]) -> None:
        record(
            self.db,
            writer.declaration,
            kind,
            actor=writer.actor,
            block=str(version.block_id),
            language=version.language.value,
            version=str(version.id),
            sources=[{"id": str(source.id), "hash": source.content_hash} for source in sources],
            heads=[move.as_fact() for move in writer.moves],
        )


_STEPS = frozenset({EdgeKind.CLAIMED, EdgeKind.EDITORIAL})


class EditorialClaims(Struct, frozen=True):
    """Changes of one text since a version of it: those of substance, and who says so far that they are not."""

    steps: Sequence[TextValue] = ()
    claimed_by: str = ""
    may_claim: bool = False
    may_confirm: bool = False


class EditorialService(ServiceOnDeclarations):
    """The two verbs, and what stands between them."""

    def open(
        self, declaration: Declaration, row: BlockRow, language: Language, *, since: UUID | None, actor: Actor
    ) -> EditorialClaims:
        """What is still one of substance between `since` (else the text before) and the text in force."""
        steps = list(_until(self.db, row.texts.get(language), since))  # newest first
        claims = self._claims(steps)
        open_steps = [text_version for text_version in steps if (text_version.id, EdgeKind.EDITORIAL) not in claims]
        claimed = [
            claims[text_version.id, EdgeKind.CLAIMED]
            for text_version in open_steps
            if (text_version.id, EdgeKind.CLAIMED) in claims
        ]
        may = bool(open_steps) and policy.may_assign(actor, declaration, language)
        name = self.db.get_one(Person, claimed[0]).name if claimed and claimed[0] else ""
        return EditorialClaims(
            steps=open_steps,
            claimed_by=name,
            may_claim=may and len(claimed) < len(open_steps),
            may_confirm=may
            and len(claimed) == len(open_steps)
            and actor.person_id not in {*claimed, *(text_version.author_id for text_version in open_steps)},
        )

    def claim(
        self,
        declaration_id: UUID,
        block_id: UUID,
        language: Language,
        *,
        expected: UUID | None,
        since: UUID | None = None,
        actor: Actor,
    ) -> EditorialClaims:
        """Claim that the changes up to the text in force are editorial, or confirm it where somebody else has claimed.

        `expected` is the text in force; raises `Stale` if another is. Raises `Invalid` where nothing is to be claimed,
        and for whoever claimed it, or wrote it, and would confirm themselves.
        """
        declaration = self.declarations.lock(declaration_id)
        policy.ensure_may_assign(actor, declaration, language)
        row = queries.text_in_force(self.db, declaration).by_block.get(block_id)
        if row is None or language not in row.texts:
            raise NotFound(what="text", id=language.value)
        if row.texts[language].id != expected:
            raise Stale(expected=str(expected or ""), head=str(row.texts[language].id))
        found = self.open(declaration, row, language, since=since, actor=actor)
        if not found.steps:
            raise Invalid(field="text", reason="nothing_to_claim", given=language.value)
        if not (found.may_claim or found.may_confirm):
            raise Invalid(field="text", reason="second_person", given=language.value)
        kind = EdgeKind.EDITORIAL if found.may_confirm else EdgeKind.CLAIMED
        claims = self._claims(found.steps)
        writer = self.declarations.writer(declaration, actor=actor)
        marked = [text_version for text_version in found.steps if (text_version.id, kind) not in claims]
        for text_version in marked:
            if source := text_version.predecessor_id and queries.text_of(self.db, text_version.predecessor_id):
                writer.link(kind, source=source, target=text_version)
        record(
            self.db,
            declaration,
            f"text.{kind.value}",
            actor=actor,
            block=str(block_id),
            language=language.value,
            versions=[{"id": str(text_version.id), "hash": text_version.content_hash} for text_version in marked],
        )
        return self.open(declaration, row, language, since=since, actor=actor)

    def confirmable(self, declarations: Mapping[UUID, Declaration], *, actor: Actor) -> Mapping[UUID, datetime]:
        """The declarations in which somebody else says of a text in force that its meaning is unchanged, and this
        reader may confirm it; since when. One query.
        """
        other = sa.orm.aliased(Edge)
        is_of_it = other.declaration_id == Edge.declaration_id, other.target_id == Edge.target_id
        is_confirmed = sa.exists().where(*is_of_it, other.kind == EdgeKind.EDITORIAL)
        others = sa.or_(TextVersion.author_id.is_(None), TextVersion.author_id != actor.person_id)
        statement = (
            sa.select(Edge.declaration_id, TextVersion.language, Edge.made_at)
            .join(TextVersion, TextVersion.id == Edge.target_id)
            .join(Head, Head.text_version_id == Edge.target_id)
            .where(Edge.declaration_id.in_(declarations), Edge.kind == EdgeKind.CLAIMED, others)
            .where(Edge.made_by_id != actor.person_id, ~is_confirmed)
            .order_by(Edge.made_at.desc())
        )
        return {
            known: at
            for known, language, at in self.db.execute(statement)
            if policy.may_assign(actor, declarations[known], language)
        }

    def _claims(self, steps: Sequence[TextValue]) -> Mapping[tuple[UUID, EdgeKind], UUID | None]:
        """Who claimed, and who confirmed, by version."""
        ids = {text_version.id for text_version in steps}
        found = edges_of(self.db, list({text_version.block_id for text_version in steps}))
        return {
            (edge.target_id, edge.kind): edge.made_by_id
            for edge in found
            if edge.target_id in ids and edge.kind in _STEPS
        }


def _until(db: Db, head: TextValue | None, since: UUID | None) -> Iterator[TextValue]:
    seen: set[UUID] = set()
    while head is not None and head.id != since and head.id not in seen and head.predecessor_id is not None:
        seen.add(head.id)
        if head.change_class is ChangeClass.SUBSTANTIVE:
            yield head
        if since is None:
            return
        head = queries.text_of(db, head.predecessor_id)
