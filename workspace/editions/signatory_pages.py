"""The page of those who sign: entered one by one, pasted from a spreadsheet, corrected, taken off the list."""

from collections.abc import Mapping, Sequence
from datetime import date
from uuid import UUID

from litestar import Controller, Response, get, post
from litestar.di import NamedDependency
from litestar.response import Redirect
from msgspec import Struct
from msgspec.structs import asdict

from workspace.core.actor import Actor
from workspace.core.db import Db
from workspace.core.errors import Invalid
from workspace.declarations.frame import Frame
from workspace.editions.around_doing import Act, Done, carried_out, shared, shown
from workspace.editions.around_views import SEE_IT, AroundPage, Tongue, day_of, in_three, three
from workspace.editions.signatories import SignatoryFields, SignatoryService
from workspace.translations.overview import Ways
from workspace.web.params import FromPath, URLEncodedBody
from workspace.web.services import Work


class SignatoryLine(Struct, frozen=True):
    """One signatory, as the list shows them in the reader's language, and in every language for the form."""

    id: UUID
    organisation: str
    person: str
    capacity: str
    signed_on: date | None
    organisations: Sequence[Tongue]
    capacities: Sequence[Tongue]


class SignatoriesPage(AroundPage, frozen=True, kw_only=True):
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
            organisation=three(self.organisation_es, self.organisation_en, self.organisation_fr),
            person=self.person,
            capacity=three(self.capacity_es, self.capacity_en, self.capacity_fr),
            signed_on=day_of(self.signed_on, "signed_on"),
        )


class RowsForm(Struct, frozen=True):
    """Rows of a spreadsheet."""

    rows: str = ""


class SignatoryPages(Controller):
    """Who stands behind the text."""

    path = "/{forum:str}/{declaration:str}/signatories"

    @get("/", name="signatories", sync_to_thread=True, policy=SEE_IT)
    def signatories(
        self, work: NamedDependency[Work], forum: FromPath[str], declaration: FromPath[str]
    ) -> Response[str]:
        """Who signs, in alphabetical order."""
        return _page(Ways(work, forum, declaration))

    @post("/", name="add_signatory", sync_to_thread=True, policy="edition.prepare")
    def add_signatory(
        self,
        work: NamedDependency[Work],
        forum: FromPath[str],
        declaration: FromPath[str],
        data: URLEncodedBody[SignatoryForm],
    ) -> Response[str] | Redirect:
        """Enter one signatory."""

        def act(db: Db, found: Frame, actor: Actor) -> Done:
            SignatoryService(db).add(found.declaration, data.fields(), actor=actor)
            return Done(work.messages.gettext("The signatory is in the list."))

        return _carried_out(Ways(work, forum, declaration), act, sent=asdict(data))

    @post("/rows", name="paste_signatories", sync_to_thread=True, policy="edition.prepare")
    def paste_signatories(
        self,
        work: NamedDependency[Work],
        forum: FromPath[str],
        declaration: FromPath[str],
        data: URLEncodedBody[RowsForm],
    ) -> Response[str] | Redirect:
        """Enter the rows of a spreadsheet, all or none."""

        def act(db: Db, found: Frame, actor: Actor) -> Done:
            added = SignatoryService(db).add_rows(found.declaration, data.rows, actor=actor).added
            told = work.messages.ngettext("%(n)s signatory was entered.", "%(n)s signatories were entered.", added)
            return Done(told)

        return _carried_out(Ways(work, forum, declaration), act, sent=asdict(data))

    @post("/{signatory_id:uuid}", name="change_signatory", sync_to_thread=True, policy="edition.prepare")
    def change_signatory(
        self,
        work: NamedDependency[Work],
        forum: FromPath[str],
        declaration: FromPath[str],
        signatory_id: FromPath[UUID],
        data: URLEncodedBody[SignatoryForm],
    ) -> Response[str] | Redirect:
        """Correct what is said of one."""

        def act(db: Db, found: Frame, actor: Actor) -> Done:
            SignatoryService(db).change(found.declaration, signatory_id, data.fields(), actor=actor)
            return Done(work.messages.gettext("The signatory is corrected."))

        return _carried_out(Ways(work, forum, declaration), act)

    @post("/{signatory_id:uuid}/removal", name="remove_signatory", sync_to_thread=True, policy="edition.prepare")
    def remove_signatory(
        self,
        work: NamedDependency[Work],
        forum: FromPath[str],
        declaration: FromPath[str],
        signatory_id: FromPath[UUID],
    ) -> Response[str] | Redirect:
        """Take one off the list."""

        def act(db: Db, found: Frame, actor: Actor) -> Done:
            SignatoryService(db).remove(found.declaration, signatory_id, actor=actor)
            return Done(work.messages.gettext("The signatory is off the list."))

        return _carried_out(Ways(work, forum, declaration), act)


def _carried_out(ways: Ways, act: Act, *, sent: Mapping[str, str] | None = None) -> Response[str] | Redirect:
    return carried_out(ways, "signatories", act, again=lambda refusal: _page(ways, sent=sent, refusal=refusal))


def _page(ways: Ways, *, sent: Mapping[str, str] | None = None, refusal: Invalid | None = None) -> Response[str]:
    filled = {**asdict(SignatoryForm()), **asdict(RowsForm()), **(sent or {})}

    def made(db: Db, found: Frame) -> SignatoriesPage:
        language = ways.work.language
        lines = [
            SignatoryLine(
                id=signatory.id,
                organisation=signatory.organisation.said_in(language),
                person=signatory.person,
                capacity=signatory.capacity.said_in(language),
                signed_on=signatory.signed_on,
                organisations=in_three(signatory.organisation),
                capacities=in_three(signatory.capacity),
            )
            for signatory in SignatoryService(db).listed(found.declaration, language)
        ]
        return SignatoriesPage(**shared(ways, found, "signatories", filled, refusal), lines=lines)

    return shown(ways, "editions/signatories.html", made, refusal)
