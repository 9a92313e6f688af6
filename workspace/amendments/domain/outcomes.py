"""What the committee can say of amendments, and what each verdict makes of one; nothing is stored here."""

from collections.abc import Collection, Mapping, Sequence
from uuid import UUID

from msgspec import Struct
from msgspec.structs import replace

from drafts.diff.amendments import Amendment as Proposal
from drafts.diff.amendments import Change
from drafts.merge.disputes import Cluster
from drafts.merge.merge import Merged, merge
from drafts.text.blocks import Document, Language
from workspace.amendments.domain.models import (
    Amendment,
    AmendmentVersion,
    Decision,
    DecisionOutcome,
    Disposition,
    Verdict,
)
from workspace.amendments.domain.stored_amendments import BaseDocuments, CarriedProposal
from workspace.amendments.domain.sub_amendments import AcceptedSubAmendments
from workspace.core.errors import Invalid, Undecidable
from workspace.core.validation import ensure_short
from workspace.declarations.domain.models import LineageKind, Revision
from workspace.declarations.domain.service import BlockDescent, LedText


class AdoptionPreview(Struct, frozen=True):
    """What adopting amendments does to the text in force, and what becomes of each by number.

    `overtaken` are the disputes with what was adopted after an amendment was
    filed; such an amendment takes no part in `merged`. `apart` are those of
    amendments that share no language. `in_brackets` are the paragraphs that would
    be set into the text as a whole in brackets, and `text` all that would be there.
    """

    head: Document
    merged: Merged
    overtaken: tuple[Cluster, ...]
    outcomes: Mapping[int, DecisionOutcome]
    apart: tuple[Cluster, ...] = ()
    with_brackets: Document | None = None
    in_brackets: frozenset[str] = frozenset()

    @property
    def text(self) -> Document:
        return self.with_brackets or self.merged.document

    @property
    def clusters(self) -> tuple[Cluster, ...]:
        return (*self.merged.clusters, *self.apart)

    def with_languages(
        self, apart: tuple[Cluster, ...], *, also: Mapping[int, DecisionOutcome] | None = None
    ) -> "AdoptionPreview":
        """The same with disputes between languages, whose amendments wait, and with what else has an outcome."""
        waits = {number: DecisionOutcome.WAITS for cluster in apart for number in cluster.amendments}
        return replace(self, apart=apart, outcomes={**self.outcomes, **(also or {}), **waits})


def adoption_preview(head: Document, adopted: Sequence[Proposal], bases: BaseDocuments) -> AdoptionPreview:
    carried = {proposal.number: bases.carried(proposal, head) for proposal in adopted}
    merged = merge(head, [carrying.proposal for carrying in carried.values() if carrying.proposal])
    overtaken = tuple(cluster for carrying in carried.values() for cluster in carrying.clusters)
    outcomes = {number: _outcome(merged, number, carrying) for number, carrying in carried.items()}
    return AdoptionPreview(head, merged, overtaken, outcomes)


def follow(texts: Mapping[Language, Document], made: AdoptionPreview) -> Mapping[Language, Document]:
    """The text of every language once one of them reads as foreseen."""
    if made.text == made.head:
        return texts
    return {of: made.text if of is made.text.language else _following(text, made) for of, text in texts.items()}


def _following(text: Document, made: AdoptionPreview) -> Document:
    """Each paragraph in the words of its own language, those of joined ones together."""
    words = {block.id: block.text for block in text}
    for branch in made.merged.lineage.joins:
        for other in branch.others:
            words[branch.block] = " ".join(filter(None, (words.get(branch.block), words.get(other))))
    return Document(tuple(replace(block, text=words.get(block.id, "")) for block in made.text), text.language)


def descents(merged: Merged) -> list[BlockDescent]:
    kinds = ((LineageKind.SPLIT, merged.lineage.splits), (LineageKind.JOIN, merged.lineage.joins))
    return [
        BlockDescent(kind, UUID(branch.block), UUID(other))
        for kind, branches in kinds
        for branch in branches
        for other in branch.others
    ]


def _outcome(merged: Merged, number: int, carried: CarriedProposal) -> DecisionOutcome:
    if carried.proposal is None:
        return DecisionOutcome.WAITS if carried.clusters else DecisionOutcome.INCLUDED
    fate = merged.fate(number)
    if fate.is_whole:
        return DecisionOutcome.APPLIED
    return DecisionOutcome.PARTLY if fate.is_partial else DecisionOutcome.WAITS


ADOPTING = (Verdict.ADOPT, Verdict.ADOPT_MODIFIED, Verdict.ADOPT_PARTLY)
IN_WORDS_OF_THEIR_OWN = (Verdict.ADOPT_MODIFIED, Verdict.ADOPT_PARTLY)  # of the committee, that is
_OF_THE_TEXT = {*IN_WORDS_OF_THEIR_OWN, Verdict.HAND_OVER, Verdict.BRACKET}
_CHILDREN_FIRST = {Verdict.ADOPT, Verdict.ADOPT_PARTLY, Verdict.BRACKET}


class Ruling(Struct, frozen=True):
    """What the committee says of one amendment.

    `changes` are its own wording, for `ADOPT_MODIFIED`; `pieces` the numbers of
    the changes that are taken, for `ADOPT_PARTLY`, whose others are rejected
    unless `keeps_rest_open`; `because_of` the amendment on whose account one
    falls; without one, its `reason` says why it lapses.
    """

    amendment_id: UUID
    verdict: Verdict
    reason: str = ""
    changes: tuple[Change, ...] = ()
    pieces: tuple[int, ...] = ()
    keeps_rest_open: bool = False
    because_of: UUID | None = None


