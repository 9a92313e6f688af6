"""The page of those who sign: entered one by one, pasted from a spreadsheet, corrected, taken off the list."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from uuid import UUID
from zoneinfo import ZoneInfo

from litestar import Controller
from msgspec import Struct
from msgspec.structs import asdict

from drafts.formats.apparatus import Position
from drafts.text.blocks import Language
from workspace.core import clock
from workspace.core.actor import Actor
from workspace.core.errors import Invalid
from workspace.core.storage.db import Db
from workspace.core.validation import chosen_word, parse_day, sent_id
from workspace.declarations.frame import Frame
from workspace.editions.domain import policy
from workspace.editions.domain.models import ReservationRecord
from workspace.editions.domain.reservations import ReservationService
from workspace.editions.domain.signatories import SignatoryFields, SignatoryService
from workspace.editions.pages.apparatus import (
    POSITIONS,
    SEE_IT,
    ApparatusFrame,
    ApparatusPage,
    LanguageText,
    apparatus_context,
    language_texts,
    paragraph_choices,
    trilingual,
)
from workspace.people.models import Organisation
from workspace.people.validation import known_language
from workspace.web.http.request_context import FormBody, FromPath, PathId, Work
from workspace.web.pages import Done, shows, takes


class SignatoryLine(Struct, frozen=True):
    """One signatory, as the list shows them in the reader's language, and in every language for the form."""

    id: UUID
    organisation: str
    person: str
    capacity: str
    signed_on: date | None
    organisations: Sequence[LanguageText]
    capacities: Sequence[LanguageText]


class SignatoriesPage(ApparatusPage, frozen=True, kw_only=True):
    lines: Sequence[SignatoryLine]


class SignatoryForm(Struct, frozen=True):
    """What is said of a signatory."""

    organisation_es: str = ""
    organisation_en: str = ""
    organisation_fr: str = ""
    person: str = ""
    capacity_es: str = ""
    capacity_en: str = ""
    capacity_fr: str = ""
    signed_on: str = ""

    def fields(self) -> SignatoryFields:
        """What the form says; raises `Invalid` for what is no day."""
        return SignatoryFields(
            organisation=trilingual(self.organisation_es, self.organisation_en, self.organisation_fr),
            person=self.person,
            capacity=trilingual(self.capacity_es, self.capacity_en, self.capacity_fr),
            signed_on=parse_day("signed_on", self.signed_on),
        )


class RowsForm(Struct, frozen=True):
    """Rows of a spreadsheet."""

    rows: str = ""


class SignatoryPages(Controller):
    """Who stands behind the text."""

    path = "/{forum:str}/{declaration:str}/signatories"

    @shows("editions/signatories.html", name="signatories", policy=SEE_IT)
    def signatories(
        self,
        db: Db,
        work: Work,
        found: ApparatusFrame,
        form: SignatoryForm | RowsForm | None = None,
        refusal: Invalid | None = None,
    ) -> SignatoriesPage:
        """Who signs, in alphabetical order, and the forms as they were sent, except that of one signatory."""
        language = work.language
        sent = asdict(form) if form and "signatory_id" not in work.request.path_params else {}
        lines = [
            SignatoryLine(
                id=signatory.id,
                organisation=signatory.organisation.said_in(language),
                person=signatory.person,
                capacity=signatory.capacity.said_in(language),
                signed_on=signatory.signed_on,
                organisations=language_texts(signatory.organisation),
                capacities=language_texts(signatory.capacity),
            )
            for signatory in SignatoryService(db).listed(found.declaration, language)
        ]
        filled = asdict(SignatoryForm()) | asdict(RowsForm()) | sent
        return SignatoriesPage(**apparatus_context(work, found, "signatories", filled, refusal), lines=lines)

    @takes(again=signatories, name="add_signatory", policy="edition.prepare")
    def add_signatory(
        self, db: Db, work: Work, actor: Actor, found: ApparatusFrame, data: FormBody[SignatoryForm]
    ) -> Done:
        """Enter one signatory."""
        SignatoryService(db).add(found.declaration, data.fields(), actor=actor)
        return Done("signatories", work.messages.gettext("Signatory added."))

    @takes("/rows", again=signatories, name="paste_signatories", policy="edition.prepare")
    def paste_signatories(
        self, db: Db, work: Work, actor: Actor, found: ApparatusFrame, data: FormBody[RowsForm]
    ) -> Done:
        """Enter the rows of a spreadsheet, all or none."""
        added = SignatoryService(db).add_rows(found.declaration, data.rows, actor=actor).added
        said = work.messages.ngettext("%(n)s signatory added.", "%(n)s signatories added.", added)
        return Done("signatories", said)

    @takes("/{signatory_id:uuid}", again=signatories, name="change_signatory", policy="edition.prepare")
    def change_signatory(
        self, db: Db, work: Work, found: ApparatusFrame, signatory_id: PathId, data: FormBody[SignatoryForm]
    ) -> Done:
        """Correct what is said of one."""
        SignatoryService(db).change(found.declaration, signatory_id, data.fields(), actor=work.actor)
        return Done("signatories", work.messages.gettext("Signatory corrected."))

    @takes("/{signatory_id:uuid}/removal", again=signatories, name="remove_signatory", policy="edition.prepare")
    def remove_signatory(self, db: Db, work: Work, actor: Actor, found: ApparatusFrame, signatory_id: PathId) -> Done:
        """Take one off the list."""
        SignatoryService(db).remove(found.declaration, signatory_id, actor=actor)
        return Done("signatories", work.messages.gettext("Signatory removed."))


