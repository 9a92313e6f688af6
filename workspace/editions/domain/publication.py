"""Publishing: what stops it, the second person, and the frozen files."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from datetime import date, datetime
from uuid import UUID

import sqlalchemy as sa
from msgspec import Struct
from msgspec.structs import replace

from drafts.checks.checked_text import checked_text
from drafts.checks.dates import dates
from drafts.formats.apparatus import Apparatus, Corrigendum, Reservation, Signatory, renumbered
from drafts.formats.assembly import Authenticity, CorrectedEdition, EditionText, Imprint, RevisionRow, edition_text
from drafts.formats.edition import MANIFEST, TEXT
from drafts.formats.text_formats import apparatus_in
from drafts.formats.verification_files import RECORD, record
from drafts.languages.staleness import State
from drafts.text.blocks import BlockKind, Language
from drafts.text.numbering import references, resolve
from workspace.amendments.decisions import brackets
from workspace.amendments.domain.models import Amendment, AmendmentVersion
from workspace.amendments.domain.queries import PENDING
from workspace.approvals.models import ApprovalRequest, Outcome
from workspace.approvals.service import ApprovalService
from workspace.core import clock
from workspace.core.actor import Actor
from workspace.core.errors import Invalid, NotFound, NotReady, Stale, existing
from workspace.core.security.permissions import Phase
from workspace.core.shapes import filled
from workspace.core.storage import log
from workspace.core.storage.db import Db, next_number
from workspace.core.validation import known_zone
from workspace.declarations.domain import queries
from workspace.declarations.domain.calendar import GivenMoment, as_given, read_moment
from workspace.declarations.domain.models import Declaration, Revision
from workspace.declarations.domain.policy import ensure_not_sealed
from workspace.declarations.domain.queries import BlockRow
from workspace.declarations.domain.service import ServiceOnDeclarations
from workspace.editions.domain import policy
from workspace.editions.domain.annexes import AnnexService, UnfinishedLanguage, annex_content
from workspace.editions.domain.edition_store import EditionIssue, file_of, files_of, issue_edition, recorded_rows
from workspace.editions.domain.models import Edition, EditionFile
from workspace.editions.domain.names import DeceivingName, deceiving_names
from workspace.editions.domain.policy import PUBLICATION
from workspace.editions.domain.queries import (
    Obstacle,
    ObstacleRef,
    corrected_by,
    corrected_reference,
    name_obstacle,
    valid_overrides,
)
from workspace.editions.domain.reservations import ReservationService, reservation_of
from workspace.editions.domain.signatories import SignatoryService, signatory_of
from workspace.procedure.store import QuestionStore
from workspace.translations.domain.checks import TextCheckService, TextFinding
from workspace.translations.domain.concordance import ConcordanceService
from workspace.translations.domain.queries import standings


def collect_apparatus(db: Db, declaration: Declaration, rows: Sequence[BlockRow]) -> Apparatus:
    """Signatories, reservations, annexes, and what was renumbered since the text was amended."""
    signatories = tuple(map(signatory_of, SignatoryService(db).listed(declaration)))
    return Apparatus(
        signatories=signatories,
        reservations=reservations_on_record(db, declaration, signatories),
        annexes=tuple(annex_content(db, annex_record) for annex_record in AnnexService(db).listed(declaration)),
        renumbered=renumbered(negotiated_numbers(db, declaration), queries.numbers_of(rows)),
    )


def reservations_on_record(
    db: Db, declaration: Declaration, signatories: Sequence[Signatory]
) -> tuple[Reservation, ...]:
    """The reservations that stand, as they are printed beside these signatures."""
    standing = map(reservation_of, ReservationService(db).standing(declaration))
    return tuple(_called_alike(reservation, signatories) for reservation in standing)


def _called_alike(reservation: Reservation, signatories: Sequence[Signatory]) -> Reservation:
    """The reservation of an organisation that also signs calls it in each language as its signature does."""
    own = set(reservation.organisation.values())
    named = next((each.organisation for each in signatories if own & set(each.organisation.values())), None)
    return replace(reservation, organisation=named) if named else reservation


def negotiated_numbers(db: Db, declaration: Declaration) -> Mapping[str, str]:
    """The numbers under which paragraphs were negotiated: those of the text that the first amendment was about.

    Nothing where nobody has proposed an amendment: nobody knows another number then.
    """
    base = first_amended(db, declaration)
    revision = base and db.scalar(
        sa.select(Revision.id).where(Revision.declaration_id == declaration.id, Revision.number == base)
    )
    return queries.numbers_of(queries.pinned_rows(db, revision)) if revision else {}


def first_amended(db: Db, declaration: Declaration) -> int | None:
    """The number of the first revision that an amendment was about; None where nobody has proposed one."""
    first = (
        sa.select(sa.func.min(Revision.number))
        .join(AmendmentVersion, AmendmentVersion.base_revision_id == Revision.id)
        .join(Amendment, Amendment.id == AmendmentVersion.amendment_id)
        .where(Amendment.declaration_id == declaration.id)
    )
    return log.until_recorded(db, declaration.forum_id, (declaration.id, first_amended), lambda: db.scalar(first))


class Blocker(Struct, frozen=True):
    """One reason why a declaration cannot be published yet: this paragraph, in this language.

    `number` is the paragraph's, or "" for one without; `excerpt` its words in the original language.
    """

    block_id: UUID
    number: str
    excerpt: str
    language: Language
    state: State


class Contested(Struct, frozen=True):
    """A paragraph that stands in brackets; `bracket` is their number."""

    block_id: UUID
    number: str
    bracket: int


class Dangling(Struct, frozen=True):
    """A text that refers to a paragraph which is not there, or has no number to print."""

    block_id: UUID
    number: str
    language: Language


class Unsigned(Struct, frozen=True):
    """What nobody has signed: a paragraph's concordance, or a whole language (then without a paragraph)."""

    block_id: UUID | None
    number: str
    language: Language | None


