"""Declarations, their revisions and texts, as programs read and make them."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from itertools import chain
from typing import Annotated, Any, Literal
from uuid import UUID

import sqlalchemy as sa
from msgspec import Meta, Struct, convert

from drafts.base.constants import ENGINE_VERSION
from drafts.diff.side_by_side import DiffRow
from drafts.formats.assembly import Authenticity
from drafts.languages.staleness import State
from drafts.text.blocks import BlockKind, Language
from workspace.approvals.models import ApprovalRequest
from workspace.core import clock
from workspace.core.errors import Invalid
from workspace.core.security.permissions import Phase
from workspace.core.shapes import filled
from workspace.core.storage.db import Trilingual
from workspace.declarations.domain import queries
from workspace.declarations.domain.calendar import as_given, opening_moment
from workspace.declarations.domain.models import (
    Absence,
    Deadline,
    Declaration,
    Provenance,
    ProvenanceKind,
    Revision,
    RevisionCause,
    Stage,
)
from workspace.declarations.domain.queries import BlockRow, TextValue
from workspace.declarations.domain.windows import window
from workspace.people.schemas import PhaseWord, phase_word
from workspace.web.http.preconditions import PHASE_MARK

Absences = Mapping[tuple[UUID, Language], Absence]
Slug = Annotated[str, Meta(max_length=80)]
Reason = Annotated[str, Meta(max_length=5_000)]
Source = Annotated[str, Meta(max_length=900_000)]


class RevisionLine(Struct, frozen=True, kw_only=True):
    """One state of the whole declaration. `made_by` is a name, empty where a program or nobody named made it."""

    id: UUID
    number: int
    cause: RevisionCause
    note: str
    made_by: str
    made_at: datetime

    @classmethod
    def of(cls, revision: Revision) -> "RevisionLine":
        return filled(cls, revision, made_by=revision.made_by.name if revision.made_by else "")


class DeclarationLine(Struct, frozen=True, kw_only=True):
    """A declaration in the list of its forum."""

    id: UUID
    slug: str
    name: Trilingual
    phase: PhaseWord

    @classmethod
    def of(cls, declaration: Declaration) -> "DeclarationLine":
        return cls(id=declaration.id, slug=declaration.slug, name=declaration.name, phase=phase_word(declaration.phase))


class DeclarationOut(Struct, frozen=True, kw_only=True):
    """A declaration and its head revision, whose id is what `If-Match` names for decisions, edits and phases."""

    id: UUID
    forum: str
    slug: str
    name: Trilingual
    original_language: Language
    authenticity: Authenticity
    prevailing_language: Language | None
    phase: PhaseWord
    is_embargoed: bool
    head: RevisionLine

    @classmethod
    def of(cls, declaration: Declaration) -> "DeclarationOut":
        phase, head = phase_word(declaration.phase), RevisionLine.of(declaration.head)
        return filled(cls, declaration, forum=declaration.forum.slug, phase=phase, head=head)

    @property
    def etag(self) -> str:
        """Another one for each state of the answer: the id of the head, which a write names, and the phase."""
        return f"{self.head.id}{PHASE_MARK}{self.phase}"


class GapOut(Struct, frozen=True, kw_only=True):
    """A paragraph that one language lacks, told by how it begins in another."""

    language: Language
    excerpt: str


class MadeOut(Struct, frozen=True, kw_only=True):
    """A new declaration, what its texts lack, and the paragraphs of doubtful rows, whose texts are unverified."""

    declaration: DeclarationOut
    gaps: list[GapOut] = []
    unverified: list[UUID] = []


class TextsIn(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The same declaration in two or three languages, as Markdown."""

    es: Source | None = None
    en: Source | None = None
    fr: Source | None = None

    def to_sources(self) -> dict[Language, str]:
        """The texts by language; raises `Invalid` when there is none."""
        given = {language: getattr(self, language.value) for language in Language}
        sources = {language: text for language, text in given.items() if text and text.strip()}
        if not sources:
            raise Invalid(field="texts", reason="empty")
        return sources


