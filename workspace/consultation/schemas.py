"""Review, working groups, projects and adopted texts, as programs send and read them."""

from datetime import date
from typing import Annotated, Literal
from uuid import UUID

from msgspec import Meta, Struct

from workspace.consultation.adopted_texts import AdoptedRow
from workspace.consultation.models import AdoptedText, MarkKind, Project, ProjectState, Trace, why_set_aside
from workspace.consultation.projects import ProjectFields
from workspace.core.shapes import Shape, filled
from workspace.recommendations.models import Recommendation, RecommendationStatus

Tongue = Literal["es", "en", "fr"]
Line = Annotated[int, Meta(ge=1, le=2_000_000)]
Words = Annotated[str, Meta(max_length=8_000)]
Short = Annotated[str, Meta(max_length=300)]


class ItemOut(Struct, frozen=True, kw_only=True):
    """One item of a document: its words now, and `original`, those that were read, where they were changed."""

    id: UUID
    number: int
    session_id: UUID | None
    text: str
    language: str
    line: int | None
    section: str
    working_group: str
    standing: RecommendationStatus
    original: str | None
    reason: str
    came_from_id: UUID | None

    @classmethod
    def of(cls, recommendation: Recommendation, trace: Trace | None) -> "ItemOut":
        return filled(
            cls,
            recommendation,
            original=trace.original if trace and trace.original != recommendation.text else None,
            reason=why_set_aside(recommendation, trace),
            came_from_id=trace.came_from_id if trace else None,
        )


class ReviewFindingOut(Struct, frozen=True, kw_only=True):
    """An inconsistency, told in English; `digest` names it."""

    session_id: UUID
    digest: str
    type: str
    severity: str
    description: str
    is_seen: bool


class NoteSuggestionOut(Shape, frozen=True, kw_only=True):
    """Words that were read or marked as something. `key` names it in its document; `number` is a recommendation's."""

    key: str
    kind: MarkKind
    session_id: UUID | None
    text: str
    line: int | None
    standing: RecommendationStatus
    number: int


