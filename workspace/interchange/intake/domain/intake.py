"""What came in: kept as it came, read for what it proposes, and filed once somebody has looked.

Nothing is filed by reading, and nothing but what the preview showed. A receipt goes to whoever sent it.
"""

import hashlib
from abc import ABC, abstractmethod
from collections.abc import Iterator, Mapping, Sequence
from typing import Annotated, Generic, TypeVar
from uuid import UUID

import sqlalchemy as sa
from msgspec import Meta, Struct, field, json

from drafts.diff.amendments import Change, amendment_of
from drafts.formats.docx.returned import ReturnedComment, stated
from drafts.merge.merge import merge
from drafts.text.blocks import Document, Language
from workspace.accounts.domain.models import Account
from workspace.amendments.domain.conflicts import change_fingerprint, own_fingerprint
from workspace.amendments.domain.models import Amendment
from workspace.amendments.domain.stored_amendments import BaseDocuments
from workspace.amendments.service import AmendmentService
from workspace.core import clock
from workspace.core.actor import Actor, Role
from workspace.core.errors import Invalid, NotFound, Stale
from workspace.core.outbox import queue_letter
from workspace.core.storage import log
from workspace.core.storage.db import Db
from workspace.declarations.domain import queries
from workspace.declarations.domain.models import Declaration, Revision
from workspace.declarations.domain.queries import BlockRow
from workspace.declarations.domain.service import DeclarationService
from workspace.interchange.intake.domain.policy import ensure_may_file_as
from workspace.interchange.intake.proposals import ParsedProposals, Proposal
from workspace.interchange.models import DocumentIn, DocumentInAmendment, MailIn, MailInAmendment
from workspace.people.models import Contact, Mandate, Person
from workspace.people.service import PeopleService

KIND = "amendments_received"


class ReceiptsSent(Struct, frozen=True):
    """Who was sent a receipt, and whose address nobody knows."""

    receipts: int
    without_address: tuple[str, ...]


def send_receipts(db: Db, declaration: Declaration, amendments: Sequence[Amendment]) -> ReceiptsSent:
    """One letter to each proposer, to the address that the workspace has of them, whatever the mail said."""
    by_person: dict[UUID, list[Amendment]] = {}
    for amendment in amendments:
        by_person.setdefault(amendment.proposer_id, []).append(amendment)
    addresses, without = addresses_of(db, by_person), list[str]()
    for person_id, theirs in by_person.items():
        person = db.get_one(Person, person_id)
        if person_id not in addresses:
            without.append(person.name)
            continue
        numbers = sorted(amendment.number for amendment in theirs)
        page = f"/{{language}}/{declaration.forum.slug}/{declaration.slug}/amendments"
        queue_letter(
            db,
            KIND,
            to=addresses[person_id],
            language=person.language,
            person_id=person_id,
            forum_id=declaration.forum_id,
            forum=declaration.forum.name.to_dict(),
            declaration=declaration.name.to_dict(),
            numbers=", ".join(map(str, numbers)),
            path=f"{page}/{numbers[0]}" if len(numbers) == 1 else page,
        )
    return ReceiptsSent(len(by_person) - len(without), tuple(without))


def addresses_of(db: Db, persons: Mapping[UUID, object]) -> dict[UUID, str]:
    """The address of each person: that of their account, or the one they were invited at."""
    contacts = sa.select(Contact.person_id, Contact.email).where(Contact.person_id.in_(persons))
    accounts = sa.select(Account.person_id, Account.email).where(
        Account.person_id.in_(persons), Account.closed_at.is_(None)
    )
    return {row.person_id: row.email for statement in (contacts, accounts) for row in db.execute(statement)}


def person_at(db: Db, declaration: Declaration, address: str) -> Person | None:
    """The one person of the forum with this address, guests aside; None where there is none, or more than one."""
    if not address:
        return None
    accounts = sa.select(Account.person_id).where(Account.email == address, Account.closed_at.is_(None))
    contacts = sa.select(Contact.person_id).where(Contact.email == address)
    here = sa.select(Mandate.person_id).where(Mandate.forum_id == declaration.forum_id, Mandate.role != Role.GUEST)
    known = sa.or_(Person.id.in_(accounts), Person.id.in_(contacts))
    found = db.scalars(sa.select(Person).where(known, Person.id.in_(here), Person.erased_at.is_(None))).all()
    return found[0] if len(found) == 1 else None


LONGEST_NAME = 200
MOST_PLACES, MOST_COMMENTS = 2_000, 2_000
_Came = TypeVar("_Came", MailIn, DocumentIn)
_Found = TypeVar("_Found")


