"""What is printed around a text, as JSON: signatories, reservations within their window, annexes."""

from uuid import UUID

from litestar import Controller, Response
from litestar.di import NamedDependency

from drafts.blocks import Language
from workspace.core.errors import Invalid
from workspace.declarations.api import opened
from workspace.editions import around_policy as policy
from workspace.editions.annexes import AnnexService
from workspace.editions.around_schemas import (
    AnnexesOut,
    AnnexIn,
    AnnexOut,
    PastedOut,
    ReservationIn,
    ReservationOut,
    ReservationsOut,
    ReservationTextIn,
    SignatoriesOut,
    SignatoryIn,
    SignatoryOut,
    SignatoryRowsIn,
    WindowIn,
    WindowOut,
)
from workspace.editions.around_views import SEE_IT
from workspace.editions.reservations import ReservationService
from workspace.editions.signatories import SignatoryService
from workspace.web.api import DONE, Number, answer, reads, removes, writes
from workspace.web.params import FromPath, JSONBody
from workspace.web.services import Work

_LARGEST_ANNEX = 1_000_000


class SignatoryApi(Controller):
    """Who stands behind the text."""

    path = "/api/declarations/{declaration_id:uuid}/signatories"
    tags = ("Editions",)

    @reads("/", policy=SEE_IT)
    def list_signatories(self, work: NamedDependency[Work], declaration_id: FromPath[UUID]) -> Response[SignatoriesOut]:
        """List who signs, in the alphabetical order of English."""
        actor = work.actor
        with work.reading() as db:
            declaration = opened(db, declaration_id, actor=actor, may=policy.may_see)
            return answer(
                SignatoriesOut(
                    items=[SignatoryOut.of(signatory) for signatory in SignatoryService(db).listed(declaration)]
                )
            )

    @writes("/", policy="edition.prepare")
    def add_signatory(
        self, work: NamedDependency[Work], declaration_id: FromPath[UUID], data: JSONBody[SignatoryIn]
    ) -> Response[SignatoryOut]:
        """Enter one signatory."""
        actor = work.actor
        with work.writing() as db:
            declaration = opened(db, declaration_id, actor=actor, may=policy.may_see)
            made = SignatoryOut.of(SignatoryService(db).add(declaration, data.fields(), actor=actor))
        return answer(made)

    @writes("/rows", status=DONE, policy="edition.prepare")
    def add_signatory_rows(
        self, work: NamedDependency[Work], declaration_id: FromPath[UUID], data: JSONBody[SignatoryRowsIn]
    ) -> Response[PastedOut]:
        """Enter the rows of a spreadsheet, all or none; who is in the list already is left as they are."""
        actor = work.actor
        with work.writing() as db:
            declaration = opened(db, declaration_id, actor=actor, may=policy.may_see)
            pasted = SignatoryService(db).add_rows(declaration, data.rows, actor=actor)
        return answer(PastedOut(added=pasted.added, known=pasted.known))

    @writes("/{signatory_id:uuid}", status=DONE, policy="edition.prepare")
    def change_signatory(
        self,
        work: NamedDependency[Work],
        declaration_id: FromPath[UUID],
        signatory_id: FromPath[UUID],
        data: JSONBody[SignatoryIn],
    ) -> Response[SignatoryOut]:
        """Correct what is said of one."""
        actor = work.actor
        with work.writing() as db:
            declaration = opened(db, declaration_id, actor=actor, may=policy.may_see)
            changed = SignatoryService(db).change(declaration, signatory_id, data.fields(), actor=actor)
            shown = SignatoryOut.of(changed)
        return answer(shown)

    @removes("/{signatory_id:uuid}", policy="edition.prepare")
    def remove_signatory(
        self, work: NamedDependency[Work], declaration_id: FromPath[UUID], signatory_id: FromPath[UUID]
    ) -> None:
        """Take one off the list."""
        actor = work.actor
        with work.writing() as db:
            declaration = opened(db, declaration_id, actor=actor, may=policy.may_see)
            SignatoryService(db).remove(declaration, signatory_id, actor=actor)


