"""Bringing the languages of a declaration up to date with each other."""

from collections.abc import Mapping, Sequence
from types import MappingProxyType
from uuid import UUID

import sqlalchemy as sa
from msgspec.structs import replace
from sqlalchemy.orm import joinedload

from drafts.blocks import Language, canonical
from drafts.staleness import EdgeKind, State, state
from workspace.amendments.models import Amendment, AmendmentVersion, ChangeRecord, Decision, Outcome, Verdict
from workspace.amendments.service import AmendmentService
from workspace.core import log
from workspace.core.actor import Actor
from workspace.core.db import Db
from workspace.core.errors import Invalid, NotFound, Stale
from workspace.core.readings import read_once
from workspace.declarations import queries
from workspace.declarations.heads import TextWriter
from workspace.declarations.models import Declaration, Revision, RevisionBlock, TextVersion
from workspace.declarations.queries import BlockRow
from workspace.declarations.service import DeclarationService
from workspace.terms.models import Trust
from workspace.translations import policy
from workspace.translations.memories import Recollection
from workspace.translations.queries import history_of, standing, standings
from workspace.translations.standings import Standing


class TranslationService:
    """What is missing, current, stale or unverified; and the verbs that mend it."""

    def __init__(self, db: Db) -> None:
        self.db = db
        self.declarations = DeclarationService(db)

    def standings(self, declaration: Declaration) -> Sequence[Standing]:
        """Every block of the text in force with the state of its three languages, derived from what was made of what.

        A fixed number of queries, whatever the size of the declaration.
        """
        return standings(self.db, declaration)

    def standing(self, declaration: Declaration, block_id: UUID) -> Standing:
        """One block; raises `NotFound` for one that is not in the text in force."""
        return standing(self.db, declaration, self._row(declaration, block_id))

    def last_agreed(self, declaration: Declaration, row: BlockRow, language: Language) -> TextVersion | None:
        """The latest version of the original that the text in force in `language` agrees with; None if there is none.

        What has changed since then is what its translator has to look at.
        """
        texts = history_of(self.db, declaration, row)
        for version in sorted(texts.versions, key=lambda version: -version.sequence):
            if version.language is not row.original_language:
                continue
            heads = {**texts.heads, row.original_language: version.id}
            if state(replace(texts, heads=heads, carried=frozenset()), language) is State.CURRENT:
                return self._earlier(UUID(version.id))
        return None

    def _earlier(self, version_id: UUID) -> TextVersion | None:
        return read_once(self.db, (TextVersion, version_id), (), lambda: self.db.get(TextVersion, version_id))

    def version(self, row: BlockRow, language: Language, version_id: UUID) -> TextVersion:
        """A version of this block in this language, in force or not; raises `NotFound` for any other."""
        version = self.db.get(TextVersion, version_id)
        if version is None or (version.block_id, version.language) != (row.block_id, language):
            raise NotFound(what="text", id=str(version_id))
        return version

    def decisions_since(self, row: BlockRow, version: TextVersion) -> list[Decision]:
        """The decisions that gave this block other words after `version`, oldest first, with their amendments."""
        pinned = {Language.ES: RevisionBlock.es_id, Language.EN: RevisionBlock.en_id, Language.FR: RevisionBlock.fr_id}
        later = (
            sa.select(sa.func.min(Revision.number))
            .join(RevisionBlock, RevisionBlock.revision_id == Revision.id)
            .join(TextVersion, TextVersion.id == pinned[version.language])
            .where(RevisionBlock.block_id == row.block_id, TextVersion.sequence > version.sequence)
            .group_by(TextVersion.id)
        )
        touching = (
            sa.select(AmendmentVersion.amendment_id)
            .join(ChangeRecord, ChangeRecord.version_id == AmendmentVersion.id)
            .where(ChangeRecord.block_id == row.block_id)
        )
        statement = (
            sa.select(Decision)
            .join(Decision.revision)
            .where(
                Revision.declaration_id == version.declaration_id,
                Revision.number.in_(later),
                sa.or_(Decision.amendment_id.is_(None), Decision.amendment_id.in_(touching)),
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
    ) -> TextVersion:
        """Put a translation of one paragraph in force; makes no revision.

        `expected` is the text version it replaces (None for the first): `Stale` if
        another is in force by now, and nobody's words are overwritten. The new text
        rests on the versions in force of `sources`, the languages the translator was
        shown and no others; on the original where none is named. `shown` names the very
        versions where they may have moved since: a text made from an older one is stale.
        Raises `Invalid` for the original itself, whose words change by decision.
        """
        declaration, row = self._open(declaration_id, block_id, language, actor=actor)
        self._ensure_head(row, language, expected)
        content = canonical(text, kind=row.kind)
        if not content:
            raise Invalid(field="text", reason="empty")
        writer = self.declarations.writer(declaration, actor=actor)
        rests_on = self._sources(row, language, sources, shown)
        version = writer.write(block_id, language, content, kind=row.kind)
        for source in rests_on:
            writer.link(EdgeKind.TRANSLATED, source=source, target=version)
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
    ) -> TextVersion:
        """Say that a text is still valid beside its original, without touching a word.

        The original is the one in force, or the version named in `shown`. A text that
        a split or join carried over is saved again as it stands, since it has become a
        text of its own.
        """
        declaration, row = self._open(declaration_id, block_id, language, actor=actor)
        self._ensure_head(row, language, expected)
        if language not in row.texts:
            raise NotFound(what="text", id=language.value)
        if standing(self.db, declaration, row).states[language] is State.STALE_RESTRUCTURED:
            return self.save(
                declaration_id,
                block_id,
                language,
                row.content(language),
                sources=[row.original_language],
                expected=expected,
                actor=actor,
                shown=shown,
            )
        writer = self.declarations.writer(declaration, actor=actor)
        version, rests_on = row.texts[language], self._sources(row, language, (), shown)
        for source in rests_on:
            writer.link(EdgeKind.CONFIRMED, source=source, target=version)
        self._record(writer, "translation.confirmed", version, rests_on)
        return version

    def leave_out(self, declaration_id: UUID, block_id: UUID, language: Language, *, reason: str, actor: Actor) -> None:
        """Decide that a paragraph has no text in `language`. Raises `Invalid` without a reason, or over a text."""
        declaration = self._locked(declaration_id)
        policy.ensure_may_leave_out(actor, declaration)
        row = self._row(declaration, block_id)
        if language in row.texts:
            raise Invalid(field="language", reason="has_text", given=language.value)
        if not reason.strip():
            raise Invalid(field="reason", reason="empty")
        self.declarations.declare_absent(declaration, block_id, language, reason=reason.strip(), actor=actor)
        AmendmentService(self.db).record(
            declaration,
            Verdict.ABSENT,
            Outcome.APPLIED,
            reason=reason.strip(),
            block_id=block_id,
            language=language,
            actor=actor,
        )

    def _remember(self, declaration: Declaration, block_id: UUID, *, actor: Actor) -> None:
        known = self.standing(declaration, block_id)
        Recollection(self.db, declaration).keep(known, trust=Trust.SAVED, actor=actor)

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
        row = queries.text_in_force(self.db, declaration).by_block.get(block_id)
        if row is None:
            raise NotFound(what="block", id=str(block_id))
        return row

    def _ensure_head(self, row: BlockRow, language: Language, expected: UUID | None) -> None:
        head = row.texts.get(language)
        if expected != (head.id if head else None):
            raise Stale(expected=str(expected or ""), head=str(head.id) if head else "")

    def _sources(
        self, row: BlockRow, language: Language, sources: Sequence[Language], shown: Mapping[Language, UUID]
    ) -> list[TextVersion]:
        """The versions a translation rests on: those shown as source, or the original."""
        wanted = [
            source for source in Language if source in (sources or [row.original_language]) and source is not language
        ]
        return [
            self.version(row, source, shown[source]) if source in shown else row.texts[source]
            for source in wanted
            if source in row.texts
        ]

    def _record(self, writer: TextWriter, kind: str, version: TextVersion, sources: Sequence[TextVersion]) -> None:
        self.db.flush()
        log.record(
            self.db,
            kind,
            actor=writer.actor,
            forum_id=writer.declaration.forum_id,
            declaration_id=writer.declaration.id,
            block=str(version.block_id),
            language=version.language.value,
            version=str(version.id),
            sources=[{"id": str(source.id), "hash": source.content_hash} for source in sources],
            heads=[move.as_fact() for move in writer.moves],
        )
