"""Replaying a declaration: its text in every language built anew from the log alone, and the cause of every word.

Each entry that put a wording in force names the one it replaced, the new one, and the hash of both. Following them from
the first one on gives the text; the words themselves are taken from the text versions, and count only where
they give the hash that the log has. What stands in the database, and what was published, must then be the same.
"""

import json
from collections.abc import Iterator, Mapping, Sequence
from enum import StrEnum
from typing import Any
from uuid import UUID

import msgspec
import sqlalchemy as sa
from msgspec import Struct, field

from drafts.diff.amendments import Change
from drafts.diff.blame import BlamedRun, blame
from drafts.formats.assembly import fingerprint
from drafts.text.blocks import Block, BlockKind, Document, Language, content_hash
from drafts.text.numbering import numbers
from workspace.amendments.domain.models import Amendment, AmendmentVersion, ChangeRecord
from workspace.core.storage.db import Db
from workspace.core.storage.log import ImportedLogEntry, LogEntry
from workspace.declarations.domain.models import Declaration, Head, Revision, RevisionBlock, RevisionCause, TextVersion
from workspace.editions.domain.models import Edition
from workspace.history.audit import AuditFinding, read_entry
from workspace.web.i18n.marking import N_

REVISION, DECISION, PUBLISHED = "revision.made", "decision.taken", "edition.published"
AGREED = "corrigendum.agreed"
_DECIDED = {RevisionCause.ADOPTION.value, RevisionCause.EDITORIAL.value, RevisionCause.CORRIGENDUM.value}


class ReplayProblemKind(StrEnum):
    """The ways in which a text can differ from what its log tells."""

    BROKEN_STEP = "broken_step"  # an entry replaces a wording that was not in force
    WORDS_MISSING = "words_missing"  # the log names a wording that the database does not have
    WORDS_ALTERED = "words_altered"  # the words do not give the hash that the log has
    NO_DECISION = "no_decision"  # a revision names decisions that no entry tells of, or needs one and names none
    REVISION_DIFFERS = "revision_differs"  # it pins something else than what was in force
    REVISION_UNKNOWN = "revision_unknown"  # no entry tells of it
    HEAD_DIFFERS = "head_differs"  # what is in force is not what the log put there
    VERSION_UNKNOWN = "version_unknown"  # a wording that no entry put in force
    EDITION_DIFFERS = "edition_differs"  # what was published is not the text of its revision


REPLAY_SENTENCES: Mapping[ReplayProblemKind, str] = {
    ReplayProblemKind.BROKEN_STEP: N_("Entry %(entry)s replaces a text that was not in force: %(place)s."),
    ReplayProblemKind.WORDS_MISSING: N_("Entry %(entry)s put a text in force that the database lacks: %(place)s."),
    ReplayProblemKind.WORDS_ALTERED: N_("The text that entry %(entry)s put in force was altered: %(place)s."),
    ReplayProblemKind.NO_DECISION: N_(
        "Revision %(number)s (entry %(entry)s) rests on a decision that is not in the log."
    ),
    ReplayProblemKind.REVISION_DIFFERS: N_("Revision %(number)s is not what entry %(entry)s says: %(place)s."),
    ReplayProblemKind.REVISION_UNKNOWN: N_("Revision %(number)s is not in the log."),
    ReplayProblemKind.HEAD_DIFFERS: N_("The text in force is not the one in the log: %(place)s."),
    ReplayProblemKind.VERSION_UNKNOWN: N_("The database has a text that the log never put in force: %(place)s."),
    ReplayProblemKind.EDITION_DIFFERS: N_("Edition %(number)s (entry %(entry)s) is not the text of the log."),
}
REPLAY_VERDICTS: Mapping[int, str] = {
    0: N_("Good: every text in force and every edition follows from the log."),
    1: N_("Not every text follows from the log."),
}


class ReplayProblem(Struct, frozen=True):
    """One thing that the log does not account for; `entry` is 0 where no entry is concerned."""

    what: ReplayProblemKind
    entry: int = 0
    block: str = ""
    language: str = ""
    number: int = 0


class WordingCause(Struct, frozen=True):
    """Why a wording is in force: the entry of the log, what it was, the revision made by it, decisions, amendments."""

    entry: int
    at: str
    actor: str | None
    kind: str
    revision: int = 0
    decisions: tuple[int, ...] = ()
    amendments: tuple[int, ...] = ()
    is_imported: bool = False


