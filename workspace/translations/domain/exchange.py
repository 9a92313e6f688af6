"""Sending texts to translators' own tools, and taking them back without overwriting anybody."""

from collections import Counter
from collections.abc import Callable, Mapping
from enum import StrEnum
from uuid import UUID

from msgspec import Struct

from drafts.formats import xliff
from drafts.formats.xliff import (
    RestoredText,
    ReturnedUnit,
    ReturnedXliff,
    UnitProgress,
    XliffDocument,
    XliffUnit,
    restore_codes,
)
from drafts.languages.staleness import State
from drafts.text.blocks import BlockKind, Language, canonical, folded_hash
from workspace.core.actor import Actor
from workspace.core.detection import ensure_unlocked
from workspace.core.errors import BadFile, Invalid
from workspace.core.storage.db import Db
from workspace.declarations.domain.models import Declaration
from workspace.declarations.domain.queries import BlockRow, TextValue, text_of
from workspace.declarations.domain.revisions import TextWriter
from workspace.declarations.domain.service import DeclarationService, ServiceOnDeclarations
from workspace.terms.models import Trust
from workspace.translations.domain import policy
from workspace.translations.domain.memories import MemoryRecorder
from workspace.translations.domain.models import ReviewVerdict
from workspace.translations.domain.queries import BlockStanding, record
from workspace.translations.domain.service import TranslationService
from workspace.translations.domain.suggestions import SuggestionService
from workspace.translations.domain.work import ReviewService

_FIXED = frozenset({BlockKind.RULE, BlockKind.CODE})
Tell = Callable[[State, str, State], tuple[str, ...]]
"""Notes on a state, on the original that the translation agreed with, and on the state of the source."""
LONGEST_TEXT = 20_000  # characters
_OFTEN, _SPARE = 5, 200  # so many times the source's length, and so many characters more, and nobody believes it


class UnitFate(StrEnum):
    """What became of a unit that came back."""

    SAVED = "saved"
    CONFIRMED = "confirmed"  # its words are as they were, and a tool says that it is done
    SUGGESTED = "suggested"  # it does not fit what was sent, or one side has moved on: it waits on the bench
    SAME = "same"
    EMPTY = "empty"  # it came back without a translation
    UNKNOWN = "unknown"  # no such paragraph in the text in force
    ORIGINAL = "original"  # the file would change an original
    CODES = "codes"  # it has marks that the source does not have
    TWICE = "twice"  # the file holds the paragraph more than once
    LONG = "long"  # no paragraph is as long as that


class UnitOutcome(Struct, frozen=True):
    """One unit: the block it names, where it stands in the file, and what became of it. `lost` marks were left out."""

    block: str
    line: int
    fate: UnitFate
    lost: int = 0


