"""How the words of one paragraph came about: each of its texts, and who put each phrase of the last one there."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from functools import cached_property, lru_cache
from uuid import UUID

import sqlalchemy as sa
from markupsafe import Markup
from msgspec import Struct
from sqlalchemy.orm import joinedload

from drafts.blame import Run, blame
from drafts.blocks import Block, BlockKind, Document, Language
from drafts.render import inline_html
from drafts.shown import Row, shown
from drafts.staleness import EdgeKind
from workspace.amendments import queries as filed
from workspace.amendments.models import Amendment, Decision, Verdict
from workspace.amendments.passages import Passages
from workspace.amendments.views import compared
from workspace.core.db import Db
from workspace.declarations.frame import Frame
from workspace.declarations.models import Edge, Revision, RevisionBlock, RevisionCause, TextVersion
from workspace.desk.history import CAUSES, VERDICTS
from workspace.web.i18n import LANGUAGES, N_
from workspace.web.services import Work

ANSWERED: Mapping[EdgeKind, str] = {
    EdgeKind.TRANSLATED: N_("Translated from the text in %(languages)s"),
    EdgeKind.CONFIRMED: N_("Confirmed beside the text in %(languages)s"),
}
LETTERS = "abcdefghijklmnopqrstuvwxyz"
KEPT = 1_024  # comparisons of two texts that stay in memory
NEWEST = 6  # texts of a language that a page shows unless it is asked for all
_VERBATIM = frozenset({BlockKind.TABLE, BlockKind.CODE})  # no words in a row, and so no phrases


class Wording(Struct, frozen=True):
    """One text of the paragraph: who wrote it when, why, and how it differs from the one before.

    `cause` is a verdict's name, "answer" for a translation, or the cause of its first revision.
    """

    language: Language
    html: Markup
    by: str
    at: datetime
    cause: str
    why: Sequence[str]
    reasons: Sequence[str]
    revision: int | None
    is_in_force: bool


class Wordings(Struct, frozen=True):
    """The texts of one language, newest first; `older` are not among them."""

    texts: Sequence[Wording]
    older: int


class Phrase(Struct, frozen=True):
    """Neighbouring words that one text brought; `key` names it among the `Bringer`s."""

    key: str
    html: Markup


class Bringer(Struct, frozen=True):
    """A text that some words of the last one came with: when, by which decision, at whose proposal."""

    key: str
    why: Sequence[str]
    by: str
    proposed_by: str
    at: datetime
    revision: int | None


class Blame(Struct, frozen=True):
    """The text in force in one language, phrase by phrase."""

    language: Language
    phrases: Sequence[Phrase]
    bringers: Sequence[Bringer]


class _First(Struct, frozen=True):
    """The revision in which a text stood for the first time."""

    id: UUID
    number: int
    cause: RevisionCause


class WordingBuilder:
    """Reads how one paragraph came about, in a fixed number of queries."""

    def __init__(self, db: Db, found: Frame, work: Work, block_id: UUID, amendments: Sequence[Amendment]) -> None:
        self.db = db
        self.found = found
        self.work = work
        self.block_id = block_id
        self.amendments = {one.id: one for one in amendments}  # those that the reader may read

    def wordings(self, kind: BlockKind, passages: Passages, *, every: bool) -> Mapping[Language, Wordings]:
        """The texts of the paragraph by language."""
        found = {}
        for language, versions in self._by_language.items():
            newest = list(reversed(versions))
            chosen = newest if every else newest[:NEWEST]
            told = passages.in_language(language)
            texts = [self._wording(version, kind, told, is_in_force=version is newest[0]) for version in chosen]
            found[language] = Wordings(texts, len(newest) - len(texts))
        return found

    def blame(self, kind: BlockKind, languages: Collection[Language]) -> Sequence[Blame]:
        """Who put each phrase there, for each of these languages that has words in a row."""
        if kind in _VERBATIM:
            return ()
        return [self._blamed(one, versions) for one, versions in self._by_language.items() if one in languages]

    def _blamed(self, language: Language, versions: Sequence[TextVersion]) -> Blame:
        runs = _runs(tuple(one.content for one in versions))
        brought = sorted({run.version for run in runs})
        keys = {version: _key(place) for place, version in enumerate(brought)}
        phrases = [
            Phrase(keys[run.version], Markup(inline_html(run.text, language=language)))  # noqa: S704  (safe HTML)
            for run in runs
        ]
        return Blame(language, phrases, [self._bringer(keys[place], versions[place]) for place in brought])

    def _bringer(self, key: str, version: TextVersion) -> Bringer:
        first = self._pinned.get(version.id)
        proposals = (one.amendment_id for one in self._behind(version))
        proposers = (self.amendments[one] for one in proposals if one in self.amendments)
        return Bringer(
            key=key,
            why=self._why(version),
            by=version.author.name if version.author else "",
            proposed_by=self.work.messages.listed(
                dict.fromkeys(one.organisation.name if one.organisation else one.proposer.name for one in proposers)
            ),
            at=self.found.forum.local(version.made_at),
            revision=first.number if first else None,
        )

    def _wording(self, version: TextVersion, kind: BlockKind, passages: Passages, *, is_in_force: bool) -> Wording:
        first = self._pinned.get(version.id)
        return Wording(
            language=version.language,
            html=_difference(version, self._versions.get(version.predecessor_id), kind, passages),
            by=version.author.name if version.author else "",
            at=self.found.forum.local(version.made_at),
            cause=self._cause(version),
            why=self._why(version),
            reasons=[one.reason for one in self._behind(version) if one.reason],
            revision=first.number if first else None,
            is_in_force=is_in_force,
        )

    def _why(self, version: TextVersion) -> Sequence[str]:
        """The decisions that gave the paragraph these words, or what the revision was made for."""
        say = self.work.messages.gettext
        if version.id in self._answers:
            return self._answers[version.id]
        adopted = [
            say(VERDICTS[one.verdict], number=one.amendment.number) for one in self._behind(version) if one.amendment
        ]
        first = self._pinned.get(version.id)
        if not adopted and any(one.verdict is Verdict.RESOLVE for one in self._behind(version)):
            return [say(VERDICTS[Verdict.RESOLVE])]
        return adopted or ([say(CAUSES[first.cause])] if first else [])

    def _cause(self, version: TextVersion) -> str:
        if version.id in self._answers:
            return "answer"
        verdicts = [one.verdict.value for one in self._behind(version)]
        first = self._pinned.get(version.id)
        return next(iter(verdicts), first.cause.value if first else "")

    def _behind(self, version: TextVersion) -> Sequence[Decision]:
        first = self._pinned.get(version.id)
        return self._decisions.get(first.id, ()) if first and version.id not in self._answers else ()

    @cached_property
    def _versions(self) -> Mapping[UUID | None, TextVersion]:
        statement = (
            sa.select(TextVersion)
            .where(TextVersion.block_id == self.block_id)
            .options(joinedload(TextVersion.author))
            .order_by(TextVersion.sequence)
        )
        return {version.id: version for version in self.db.scalars(statement)}

    @cached_property
    def _by_language(self) -> Mapping[Language, Sequence[TextVersion]]:
        versions = self._versions.values()
        found = {language: [one for one in versions if one.language is language] for language in LANGUAGES}
        return {language: texts for language, texts in found.items() if texts}

    @cached_property
    def _pinned(self) -> Mapping[UUID, _First]:
        """The first revision in which each text stood."""
        rows = self.db.execute(
            sa.select(
                Revision.id,
                Revision.number,
                Revision.cause,
                RevisionBlock.es_id,
                RevisionBlock.en_id,
                RevisionBlock.fr_id,
            )
            .join(Revision, Revision.id == RevisionBlock.revision_id)
            .where(RevisionBlock.block_id == self.block_id)
            .order_by(Revision.number)
        )
        found: dict[UUID, _First] = {}
        for revision, number, cause, *texts in rows:
            for text in texts:
                if text is not None:
                    found.setdefault(text, _First(revision, number, cause))
        return found

    @cached_property
    def _answers(self) -> Mapping[UUID, list[str]]:
        """What each text was made from, as sentences."""
        made: dict[tuple[UUID, EdgeKind], list[Language]] = {}
        statement = sa.select(Edge.kind, Edge.source_id, Edge.target_id).where(Edge.block_id == self.block_id)
        for kind, source, target in self.db.execute(statement.order_by(Edge.sequence)):
            if kind in ANSWERED:
                made.setdefault((target, kind), []).append(self._versions[source].language)
        found: dict[UUID, list[str]] = {}
        for (target, kind), sources in made.items():
            names = self.work.messages.listed(map(self.work.messages.language_name, dict.fromkeys(sources)))
            found.setdefault(target, []).append(self.work.messages.gettext(ANSWERED[kind], languages=names))
        return found

    @cached_property
    def _decisions(self) -> Mapping[UUID, Sequence[Decision]]:
        """The decisions on the paragraph that made a revision, by revision."""
        is_here = sa.or_(Decision.block_id == self.block_id, Decision.amendment_id.in_(list(self.amendments)))
        statement = filed.decided(self.found.declaration).where(Decision.revision_id.is_not(None), is_here)
        found: dict[UUID, list[Decision]] = {}
        for decision in self.db.scalars(statement):
            if decision.revision_id is not None:
                found.setdefault(decision.revision_id, []).append(decision)
        return found


def _key(place: int) -> str:
    """a to z, then aa, bb and so on."""
    return LETTERS[place % 26] * (place // 26 + 1)


def _difference(version: TextVersion, before: TextVersion | None, kind: BlockKind, told: Passages) -> Markup:
    """A text compared with the one before it, or as it is if it is the first."""
    new = Block(str(version.block_id), kind, version.content)
    if before is None:
        return told.html(new)
    return compared(_rows(Block(new.id, kind, before.content), new, version.language), told)


@lru_cache(maxsize=KEPT)
def _rows(old: Block, new: Block, language: Language) -> tuple[Row, ...]:
    """How one text differs from the other: neither ever changes, so it is found out once."""
    return shown(Document((old,), language), Document((new,), language))


@lru_cache(maxsize=KEPT)
def _runs(texts: tuple[str, ...]) -> tuple[Run, ...]:
    """Who put each word there; the same."""
    return blame(texts)


def forget() -> None:
    """Begin anew, as after a start."""
    _rows.cache_clear()
    _runs.cache_clear()