class ReservationLine(Struct, frozen=True):
    """One position on record. `paragraph` is how its paragraph is called, empty for the whole text."""

    number: int
    position: str
    organisation: str
    paragraph: str
    language: Language
    text: str
    filed_at: datetime
    is_withdrawn: bool
    may_withdraw: bool
    translations: Sequence[LanguageText]


class ReservationsPage(ApparatusPage, frozen=True, kw_only=True):
    lines: Sequence[ReservationLine]
    standing: int
    opens_at: datetime | None
    closes_at: datetime | None
    is_open: bool
    is_over: bool
    zone: str
    may_file: bool
    may_set_window: bool
    may_translate: bool
    organisations: Sequence[tuple[str, str]]
    paragraphs: Sequence[tuple[str, str]]
    positions: Sequence[tuple[str, str]]


class ReservationForm(Struct, frozen=True):
    """What is put on record."""

    position: str = Position.RESERVATION.value
    organisation: str = ""
    paragraph: str = ""
    language: str = ""
    text_es: str = ""
    text_en: str = ""
    text_fr: str = ""


class WindowForm(Struct, frozen=True):
    """From when until when, as the clock of the forum's place shows it."""

    opens_at: str = ""
    closes_at: str = ""


class TranslationForm(Struct, frozen=True):
    """What was filed, in another language."""

    language: str = ""
    text: str = ""


