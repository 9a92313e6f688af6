"""What put the words of a published paragraph there: every act that they still stand on, back to the first draft.

Read from the revisions before the edition. Acts that were undone have left no words, and are not among them.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime
from itertools import groupby
from uuid import UUID

import sqlalchemy as sa
from msgspec import Struct
from msgspec.structs import replace
from sqlalchemy.orm import joinedload, lazyload

from drafts.text.blocks import Language
from workspace.amendments.domain.models import Amendment, AmendmentVersion, Decision, Verdict
from workspace.amendments.domain.queries import landed_later
from workspace.amendments.domain.stored_amendments import changes_of
from workspace.core.shapes import Shape, filled
from workspace.core.storage.db import Db
from workspace.declarations.domain.models import Revision, RevisionBlock, RevisionCause, TextVersion
from workspace.editions.domain.models import Edition
from workspace.procedure.models import End, Means, Question, QuestionDecision


class VoteFigures(Shape, frozen=True):
    """How the plenary voted on it."""

    yes: int
    no: int
    abstain: int


class CauseDecision(Struct, frozen=True):
    """A decision that an act carried out: on an `amendment`, or of the committee's own, which has none.

    `proposer` is the organisation that it was filed for; people are not named to the public.
    """

    number: int
    verdict: Verdict
    reason: str
    decided_at: datetime
    amendment: int | None = None
    proposer: str = ""
    filed_at: datetime | None = None
    vote: VoteFigures | None = None


class ChangedText(Struct, frozen=True):
    """The words before and after, as inline Markdown; nothing before where the paragraph was new."""

    language: Language
    before: str
    after: str


class TextAct(Struct, frozen=True):
    """One act that gave a paragraph words: in which revision, how they changed, by which decisions."""

    cause: RevisionCause
    revision: int
    at: datetime
    changes: tuple[ChangedText, ...] = ()
    decisions: tuple[CauseDecision, ...] = ()

    def outline(self) -> "TextAct":
        """What is public while the history is closed: that it was done, and when."""
        return replace(self, changes=(), decisions=())


Acts = Mapping[UUID, Sequence[TextAct]]
_WITHOUT_WORDS = (Verdict.UNDO, Verdict.REJECT, Verdict.REFER, Verdict.FALL)


def edition_acts(db: Db, edition: Edition) -> Acts:
    """The acts behind each paragraph of an edition, oldest first. A fixed number of queries."""
    declaration_id, last = edition.declaration_id, edition.revision.number
    columns = (RevisionBlock.block_id, RevisionBlock.original_language)
    rows = db.execute(
        sa.select(Revision, *columns, RevisionBlock.es_id, RevisionBlock.en_id, RevisionBlock.fr_id)
        .join(RevisionBlock, RevisionBlock.revision_id == Revision.id)
        .where(Revision.declaration_id == declaration_id, Revision.number <= last)
        .order_by(Revision.number)
    )
    contents = sa.select(TextVersion.id, TextVersion.content).where(TextVersion.declaration_id == declaration_id)
    reader = _Reader({row.id: row.content for row in db.execute(contents)}, _decisions(db, declaration_id))
    for revision, made in groupby(rows, key=lambda row: row[0]):
        reader.read(revision, {row[1]: _Words(row[2], row[3:]) for row in made})
    return reader.acts


class _Decided(Struct, frozen=True):
    """A decision, and the paragraphs that it is about."""

    cause: CauseDecision
    language: Language | None
    blocks: frozenset[str]
    is_on_whole: bool


class _Words(Struct, frozen=True):
    """A paragraph in one revision: its original language, and the texts that it pins."""

    original: Language
    pins: Sequence[UUID | None]


class _Reader:
    """Goes through the revisions and keeps, for each paragraph, the acts that it stands on."""

    def __init__(self, contents: Mapping[UUID, str], decisions: Mapping[UUID | None, Sequence[_Decided]]) -> None:
        self.contents = contents
        self.decisions = decisions
        self.acts: dict[UUID, list[TextAct]] = {}
        self._standing: dict[UUID, list[str]] = {}  # the words that each of the acts left
        self._before: Mapping[UUID, _Words] = {}

    def read(self, revision: Revision, blocks: Mapping[UUID, _Words]) -> None:
        for block, words in blocks.items():
            if words != self._before.get(block):
                self._read(revision, block, words)
        self._before = blocks

    def _read(self, revision: Revision, block: UUID, words: _Words) -> None:
        acts, standing = self.acts.setdefault(block, []), self._standing.setdefault(block, [])
        now = self._content(words, words.original)
        if revision.cause is RevisionCause.UNDO and now in standing:
            back = len(standing) - standing[::-1].index(now)
            del acts[back:], standing[back:]
        elif changes := tuple(self._changes(revision, block, words)):
            behind = self._behind(revision, block, words.original)
            acts.append(TextAct(revision.cause, revision.number, revision.made_at, changes, behind))
            standing.append(now)

    def _changes(self, revision: Revision, block: UUID, words: _Words) -> Sequence[ChangedText]:
        """In the language that led; in each where slips were put right."""
        before = self._before.get(block)
        led = Language if revision.cause is RevisionCause.CORRIGENDUM else (words.original,)
        texts = ((of, self._content(before, of) if before else "", self._content(words, of)) for of in led)
        return [ChangedText(of, old, new) for of, old, new in texts if old != new]

    def _content(self, words: _Words, language: Language) -> str:
        pinned = words.pins[list(Language).index(language)]
        return self.contents[pinned] if pinned else ""

    def _behind(self, revision: Revision, block: UUID, language: Language) -> tuple[CauseDecision, ...]:
        """The decisions on this paragraph among those that made a revision; those on the whole where there are none.

        Where one was in the language of the words, no other gave them.
        """
        every = self.decisions.get(revision.id, ())
        here = [decided for decided in every if str(block) in decided.blocks]
        in_its_words = [decided for decided in here if decided.language is language]
        on_whole = [decided for decided in every if decided.is_on_whole]
        return tuple(decided.cause for decided in in_its_words or here or on_whole)


def _decisions(db: Db, declaration_id: UUID) -> Mapping[UUID | None, Sequence[_Decided]]:
    """What was decided and changed the text, by the revision that has its words."""
    taken = landed_later(db, declaration_id)
    amendment = joinedload(Decision.amendment)
    statement = (
        sa.select(Decision, End)
        .outerjoin(QuestionDecision, QuestionDecision.decision_id == Decision.id)
        .outerjoin(Question, sa.and_(Question.id == QuestionDecision.question_id, Question.means == Means.VOTE))
        .outerjoin(End, End.question_id == Question.id)
        .where(Decision.declaration_id == declaration_id)
        .where(sa.or_(Decision.revision_id.is_not(None), Decision.number.in_(taken)))
        .where(Decision.verdict.not_in(_WITHOUT_WORDS))
        .options(
            amendment.joinedload(Amendment.organisation),
            amendment.selectinload(Amendment.versions).selectinload(AmendmentVersion.changes),
            lazyload(End.organisation),
            lazyload(End.ended_by),
        )
        .order_by(Decision.number)
    )
    found: dict[UUID | None, list[_Decided]] = {}
    for decision, end in db.execute(statement):
        for revision_id in (taken.get(decision.number) or [decision.revision_id]) if not decision.undone_by else ():
            found.setdefault(revision_id, []).append(_decided(decision, end))
    return found


def _decided(decision: Decision, end: End | None) -> _Decided:
    amendment = decision.amendment
    versions = amendment.versions if amendment else ()
    changes = [change for version in versions for change in changes_of(version)]
    touched = {block for each in changes for block in (each.block, *each.joined, *(part.id for part in each.parts))}
    cause = filled(
        CauseDecision,
        decision,
        amendment=amendment.number if amendment else None,
        proposer=amendment.organisation.name if amendment and amendment.organisation else "",
        filed_at=amendment.filed_at if amendment else None,
        vote=VoteFigures.of(end) if end else None,
    )
    own = {str(decision.block_id)} if decision.block_id else set()
    return _Decided(cause, decision.language, frozenset(touched | own), is_on_whole=not touched and not own)
