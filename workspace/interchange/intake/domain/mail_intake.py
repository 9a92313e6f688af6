"""Mails: kept as they came, read for what they propose, and filed for their sender once somebody has looked."""

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from uuid import UUID

import sqlalchemy as sa
from msgspec import field
from msgspec.structs import replace

from drafts.base.words import fold_text
from drafts.text.blocks import Document, Language, content_hash
from workspace.amendments.domain.models import Amendment
from workspace.core import clock
from workspace.core.actor import Actor
from workspace.core.errors import BadFile, Invalid, NotFound
from workspace.core.events import PersonErased
from workspace.core.storage.db import Db, new_id
from workspace.declarations.domain import queries
from workspace.declarations.domain.models import BlockRecord, Declaration, Revision
from workspace.declarations.domain.queries import BlockRow
from workspace.interchange.intake.domain.intake import (
    LONGEST_NAME,
    Examined,
    Intake,
    addresses_of,
    languages_of,
    person_at,
)
from workspace.interchange.intake.domain.parsing import ParsedMail, parse_mail
from workspace.interchange.intake.domain.policy import PROPOSERS, ensure_may_file_for_others
from workspace.interchange.intake.domain.word_returns import WordIntake, is_word_text
from workspace.interchange.intake.mail_reader.masking import fold_characters
from workspace.interchange.intake.mail_reader.placing import place_requests
from workspace.interchange.intake.mail_reader.request import MailRequests
from workspace.interchange.intake.proposals import CellError, ParsedProposals, WrongCell
from workspace.interchange.intake.sheets.filled import FilledSheet, proposals_of
from workspace.interchange.intake.sheets.template import RowKey, SheetField
from workspace.interchange.models import DocumentIn, MailIn, MailInAmendment, MailInDocument
from workspace.interchange.notes.language import identify_language
from workspace.people.models import Person
from workspace.people.service import PeopleService


class SenderIndex:
    """Those who may propose, by name, by name and organisation, by organisation, and by address."""

    def __init__(self, db: Db, declaration: Declaration) -> None:
        self.known: dict[str, set[UUID]] = {}
        for person_id, name in _names(db, declaration):
            self.known.setdefault(fold_text(name), set()).add(person_id)

    def find(self, said: str) -> UUID | None:
        """The one person who is meant; None where there is none, or more than one."""
        found = self.known.get(fold_text(said), set()) if said.strip() else set[UUID]()
        return next(iter(found)) if len(found) == 1 else None


def _names(db: Db, declaration: Declaration) -> Iterator[tuple[UUID, str]]:
    people = [person for person in PeopleService(db).people(declaration.forum) if person[1].role in PROPOSERS]
    addresses = addresses_of(db, {person.id: person for person, _ in people})
    for person, mandate in people:
        yield person.id, person.name
        if mandate.organisation:
            yield person.id, f"{person.name} ({mandate.organisation.name})"
            yield person.id, mandate.organisation.name
        if address := addresses.get(person.id):
            yield person.id, address


class ExaminedMail(Examined[MailIn], frozen=True, kw_only=True):
    """What a mail says beside its proposals."""

    heard: ParsedMail
    not_taken: tuple[str, ...] = ()  # names of files that came along and could not be read
    along: tuple[tuple[str, MailIn], ...] = ()  # letters, mails and sheets that came along, by their names
    senders: Mapping[int, UUID] = field(default_factory=dict)  # of proposals by place, where a sheet names them


