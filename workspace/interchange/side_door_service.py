"""The side door: a mail is kept as it came, read for what it proposes, and filed once somebody has looked.

Nothing is filed by reading. What a mail says is worked out anew from its bytes and from the revision that was in
force when it came, so the preview and the filing agree.
"""

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from uuid import UUID

import sqlalchemy as sa
from msgspec import Struct, field

from drafts.amendments import amendment_of
from drafts.blocks import Document, Language, content_hash
from drafts.numbering import numbers
from workspace.amendments.bases import Bases
from workspace.amendments.models import Amendment
from workspace.amendments.sameness import asks_for, wished
from workspace.amendments.service import AmendmentService
from workspace.core import clock, log
from workspace.core.actor import Actor
from workspace.core.db import Db, new_id
from workspace.core.errors import BadFile, Invalid, NotFound
from workspace.core.events import PersonErased
from workspace.declarations import queries
from workspace.declarations.models import BlockRecord, Declaration, Revision
from workspace.declarations.queries import BlockRow
from workspace.declarations.service import DeclarationService
from workspace.interchange.models import DocumentIn, MailIn, MailInAmendment, MailInDocument
from workspace.interchange.notes.language import spoken
from workspace.interchange.readers.kinds import DOCX, ODT, media_type
from workspace.interchange.receipts import Sent, person_at, send_receipts
from workspace.interchange.senders import Senders
from workspace.interchange.sheets.filled import CellError, RowDraft, Wrong, drafts_of
from workspace.interchange.sheets.template import Field, Key
from workspace.interchange.side_door.asked import Reading
from workspace.interchange.side_door.child import Heard, heard, is_sheet
from workspace.interchange.side_door.mails import Enclosed
from workspace.interchange.side_door.placing import Draft, Placed, placed
from workspace.interchange.side_door.signs import folded
from workspace.interchange.word_letters import is_letter
from workspace.interchange.word_policy import ensure_may_file_as, ensure_may_file_for_others
from workspace.interchange.word_returns import Filing, WordReturns
from workspace.people.service import PeopleService

LONGEST_NAME = 200


class Overheard(Struct, frozen=True):
    """What a mail says and proposes; `same` are drafts by place that an amendment asks for already."""

    mail: MailIn
    heard: Heard
    base: Document
    rows: Sequence[BlockRow]
    placed: Placed
    same: Mapping[int, int]
    not_taken: tuple[str, ...]  # names of files that came along and could not be read
    along: tuple[tuple[str, MailIn], ...] = ()  # letters, mails and sheets that came along, by their names
    wrong: tuple[Wrong, ...] = ()  # cells of a sheet that cannot be taken as they are
    senders: Mapping[int, UUID] = field(default_factory=dict)  # of drafts by place, where a sheet names them


class MailSettled(Struct, frozen=True):
    """What became of a mail."""

    amendments: tuple[Amendment, ...]
    sent: Sent