class ExchangeService(ServiceOnDeclarations):
    """XLIFF out and in."""

    def __init__(self, db: Db) -> None:
        super().__init__(db)
        self.translations = TranslationService(db)

    def sent(
        self,
        declaration: Declaration,
        source: Language,
        target: Language,
        *,
        tell: Tell,
        names: Mapping[UUID, str],
        actor: Actor,
    ) -> XliffDocument:
        """Everything that is to be translated from `source` into `target`; what is settled goes along as context."""
        policy.ensure_may_translate(actor, declaration, target)
        if source is target:
            raise Invalid(field="source", reason="same_language", given=source.value)
        standings = self.translations.standings(declaration)
        said = ReviewService(self.db).reviews(declaration, [paragraph.row for paragraph in standings])
        approved = {key for key, review in said.items() if review.verdict is ReviewVerdict.APPROVED}
        return XliffDocument(
            declaration=str(declaration.id),
            name=f"{declaration.forum.slug}/{declaration.slug}",
            revision=declaration.head.number,
            source=source,
            target=target,
            units=tuple(
                self._unit(
                    declaration,
                    paragraph,
                    (source, target),
                    names,
                    tell,
                    is_approved=(paragraph.row.block_id, target) in approved,
                )
                for paragraph in standings
                if paragraph.row.kind not in _FIXED
                and source in paragraph.row.texts
                and paragraph.row.original_language is not target
            ),
        )

    def take_in(self, declaration_id: UUID, data: bytes, *, name: str, actor: Actor) -> list[UnitOutcome]:
        """Take a file back: what stands as it was sent out is saved, the rest waits as suggestions; one unit of work.

        Raises `BadExchange` for what is no such file, `BadFile` for the file of another declaration, or a locked one.
        """
        ensure_unlocked(data, source=name)
        returned = xliff.read(data)
        return self._taken(declaration_id, returned, {}, name=name, actor=actor)

    def take_words(
        self, declaration_id: UUID, returned: ReturnedXliff, words: Mapping[str, str], *, name: str, actor: Actor
    ) -> list[UnitOutcome]:
        """The same for a file without codes: `words` are the translations by block, in our own Markdown."""
        return self._taken(declaration_id, returned, words, name=name, actor=actor)

    def _taken(
        self, declaration_id: UUID, returned: ReturnedXliff, words: Mapping[str, str], *, name: str, actor: Actor
    ) -> list[UnitOutcome]:
        declaration = self.declarations.lock(declaration_id)
        policy.ensure_may_translate(actor, declaration, returned.target)
        if returned.declaration not in {str(declaration.id), ""}:
            raise BadFile(source=name, reason="another_declaration")
        standings = {paragraph.row.id: paragraph for paragraph in self.translations.standings(declaration)}
        arrival = _Import(self.db, declaration, returned, name=name, actor=actor)
        outcomes = [arrival.take(unit, standings.get(unit.block), words.get(unit.block)) for unit in returned.units]
        arrival.record()
        return outcomes

    def _unit(
        self,
        declaration: Declaration,
        paragraph: BlockStanding,
        pair: tuple[Language, Language],
        names: Mapping[UUID, str],
        tell: Tell,
        *,
        is_approved: bool,
    ) -> XliffUnit:
        row, (source, target) = paragraph.row, pair
        state, text = paragraph.states[target], row.texts.get(target)
        before = self.translations.last_agreed(declaration, row, target) if state.is_stale else None
        progress = UnitProgress.REVIEWED if is_approved else UnitProgress.TRANSLATED
        return XliffUnit(
            block=row.id,
            name=names.get(row.block_id, ""),
            source=row.content(source),
            target=text.content if text else "",
            source_version=str(row.texts[source].id),
            target_version=str(text.id) if text else "",
            progress=UnitProgress.INITIAL if state.stops_publication else progress,
            notes=tell(
                state, before.content if before and source is row.original_language else "", paragraph.states[source]
            ),
        )