class ReservationApi(Controller):
    """Reservations, explanations of position, dissociations."""

    path = "/api/declarations/{declaration_id:uuid}"
    tags = ("Editions",)

    @reads("/reservations", policy=SEE_IT)
    def list_reservations(
        self, work: NamedDependency[Work], declaration_id: FromPath[UUID]
    ) -> Response[ReservationsOut]:
        """List what is on record, and the window in which more can be filed."""
        actor = work.actor
        with work.reading() as db:
            declaration = opened(db, declaration_id, actor=actor, may=policy.may_see)
            service = ReservationService(db)
            window = service.window(declaration)
            items = [ReservationOut.of(reservation) for reservation in service.listed(declaration)]
            return answer(ReservationsOut(items=items, window=WindowOut.of(window) if window else None))

    @writes("/reservations", policy="reservation.file")
    def file_reservation(
        self, work: NamedDependency[Work], declaration_id: FromPath[UUID], data: JSONBody[ReservationIn]
    ) -> Response[ReservationOut]:
        """Put a position on record for an organisation whose mandate one holds, while the window is open."""
        actor = work.actor
        with work.writing() as db:
            declaration = opened(db, declaration_id, actor=actor, may=policy.may_see)
            made = ReservationService(db).file(
                declaration,
                data.position,
                data.organisation_id,
                data.text.words(),
                language=data.language,
                block_id=data.block_id,
                actor=actor,
            )
            shown = ReservationOut.of(made)
        return answer(shown)

    @writes("/reservation-window", status=DONE, policy="reservation.window")
    def set_reservation_window(
        self, work: NamedDependency[Work], declaration_id: FromPath[UUID], data: JSONBody[WindowIn]
    ) -> Response[WindowOut]:
        """Say from when until when reservations may be filed."""
        actor = work.actor
        for field, moment in (("opens_at", data.opens_at), ("closes_at", data.closes_at)):
            if moment.tzinfo is None:
                raise Invalid(field=field, reason="not_a_moment", given=moment.isoformat())
        with work.writing() as db:
            declaration = opened(db, declaration_id, actor=actor, may=policy.may_see)
            window = ReservationService(db).set_window(declaration, data.opens_at, data.closes_at, actor=actor)
            shown = WindowOut.of(window)
        return answer(shown)

    @writes("/reservations/{number:str}/texts/{language:str}", status=DONE, policy="edition.prepare")
    def translate_reservation(
        self,
        work: NamedDependency[Work],
        declaration_id: FromPath[UUID],
        number: Number,
        language: FromPath[Language],
        data: JSONBody[ReservationTextIn],
    ) -> Response[ReservationOut]:
        """Say in another language what was filed; its own words can be changed by nobody."""
        actor = work.actor
        with work.writing() as db:
            declaration = opened(db, declaration_id, actor=actor, may=policy.may_see)
            found = ReservationService(db).translate(declaration, number, language, data.text, actor=actor)
            shown = ReservationOut.of(found)
        return answer(shown)

    @writes("/reservations/{number:str}/withdrawal", status=DONE, policy="reservation.file")
    def withdraw_reservation(
        self, work: NamedDependency[Work], declaration_id: FromPath[UUID], number: Number
    ) -> Response[ReservationOut]:
        """Take back what one's organisation filed; it stays on record and is not printed."""
        actor = work.actor
        with work.writing() as db:
            declaration = opened(db, declaration_id, actor=actor, may=policy.may_see)
            shown = ReservationOut.of(ReservationService(db).withdraw(declaration, number, actor=actor))
        return answer(shown)


class AnnexApi(Controller):
    """What is printed behind the text."""

    path = "/api/declarations/{declaration_id:uuid}/annexes"
    tags = ("Editions",)

    @reads("/", policy=SEE_IT)
    def list_annexes(self, work: NamedDependency[Work], declaration_id: FromPath[UUID]) -> Response[AnnexesOut]:
        """List the annexes in their order."""
        actor = work.actor
        with work.reading() as db:
            declaration = opened(db, declaration_id, actor=actor, may=policy.may_see)
            return answer(AnnexesOut(items=[AnnexOut.of(annex) for annex in AnnexService(db).listed(declaration)]))

    @writes("/", policy="edition.prepare", largest=_LARGEST_ANNEX)
    def add_annex(
        self, work: NamedDependency[Work], declaration_id: FromPath[UUID], data: JSONBody[AnnexIn]
    ) -> Response[AnnexOut]:
        """Add an annex behind the others; languages can follow later, but are needed for publication."""
        actor = work.actor
        with work.writing() as db:
            declaration = opened(db, declaration_id, actor=actor, may=policy.may_see)
            made = AnnexOut.of(AnnexService(db).add(declaration, data.fields(), actor=actor))
        return answer(made)

    @writes("/{annex_id:uuid}", status=DONE, policy="edition.prepare", largest=_LARGEST_ANNEX)
    def change_annex(
        self,
        work: NamedDependency[Work],
        declaration_id: FromPath[UUID],
        annex_id: FromPath[UUID],
        data: JSONBody[AnnexIn],
    ) -> Response[AnnexOut]:
        """Put other words in its place; its kind stays."""
        actor = work.actor
        with work.writing() as db:
            declaration = opened(db, declaration_id, actor=actor, may=policy.may_see)
            shown = AnnexOut.of(AnnexService(db).change(declaration, annex_id, data.fields(), actor=actor))
        return answer(shown)

    @writes("/{annex_id:uuid}/up", status=DONE, policy="edition.prepare")
    def move_annex_up(
        self, work: NamedDependency[Work], declaration_id: FromPath[UUID], annex_id: FromPath[UUID]
    ) -> Response[AnnexesOut]:
        """Let it change places with the one before it; answers with the new order."""
        actor = work.actor
        with work.writing() as db:
            declaration = opened(db, declaration_id, actor=actor, may=policy.may_see)
            service = AnnexService(db)
            service.move_up(declaration, annex_id, actor=actor)
            shown = AnnexesOut(items=[AnnexOut.of(annex) for annex in service.listed(declaration)])
        return answer(shown)

    @removes("/{annex_id:uuid}", policy="edition.prepare")
    def remove_annex(
        self, work: NamedDependency[Work], declaration_id: FromPath[UUID], annex_id: FromPath[UUID]
    ) -> None:
        """Take an annex away."""
        actor = work.actor
        with work.writing() as db:
            declaration = opened(db, declaration_id, actor=actor, may=policy.may_see)
            AnnexService(db).remove(declaration, annex_id, actor=actor)
