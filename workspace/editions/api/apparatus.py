"""What is printed around a text, as JSON: signatories, reservations within their window, annexes."""

from datetime import date, datetime
from typing import Annotated
from uuid import UUID

from litestar import Controller
from msgspec import Struct

from drafts.formats.apparatus import AnnexKind, Position
from drafts.text.blocks import Language
from workspace.core.actor import Actor
from workspace.core.errors import Invalid
from workspace.core.shapes import Shape, filled
from workspace.core.storage.db import Db, Trilingual
from workspace.declarations.api import declared
from workspace.declarations.domain.models import Declaration
from workspace.editions.domain import policy
from workspace.editions.domain.annexes import AnnexFields, AnnexService
from workspace.editions.domain.models import ReservationRecord
from workspace.editions.domain.reservations import ReservationService
from workspace.editions.domain.signatories import PastedRows, SignatoryFields, SignatoryService
from workspace.editions.pages.apparatus import SEE_IT
from workspace.web.api import DONE, ListOf, Number, reads, removes, writes
from workspace.web.http.request_context import Body, FromPath, PathId

WithApparatus = Annotated[Declaration, declared(policy.may_see_apparatus)]


class ThreeLanguages(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One thing said in up to three languages."""

    es: str = ""
    en: str = ""
    fr: str = ""

    def words(self) -> Trilingual:
        return Trilingual(es=self.es, en=self.en, fr=self.fr)


class SignatoryIn(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Who signs. The organisation's name is needed in one language at least."""

    organisation: ThreeLanguages
    person: str = ""
    capacity: ThreeLanguages = ThreeLanguages()
    signed_on: date | None = None

    def fields(self) -> SignatoryFields:
        return SignatoryFields(self.organisation.words(), self.person, self.capacity.words(), self.signed_on)


class SignatoryRowsIn(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Rows of a spreadsheet as text, tabs or semicolons between the columns."""

    rows: str


class SignatoryOut(Shape, frozen=True, kw_only=True):
    """A signatory."""

    id: UUID
    organisation: ThreeLanguages
    person: str
    capacity: ThreeLanguages
    signed_on: date | None


class WindowIn(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """From when until when, with their offsets."""

    opens_at: datetime
    closes_at: datetime


class WindowOut(Shape, frozen=True, kw_only=True):
    """From when until when reservations may be filed."""

    opens_at: datetime
    closes_at: datetime


class ReservationIn(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What is put on record, about one paragraph or about the whole text; `text` is needed in `language`."""

    position: Position
    organisation_id: UUID
    language: Language
    text: ThreeLanguages
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
    text: ThreeLanguages
    filed_at: datetime
    withdrawn_at: datetime | None

    @classmethod
    def of(cls, reservation: ReservationRecord) -> "ReservationOut":
        return filled(cls, reservation, organisation=reservation.organisation.name)


class ReservationsOut(Struct, frozen=True, kw_only=True):
    """What is on record, and the window in which more can be filed, if somebody has set one."""

    items: list[ReservationOut]
    window: WindowOut | None


class AnnexIn(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """An annex. `text` in Markdown is of written ones alone, `theme_id` of a set of recommendations.

    With `other_theme_id`, it holds what two sets have in common.
    """

    kind: AnnexKind
    title: ThreeLanguages
    text: ThreeLanguages = ThreeLanguages()
    version: str = ""
    theme_id: UUID | None = None
    other_theme_id: UUID | None = None

    def fields(self) -> AnnexFields:
        return filled(AnnexFields, self, title=self.title.words(), text=self.text.words())


class AnnexOut(Shape, frozen=True, kw_only=True):
    """An annex; they come in the order in which they are printed."""

    id: UUID
    kind: AnnexKind
    title: ThreeLanguages
    text: ThreeLanguages
    version: str
    theme_id: UUID | None
    other_theme_id: UUID | None


_LARGEST_ANNEX = 1_000_000


class SignatoryApi(Controller):
    """Who stands behind the text."""

    path = "/api/declarations/{declaration_id:uuid}/signatories"
    tags = ("Editions",)

    @reads("/", policy=SEE_IT)
    def list_signatories(self, db: Db, declaration: WithApparatus) -> ListOf[SignatoryOut]:
        """List who signs, in the alphabetical order of English."""
        return ListOf(items=[SignatoryOut.of(signatory) for signatory in SignatoryService(db).listed(declaration)])

    @writes("/", policy="edition.prepare")
    def add_signatory(self, db: Db, actor: Actor, declaration: WithApparatus, data: Body[SignatoryIn]) -> SignatoryOut:
        """Enter one signatory."""
        return SignatoryOut.of(SignatoryService(db).add(declaration, data.fields(), actor=actor))

    @writes("/rows", status=DONE, policy="edition.prepare")
    def add_signatory_rows(
        self, db: Db, actor: Actor, declaration: WithApparatus, data: Body[SignatoryRowsIn]
    ) -> PastedRows:
        """Enter the rows of a spreadsheet, all or none; who is in the list already is left as they are."""
        return SignatoryService(db).add_rows(declaration, data.rows, actor=actor)

    @writes("/{signatory_id:uuid}", status=DONE, policy="edition.prepare")
    def change_signatory(
        self, db: Db, actor: Actor, declaration: WithApparatus, signatory_id: PathId, data: Body[SignatoryIn]
    ) -> SignatoryOut:
        """Correct what is said of one."""
        return SignatoryOut.of(SignatoryService(db).change(declaration, signatory_id, data.fields(), actor=actor))

    @removes("/{signatory_id:uuid}", policy="edition.prepare")
    def remove_signatory(self, db: Db, actor: Actor, declaration: WithApparatus, signatory_id: PathId) -> None:
        """Take one off the list."""
        SignatoryService(db).remove(declaration, signatory_id, actor=actor)


class ReservationApi(Controller):
    """Reservations, explanations of position, dissociations."""

    path = "/api/declarations/{declaration_id:uuid}"
    tags = ("Editions",)

    @reads("/reservations", policy=SEE_IT)
    def list_reservations(self, db: Db, declaration: WithApparatus) -> ReservationsOut:
        """List what is on record, and the window in which more can be filed."""
        service = ReservationService(db)
        window = service.window(declaration)
        items = [ReservationOut.of(reservation) for reservation in service.listed(declaration)]
        return ReservationsOut(items=items, window=WindowOut.of(window) if window else None)

    @writes("/reservations", policy="reservation.file")
    def file_reservation(
        self, db: Db, actor: Actor, declaration: WithApparatus, data: Body[ReservationIn]
    ) -> ReservationOut:
        """Put a position on record for an organisation whose mandate one holds, while the window is open."""
        made = ReservationService(db).file(
            declaration,
            data.position,
            data.organisation_id,
            data.text.words(),
            language=data.language,
            block_id=data.block_id,
            actor=actor,
        )
        return ReservationOut.of(made)

    @writes("/reservation-window", status=DONE, policy="reservation.window")
    def set_reservation_window(
        self, db: Db, actor: Actor, declaration: WithApparatus, data: Body[WindowIn]
    ) -> WindowOut:
        """Say from when until when reservations may be filed."""
        for field, moment in (("opens_at", data.opens_at), ("closes_at", data.closes_at)):
            if moment.tzinfo is None:
                raise Invalid(field=field, reason="not_a_moment", given=moment.isoformat())
        made = ReservationService(db).set_window(declaration, data.opens_at, data.closes_at, actor=actor)
        return WindowOut.of(made)

    @writes("/reservations/{number:str}/texts/{language:str}", status=DONE, policy="edition.prepare")
    def translate_reservation(
        self,
        *,
        db: Db,
        actor: Actor,
        declaration: WithApparatus,
        number: Number,
        language: FromPath[Language],
        data: Body[ReservationTextIn],
    ) -> ReservationOut:
        """Say in another language what was filed; its own words can be changed by nobody."""
        return ReservationOut.of(
            ReservationService(db).translate(declaration, number, language, data.text, actor=actor)
        )

    @writes("/reservations/{number:str}/withdrawal", status=DONE, policy="reservation.file")
    def withdraw_reservation(self, db: Db, actor: Actor, declaration: WithApparatus, number: Number) -> ReservationOut:
        """Take back what one's organisation filed; it stays on record and is not printed."""
        return ReservationOut.of(ReservationService(db).withdraw(declaration, number, actor=actor))


class AnnexApi(Controller):
    """What is printed behind the text."""

    path = "/api/declarations/{declaration_id:uuid}/annexes"
    tags = ("Editions",)

    @reads("/", policy=SEE_IT)
    def list_annexes(self, db: Db, declaration: WithApparatus) -> ListOf[AnnexOut]:
        """List the annexes in their order."""
        return ListOf(items=[AnnexOut.of(annex) for annex in AnnexService(db).listed(declaration)])

    @writes("/", policy="edition.prepare", largest=_LARGEST_ANNEX)
    def add_annex(self, db: Db, actor: Actor, declaration: WithApparatus, data: Body[AnnexIn]) -> AnnexOut:
        """Add an annex behind the others; languages can follow later, but are needed for publication."""
        return AnnexOut.of(AnnexService(db).add(declaration, data.fields(), actor=actor))

    @writes("/{annex_id:uuid}", status=DONE, policy="edition.prepare", largest=_LARGEST_ANNEX)
    def change_annex(
        self, db: Db, actor: Actor, declaration: WithApparatus, annex_id: PathId, data: Body[AnnexIn]
    ) -> AnnexOut:
        """Put other words in its place; its kind stays."""
        return AnnexOut.of(AnnexService(db).change(declaration, annex_id, data.fields(), actor=actor))

    @writes("/{annex_id:uuid}/up", status=DONE, policy="edition.prepare")
    def move_annex_up(self, db: Db, actor: Actor, declaration: WithApparatus, annex_id: PathId) -> ListOf[AnnexOut]:
        """Let it change places with the one before it; answers with the new order."""
        service = AnnexService(db)
        service.move_up(declaration, annex_id, actor=actor)
        return ListOf(items=[AnnexOut.of(annex) for annex in service.listed(declaration)])

    @removes("/{annex_id:uuid}", policy="edition.prepare")
    def remove_annex(self, db: Db, actor: Actor, declaration: WithApparatus, annex_id: PathId) -> None:
        """Take an annex away."""
        AnnexService(db).remove(declaration, annex_id, actor=actor)