class _Import:
    """One file being taken in."""

    def __init__(self, db: Db, declaration: Declaration, returned: ReturnedXliff, *, name: str, actor: Actor) -> None:
        self.db = db
        self.declaration = declaration
        self.source, self.target = returned.source, returned.target
        self.name = name
        self.actor = actor
        self.writer: TextWriter = DeclarationService(db).writer(declaration, actor=actor)
        self.suggestions = SuggestionService(db)
        self.pending = self.suggestions.pending(declaration)
        self.twice = {block for block, times in Counter(unit.block for unit in returned.units).items() if times > 1}
        self.saved: list[BlockRow] = []
        self.confirmed: list[TextValue] = []
        self.suggested: list[UUID] = []

    def take(self, unit: ReturnedUnit, standing: BlockStanding | None, words: str | None = None) -> UnitOutcome:
        if (refused := self._refusal(unit, standing)) or standing is None:
            return UnitOutcome(unit.block, unit.line, refused or UnitFate.UNKNOWN)
        fate, lost = self._fate(unit, standing, words)
        return UnitOutcome(unit.block, unit.line, fate, lost=lost)

    def _refusal(self, unit: ReturnedUnit, standing: BlockStanding | None) -> UnitFate | None:
        """What is not even looked at."""
        if unit.target is None:
            return UnitFate.EMPTY
        if unit.block in self.twice:
            return UnitFate.TWICE
        if standing is None:
            return UnitFate.UNKNOWN
        is_fixed = standing.row.original_language is self.target or standing.row.kind in _FIXED
        return UnitFate.ORIGINAL if is_fixed else None

    def _fate(self, unit: ReturnedUnit, standing: BlockStanding, words: str | None) -> tuple[UnitFate, int]:
        """What becomes of the words of a unit, and how many marks of the source they lack."""
        row = standing.row
        source = self._words(row, self.source, unit.source_version)
        made = (
            RestoredText(words)
            if words is not None
            else restore_codes(unit.target or (), source, self._words(row, self.target, unit.target_version))
        )
        content = canonical(made.text, kind=row.kind)
        if made.unknown:
            return UnitFate.CODES, 0
        if len(content) > LONGEST_TEXT:
            return UnitFate.LONG, 0
        is_sound = not made.lost and _is_same_source(unit, source) and len(content) <= _OFTEN * len(source) + _SPARE
        return self._keep(unit, standing, content, is_sound=is_sound), len(made.lost)

    def record(self) -> None:
        """One line of the log for the whole file; then the memory learns what is up to date."""
        self.db.flush()
        if self.saved or self.confirmed or self.suggested:
            record(
                self.db,
                self.declaration,
                "translation.taken_in",
                actor=self.actor,
                language=self.target.value,
                suggestions=[str(version_id) for version_id in self.suggested],
                confirmed=[str(version.id) for version in self.confirmed],
                heads=[move.as_fact() for move in self.writer.moves],
            )
        known = {
            paragraph.row.block_id: paragraph for paragraph in TranslationService(self.db).standings(self.declaration)
        }
        memory = MemoryRecorder(self.db, self.declaration, [paragraph.row for paragraph in known.values()])
        for row in self.saved:
            memory.keep(known[row.block_id], trust=Trust.SAVED, actor=self.actor)

    def _keep(self, unit: ReturnedUnit, standing: BlockStanding, content: str, *, is_sound: bool) -> UnitFate:
        row, state = standing.row, standing.states[self.target]
        head, source = row.texts.get(self.target), row.texts.get(self.source)
        sent = self._version(row, self.target, unit.target_version)
        is_there = unit.target_version == (str(head.id) if head else "")
        is_sound = is_sound and is_there and not unit.is_unsure
        fits = is_sound and source is not None and unit.source_version == str(source.id)
        if content in {text.content for text in (head, sent) if text}:
            is_done = state.stops_publication and unit.progress not in {None, UnitProgress.INITIAL}
            return self._confirm(row, state) if fits and is_done else UnitFate.SAME
        if fits and (state.stops_publication or unit.progress is not UnitProgress.INITIAL):
            is_other = head is None or head.folded_hash != folded_hash(content)
            sources = [source] if source and is_other else []
            self.writer.answer(row.block_id, self.target, content, kind=row.kind, sources=sources)
            self.saved.append(row)
            return UnitFate.SAVED
        if any(suggestion.content == content for suggestion in self.pending.get((row.block_id, self.target), ())):
            return UnitFate.SUGGESTED
        made_from = self._version(row, self.source, unit.source_version)
        kept = self.suggestions.keep(
            self.declaration,
            row,
            self.target,
            content,
            origin=self.name,
            source=made_from.id if made_from else None,
            actor=self.actor,
        )
        self.suggested.append(kept.id)
        return UnitFate.SUGGESTED

    def _confirm(self, row: BlockRow, state: State) -> UnitFate:
        """Somebody has marked in their tool that a text is right as it stands."""
        version = self.writer.answer(
            row.block_id,
            self.target,
            row.content(self.target),
            kind=row.kind,
            sources=[row.texts[self.source]],
            is_carried=state is State.STALE_RESTRUCTURED,
        )
        self.confirmed.append(version)
        return UnitFate.CONFIRMED

    def _words(self, row: BlockRow, language: Language, version: str) -> str:
        found = self._version(row, language, version)
        return found.content if found else row.content(language)

    def _version(self, row: BlockRow, language: Language, version: str) -> TextValue | None:
        head = row.texts.get(language)
        if head is not None and str(head.id) == version:
            return head
        try:
            found = text_of(self.db, UUID(version))
        except ValueError:
            return None
        is_its = found is not None and (found.block_id, found.language) == (row.block_id, language)
        return found if is_its else None


def _is_same_source(unit: ReturnedUnit, source: str) -> bool:
    """Whether the file still holds the words that the translation is said to be made from."""
    held = restore_codes(unit.source, source)
    return not unit.source or (not held.unknown and folded_hash(held.text) == folded_hash(source))