class SideDoor:
    """The mails that came to declarations."""

    def __init__(self, db: Db) -> None:
        self.db = db
        self.declarations = DeclarationService(db)
        self.people = PeopleService(db)

    def of_declaration(self, declaration: Declaration, *, actor: Actor) -> list[MailIn]:
        """The mails that came, the last first."""
        ensure_may_file_for_others(actor, declaration)
        statement = sa.select(MailIn).where(MailIn.declaration_id == declaration.id)
        options = (
            sa.orm.joinedload(MailIn.revision),
            sa.orm.joinedload(MailIn.received_by),
            sa.orm.joinedload(MailIn.person),
            sa.orm.selectinload(MailIn.filed).joinedload(MailInAmendment.amendment),
            sa.orm.selectinload(MailIn.enclosed).joinedload(MailInDocument.document),
        )
        return list(self.db.scalars(statement.options(*options).order_by(MailIn.received_at.desc())))

    def get(self, declaration: Declaration, mail_id: UUID, *, actor: Actor) -> MailIn:
        """One of them; raises `NotFound`."""
        found = next((one for one in self.of_declaration(declaration, actor=actor) if one.id == mail_id), None)
        if found is None:
            raise NotFound(what="mail", id=str(mail_id))
        return found

    def receive(
        self,
        declaration: Declaration,
        data: bytes,
        *,
        actor: Actor,
        name: str = "",
        address: str = "",
        language: Language | None = None,
        is_along: bool = False,
    ) -> MailIn:
        """Keep a mail. The same bytes, or the same words of the same sender, are the mail that is here already.

        `address` is whose mail it is, where it does not say so itself; `language` is that of the text it speaks of,
        by default the one in which its words are found. Word files that came along are kept as such, letters, mails
        and sheets as mails of their own; what came along with one that `is_along` stays in it. Raises `BadFile`.
        """
        ensure_may_file_for_others(actor, declaration)
        if known := self._known(declaration, sha256=hashlib.sha256(data).hexdigest()):
            return self.get(declaration, known, actor=actor)
        found = heard(data, source=name)
        sender = (found.mail.address or address).strip().casefold()
        words = content_hash(" ".join(folded(found.mail.said).split()))
        if found.mail.said and (known := self._known(declaration, words_sha256=words, address=sender)):
            return self.get(declaration, known, actor=actor)
        rows, person = queries.head_rows(self.db, declaration), person_at(self.db, declaration, sender)
        key = found.sheet.key if found.sheet else None
        revision = self._made_from(declaration, key) if found.sheet else declaration.head
        mail = MailIn(
            id=new_id(),
            declaration_id=declaration.id,
            revision_id=revision.id,
            language=key.language if key else language or _language(rows, found, declaration),
            name=name[-LONGEST_NAME:],
            address=sender[:LONGEST_NAME],
            sender=found.mail.name[:LONGEST_NAME],
            subject=found.mail.subject[:LONGEST_NAME],
            sha256=hashlib.sha256(data).hexdigest(),
            words_sha256=words,
            content=data,
            person_id=person.id if person else None,
            received_by_id=actor.person_id,
            received_at=clock.now(),
            filed=[],
            enclosed=[],
        )
        self.db.add(mail)
        self.db.flush()
        if not is_along:
            for document in self._came_along(declaration, found, sender, actor=actor):
                self.db.add(MailInDocument(mail_id=mail.id, document_id=document.id))
        self.db.flush()
        self._record("mail.received", mail, declaration, actor=actor, sha256=mail.sha256, base=revision.number)
        return self.get(declaration, mail.id, actor=actor)

    def examine(self, mail: MailIn, *, actor: Actor) -> Overheard:
        """Read a mail and put what it asks for into the text that it was written about.

        Raises `NotFound` for one that was emptied when its sender was erased.
        """
        if not mail.content:
            raise NotFound(what="mail", id=str(mail.id))
        found = heard(mail.content, source=mail.name)
        declaration = self.declarations.get(mail.declaration_id)
        is_head = mail.revision_id == declaration.head_id
        rows = queries.head_rows(self.db, declaration) if is_head else queries.pinned_rows(self.db, mail.revision_id)
        base = queries.document(rows, mail.language)
        if found.sheet is not None:
            return self._of_sheet(mail, found, base, rows, declaration, actor=actor)
        drafts = _placed(found.reading, rows, mail.language)
        along = self._along(mail, found)
        taken = {one.document.name for one in mail.enclosed} | {name[-LONGEST_NAME:] for name, _ in along}
        not_taken = tuple(one.name for one in found.mail.enclosed if one.name[-LONGEST_NAME:] not in taken)
        same = dict(self._same(drafts.drafts, base, declaration, actor=actor))
        return Overheard(mail, found, base, rows, drafts, same, not_taken, along)

    def _of_sheet(
        self,
        mail: MailIn,
        found: Heard,
        base: Document,
        rows: Sequence[BlockRow],
        declaration: Declaration,
        *,
        actor: Actor,
    ) -> Overheard:
        if found.sheet is None:
            raise NotFound(what="mail", id=str(mail.id))
        read, wrong = drafts_of(found.sheet, base, lambda: str(new_id()))
        senders, known = Senders(self.db, declaration), dict[int, UUID]()
        for place, one in enumerate(read):
            if (person := senders.find(one.sender)) is not None:
                known[place] = person
            elif one.sender:
                row = next(row for row in found.sheet.rows if row.number == one.row)
                cell = found.sheet.cell(row, Field.SENDER)
                wrong = (*wrong, Wrong(cell, CellError.UNKNOWN_SENDER, one.sender))
        drafts = [_of_row(one) for one in read]
        same = dict(self._same(drafts, base, declaration, actor=actor))
        placed = Placed(tuple(drafts), (), ())
        wrong = tuple(sorted(wrong, key=lambda one: int(one.cell[1:])))
        return Overheard(mail, found, base, rows, placed, same, (), wrong=wrong, senders=known)

    def _made_from(self, declaration: Declaration, key: Key | None) -> Revision:
        """The revision that a sheet was made from; raises `Invalid` for a sheet of another declaration."""
        is_known = key is not None and self.db.scalar(
            sa.select(BlockRecord.id).where(BlockRecord.id == key.block, BlockRecord.declaration_id == declaration.id)
        )
        if key is None or not is_known or key.revision > declaration.head.number:
            raise Invalid(field="words", reason="of_another_text")
        return self.declarations.revision(declaration, key.revision)

    def settle(self, mail: MailIn, filings: Sequence[Filing], *, actor: Actor) -> MailSettled:
        """File what was chosen, each in the name of its sender, who gets a receipt: all of it or nothing.

        What the amendments themselves refuse is refused here; a mail is settled once (`Invalid`).
        """
        declaration = self.declarations.lock(mail.declaration_id)
        ensure_may_file_for_others(actor, declaration)
        self.db.refresh(mail, ["settled_at"])
        if mail.settled_at is not None:
            raise Invalid(field="mail", reason="settled")
        overheard = self.examine(mail, actor=actor)
        amendments = [self._file(overheard, one, declaration, actor=actor) for one in filings]
        self.db.add_all(MailInAmendment(mail_id=mail.id, amendment_id=one.id) for one in amendments)
        mail.settled_at, mail.settled_by_id = clock.now(), actor.person_id
        sent = send_receipts(self.db, declaration, amendments)
        self.db.flush()
        ids = [str(one.id) for one in amendments]
        self._record("mail.settled", mail, declaration, actor=actor, amendments=ids)
        return MailSettled(tuple(amendments), sent)

    def _known(self, declaration: Declaration, **same: str) -> UUID | None:
        """The mail that has come before."""
        conditions = [getattr(MailIn, name) == value for name, value in same.items()]
        return self.db.scalar(sa.select(MailIn.id).where(MailIn.declaration_id == declaration.id, *conditions))

    def _came_along(self, declaration: Declaration, found: Heard, sender: str, *, actor: Actor) -> Iterator[DocumentIn]:
        """Keep what came along: Word texts, which are told; letters and sheets as mails; the rest stays in the mail."""
        for one in {enclosed.content: enclosed for enclosed in found.mail.enclosed}.values():
            try:
                if self._is_word_text(declaration, one):
                    yield WordReturns(self.db).receive(declaration, one.content, name=one.name, actor=actor)
                elif _asks(heard(one.content, source=one.name)):
                    self.receive(declaration, one.content, name=one.name, address=sender, actor=actor, is_along=True)
            except (BadFile, Invalid):
                continue

    def _is_word_text(self, declaration: Declaration, one: Enclosed) -> bool:
        if is_sheet(one.content) or media_type(one.content, source=one.name) not in {DOCX, ODT}:
            return False
        return not is_letter(self.db, declaration, one.content, source=one.name)

    def _along(self, mail: MailIn, found: Heard) -> tuple[tuple[str, MailIn], ...]:
        """The mails that what came along with this one was kept as."""
        hashes = {hashlib.sha256(one.content).hexdigest(): one.name for one in found.mail.enclosed}
        if not hashes:
            return ()
        same = (MailIn.declaration_id == mail.declaration_id, MailIn.sha256.in_(hashes))
        return tuple((hashes[one.sha256], one) for one in self.db.scalars(sa.select(MailIn).where(*same)))

    def _same(
        self, drafts: Sequence[Draft], base: Document, declaration: Declaration, *, actor: Actor
    ) -> Iterator[tuple[int, int]]:
        """The drafts that an amendment which waits asks for already, with its number."""
        if not drafts:
            return
        bases = Bases(self.db)
        waiting = [
            (wished(one, bases), one.number)
            for one in AmendmentService(self.db).of_declaration(declaration, actor=actor)
            if one.disposition.is_undecided and one.parent_id is None and one.language is base.language
        ]
        for place, draft in enumerate(drafts):
            asked = asks_for(amendment_of(0, base, draft.proposed).hunks, base)
            number = next((number for wish, number in waiting if wish == asked), None)
            if number is not None:
                yield place, number

    def _file(self, overheard: Overheard, filing: Filing, declaration: Declaration, *, actor: Actor) -> Amendment:
        drafts = overheard.placed.drafts
        if not 0 <= filing.place < len(drafts):
            raise Invalid(field="place", reason="unknown", given=str(filing.place))
        person = actor if filing.person_id == actor.person_id else self.people.actor(filing.person_id)
        ensure_may_file_as(actor, person, declaration)
        return AmendmentService(self.db).propose(
            declaration.id,
            base_revision=overheard.mail.revision.number,
            language=overheard.mail.language,
            changes=drafts[filing.place].changes,
            reason=filing.reason,
            actor=person,
        )

    def _record(self, kind: str, mail: MailIn, declaration: Declaration, *, actor: Actor, **facts: log.Fact) -> None:
        log.record(
            self.db,
            kind,
            actor=actor,
            forum_id=declaration.forum_id,
            declaration_id=declaration.id,
            mail=str(mail.id),
            **facts,
        )