class ReplayedRun(Struct, frozen=True):
    """A run of the text and the cause that put it there."""

    text: str
    entry: int


class ReplayedParagraph(Struct, frozen=True):
    """A block of the text in force, with the numbers of the amendments that changed it.

    A language without words is left out of `texts`.
    """

    id: str
    number: str
    kind: BlockKind
    amendments: tuple[int, ...]
    texts: Mapping[str, tuple[ReplayedRun, ...]]


class ReplayedEdition(Struct, frozen=True):
    """An edition, and the fingerprint that the log alone gives for its revision."""

    number: int
    published: str
    replayed: str


class Replayed(Struct, frozen=True):
    """The text that the log gives, why each word is there, and what the log does not account for."""

    entries: int
    revisions: int
    paragraphs: tuple[ReplayedParagraph, ...]
    causes: tuple[WordingCause, ...]
    editions: tuple[ReplayedEdition, ...]
    troubles: tuple[ReplayProblem, ...]
    findings: tuple[AuditFinding, ...] = ()  # rows of the forum that are not as its log says

    @property
    def exit_code(self) -> int:
        return 1 if self.troubles or self.findings else 0


def replay_declaration(db: Db, declaration: Declaration) -> Replayed:
    """Follow every entry about the declaration, compare at each revision and edition, and at the end with the heads."""
    return _Replay(db, declaration).run()


class _Place(Struct):
    kind: str
    level: int


class _Text(Struct):
    """What the log has put together so far: the order of the blocks, and the wording of each in each language."""

    order: list[str] = field(default_factory=list)
    places: dict[str, _Place] = field(default_factory=dict)
    heads: dict[tuple[str, str], tuple[str, str]] = field(default_factory=dict)  # block, language -> version, hash
    chains: dict[tuple[str, str], list[tuple[str, int]]] = field(default_factory=dict)  # versions and their entries
    revision: str = ""
    number: int = 0

    def fingerprint(self) -> str:
        return fingerprint(
            (
                block,
                BlockKind(self.places[block].kind),
                self.places[block].level,
                {str(language): self.heads.get((block, language.value), ("", None))[1] for language in Language},
            )
            for block in self.order
        )


