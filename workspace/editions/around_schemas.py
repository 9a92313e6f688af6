"""Signatories, reservations and annexes as programs read and write them."""

from datetime import date, datetime
from uuid import UUID

from msgspec import Struct

from drafts.apparatus import AnnexKind, Position
from drafts.blocks import Language
from workspace.core.db import Trilingual
from workspace.editions.annexes import AnnexFields
from workspace.editions.around_models import AnnexRecord, ReservationRecord, ReservationWindow, SignatoryRecord
from workspace.editions.signatories import SignatoryFields


class Three(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One thing said in up to three languages."""

    es: str = ""
    en: str = ""
    fr: str = ""

    @classmethod
    def of(cls, words: Trilingual) -> "Three":
        return cls(**words.to_dict())

    def words(self) -> Trilingual:
        return Trilingual(es=self.es, en=self.en, fr=self.fr)


class SignatoryIn(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Who signs. The organisation's name is needed in one language at least."""

    organisation: Three
    person: str = ""
    capacity: Three = Three()
    signed_on: date | None = None

    def fields(self) -> SignatoryFields:
        return SignatoryFields(self.organisation.words(), self.person, self.capacity.words(), self.signed_on)


class SignatoryRowsIn(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Rows of a spreadsheet as text, tabs or semicolons between the columns."""

    rows: str


class SignatoryOut(Struct, frozen=True, kw_only=True):
    """A signatory."""

    id: UUID
    organisation: Three
    person: str
    capacity: Three
    signed_on: date | None

    @classmethod
    def of(cls, signatory: SignatoryRecord) -> "SignatoryOut":
        return cls(
            id=signatory.id,
            organisation=Three.of(signatory.organisation),
            person=signatory.person,
            capacity=Three.of(signatory.capacity),
            signed_on=signatory.signed_on,
        )


class SignatoriesOut(Struct, frozen=True, kw_only=True):
    """Those who sign, in alphabetical order."""

    items: list[SignatoryOut]


class PastedOut(Struct, frozen=True, kw_only=True):
    """How many rows were entered, and how many were in the list already."""

    added: int
    known: int


class WindowIn(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """From when until when, with their offsets."""

    opens_at: datetime
    closes_at: datetime


class WindowOut(Struct, frozen=True, kw_only=True):
    """From when until when reservations may be filed."""

    opens_at: datetime
    closes_at: datetime

    @classmethod
    def of(cls, window: ReservationWindow) -> "WindowOut":
        return cls(opens_at=window.opens_at, closes_at=window.closes_at)


class ReservationIn(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What is put on record, about one paragraph or about the whole text; `text` is needed in `language`."""

    position: Position
    organisation_id: UUID
    language: Language
    text: Three
    block_id: UUID | None = None


class ReservationTextIn(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What was filed, in another language; empty takes a translation away."""

    text: str


class ReservationOut(Struct, frozen=True, kw_only=True):
    """What is on record. What was withdrawn stays here and is not printed."""

    id: UUID
    number: int
    position: Position
    organisation_id: UUID
    organisation: str
    block_id: UUID | None
    language: Language
    text: Three
    filed_at: datetime
    withdrawn_at: datetime | None

    @classmethod
    def of(cls, reservation: ReservationRecord) -> "ReservationOut":
        return cls(
            id=reservation.id,
            number=reservation.number,
            position=Position(reservation.position),
            organisation_id=reservation.organisation_id,
            organisation=reservation.organisation.name,
            block_id=reservation.block_id,
            language=Language(reservation.language),
            text=Three.of(reservation.text),
            filed_at=reservation.filed_at,
            withdrawn_at=reservation.withdrawn_at,
        )


class ReservationsOut(Struct, frozen=True, kw_only=True):
    """What is on record, and the window in which more can be filed, if somebody has set one."""

    items: list[ReservationOut]
    window: WindowOut | None


class AnnexIn(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """An annex. `text` in Markdown is of written ones alone, `theme_id` of a set of recommendations."""

    kind: AnnexKind
    title: Three
    text: Three = Three()
    version: str = ""
    theme_id: UUID | None = None

    def fields(self) -> AnnexFields:
        return AnnexFields(self.kind, self.title.words(), self.text.words(), self.version, self.theme_id)


class AnnexOut(Struct, frozen=True, kw_only=True):
    """An annex; they come in the order in which they are printed."""

    id: UUID
    kind: AnnexKind
    title: Three
    text: Three
    version: str
    theme_id: UUID | None

    @classmethod
    def of(cls, annex: AnnexRecord) -> "AnnexOut":
        return cls(
            id=annex.id,
            kind=AnnexKind(annex.kind),
            title=Three.of(annex.title),
            text=Three.of(annex.text),
            version=annex.version,
            theme_id=annex.theme_id,
        )


class AnnexesOut(Struct, frozen=True, kw_only=True):
    """The annexes, in the order in which they are printed."""

    items: list[AnnexOut]