class Examined(Struct, Generic[_Came], frozen=True, kw_only=True):
    """What something that came in says, and the text it was made from.

    `same` are proposals by place that an open amendment asks for already, with its number; `languages` those of the
    text for which it could be read, none where it says itself for which one it is.
    """

    came: _Came
    base: Document
    rows: Sequence[BlockRow]
    parsed: ParsedProposals
    same: Mapping[int, int] = field(default_factory=dict)
    languages: Sequence[Language] = ()

    @property
    def remarks(self) -> Sequence[ReturnedComment]:
        """The comments that it makes."""
        return ()

    @property
    def seen(self) -> str:
        """What a preview of it shows, as a digest: whoever files names it."""
        proposals = [
            (
                change_fingerprint(amendment_of(0, base, proposal.proposed).hunks, base),
                (proposal.sender, proposal.reason, proposal.amends, sorted(proposal.notes), self.same.get(place)),
            )
            for place, proposal in enumerate(self.parsed.proposals)
            for base in [proposal.base or self.base]
        ]
        shown = json.encode((self.came.language, self.came.revision_id, proposals, self.remarks))
        return hashlib.sha256(shown).hexdigest()


class Filing(Struct, frozen=True, kw_only=True):
    """That a proposal, by its place in the list, is filed in somebody's name; those of `also` in the same amendment."""

    place: Annotated[int, Meta(ge=0, le=MOST_PLACES)]
    also: Annotated[list[Annotated[int, Meta(ge=0, le=MOST_PLACES)]], Meta(max_length=MOST_PLACES)] = []
    person: UUID
    reason: Annotated[str, Meta(max_length=10_000)] = ""


class Saying(Struct, frozen=True, kw_only=True):
    """That a comment, by its place in the list, is made in somebody's name; `block` where its own was not found."""

    place: Annotated[int, Meta(ge=0, le=MOST_COMMENTS)]
    person: UUID
    block: UUID | None = None


class LanguageIn(Struct, frozen=True):
    """The language of the text for which something is to be read."""

    language: Language


class Settled(Struct, frozen=True):
    """What became of something that came in."""

    amendments: tuple[Amendment, ...]
    sent: ReceiptsSent
    comments: int = 0
    numbers: Sequence[int] = ()