class _Replay:
    """One walk along the log of a declaration."""

    def __init__(self, db: Db, declaration: Declaration) -> None:
        self.db, self.declaration = db, declaration
        self.text = _Text()
        self.troubles: list[ReplayProblem] = []
        self.causes: dict[int, WordingCause] = {}
        self.editions: list[ReplayedEdition] = []
        self.revisions: set[str] = set()
        own = sa.select(TextVersion).where(TextVersion.declaration_id == declaration.id)
        self.versions = {str(version.id): version for version in db.scalars(own)}
        pinned = sa.select(RevisionBlock).join(Revision, Revision.id == RevisionBlock.revision_id)
        self.pinned: dict[str, list[RevisionBlock]] = {}
        for row in db.scalars(pinned.where(Revision.declaration_id == declaration.id).order_by(RevisionBlock.position)):
            self.pinned.setdefault(str(row.revision_id), []).append(row)
        self.entries = list(_entries(db, declaration))
        self.decided = _decided(said for said, _ in self.entries)

    def run(self) -> Replayed:
        for said, is_imported in self.entries:
            facts = said["facts"]
            if facts.get("heads") or said["kind"] == REVISION:
                self._note_cause(said, is_imported=is_imported)
                self._move(said["sequence"], facts.get("heads", ()))
            if said["kind"] == REVISION:
                self._revise(said["sequence"], facts)
            elif said["kind"] == PUBLISHED:
                self._publish(said["sequence"], facts)
        self._compare_with_what_is_in_force()
        return Replayed(
            entries=len(self.entries),
            revisions=len(self.revisions),
            paragraphs=tuple(self._paragraphs()),
            causes=tuple(self.causes.values()),
            editions=tuple(self.editions),
            troubles=tuple(self.troubles),
        )

    def _note_cause(self, said: Mapping[str, Any], *, is_imported: bool) -> None:
        facts = said["facts"]
        taken = [self.decided[fact] for fact in facts.get("decisions", ()) if fact in self.decided]
        self.causes[said["sequence"]] = WordingCause(
            entry=said["sequence"],
            at=said["at"],
            actor=said["actor"],
            kind=facts["cause"] if said["kind"] == REVISION else said["kind"],
            revision=facts["number"] if said["kind"] == REVISION else 0,
            decisions=tuple(sorted(number for number, _ in taken if number)),
            amendments=tuple(sorted(amendment for _, amendment in taken if amendment)),
            is_imported=is_imported,
        )

    def _move(self, entry: int, moves: Sequence[Mapping[str, Any]]) -> None:
        for move in moves:
            place = move["block"], move["language"]
            before, after = move["from"], move["to"]
            if self.text.heads.get(place) != ((before["id"], before["hash"]) if before else None):
                self._trouble(ReplayProblemKind.BROKEN_STEP, entry, *place)
            if after is None:
                del self.text.heads[place]
                continue
            self._check_words(entry, place, after)
            self.text.heads[place] = after["id"], after["hash"]
            self.text.chains.setdefault(place, []).append((after["id"], entry))

    def _check_words(self, entry: int, place: tuple[str, str], after: Mapping[str, str]) -> None:
        version = self.versions.get(after["id"])
        if version is None or (str(version.block_id), version.language.value) != place:
            self._trouble(ReplayProblemKind.WORDS_MISSING, entry, *place)
        elif content_hash(version.content) != after["hash"]:
            self._trouble(ReplayProblemKind.WORDS_ALTERED, entry, *place)

    def _revise(self, entry: int, facts: Mapping[str, Any]) -> None:
        text = self.text
        if (facts["parent"] or "", facts["number"]) != (text.revision, text.number + 1):
            self._trouble(ReplayProblemKind.BROKEN_STEP, entry, number=facts["number"])
        named = facts.get("decisions", ())
        if not set(named) <= self.decided.keys() or (facts["cause"] in _DECIDED and not named):
            self._trouble(ReplayProblemKind.NO_DECISION, entry, number=facts["number"])
        text.revision, text.number, text.order = facts["revision"], facts["number"], list(facts["order"])
        text.places.update({fact["block"]: _Place(fact["kind"], fact["level"]) for fact in facts["places"]})
        self.revisions.add(facts["revision"])
        self._compare_with_what_is_pinned(entry)

    def _compare_with_what_is_pinned(self, entry: int) -> None:
        text, rows = self.text, self.pinned.get(self.text.revision, [])
        if [str(row.block_id) for row in rows] != text.order:
            self._trouble(ReplayProblemKind.REVISION_DIFFERS, entry, number=text.number)
            return
        for row in rows:
            block, place = str(row.block_id), text.places.get(str(row.block_id))
            if place is None or (row.kind.value, row.level) != (place.kind, place.level):
                self._trouble(ReplayProblemKind.REVISION_DIFFERS, entry, block, number=text.number)
            for language in Language:
                pinned = row.pinned(language)
                if (str(pinned) if pinned else "") != text.heads.get((block, language.value), ("", ""))[0]:
                    self._trouble(ReplayProblemKind.REVISION_DIFFERS, entry, block, language.value, text.number)

    def _publish(self, entry: int, facts: Mapping[str, Any]) -> None:
        edition = self.db.get(Edition, UUID(facts["edition"]))
        found = self.text.fingerprint()
        number = edition.number if edition else 0
        self.editions.append(ReplayedEdition(number, facts["fingerprint"], found))
        is_same = edition is not None and edition.manifest_sha256 == facts["manifest"]
        if not is_same or (facts["revision"], facts["fingerprint"]) != (self.text.revision, found):
            self._trouble(ReplayProblemKind.EDITION_DIFFERS, entry, number=number)

    def _compare_with_what_is_in_force(self) -> None:
        blocks = sa.select(TextVersion.block_id).where(TextVersion.declaration_id == self.declaration.id)
        heads = {
            (str(row.block_id), row.language.value): str(row.text_version_id)
            for row in self.db.scalars(sa.select(Head).where(Head.block_id.in_(blocks)))
        }
        replayed = {place: version for place, (version, _) in self.text.heads.items()}
        for block, language in sorted(heads.keys() | replayed.keys()):
            if heads.get((block, language)) != replayed.get((block, language)):
                self._trouble(ReplayProblemKind.HEAD_DIFFERS, 0, block, language)
        used = {version for chain in self.text.chains.values() for version, _ in chain}
        for identifier in sorted(self.versions.keys() - used):
            version = self.versions[identifier]
            self._trouble(ReplayProblemKind.VERSION_UNKNOWN, 0, str(version.block_id), version.language.value)
        for identifier in sorted(self.pinned.keys() - self.revisions):
            known = self.db.get_one(Revision, UUID(identifier))
            self._trouble(ReplayProblemKind.REVISION_UNKNOWN, number=known.number)

    def _paragraphs(self) -> Iterator[ReplayedParagraph]:
        final = numbers(Document(blocks=tuple(self._blocks()), language=Language.EN))
        touching = _touching(self.db, self.declaration)
        for block in self.text.order:
            chains = {language.value: self.text.chains.get((block, language.value), []) for language in Language}
            entries = {entry for chain in chains.values() for _, entry in chain}
            caused = {number for entry in entries for number in self.causes[entry].amendments}
            yield ReplayedParagraph(
                id=block,
                number=final.get(block, ""),
                kind=BlockKind(self.text.places[block].kind),
                amendments=tuple(sorted(caused & touching.get(block, set()))),
                texts={language: self._words(chain) for language, chain in chains.items() if chain},
            )

    def _blocks(self) -> Iterator[Block]:
        for block in self.text.order:
            said = (self.text.chains.get((block, language.value)) for language in Language)
            words = next((self._content(chain[-1][0]) for chain in said if chain), "")
            place = self.text.places[block]
            yield Block(block, BlockKind(place.kind), words, place.level)

    def _words(self, chain: Sequence[tuple[str, int]]) -> tuple[ReplayedRun, ...]:
        runs: Sequence[BlamedRun] = blame([self._content(version) for version, _ in chain])
        return tuple(ReplayedRun(run.text, chain[run.version][1]) for run in runs)

    def _content(self, version: str) -> str:
        known = self.versions.get(version)
        return known.content if known else ""

    def _trouble(
        self, what: ReplayProblemKind, entry: int = 0, block: str = "", language: str = "", number: int = 0
    ) -> None:
        self.troubles.append(ReplayProblem(what, entry, block, language, number))