class MailIntake(Intake[MailIn]):
    """The mails and filled sheets that came to declarations."""

    what = "mail"

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
        if known := self.same(MailIn, declaration, sha256=hashlib.sha256(data).hexdigest()):
            return self.get(declaration, known, actor=actor)
        found = parse_mail(data, source=name)
        sender = (found.mail.address or address).strip().casefold()
        words = content_hash(" ".join(fold_characters(found.mail.said).split()))
        if found.mail.said and (known := self.same(MailIn, declaration, words_sha256=words, address=sender)):
            return self.get(declaration, known, actor=actor)
        rows, person = queries.head_rows(self.db, declaration), person_at(self.db, declaration, sender)
        key = found.sheet.key if found.sheet else None
        revision = self._made_from(declaration, key) if found.sheet else declaration.head
        mail = MailIn(
            id=new_id(),
            declaration_id=declaration.id,
            revision_id=revision.id,
            language=key.language if key else language or _language(rows, found, declaration, sender=person),
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
        self.record("received", mail, declaration, actor=actor, sha256=mail.sha256, base=revision.number)
        return self.get(declaration, mail.id, actor=actor)

    def examine(self, came: MailIn, *, actor: Actor) -> ExaminedMail:
        """Read a mail and put what it asks for into the text that it was written about.

        Raises `NotFound` for one that was emptied when its sender was erased.
        """
        if not came.content:
            raise NotFound(what="mail", id=str(came.id))
        found = parse_mail(came.content, source=came.name)
        declaration = self.declarations.get(came.declaration_id)
        rows = self.rows(declaration, came.revision)
        base = queries.document(rows, came.language)
        senders = dict[int, UUID]()
        if found.sheet is not None:
            parsed, senders = self._of_sheet(found.sheet, base, declaration)
        else:
            parsed = _placed(found.reading, rows, came.language)
        along = self._along(came, found)
        taken = {document.document.name for document in came.enclosed} | {name[-LONGEST_NAME:] for name, _ in along}
        return ExaminedMail(
            came=came,
            base=base,
            rows=rows,
            parsed=parsed,
            heard=found,
            same=dict(self.already_filed(parsed.proposals, base, declaration, actor=actor)),
            not_taken=tuple(
                attachment.name for attachment in found.mail.enclosed if attachment.name[-LONGEST_NAME:] not in taken
            ),
            along=along,
            languages=() if found.sheet else languages_of(rows),
            senders=senders,
        )

    def _of_sheet(
        self, sheet: FilledSheet, base: Document, declaration: Declaration
    ) -> tuple[ParsedProposals, dict[int, UUID]]:
        """What a sheet proposes, and who is meant by the senders that it names."""
        parsed = proposals_of(sheet, base, lambda: str(new_id()))
        senders, known, wrong = SenderIndex(self.db, declaration), dict[int, UUID](), list(parsed.wrong)
        for place, proposal in enumerate(parsed.proposals):
            if (person := senders.find(proposal.sender)) is not None:
                known[place] = person
            elif proposal.sender:
                row = next(row for row in sheet.rows if row.number == proposal.row)
                wrong.append(WrongCell(sheet.cell(row, SheetField.SENDER), CellError.UNKNOWN_SENDER, proposal.sender))
        return replace(parsed, wrong=tuple(sorted(wrong, key=lambda cell: int(cell.cell[1:])))), known

    def _made_from(self, declaration: Declaration, key: RowKey | None) -> Revision:
        """The revision that a sheet was made from; raises `Invalid` for a sheet of another declaration."""
        is_known = key is not None and self.db.scalar(
            sa.select(BlockRecord.id).where(BlockRecord.id == key.block, BlockRecord.declaration_id == declaration.id)
        )
        if key is None or not is_known or key.revision > declaration.head.number:
            raise Invalid(field="words", reason="of_another_text")
        return self.declarations.revision(declaration, key.revision)

    def _came_along(
        self, declaration: Declaration, found: ParsedMail, sender: str, *, actor: Actor
    ) -> Iterator[DocumentIn]:
        """Keep what came along: Word texts, which are told; letters and sheets as mails; the rest stays in the mail."""
        for attachment in {enclosed.content: enclosed for enclosed in found.mail.enclosed}.values():
            try:
                if is_word_text(self.db, declaration, attachment.content, source=attachment.name):
                    yield WordIntake(self.db).receive(
                        declaration, attachment.content, name=attachment.name, actor=actor
                    )
                elif _asks(parse_mail(attachment.content, source=attachment.name)):
                    self.receive(
                        declaration,
                        attachment.content,
                        name=attachment.name,
                        address=sender,
                        actor=actor,
                        is_along=True,
                    )
            except (BadFile, Invalid, NotFound):
                continue

    def _along(self, mail: MailIn, found: ParsedMail) -> tuple[tuple[str, MailIn], ...]:
        """The mails that what came along with this one was kept as."""
        hashes = {hashlib.sha256(attachment.content).hexdigest(): attachment.name for attachment in found.mail.enclosed}
        if not hashes:
            return ()
        same = (MailIn.declaration_id == mail.declaration_id, MailIn.sha256.in_(hashes))
        return tuple((hashes[mail_in.sha256], mail_in) for mail_in in self.db.scalars(sa.select(MailIn).where(*same)))


def empty_mails_of_erased(db: Db, event: PersonErased) -> None:
    """Answer to `PersonErased`: their mails are emptied; what was filed from them stays, without their name.

    So is a sheet in which others stand too, once it is settled: their amendments are on record by then.
    """
    filed = sa.select(MailInAmendment.mail_id).join(Amendment).where(Amendment.proposer_id == event.person_id)
    among = sa.and_(MailIn.settled_at.is_not(None), MailIn.id.in_(filed))
    theirs = sa.update(MailIn).where(sa.or_(MailIn.person_id == event.person_id, among))
    db.execute(theirs.values(content=b"", address="", sender="", subject="", name=""))


def _asks(found: ParsedMail) -> bool:
    """Whether something that came along asks for changes, or may."""
    return found.sheet is not None or bool(found.reading.requests or found.reading.not_read)


def _placed(reading: MailRequests, rows: Sequence[BlockRow], language: Language) -> ParsedProposals:
    text, numbered = queries.document(rows, language), queries.numbers_of(rows)
    return place_requests(reading, text, numbered, lambda: str(new_id()))


def _language(
    rows: Sequence[BlockRow], found: ParsedMail, declaration: Declaration, *, sender: Person | None
) -> Language:
    """The language of the text in which most of a mail's words are found; else the one the mail is written in.

    Where it is too short to tell, it is the sender's own; where nobody knows the sender, the original language.
    """
    new_words = " ".join(request.new for request in found.reading.requests)
    codes = *map(identify_language, (new_words, f"{found.mail.subject}\n{found.mail.said}")), sender and sender.language
    likely = next((Language(code) for code in codes if code in set(Language)), declaration.original_language)

    def rank(language: Language) -> tuple[int, bool, bool]:
        count = len(_placed(found.reading, rows, language).proposals)
        return count, language is likely, language is declaration.original_language

    return max(languages_of(rows), key=rank, default=declaration.original_language)