class DeclarationIn(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A declaration to take in from texts that exist; they are aligned by what they say.

    `language` is the original one. `accept_gaps` takes texts in even if many paragraphs have no counterpart.
    """

    slug: Slug
    language: Language
    texts: TextsIn
    accept_gaps: bool = False

    def to_texts(self) -> dict[Language, str]:
        """The texts by language; raises `Invalid` when there is none in the original language."""
        sources = self.texts.to_sources()
        if self.language not in sources:
            raise Invalid(field="language", reason="empty")
        return sources


class DeclarationNameIn(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A name in one language at least."""

    es: Annotated[str, Meta(max_length=300)] = ""
    en: Annotated[str, Meta(max_length=300)] = ""
    fr: Annotated[str, Meta(max_length=300)] = ""

    def to_name(self) -> Trilingual:
        """Raises `Invalid` for a name that says nothing."""
        name = Trilingual(es=self.es.strip(), en=self.en.strip(), fr=self.fr.strip())
        if not name.said_in(Language.EN):
            raise Invalid(field="name", reason="empty")
        return name


class DeclarationDraftIn(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A first draft to make out of recommendations, by number and in this order: a numbered paragraph for each.

    `taxonomy_id` makes a part for each theme of a list, axes or sets, instead of each session; the chapeau and the
    preamble of the adopted text `opening_id` open the draft.
    """

    slug: Slug
    name: DeclarationNameIn
    language: Language
    recommendations: Annotated[list[Annotated[int, Meta(ge=1, le=2_000_000_000)]], Meta(min_length=1, max_length=1_000)]
    taxonomy_id: UUID | None = None
    opening_id: UUID | None = None


class TextOut(Struct, frozen=True, kw_only=True):
    """A text version: one block in one language, immutable. `id` is what `If-Match` names when it is replaced."""

    id: UUID
    content: str
    content_hash: str

    @classmethod
    def of(cls, version: TextValue) -> "TextOut":
        return cls(id=version.id, content=version.content, content_hash=version.content_hash)


class TrilingualOut(Struct, frozen=True, kw_only=True):
    """The text versions of one block; null in a language that has none."""

    es: TextOut | None
    en: TextOut | None
    fr: TextOut | None

    @classmethod
    def of(cls, row: BlockRow) -> "TrilingualOut":
        es, en, fr = (TextOut.of(row.texts[language]) if language in row.texts else None for language in Language)
        return cls(es=es, en=en, fr=fr)


class StatesOut(Struct, frozen=True, kw_only=True):
    """How each language's text of a block stands towards its original."""

    es: State
    en: State
    fr: State

    @classmethod
    def of(cls, states: Mapping[Language, State]) -> "StatesOut":
        es, en, fr = (states[language] for language in Language)
        return cls(es=es, en=en, fr=fr)


class ReasonsOut(Struct, frozen=True, kw_only=True):
    """Why a block has no text in a language, by decision; empty where it has one, or nobody decided."""

    es: str
    en: str
    fr: str

    @classmethod
    def of(cls, block_id: UUID, absences: Absences) -> "ReasonsOut":
        found = (absences.get((block_id, language)) for language in Language)
        es, en, fr = (absence.reason if absence else "" for absence in found)
        return cls(es=es, en=en, fr=fr)


class BlockOut(Struct, frozen=True, kw_only=True):
    """One block in its place with the text of each language. `number` is that of the paragraph, "" without one."""

    id: UUID
    number: str
    kind: BlockKind
    level: int
    original_language: Language
    texts: TrilingualOut

    @classmethod
    def every(cls, rows: Sequence[BlockRow]) -> "list[BlockOut]":
        """The blocks of a text, numbered."""
        numbered = queries.numbers_of(rows)
        return [
            filled(cls, row, id=row.block_id, number=numbered.get(row.id, ""), texts=TrilingualOut.of(row))
            for row in rows
        ]


class RevisionOut(Struct, frozen=True, kw_only=True):
    """One state of the whole declaration with the texts it pins."""

    revision: RevisionLine
    blocks: list[BlockOut]

    @classmethod
    def of(cls, revision: Revision, rows: Sequence[BlockRow]) -> "RevisionOut":
        return cls(revision=RevisionLine.of(revision), blocks=BlockOut.every(rows))


class ComparisonOut(Struct, frozen=True, kw_only=True):
    """Two revisions in one language, row by row in reading order, with the words kept, inserted and deleted."""

    from_revision: int
    to_revision: int
    language: Language
    engine_version: str
    rows: list[DiffRow]

    @classmethod
    def of(cls, before: Revision, after: Revision, language: Language, rows: Iterable[DiffRow]) -> "ComparisonOut":
        return cls(
            from_revision=before.number,
            to_revision=after.number,
            language=language,
            engine_version=ENGINE_VERSION,
            rows=list(rows),
        )


class LinkIn(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A paragraph comes from a recommendation. Saying it again changes kind and note."""

    block_id: UUID
    recommendation_id: UUID
    kind: ProvenanceKind = ProvenanceKind.TAKEN_UP
    note: Annotated[str, Meta(max_length=2_000)] = ""


class LinkOut(Struct, frozen=True, kw_only=True):
    """What a paragraph did with a recommendation, which stands here in its own words.

    `wants_look`: the link was taken over when paragraphs were split, joined or moved, and nobody has looked since.
    """

    id: UUID
    block_id: UUID
    recommendation_id: UUID
    number: int
    session_title: str
    language: str
    text: str
    kind: ProvenanceKind
    note: str
    wants_look: bool

    @classmethod
    def of(cls, link: Provenance) -> "LinkOut":
        of, note = link.recommendation, {"session_title": link.recommendation.origin}
        return filled(cls, link, number=of.number, language=of.language, text=of.text, **note)


class ProvenanceOut(Struct, frozen=True, kw_only=True):
    """What each paragraph came from."""

    items: list[LinkOut]

    @classmethod
    def of(cls, links: Iterable[sa.Row[*tuple[Any, ...]]]) -> "ProvenanceOut":
        """Of rows that have what a link shows, those of a paragraph together, in the order in which they come."""
        by_block: dict[UUID, list[LinkOut]] = {}
        for link in links:
            by_block.setdefault(link.block_id, []).append(LinkOut(**link._asdict()))
        return cls(items=[*chain.from_iterable(by_block.values())])


PhaseMatter = Literal["adoption", "embargo"]
Moment = Annotated[str, Meta(max_length=40, examples=["2027-06-12T18:00", "2027-06-12T18:00-03:00"])]


class PhaseIn(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The phase to go to: one forward, or back with a reason."""

    phase: PhaseWord
    reason: Reason = ""

    def to_phase(self) -> Phase:
        return Phase[self.phase.upper()]


class DeadlineIn(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """When a stage opens and closes, as its zone's clock shows it, or with an offset of its own; empty for no date.

    `zone` is that of the forum where it is empty. `reason` is needed to change dates that were known already.
    """

    opens: Moment = ""
    closes: Moment = ""
    zone: Annotated[str, Meta(max_length=80)] = ""
    reason: Reason = ""


class DeadlineOut(Struct, frozen=True, kw_only=True):
    """The dates of a stage with the offsets they were given with, and when it did open and close.

    Where the declaration went back behind it since, it has not opened, and opens by itself no more.
    """

    stage: Stage
    zone: str
    opens_at: datetime | None
    closes_at: datetime | None
    opened_at: datetime | None
    closed_at: datetime | None

    @classmethod
    def of(cls, declaration: Declaration, deadline: Deadline) -> "DeadlineOut":
        opens_at = as_given(deadline.opens_at, deadline.opens_offset) if opening_moment(declaration, deadline) else None
        return filled(
            cls,
            deadline,
            opens_at=opens_at,
            closes_at=as_given(deadline.closes_at, deadline.closes_offset),
            opened_at=deadline.opened_at and opening_moment(declaration, deadline),
        )


class CalendarOut(Struct, frozen=True, kw_only=True):
    """The phase of a declaration and the dates of its stages. After `has_window_closed`, amendments are marked late."""

    phase: PhaseWord
    has_window_opened: bool
    has_window_closed: bool
    items: list[DeadlineOut]

    @classmethod
    def of(cls, declaration: Declaration) -> "CalendarOut":
        filing = window(declaration, clock.now())
        order = list(Stage)
        dated = sorted(declaration.deadlines, key=lambda deadline: order.index(deadline.stage))
        return cls(
            phase=phase_word(declaration.phase),
            has_window_opened=filing.has_opened,
            has_window_closed=filing.has_closed,
            items=[DeadlineOut.of(declaration, deadline) for deadline in dated],
        )


class RequestIn(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What to ask a second person for. `wanted` is whether there is to be an embargo; for the adoption it is true."""

    matter: PhaseMatter
    wanted: bool = True


class PhaseRequestOut(Struct, frozen=True, kw_only=True):
    """What waits for a second person; confirmed already, if it waits for its date only."""

    matter: PhaseMatter
    wanted: bool
    requested_by: UUID
    requested_at: datetime
    is_confirmed: bool

    @classmethod
    def of(cls, request: ApprovalRequest) -> "PhaseRequestOut":
        return cls(
            matter=convert(request.matter.value, PhaseMatter),
            wanted=request.details["wanted"],
            requested_by=convert(request.requested_by_id, UUID),
            requested_at=request.requested_at,
            is_confirmed=not request.is_waiting,
        )


class HistoryIn(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Whether everybody may read the history of a published declaration, and why."""

    is_open: bool
    reason: Reason