class Adoption(Struct, frozen=True):
    """What came of a round of decisions: a revision if the text changed, and what still collides."""

    revision: Revision | None
    decisions: tuple[Decision, ...]
    clusters: tuple[Cluster, ...]


class Prospect(Struct, frozen=True):
    """What decisions would do: the preview of each language, and how the text of every language would read.

    The `head` of a preview is the text as those of the languages before it leave it.
    """

    previews: Mapping[Language, AdoptionPreview]
    texts: Mapping[Language, Document]


class RulingRound(Struct, frozen=True):
    """What a round of rulings comes to, before anything is written."""

    amendments: Mapping[UUID, Amendment]
    versions: Mapping[UUID, AmendmentVersion]
    accepted: AcceptedSubAmendments
    prospects: Mapping[Language, AdoptionPreview]
    heads: Mapping[Language, Document]  # as those of the languages before the last leave them
    bracketed: Mapping[UUID, str]  # the paragraph that stands in brackets for an amendment that adds it
    apart: tuple[Cluster, ...]

    def outcome(self, amendment: Amendment) -> DecisionOutcome:
        waits = {number for cluster in self.apart for number in cluster.amendments}
        if amendment.number in waits:
            return DecisionOutcome.WAITS
        within = {**self.prospects[amendment.language].outcomes, **self.accepted.outcomes}
        return within.get(amendment.number, DecisionOutcome.NONE)

    @property
    def texts(self) -> Mapping[Language, Document]:
        """How the text of every language would read."""
        return follow(self.heads, list(self.prospects.values())[-1]) if self.prospects else self.heads

    @property
    def clusters(self) -> tuple[Cluster, ...]:
        found = self.prospects.values()
        within = (cluster for preview in found for cluster in (*preview.overtaken, *preview.merged.clusters))
        return (*self.accepted.clusters, *within, *self.apart)

    @property
    def previews(self) -> Mapping[Language, AdoptionPreview]:
        """Those of each language, with all that has an outcome in it."""
        return {language: self._preview(language) for language in self.prospects}

    def _preview(self, language: Language) -> AdoptionPreview:
        here = {amendment.number for amendment in self.amendments.values() if amendment.language is language}
        apart = tuple(cluster for cluster in self.apart if here.intersection(cluster.amendments))
        also = {number: outcome for number, outcome in self.accepted.outcomes.items() if number in here}
        return self.prospects[language].with_languages(apart, also=also)

    @property
    def written(self) -> list[LedText]:
        """The text of each language in which it changes, in the order in which they follow each other."""
        return [
            LedText(preview.text, descents(preview.merged))
            for preview in self.prospects.values()
            if preview.text != preview.head
        ]


_DECIDED: Mapping[Verdict, Disposition] = {
    Verdict.REJECT: Disposition.REJECTED,
    Verdict.REFER: Disposition.REFERRED,
    Verdict.HAND_OVER: Disposition.HANDED_OVER,
    Verdict.FALL: Disposition.FALLEN,
    Verdict.BRACKET: Disposition.BRACKETED,
    Verdict.INADMISSIBLE: Disposition.INADMISSIBLE,
}
_CAME_TO: Mapping[DecisionOutcome, Disposition] = {
    DecisionOutcome.APPLIED: Disposition.ADOPTED,
    DecisionOutcome.INCLUDED: Disposition.ADOPTED,
    DecisionOutcome.PARTLY: Disposition.PARTLY,
    DecisionOutcome.TAKEN: Disposition.ACCEPTED,
}


def disposition(ruling: Ruling, outcome: DecisionOutcome, before: Disposition) -> Disposition:
    """What an amendment is after a verdict that came to this."""
    if ruling.verdict in _DECIDED:
        return _DECIDED[ruling.verdict]
    after = _CAME_TO.get(outcome, before)
    if ruling.verdict is Verdict.ADOPT_PARTLY and after is Disposition.ADOPTED:
        return Disposition.PARTLY if ruling.keeps_rest_open else Disposition.PART_ADOPTED
    return after


def ensure_in_family(amendment: Amendment, verdict: Verdict, settled: Collection[UUID]) -> None:
    """Children are decided before their parent, and in the words of their authors."""
    if amendment.parent is not None and verdict in _OF_THE_TEXT:
        raise Undecidable(number=amendment.number, reason="modify_parent")
    undecided = [child for child in amendment.children if child.disposition.is_undecided and child.id not in settled]
    if verdict in _CHILDREN_FIRST and undecided:
        raise Undecidable(number=amendment.number, reason="children_first")


def ensure_complete(rulings: Sequence[Ruling]) -> None:
    """Each amendment once, and each verdict with what it needs."""
    ids = [ruling.amendment_id for ruling in rulings]
    if not ids or len(set(ids)) < len(ids):
        raise Invalid(field="decisions", reason="each_once")
    for ruling in rulings:
        ensure_short(ruling.reason)
        if ruling.verdict is Verdict.ADOPT_MODIFIED and not ruling.changes:
            raise Invalid(field="changes", reason="empty")
        if ruling.verdict is Verdict.INADMISSIBLE and not ruling.reason.strip():
            raise Invalid(field="reason", reason="empty")
        is_explained = ruling.because_of is not None or bool(ruling.reason.strip())
        if ruling.verdict is Verdict.FALL and (ruling.because_of == ruling.amendment_id or not is_explained):
            raise Invalid(field="because_of", reason="required")
