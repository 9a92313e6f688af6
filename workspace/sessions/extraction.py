"""What the notes of a session turn out to say, in the shape `workspace import --json` prints.

Line numbers are those of the source, counted from 1. What is not found is null or empty; what is only guessed
stands in `SessionFound.inferred` with its reason, and nowhere else.
"""

from typing import Literal

from msgspec import Struct

from workspace.core.shapes import filled

SpokenLanguage = Literal["es", "en", "fr", "und"]
DocumentKind = Literal["concept_note", "programme", "agenda", "report", "minutes", "circular", "other"]
SessionFormat = Literal["in_person", "online", "hybrid"]
Registration = Literal["required", "open"]
Confirmation = Literal["yes", "no", "unknown"]
Severity = Literal["error", "warning", "info"]


class Person(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A speaker or moderator; `confirmed` is "no" when the note says so, "yes" when it marks only others."""

    name: str | None = None
    role: str | None = None
    organisation: str | None = None
    confirmed: Confirmation = "unknown"


class AgendaItem(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One line of an agenda, with its minutes, or its clock times as "09:30"; `day` as "2027-03-04", or "--03-04" if
    nothing tells the year, where there are several."""

    title: str | None = None
    minutes: int | None = None
    start: str | None = None
    end: str | None = None
    day: str | None = None
    speakers: tuple[str, ...] = ()
    is_break: bool = False


class Guess(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A value the note does not state, and why it is likely."""

    value: str
    reason: str


class Region(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Those of the participants whom the note lists under one heading; the first session of a note has them."""

    name: str
    participants: tuple[str, ...]


class SessionFound(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A session as the note describes it; `start` and `end` are ISO 8601, with an offset where the text gives one.

    One that is for `members_only` is shown to whoever takes part in the forum, never to the public.
    """

    title: str
    type: str | None = None
    thematic_line: str | None = None
    subtheme: str | None = None
    start: str | None = None
    end: str | None = None
    utc_offset: str | None = None
    time_verbatim: str | None = None
    place: str | None = None
    room: str | None = None
    platform: str | None = None
    format: SessionFormat | None = None
    capacity: int | None = None
    registration: Registration | None = None
    working_languages: tuple[str, ...] = ()
    organisers: tuple[str, ...] = ()
    co_organisers: tuple[str, ...] = ()
    supporters: tuple[str, ...] = ()
    funders: tuple[str, ...] = ()
    members_only: bool = False
    moderators: tuple[Person, ...] = ()
    speakers: tuple[Person, ...] = ()
    agenda: tuple[AgendaItem, ...] = ()
    regions: tuple[Region, ...] = ()
    stated_duration_minutes: int | None = None
    inferred: dict[str, Guess] = {}


class TemplateSection(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A section of a form, the words it allows and the words it has."""

    name: str
    limit_words: int | None = None
    counted_words: int = 0


class Statement(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Words of the note itself: found in the source when white space, running headers and hyphens that break a word
    at the end of a line are left aside.

    `marker` is the cue that made it count. `session` is the place in `Extraction.sessions` of the session it was
    said in, where that is known.
    """

    text: str
    line: int | None = None
    page: int | None = None
    section: str | None = None
    marker: str | None = None
    session: int | None = None


class CollaborationProject(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A project members may join."""

    title: str | None = None
    promoter: str | None = None
    interested: tuple[str, ...] = ()
    actions: tuple[str, ...] = ()


class Evidence(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Where an inconsistency can be read."""

    quote: str
    line: int | None = None
    page: int | None = None


class Inconsistency(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, omit_defaults=True):
    """Something the note says in two ways, or leaves open; reported, never corrected. `description` is in English.

    `session` is the place in `Extraction.sessions` of the session in whose lines all of it stands, if there is one.
    """

    type: str
    severity: Severity
    description: str
    evidence: tuple[Evidence, ...] = ()
    session: int | None = None


class Extraction(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Everything one file proposes; a rapporteur confirms, edits or drops each of it."""

    source: str
    language: SpokenLanguage
    document_kind: DocumentKind
    title: str | None = None
    sessions: tuple[SessionFound, ...] = ()
    template_sections: tuple[TemplateSection, ...] = ()
    objectives: tuple[Statement, ...] = ()
    key_messages: tuple[Statement, ...] = ()
    discussion_questions: tuple[Statement, ...] = ()
    recommendations: tuple[Statement, ...] = ()
    participants: tuple[str, ...] = ()
    collaboration_projects: tuple[CollaborationProject, ...] = ()
    links: tuple[str, ...] = ()
    inconsistencies: tuple[Inconsistency, ...] = ()


class SessionDetails(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What is kept of a session beside its title and times; what is said of the whole document is on its first one."""

    found: SessionFound
    document_kind: DocumentKind = "other"
    template_sections: tuple[TemplateSection, ...] = ()
    objectives: tuple[Statement, ...] = ()
    key_messages: tuple[Statement, ...] = ()
    discussion_questions: tuple[Statement, ...] = ()
    decisions: tuple[Statement, ...] = ()  # of the plenary, as somebody marked them
    participants: tuple[str, ...] = ()
    collaboration_projects: tuple[CollaborationProject, ...] = ()
    links: tuple[str, ...] = ()
    inconsistencies: tuple[Inconsistency, ...] = ()

    @classmethod
    def of(cls, extraction: Extraction, found: SessionFound) -> "SessionDetails":
        """The details of `found` with everything that `extraction` says of the document as a whole."""
        return filled(cls, extraction, found=found, decisions=())
