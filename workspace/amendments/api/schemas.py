"""Amendments and decisions as programs file, read and take them."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Annotated, Literal, Self
from uuid import UUID

from msgspec import Meta, Struct

from drafts.diff.amendments import Change, ChangeOp, SplitPart
from drafts.diff.hunks import Hunk
from drafts.diff.side_by_side import DiffRow
from drafts.merge.disputes import Cluster
from drafts.merge.merge import Flag
from drafts.merge.rebase import RebaseStatus
from drafts.text.blocks import BlockKind, Language
from workspace.amendments.domain.models import (
    Amendment,
    AmendmentVersion,
    Carrying,
    Cosponsor,
    Cosponsoring,
    Decision,
    DecisionOutcome,
    Disposition,
    Replacement,
    Support,
    Verdict,
)
from workspace.amendments.domain.outcomes import AdoptionPreview, Prospect
from workspace.amendments.domain.sponsors import MOST_INVITED, organisations_behind, sponsors, supporters_of
from workspace.amendments.domain.stored_amendments import changes_of
from workspace.amendments.views.what_if import WhatIf
from workspace.core.shapes import filled
from workspace.declarations.domain.models import Revision
from workspace.declarations.schemas import Reason, RevisionLine


class BackerOut(Struct, frozen=True, kw_only=True):
    """Somebody who stands behind an amendment with its proposer."""

    person_id: UUID
    name: str
    organisation: str
    since: datetime

    @classmethod
    def of(cls, backer: Cosponsor | Support, *, since: datetime) -> "BackerOut":
        return cls(
            person_id=backer.person_id,
            name=backer.person.name,
            organisation=backer.organisation.name if backer.organisation else "",
            since=since,
        )


class CosponsorOut(BackerOut, frozen=True, kw_only=True):
    """Somebody invited to sponsor an amendment; `since` their answer, or the invitation where there is none yet."""

    standing: Cosponsoring


class BackingOut(Struct, frozen=True, kw_only=True):
    """Who stands behind an amendment. `organisations` counts each once, that of the proposer with them.

    Who was invited and has not said yes is for the proposer to see, and for whoever was invited.
    """

    cosponsors: list[CosponsorOut]
    supporters: list[BackerOut]
    organisations: int

    @classmethod
    def of(cls, amendment: Amendment, reader: UUID | None) -> "BackingOut":
        sponsors = [
            cosponsor for cosponsor in amendment.cosponsors if cosponsor.standing is not Cosponsoring.TAKEN_BACK
        ]
        is_proposer = reader is not None and reader == amendment.proposer_id
        return cls(
            cosponsors=[
                _cosponsor(cosponsor)
                for cosponsor in sponsors
                if is_proposer or cosponsor.person_id == reader or cosponsor.standing is Cosponsoring.CONFIRMED
            ],
            supporters=[BackerOut.of(support, since=support.supported_at) for support in supporters_of(amendment)],
            organisations=len(organisations_behind(amendment)),
        )


def _cosponsor(cosponsor: Cosponsor) -> CosponsorOut:
    known = BackerOut.of(cosponsor, since=cosponsor.answered_at or cosponsor.invited_at)
    return filled(CosponsorOut, known, standing=cosponsor.standing)


class EligibleOut(Struct, frozen=True, kw_only=True):
    """Somebody who may be invited to sponsor an amendment."""

    person_id: UUID
    name: str
    organisation: str


class InvitationsIn(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Whom to ask to sponsor one's own amendment."""

    people: Annotated[list[UUID], Meta(min_length=1, max_length=MOST_INVITED)]