class MarkIn(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What words of a document are; `instead_of` is the key of the suggestion that they change."""

    kind: MarkKind
    text: Words
    first_line: Line | None = None
    session_id: UUID | None = None
    theme_id: UUID | None = None
    instead_of: Annotated[str, Meta(max_length=16)] = ""


class ConfirmationsIn(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The keys of suggestions to confirm; recommendations among them come under the theme."""

    keys: Annotated[list[Annotated[str, Meta(max_length=16)]], Meta(min_length=1, max_length=500)]
    theme_id: UUID | None = None


class SuggestionReturnIn(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The key of what is to be confirmed again."""

    key: Annotated[str, Meta(max_length=16)]


class SessionFactsDigest(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What names the facts of a session, by its number, as they stood when they were read."""

    number: int
    digest: Annotated[str, Meta(max_length=64)]


class FactsIn(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The facts that were looked at, as the review gives them."""

    sessions: Annotated[tuple[SessionFactsDigest, ...], Meta(min_length=1, max_length=10_000)]


class FactsOut(Struct, frozen=True, kw_only=True):
    """The numbers of the sessions whose facts were confirmed, and of those that have changed since."""

    confirmed: list[int]
    changed: list[int]


class ConsultationReviewOut(Struct, frozen=True, kw_only=True):
    """A document with its lines, counted from 1, and what was read from it.

    `undisputed` are the facts that can be confirmed together.
    """

    document_id: UUID
    name: str
    language: str
    lines: list[str]
    items: list[ItemOut]
    suggestions: list[NoteSuggestionOut]
    findings: list[ReviewFindingOut]
    undisputed: list[SessionFactsDigest]


class NewItemIn(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Words of the document that were passed over, or the lines they stand in."""

    session_id: UUID
    text: Words = ""
    first_line: Line | None = None
    last_line: Line | None = None


class WordingIn(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Other words for an item."""

    text: Words


class DivisionIn(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The parts of an item, in order; it keeps the first."""

    parts: Annotated[list[Words], Meta(min_length=2, max_length=50)]


class JunctionIn(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The item whose words come behind."""

    other_id: UUID


class DroppingIn(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Why an item is left out of the register."""

    reason: Annotated[str, Meta(max_length=2_000)] = ""


class SeenIn(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The inconsistency that somebody looked at."""

    digest: Annotated[str, Meta(max_length=64)]


class GroupIn(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A working group of a session."""

    name: Short
    language: Tongue


class GroupOut(Shape, frozen=True, kw_only=True):
    """A working group; its recommendations carry its name."""

    id: UUID
    number: int
    name: str
    language: str


class SessionEntryIn(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A list as it was pasted, of a group or of the plenary. `confirm` confirms its items at once."""

    text: Annotated[str, Meta(max_length=200_000)]
    language: Tongue
    group_id: UUID | None = None
    confirm: bool = False


class ParticipantIn(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """An organisation that takes part in a project, or no longer does."""

    organisation_id: UUID
    takes_part: bool = True


class ProjectIn(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Everything that is said of a project by hand. `interested` are partners by name."""

    title: Words
    language: Tongue
    promoter: Words = ""
    state: ProjectState = ProjectState.PLANNED
    starts_on: date | None = None
    ends_on: date | None = None
    actions: Annotated[list[Words], Meta(max_length=200)] = []
    interested: Annotated[list[Words], Meta(max_length=200)] = []

    def fields(self) -> ProjectFields:
        return filled(ProjectFields, self)


class ProjectOut(Struct, frozen=True, kw_only=True):
    """A collaboration project. `interested` are the names in the document, `joined` organisations of the register."""

    id: UUID
    number: int
    session_id: UUID | None
    title: str
    promoter: str
    language: str
    actions: list[str]
    interested: list[str]
    joined: list[UUID]
    state: ProjectState
    starts_on: date | None
    ends_on: date | None

    @classmethod
    def of(cls, project: Project) -> "ProjectOut":
        return filled(cls, project, joined=[interest.organisation_id for interest in project.joined])


class PassageIn(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Words of an adopted text, its title, and where in it they stand."""

    source: Short
    citation: Short
    language: Tongue
    text: Words


class PassageOut(Shape, frozen=True, kw_only=True):
    """Words of an adopted text, with their citation."""

    id: UUID
    source: str
    citation: str
    language: str
    text: str


class AdoptedTextIn(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A whole text to bring in: Markdown in up to three languages. Titles may be those of the texts themselves."""

    texts: dict[Tongue, Annotated[str, Meta(max_length=1_000_000)]]
    title: dict[Tongue, Short] = {}
    symbol: Annotated[str, Meta(max_length=200)] = ""
    adopted_on: date | None = None


class AdoptedTextOut(Struct, frozen=True, kw_only=True):
    """A whole text of the bank, and how many paragraphs it has."""

    id: UUID
    title: dict[str, str]
    symbol: str
    adopted_on: date | None
    paragraphs: int

    @classmethod
    def of(cls, text: AdoptedText, paragraphs: int) -> "AdoptedTextOut":
        return filled(cls, text, title=text.title.to_dict(), paragraphs=paragraphs)


class AdoptedRowOut(Struct, frozen=True, kw_only=True):
    """A paragraph in the languages that have it; `is_doubtful` where nobody has looked at the pairing."""

    position: int
    kind: str
    is_doubtful: bool
    passages: list[PassageOut]

    @classmethod
    def of(cls, row: AdoptedRow) -> "AdoptedRowOut":
        return filled(cls, row, passages=[PassageOut.of(passage) for passage in row.passages.values()])


class AdoptedWholeOut(Struct, frozen=True, kw_only=True):
    """A whole text with its paragraphs in order."""

    text: AdoptedTextOut
    rows: list[AdoptedRowOut]

    @classmethod
    def of(cls, text: AdoptedText, rows: list[AdoptedRow]) -> "AdoptedWholeOut":
        return cls(text=AdoptedTextOut.of(text, len(rows)), rows=[AdoptedRowOut.of(row) for row in rows])


class AdoptedRowIn(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A paragraph of a text, and whether its languages say the same; where they do not, each stands alone."""

    position: Line
    is_same: bool