def empty_mails(db: Db, event: PersonErased) -> None:
    """Answer to `PersonErased`: their mails are emptied; what was filed from them stays, without their name.

    So is a sheet in which others stand too, once it is settled: their amendments are on record by then.
    """
    filed = sa.select(MailInAmendment.mail_id).join(Amendment).where(Amendment.proposer_id == event.person_id)
    among = sa.and_(MailIn.settled_at.is_not(None), MailIn.id.in_(filed))
    theirs = sa.update(MailIn).where(sa.or_(MailIn.person_id == event.person_id, among))
    db.execute(theirs.values(content=b"", address="", sender="", subject="", name=""))


def _asks(found: Heard) -> bool:
    """Whether something that came along asks for changes, or may."""
    return found.sheet is not None or bool(found.reading.requests or found.reading.not_read)


def _of_row(one: RowDraft) -> Draft:
    return Draft(one.changes, one.proposed, (), one.reason, frozenset(), row=one.row, sender=one.sender)


def _placed(reading: Reading, rows: Sequence[BlockRow], language: Language) -> Placed:
    structure = queries.structure(rows)
    return placed(reading, queries.document(rows, language), numbers(structure), lambda: str(new_id()))


def _language(rows: Sequence[BlockRow], found: Heard, declaration: Declaration) -> Language:
    """The language of the text in which most of a mail's words are found; else the one the mail is written in."""
    said = spoken(" ".join(one.new for one in found.reading.requests) or found.mail.said)
    languages = [one for one in Language if any(one in row.texts for row in rows)]
    likely = Language(said) if said in set(Language) else declaration.original_language

    def rank(language: Language) -> tuple[int, bool, bool]:
        count = len(_placed(found.reading, rows, language).drafts)
        return count, language is likely, language is declaration.original_language

    return max(languages, key=rank, default=declaration.original_language)