class CosponsorshipIn(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The answer to such an invitation."""

    confirms: bool


BlockName = Annotated[str, Meta(max_length=64)]
Wording = Annotated[str, Meta(max_length=20_000)]


class PartIn(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A paragraph that a split makes. `id` is a name by which later changes of the same list may call it."""

    text: Wording
    id: BlockName = ""


class ChangeIn(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One change to one block.

    reword: `block` gets `text`, and `kind` or `level` where given. insert: a new block with `text`, after block
    `after` (null: at the beginning); `block` is a name by which later changes may call it. delete: `block` goes.
    move: `block` comes to stand after `after`. split: `block` keeps `text`, `parts` follow it. join: the blocks
    `joined`, which follow `block`, become part of it, with `text` if given.
    """

    op: ChangeOp
    block: BlockName = ""
    text: Wording | None = None
    kind: BlockKind | None = None
    level: Annotated[int, Meta(ge=0, le=9)] | None = None
    after: BlockName | None = None
    parts: Annotated[list[PartIn], Meta(max_length=50)] = []
    joined: Annotated[list[BlockName], Meta(max_length=50)] = []

    def to_change(self, place: int) -> Change:
        """As the engine knows it; what has no name gets one from its `place` in the list."""
        return filled(
            Change,
            self,
            block=self.block or f"new {place}",
            parts=tuple(SplitPart(part.id or f"new {place}.{nth}", part.text) for nth, part in enumerate(self.parts)),
            joined=tuple(self.joined),
        )


ChangesIn = Annotated[list[ChangeIn], Meta(max_length=200)]


def to_changes(changes: Iterable[ChangeIn]) -> tuple[Change, ...]:
    return tuple(change.to_change(place) for place, change in enumerate(changes))


class ProposalIn(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """An amendment to file against a numbered revision, in one language. Indivisible: taken whole or not at all."""

    base_revision: Annotated[int, Meta(ge=1, le=2_000_000_000)]
    language: Language
    changes: ChangesIn
    reason: Reason = ""
    is_indivisible: bool = False


class OralProposalIn(ProposalIn, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """An amendment from the floor: `mover` moves it, `seconders` stand behind it. One that `amends` another, named by
    its id, is written on the words which that one proposes, in its language.
    """

    mover: UUID
    seconders: Annotated[list[UUID], Meta(max_length=50)] = []
    amends: UUID | None = None


class CertificationIn(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Whether the words recorded are those of their mover; where they are not, `reason` says what is wrong."""

    is_correct: bool
    reason: Reason = ""


class CompromiseIn(ProposalIn, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """An amendment that `replaces` others, named by their numbers."""

    replaces: Annotated[list[Annotated[int, Meta(ge=1, le=2_000_000_000)]], Meta(min_length=1, max_length=50)]


class ReplacedOut(Struct, frozen=True, kw_only=True):
    """An amendment that a compromise replaces, and what its proposer answers."""

    number: int
    proposer: str
    organisation: str
    answer: Cosponsoring

    @classmethod
    def of(cls, replacement: Replacement) -> "ReplacedOut":
        replaced = replacement.replaced
        return cls(
            number=replaced.number,
            proposer=replaced.proposer.name,
            organisation=replaced.organisation.name if replaced.organisation else "",
            answer=replacement.answer,
        )


class LeaveIn(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Whether an amendment has leave to be filed late; where it has not, `reason` says why."""

    is_given: bool
    reason: Reason = ""


class ChildIn(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """An amendment to an amendment, in its language: changes to the text that it proposes."""

    changes: ChangesIn
    reason: Reason = ""
    is_indivisible: bool = False


class RevisionIn(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """New words for one's own amendment, on the text in force. Without a `reason` the old one stays.

    Where another person's amendment asks for the very same, it is refused unless it `stands_beside` that one.
    """

    changes: ChangesIn
    reason: Reason | None = None
    stands_beside: bool = False


class EditIn(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A change of the text by the committee itself, which needs a reason; `mover` is whose proposal it is."""

    language: Language
    changes: ChangesIn
    reason: Reason
    mover: UUID | None = None


class AmendmentRulingIn(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What the committee says of one amendment. `changes` are its own wording, for `adopt_modified`.

    `pieces` are the changes that `adopt_partly` takes, counted from 0 in the order of the text: each word hunk of a
    paragraph that is only reworded, each other hunk whole; the others are rejected unless `keeps_rest_open`. `fall`
    names in `because_of` the amendment on whose account it falls, or says in `reason` why. `bracket` sets its words
    beside the text in a bracket. `inadmissible` says in `reason` on which ground it is not receivable. `hand_over`
    leaves it to the translators, where the words of another language were taken.
    """

    amendment_id: UUID
    verdict: Literal[
        "adopt", "adopt_modified", "adopt_partly", "reject", "refer", "bracket", "fall", "hand_over", "inadmissible"
    ]
    reason: Reason = ""
    changes: ChangesIn = []
    pieces: Annotated[list[Annotated[int, Meta(ge=0, le=10_000)]], Meta(max_length=1_000)] = []
    keeps_rest_open: bool = False
    because_of: UUID | None = None


class RulingsIn(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Decisions on several amendments at once; where a `language` is given, on those in it.

    `leading` names by block the language that leads where amendments in several would change the paragraph.
    """

    language: Language | None = None
    rulings: Annotated[list[AmendmentRulingIn], Meta(min_length=1, max_length=1_000)]
    leading: Annotated[dict[UUID, Language], Meta(max_length=1_000)] = {}


class AmendmentLine(Struct, frozen=True, kw_only=True):
    """An amendment in the list, with its proposer's own words.

    `status` says how they stand to the text in force. `amends` is the number of the
    amendment that it amends; its changes are then to the text which that one proposes.
    `cosponsors` are those who have confirmed; `organisations` counts all that stand behind it.
    A compromise `replaces` others. One that `is_oral` was moved from the floor; its mover has certified it since
    `certified_at`.
    """

    id: UUID
    number: int
    language: Language
    disposition: Disposition
    status: RebaseStatus
    amends: int | None
    proposer: str
    organisation: str
    reason: str
    is_indivisible: bool
    is_late: bool
    is_oral: bool
    certified_at: datetime | None
    replaces: list[int]
    base_revision: int
    filed_at: datetime
    changes: list[Change]
    cosponsors: list[str]
    organisations: int

    @classmethod
    def of(cls, amendment: Amendment) -> "AmendmentLine":
        version = amendment.own
        return filled(
            cls,
            amendment,
            amends=amendment.parent.number if amendment.parent else None,
            proposer=amendment.proposer.name,
            organisation=amendment.organisation.name if amendment.organisation else "",
            base_revision=version.base_revision.number,
            changes=list(changes_of(version)),
            replaces=sorted(each.replaced.number for each in amendment.replaces),
            cosponsors=[sponsor.person.name for sponsor in sponsors(amendment)],
            organisations=len(organisations_behind(amendment)),
        )


class AmendmentsOut(Struct, frozen=True, kw_only=True):
    """A page of the amendments that the actor may read, by number. `next` is the cursor of the page after it."""

    items: list[AmendmentLine]
    next: str | None = None

    @classmethod
    def of(cls, found: Sequence[Amendment], cursor: str | None) -> "AmendmentsOut":
        return cls(items=[AmendmentLine.of(amendment) for amendment in found], next=cursor)


class AmendmentVersionOut(Struct, frozen=True, kw_only=True):
    """The proposal at one time: its changes, and their diff with the version of the engine that made it.

    `made_by`: the proposer, in their own words; the committee, in its modified
    wording; or the engine, which says the same about a newer text. `based_on` is
    the number of the version it was made from.
    """

    number: int
    base_revision: int
    based_on: int | None
    made_by: Literal["proposer", "committee", "engine"]
    engine_version: str
    changes: list[Change]
    hunks: list[Hunk]
    made_at: datetime

    @classmethod
    def of(cls, version: AmendmentVersion, amendment: Amendment) -> "AmendmentVersionOut":
        return filled(
            cls,
            version,
            base_revision=version.base_revision.number,
            based_on=next(
                (earlier.number for earlier in amendment.versions if earlier.id == version.based_on_id), None
            ),
            made_by=_maker(version, amendment),
            changes=list(changes_of(version)),
            hunks=list(version.diff),
        )


def _maker(version: AmendmentVersion, amendment: Amendment) -> Literal["proposer", "committee", "engine"]:
    if version.is_automatic:
        return "engine"
    return "proposer" if version.made_by_id == amendment.proposer_id else "committee"


class CarryingOut(Struct, frozen=True, kw_only=True):
    """How version `version` stood to the text of `revision`; `made` is the version the engine made for that text.

    It makes none where a person must decide, or where nothing is left to ask for.
    """

    revision: int
    version: int
    status: RebaseStatus
    made: int | None
    engine_version: str
    carried_at: datetime

    @classmethod
    def of(cls, carrying: Carrying, amendment: Amendment) -> "CarryingOut":
        numbers = {version.id: version.number for version in amendment.versions}
        return filled(
            cls,
            carrying,
            revision=carrying.revision.number,
            version=numbers[carrying.version_id],
            made=numbers[carrying.made_id] if carrying.made_id else None,
        )


class AmendmentOut(Struct, frozen=True, kw_only=True):
    """An amendment with every version of its words, how they were carried to newer texts, and who amends it.

    `recorded_by` wrote an oral one down; `dispute` is what its mover says is wrong with it.
    `replaced` are those for which a compromise stands.
    """

    declaration_id: UUID
    amendment: AmendmentLine
    versions: list[AmendmentVersionOut]
    carried: list[CarryingOut]
    amended_by: list[int]
    backing: BackingOut
    recorded_by: str
    dispute: str
    replaced: list[ReplacedOut]

    @classmethod
    def of(cls, amendment: Amendment, *, reader: UUID | None = None) -> "AmendmentOut":
        """`reader` is who reads it: some of it is not for everybody."""
        return cls(
            declaration_id=amendment.declaration_id,
            amendment=AmendmentLine.of(amendment),
            versions=[AmendmentVersionOut.of(version, amendment) for version in amendment.versions],
            carried=[CarryingOut.of(carrying, amendment) for carrying in amendment.carryings],
            amended_by=[child.number for child in amendment.children],
            backing=BackingOut.of(amendment, reader),
            recorded_by=amendment.recorded_by.name if amendment.recorded_by else "",
            dispute=amendment.dispute,
            replaced=[ReplacedOut.of(each) for each in amendment.replaces],
        )


class DecisionOut(Struct, frozen=True, kw_only=True):
    """One decision with its reason and what it did. `revision` is the number of the one it made, if it made one.

    `mover` is whose proposal an edit is, where one is named.
    `undone_by` is the number of the decision that took it back, null while it stands; `undoes` are those it took back.
    """

    id: UUID
    number: int
    verdict: Verdict
    outcome: DecisionOutcome
    reason: str
    amendment: int | None
    block_id: UUID | None
    language: Language | None
    revision: int | None
    decided_by: str
    mover: str
    decided_at: datetime
    round_id: UUID | None
    because_of: int | None
    undone_by: int | None
    undoes: list[int]

    @classmethod
    def of(cls, decision: Decision) -> "DecisionOut":
        return filled(
            cls,
            decision,
            amendment=decision.amendment.number if decision.amendment else None,
            revision=decision.revision.number if decision.revision else None,
            decided_by=decision.decided_by.name if decision.decided_by else "",
            mover=decision.moved_by,
            because_of=decision.because_of.number if decision.because_of else None,
            undone_by=decision.undone_by.number if decision.undone_by else None,
            undoes=[undone.number for undone in decision.undoes],
        )


class AdoptionOut(Struct, frozen=True, kw_only=True):
    """What came of a round of decisions: a revision if the text changed, and what still collides."""

    revision: RevisionLine | None
    decisions: list[DecisionOut]
    clusters: list[Cluster]

    @classmethod
    def of(cls, revision: Revision | None, decisions: Iterable[Decision], clusters: Iterable[Cluster]) -> "AdoptionOut":
        return cls(
            revision=RevisionLine.of(revision) if revision else None,
            decisions=[DecisionOut.of(decision) for decision in decisions],
            clusters=list(clusters),
        )


class ForeseenParagraph(Struct, frozen=True, kw_only=True):
    """A paragraph as it would read; `is_bracketed` where it would be added in brackets."""

    block_id: UUID
    text: str
    is_bracketed: bool


class ForeseenOutcome(Struct, frozen=True, kw_only=True):
    """What would come of adopting an amendment."""

    number: int
    outcome: DecisionOutcome


class ForeseenText(Struct, frozen=True, kw_only=True):
    """The text of a language as it would read, what would come of the amendments in it, and what would collide."""

    language: Language
    paragraphs: list[ForeseenParagraph]
    outcomes: list[ForeseenOutcome]
    clusters: list[Cluster]


class ProspectOut(Struct, frozen=True, kw_only=True):
    """What decisions would do, language by language."""

    texts: list[ForeseenText]

    @classmethod
    def of(cls, prospect: Prospect) -> "ProspectOut":
        bracketed = frozenset[str]().union(*(preview.in_brackets for preview in prospect.previews.values()))
        texts = [
            ForeseenText(
                language=language,
                paragraphs=[
                    ForeseenParagraph(block_id=UUID(block.id), text=block.text, is_bracketed=block.id in bracketed)
                    for block in text
                ],
                outcomes=[
                    ForeseenOutcome(number=number, outcome=outcome)
                    for number, outcome in sorted(preview.outcomes.items() if preview else ())
                ],
                clusters=[*preview.overtaken, *preview.clusters] if preview else [],
            )
            for language, text in prospect.texts.items()
            for preview in [prospect.previews.get(language)]
        ]
        return cls(texts=texts)


class ParagraphThenOut(Struct, frozen=True, kw_only=True):
    """A paragraph that would change: its words in force and as they would be, "" for none. `is_behind` says that
    another language changes it and this one has no translation for that yet.
    """

    block_ids: Sequence[UUID]
    now: str
    then: str
    is_behind: bool


class TextThenOut(Struct, frozen=True, kw_only=True):
    """What would change in one language, in the order of the text."""

    language: Language
    changes: Sequence[ParagraphThenOut]


class WhatIfOut(Struct, frozen=True, kw_only=True):
    """What adopting some amendments would come to. `disputes` are numbers of those that cannot all stand, `lapsing` of
    others that could not stand any more; `barred` names those that cannot be adopted now, with the reason.
    """

    texts: Sequence[TextThenOut]
    disputes: Sequence[Sequence[int]]
    lapsing: Sequence[int]
    barred: Mapping[int, str]

    @classmethod
    def of(cls, seen: WhatIf) -> Self:
        return cls(
            texts=[
                TextThenOut(language=language, changes=[_paragraph(*change) for change in text.changes()])
                for language, text in seen.texts.items()
            ],
            disputes=seen.disputes,
            lapsing=seen.lapsing,
            barred=seen.barred,
        )


def _paragraph(row: DiffRow, state: str) -> ParagraphThenOut:
    return ParagraphThenOut(
        block_ids=[UUID(block.id) for block in row.new or row.old],
        now="\n\n".join(block.text for block in row.old),
        then="\n\n".join(block.text for block in row.new),
        is_behind=state == "behind",
    )


class CollisionsOut(Struct, frozen=True, kw_only=True):
    """What the undecided amendments of one language would come to if all were adopted now."""

    language: Language
    clusters: list[Cluster]
    flags: list[Flag]

    @classmethod
    def of(cls, found: AdoptionPreview) -> "CollisionsOut":
        return cls(language=found.head.language, clusters=list(found.clusters), flags=list(found.merged.flags))
