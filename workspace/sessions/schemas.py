"""The programme of a forum as programs read it."""

from uuid import UUID

from msgspec import Struct
from msgspec.structs import replace

from workspace.core.shapes import Shape
from workspace.sessions.extraction import SessionDetails
from workspace.sessions.models import Session


class RapporteurIn(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Whose session it is to note down: a rapporteur of the forum."""

    person_id: UUID


class SessionLine(Shape, frozen=True, kw_only=True):
    """A session in the programme. `starts` and `ends` are ISO 8601, with an offset where the source gives one."""

    id: UUID
    number: int
    title: str
    language: str
    starts: str | None
    ends: str | None
    place: str | None


class ProgrammeOut(Struct, frozen=True, kw_only=True):
    """The sessions of a forum in the order of their numbers."""

    items: list[SessionLine]


class DocumentOut(Shape, frozen=True, kw_only=True):
    """The document a session was read from, named by its hash."""

    id: UUID
    name: str
    language: str
    sha256: str


class SessionOut(Struct, frozen=True, kw_only=True):
    """A session with what its document tells of it.

    To whoever sees only the programme the document is not named, nor what does not add up in it.
    """

    session: SessionLine
    document: DocumentOut | None
    details: SessionDetails

    @classmethod
    def of(cls, session: Session, details: SessionDetails, *, is_open: bool) -> "SessionOut":
        line = SessionLine.of(session)
        if not is_open:
            return cls(session=line, document=None, details=replace(details, inconsistencies=(), template_sections=()))
        document = DocumentOut.of(session.document) if session.document else None
        return cls(session=line, document=document, details=details)


class CalendarAddressOut(Struct, frozen=True, kw_only=True):
    """The address of one's own calendar: it is told this once, and whoever knows it reads the programme."""

    address: str