class Prepared(Struct, frozen=True):
    """The files of an edition to be, the text they were made from, and what of it nobody has decided or signed.

    `revision_id` is that of the revision which pins this text, if one does; `entry` the last entry that the log had
    then.
    """

    text: EditionText
    files: Mapping[str, bytes]
    lacking: Sequence[int | Unsigned] = ()
    revision_id: UUID | None = None
    entry: int = 0


class PublicationTerms(Struct, frozen=True):
    """What two people agree on besides the text: day and place of the adoption, and when it comes out (`release`)."""

    adopted_on: date
    place: str
    release: GivenMoment | None
    zone: str

    @property
    def release_at(self) -> datetime | None:
        """With the offset that it was given with; None for at once."""
        return as_given(self.release.at, self.release.offset) if self.release else None


def publication_terms(request: ApprovalRequest) -> PublicationTerms:
    """What a request for publication asks for."""
    details = request.details
    release = details["release_at"] and GivenMoment(datetime.fromisoformat(details["release_at"]), details["offset"])
    day = date.fromisoformat(details["adopted_on"])
    return PublicationTerms(day, details["place"], release or None, details["zone"])


def appointed(declaration: Declaration, release: str, zone: str) -> tuple[GivenMoment, str]:
    """A time to come at which something comes out, and its zone; raises `Invalid`."""
    where = known_zone(zone.strip() or declaration.forum.timezone, "zone")
    moment = read_moment("release", release, where)
    if moment is None or moment.at <= clock.now():
        raise Invalid(field="release", reason="in_the_past" if moment else "empty")
    return moment, where.key


def _place_of(declaration: Declaration) -> str:
    """In the languages of the imprint, each wording once."""
    place = declaration.forum.place
    return " / ".join(dict.fromkeys(filter(None, (place.said_in(language) for language in Language))))


class Obstacles(Struct, frozen=True):
    """What stops publication or should be looked at before, by kind, each in the order of the text."""

    undecided: Sequence[int]  # amendments
    contested: Sequence[Contested]
    contradictions: Sequence[TextFinding]
    blockers: Sequence[Blocker]
    dangling: Sequence[Dangling]
    unsigned: Sequence[Unsigned]
    unfinished: Sequence[UnfinishedLanguage]
    names: Sequence[DeceivingName]