class Intake(ABC, Generic[_Came]):
    """What came in one way to declarations; `what` names it in refusals and in the log."""

    what: str

    def __init__(self, db: Db) -> None:
        self.db = db
        self.declarations = DeclarationService(db)
        self.people = PeopleService(db)

    @abstractmethod
    def of_declaration(self, declaration: Declaration, *, actor: Actor) -> list[_Came]:
        """All of it that somebody may see, the last first; raises `NotAllowed`."""

    @abstractmethod
    def examine(self, came: _Came, *, actor: Actor) -> Examined[_Came]:
        """Read something and put what it proposes into the text that it was made from; raises `NotFound`."""

    def say(
        self, _examined: Examined[_Came], _sayings: Sequence[Saying], _declaration: Declaration, *, actor: Actor
    ) -> Mapping[str, int]:
        """Make the comments that were chosen; what the log keeps of them."""
        del actor
        return {}

    def get(self, declaration: Declaration, came_id: UUID, *, actor: Actor) -> _Came:
        """One of them; raises `NotFound`."""
        for came in self.of_declaration(declaration, actor=actor):
            if came.id == came_id:
                return came
        raise NotFound(what=self.what, id=str(came_id))

    def at(self, declaration_id: UUID, came_id: UUID, *, actor: Actor) -> _Came:
        """One of them, by its declaration's id; raises `NotFound`."""
        return self.get(self.declarations.get(declaration_id), came_id, actor=actor)

    def settle(
        self, came: _Came, filings: Sequence[Filing], sayings: Sequence[Saying] = (), *, seen: str, actor: Actor
    ) -> Settled:
        """File what was chosen, each in the name of its sender, who gets a receipt: all of it or nothing.

        What the amendments and comments themselves refuse is refused here; nothing is settled twice (`Invalid`), and
        nothing once it reads otherwise than what was `seen` (`Stale`).
        """
        declaration = self._unsettled(came, actor=actor)
        examined = self.examine(came, actor=actor)
        if seen != examined.seen:
            raise Stale(expected=seen, head=examined.seen)
        amendments = tuple(self._file(examined, filing, declaration, actor=actor) for filing in filings)
        said = self.say(examined, sayings, declaration, actor=actor)
        self.db.add_all(_filed_from(came, amendment) for amendment in amendments)
        came.settled_at, came.settled_by_id = clock.now(), actor.person_id
        sent = send_receipts(self.db, declaration, amendments)
        self.db.flush()
        ids = [str(amendment.id) for amendment in amendments]
        self.record("settled", came, declaration, actor=actor, amendments=ids, **said)
        numbers = [amendment.number for amendment in amendments]
        return Settled(amendments, sent, said.get("comments", 0), numbers)

    def read_in(self, came: _Came, language: str, *, actor: Actor) -> None:
        """Read something unsettled for another language of the text, unless it says itself for which one it is.

        Raises `Invalid` for a language that is not offered.
        """
        declaration = self._unsettled(came, actor=actor)
        if language not in self.examine(came, actor=actor).languages:
            raise Invalid(field="language", reason="unknown", given=language[:20])
        came.language = Language(language)
        self.db.flush()
        self.record("reread", came, declaration, actor=actor, language=language)

    def _unsettled(self, came: _Came, *, actor: Actor) -> Declaration:
        declaration = self.declarations.lock(came.declaration_id)
        self.get(declaration, came.id, actor=actor)
        self.db.refresh(came, ["settled_at", "language"])
        if came.settled_at is not None:
            raise Invalid(field=self.what, reason="settled")
        return declaration

    def record(self, what: str, came: _Came, declaration: Declaration, *, actor: Actor, **facts: log.Fact) -> None:
        """Write into the log that something was received or settled."""
        log.record_in(self.db, f"{self.what}.{what}", declaration, actor=actor, **{self.what: str(came.id)}, **facts)

    def rows(self, declaration: Declaration, revision: Revision) -> Sequence[BlockRow]:
        """The paragraphs of a revision, the one in force included."""
        if revision.id == declaration.head_id:
            return queries.head_rows(self.db, declaration)
        return queries.pinned_rows(self.db, revision.id)

    def same(self, model: type[_Came], declaration: Declaration, **same: str) -> UUID | None:
        """The id of what came before with the same values."""
        conditions = [getattr(model, name) == value for name, value in same.items()]
        return self.db.scalar(sa.select(model.id).where(model.declaration_id == declaration.id, *conditions))

    def named(self, person_id: UUID, declaration: Declaration, *, actor: Actor) -> Actor:
        """The person in whose name something is filed; raises `NotAllowed`."""
        person = actor if person_id == actor.person_id else self.people.actor(person_id)
        ensure_may_file_as(actor, person, declaration)
        return person

    def _file(self, examined: Examined[_Came], filing: Filing, declaration: Declaration, *, actor: Actor) -> Amendment:
        found = [chosen(examined.parsed.proposals, place) for place in (filing.place, *filing.also)]
        person, service = self.named(filing.person, declaration, actor=actor), AmendmentService(self.db)
        if number := found[0].amends:
            parent = service.numbered(declaration, number, actor=actor)
            changes = _together(found, found[0].base or examined.base)
            return service.amend(parent.id, changes, reason=filing.reason, actor=person)
        return service.propose(
            declaration.id,
            base_revision=examined.came.revision.number,
            language=examined.came.language,
            changes=_together(found, examined.base),
            reason=filing.reason,
            actor=person,
        )

    def already_filed(
        self, proposals: Sequence[Proposal], base: Document, declaration: Declaration, *, actor: Actor
    ) -> Iterator[tuple[int, int]]:
        """The proposals that an amendment which waits asks for already, with its number."""
        if not proposals:
            return
        bases = BaseDocuments(self.db)
        undecided = [
            (own_fingerprint(amendment, bases), amendment.number)
            for amendment in AmendmentService(self.db).of_declaration(declaration, actor=actor)
            if amendment.disposition.is_undecided
            and amendment.parent_id is None
            and amendment.language is base.language
        ]
        for place, proposal in enumerate(proposals):
            fingerprint = change_fingerprint(amendment_of(0, base, proposal.proposed).hunks, base)
            number = next((number for wish, number in undecided if wish == fingerprint), None)
            if number is not None and not proposal.amends:
                yield place, number


def _together(found: Sequence[Proposal], base: Document) -> Sequence[Change]:
    """The changes of several proposals as one; raises `Invalid` where they conflict or amend different amendments."""
    first = found[0]
    if len(found) == 1:
        return first.changes
    filed = [amendment_of(place, base, proposal.proposed) for place, proposal in enumerate(found)]
    merged = merge(base, filed) if len({proposal.amends for proposal in found}) == 1 else None
    if merged is None or not merged.is_clean:
        raise Invalid(field="also", reason="not_together")
    return stated(base, amendment_of(0, base, merged.document))


def languages_of(rows: Sequence[BlockRow]) -> list[Language]:
    """The languages that a text has words in."""
    return [language for language in Language if any(language in row.texts for row in rows)]


def chosen(found: Sequence[_Found], place: int) -> _Found:
    """The one at this place; raises `Invalid`."""
    if not 0 <= place < len(found):
        raise Invalid(field="place", reason="unknown", given=str(place))
    return found[place]


def _filed_from(came: MailIn | DocumentIn, amendment: Amendment) -> MailInAmendment | DocumentInAmendment:
    if isinstance(came, MailIn):
        return MailInAmendment(mail_id=came.id, amendment_id=amendment.id)
    return DocumentInAmendment(document_id=came.id, amendment_id=amendment.id)