class ReservationPages(Controller):
    """Reservations, explanations of position, dissociations."""

    path = "/{forum:str}/{declaration:str}/reservations"

    @shows("editions/reservations.html", name="reservations", policy=SEE_IT)
    def reservations(
        self,
        db: Db,
        work: Work,
        found: ApparatusFrame,
        form: ReservationForm | WindowForm | None = None,
        refusal: Invalid | None = None,
    ) -> ReservationsPage:
        """What is on record, the form while the window is open, and the forms as sent, except those of one position."""
        service = ReservationService(db)
        sent = asdict(form) if form and "number" not in work.request.path_params else {}
        window, local, actor = service.window(found.declaration), found.forum.local, work.actor
        named = paragraph_choices(db, found.declaration, work)
        lines = [
            _line(service, reservation_record, found, dict(named), work)
            for reservation_record in service.listed(found.declaration)
        ]
        own = [
            db.get_one(Organisation, organisation)
            for organisation in policy.represented_organisations(actor, found.declaration)
        ]
        opens, closes = (local(window.opens_at), local(window.closes_at)) if window else (None, None)
        dates = {"opens_at": f"{opens:%Y-%m-%dT%H:%M}", "closes_at": f"{closes:%Y-%m-%dT%H:%M}"} if opens else {}
        filled = {**asdict(ReservationForm()), **asdict(WindowForm()), "language": work.language, **dates, **sent}
        return ReservationsPage(
            **apparatus_context(work, found, "reservations", filled, refusal),
            lines=lines,
            standing=sum(not line.is_withdrawn for line in lines),
            opens_at=opens,
            closes_at=closes,
            is_open=policy.is_reservation_window_open(window, clock.now()),
            is_over=closes is not None and closes <= clock.now(),
            zone=found.forum.timezone,
            may_file=policy.may_file_reservation(actor, found.declaration, window),
            may_set_window=policy.may_set_reservation_window(actor, found.declaration),
            may_translate=policy.may_translate_apparatus(actor, found.declaration),
            organisations=[(str(organisation.id), organisation.name) for organisation in own],
            paragraphs=named,
            positions=[(position.value, work.messages.gettext(words)) for position, words in POSITIONS.items()],
        )

    @takes(again=reservations, name="file_reservation", policy="reservation.file")
    def file_reservation(
        self, db: Db, work: Work, actor: Actor, found: ApparatusFrame, data: FormBody[ReservationForm]
    ) -> Done:
        """Put a position on record."""
        made = ReservationService(db).file(
            found.declaration,
            chosen_word(Position, data.position, "position"),
            sent_id(data.organisation),
            trilingual(data.text_es, data.text_en, data.text_fr),
            language=_original(data, work),
            block_id=sent_id(data.paragraph) if data.paragraph else None,
            actor=actor,
        )
        return Done("reservations", work.messages.gettext("Recorded as number %(number)s.", number=made.number))

    @takes("/window", again=reservations, name="set_reservation_window", policy="reservation.window")
    def set_window(self, db: Db, work: Work, actor: Actor, found: ApparatusFrame, data: FormBody[WindowForm]) -> Done:
        """Say from when until when reservations may be filed."""
        opens, closes = (
            _moment(getattr(data, field), field, found.forum.timezone) for field in ("opens_at", "closes_at")
        )
        ReservationService(db).set_window(found.declaration, opens, closes, actor=actor)
        return Done("reservations", work.messages.gettext("Deadline for reservations saved."))

    @takes("/{number:int}/translation", again=reservations, name="translate_reservation", policy="edition.prepare")
    def translate(
        self, db: Db, work: Work, found: ApparatusFrame, number: FromPath[int], data: FormBody[TranslationForm]
    ) -> Done:
        """Say in another language what was filed."""
        service, language = ReservationService(db), Language(known_language(data.language))
        service.translate(found.declaration, number, language, data.text, actor=work.actor)
        return Done("reservations", work.messages.gettext("Translation saved."))

    @takes("/{number:int}/withdrawal", again=reservations, name="withdraw_reservation", policy="reservation.file")
    def withdraw(self, db: Db, work: Work, actor: Actor, found: ApparatusFrame, number: FromPath[int]) -> Done:
        """Take back what one's organisation filed."""
        ReservationService(db).withdraw(found.declaration, number, actor=actor)
        return Done("reservations", work.messages.gettext("Withdrawn: it stays on record and is not printed."))


def _original(data: ReservationForm, work: Work) -> Language:
    """The language that was chosen; without a choice the reader's own, or the only one that has words."""
    if data.language:
        return Language(known_language(data.language))
    filled = [language for language in Language if getattr(data, f"text_{language}").strip()]
    return work.language if work.language in filled or not filled else filled[0]


def _moment(written: str, field: str, zone: str) -> datetime:
    if not written:
        raise Invalid(field=field, reason="empty")
    try:
        return datetime.fromisoformat(written).replace(tzinfo=ZoneInfo(zone))
    except ValueError as error:
        raise Invalid(field=field, reason="not_a_moment", given=written) from error


def _line(
    service: ReservationService,
    reservation_record: ReservationRecord,
    found: Frame,
    named: Mapping[str, str],
    work: Work,
) -> ReservationLine:
    words = reservation_record.text.to_dict()
    shown = work.language if words[work.language] else reservation_record.language
    return ReservationLine(
        number=reservation_record.number,
        position=work.messages.gettext(POSITIONS[Position(reservation_record.position)]),
        organisation=reservation_record.organisation.name,
        paragraph=named.get(str(reservation_record.block_id), "") if reservation_record.block_id else "",
        language=Language(shown),
        text=words[shown],
        filed_at=found.forum.local(reservation_record.filed_at),
        is_withdrawn=reservation_record.withdrawn_at is not None,
        may_withdraw=service.may_withdraw(reservation_record, found.declaration, actor=work.actor),
        translations=[
            tongue
            for tongue in language_texts(reservation_record.text)
            if tongue.language != reservation_record.language
        ],
    )