def _entries(db: Db, declaration: Declaration) -> Iterator[tuple[Mapping[str, Any], bool]]:
    """Every entry about the declaration, oldest first; those it brought along from another database come before."""
    brought = sa.select(ImportedLogEntry.entry).where(ImportedLogEntry.forum_id == declaration.forum_id)
    for line in db.scalars(brought.order_by(ImportedLogEntry.position)):
        said = read_entry(line)
        if said is not None and said["declaration"] == str(declaration.id):
            yield said, True
    here = sa.select(LogEntry.entry).where(LogEntry.declaration_id == declaration.id)
    for line in db.scalars(here.order_by(LogEntry.sequence)):
        yield json.loads(line), False


def _decided(entries: Iterator[Mapping[str, Any]]) -> Mapping[str, tuple[int, int]]:
    """Of every decision by its id: its number, and the number of the amendment that it was about (0 for none)."""
    filed: dict[str, int] = {}
    found: dict[str, tuple[int, int]] = {}
    for said in entries:
        facts = said["facts"]
        if said["kind"] == "amendment.proposed":
            filed[facts["amendment"]] = facts["number"]
        elif said["kind"] == DECISION:
            found[facts["decision"]] = facts["number"], filed.get(facts.get("amendment") or "", 0)
        elif said["kind"] == AGREED:
            found[facts["decision"]] = 0, 0  # a corrigendum is no numbered decision of the committee
    return found


def _touching(db: Db, declaration: Declaration) -> Mapping[str, set[int]]:
    """The numbers of the amendments that would change a block, or make it, in any of their versions."""
    changes = (
        sa.select(Amendment.number, ChangeRecord.change)
        .join(AmendmentVersion, AmendmentVersion.id == ChangeRecord.version_id)
        .join(Amendment, Amendment.id == AmendmentVersion.amendment_id)
        .where(Amendment.declaration_id == declaration.id)
    )
    found: dict[str, set[int]] = {}
    for number, written in db.execute(changes):
        change = msgspec.convert(written, Change)
        for block in (change.block, *change.joined, *(part.id for part in change.parts)):
            found.setdefault(block, set()).add(number)
    return found