class EditionService(ServiceOnDeclarations):
    """Readiness, preview, publication."""

    def __init__(self, db: Db) -> None:
        super().__init__(db)
        self.approvals = ApprovalService(db)

    def obstacles(self, declaration: Declaration) -> Obstacles:
        """All of them, for who shows them."""
        return Obstacles(
            self.undecided(declaration),
            self.contested(declaration),
            self.contradictions(declaration),
            self.blockers(declaration),
            self.dangling(declaration),
            self.unsigned(declaration),
            AnnexService(self.db).unfinished(declaration),
            self.deceiving(declaration),
        )

    def blockers(self, declaration: Declaration) -> list[Blocker]:
        """Everything that stops publication, in the order of the text; empty when it may go out."""
        numbered = queries.text_in_force(self.db, declaration).numbers
        overridden = valid_overrides(self.db, declaration)
        return [
            Blocker(
                block_id=standing.row.block_id,
                number=numbered.get(standing.row.id, ""),
                excerpt=standing.row.original().text,
                language=language,
                state=state,
            )
            for standing in standings(self.db, declaration)
            for language, state in standing.states.items()
            if state.stops_publication
            and ObstacleRef(Obstacle.STATE, standing.row.block_id, language, state.value) not in overridden
        ]

    def prepare(self, declaration: Declaration, *, adopted_on: date, actor: Actor) -> Prepared:
        """Make every file of the next edition from what is in force now; stores nothing.

        Raises `NotReady` while anything stops publication.
        """
        policy.ensure_may_preview(actor, declaration)
        found = self._ready(declaration, adopted_on)
        return replace(found, files=self._files(declaration, found.text), entry=log.last(self.db))

    def _files(self, declaration: Declaration, text: EditionText) -> Mapping[str, bytes]:
        return files_of(text, {RECORD: self._record(declaration)})

    def _record(self, declaration: Declaration) -> bytes:
        return record(recorded_rows(self.db, declaration))

    def prepare_requested(self, declaration: Declaration, *, adopted_on: date | None = None, actor: Actor) -> Prepared:
        """The files of what was asked for, to whom can confirm it; another day than was asked is refused at the end."""
        request = self.approvals.ensure_may_confirm(PUBLICATION, declaration, actor=actor)  # files take seconds
        return self.prepare(declaration, adopted_on=adopted_on or publication_terms(request).adopted_on, actor=actor)

    def preview(self, declaration: Declaration, name: str, *, adopted_on: date, actor: Actor) -> bytes:
        """Make one file of the next edition from what is in force now; stores nothing.

        Raises `NotReady` while anything stops publication, and `NotFound` for a file that no edition has.
        """
        policy.ensure_may_preview(actor, declaration)
        self._ensure_ready(declaration)
        text = self._text(declaration, adopted_on)
        if name == RECORD:
            return self._record(declaration)
        made = self._files(declaration, text)[name] if name == MANIFEST else file_of(text, name)
        return existing(made, "edition_file", name)

    def expected_day(self, declaration: Declaration) -> date:
        """The day on which the text in force was adopted, as the record says, or today."""
        adopted = QuestionStore(self.db).adopted_by(declaration)
        at = adopted.end.ended_at if adopted and adopted.end else clock.now()
        return declaration.forum.local(at).date()

    def day_of_adoption(self, declaration: Declaration) -> date:
        """The day that was asked for, or else the expected one."""
        pending = self.pending(declaration)
        return publication_terms(pending).adopted_on if pending else self.expected_day(declaration)

    def dated_otherwise(self, declaration: Declaration, day: date) -> Iterator[tuple[UUID, Language, str]]:
        """Title, date and closing clause that name days and not this one: paragraph, language, a day as written."""
        kinds = {BlockKind.TITLE, BlockKind.PLACE_DATE, BlockKind.CLOSING}
        for row in queries.head_rows(self.db, declaration):
            for language, version in row.texts.items() if row.kind in kinds else ():
                named = [found for found in dates(checked_text(version.content, language)) if found.days]
                days = {(found.month, each) for found in named for each in found.days if found.year in {day.year, None}}
                if named and (day.month, day.day) not in days:
                    yield row.block_id, language, named[0].text

    def request(
        self,
        declaration: Declaration,
        *,
        actor: Actor,
        adopted_on: date | None = None,
        release: str = "",
        zone: str = "",
    ) -> ApprovalRequest:
        """Ask for publication of the text as it stands, which is pinned; a second person confirms it with `publish`.

        They confirm the day of adoption, never later than today, and the place with it; and with `seal`, the time at
        which it comes out, as the clock shows it in `zone`. Raises `NotReady`, `Invalid`, and `UnknownBlock` where a
        text refers to a paragraph that is not there.
        """
        declaration = self.declarations.lock(declaration.id)
        PUBLICATION.ensure_may_ask(actor, declaration)
        ensure_not_sealed(declaration)
        self._ensure_ready(declaration)
        if lacking := self.lacking(declaration):
            raise NotReady(lacking)
        day = adopted_on or self.expected_day(declaration)
        if day > clock.today(declaration.forum.timezone):
            raise Invalid(field="adopted_on", reason="not_come_yet")
        moment, where = appointed(declaration, release, zone) if release.strip() else (None, "")
        self._text(declaration, day)
        revision = self.declarations.freeze(declaration, actor=actor, note="edition")
        terms = {
            "adopted_on": day.isoformat(),
            "place": _place_of(declaration),
            "release_at": moment.at.isoformat() if moment else None,
            "offset": moment.offset if moment else None,
            "zone": where,
        }
        return self.approvals.ask(PUBLICATION, declaration, actor=actor, revision_id=revision.id, details=terms)

    def pending(self, declaration: Declaration) -> ApprovalRequest | None:
        """The request that waits for a second person; None also when the text has moved since, which voids it."""
        return self.approvals.valid_request(PUBLICATION, declaration)

    def publish(self, declaration_id: UUID, prepared: Prepared, *, actor: Actor) -> Edition:
        """Freeze the revision, keep the files and close the declaration, in one unit; raises what `confirmed` does."""
        declaration, what, _ = self.confirmed(declaration_id, prepared, actor=actor, is_sealed=False)
        edition = issue_edition(self.db, declaration, what, actor=actor)
        self.declarations.enter(declaration, Phase.PUBLISHED, actor=actor)
        return edition

    def confirmed(
        self, declaration_id: UUID, prepared: Prepared, *, actor: Actor, is_sealed: bool
    ) -> tuple[Declaration, EditionIssue, PublicationTerms]:
        """Take the second person's word for what was asked for: what may go out now, with the lock held.

        Raises `NotReady`, `NotFound` when nobody has asked for it, `Invalid` when the
        same person asked, or something else than was asked is to be confirmed, and `Stale` when the text or the place
        has moved since it was asked for or prepared: two people answer for every word.
        """
        declaration = self.declarations.lock(declaration_id)
        request = self.approvals.ensure_may_confirm(PUBLICATION, declaration, actor=actor)
        terms = publication_terms(request)
        is_that_day = prepared.text.imprint.date == terms.adopted_on
        if not is_that_day or is_sealed != (terms.release is not None):
            raise Invalid(field="release" if is_that_day else "adopted_on", reason="not_as_asked")
        is_unchanged = log.stands_at(self.db, prepared.entry)
        found = prepared if is_unchanged else self._ready(declaration, terms.adopted_on)
        is_moved = found.text != prepared.text or terms.place != _place_of(declaration)
        if is_moved or found.revision_id is None or found.revision_id != request.revision_id:
            raise Stale(expected=prepared.text.fingerprint, head=found.text.fingerprint)
        if found.lacking:
            raise NotReady(found.lacking)
        self.approvals.approve(PUBLICATION, request, actor=actor)
        self.approvals.end(request, Outcome.CONFIRMED, actor=actor)
        what = EditionIssue(
            revision_id=declaration.head.id,
            number=found.text.imprint.edition,
            adopted_on=found.text.imprint.date,
            fingerprint=found.text.fingerprint,
            files=prepared.files,
            requested_by_id=_person(request.requested_by_id),
            published_by_id=_person(actor.person_id),
        )
        return declaration, what, terms

    def editions(self, declaration: Declaration) -> list[Edition]:
        """Every edition, newest first."""
        statement = sa.select(Edition).where(Edition.declaration_id == declaration.id)
        return list(self.db.scalars(statement.order_by(Edition.number.desc())))

    def newest(self, declaration: Declaration, *, actor: Actor) -> Edition:
        """The newest edition; raises `NotFound`."""
        number = next((edition.number for edition in self.editions(declaration)), 0)
        return self.edition(declaration, number, actor=actor)

    def edition(self, declaration: Declaration, number: int, *, actor: Actor) -> Edition:
        """One edition; raises `NotFound`."""
        statement = sa.select(Edition).where(Edition.declaration_id == declaration.id, Edition.number == number)
        found = self.db.scalar(statement)
        if found is None or not policy.may_read_editions(actor, declaration):
            raise NotFound(what="edition", id=str(number))
        return found

    def file(self, edition: Edition, name: str) -> EditionFile:
        """One file of an edition, byte for byte; raises `NotFound`."""
        return existing(self.db.get(EditionFile, (edition.id, name)), "edition_file", name)

    def text(self, edition: Edition) -> EditionText:
        """The words of an edition, from the revision it froze."""
        corrects = corrected_by(self.db, edition)
        imprint = self._imprint(edition.declaration, edition.adopted_on, edition.number, corrects=corrects)
        rows = queries.pinned_rows(self.db, edition.revision_id, is_anew=True)
        return self._assembled(edition.declaration, rows, imprint, self.around(edition))

    def corrected(self, edition: Edition, rows: Sequence[BlockRow], corrigendum: Corrigendum) -> Prepared:
        """Make every file of the edition that follows this one."""
        text = self.corrected_text(edition, rows, corrigendum)
        return Prepared(text, self._files(edition.declaration, text))

    def corrected_text(self, edition: Edition, rows: Sequence[BlockRow], corrigendum: Corrigendum) -> EditionText:
        """The text that follows this edition: the same imprint, other words in `rows`, reservations made since."""
        declaration = edition.declaration
        corrects = corrected_reference(edition)
        imprint = self._imprint(declaration, edition.adopted_on, edition.number + 1, corrects=corrects)
        around = self.around(edition)
        on_file = reservations_on_record(self.db, declaration, around.signatories)
        around = replace(around, reservations=on_file, corrigendum=corrigendum)
        return self._assembled(declaration, rows, imprint, around)

    def dangling(self, declaration: Declaration) -> list[Dangling]:
        """Texts that refer to a paragraph that is not there or has no number; they stop publication too."""
        text = queries.text_in_force(self.db, declaration)
        known = {row.id for row in text.rows}
        return [
            Dangling(row.block_id, text.numbers.get(row.id, ""), language)
            for row in text.rows
            if row.kind is not BlockKind.CODE
            for language in Language
            if _dangles(row.content(language), known, text.numbers)
        ]

    def contradictions(self, declaration: Declaration) -> list[TextFinding]:
        """Errors between the three languages that nobody has let stand; they stop publication too."""
        overridden = valid_overrides(self.db, declaration)
        found = TextCheckService(self.db).contradictions(declaration)
        refs = [ObstacleRef(Obstacle.CONTRADICTION, each.block_id, each.language, each.finding.check) for each in found]
        return [each for each, ref in zip(found, refs, strict=True) if ref not in overridden]

    def contested(self, declaration: Declaration) -> list[Contested]:
        """Paragraphs that stand in brackets: a text with open brackets is not a clean one, in any language."""
        text = queries.text_in_force(self.db, declaration)
        opened = brackets.open_of(self.db, declaration)
        rows = [row for row in text.rows if row.block_id in opened]
        return [Contested(row.block_id, text.numbers.get(row.id, ""), opened[row.block_id].number) for row in rows]

    def unsigned(self, declaration: Declaration) -> list[Unsigned]:
        """What nobody has signed, of texts that are equally authentic; it stops publication too, though no preview."""
        numbered = queries.text_in_force(self.db, declaration).numbers
        lacking = ConcordanceService(self.db).lacking(declaration, standings(self.db, declaration))
        overridden = valid_overrides(self.db, declaration)
        found = [
            *(Unsigned(block_id, numbered.get(str(block_id), ""), None) for block_id in lacking.blocks),
            *(Unsigned(None, "", language) for language in lacking.languages),
        ]
        refs = [ObstacleRef(Obstacle.SIGNATURE, each.block_id, each.language) for each in found]
        return [each for each, ref in zip(found, refs, strict=True) if ref not in overridden]

    def undecided(self, declaration: Declaration) -> list[int]:
        """The amendments of which nobody has said what becomes of them; they stop publication, though no preview."""
        pending = sa.select(Amendment.number).where(
            Amendment.declaration_id == declaration.id, Amendment.disposition.in_(PENDING)
        )
        is_amended = first_amended(self.db, declaration) is not None
        return list(self.db.scalars(pending.order_by(Amendment.number))) if is_amended else []

    def lacking(self, declaration: Declaration) -> list[int | Unsigned]:
        """What stops publication and no preview."""
        return [*self.undecided(declaration), *self.unsigned(declaration)]

    def _ready(self, declaration: Declaration, adopted_on: date) -> Prepared:
        """What would go out now, without its files; raises `NotReady`."""
        self._ensure_ready(declaration)
        pinned = declaration.head_id if self.declarations.is_pinned(declaration) else None
        return Prepared(self._text(declaration, adopted_on), {}, self.lacking(declaration), pinned)

    def _ensure_ready(self, declaration: Declaration) -> None:
        contested = self.contested(declaration)
        unfinished = AnnexService(self.db).unfinished(declaration)
        texts = [*self.blockers(declaration), *self.contradictions(declaration)]
        if blockers := [*texts, *contested, *unfinished, *self.deceiving(declaration)]:
            raise NotReady(blockers)

    def deceiving(self, declaration: Declaration) -> list[DeceivingName]:
        """The names that deceive and that nobody has let be."""
        found = deceiving_names(self.db, declaration)
        overridden = valid_overrides(self.db, declaration) if found else frozenset()
        return [name for name in found if name_obstacle(name) not in overridden]

    def _text(self, declaration: Declaration, adopted_on: date) -> EditionText:
        number = next_number(self.db, Edition.number, Edition.declaration_id == declaration.id)
        imprint = self._imprint(declaration, adopted_on, number)
        rows = queries.head_rows(self.db, declaration)
        return self._assembled(declaration, rows, imprint, collect_apparatus(self.db, declaration, rows))

    def around(self, edition: Edition) -> Apparatus:
        """What was printed around an edition when it came out."""
        return apparatus_in(self.file(edition, TEXT).content)

    def _assembled(
        self, declaration: Declaration, rows: Sequence[BlockRow], imprint: Imprint, around: Apparatus
    ) -> EditionText:
        absent: dict[UUID, dict[Language, str]] = {}
        for (block_id, language), absence in queries.absences(self.db, declaration).items():
            absent.setdefault(block_id, {})[language] = absence.reason
        texts = [{language: version.content for language, version in row.texts.items()} for row in rows]
        printed = [
            filled(RevisionRow, row, texts=said, absent=absent.get(row.block_id, {}))
            for row, said in zip(rows, texts, strict=True)
        ]
        return edition_text(printed, imprint, around)

    def _imprint(
        self, declaration: Declaration, adopted_on: date, number: int, *, corrects: CorrectedEdition | None = None
    ) -> Imprint:
        forum = declaration.forum
        is_equal = declaration.authenticity is Authenticity.EQUAL
        return Imprint(
            forum={language: forum.name.said_in(language) for language in Language},
            declaration={language: declaration.name.said_in(language) for language in Language},
            place={language: forum.place.said_in(language) for language in Language},
            date=adopted_on,
            edition=number,
            authenticity=declaration.authenticity,
            authoritative=None if is_equal else declaration.prevailing_language or declaration.original_language,
            corrects=corrects,
            original=declaration.original_language,
        )


def _dangles(text: str, known: Collection[str], numbered: Mapping[str, str]) -> bool:
    resolved = resolve(text, numbered, Language.EN)
    return "[](#b-" in resolved or any(target not in known for target in references(text))


def _person(person_id: UUID | None) -> UUID:
    if person_id is None:
        raise NotFound(what="person", id="")
    return person_id
